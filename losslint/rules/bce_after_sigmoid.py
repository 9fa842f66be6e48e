"""LL124 bce-after-sigmoid

## What it does
Finds outputs of a sigmoid that reach BCELoss, where BCEWithLogitsLoss could take the scores. Off by default.

## Why it is wrong
It is right, and less exact. In float32 the sigmoid of 17 is 1 already: for a target of 0 the loss is then clamped at 100 and the
gradient is 0, where the form with logits has a loss of 17 and a gradient of 1. Saturated wrong answers are not corrected.

## Example
```python
import torch
import torch.nn.functional as F

def step(model, x, y):
    return F.binary_cross_entropy(torch.sigmoid(model(x)), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.binary_cross_entropy_with_logits(model(x), y)
```

## Fix
Safe where nothing else reads the probabilities: the sigmoid is removed and the loss becomes BCEWithLogitsLoss, which is documented
as the same function in a stable form.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import SigmoidProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Applicability, Severity
from losslint.knowledge.schema import LossFamily, LossRow, Wants
from losslint.rules._rule import Offence, Rule, Wording, at_loss, breach, name_at, swap_loss


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return row.family is LossFamily.BCE and isinstance(tensor.kind, SigmoidProbs)


def check(fact: LossCall) -> Iterator[Offence]:
    """Outputs of a sigmoid into binary cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"outputs of a sigmoid reach {name_at(fact, found.row)}, where a form on raw scores is more exact",
        label="right, but loses gradients where the sigmoid saturates",
        help="drop the sigmoid and use the binary cross entropy with logits",
        notes=("from a score of 17 the sigmoid is 1 in float32, and for a target of 0 the gradient is 0 instead of 1",),
        remedies=swap_loss(fact, found, Wants.LOGITS, Applicability.SAFE, drop=True),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL124",
    name="bce-after-sigmoid",
    summary="binary cross entropy on outputs of a sigmoid, where a stable form on raw scores exists",
    severity=Severity.ADVICE,
    on=LossCall,
    check=check,
    by_default=False,
)
