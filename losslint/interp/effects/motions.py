"""Effects that move numbers about: into other shapes, other orders, or a part of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, Size, exact, product
from losslint.domain.kind import ClassIndex, Kind, LogProbs, OneHot, Probs, Unspecified, with_dim
from losslint.domain.origin import Origin
from losslint.domain.value import Library, Repeated, Tensor, TupleValue, Unknown, Value
from losslint.interp.axes import (
    OVER,
    add_axis,
    drop_axis,
    fewer,
    meets,
    moved,
    narrowed,
    partial,
    reordered,
    swapped,
    viewed,
)
from losslint.interp.effects.effect_call import EffectCall, constant_integer, size_of
from losslint.knowledge.operators import BARE_SQUEEZE
from losslint.knowledge.tensor_effects import TELLING, Motion, Move

MAX_PARTS = 16


def move(effect: Move, call: EffectCall, given: Value | None) -> Value:
    """The same numbers, elsewhere."""
    if isinstance(given, Unknown):
        if effect.motion not in TELLING:
            symbol = None if given.symbol is None else ("moved", id(call.site.node), given.symbol)
            return Unknown(given.why, symbol)
        given = Tensor(Unspecified(given.why))
    if not isinstance(given, Tensor):
        return Unknown("moved numbers of something that is not followed") if given is None else given
    if effect.drops and effect.motion is Motion.SPLIT:
        return _unbound(call, given)
    return _MOTIONS[effect.motion](call, given)


def _view(call: EffectCall, given: Tensor) -> Value:
    sizes = call.sizes("shape", "size", "sizes")
    if sizes is not None:
        return viewed(given, sizes)
    star = call.value("size")
    first = star.items[0] if isinstance(star, TupleValue) and len(star.items) == 1 else star
    if isinstance(first, Library):  # the same bytes as another type
        return Tensor(
            Unspecified("bytes read as another type"), UNKNOWN_SHAPE, call.frame.run.knowledge.dtype(first.name)
        )
    return moved(given, with_dim(given.kind, None))


def _view_as(call: EffectCall, given: Tensor) -> Value:
    other = call.value("other")
    if isinstance(other, Tensor) and other.shape.exact:
        return viewed(given, other.shape.front)
    return moved(given, with_dim(given.kind, None), other.shape if isinstance(other, Tensor) else UNKNOWN_SHAPE)


def _unflatten(call: EffectCall, given: Tensor) -> Value:
    axis, sizes = call.integer("dim"), call.sizes("sizes", "unflattened_size")
    at = given.shape.normal(axis)
    if at is None or at < 0 or sizes is None or not given.shape.exact:
        return moved(given, with_dim(given.kind, None))
    whole = given.shape.size(at)
    inner = viewed(Tensor(Unspecified(), exact(whole)), sizes).shape.front
    return viewed(given, (*given.shape.front[:at], *inner, *given.shape.front[at + 1 :]))


def _flatten(call: EffectCall, given: Tensor) -> Value:
    start, end = call.integer("start_dim"), call.integer("end_dim")
    if call.value("start_dim") is None:  # ravel
        start, end = 0, -1
    if start is None or end is None:
        return moved(given, with_dim(given.kind, None))
    shape = given.shape
    if shape.exact:
        rank = len(shape.front)
        if rank == 0:
            return moved(given, given.kind, exact(1))
        if not (-rank <= start < rank and -rank <= end < rank) or start % rank > end % rank:
            return moved(given, with_dim(given.kind, None))
        first, last = start % rank, end % rank
        if first == last:
            return given
        merged: Size = product(shape.front[first : last + 1])
        result = viewed(given, (*shape.front[:first], merged, *shape.front[last + 1 :]))
        dim = shape.normal(given.kind.dim) if isinstance(given.kind, OVER) else None
        if dim is not None and not first <= dim <= last:
            return moved(given, with_dim(given.kind, dim if dim < first else dim - (last - first)), result.shape)
        return result
    if start >= 0 and end == -1:
        sizes = tuple(shape.size(axis) for axis in range(start))
        return moved(given, with_dim(given.kind, None), exact(*sizes, None))
    return moved(given, with_dim(given.kind, None))


def _squeeze(call: EffectCall, given: Tensor) -> Value:
    shape = given.shape
    if not call.given("dim"):
        axes: list[int] | None = [at for at, size in enumerate(shape.front) if size == 1]
        if not shape.exact or any(not isinstance(size, int) for size in shape.front):
            return _maybe_without_batch(call, moved(given, with_dim(given.kind, None)), given)
    else:
        items = call.integers("dim")
        numbers = [constant_integer(item) for item in items or ()]
        axes = None if not numbers or None in numbers else [number for number in numbers if number is not None]
    if axes is None:
        return moved(given, with_dim(given.kind, None))
    if shape.exact:
        axes = sorted({axis % max(len(shape.front), 1) for axis in axes}, reverse=True)
    elif len(axes) > 1:
        return moved(given, with_dim(given.kind, None))
    result = given
    for axis in axes:
        result = _squeezed(result, axis)
    return result


def _maybe_without_batch(call: EffectCall, squeezed: Tensor, given: Tensor) -> Tensor:
    """The result of a squeeze without an axis, with a step in its trace where a first axis of unknown length may go with another."""
    shape = given.shape
    if not shape.exact or shape.at(0) is not None or 1 not in shape.front:
        return squeezed
    step = Origin(call.site, "every axis of length 1 goes away", given.origin, by=BARE_SQUEEZE, given=given)
    return replace(squeezed, origin=step)


def _squeezed(given: Tensor, axis: int) -> Tensor:
    """The tensor without an axis, if that is of length 1."""
    shape = given.shape
    if shape.exact and not shape.front:
        return given
    size = shape.size(axis)
    if size == 1:
        gone = drop_axis(given, axis)
        return replace(gone, kind=given.kind if isinstance(given.kind, ClassIndex) else gone.kind)
    if isinstance(size, int):
        return given
    at = axis if axis >= 0 else shape.normal(axis)
    kind = given.kind
    if isinstance(kind, OVER) and kind.dim is not None:
        dim = shape.normal(kind.dim)
        stays = dim is not None and at is not None and dim >= 0 and 0 <= dim < at
        kind = kind if stays else with_dim(kind, None)
    front, back = shape.front, shape.front if shape.exact else shape.back
    if at is None or at < 0:
        behind = -axis - 1
        before = max(shape.least - 1 - behind, 0)
    else:
        before, behind = at, max(shape.least - 1 - at, 0)
    return moved(given, kind, Shape(front[:before], back[-behind:] if behind else ()))


def _unsqueeze(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    return moved(given, with_dim(given.kind, None)) if axis is None else add_axis(given, axis)


def _permute(call: EffectCall, given: Tensor) -> Value:
    order = [constant_integer(item) for item in call.integers("dims") or ()]
    known = [at for at in order if at is not None]
    if not order or len(known) != len(order):
        return moved(given, with_dim(given.kind, None))
    return reordered(given, [at + len(order) if at < 0 else at for at in known])


def _move_axis(call: EffectCall, given: Tensor) -> Value:
    source, target, rank = call.integer("source"), call.integer("destination"), given.shape.rank
    if source is None or target is None or rank is None or not (-rank <= source < rank and -rank <= target < rank):
        return moved(given, with_dim(given.kind, None))
    places = [at for at in range(rank) if at != source % rank]
    places.insert(target % rank, source % rank)
    return reordered(given, places)


def _transpose(call: EffectCall, given: Tensor) -> Value:
    one = call.integer("dim0" if call.value("dim0") is not None else "axis0")
    two = call.integer("dim1" if call.value("dim1") is not None else "axis1")
    return moved(given, with_dim(given.kind, None)) if one is None or two is None else swapped(given, one, two)


def _matrix_transpose(call: EffectCall, given: Tensor) -> Value:
    rank = given.shape.rank
    if rank is not None and rank < 2:
        return given
    if rank == 2:
        return reordered(given, [1, 0])
    return moved(given, reordered(given, [1, 0]).kind if rank is None else with_dim(given.kind, None))


def _expand(call: EffectCall, given: Tensor) -> Value:
    other = call.value("other")
    if isinstance(other, Tensor):
        sizes: list[Size] | None = list(other.shape.front) if other.shape.exact else None
    else:
        sizes = call.sizes("size")
    if sizes is None:
        return moved(given, with_dim(given.kind, None))
    old, new = given.shape, list(sizes)
    added = len(new) - len(old.front)
    for at, size in enumerate(new):
        if size == -1:
            new[at] = old.size(at - len(new)) if not old.exact or at >= added else None
        elif old.exact and at >= added and old.at(at - len(new)) not in (1, None):
            new[at] = old.at(at - len(new))
    kind = given.kind
    if isinstance(kind, OVER) and kind.dim is not None:
        dim = old.normal(kind.dim)
        if dim is None or not old.exact or added < 0:
            kind = with_dim(kind, None)
        elif old.front[dim] == 1 and new[dim + added] != 1:
            kind = partial(kind)
        else:
            kind = with_dim(kind, dim + added)
    return moved(given, kind, exact(*new))


def _repeat(call: EffectCall, given: Tensor) -> Value:
    times = call.sizes("repeats", "dims")
    shape, kind = given.shape, given.kind
    if times is None or not shape.exact:
        return moved(given, partial(kind) if isinstance(kind, OVER) else kind)
    rank = max(len(times), len(shape.front))
    sizes = (*(1,) * (rank - len(shape.front)), *shape.front)
    times = [*(1,) * (rank - len(times)), *times]
    new = [size if time == 1 else product((size, time)) for size, time in zip(sizes, times, strict=True)]
    if isinstance(kind, OVER):
        dim = shape.normal(kind.dim)
        at = None if dim is None else dim + rank - len(shape.front)
        kind = with_dim(kind, at) if at is not None and times[at] == 1 else partial(kind)
    return moved(given, kind, exact(*new))


def _repeat_each(call: EffectCall, given: Tensor) -> Value:
    times = call.integer("repeats")
    if not call.given("dim"):
        count = given.shape.count
        size = None if count is None or times is None else count * times
        return moved(given, partial(given.kind) if isinstance(given.kind, OVER) else given.kind, exact(size))
    axis = call.integer("dim")
    kind = given.kind if meets(given, axis) is False else partial(given.kind)
    if axis is None:
        return moved(given, kind)
    return moved(given, kind, given.shape.with_axis(axis, product((given.shape.size(axis), times))))


def _select(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None:
        return narrowed(given, None)
    if "length" in call.bound.arguments:
        return narrowed(given, axis, size_of(call.value("length")))
    index = call.value("index")
    if isinstance(call.row.effect, Move) and call.row.effect.drops:
        return drop_axis(given, axis)
    return narrowed(given, axis, index.shape.size(0) if isinstance(index, Tensor) and index.shape.rank == 1 else None)


def _take(call: EffectCall, given: Tensor) -> Value:
    index = call.value("index")
    if call.value("mask") is not None:
        return moved(given, partial(given.kind), exact(None))
    return moved(given, partial(given.kind), index.shape if isinstance(index, Tensor) else UNKNOWN_SHAPE)


def _split(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None:
        return Repeated(narrowed(given, None))
    lengths = _lengths(call, given.shape.at(axis))
    if lengths is not None and len(lengths) <= MAX_PARTS:
        return TupleValue(tuple(narrowed(given, axis, length) for length in lengths))
    return Repeated(narrowed(given, axis))


def _lengths(call: EffectCall, size: int | None) -> list[Size] | None:
    """The lengths of the parts that an axis is cut into; None where their number is not known."""
    chunks = call.integer("chunks")
    if chunks is not None:
        step = None if size is None else -(-size // chunks) if chunks > 0 else None
        return None if size is None or step is None else _in_steps(size, step)
    step = call.integer("split_size_or_sections") or call.integer("split_size")
    if step is not None:
        return None if size is None or step < 1 else _in_steps(size, step)
    parts = call.integer("indices_or_sections")
    if parts is not None and parts > 0:
        return [None] * parts if size is None else [size // parts + (at < size % parts) for at in range(parts)]
    if call.value("indices_or_sections") is not None:
        return None
    return call.sizes("split_size_or_sections", "split_size")


def _in_steps(size: int, step: int) -> list[Size]:
    if size == 0 or step == 0:
        return [size]
    return [min(step, size - at) for at in range(0, min(size, step * (MAX_PARTS + 1)), step)]


def _unbound(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None:
        return Repeated(moved(given, partial(given.kind)))
    part, size = drop_axis(given, axis), given.shape.at(axis)
    return TupleValue((part,) * size) if size is not None and 0 < size <= MAX_PARTS else Repeated(part)


def _gather_values(call: EffectCall, given: Tensor) -> Value:
    axis, index = call.integer("dim"), call.value("index")
    kind = given.kind if not isinstance(given.kind, OVER) else _gathered(given, axis)
    if isinstance(index, Tensor):
        return moved(given, fewer(kind), index.shape)
    indices = call.value("indices")
    if not isinstance(indices, Tensor) or not indices.shape.exact or axis is None:
        return moved(given, fewer(kind))
    rank = len(indices.shape.front)
    sizes = [None if size == 1 and at != axis % rank else size for at, size in enumerate(indices.shape.front)]
    return moved(given, fewer(kind), exact(*sizes))


def _gathered(given: Tensor, axis: int | None) -> Kind:
    """The kind of numbers picked one by one: another place of each axis for each of them."""
    kind = given.kind
    if isinstance(kind, OneHot):
        return Unspecified("a part of one-hot")
    return replace(kind, whole=False) if isinstance(kind, Probs | LogProbs) else kind


def _within(call: EffectCall, given: Tensor) -> Value:
    return given


_MOTIONS: Mapping[Motion, Callable[[EffectCall, Tensor], Value]] = {
    Motion.VIEW: _view,
    Motion.VIEW_AS: _view_as,
    Motion.UNFLATTEN: _unflatten,
    Motion.FLATTEN: _flatten,
    Motion.SQUEEZE: _squeeze,
    Motion.UNSQUEEZE: _unsqueeze,
    Motion.PERMUTE: _permute,
    Motion.MOVE: _move_axis,
    Motion.TRANSPOSE: _transpose,
    Motion.MATRIX_TRANSPOSE: _matrix_transpose,
    Motion.EXPAND: _expand,
    Motion.REPEAT: _repeat,
    Motion.REPEAT_EACH: _repeat_each,
    Motion.SELECT: _select,
    Motion.TAKE: _take,
    Motion.SPLIT: _split,
    Motion.GATHER: _gather_values,
    Motion.PERMUTE_WITHIN: _within,
}
