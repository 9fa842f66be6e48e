"""LL201 labels-from-one

## What it does
Finds labels that run from 1 to C where the loss has C classes.

## Why it is wrong
Classes are counted from 0 to C - 1. The label C raises `IndexError: Target 3 is out of bounds.` (with C of 3), on a GPU a device assert
that comes late and names nothing, and class 0 is never trained.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 3)
    y = torch.randint(1, 4, (8,))
    return F.cross_entropy(head(x), y)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 3)
    y = torch.randint(1, 4, (8,))
    return F.cross_entropy(head(x), y - 1)
```

## Fix
Unsafe: 1 is subtracted where the labels are made. Whatever turns predictions back into names must then add 1. Labels that are
made one by one, as Python numbers, are shown only. On `uint8` labels 0 - 1
is 255: the labels must really start at 1.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.origin import COUNTED
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.remedy import ShiftLabels
from losslint.rules._labels import Labels, at_labels, breach_by_labels
from losslint.rules._rule import Breach, Offence, Rule, Wording, name_at, sink_of, source_of


def _offends(labels: Labels) -> bool:
    return labels.from_one


def _remedies(fact: LossCall, found: Breach) -> tuple[ShiftLabels, ...]:
    target = found.case.target
    source = None if target is None else source_of(target)
    if source is None or not isinstance(target, Tensor) or source.by == COUNTED:
        return ()
    return (ShiftLabels(source, target.kind, sink_of(fact)),)


def check(fact: LossCall) -> Iterator[Offence]:
    """Labels from 1 to C."""
    found = breach_by_labels(fact, _offends)
    if found is None:
        return
    breach, labels = found
    wording = Wording(
        message=f"labels from 1 to {labels.high} reach {name_at(fact, breach.row)}, which counts {labels.classes} classes from 0",
        label=f"label {labels.high} is out of bounds, and class 0 never occurs",
        help="subtract 1 where the labels are made, and add 1 where predictions are read",
        remedies=_remedies(fact, breach),
    )
    yield at_labels(fact, breach, RULE.severity, wording)


RULE = Rule(
    code="LL201",
    name="labels-from-one",
    summary="labels run from 1 to C where the loss counts C classes from 0",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
