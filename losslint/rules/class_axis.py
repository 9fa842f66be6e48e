"""LL210 class-axis

## What it does
Finds scores with their classes on the last axis, `[N, L, C]`, at a loss that looks for them on axis 1, beside targets `[N, L]`.

## Why it is wrong
Cross entropy and negative log likelihood take scores of shape `[N, C, L]` for targets of shape `[N, L]`. With the classes last they
raise `RuntimeError: Expected target size [2, 3], got [2, 5]`, and where L happens to be C they compute the wrong thing in silence:
each position is taken for a class.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step():
    x, y = torch.randn(2, 5, 20), torch.randint(0, 3, (2, 5))
    return F.cross_entropy(nn.Linear(20, 3)(x), y)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step():
    x, y = torch.randn(2, 5, 20), torch.randint(0, 3, (2, 5))
    return F.cross_entropy(nn.Linear(20, 3)(x).transpose(1, 2), y)
```

## Fix
Unsafe: `.transpose(1, 2)` (for more axes `.movedim(-1, 1)`) is added to the scores where they are given to the loss. Refused where
scores of other shapes come to the same call.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.dim import describe_shape
from losslint.facts import LossCall
from losslint.finding import Applicability, Severity
from losslint.rules._rule import Offence, Rule, Wording, name_at
from losslint.rules._targets import BY_CLASS, Fault, at_target, breach_by_fault, write_input

_RAISED = {4: "size mismatch"}


def check(fact: LossCall) -> Iterator[Offence]:
    """Classes on the last axis."""
    found = breach_by_fault(fact, Fault.CLASS_AXIS, BY_CLASS)
    if found is None or found.input is None:
        return
    move = ".transpose(1, 2)" if found.input.shape.rank == 3 else ".movedim(-1, 1)"
    wording = Wording(
        message=(
            f"scores of shape {describe_shape(found.input.shape)} meet targets {describe_shape(found.target.shape)}"
            f" in {name_at(fact, found.row)}: its classes are on axis 1"
        ),
        label=f"this raises RuntimeError: {_RAISED.get(found.input.shape.rank or 0, 'Expected target size')}",
        help=f"move the classes to axis 1, as {move} does",
        remedies=write_input(fact, found, f"{{}}{move}", Applicability.UNSAFE),
    )
    yield at_target(fact, found, RULE.severity, wording, both=True)


RULE = Rule(
    code="LL210",
    name="class-axis",
    summary="scores have their classes on the last axis where the loss looks for them on axis 1",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
