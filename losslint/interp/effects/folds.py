"""Effects that fold axes away, put numbers in order, or put tensors together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, Size, broadcast, exact, meet, of_rank
from losslint.domain.dtype import promote
from losslint.domain.kind import (
    Bounded,
    ClassIndex,
    Filled,
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
from losslint.domain.value import Const, Option, Tensor, TupleValue, Unknown, Value
from losslint.interp.axes import OVER, add_axis, meets, narrowed
from losslint.interp.effects.effect_call import EffectCall, constant_integer, size_of
from losslint.interp.iteration import iterate
from losslint.knowledge.operators import LOG_SUM, SUM
from losslint.knowledge.tensor_effects import Fold, Gather, Order, Reduction, Typed

_SUMS: Mapping[Reduction, str] = {Reduction.SUM: SUM, Reduction.LOGSUMEXP: LOG_SUM}
_TYPED: Mapping[Reduction, str | Typed] = {
    Reduction.MEAN: Typed.FLOATED,
    Reduction.SUM: Typed.SUMMED,
    Reduction.LARGEST: Typed.KEPT,
    Reduction.LOGSUMEXP: Typed.FLOATED,
    Reduction.INDEX: "int64",
    Reduction.TRUTH: "bool",
    Reduction.PRODUCT: Typed.SUMMED,
    Reduction.SPREAD: Typed.FLOATED,
}


def fold(effect: Fold, call: EffectCall, given: Value | None) -> Value:
    """An axis folded away."""
    other = call.value("other")
    if other is None and isinstance(call.bound.value("dim"), Tensor):
        other = call.bound.value("dim")
    named = call.bound.arguments.get("dim")
    if effect.pair and named is not None and named.keyword is None and isinstance(call.value("dim"), Unknown):
        return Unknown("the largest along an axis, or of two tensors")
    if not isinstance(given, Tensor):
        return _fold_unknown(effect, call) if other is None else Unknown("the larger of each two numbers")
    if isinstance(other, Tensor):
        return _larger(given, other)
    has_axis, axes = _axes(call)
    axis = axes[0] if axes is not None and len(axes) == 1 else None
    shape = _without(given.shape, axes, call.flag("keepdim")) if has_axis or axes == [] else UNKNOWN_SHAPE
    dtype = given.dtype if effect.reduction is Reduction.LARGEST else call.dtype(_TYPED[effect.reduction], given.dtype)
    if effect.reduction is Reduction.TRUTH and given.dtype == "uint8":
        dtype = "uint8"
    origin = call.made("an index of the largest", given)
    indices = Tensor(ClassIndex(0, _last_index(given, axis, has_axis)), shape, "int64", origin)
    if effect.reduction is Reduction.INDEX:
        return indices
    mixed = Origin(call.site, "averaged here", given.origin, mixes=True)
    origin_of = mixed if effect.reduction is Reduction.MEAN and given.origin is not None else given.origin
    if effect.reduction in _SUMS and has_axis and origin_of is not None:
        origin_of = Origin(call.site, "summed here", origin_of, by=_SUMS[effect.reduction], given=given, axis=axis)
    folded = Tensor(_folded(effect.reduction, given, axis, has_axis), shape, dtype, origin_of)
    if effect.pair and has_axis:
        return TupleValue((folded, indices), ("values", "indices"))
    return folded


def _axes(call: EffectCall) -> tuple[bool, list[int] | None]:
    """Whether the call names axes, and which (none of them: all); None where they are not known."""
    value = call.value("dim")
    if value is None or value == Const(None):
        return False, [] if not call.bound.open and not call.bound.surplus else None
    items = call.integers("dim")
    if items is None:
        return True, None
    numbers = [constant_integer(item) for item in items]
    known = [number for number in numbers if number is not None]
    return bool(items), known if len(known) == len(numbers) else None


def _larger(given: Tensor, other: Tensor) -> Tensor:
    """The larger of each two numbers."""
    kind = join_kinds(given.kind, other.kind)
    shape = broadcast(given.shape, other.shape)
    dtype = promote(given.dtype, given.shape.rank, other.dtype, other.shape.rank)
    return Tensor(kind if kind is not None else Unspecified("the larger of two"), shape, dtype, given.origin)


def _fold_unknown(effect: Fold, call: EffectCall) -> Value:
    indices = Tensor(ClassIndex(0, None), UNKNOWN_SHAPE, "int64")
    if effect.reduction is Reduction.INDEX:
        return indices
    value = Unknown("a reduction of something that is not followed")
    return TupleValue((value, indices), ("values", "indices")) if effect.pair and call.given("dim") else value


def _last_index(given: Tensor, axis: int | None, has_axis: bool) -> int | None:
    size = given.shape.at(axis) if axis is not None else None if has_axis else given.shape.count
    return None if size is None else size - 1


def _without(shape: Shape, axes: list[int] | None, keeps: bool | None) -> Shape:
    """The shape with these axes folded away (all where none are named), or down to a length of 1."""
    if keeps is None:
        return UNKNOWN_SHAPE
    rank = shape.rank
    if axes is None:
        return of_rank(rank) if keeps else UNKNOWN_SHAPE
    if not axes:
        return exact(*(1,) * rank) if keeps and rank is not None else UNKNOWN_SHAPE if keeps else exact()
    if rank == 0 or (keeps and _may_be_single(shape, axes)):
        return shape
    if rank is None and len({axis >= 0 for axis in axes}) > 1:
        return UNKNOWN_SHAPE
    places = sorted(
        {axis % rank if rank is not None else axis for axis in axes}, reverse=axes[0] >= 0 or rank is not None
    )
    for at in places:
        shape = shape.with_axis(at, 1) if keeps else shape.without(at)
    return shape


def _may_be_single(shape: Shape, axes: list[int]) -> bool:
    """True where a tensor may have no axes at all: its first and its last axis may be spoken of nevertheless."""
    return shape.least == 0 and not shape.exact and all(axis in (0, -1) for axis in axes)


def _folded(reduction: Reduction, given: Tensor, axis: int | None, has_axis: bool) -> Kind:
    kind = given.kind
    why = Unspecified(f"the {reduction.value} of a tensor")
    if reduction is Reduction.TRUTH:
        return Truth()
    if not has_axis or reduction in (Reduction.LOGSUMEXP, Reduction.PRODUCT, Reduction.SPREAD):
        return why
    if isinstance(kind, Logits):
        return kind
    if reduction is Reduction.MEAN:
        if isinstance(kind, SigmoidProbs | Bounded):
            return kind
        return _averaged(given, kind, axis) if isinstance(kind, Probs) and axis is not None else why
    if reduction is Reduction.LARGEST and isinstance(kind, Probs | LogProbs):
        return replace(kind, dim=None, whole=False)
    return kind if reduction is Reduction.LARGEST and not isinstance(kind, OneHot) else why


def _averaged(given: Tensor, kind: Probs, axis: int) -> Kind:
    """Probabilities averaged over another axis than their own still sum to 1."""
    at, dim = given.shape.normal(axis), given.shape.normal(kind.dim)
    if at is None or dim is None or at < 0 or dim < 0 or at == dim:
        return Unspecified("the mean of a tensor")
    return replace(kind, dim=dim - 1 if dim > at else dim)


def order(effect: Order, call: EffectCall, given: Value | None) -> Value:
    """Numbers along an axis in another order, and where they stood."""
    axis = call.integer("dim")
    shape = UNKNOWN_SHAPE
    values: Value = Unknown("numbers of something that is not followed, in order")
    last: int | None = None
    if isinstance(given, Tensor):
        size: Size = given.shape.size(axis) if axis is not None else None
        last = size - 1 if isinstance(size, int) else None
        wanted = size_of(call.value(effect.count)) if effect.count is not None else size
        if given.shape.rank == 0:
            shape = given.shape
        elif axis is not None and not _may_be_single(given.shape, [axis]):
            shape = given.shape.with_axis(axis, wanted)
        values = replace(_put_in_order(given, axis, effect), shape=shape)
    indices = Tensor(ClassIndex(0, last), shape, "int64", call.made("the places of numbers in order", given))
    return indices if effect.indices else TupleValue((values, indices), ("values", "indices"))


def _put_in_order(given: Tensor, axis: int | None, effect: Order) -> Tensor:
    """The numbers of each row in an order of its own: only the axis that is sorted keeps its sum."""
    kind = given.kind
    if isinstance(kind, OVER):
        same = meets(given, axis) is True and effect.count is None and effect.same
        part: Kind = Unspecified("rows put together anew") if isinstance(kind, OneHot) else replace(kind, whole=False)
        return replace(given, kind=kind if same else part)
    return given if effect.count is None and effect.same else narrowed(given, None)


def gather(effect: Gather, call: EffectCall, given: Value | None) -> Value:
    """cat and stack: where all parts are of one kind, so is the whole."""
    if given is None:
        return Unknown("nothing to put together")
    held = iterate(given, call.frame)
    items = held.items if isinstance(held, TupleValue) else (held.element, *held.tail)
    if effect.rows:
        items = tuple(map(_as_rows, items))
    full = tuple(item for item in items if not _is_empty(item)) or items
    if not items:
        return Unknown("nothing to put together")
    axis = call.integer("dim") if call.value("dim") is not None else 0
    shape = _whole_shape(effect.stack, full, axis, isinstance(held, TupleValue))
    dtype = _whole_dtype(items)
    columns = _columns(full, axis, call)
    if columns is not None:
        several = not effect.stack and any(_length_along(item, axis) not in (1, None) for item in full)
        if several and isinstance(columns.kind, OVER):
            columns = replace(columns, kind=Unspecified("several columns beside their complements"))
        dim = shape.normal(columns.kind.dim) if isinstance(columns.kind, OVER) else None
        return replace(columns, shape=shape, dtype=dtype, kind=with_dim(columns.kind, dim))
    if not _may_be_canvas(full):
        return Tensor(Unspecified("parts of different kinds put together"), shape, dtype)
    united = options_of(choice(Option(frozenset(), item) for item in full))
    if len(united) > 1 and not _are_alternatives(full):
        return Tensor(Unspecified("parts of different kinds put together"), shape, dtype)
    if len(united) > 1 or len(items) == 1:
        alone = len(items) == 1 and isinstance(held, TupleValue)
        combined = [Option(one.guard, _put_together(effect.stack, one.value, axis, alone)) for one in united]
        return choice(combined)
    whole = _put_together(effect.stack, united[0].value, axis, False)
    return replace(whole, shape=shape, dtype=dtype) if isinstance(whole, Tensor) else whole


def _may_be_canvas(items: tuple[Value, ...]) -> bool:
    """False where tensors of one number that is not zero stand beside others, which do not take over their kind."""
    kinds = [item.kind for item in items if isinstance(item, Tensor)]
    filled = [kind for kind in kinds if isinstance(kind, Filled)]
    return len(filled) in (0, len(kinds)) or all(kind.value in (0, None) for kind in filled)


def _length_along(value: Value, axis: int | None) -> int | None:
    return value.shape.at(axis) if isinstance(value, Tensor) and axis is not None else None


def _as_rows(value: Value) -> Value:
    """A tensor of two axes at least."""
    if not isinstance(value, Tensor):
        return value
    if value.shape.rank is None:
        return replace(value, shape=UNKNOWN_SHAPE)
    rows = value
    while len(rows.shape.front) < 2:
        rows = add_axis(rows, 0)
    return rows


def _whole_shape(stack: bool, items: tuple[Value, ...], axis: int | None, counted: bool) -> Shape:
    """The shape of parts put together, `counted` where all of them are seen."""
    shapes = [item.shape for item in items if isinstance(item, Tensor)]
    if len(shapes) != len(items) or axis is None:
        return UNKNOWN_SHAPE
    first = shapes[0]
    if any(shape.rank is None or shape.rank != first.rank for shape in shapes):
        return UNKNOWN_SHAPE
    rank = len(first.front)
    if stack:
        agreed = exact(*(reduce(meet, sizes) for sizes in zip(*(shape.front for shape in shapes), strict=True)))
        return agreed.with_new(axis, len(shapes) if counted else None)
    if not -rank <= axis < rank:
        return UNKNOWN_SHAPE
    sizes = [reduce(meet, of_axis) for of_axis in zip(*(shape.front for shape in shapes), strict=True)]
    along = [shape.at(axis) for shape in shapes]
    known = [size for size in along if size is not None]
    sizes[axis] = sum(known) if counted and len(known) == len(along) else None
    return exact(*sizes)


def _whole_dtype(items: tuple[Value, ...]) -> str | None:
    tensors = [item for item in items if isinstance(item, Tensor)]
    if len(tensors) != len(items):
        return None
    dtype, rank = tensors[0].dtype, tensors[0].shape.rank
    for one in tensors[1:]:
        dtype = promote(dtype, rank, one.dtype, one.shape.rank)
        rank = rank if rank == one.shape.rank else None
    return dtype


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
    return isinstance(value, Tensor) and value.shape.exact and 0 in value.shape.front


def _are_alternatives(items: tuple[Value, ...]) -> bool:
    """True where each part is itself a choice, so that the whole may be of one kind in each case."""
    return len(set(items)) == 1


def _put_together(stack: bool, value: Value, axis: int | None, alone: bool) -> Value:
    """A whole of parts that are all alike; `alone` where there is just one part."""
    if not isinstance(value, Tensor):
        return Unknown("parts that are not followed, put together")
    if stack:
        whole = add_axis(value, axis) if axis is not None else replace(value, kind=with_dim(value.kind, None))
        shape = UNKNOWN_SHAPE if axis is None else value.shape.with_new(axis, 1 if alone else None)
        return replace(whole, shape=shape)
    shape = value.shape if alone else UNKNOWN_SHAPE if axis is None else value.shape.with_axis(axis, None)
    return replace(value, shape=shape, kind=_beside(value, axis, alone))


def _beside(value: Tensor, axis: int | None, alone: bool) -> Kind:
    """The kind of parts that stand beside one another along an axis."""
    kind = value.kind
    if alone or not isinstance(kind, OVER) or meets(value, axis) is False:
        return kind
    if axis is not None and meets(value, axis) is None and kind.dim is None:
        return kind if axis == 0 else with_dim(kind, None)
    return Unspecified("one-hot rows side by side") if isinstance(kind, OneHot) else replace(kind, whole=False)
