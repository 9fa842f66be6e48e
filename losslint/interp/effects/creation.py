"""Effects that make new tensors."""

from __future__ import annotations

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, Size, exact, of_rank
from losslint.domain.dtype import is_integer
from losslint.domain.kind import ClassIndex, Filled, Kind, Truth, Unspecified
from losslint.domain.value import Const, ListValue, Repeated, Scalar, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import EffectCall, constant_integer, is_length, size_of
from losslint.interp.effects.kinds import cast, shape_of
from losslint.interp.effects.numbers import tensor_of_data
from losslint.interp.iteration import iterate
from losslint.knowledge.data_effects import Pictured
from losslint.knowledge.signature import parameters
from losslint.knowledge.tensor_effects import Count, Fill, Literal, Sample, Typed

MAX_NUMBERS = 512


def fill(effect: Fill, call: EffectCall, given: Value | None) -> Value:
    """zeros, ones, full"""
    value: object = effect.value
    if isinstance(effect.value, str):
        stated = call.value(effect.value)
        value = stated.value if isinstance(stated, Const) else None
    dtype = call.dtype(_of_number(value, call), None)
    if isinstance(given, Tensor) and (effect.like or _takes_after(call)) and not call.given("dtype"):
        dtype = given.dtype
    elif (effect.like or _takes_after(call)) and not call.given("dtype"):
        dtype = None
    shape = shape_of(given) if effect.like else _sizes(call)
    number = value if isinstance(value, int | float) else None
    if dtype is None and number not in (0, 1):
        number = None  # it may be cut down to an integer, or to a truth
    return cast(Tensor(Filled(number), shape), dtype)


def _takes_after(call: EffectCall) -> bool:
    """True for a method whose result has the element type of its tensor: new_zeros."""
    return parameters(call.row.params)[0].name == "input"


def _of_number(value: object, call: EffectCall) -> str | Typed:
    """The element type of a tensor of one number."""
    if isinstance(call.row.effect, Fill) and isinstance(call.row.effect.value, int | float):
        return call.default_float
    if isinstance(value, bool):
        return "bool"
    return "int64" if isinstance(value, int) else call.default_float if isinstance(value, float) else Typed.UNKNOWN


def sample(effect: Sample, call: EffectCall, given: Value | None) -> Value:
    """Random numbers."""
    shape = shape_of(given) if effect.like else _sizes(call, effect.sizes)
    takes_after = effect.like or _takes_after(call)
    before = given.dtype if isinstance(given, Tensor) else None
    usual = effect.dtype or ("int64" if effect.bounded else call.default_float)
    dtype = call.dtype(Typed.KEPT, before) if takes_after else call.dtype(usual, usual)
    if not effect.bounded:
        return cast(Tensor(effect.kind, shape, None, call.made("random numbers", None)), dtype)
    low, high = call.value("low"), call.value("high")
    if high in (None, Const(None)) or isinstance(high, TupleValue | ListValue):
        shape = shape_in(high, call) if isinstance(high, TupleValue | ListValue) else shape
        low, high = Const(0), low  # randint(high, size)
    elif not effect.like and not call.given("size") and constant_integer(high) is None:
        low, high = None, None  # what is not known may be the size
    first, last = constant_integer(low), constant_integer(high)
    label = f"random integers from {'?' if first is None else first} to {'?' if last is None else last - 1}"
    kind = ClassIndex(first, None if last is None else last - 1)
    return cast(Tensor(kind, shape, None, call.made(label, None)), dtype)


