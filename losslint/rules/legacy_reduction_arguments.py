"""LL403 legacy-reduction-arguments

## What it does
Finds the options `size_average` and `reduce` of losses.

## Why it is wrong
They are deprecated, warn at each construction, and overrule `reduction`: `nn.MSELoss(size_average=True, reduction="sum")` is a mean.
Together they are hard to read; `reduction` says the same in one word.

## Example
```python
from torch import nn

def build():
    return nn.MSELoss(size_average=False)
```

## Use instead
```python
from torch import nn

def build():
    return nn.MSELoss(reduction="sum")
```

## Fix
Safe: both are replaced by the `reduction` that they amount to. `reduce=False` is `"none"` whatever `size_average` says, else
`size_average=False` is `"sum"`, and all else is `"mean"`.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.facts import LossBuilt
from losslint.finding import Certainty, Severity
from losslint.remedy import ChangeArguments
from losslint.rules._reduction import LEGACY, constant, is_number, legacy_reduction
from losslint.rules._rule import Offence, Rule


def _is_flag(value: object) -> bool:
    return isinstance(value, bool) or (isinstance(value, int) and not is_number(value))


def _remedies(fact: LossBuilt, reduction: str | None) -> tuple[ChangeArguments, ...]:
    gone = tuple(name for name in (*LEGACY, "reduction") if name in fact.bound.arguments)
    return (ChangeArguments(fact.site, fact.bound, (("reduction", f'"{reduction}"'),), gone),) if reduction else ()


def check(fact: LossBuilt) -> Iterator[Offence]:
    """Flags where a reduction is meant."""
    given = {name: constant(fact.bound.value(name)) for name in LEGACY}
    flags = [f"{name}={value!r}" for name, value in given.items() if _is_flag(value)]
    if not flags or any(value is not None and not _is_flag(value) for value in given.values()):
        return
    reduction = legacy_reduction(fact)
    plain = constant(fact.bound.value("reduction"))
    amounts = f'amounts to reduction="{reduction}"' if reduction else "hides the reduction"
    yield Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message=f"deprecated {' with '.join(flags)} {amounts}",
        label="deprecated flags",
        notes=(f'these flags overrule reduction="{plain}"',) if isinstance(plain, str) and plain != reduction else (),
        help=f'write reduction="{reduction}"' if reduction else "write reduction= instead",
        remedies=_remedies(fact, reduction),
    )


RULE = Rule(
    code="LL403",
    name="legacy-reduction-arguments",
    summary="size_average and reduce, which reduction replaces",
    severity=Severity.WARNING,
    on=LossBuilt,
    check=check,
)
