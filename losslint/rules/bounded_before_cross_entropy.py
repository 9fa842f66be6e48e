"""LL104 bounded-before-cross-entropy

## What it does
Finds outputs of tanh (in [-1, 1]) or of relu and the like (never below 0) that reach a cross entropy loss.

## Why it is wrong
Cross entropy expects unbounded scores. After tanh the loss cannot fall below ln(1 + (C-1)/e^2), which is 0.7966 for 10 classes.
After relu no class can be scored lower than 0, and a score that was cut to 0 gets no gradient: classes die. Most often an
activation was left behind the last layer by accident.

## Example
```python
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 100)
        self.fc2 = nn.Linear(100, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return F.relu(self.fc2(x))

def step(x, y):
    return F.cross_entropy(Net()(x), y)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 100)
        self.fc2 = nn.Linear(100, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        return self.fc2(x)

def step(x, y):
    return F.cross_entropy(Net()(x), y)
```

## Fix
Unsafe: the last activation is removed. A tanh that is scaled afterwards (`10 * torch.tanh(x)`) bounds scores on purpose and is
not reported.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Bounded, NonNegative
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow
from losslint.rules._rule import (
    Breach,
    Offence,
    Rule,
    Wording,
    at_loss,
    averages,
    breach,
    class_count,
    drop_activation,
    name_at,
    tanh_floor,
)


def _offends(row: LossRow, tensor: Tensor) -> bool:
    if row.family is not LossFamily.CROSS_ENTROPY or class_count(row, tensor) == 1:
        return False
    return isinstance(tensor.kind, Bounded | NonNegative)


def _notes(found: Breach) -> tuple[str, ...]:
    classes = class_count(found.row, found.input)
    if classes is None or not isinstance(found.input.kind, Bounded) or not averages(found.case):
        return ()
    floor = f"{tanh_floor(classes):.4f} = ln(1 + {classes - 1}/e^2)"
    return (f"with {classes} classes this loss cannot fall below {floor}",)


def check(fact: LossCall) -> Iterator[Offence]:
    """Numbers with a bound into cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    bound = "numbers in [-1, 1]" if isinstance(found.input.kind, Bounded) else "numbers that are never negative"
    wording = Wording(
        message=f"{bound} reach {name_at(fact, found.row)}, which expects unbounded logits",
        label="an activation stands between the last layer and the loss",
        help="give it the output of the last layer without an activation",
        notes=_notes(found),
        remedies=drop_activation(fact, found.input),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL104",
    name="bounded-before-cross-entropy",
    summary="outputs of tanh, relu and the like reach a cross entropy loss",
    severity=Severity.WARNING,
    on=LossCall,
    check=check,
)
