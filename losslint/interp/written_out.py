"""Activations written out with operators: `e / e.sum(1, keepdim=True)` of `e = z.exp()`, `z - z.logsumexp(1, keepdim=True)` and
`1 / (1 + (-z).exp())`.
"""

from __future__ import annotations

from losslint.domain.dim import UNKNOWN_SHAPE
from losslint.domain.kind import Logits, LogProbs, NonNegative, Probs, SigmoidProbs, Unspecified
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Const, Tensor, Value
from losslint.knowledge.operators import EXPONENTIAL, LOG_SUM, SMALL, SUM

ONE_MORE = "one more"
"""Marks the step from `e` to `1 + e`."""


def written_out(symbol: str, left: Value, right: Value, site: Site) -> Tensor | None:
    """What an operator makes where it is a part of an activation that is written out; None where it is no such part."""
    if symbol == "+":
        return _added(left, right, site) or _added(right, left, site)
    if symbol == "-" and isinstance(right, Tensor) and right.origin is not None:
        return _log_normalised(left, right, site)
    if symbol == "/" and isinstance(right, Tensor) and right.origin is not None:
        return _normalised(left, right, site) or _sigmoid(left, right, site)
    return None


def _added(number: Value, tensor: Value, site: Site) -> Tensor | None:
    if not isinstance(tensor, Tensor) or tensor.origin is None or not isinstance(number, Const):
        return None
    if number.value == 1 and isinstance(tensor.kind, NonNegative) and tensor.origin.source().by == EXPONENTIAL:
        return Tensor(
            Unspecified("one more than an exponential"),
            tensor.shape,
            tensor.dtype,
            Origin(site, "one more", tensor.origin, by=ONE_MORE, given=tensor),
        )
    if isinstance(number.value, float) and 0 < number.value <= SMALL and _step(tensor, SUM) is not None:
        return tensor  # a guard against dividing by zero
    return None


def _normalised(left: Value, right: Tensor, site: Site) -> Tensor | None:
    """Numbers that are never negative, divided by their own sum."""
    total = _step(right, SUM)
    if not isinstance(left, Tensor) or not isinstance(left.kind, NonNegative) or total is None or total.axis is None:
        return None
    if not _are_same(left, total.given):
        return None
    axis = left.shape.normal(total.axis)
    over = "" if axis is None else f" over dim {axis}"
    origin = Origin(site, f"dividing by the sum{over} makes probabilities", left.origin, makes=True, mixes=True)
    return Tensor(Probs(axis), left.shape, left.dtype, origin)


def _log_normalised(left: Value, right: Tensor, site: Site) -> Tensor | None:
    """Scores less the logarithm of the sum of their exponentials."""
    total = _step(right, LOG_SUM)
    if not isinstance(left, Tensor) or not isinstance(left.kind, Logits) or total is None or total.axis is None:
        return None
    if not _are_same(left, total.given):
        return None
    axis = left.shape.normal(total.axis)
    origin = Origin(site, "taking the logsumexp off makes log-probabilities", left.origin, makes=True, mixes=True)
    return Tensor(LogProbs(axis), left.shape, left.dtype, origin)


def _sigmoid(left: Value, right: Tensor, site: Site) -> Tensor | None:
    """`1 / (1 + e)` and `e / (1 + e)`"""
    total = _step(right, ONE_MORE)
    if total is None:
        return None
    same = isinstance(left, Tensor) and isinstance(left.kind, NonNegative) and _are_same(left, total.given)
    if not same and not (isinstance(left, Const) and left.value == 1):
        return None
    origin = Origin(site, "this quotient makes values between 0 and 1", total.previous, makes=True, mixes=True)
    return Tensor(SigmoidProbs(), right.shape, right.dtype, origin)


def _step(tensor: Tensor, by: str) -> Origin | None:
    """The step of a kind that a tensor went through since its numbers were made."""
    for step in tensor.origin.steps() if tensor.origin is not None else ():
        if step.by == by:
            return step
        if step.makes:
            return None
    return None


def _are_same(one: Tensor, other: object) -> bool:
    """True for the same numbers: one value, or two that one function made of one value."""
    if one is other:
        return True
    if not isinstance(other, Tensor) or one.origin is None or other.origin is None:
        return False
    if one.shape != other.shape or one.shape == UNKNOWN_SHAPE:
        return False  # one may be a part of the other
    first, second = one.origin, other.origin
    return bool(first.makes and first.by) and first.by == second.by and first.given is second.given is not None
