"""LL202 label-out-of-range

## What it does
Finds labels below 0 or beyond the last class of the loss. The label that `ignore_index` names (-100 unless given) may be anything.

## Why it is wrong
With C classes labels are 0 to C - 1. Any other raises `IndexError: Target 12 is out of bounds.`, on a GPU a device assert that comes late
and names nothing. The marker -1 for "no label" is not ignored unless `ignore_index=-1` says so.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 10)
    y = torch.randint(0, 13, (8,))
    return F.cross_entropy(head(x), y)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 13)
    y = torch.randint(0, 13, (8,))
    return F.cross_entropy(head(x), y)
```

## Fix
Shown only: give the last layer as many outputs as there are classes, or map the labels, or name the ignored label.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.rules._labels import Labels, at_labels, breach_by_labels
from losslint.rules._rule import Offence, Rule, Wording, name_at


def _offends(labels: Labels) -> bool:
    return not labels.from_one and (labels.below or labels.beyond)


def check(fact: LossCall) -> Iterator[Offence]:
    """Labels that name no class."""
    found = breach_by_labels(fact, _offends)
    if found is None:
        return
    breach, labels = found
    stray = labels.high if labels.beyond else labels.low
    reach = f"labels {'up' if labels.beyond else 'down'} to {stray}"
    wording = Wording(
        message=f"{reach} reach {name_at(fact, breach.row)}, whose classes are 0 to {labels.classes - 1}",
        label=f"label {stray} is out of bounds",
        help="give the model an output for each class, map the labels, or name the ignored one by ignore_index",
    )
    yield at_labels(fact, breach, RULE.severity, wording)


RULE = Rule(
    code="LL202",
    name="label-out-of-range",
    summary="labels below 0 or beyond the last class of the loss",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
