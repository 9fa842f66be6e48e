"""LL205 target-column

## What it does
Finds class indices that stand in a column, `[N, 1]` or `[N, 1, H, W]`, at a loss that takes one index for each row or pixel.

## Why it is wrong
The loss looks for one axis fewer than its input has, and raises
`RuntimeError: 0D or 1D target tensor expected, multi-target not supported`, for images
`RuntimeError: only batches of spatial targets supported (3D tensors) but got targets of dimension: 4`.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step():
    x = torch.randn(8, 20)
    y = torch.randint(0, 3, (8, 1))
    return F.cross_entropy(nn.Linear(20, 3)(x), y)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step():
    x = torch.randn(8, 20)
    y = torch.randint(0, 3, (8, 1))
    return F.cross_entropy(nn.Linear(20, 3)(x), y.squeeze(1))
```

## Fix
Safe: `.squeeze(1)` is added to the target where it is given to the loss, which raised before; a bare `.squeeze()` would take the
axis of a last batch of one row as well. Refused where targets of other types or shapes come to the same call.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.dim import describe_shape
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import Checks
from losslint.rules._rule import Offence, Rule, Wording, name_at
from losslint.rules._targets import (
    BY_CLASS,
    INDEX_TYPES,
    Fault,
    Mismatch,
    at_target,
    breach_by_fault,
    column_of,
    write_target,
)


def _raised(found: Mismatch) -> str:
    if found.row.checks is Checks.CLASS_OF_ROW:
        return "multi_margin_loss: target tensor should be 1-D"
    if found.target.shape.rank == 2:
        return "0D or 1D target tensor expected, multi-target not supported"
    if found.target.shape.rank == 4:
        return "only batches of spatial targets supported (3D tensors) but got targets of dimension: 4"
    return "Expected target size"


def check(fact: LossCall) -> Iterator[Offence]:
    """Class indices in a column."""
    found = breach_by_fault(fact, Fault.COLUMN, BY_CLASS)
    axis = None if found is None else column_of(found.target.shape)
    if found is None or axis is None:
        return
    cast = "" if found.target.dtype in (None, *INDEX_TYPES) else ".long()"
    wording = Wording(
        message=f"targets of shape {describe_shape(found.target.shape)} reach {name_at(fact, found.row)}, which takes one index a row",
        label=f"this raises RuntimeError: {_raised(found)}",
        help=f"take the axis of length 1 away: .squeeze({axis}){cast}",
        remedies=write_target(fact, found, f"{{}}.squeeze({axis}){cast}"),
    )
    yield at_target(fact, found, RULE.severity, wording, both=True)


RULE = Rule(
    code="LL205",
    name="target-column",
    summary="class indices stand in a column, [N, 1] instead of [N]",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
