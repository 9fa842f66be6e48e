"""LL203 index-target-dtype

## What it does
Finds class indices of another type than int64 that reach a loss which counts classes: cross entropy, negative log likelihood,
multi margin.

## Why it is wrong
These losses look a class up by its index and take int64; cross entropy and negative log likelihood of one label a row take
uint8 as well. Anything else raises `RuntimeError: expected target dtype to be Long or Byte, but got Float` (or Int, Bool, ...);
multi margin, and uint8 masks of images, `RuntimeError: expected scalar type Long but found Float` (or Byte). Floating targets are right for cross entropy in one form only: class
probabilities of the very shape of the scores.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 3)
    y = torch.tensor([0, 2, 1], dtype=torch.int32)
    return F.cross_entropy(head(x), y)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 3)
    y = torch.tensor([0, 2, 1], dtype=torch.int32)
    return F.cross_entropy(head(x), y.long())
```

## Fix
Safe: `.long()` is added to the target where it is given to the loss, which raised before. Refused where targets of other types or
shapes come to the same call.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import Checks
from losslint.knowledge.types import SPOKEN
from losslint.rules._rule import Offence, Rule, Wording, name_at
from losslint.rules._targets import BY_CLASS, Fault, at_target, breach_by_fault, write_target


def check(fact: LossCall) -> Iterator[Offence]:
    """Class indices of a type that the loss does not look up."""
    found = breach_by_fault(fact, Fault.TYPE, BY_CLASS)
    if found is None or found.target.dtype is None:
        return
    dtype = found.target.dtype
    plain = found.row.checks is Checks.CLASS_OF_ROW or dtype == "uint8"
    raised = "expected scalar type Long but found" if plain else "expected target dtype to be Long or Byte, but got"
    wording = Wording(
        message=f"class indices of type {dtype} reach {name_at(fact, found.row)}, which takes int64",
        label=f"this raises RuntimeError: {raised} {SPOKEN.get(dtype, dtype)}",
        help="give it class indices of type int64, as .long() makes them",
        remedies=write_target(fact, found, "{}.long()"),
    )
    yield at_target(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL203",
    name="index-target-dtype",
    summary="class indices are not of type int64",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
