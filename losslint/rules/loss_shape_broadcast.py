"""LL206 loss-shape-broadcast

## What it does
Finds outputs and targets of different shapes at a loss that compares them element by element, above all `[N, 1]` beside `[N]`.

## Why it is wrong
`[N, 1]` beside `[N]` is stretched to `[N, N]`: every output is compared with every target, and the model learns to predict their
mean. MSELoss, L1Loss, SmoothL1Loss and HuberLoss only warn (`UserWarning: Using a target size`), the losses for counts, variances,
embeddings, several labels and divergences say nothing. BCELoss and BCEWithLogitsLoss raise a ValueError, SoftMarginLoss a
RuntimeError.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step():
    x, y = torch.randn(8, 20), torch.randn(8)
    return F.mse_loss(nn.Linear(20, 1)(x), y)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step():
    x, y = torch.randn(8, 20), torch.randn(8)
    return F.mse_loss(nn.Linear(20, 1)(x), y.unsqueeze(1))
```

## Fix
Unsafe: the target gets or loses the axis where it is given to the loss, which changes what is trained. Refused where targets of
other types or shapes come to the same call.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
- https://docs.pytorch.org/docs/stable/notes/broadcasting.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.dim import describe_shape
from losslint.facts import LossCall
from losslint.finding import Applicability, Severity
from losslint.knowledge.schema import Checks
from losslint.remedy import WriteOperand
from losslint.rules._rule import Offence, Rule, Wording, name_at
from losslint.rules._targets import (
    BY_SIZE,
    STRETCHING,
    Fault,
    Mismatch,
    at_target,
    breach_by_fault,
    is_column_beside_row,
    write_target,
)

_LABELS = {
    Checks.SAME: "this raises ValueError: Using a target size ... that is different to the input size",
    Checks.SAME_SIZE: "this raises ValueError: Target size ... must be the same as input size",
    Checks.REFUSED: "this raises RuntimeError: output with shape ... doesn't match the broadcast shape",
    Checks.WARNED: "every output is compared with every target; torch only warns",
    Checks.STRETCHED: "every output is compared with every target, without a warning",
    Checks.FLOATING: "every output is compared with every target, without a warning",
}


def _remedies(fact: LossCall, found: Mismatch) -> tuple[WriteOperand, ...]:
    if found.input is None or not is_column_beside_row(found.input.shape, found.target.shape):
        return ()
    form = "{}.unsqueeze(1)" if found.target.shape.rank == 1 else "{}.squeeze(1)"
    return write_target(fact, found, form, Applicability.UNSAFE)


def check(fact: LossCall) -> Iterator[Offence]:
    """Outputs and targets of different shapes."""
    found = breach_by_fault(fact, Fault.SIZE, STRETCHING | BY_SIZE)
    if found is None or found.row.checks is None or found.input is None:
        return
    raises = found.row.checks in BY_SIZE or found.row.checks is Checks.REFUSED
    remedies = _remedies(fact, found)
    change = remedies[0].form.removeprefix("{}") if remedies else ""
    wording = Wording(
        message=(
            f"outputs of shape {describe_shape(found.input.shape)} meet targets of shape {describe_shape(found.target.shape)}"
            f" in {name_at(fact, found.row)}"
        ),
        label=_LABELS[found.row.checks],
        help=f"give both one shape, as {change} on the target does" if change else "give both one shape",
        notes=()
        if raises
        else ("every target pulls at every output, so that the best output is the mean of the targets",),
        remedies=remedies,
    )
    yield at_target(fact, found, RULE.severity, wording, raises, both=True)


RULE = Rule(
    code="LL206",
    name="loss-shape-broadcast",
    summary="outputs and targets of different shapes meet in a loss that compares them element by element",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
