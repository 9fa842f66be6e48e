"""LL209 batch-squeeze

## What it does
Finds `.squeeze()` without an axis on a batch of outputs such as `[N, 1]`, on its way to a loss that wants input and target of one
size.

## Why it is wrong
Without an axis every axis of length 1 goes away: where a batch has one row, as the last batch of an epoch may, that of the batch as
well. The output then has shape `[]` beside a target of `[1]`, and BCELoss and BCEWithLogitsLoss raise
`ValueError: Target size (torch.Size([1])) must be the same as input size (torch.Size([]))`, SoftMarginLoss
a RuntimeError. It happens once in an epoch, or never, as the size of the data has it.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    scores = nn.Linear(20, 1)(nn.Flatten()(x)).squeeze()
    return F.binary_cross_entropy_with_logits(scores, y)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    scores = nn.Linear(20, 1)(nn.Flatten()(x)).squeeze(1)
    return F.binary_cross_entropy_with_logits(scores, y)
```

## Fix
Unsafe: the axis of length 1 is named. Batches of one row keep their axis then, which code elsewhere may not expect.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.dim import describe_shape
from losslint.domain.origin import Origin
from losslint.domain.value import Tensor, Unknown, Value
from losslint.facts import BoundCall, LossCall, LossCase, certainty_of
from losslint.finding import Applicability, Certainty, Severity
from losslint.knowledge.operators import BARE_SQUEEZE
from losslint.knowledge.schema import Checks
from losslint.remedy import ChangeArguments
from losslint.rules._rule import Offence, Rule, Step, name_at, path_of

_REFUSING = frozenset({Checks.SAME, Checks.SAME_SIZE, Checks.REFUSED})


def _squeeze_of(value: Value | None) -> Origin | None:
    """The last step of a value, where that is a squeeze without an axis."""
    step = value.origin if isinstance(value, Tensor) else None
    while step is not None and not step.makes and step.by != BARE_SQUEEZE:
        step = step.previous
    return step if step is not None and step.by == BARE_SQUEEZE else None


def _axes_of_batch(step: Origin) -> tuple[Tensor, list[int]] | None:
    """What was squeezed and the axes of length 1 behind that of the batch; None where they are not known, or there is no batch."""
    held = step.given
    if not isinstance(held, Tensor) or not held.shape.exact or len(held.shape.front) < 2:
        return None
    if held.shape.at(0) is not None:
        return None
    axes = [axis for axis in range(1, len(held.shape.front)) if held.shape.at(axis) == 1]
    return (held, axes) if axes else None


def _keeps_its_axis(target: Value | None, rank: int) -> bool:
    """True for a target that keeps the axis of the batch: one of a data loader that does, or that came from elsewhere as it is."""
    if isinstance(target, Tensor):
        return target.shape.rank == rank and target.batch == 0 and _squeeze_of(target) is None
    return isinstance(target, Unknown) and target.symbol is not None and target.symbol[0] == "param"


def _offends(case: LossCase) -> bool:
    if case.row is None or case.row.checks not in _REFUSING:
        return False
    step = _squeeze_of(case.input)
    found = None if step is None else _axes_of_batch(step)
    if found is None:
        return False
    held, axes = found
    return _keeps_its_axis(case.target, len(held.shape.front) - len(axes))


def check(fact: LossCall) -> Iterator[Offence]:
    """A squeeze that may take the axis of the batch."""
    judged = [_offends(case) for case in fact.cases]
    certainty = certainty_of(fact.cases, judged)
    if certainty is None:
        return
    case = next(one for one, wrong in zip(fact.cases, judged, strict=True) if wrong)
    step = _squeeze_of(case.input)
    found = None if step is None else _axes_of_batch(step)
    if step is None or found is None or case.row is None:
        return
    held, axes = found
    single = len(axes) == 1
    yield Offence(
        site=fact.site,
        certainty=min(certainty, Certainty.LIKELY),
        message=f"squeeze() takes the axis of a last batch of one row, and {name_at(fact, case.row)} refuses what is left",
        label=f"the output {describe_shape(held.shape)} becomes [] or loses its batch where that has one row",
        trace=tuple(Step(origin.site, origin.label) for origin in reversed(path_of(case.input))),
        help=f"name the axis that is meant: squeeze({axes[0]})" if single else "name the axes that are meant",
        remedies=(
            (ChangeArguments(step.site, BoundCall({}), (("dim", str(axes[0])),), (), Applicability.UNSAFE),)
            if single
            else ()
        ),
    )


RULE = Rule(
    code="LL209",
    name="batch-squeeze",
    summary="squeeze() without an axis takes that of a last batch of one row as well",
    severity=Severity.WARNING,
    on=LossCall,
    check=check,
)
