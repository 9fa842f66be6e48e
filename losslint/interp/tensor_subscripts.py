"""Subscripts of tensors: integers, slices, new axes, masks and tensors of indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import libcst as cst

from losslint.domain.dim import Shape, Size, broadcast, exact, of_rank
from losslint.domain.kind import ClassIndex, Filled, Probs, Truth, Unspecified, with_dim
from losslint.domain.value import Const, ListValue, Scalar, Tensor, TupleValue, Unknown, Value
from losslint.interp.axes import OVER, add_axis, drop_axis, fewer, moved, narrowed, partial
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents
from losslint.interp.scalars import is_every

Bound = int | Unknown | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A slice: from, to, step."""

    lower: Bound = None
    upper: Bound = None
    step: Bound = None


@dataclass(frozen=True, slots=True)
class Many:
    """A tensor or a list of indices, or a mask of as many axes as `rank` tells."""

    shape: Shape
    mask: bool


Part = Value | Cut | Many
WHOLE = Cut()
MAX_RANK = 6


def bound_of(bound: cst.BaseExpression | None, frame: Frame) -> Bound:
    """A bound of a slice."""
    if bound is None:
        return None
    value = frame.evaluate(bound)
    if isinstance(value, Const) and (value.value is None or isinstance(value.value, int)):
        return value.value
    return Unknown("a bound made at run time")


def index_tensor(tensor: Tensor, index: Value, frame: Frame) -> Value:
    """`tensor[index]`: an integer drops the first axis, a mask or a tensor of indices keeps what the rows are."""
    parts = index.items if isinstance(index, TupleValue) else (index,)
    taken = _taken(tensor, [part_of(part, frame) for part in parts])
    return replace(taken, batch=None) if taken.batch is not None else taken


def slice_tensor(tensor: Tensor, parts: Sequence[cst.BaseSlice], frame: Frame) -> Value:
    """`tensor[a, b:c, ..., None]`"""
    read = parts_of(parts, frame)
    taken = _taken(tensor, read)
    kept = tensor.batch is not None and all(one == WHOLE for one in read[: tensor.batch + 1])
    return replace(taken, batch=tensor.batch if kept else None)


def parts_of(parts: Sequence[cst.BaseSlice], frame: Frame) -> list[Part]:
    """The indices of a subscript."""
    read: list[Part] = []
    for part in parts:
        if isinstance(part, cst.Slice):
            read.append(Cut(*(bound_of(one, frame) for one in (part.lower, part.upper, part.step))))
        elif isinstance(part, cst.Index):
            read.append(part_of(frame.evaluate(part.value), frame))
    return read


def part_of(value: Value, frame: Frame) -> Part:
    """One index as it counts: a list of integers is as good as a tensor of them."""
    if isinstance(value, Tensor):
        if value.dtype is None and not isinstance(value.kind, Truth):
            return value
        mask = value.dtype in ("bool", "uint8") or (value.dtype is None and isinstance(value.kind, Truth))
        return Many(value.shape, mask)
    if isinstance(value, ListValue):
        held = contents(value, frame)
        if isinstance(held, TupleValue) and all(_is_integer(item) for item in held.items):
            return Many(exact(len(held.items)), False)
        return Unknown("a list of indices")
    return value


def _is_integer(value: Value) -> bool:
    if isinstance(value, Scalar):
        return value.type == "int"
    return isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool)


