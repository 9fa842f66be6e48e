"""Effects that read something off a tensor, and operations on each pair of numbers."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from losslint.domain.dim import Shape, Size, Symbol, broadcast
from losslint.domain.dtype import FLOATING, category
from losslint.domain.kind import Filled, Kind, LogProbs, OneHot, Probs, Unspecified
from losslint.domain.lattice import join_kinds
from losslint.domain.value import Const, Library, Scalar, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import DEVICE, SHAPE, EffectCall
from losslint.knowledge.tensor_effects import Combine, Measure, Measured, Place


def measure(effect: Measure, call: EffectCall, given: Value | None) -> Value:
    """What a tensor tells of itself."""
    if isinstance(given, Tensor):
        return _measured(effect.what, call, given)
    if not isinstance(given, Unknown) or given.symbol is None:
        return Unknown("something about a value that is not followed")
    if effect.what is Measured.SIZES:
        sizes = Unknown("the shape of an unknown value", ("attr", given.symbol, SHAPE))
        at = call.integer("dim")
        if at is not None:
            return Scalar("int", symbol=("item", sizes.symbol, Const(at)))
        return sizes if not call.given("dim") else Scalar("int")
    return Unknown(f"the {effect.what.value} of an unknown value", (effect.what.value, given.symbol))


def _measured(what: Measured, call: EffectCall, given: Tensor) -> Value:
    shape = given.shape
    match what:
        case Measured.SIZES if call.given("dim"):
            at = call.integer("dim")
            return Scalar("int") if at is None else length(shape.size(at))
        case Measured.SIZES:
            return sizes_of(shape)
        case Measured.RANK:
            return Unknown("the rank of a tensor") if shape.rank is None else Const(shape.rank)
        case Measured.COUNT:
            return Unknown("how many numbers a tensor has") if shape.count is None else Const(shape.count)
        case Measured.FLOATING:
            own = category(given.dtype)
            return Unknown("a test of an element type") if own is None else Const(own == 2)
        case Measured.DTYPE:
            known = given.dtype is not None and given.dtype != FLOATING
            return (
                Library(call.frame.run.knowledge.dtype_name(given.dtype or ""))
                if known
                else Unknown("the element type of a tensor")
            )


def sizes_of(shape: Shape) -> Value:
    """A shape as a value."""
    if shape.exact:
        return TupleValue(tuple(length(size) for size in shape.front))
    return Unknown("the shape of a tensor")


def length(size: Size) -> Value:
    """A size as a value."""
    if isinstance(size, int):
        return Const(size)
    return Scalar("int", symbol=size.name if isinstance(size, Symbol) else None)


def place(effect: Place, call: EffectCall, given: Value | None) -> Value:
    """A device."""
    return Unknown("a device", (DEVICE, id(call.site.node)))


def combine(effect: Combine, call: EffectCall, given: Value | None) -> Value:
    """A number of each two or three."""
    if effect.picks and all(call.bound.value(name) is None for name in effect.picks):
        return Unknown("the places where a condition holds")
    values = [argument.value for argument in call.bound.arguments.values()]
    tensors = [value for value in values if isinstance(value, Tensor)]
    if not tensors:
        return Tensor(Unspecified(f"the result of {call.row.names[0]}"))
    followed = all(isinstance(value, Tensor | Const | Scalar) for value in values)
    shape = reduce(broadcast, (tensor.shape for tensor in tensors))
    picked = [call.value(name) for name in effect.picks]
    parts = [value for value in picked if isinstance(value, Tensor)]
    dtype = call.promoted(picked if effect.picks else values)
    kind: Kind | None = parts[0].kind if parts and len(parts) == len(picked) else None
    for part in parts[1:]:
        alike = kind is not None and isinstance(kind, Filled) == isinstance(part.kind, Filled)
        kind = join_kinds(kind, part.kind) if kind is not None and alike else None
    origin = parts[0].origin if kind is not None else None
    if call.in_place:
        dtype = given.dtype if isinstance(given, Tensor) else None
    shape = shape if followed and not call.bound.open else Shape()
    return Tensor(_mixed(kind, call), shape, dtype, origin)


def _mixed(kind: Kind | None, call: EffectCall) -> Kind:
    """The kind of numbers of which each was picked from one of several tensors: sums over an axis are broken."""
    match kind:
        case None | OneHot() | Filled():
            return Unspecified(f"the result of {call.row.names[0]}")
        case Probs() | LogProbs():
            return replace(kind, dim=None, whole=False)
        case _:
            return kind
