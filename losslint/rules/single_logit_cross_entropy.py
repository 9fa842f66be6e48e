"""LL105 single-logit-cross-entropy

## What it does
Finds a cross entropy loss whose input has one class only, such as the output of `nn.Linear(n, 1)`.

## Why it is wrong
Softmax over a single score is always 1, and the cross entropy of label 0 is always 0: there is no gradient and nothing is
learnt. A label of 1 raises `IndexError: Target 1 is out of bounds.`; a float target of the same shape stays silent, with a loss
of 0.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 1)
    return F.cross_entropy(head(x), y)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 1)
    out = head(x).squeeze(1)
    return F.binary_cross_entropy_with_logits(out, y.float())
```

## Fix
Shown only: either a binary cross entropy with logits on the one score and float targets, or a last layer with two outputs and
cross entropy. Predictions change with it: `out > 0` in the one case, `argmax` in the other.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow
from losslint.rules._rule import Offence, Rule, Wording, at_loss, axis_certainty, breach_in_case, class_count, name_at


def _offends(row: LossRow, tensor: Tensor, case: LossCase) -> bool:
    if row.family is not LossFamily.CROSS_ENTROPY or class_count(row, tensor) != 1:
        return False
    if tensor.shape.rank is not None or row.class_dim is None or tensor.shape.at(row.class_dim) == 1:
        return True
    # Of unknown rank: only the last axis is known, which holds the classes unless the target has more axes than one.
    return not (isinstance(case.target, Tensor) and case.target.shape.rank not in {None, 1})


def check(fact: LossCall) -> Iterator[Offence]:
    """Cross entropy over one class."""
    found = breach_in_case(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"a single score per row reaches {name_at(fact, found.row)}, which compares classes",
        label="softmax over one class is always 1",
        help="use a binary cross entropy with logits, or give the last layer one output for each class",
        notes=(
            "this loss is 0 for label 0 whatever the model gives, and so is its gradient; label 1 is out of bounds",
        ),
    )
    yield at_loss(fact, replace(found, certainty=axis_certainty(found)), RULE.severity, wording)


RULE = Rule(
    code="LL105",
    name="single-logit-cross-entropy",
    summary="cross entropy over one class: the loss is always 0",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
