"""The options `size_average` and `reduce` of old, and what they make of the reduction."""

from __future__ import annotations

from losslint.domain.value import Const, Constant, Value
from losslint.facts import LossBuilt

LEGACY = ("size_average", "reduce")


def constant(value: Value | None) -> Constant:
    """The constant that a value is, None where it is not given or not known."""
    return value.value if isinstance(value, Const) else None


def is_number(value: Constant) -> bool:
    """True for numbers that cannot be meant as a flag."""
    return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and value not in {0, 1})


def legacy_reduction(fact: LossBuilt) -> str | None:
    """The reduction that the options of old ask for; None where one of them is not known. They overrule `reduction`."""
    given = [fact.bound.value(name) for name in LEGACY]
    if any(value is not None and not isinstance(value, Const) for value in given):
        return None
    average, reduce = (value is None or constant(value) is None or bool(constant(value)) for value in given)
    return ("mean" if average else "sum") if reduce else "none"