def count(effect: Count, call: EffectCall, given: Value | None) -> Value:
    """arange: integers from start to end by step."""
    start, end = call.value("start"), call.value("end")
    if end is None or end == Const(None):
        start, end = Const(0), start
    step = call.value("step") or Const(1)
    bounds = [one.value if isinstance(one, Const) else None for one in (start, end, step)]
    whole = all(isinstance(bound, int) for bound in bounds)
    usual = "int64" if whole else call.default_float if any(isinstance(one, float) for one in bounds) else None
    dtype = call.dtype(usual or Typed.UNKNOWN, None)
    first, stop, by = (constant_integer(one) for one in (start, end, step))
    if first == 0 and by == 1 and isinstance(end, Unknown | Scalar) and is_length(end):
        return cast(
            Tensor(ClassIndex(0), exact(size_of(end)), None, call.made("integers from 0", None)), dtype or "int64"
        )
    if first is None or stop is None or not by:
        return Tensor(Unspecified("a range"), of_rank(1), dtype)
    numbers = range(first, stop, by)
    origin = call.made(f"integers from {first} to {stop - 1}", None)
    kind = ClassIndex(min(numbers[0], numbers[-1]), max(numbers[0], numbers[-1])) if numbers else Filled(None)
    return cast(Tensor(kind, exact(len(numbers)), None, origin), dtype)


def literal(effect: Literal, call: EffectCall, given: Value | None) -> Value:
    """A tensor made from Python data."""
    if isinstance(given, Tensor):
        dtype = effect.dtype or call.dtype(Typed.KEPT, given.dtype)
        return cast(given, dtype)
    dtype = effect.dtype or call.dtype(Typed.UNKNOWN, None)
    if effect.sized and isinstance(given, Const | Scalar):
        return Tensor(Unspecified("whatever stood in memory"), _memory(call, given), dtype)
    numbers: list[int | float] = []
    shape = _read(given, numbers, call, 0)
    if shape is None:
        made = tensor_of_data(given, dtype, call.default_float, call)
        return made or Tensor(Unspecified("data made elsewhere"), UNKNOWN_SHAPE, dtype)
    if dtype is None and not call.given("dtype"):
        dtype = _of_numbers(numbers, call)
    kind: Kind = Unspecified("a literal") if numbers else Filled(None)
    if numbers and all(isinstance(number, int) for number in numbers) and is_integer(dtype):
        kind = ClassIndex(int(min(numbers)), int(max(numbers)))
        label = f"labels from {min(numbers)} to {max(numbers)}"
        return cast(Tensor(kind, shape, "int64", call.made(label, None)), dtype)
    return Tensor(Truth() if dtype == "bool" else kind, shape, dtype)


def _memory(call: EffectCall, given: Const | Scalar) -> Shape:
    """The shape that sizes one by one give: ``FloatTensor(3, 4)``."""
    more = call.value("size")
    sizes = [given, *(more.items if isinstance(more, TupleValue) else ())]
    return exact(*(size_of(size) for size in sizes))


def _of_numbers(numbers: list[int | float], call: EffectCall) -> str:
    if numbers and all(isinstance(number, bool) for number in numbers):
        return "bool"
    return "int64" if numbers and all(isinstance(number, int) for number in numbers) else call.default_float


def _read(value: Value | None, numbers: list[int | float], call: EffectCall, depth: int) -> Shape | None:
    """Collect the numbers of nested lists; their shape, or None where they are not all known."""
    if isinstance(value, Const) and isinstance(value.value, int | float):
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


def _sizes(call: EffectCall, one_by_one: tuple[str, ...] = ()) -> Shape:
    """The shape that `size` gives, one by one or as a tuple, or parameters that each hold a size."""
    if one_by_one:
        found: list[Size] = []
        for name in one_by_one:
            value = call.value(name)
            found.append(found[-1] if found and value in (None, Const(None)) else size_of(value))
        return exact(*found)
    sizes = call.sizes("size", "shape")
    return UNKNOWN_SHAPE if sizes is None else exact(*sizes)


def shape_in(value: Value | None, call: EffectCall) -> Shape:
    """The shape that a tuple of sizes stands for."""
    if isinstance(value, TupleValue | ListValue):
        held = iterate(value, call.frame)
        if isinstance(held, TupleValue):
            return exact(*(size_of(item) for item in held.items))
    return UNKNOWN_SHAPE


def pictured(effect: Pictured, call: EffectCall, given: Value | None) -> Value:
    """A tensor of the channels, rows and columns of an image."""
    return Tensor(Unspecified("an image"), exact(None, None, None), effect.dtype)
