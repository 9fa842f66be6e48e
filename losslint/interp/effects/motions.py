"""Effects that move numbers about, fold axes away, or put tensors together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, Size, exact
from losslint.domain.kind import (
    Bounded,
    ClassIndex,
    Kind,
    Logits,
    LogProbs,
    LogSigmoid,
    OneHot,
    Probs,
    SigmoidProbs,
    Truth,
    Unspecified,
    with_dim,
)
from losslint.domain.lattice import choice, join_kinds, options_of
from losslint.domain.origin import Origin
from losslint.domain.value import Const, ListValue, Option, Repeated, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.effects.kinds import constant_integer
from losslint.interp.iteration import iterate
from losslint.interp.subscripts import add_axis, drop_axis
from losslint.knowledge.operators import LOG_SUM, SUM
from losslint.knowledge.schema import Fold, Gather, Motion, Move, Reduction

OVER = Probs | LogProbs | OneHot
_SUMS: Mapping[Reduction, str] = {Reduction.SUM: SUM, Reduction.LOGSUMEXP: LOG_SUM}


def move(effect: Move, call: EffectCall, given: Value | None) -> Value:
    """The same numbers, elsewhere."""
    if not isinstance(given, Tensor):
        return Unknown("moved numbers of something that is not followed") if given is None else given
    if effect.drops and effect.motion is Motion.SPLIT:
        axis = call.integer("dim")
        return Repeated(drop_axis(given, axis) if axis is not None and axis >= 0 else _part(given, axis))
    return _MOTIONS[effect.motion](call, given)


def _integers(call: EffectCall, *names: str) -> list[int | None] | None:
    """Integers given one by one or as a tuple; None where their number is unknown."""
    for name in names:
        value = call.value(name)
        if value is None:
            continue
        if isinstance(value, TupleValue) and len(value.items) == 1 and not isinstance(value.items[0], Const):
            value = value.items[0]
        if isinstance(value, Const):
            return [constant_integer(value)]
        if isinstance(value, TupleValue | ListValue):
            held = iterate(value, call.frame)
            if isinstance(held, TupleValue):
                return [constant_integer(item) for item in held.items]
    return None


def _view(call: EffectCall, given: Tensor) -> Value:
    sizes = _integers(call, "shape", "size", "sizes")
    if sizes is None:
        return Tensor(with_dim(given.kind, None), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
    known: list[Size] = [size if size is not None and size >= 0 else None for size in sizes]
    shape, kind = exact(*known), given.kind
    if isinstance(kind, OVER):
        last = given.shape.rank is None or kind.dim in (-1, given.shape.rank - 1)
        same_last = len(known) > 1 and (
            given.shape.at(-1) is None or given.shape.at(-1) == known[-1] or known[-1] is None
        )
        if len(known) == 1 and not isinstance(kind, OneHot):
            kind = replace(kind, dim=None, whole=False)
        else:
            kind = with_dim(kind, len(known) - 1 if last and same_last and kind.dim in (1, -1) else None)
    return Tensor(kind, shape, given.dtype, given.origin, given.watched)


def _view_as(call: EffectCall, given: Tensor) -> Value:
    other = call.value("other")
    shape = other.shape if isinstance(other, Tensor) else UNKNOWN_SHAPE
    return Tensor(with_dim(given.kind, None), shape, given.dtype, given.origin, given.watched)


def _flatten(call: EffectCall, given: Tensor) -> Value:
    start = call.integer("start_dim")
    shape = exact(given.shape.at(0), None) if start == 1 and call.integer("end_dim") == -1 else UNKNOWN_SHAPE
    if given.shape.rank == 2 and start == 1:
        return given
    return Tensor(with_dim(given.kind, None), shape, given.dtype, given.origin, given.watched)


def _squeeze(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None:
        size = given.shape.at(-1)
        shape = exact(given.shape.at(0)) if given.shape.rank == 2 and size == 1 else UNKNOWN_SHAPE
        return Tensor(with_dim(given.kind, None), shape, given.dtype, given.origin, given.watched)
    at = given.shape.normal(axis)
    if at is None or at < 0:
        back = given.shape.back[:-1] if axis == -1 else ()
        return Tensor(
            with_dim(given.kind, None), Shape(given.shape.front[:1], back), given.dtype, given.origin, given.watched
        )
    if given.shape.rank is None and at >= len(given.shape.front) and given.shape.at(-1) == 1:  # it may be the last
        return Tensor(with_dim(given.kind, None), Shape(given.shape.front), given.dtype, given.origin, given.watched)
    dropped = drop_axis(given, at)
    return given if given.shape.at(at) not in (1, None) else dropped


def _unsqueeze(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None:
        return Tensor(with_dim(given.kind, None), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
    if axis < 0:
        rank = given.shape.rank
        if rank is None:
            kind = given.kind
            moved = kind.dim - 1 if isinstance(kind, OVER) and kind.dim is not None and kind.dim < 0 else None
            return Tensor(with_dim(kind, moved), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
        axis += rank + 1
    return add_axis(given, axis)


def _permute(call: EffectCall, given: Tensor) -> Value:
    order = _integers(call, "dims")
    if order is None or any(at is None for at in order):
        return Tensor(with_dim(given.kind, None), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
    rank = len(order)
    places = [at + rank if at is not None and at < 0 else at for at in order]
    return _reordered(given, [at if at is not None else 0 for at in places])


def _reordered(given: Tensor, places: list[int]) -> Tensor:
    rank, kind = len(places), given.kind
    shape = given.shape if given.shape.exact else Shape((*given.shape.front, *(None,) * rank)[:rank], exact=True)
    if not given.shape.exact and given.shape.back:
        shape = shape.with_last(given.shape.back[-1])
    if isinstance(kind, OVER) and kind.dim is not None:
        at = kind.dim + rank if kind.dim < 0 else kind.dim
        kind = with_dim(kind, places.index(at) if at in places else None)
    if len(shape.front) != rank:
        return Tensor(kind, UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
    return Tensor(
        kind,
        exact(*(shape.front[at] if at < rank else None for at in places)),
        given.dtype,
        given.origin,
        given.watched,
    )


def _transpose(call: EffectCall, given: Tensor) -> Value:
    one = call.integer("dim0")
    two = call.integer("dim1")
    rank = given.shape.rank
    if one is None or two is None:
        return Tensor(with_dim(given.kind, None), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
    if rank is None:
        if isinstance(given.kind, OVER) and given.kind.dim in (one, two):
            other = two if given.kind.dim == one else one
            return Tensor(with_dim(given.kind, other), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
        kept = (
            given.kind if not isinstance(given.kind, OVER) or (one >= 0) == (two >= 0) else with_dim(given.kind, None)
        )
        return Tensor(kept, UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)
    if rank == 0:
        return given
    places = list(range(rank))
    one, two = one % rank, two % rank
    places[one], places[two] = two, one
    return _reordered(given, places)


def _matrix_transpose(call: EffectCall, given: Tensor) -> Value:
    if given.shape.rank == 2 or given.shape.rank is None:
        return _reordered(given, [1, 0])
    return Tensor(with_dim(given.kind, None), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)


def _loosened(call: EffectCall, given: Tensor) -> Value:
    """Axes were repeated or moved in a way that is not followed: the numbers are the same, the axis is unknown."""
    return Tensor(with_dim(given.kind, None), UNKNOWN_SHAPE, given.dtype, given.origin, given.watched)


def _part(given: Tensor, axis: int | None, shape: Shape = UNKNOWN_SHAPE) -> Tensor:
    """Some of the numbers along `axis`."""
    kind = given.kind
    if isinstance(kind, Probs | LogProbs):
        at = given.shape.normal(kind.dim)
        apart = axis is not None and at is not None and at >= 0 and axis >= 0 and at != axis
        kind = kind if apart else replace(kind, whole=False)
    return Tensor(
        ClassIndex() if isinstance(kind, ClassIndex) else kind, shape, given.dtype, given.origin, given.watched
    )


def _select(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None or axis < 0 or constant_integer(call.value("index")) is None:
        return _part(given, axis)
    return drop_axis(given, axis)


def _split(call: EffectCall, given: Tensor) -> Value:
    axis = call.integer("dim")
    if axis is None:
        axis = 0
    part = _part(given, axis, given.shape.with_axis(axis, None) if axis >= 0 else UNKNOWN_SHAPE)
    count = call.integer("chunks")
    return TupleValue((part,) * count) if count is not None and 0 < count <= 16 else Repeated(part)


def _gather_values(call: EffectCall, given: Tensor) -> Value:
    return _part(given, call.integer("dim"))


def _within(call: EffectCall, given: Tensor) -> Value:
    return given


_MOTIONS: Mapping[Motion, Callable[[EffectCall, Tensor], Value]] = {
    Motion.VIEW: _view,
    Motion.VIEW_AS: _view_as,
    Motion.FLATTEN: _flatten,
    Motion.SQUEEZE: _squeeze,
    Motion.UNSQUEEZE: _unsqueeze,
    Motion.PERMUTE: _permute,
    Motion.TRANSPOSE: _transpose,
    Motion.MATRIX_TRANSPOSE: _matrix_transpose,
    Motion.EXPAND: _loosened,
    Motion.SELECT: _select,
    Motion.SPLIT: _split,
    Motion.GATHER: _gather_values,
    Motion.PERMUTE_WITHIN: _within,
}


def fold(effect: Fold, call: EffectCall, given: Value | None) -> Value:
    """An axis folded away."""
    if not isinstance(given, Tensor):
        return _fold_unknown(effect, call)
    axis = call.integer("dim")
    other = call.value("other")
    if other is None and isinstance(call.bound.value("dim"), Tensor):
        other = call.bound.value("dim")
    if isinstance(other, Tensor):
        kind = join_kinds(given.kind, other.kind)
        return Tensor(
            kind if kind is not None else Unspecified("the larger of two"), given.shape, given.dtype, given.origin
        )
    has_axis = call.given("dim")
    shape = _without(given.shape, axis, call.flag("keepdim") is True) if has_axis else UNKNOWN_SHAPE
    indices = Tensor(
        ClassIndex(0, _last_index(given, axis)), shape, "int64", call.made("an index of the largest", given)
    )
    if effect.reduction is Reduction.INDEX:
        return indices
    mixed = Origin(call.site, "averaged here", given.origin, mixes=True)
    origin = mixed if effect.reduction is Reduction.MEAN and given.origin is not None else given.origin
    if effect.reduction in _SUMS and has_axis and origin is not None:
        origin = Origin(call.site, "summed here", origin, by=_SUMS[effect.reduction], given=given, axis=axis)
    folded = Tensor(_folded(effect.reduction, given, axis, has_axis), shape, given.dtype, origin)
    if effect.pair and has_axis:
        return TupleValue((folded, indices), ("values", "indices"))
    return folded


def _fold_unknown(effect: Fold, call: EffectCall) -> Value:
    indices = Tensor(ClassIndex(0, None), UNKNOWN_SHAPE, "int64")
    if effect.reduction is Reduction.INDEX:
        return indices
    value = Unknown("a reduction of something that is not followed")
    return TupleValue((value, indices), ("values", "indices")) if effect.pair and call.given("dim") else value


def _last_index(given: Tensor, axis: int | None) -> int | None:
    size = given.shape.at(axis) if axis is not None else None
    return None if size is None else size - 1


def _without(shape: Shape, axis: int | None, keeps: bool) -> Shape:
    if axis is None or not shape.exact or not -len(shape.front) <= axis < len(shape.front):
        return UNKNOWN_SHAPE
    axis %= len(shape.front)
    return exact(*shape.front[:axis], *((1,) if keeps else ()), *shape.front[axis + 1 :])


def _folded(reduction: Reduction, given: Tensor, axis: int | None, has_axis: bool) -> Kind:
    kind = given.kind
    why = Unspecified(f"the {reduction.value} of a tensor")
    if reduction is Reduction.TRUTH:
        return Truth()
    if not has_axis or reduction is Reduction.LOGSUMEXP:
        return why
    if isinstance(kind, Logits):
        return kind
    if reduction is Reduction.MEAN:
        if isinstance(kind, SigmoidProbs | Bounded):
            return kind
        if isinstance(kind, Probs) and axis is not None and axis >= 0:
            at = given.shape.normal(kind.dim)
            if at is not None and at >= 0 and at != axis:
                return replace(kind, dim=at - 1 if at > axis else at)
        return why
    if reduction is Reduction.LARGEST and isinstance(kind, Probs | LogProbs):
        return replace(kind, dim=None, whole=False)
    return kind if reduction is Reduction.LARGEST and not isinstance(kind, OneHot) else why


def gather(effect: Gather, call: EffectCall, given: Value | None) -> Value:
    """cat and stack: where all parts are of one kind, so is the whole."""
    if given is None:
        return Unknown("nothing to put together")
    held = iterate(given, call.frame)
    items = held.items if isinstance(held, TupleValue) else (held.element, *held.tail)
    items = tuple(item for item in items if not _is_empty(item)) or items
    if not items:
        return Unknown("nothing to put together")
    axis = call.integer("dim")
    columns = _columns(items, axis, call)
    if columns is not None:
        return columns
    united = options_of(choice(Option(frozenset(), item) for item in items))
    combined = [Option(option.guard, _put_together(effect.stack, option.value, axis)) for option in united]
    if len(combined) > 1 and not _are_alternatives(items):
        return Tensor(Unspecified("parts of different kinds put together"))
    return choice(combined)


def _columns(items: tuple[Value, ...], axis: int | None, call: EffectCall) -> Tensor | None:
    """Sigmoids put together of which some are one minus others: two of one score are the probabilities of two classes."""
    parts = [item for item in items if isinstance(item, Tensor) and isinstance(item.kind, SigmoidProbs | LogSigmoid)]
    if len(parts) != len(items) or len(parts) < 2 or len({type(part.kind) for part in parts}) != 1:
        return None
    ways = [_way(part) for part in parts]
    shared = next((step for step in ways[0] if step in ways[1]), None)
    turned = [sum(step.flips for step in (way[: way.index(shared)] if shared in way else way)) % 2 for way in ways]
    if not any(turned) and (shared is not None or isinstance(parts[0].kind, SigmoidProbs)):
        return None
    if len(parts) != 2 or shared is None or turned[0] == turned[1]:
        return Tensor(Unspecified("sigmoids and their complements put together"), UNKNOWN_SHAPE, parts[0].dtype)
    kind: Kind = Probs(axis) if isinstance(parts[0].kind, SigmoidProbs) else LogProbs(axis)
    origin = Origin(call.site, "put beside its complement", parts[0].origin, mixes=True)
    return Tensor(kind, UNKNOWN_SHAPE, parts[0].dtype, origin)


def _way(tensor: Tensor) -> list[Origin]:
    return [] if tensor.origin is None else list(tensor.origin.steps())


def _is_empty(value: Value) -> bool:
    """True for a tensor without numbers, such as the start of a chain of cats."""
    return isinstance(value, Tensor) and value.shape.exact and value.shape.front == (0,)


def _are_alternatives(items: tuple[Value, ...]) -> bool:
    """True where each part is itself a choice, so that the whole may be of one kind in each case."""
    return len(set(items)) == 1


def _put_together(stack: bool, value: Value, axis: int | None) -> Value:
    if not isinstance(value, Tensor):
        return Unknown("parts that are not followed, put together")
    kind = value.kind
    if isinstance(kind, OVER) and kind.dim is not None:
        if stack:
            kind = with_dim(
                kind, kind.dim + 1 if axis is not None and 0 <= axis <= kind.dim else None if axis is None else kind.dim
            )
        elif axis == kind.dim or axis is None:
            kind = (
                replace(kind, whole=False) if not isinstance(kind, OneHot) else Unspecified("one-hot rows side by side")
            )
    return Tensor(kind, UNKNOWN_SHAPE, value.dtype, value.origin, value.watched)
