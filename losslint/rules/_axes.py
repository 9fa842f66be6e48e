"""What rules ask of the axes along which operations work."""

from __future__ import annotations

from losslint.domain.kind import Logits, LogProbs, LogSigmoid, Probs, SigmoidProbs
from losslint.domain.value import Const, Tensor, Value
from losslint.facts import Elsewhere, OpCall
from losslint.rules._rule import path_of

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

    An axis that the outputs of a layer were cut up into proves nothing: its length is a setting. Nor does the first axis: what stands
    there are samples, or members of an ensemble that may have a single one.
    """
    first = axis == 0 or (axis is not None and tensor.shape.normal(axis) == 0)
    if axis is None or first or not isinstance(tensor.kind, SCORES) or tensor.shape.at(axis) != 1:
        return False
    steps = tensor.origin.steps() if tensor.origin is not None else ()
    return next((step.outputs for step in steps if step.outputs is not None), 1) == 1


def is_parameter(tensor: Tensor, elsewhere: Elsewhere) -> bool:
    """True where the length of 1 came in as a parameter: code for any number of scores does nothing wrong with one."""
    built = (step.built.node for step in path_of(tensor) if step.built is not None)
    return any(node in elsewhere.adjustable or node in elsewhere.sized for node in built)


def normalised_over(result: Value) -> int | None:
    """The axis over which an operation made numbers sum to one."""
    if isinstance(result, Tensor) and isinstance(result.kind, Probs | LogProbs) and result.kind.whole:
        return result.kind.dim
    return None
