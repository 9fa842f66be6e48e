"""Operators with a tensor on at least one side: kind, shape and element type of the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, broadcast, exact, stretched
from losslint.domain.dtype import FLOATING, floated, is_floating, promote, with_number
from losslint.domain.kind import (
    ClassIndex,
    Kind,
    Logits,
    LogProbs,
    OneHot,
    Probs,
    SigmoidProbs,
    Truth,
    Unit,
    Unspecified,
    with_dim,
)
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Const, Scalar, Tensor, Value
from losslint.interp.class_indices import shifted
from losslint.interp.written_out import written_out
from losslint.knowledge.operators import NEGATED, SMALL, Anything, Number, One, Operand, Small, operator_result
from losslint.knowledge.tensor_effects import OPAQUE, Guarded, Opaque, Result, Same

SAMPLES: Mapping[str, object] = {"int": 2, "float": 2.0, "bool": True}
"""A number of each type that numbers not known exactly are of."""
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def operand_of(value: Value) -> Operand:
    """How a value counts in the rows of operators."""
    match value:
        case Tensor(kind):
            return type(kind)
        case Scalar() | Const(bool()):
            return Number
        case Const(int() | float() as number):
            return One if number == 1 else Small if abs(number) <= SMALL else Number
        case _:
            return Anything


def tensor_binary(symbol: str, left: Value, right: Value, site: Site) -> Value:
    """An operator with a tensor on at least one side."""
    if symbol in _COMPARISONS:
        return compared(left, right)
    dtype = _dtype(symbol, left, right)
    if isinstance(left, Tensor) and isinstance(left.kind, ClassIndex) and isinstance(right, Const):
        return shifted(symbol, left, right, dtype, site)
    if symbol == "+" and isinstance(right, Tensor) and isinstance(right.kind, ClassIndex) and isinstance(left, Const):
        return shifted(symbol, right, left, dtype, site)
    written = written_out(symbol, left, right, site)
    if written is not None:
        return replace(written, dtype=dtype, shape=_shape(symbol, left, right))
    result = operator_result(symbol, operand_of(left), operand_of(right))
    first = left if isinstance(left, Tensor) else right
    assert isinstance(first, Tensor)
    shape = _shape(symbol, left, right)
    if isinstance(result, Same | Guarded):
        return Tensor(first.kind if isinstance(result, Same) else guarded(first.kind), shape, dtype, first.origin)
    origin = _origin_of(left, right, result)
    if isinstance(result, SigmoidProbs) and symbol == "-" and origin is not None:
        origin = Origin(site, "one minus these", origin, flips=True)
    if isinstance(result, Probs) and symbol == "@" and origin is not None:
        origin = Origin(site, "a matrix product mixes them", origin, mixes=True)
    if isinstance(result, Logits) and origin is not None and _scales(symbol, left, right):
        origin = replace(origin, scaled=True)
    kind = kind_of(result, f"the result of {symbol}")
    if isinstance(kind, Probs | LogProbs | OneHot):
        kind = with_dim(kind, shape.normal(kind.dim))
    return Tensor(kind, shape, dtype, origin)


def _scales(symbol: str, left: Value, right: Value) -> bool:
    """True where numbers are stretched or moved; the sum of two tensors may well be what a model gives."""
    both = isinstance(left, Tensor) and isinstance(right, Tensor)
    return symbol in ("*", "/") or (symbol in ("+", "-") and not both)


def _shape(symbol: str, left: Value, right: Value) -> Shape:
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return _multiplied(left.shape, right.shape) if symbol == "@" else broadcast(left.shape, right.shape)
    first, second = (left, right) if isinstance(left, Tensor) else (right, left)
    assert isinstance(first, Tensor)
    if symbol == "@":
        return UNKNOWN_SHAPE
    return first.shape if isinstance(second, Const | Scalar) else stretched(first.shape)


def _multiplied(left: Shape, right: Shape) -> Shape:
    """The shape of a matrix product; axes in front of the last two are batches."""
    if not (left.exact and right.exact):
        return Shape((), (right.size(-1),)) if right.least >= 2 else UNKNOWN_SHAPE
    if not left.front or not right.front:
        return UNKNOWN_SHAPE
    if len(right.front) == 1:
        return left.without(-1)
    if len(left.front) == 1:
        return right.without(-2)
    batch = broadcast(exact(*left.front[:-2]), exact(*right.front[:-2]))
    return exact(*batch.front, left.front[-2], right.front[-1])


def _dtype(symbol: str, left: Value, right: Value) -> str | None:
    """The element type of a result that is no comparison."""
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        if symbol == "@":
            return right.dtype if left.dtype in (None, FLOATING) else left.dtype
        dtype = promote(left.dtype, left.shape.rank, right.dtype, right.shape.rank)
    else:
        tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
        assert isinstance(tensor, Tensor)
        if isinstance(other, Const):
            dtype = with_number(tensor.dtype, other.value)
        elif isinstance(other, Scalar):
            dtype = with_number(tensor.dtype, SAMPLES[other.type])
        else:
            dtype = FLOATING if is_floating(tensor.dtype) else None
    if symbol == "/":
        return floated(dtype) if dtype is not None else None
    return None if dtype == "bool" and symbol in ("//", "%", "**", "<<", ">>") else dtype


def compared(left: Value, right: Value) -> Tensor:
    """A comparison: a truth for each pair of numbers."""
    return Tensor(Truth(), _shape("==", left, right), "bool")


def negated(value: Tensor, site: Site) -> Tensor:
    """`-value`"""
    kind = kind_of(NEGATED.get(type(value.kind), OPAQUE), "the negative of a tensor")
    origin = None if value.origin is None else Origin(site, "negated", value.origin, flips=True)
    return Tensor(kind, value.shape, value.dtype, origin)


def inverted(value: Tensor) -> Tensor:
    """`~value`"""
    if isinstance(value.kind, Truth) or value.dtype == "bool":
        return replace(value, kind=Truth())
    return Tensor(Unspecified("the bits of numbers turned round"), value.shape, value.dtype)


def _origin_of(left: Value, right: Value, result: Result) -> Origin | None:
    for value in (left, right):
        if isinstance(value, Tensor) and value.origin is not None and isinstance(result, Kind):
            return value.origin
    return None


def kind_of(result: Result, why: str = "") -> Kind:
    """The kind that a row's result stands for, where it does not keep the kind."""
    if isinstance(result, Opaque):
        return Unspecified(result.why or why)
    assert not isinstance(result, Same | Guarded)
    return result


def guarded(kind: Kind) -> Kind:
    """The kind after its ends were cut or an epsilon was added: what summed to 1 need not do so any more."""
    if isinstance(kind, Probs | LogProbs):
        return replace(kind, whole=False)
    return Unit() if isinstance(kind, SigmoidProbs) else kind
