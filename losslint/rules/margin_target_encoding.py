"""LL208 margin-target-encoding

## What it does
Finds targets of 0 and 1 at losses that take -1 and 1: SoftMarginLoss, HingeEmbeddingLoss, CosineEmbeddingLoss and
MarginRankingLoss. Also rows of zeros and ones at MultiLabelMarginLoss, which takes lists of class indices, padded with -1.

## Why it is wrong
Nothing raises. With a target of 0 CosineEmbeddingLoss is 0, MarginRankingLoss its margin and SoftMarginLoss 0.6931 whatever the
model gives, without a gradient, and HingeEmbeddingLoss is never less than its margin. MultiLabelMarginLoss reads 0 and 1 as the classes 0 and
1: which class a one-hot row marks makes no difference to it.

## Example
```python
import torch
import torch.nn.functional as F

def step(one, other):
    same = torch.randint(0, 2, (8,)).float()
    return F.cosine_embedding_loss(one, other, same)
```

## Use instead
```python
import torch
import torch.nn.functional as F

def step(one, other):
    same = torch.randint(0, 2, (8,)).float()
    return F.cosine_embedding_loss(one, other, 2 * same - 1)
```

## Fix
Unsafe: the target `y` is written as `2 * y - 1` where it is given to the loss, which changes what is trained. Refused where other
targets come to the same call. Lists of class indices are not made up: that is shown only.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import ClassIndex, Kind, OneHot, Truth
from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Applicability, Severity
from losslint.knowledge.schema import LossRow, WantsTarget
from losslint.rules._rule import Offence, Rule, Wording, loss_name, name_at
from losslint.rules._targets import Mismatch, at_target, is_floating, mismatch, write_target


def _is_zero_or_one(kind: Kind) -> bool:
    """True for numbers among which 0 and 1 occur, and nothing else."""
    if isinstance(kind, ClassIndex):
        return (kind.low, kind.high) == (0, 1)
    return isinstance(kind, Truth | OneHot)


def _offends(row: LossRow, case: LossCase, target: Tensor) -> bool:
    if row.wants_target is WantsTarget.SIGN:
        return _is_zero_or_one(target.kind)
    if row.wants_target is not WantsTarget.INDEX_LIST or target.dtype == "bool" or is_floating(target.dtype):
        return False  # another type is refused
    return isinstance(target.kind, OneHot | Truth) or (_is_zero_or_one(target.kind) and (target.shape.at(-1) or 0) > 2)


def _wording(fact: LossCall, found: Mismatch) -> Wording:
    name = name_at(fact, found.row)
    if found.row.wants_target is WantsTarget.INDEX_LIST:
        return Wording(
            message=f"rows of zeros and ones reach {name}, which takes lists of class indices",
            label="0 and 1 are read as the classes 0 and 1",
            help="list the classes of each row first and pad with -1, or use a binary cross entropy on several labels",
        )
    return Wording(
        message=f"targets of 0 and 1 reach {name}, which takes -1 and 1",
        label=_EFFECTS.get(loss_name(found.row), "a target of 0 stands for neither side"),
        help="write the target y as 2 * y - 1",
        remedies=write_target(fact, found, "2 * {} - 1", Applicability.UNSAFE),
    )


_EFFECTS = {
    "CosineEmbeddingLoss": "with a target of 0 this loss is 0 whatever the model gives",
    "MarginRankingLoss": "with a target of 0 this loss is the margin whatever the model gives",
    "SoftMarginLoss": "with a target of 0 this loss is 0.6931 whatever the model gives",
    "HingeEmbeddingLoss": "with a target of 0 this loss is never less than its margin",
}


def check(fact: LossCall) -> Iterator[Offence]:
    """Zeros and ones where signs are wanted."""
    found = mismatch(fact, _offends)
    if found is not None:
        yield at_target(fact, found, RULE.severity, _wording(fact, found), raises=False)


RULE = Rule(
    code="LL208",
    name="margin-target-encoding",
    summary="targets of 0 and 1 reach a loss that takes -1 and 1",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