def _taken(tensor: Tensor, parts: list[Part]) -> Tensor:
    """Apply indices: those before an ellipsis from the front, those behind it from the back."""
    middle = next((at for at, part in enumerate(parts) if isinstance(part, Const) and part.value is ...), None)
    many = [at for at, part in enumerate(parts) if isinstance(part, Many)]
    rank = tensor.shape.rank
    if middle is not None and rank is not None:
        used = sum(_consumed(part) or 0 for part in parts if part is not parts[middle])
        if any(_consumed(part) is None for part in parts) or used > rank:
            return replace(tensor, kind=partial(tensor.kind))
        parts = [*parts[:middle], *[WHOLE] * (rank - used), *parts[middle + 1 :]]
        many = [at for at, part in enumerate(parts) if isinstance(part, Many)]
        middle = None
    if len(many) > 1 or (many and any(_is_integer(part) for part in parts if not isinstance(part, Cut | Many))):
        return _taken_by_many(tensor, parts, many)
    before, behind = (parts, []) if middle is None else (parts[:middle], parts[middle + 1 :])
    result, axis = tensor, 0
    for part in before:
        result, axis = _step(result, axis, part)
    axis = -1
    for part in reversed(behind):
        result, axis = _step(result, axis, part)
    return result


def _consumed(part: Part) -> int | None:
    """How many axes an index stands for."""
    match part:
        case Const(None):
            return 0
        case Many(shape, True):
            return shape.rank
        case Const(int()) | Scalar(type="int") | Cut() | Many():
            return 1
        case Const(value) if value is ...:
            return 0
        case _:
            return None


def _step(tensor: Tensor, axis: int, part: Part) -> tuple[Tensor, int]:
    """One index, and the axis for the next one: behind it, or before it where axes are counted from the end."""
    onward = 1 if axis >= 0 else -1
    match part:
        case Cut():
            if part == WHOLE:
                return tensor, axis + onward
            return narrowed(tensor, axis, _length(part, tensor.shape.size(axis))), axis + onward
        case Const(None):
            return add_axis(tensor, axis), axis + onward
        case Const(int(value)) if not isinstance(value, bool):
            return drop_axis(tensor, axis), axis
        case Scalar(type="int"):
            row = drop_axis(tensor, axis)
            every = is_every(part) and isinstance(tensor.kind, ClassIndex)
            return replace(row, kind=tensor.kind) if every else row, axis
        case Many(shape, mask):
            return _picked(tensor, axis, shape, mask)
        case Tensor():
            return moved(tensor, fewer(tensor.kind) if axis == 0 else partial(tensor.kind)), axis + onward
        case _:
            return moved(tensor, partial(tensor.kind) if axis else fewer(with_dim(tensor.kind, None))), axis + onward


def _length(cut: Cut, size: Size) -> int | None:
    """How many places a slice leaves of an axis."""
    if isinstance(cut.lower, Unknown) or isinstance(cut.upper, Unknown) or isinstance(cut.step, Unknown):
        return None
    if isinstance(size, int) and cut.step != 0:
        return len(range(*slice(cut.lower, cut.upper, cut.step).indices(size)))
    return 1 if cut in (Cut(0, 1), Cut(None, 1), Cut(-1, None)) else None  # no axis is empty


def _picked(tensor: Tensor, axis: int, index: Shape, mask: bool) -> tuple[Tensor, int]:
    """Places picked by a mask or by a tensor of indices."""
    rank = index.rank
    if rank is None or (rank != 1 and axis < 0):
        kind = fewer(tensor.kind) if axis == 0 and not mask else partial(tensor.kind)
        return moved(tensor, kind), axis + 1
    if rank == 1 and axis >= 0:
        return narrowed(tensor, axis, None if mask else index.size(0)), axis + 1
    if rank == 1:
        return narrowed(tensor, axis, None if mask else index.size(0)), axis - 1
    if mask:
        return _masked(tensor, axis, rank), axis + 1
    result = drop_axis(tensor, axis)
    for at, size in enumerate(index.front):
        result = add_axis(result, axis + at)
        result = moved(result, result.kind, result.shape.with_axis(axis + at, size))
    return result, axis + rank


