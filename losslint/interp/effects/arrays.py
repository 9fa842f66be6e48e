"""Effects of libraries that make arrays and labels: numbers outside of torch."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, exact
from losslint.domain.dtype import is_integer
from losslint.domain.kind import ClassIndex, Filled, Unspecified
from losslint.domain.lattice import element_of
from losslint.domain.origin import COUNTED
from losslint.domain.value import (
    NONE,
    Const,
    Library,
    ListValue,
    Repeated,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.effects.effect_call import EffectCall, constant_integer
from losslint.interp.effects.kinds import cast, shape_of
from losslint.interp.effects.numbers import single_number, tensor_of_data
from losslint.interp.iteration import iterate, new_list
from losslint.interp.scalars import tensor_of_numbers
from losslint.knowledge.data_effects import (
    ArrayOf,
    Canvas,
    EachSplit,
    Encoded,
    Floats,
    Integers,
    JoinedArrays,
    Picked,
    Recast,
    Table,
    Unboxed,
)


def _dtype(value: Value | None, call: EffectCall) -> str | None:
    """The dtype that an argument names: a dtype, a Python type or a text."""
    if isinstance(value, Library):
        return call.frame.run.knowledge.dtype(value.name)
    text = value.value if isinstance(value, Const) else None
    return call.frame.run.knowledge.dtype(f"numpy.{text}") if isinstance(text, str) else None


def _stated(call: EffectCall) -> bool:
    return call.given("dtype")


def array_of(effect: ArrayOf, call: EffectCall, given: Value | None) -> Value:
    """An array of Python data."""
    dtype = effect.dtype or (_dtype(call.value("dtype"), call) if _stated(call) else None)
    value = call.value(effect.of)
    if isinstance(value, Tensor):
        return _recast(value, dtype, call) if dtype is not None or _stated(call) else value
    made = tensor_of_data(value, dtype, "float64", call)
    if made is not None:
        return replace(made, dtype=None) if _stated(call) and dtype is None else made
    return Tensor(Unspecified("data made elsewhere"), UNKNOWN_SHAPE, dtype)


def canvas(effect: Canvas, call: EffectCall, given: Value | None) -> Value:
    """An array of one number."""
    filled = call.value("fill_value") if effect.value is None else Const(effect.value)
    number = filled.value if isinstance(filled, Const) and isinstance(filled.value, int | float) else None
    dtype = _dtype(call.value("dtype"), call) if _stated(call) else None if effect.value is None else "float64"
    return Tensor(Filled(number), _sizes(call.value("shape"), call), dtype)


def joined_arrays(effect: JoinedArrays, call: EffectCall, given: Value | None) -> Value:
    """Arrays one behind the other: what all of them have in common."""
    arrays = call.value(effect.of)
    one = None if arrays is None else element_of((iterate(arrays, call.frame),))
    if not isinstance(one, Tensor):
        return Unknown("arrays put together")
    vector = one.shape.rank == 1 and call.value("axis") == Const(0)
    return replace(one, shape=exact(None) if vector else UNKNOWN_SHAPE)


def integers(effect: Integers, call: EffectCall, given: Value | None) -> Value:
    """Random integers."""
    low, high = call.value(effect.low), call.value(effect.high)
    if high is None or high == NONE:
        low, high = Const(0), low
    if not call.given(effect.size) and not _are_numbers(call, (effect.low, effect.high)):
        return Unknown("random numbers of some shape", ("call", id(call.site.node)))
    first, stop = constant_integer(low), constant_integer(high)
    last = None if stop is None else stop - 1
    origin = call.made(
        f"random integers from {'?' if first is None else first} to {'?' if last is None else last}", None
    )
    if not call.given(effect.size):
        return Scalar("int", first, last, replace(origin, by=COUNTED), ("call", id(call.site.node)))
    dtype = _dtype(call.value("dtype"), call) if _stated(call) else "int64"
    return Tensor(ClassIndex(first, last), _sizes(call.value(effect.size), call), dtype, origin)


def picked(effect: Picked, call: EffectCall, given: Value | None) -> Value:
    """Elements of a list, or integers below a number."""
    of = call.value(effect.of)
    count = constant_integer(of)
    if isinstance(of, Const | Scalar | Unknown) or of is None:
        if count is None:
            return Unknown("one of several things")
        number = Scalar(
            "int", 0, count - 1, replace(call.made(f"random integers from 0 to {count - 1}", None), by=COUNTED)
        )
    else:
        data = tensor_of_data(of, None, "float64", call) if not isinstance(of, Tensor) else of
        if data is None or not isinstance(data.kind, ClassIndex):
            return Unknown("one of several things")
        number = Scalar("int", data.kind.low, data.kind.high, data.origin)
    if not call.given(effect.size):
        return replace(number, symbol=("call", id(call.site.node)))
    shape = _sizes(call.value(effect.size), call)
    return replace(tensor_of_numbers(number, None), shape=shape)


def _are_numbers(call: EffectCall, names: tuple[str, ...]) -> bool:
    """True where none of these parameters may hold an array."""
    values = (call.value(name) for name in names)
    return all(value is None or isinstance(value, Const | Scalar) for value in values)


def floats(effect: Floats, call: EffectCall, given: Value | None) -> Value:
    """An array of floats of no kind."""
    if effect.like is not None:
        given = call.value(effect.like)
        before = given.dtype if isinstance(given, Tensor) else None
        dtype = "float64" if is_integer(before) else before
        return Tensor(Unspecified("scaled numbers"), shape_of(given), dtype)
    size = call.value(effect.size)
    if size is None or size == NONE:
        if not _are_numbers(call, effect.of):
            return Unknown("random numbers of some shape", ("call", id(call.site.node)))
        return Scalar("float", symbol=("call", id(call.site.node)))
    return Tensor(Unspecified("random numbers"), _sizes(size, call), "float64")


def recast(effect: Recast, call: EffectCall, given: Value | None) -> Value:
    """An array in another dtype."""
    if not isinstance(given, Tensor):
        return Unknown("an array that is not followed")
    return _recast(given, _dtype(call.value(effect.to), call), call)


def _recast(array: Tensor, dtype: str | None, call: EffectCall) -> Value:
    if dtype is None:
        return Tensor(Unspecified("an array of another dtype"), array.shape)
    return cast(array, dtype)


def table(effect: Table, call: EffectCall, given: Value | None) -> Value:
    """Rows and their classes."""
    if any(call.given(name) for name in effect.unless) or call.bound.open:
        return Unknown(f"made by {call.row.names[0]}")
    count = effect.classes if isinstance(effect.classes, int) else constant_integer(call.value(effect.classes))
    framed = call.value("as_frame")
    if framed is not None and framed != Const(False):
        return Unknown("a table of another library")
    name = call.row.names[0].rpartition(".")[2]
    last = None if count is None else count - 1
    origin = call.made(f"{name} gives classes from 0 to {'?' if last is None else last}", None)
    rows = Tensor(Unspecified("a table of numbers"), exact(*effect.shape), "float64")
    labels = Tensor(ClassIndex(0, last), exact(effect.shape[0]), "int64", origin)
    if effect.pair or call.flag("return_X_y"):
        return TupleValue((rows, labels))
    if call.flag("return_X_y") is None:
        return Unknown("a table in one of two forms")
    return TupleValue((rows, labels), ("data", "target"))


def each_split(effect: EachSplit, call: EffectCall, given: Value | None) -> Value:
    """Each array in two parts."""
    arrays = call.value(effect.of)
    if not isinstance(arrays, TupleValue) or call.bound.open:
        return Unknown("parts of arrays")
    parts = [_some_rows(one, call) for one in arrays.items for _ in range(2)]
    return new_list(TupleValue(tuple(parts)), call.frame)


def _some_rows(value: Value, call: EffectCall) -> Value:
    if isinstance(value, Tensor):
        front = (None, *value.shape.front[1:]) if value.shape.front else ()
        return replace(value, shape=Shape(front, value.shape.back, value.shape.exact))
    if isinstance(value, ListValue | TupleValue | Repeated):
        held = iterate(value, call.frame)
        return (
            new_list(Repeated(element_of((held,))), call.frame) if isinstance(held, Repeated) or held.items else value
        )
    return Unknown("some rows of data that is not followed")


def encoded(effect: Encoded, call: EffectCall, given: Value | None) -> Value:
    """Labels by number."""
    return Tensor(ClassIndex(0, None), exact(None), "int64", call.made("LabelEncoder counts classes from 0", None))


def unboxed(effect: Unboxed, call: EffectCall, given: Value | None) -> Value:
    """The numbers of a tensor as Python numbers."""
    number = single_number(given) if isinstance(given, Tensor) else None
    if number is None or not isinstance(given, Tensor) or given.shape.rank is None:
        return Unknown("carries no numbers that we track", ("call", id(call.site.node)))
    if not effect.nested:
        return number
    value: Value = number
    for _ in range(given.shape.rank):
        value = new_list(Repeated(value), call.frame)
    return value


def _sizes(value: Value | None, call: EffectCall) -> Shape:
    """The shape that a size, or a tuple of sizes, stands for."""
    if isinstance(value, TupleValue | ListValue):
        held = iterate(value, call.frame)
        if isinstance(held, TupleValue):
            return exact(*(constant_integer(item) for item in held.items))
        return UNKNOWN_SHAPE
    if isinstance(value, Const | Scalar):
        return exact(constant_integer(value))
    return UNKNOWN_SHAPE
