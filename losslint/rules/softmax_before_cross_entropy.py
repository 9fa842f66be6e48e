"""LL101 softmax-before-cross-entropy

## What it does
Finds probabilities (from softmax, softmin, gumbel_softmax, `exp` of log-probabilities) that reach a cross entropy loss, or a focal
or Dice loss of a library that applies softmax itself.

## Why it is wrong
Cross entropy applies log_softmax itself. Given probabilities it squeezes them a second time: with C classes the loss cannot
fall below ln(1 + (C-1)/e), which is 0.5514 for 3 classes, 1.4612 for 10 and 3.6222 for 100, and at a uniform output the
gradient is 1/C of the right one. Nothing raises. Easy tasks still train, hard ones hang.

## Example
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(F.softmax(model(x), dim=1), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(model(x), y)
```

## Fix
Unsafe: the softmax is removed; where others read the probabilities in sight of the loss, they keep these and the loss gets the scores.
It changes what is trained, towards what the loss asks. Apply softmax where probabilities are read (prediction, export), not before
the loss. After the fix gradients grow by up to C: the learning rate may need a look.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import OneHot, Probs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow
from losslint.rules._rule import (
    Breach,
    Offence,
    Rule,
    Wording,
    applies_softmax,
    at_loss,
    averages,
    breach,
    class_count,
    drop_activation,
    floor_note,
    name_at,
    off_classes,
)


def _offends(row: LossRow, tensor: Tensor) -> bool:
    if not applies_softmax(row) or class_count(row, tensor) == 1:
        return False
    return isinstance(tensor.kind, Probs | OneHot)


def _notes(found: Breach) -> tuple[str, ...]:
    classes, kind = class_count(found.row, found.input), found.input.kind
    notes = floor_note(found.case, classes)
    if (
        notes
        and averages(found.case)
        and isinstance(kind, Probs)
        and kind.whole
        and not off_classes(found.row, found.input)
    ):
        return (*notes, f"where all classes are equally probable its gradient is 1/{classes} of the right one")
    return notes


def check(fact: LossCall) -> Iterator[Offence]:
    """Probabilities into cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    one_hot = isinstance(found.input.kind, OneHot)
    wording = Wording(
        message=f"{'one-hot rows' if one_hot else 'probabilities'} reach {name_at(fact, found.row)}, which expects logits",
        label="numbers in [0, 1] leave its softmax no room" if one_hot else "softmax is applied twice",
        help="give it the scores before the softmax; apply softmax only where probabilities are read",
        notes=_notes(found),
        remedies=() if one_hot else drop_activation(fact, found.input),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL101",
    name="softmax-before-cross-entropy",
    summary="probabilities reach a cross entropy loss, which applies softmax itself",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
