"""Effects that make new tensors."""

from __future__ import annotations

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, exact
from losslint.domain.kind import ClassIndex, Filled, Kind, Unspecified
from losslint.domain.value import Const, Library, ListValue, Repeated, Scalar, Tensor, TupleValue, Value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.effects.kinds import constant_integer, shape_of
from losslint.interp.effects.numbers import tensor_of_data
from losslint.interp.iteration import iterate
from losslint.knowledge.schema import Count, Fill, Literal, Pictured, Sample

MAX_NUMBERS = 512


def fill(effect: Fill, call: EffectCall, given: Value | None) -> Value:
    """zeros, ones, full"""
    value = effect.value if isinstance(effect.value, int | float) else None
    if isinstance(effect.value, str):
        stated = call.value(effect.value)
        value = stated.value if isinstance(stated, Const) and isinstance(stated.value, int | float) else None
    shape = shape_of(given) if effect.like else _sizes(call)
    return Tensor(Filled(value), shape, call.frame.run.knowledge.dtype(dtype_of(call.value("dtype")) or ""))


def sample(effect: Sample, call: EffectCall, given: Value | None) -> Value:
    """Random numbers."""
    if not effect.bounded:
        shape = shape_of(given) if effect.like else _sizes(call)
        return Tensor(effect.kind, shape, "float", call.made("random numbers", None))
    low, high = call.value("low"), call.value("high")
    if not isinstance(high, Const) or not isinstance(high.value, int):
        low, high = Const(0), low  # randint(high, size)
    first, last = constant_integer(low), constant_integer(high)
    label = f"random integers from {'?' if first is None else first} to {'?' if last is None else last - 1}"
    shape = shape_of(given) if effect.like else _sizes(call)
    kind = ClassIndex(first, None if last is None else last - 1)
    return Tensor(kind, shape, "int64", call.made(label, None))


def count(effect: Count, call: EffectCall, given: Value | None) -> Value:
    """arange: integers from start to end by step."""
    start, end = call.value("start"), call.value("end")
    if end is None or end == Const(None):
        start, end = Const(0), start
    first, stop = constant_integer(start), constant_integer(end)
    if first is None or stop is None or call.given("step"):
        return Tensor(Unspecified("a range"), Shape(exact=False))
    origin = call.made(f"integers from {first} to {stop - 1}", None)
    return Tensor(ClassIndex(first, stop - 1), exact(max(stop - first, 0)), "int64", origin)


def literal(effect: Literal, call: EffectCall, given: Value | None) -> Value:
    """A tensor made from Python data."""
    if isinstance(given, Tensor):
        return given
    dtype = effect.dtype or call.frame.run.knowledge.dtype(dtype_of(call.value("dtype")) or "")
    if effect.sized and isinstance(given, Const | Scalar):
        return Tensor(Unspecified("whatever stood in memory"), UNKNOWN_SHAPE, dtype)
    numbers: list[int | float] = []
    shape = _read(given, numbers, call, 0)
    if shape is None:
        made = tensor_of_data(given, dtype, "float32", call)
        return made or Tensor(Unspecified("data made elsewhere"), UNKNOWN_SHAPE, dtype)
    kind: Kind = Unspecified("a literal") if numbers else Filled(None)
    if numbers and all(isinstance(number, int) for number in numbers) and dtype in (None, "int64"):
        kind = ClassIndex(int(min(numbers)), int(max(numbers)))
        label = f"labels from {min(numbers)} to {max(numbers)}"
        return Tensor(kind, shape, "int64", call.made(label, None))
    return Tensor(kind, shape, dtype)


def _read(value: Value | None, numbers: list[int | float], call: EffectCall, depth: int) -> Shape | None:
    """Collect the numbers of nested lists; their shape, or None where they are not all known."""
    if isinstance(value, Const) and isinstance(value.value, int | float) and not isinstance(value.value, bool):
        numbers.append(value.value)
        return exact()
    if not isinstance(value, TupleValue | ListValue) or depth > 4 or len(numbers) > MAX_NUMBERS:
        return None
    held = iterate(value, call.frame)
    if isinstance(held, Repeated):
        return None
    inner: Shape | None = exact()
    for item in held.items:
        inner = _read(item, numbers, call, depth + 1)
        if inner is None:
            return None
    return exact(len(held.items), *inner.front) if inner is not None else None


def _sizes(call: EffectCall) -> Shape:
    """The shape that `size` gives, one by one or as a tuple."""
    value = call.value("size") or call.value("shape")
    if isinstance(value, TupleValue) and len(value.items) == 1 and isinstance(value.items[0], TupleValue | ListValue):
        value = value.items[0]
    if isinstance(value, TupleValue | ListValue):
        held = iterate(value, call.frame)
        if isinstance(held, TupleValue):
            return exact(*(constant_integer(item) for item in held.items))
    if isinstance(value, Const):
        return exact(constant_integer(value))
    return UNKNOWN_SHAPE


def pictured(effect: Pictured, call: EffectCall, given: Value | None) -> Value:
    """A tensor of the channels, rows and columns of an image."""
    return Tensor(Unspecified("an image"), exact(None, None, None), effect.dtype)


def dtype_of(value: Value | None) -> str | None:
    """The dotted name of a dtype."""
    return value.name if isinstance(value, Library) else None
