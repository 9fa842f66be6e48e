"""LL301 implicit-softmax-dim

## What it does
Finds softmax, softmin and log_softmax without `dim`, in functional form and as layers.

## Why it is wrong
Without `dim` torch chooses the axis by the number of axes: 0 for tensors of 0, 1 or 3 axes, else 1. A `[batch, steps, classes]` tensor
is thus normalised over the batch, and whoever adds an axis to the input changes the meaning of the model. The form is
deprecated: each call warns.

## Example
```python
import torch.nn.functional as F

def predict(model, x):
    return F.softmax(model(x))
```

## Use instead
```python
import torch.nn.functional as F

def predict(model, x):
    return F.softmax(model(x), dim=1)
```

## Fix
Safe where the number of axes is known: the axis that torch chooses is written down. There is none for tensors of 3 axes,
since axis 0 is hardly ever what was meant, nor where the number of axes is not known: name the axis that you mean.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.value import NONE, Tensor
from losslint.facts import OpCall
from losslint.finding import Certainty, Severity
from losslint.knowledge.schema import LayerRow
from losslint.knowledge.tensor_effects import Make
from losslint.remedy import NameAxis
from losslint.rules._rule import Offence, Rule


def _chosen(fact: OpCall) -> str:
    ranks = {case.input.shape.rank if isinstance(case.input, Tensor) else None for case in fact.cases}
    rank = ranks.pop() if len(ranks) == 1 else None
    if rank is None:
        return "torch picks axis 0 for 0, 1 or 3 axes, else axis 1"
    axes = "1 axis" if rank == 1 else f"{rank} axes"
    return f"torch picks axis {0 if rank in {0, 1, 3} else 1} for a tensor of {axes}"


def _is_implicit(fact: OpCall) -> bool:
    effect, options = fact.row.effect, fact.constructor
    if not isinstance(effect, Make) or not effect.implicit or effect.dim is None:
        return False
    if isinstance(fact.row, LayerRow):
        return options is not None and options.get(effect.dim, NONE) == NONE
    if any(argument.keyword for argument in fact.bound.surplus):
        return False  # no such keyword: the call raises
    return not fact.bound.open and (fact.bound.value(effect.dim) or NONE) == NONE


def check(fact: OpCall) -> Iterator[Offence]:
    """An activation over an axis that is not named."""
    if not _is_implicit(fact):
        return
    yield Offence(
        site=fact.written_at,
        certainty=Certainty.CERTAIN,
        message=f"{fact.row.verb or 'softmax'} without dim: {_chosen(fact)}",
        label="name the axis",
        help="give dim= the axis over which the numbers shall sum to 1",
        remedies=(NameAxis(fact.written_at, "dim"),),
    )


RULE = Rule(
    code="LL301",
    name="implicit-softmax-dim",
    summary="softmax without dim: torch chooses the axis by the number of axes",
    severity=Severity.WARNING,
    on=OpCall,
    check=check,
)
