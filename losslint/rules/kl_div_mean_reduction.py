"""LL133 kl-div-mean-reduction

## What it does
Finds Kullback-Leibler divergences that are averaged over all numbers, as they are by default.

## Why it is wrong
A divergence is a sum over the classes. `reduction="mean"`, the default, divides by the number of classes as well: the loss is
smaller by the factor C, and so is its weight beside another loss. torch warns about it at each call.

## Example
```python
import torch.nn.functional as F

def distil(student, teacher):
    return F.kl_div(F.log_softmax(student, dim=1), F.softmax(teacher, dim=1))
```

## Use instead
```python
import torch.nn.functional as F

def distil(student, teacher):
    return F.kl_div(F.log_softmax(student, dim=1), F.softmax(teacher, dim=1), reduction="batchmean")
```

## Fix
Unsafe: `reduction="batchmean"` is written. The loss grows by the number of classes; a weight that was tuned beside it may have to
shrink. Of a sequence or a picture batchmean divides by the batch alone.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.value import NONE, Const
from losslint.facts import LossBuilt
from losslint.finding import Applicability, Certainty, Severity
from losslint.knowledge.schema import LossFamily
from losslint.remedy import ChangeArguments
from losslint.rules._reduction import LEGACY, constant, legacy_reduction
from losslint.rules._rule import Offence, Rule, loss_name

RIGHT = "batchmean"


def _reduction(fact: LossBuilt) -> str | None:
    """The reduction of a loss; None where it is not known, or a word stands in the place of a flag."""
    legacy = [fact.bound.value(name) for name in LEGACY]
    if fact.bound.open or fact.bound.surplus or any(isinstance(constant(value), str) for value in legacy):
        return None
    if any(value is not None and value != NONE for value in legacy):
        return legacy_reduction(fact)
    given = fact.bound.value("reduction")
    if given is None:
        return "mean"
    return given.value if isinstance(given, Const) and isinstance(given.value, str) else None


def check(fact: LossBuilt) -> Iterator[Offence]:
    """A divergence that is averaged over its classes."""
    if fact.row.family is not LossFamily.KL_DIV or RIGHT not in fact.row.reductions or _reduction(fact) != "mean":
        return
    gone = tuple(name for name in (*LEGACY, "reduction") if name in fact.bound.arguments)
    left_out = "reduction" not in fact.bound.arguments
    yield Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message=f"the mean of {loss_name(fact.row, fact.functional)} runs over the classes as well: it is too small by their number",
        label='the default is reduction="mean"' if left_out else "this is a mean over all numbers",
        notes=("on a batch of C classes this is the divergence divided by C",),
        help=f'write reduction="{RIGHT}"',
        remedies=(ChangeArguments(fact.site, fact.bound, (("reduction", f'"{RIGHT}"'),), gone, Applicability.UNSAFE),),
    )


RULE = Rule(
    code="LL133",
    name="kl-div-mean-reduction",
    summary="a KL divergence is averaged over the classes as well, which makes it too small by their number",
    severity=Severity.WARNING,
    on=LossBuilt,
    check=check,
)