def _masked(tensor: Tensor, axis: int, rank: int) -> Tensor:
    """The places that a mask over several axes leaves: these axes become one."""
    if rank == 0:
        return moved(tensor, fewer(tensor.kind))
    kind, shape = tensor.kind, tensor.shape
    for _ in range(rank - 1):
        shape = shape.without(axis)
    shape = shape.with_axis(axis, None)
    if isinstance(kind, OVER):
        dim = tensor.shape.normal(kind.dim)
        known = dim is not None and dim >= 0 and not axis <= dim < axis + rank
        behind = dim is not None and dim >= axis + rank
        kind = with_dim(kind, dim - rank + 1 if behind and dim is not None else dim) if known else partial(kind)
    return moved(tensor, fewer(kind), shape)


def _taken_by_many(tensor: Tensor, parts: list[Part], many: list[int]) -> Tensor:
    """Several tensors of indices, or integers beside one: their shapes are united, at the front where they stand apart."""
    kind = partial(tensor.kind)
    picks = [
        at for at, part in enumerate(parts) if at in many or (not isinstance(part, Cut | Many) and _is_integer(part))
    ]
    shapes = [part.shape for part in parts if isinstance(part, Many)]
    plain = all(isinstance(part, Cut) or at in picks for at, part in enumerate(parts))
    if not plain or not tensor.shape.exact or any(isinstance(part, Many) and part.mask for part in parts):
        return moved(tensor, kind)
    united = reduce(broadcast, shapes, exact())
    if not united.exact or len(parts) > len(tensor.shape.front):
        return moved(tensor, kind)
    left: list[Size] = []
    start = 0 if picks != list(range(picks[0], picks[-1] + 1)) else picks[0]
    for at, size in enumerate(tensor.shape.front):
        part = parts[at] if at < len(parts) else WHOLE
        if at not in picks:
            left.append(_length(part, size) if isinstance(part, Cut) and part != WHOLE else size)
    return moved(tensor, kind, exact(*left[:start], *united.front, *left[start:]))


def store_item(tensor: Tensor, value: Value, parts: Sequence[Part]) -> Tensor:
    """What a tensor is after `tensor[...] = value`: a canvas takes the kind of what is written into it, and stays one where plain
    numbers are; of probabilities some were replaced by numbers of [0, 1]."""
    if isinstance(value, Tensor) and isinstance(tensor.kind, Filled | Unspecified):
        kind = with_dim(value.kind, _axis_written(tensor.shape, value, list(parts)))
        return Tensor(kind, tensor.shape, tensor.dtype, value.origin, value.watched)
    if isinstance(value, Tensor) and type(value.kind) is type(tensor.kind):
        return tensor if tensor.cut is None else replace(tensor, cut=None)
    if isinstance(value, Const) and isinstance(value.value, float | int) and 0 <= value.value <= 1:
        if isinstance(tensor.kind, Filled) and (tensor.dtype is None or "float" in tensor.dtype):
            return replace(tensor, kind=Filled(None))
        if isinstance(tensor.kind, Probs):
            return replace(tensor, kind=partial(tensor.kind))
    if isinstance(value, Const) and isinstance(tensor.kind, Filled):
        return Tensor(Unspecified("a canvas with numbers written into it"), tensor.shape, tensor.dtype)
    return Tensor(Unspecified("numbers were written into it"), tensor.shape, tensor.dtype)


def _axis_written(shape: Shape, value: Tensor, parts: list[Part]) -> int | None:
    """The axis of a canvas that becomes the axis of the numbers written into it: the one that reading the same place would give."""
    rank, dim = shape.rank, value.kind.dim if isinstance(value.kind, OVER) else None
    if rank is None or rank > MAX_RANK or dim is None:
        return None
    found: list[int] = []
    for axis in range(rank):
        read = _taken(Tensor(Probs(axis), of_rank(rank)), parts)
        if read.shape.rank is None or not isinstance(read.kind, Probs) or not read.kind.whole:
            continue
        stretched = read.shape.rank - (read.shape.rank if value.shape.rank is None or dim < 0 else value.shape.rank)
        wanted = dim + read.shape.rank if dim < 0 else dim + stretched
        if read.shape.normal(read.kind.dim) == wanted:
            found.append(axis)
    return found[0] if len(found) == 1 else None
