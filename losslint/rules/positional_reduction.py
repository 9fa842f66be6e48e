"""LL402 positional-reduction

## What it does
Finds a reduction, or a number such as `beta`, that is given by position and lands in another option: `nn.MSELoss("sum")`,
`F.kl_div(p, q, "batchmean")`, `nn.SmoothL1Loss(0.5)`.

## Why it is wrong
The first options of most losses are `weight` and the flags of old, `size_average` and `reduce`. A string is a true flag:
`nn.MSELoss("sum").reduction` is `"mean"`, and the only hint is a warning about deprecated flags. `nn.SmoothL1Loss(0.5)` keeps a `beta`
of 1.0. In `weight` a string raises a TypeError, a number in `reduction` a ValueError at the first call.

## Example
```python
from torch import nn

def build():
    return nn.MSELoss("sum")
```

## Use instead
```python
from torch import nn

def build():
    return nn.MSELoss(reduction="sum")
```

## Fix
Unsafe: the option is named. The loss changes to what was asked for, and with it the scale of the gradients.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.value import Constant
from losslint.facts import LossBuilt
from losslint.finding import Applicability, Certainty, Severity
from losslint.knowledge.signature import parameters
from losslint.remedy import ChangeArguments
from losslint.rules._reduction import LEGACY, constant, is_number, legacy_reduction
from losslint.rules._rule import Offence, Rule

SIZES = ("beta", "delta", "margin")


def _size(fact: LossBuilt) -> tuple[str, object] | None:
    """The option that a number was probably meant for, and its default."""
    written = fact.row.function if fact.functional else fact.row.constructor
    absent = [one for one in parameters(written) if one.name in SIZES and one.name not in fact.bound.arguments]
    return (absent[0].name, absent[0].default) if absent else None


def _outcome(fact: LossBuilt, option: str, value: Constant) -> str | None:
    """What comes of a constant in an option; None where it belongs there."""
    if option in LEGACY and (isinstance(value, str) or is_number(value)):
        size = _size(fact)
        stays = f", and {size[0]} stays {size[1]}" if size and not isinstance(value, str) else ""
        reduction = legacy_reduction(fact)
        return f"a flag: the reduction is {reduction}{stays}" if reduction else f"a flag{stays}"
    if option == "weight" and isinstance(value, str):
        return "which must be a tensor"
    if option == "reduction" and is_number(value) and fact.row.reductions:
        return f"which must be one of {', '.join(fact.row.reductions)}"
    return None


def _meant(fact: LossBuilt, value: Constant) -> str:
    if isinstance(value, str):
        return f'reduction="{value}"'
    size = _size(fact)
    return f"{size[0]}={value!r}" if size else "the one that is meant"


def _named(fact: LossBuilt, option: str, value: Constant) -> tuple[ChangeArguments, ...]:
    size = None if isinstance(value, str) else _size(fact)
    name = "reduction" if isinstance(value, str) else None if size is None else size[0]
    if name is None or (isinstance(value, str) and value not in fact.row.reductions):
        return ()
    return (ChangeArguments(fact.site, fact.bound, ((name, ""),), (option,), Applicability.UNSAFE),)


def check(fact: LossBuilt) -> Iterator[Offence]:
    """A reduction or a size in the place of another option."""
    for option, argument in fact.bound.arguments.items():
        value = constant(argument.value)
        outcome = _outcome(fact, option, value)
        if outcome is None:
            continue
        yield Offence(
            site=argument.site,
            certainty=Certainty.CERTAIN,
            message=f"{'the string' if isinstance(value, str) else 'the number'} {value!r} is taken for {option}, {outcome}",
            label=f"this is {option}",
            help=f"name the option: {_meant(fact, value)}",
            remedies=_named(fact, option, value),
        )


RULE = Rule(
    code="LL402",
    name="positional-reduction",
    summary="a reduction or a size given by position lands in another option",
    severity=Severity.ERROR,
    on=LossBuilt,
    check=check,
)
