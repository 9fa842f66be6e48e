"""Tensors of Python data whose numbers are not all written out: lists made in loops, numbers of a range."""

from __future__ import annotations

from dataclasses import dataclass, replace

from losslint.domain.kind import ClassIndex
from losslint.domain.origin import Origin
from losslint.domain.value import Choice, ListValue, Repeated, Scalar, Tensor, TupleValue, Value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents
from losslint.interp.scalars import looked_up, scalar_of, tensor_of_numbers

MAX_NUMBERS = 4096
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Numbers:
    """Nested lists of numbers: how long they are, and one number that stands for all."""

    sizes: tuple[int | None, ...]
    one: Scalar


def tensor_of_data(value: Value | None, dtype: str | None, floats: str, call: EffectCall) -> Tensor | None:
    """The tensor of nested lists of numbers, where all are numbers; `floats` is the dtype that Python floats get."""
    found = None if value is None else numbers_in(value, call.frame)
    if found is None:
        return None
    one = found.one
    tensor = tensor_of_numbers(one, dtype or (floats if one.type == "float" else None), *found.sizes)
    if tensor.dtype is not None and "int" not in tensor.dtype and one.type == "int":
        return replace(tensor, kind=tensor_of_numbers(Scalar("float"), None).kind)
    return replace(tensor, origin=one.origin or _made(one, call))


def _made(one: Scalar, call: EffectCall) -> Origin:
    known = one.low is not None and one.high is not None
    return call.made(f"labels from {one.low} to {one.high}" if known else "numbers of a program", None)


def _single(tensor: Tensor) -> Scalar | None:
    """The number in a tensor without axes."""
    return single_number(tensor) if tensor.shape.rank == 0 else None


def single_number(tensor: Tensor) -> Scalar | None:
    """One number that stands for all of a tensor."""
    if isinstance(tensor.kind, ClassIndex):
        return Scalar("int", tensor.kind.low, tensor.kind.high, tensor.origin)
    return Scalar("float") if tensor.dtype is not None and "float" in tensor.dtype else None


def numbers_in(value: Value, frame: Frame, depth: int = 0) -> Numbers | None:
    """What nested lists of numbers hold; None where something else is among them."""
    value = frame.store.narrowed(value)
    one = _single(value) if isinstance(value, Tensor) else scalar_of(value)
    if one is not None:
        return Numbers((), one)
    if isinstance(value, Choice):
        if not looked_up(value.options):
            return None
        return _united([numbers_in(option.value, frame, depth) for option in value.options])
    held = contents(value, frame) if isinstance(value, ListValue | TupleValue | Repeated) else None
    if depth >= MAX_DEPTH or not isinstance(held, TupleValue | Repeated):
        return None
    items = held.items if isinstance(held, TupleValue) else (held.element, *held.tail)
    if not items or len(items) > MAX_NUMBERS:
        return None
    inner = _united([numbers_in(item, frame, depth + 1) for item in items])
    if inner is None:
        return None
    return Numbers((len(items) if isinstance(held, TupleValue) else None, *inner.sizes), inner.one)


def _united(parts: list[Numbers | None]) -> Numbers | None:
    """One that stands for all of these."""
    known = [part for part in parts if part is not None]
    if len(known) != len(parts) or len({len(part.sizes) for part in known}) != 1:
        return None
    columns = zip(*(part.sizes for part in known), strict=True)
    sizes = tuple(column[0] if len(set(column)) == 1 else None for column in columns)
    numbers = [part.one for part in known]
    types = {number.type for number in numbers}
    if "float" in types or len(types) > 1:
        return Numbers(sizes, Scalar("float" if "float" in types else "int"))
    lows, highs = [number.low for number in numbers], [number.high for number in numbers]
    low = min((low for low in lows if low is not None), default=None) if None not in lows else None
    high = max((high for high in highs if high is not None), default=None) if None not in highs else None
    origin = next((number.origin for number in numbers if number.origin is not None), None)
    return Numbers(sizes, Scalar(numbers[0].type, low, high, origin))
