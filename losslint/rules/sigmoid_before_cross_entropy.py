"""LL103 sigmoid-before-cross-entropy

## What it does
Finds outputs of a sigmoid that reach a cross entropy loss, or a focal or Dice loss of a library that applies softmax itself.

## Why it is wrong
Cross entropy expects unbounded scores and applies softmax to them. Numbers in (0, 1) leave that softmax no room: with C
classes the loss cannot fall below ln(1 + (C-1)/e), which is 0.3133 for 2 classes and 1.4612 for 10, and where the sigmoid
saturates there is no gradient. Nothing raises.

## Example
```python
import torch
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(torch.sigmoid(model(x)), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(model(x), y)
```

## Fix
Unsafe: the sigmoid is removed. Where a row may belong to several classes at once the sigmoid is right and the loss is not:
take BCEWithLogitsLoss on the scores.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import SigmoidProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow
from losslint.rules._rule import (
    Offence,
    Rule,
    Wording,
    applies_softmax,
    at_loss,
    breach,
    class_count,
    drop_activation,
    floor_note,
    name_at,
)


def _offends(row: LossRow, tensor: Tensor) -> bool:
    if not applies_softmax(row) or class_count(row, tensor) == 1:
        return False
    return isinstance(tensor.kind, SigmoidProbs)


def check(fact: LossCall) -> Iterator[Offence]:
    """Outputs of a sigmoid into cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"outputs of a sigmoid reach {name_at(fact, found.row)}, which expects logits",
        label="numbers in (0, 1) leave its softmax no room",
        help="give it the scores before the sigmoid; where classes do not exclude each other use a binary cross entropy",
        notes=floor_note(found.case, class_count(found.row, found.input)),
        remedies=drop_activation(fact, found.input),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL103",
    name="sigmoid-before-cross-entropy",
    summary="outputs of a sigmoid reach a cross entropy loss, which expects logits",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
