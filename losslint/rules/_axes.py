"""What rules ask of the axes along which operations work."""

from __future__ import annotations

from losslint.domain.kind import Logits, LogProbs, LogSigmoid, Probs, SigmoidProbs
from losslint.domain.value import Const, Tensor, Value
from losslint.facts import OpCall

SCORES = Logits | SigmoidProbs | LogSigmoid | Probs | LogProbs
"""What models give for classes."""


def axis_given(fact: OpCall, name: str) -> int | None:
    """The axis that a call names, where it is a known integer."""
    value = fact.bound.value(name)
    if value is None and fact.constructor is not None:
        value = fact.constructor.get(name)
    if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return value.value
    return None


def is_single(tensor: Tensor, axis: int | None) -> bool:
    """True where an axis is proved to have one element, and the numbers are scores of a model or made of them.

    Not the first axis: what stands there are samples, or members of an ensemble that may have a single one.
    """
    first = axis == 0 or (axis is not None and tensor.shape.normal(axis) == 0)
    return axis is not None and not first and isinstance(tensor.kind, SCORES) and tensor.shape.at(axis) == 1


def normalised_over(result: Value) -> int | None:
    """The axis over which an operation made numbers sum to one."""
    if isinstance(result, Tensor) and isinstance(result.kind, Probs | LogProbs) and result.kind.whole:
        return result.kind.dim
    return None
