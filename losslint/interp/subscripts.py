"""Subscripts: of tuples, lists, dicts, containers of layers, and tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from losslint.domain.dim import UNKNOWN_SHAPE, Shape
from losslint.domain.kind import ClassIndex, Filled, Kind, LogProbs, OneHot, Probs, Unspecified, with_dim
from losslint.domain.lattice import MAX_OPTIONS, choice, element_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    Choice,
    ClassValue,
    Const,
    Entries,
    Instance,
    Library,
    LibraryMethod,
    LibraryObject,
    ListValue,
    ModuleValue,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TestKey,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.branches import each
from losslint.interp.frame import Frame
from losslint.interp.importing import import_by_name
from losslint.interp.iteration import contents, new_list
from losslint.interp.registries import settle
from losslint.interp.scalars import is_every


def subscript(node: cst.Subscript, value: Value, frame: Frame) -> Value:
    """`value[...]`"""
    parts = [element.slice for element in node.slice]
    if value == Library("sys.modules") and len(parts) == 1 and isinstance(parts[0], cst.Index):
        name = frame.evaluate(parts[0].value)
        is_this = isinstance(name, Const) and name.value == ".".join(frame.unit.parts)
        return ModuleValue(frame.unit.key) if is_this else import_by_name(name, frame)
    if isinstance(value, Library | ClassValue):
        return value  # a generic alias: List[int]
    if len(parts) == 1 and isinstance(parts[0], cst.Index):
        index = frame.evaluate(parts[0].value)
        return each(frame, value, lambda one: item_of(one, index, frame))
    for part in parts:
        if isinstance(part, cst.Index):
            frame.evaluate(part.value)
    return each(frame, value, lambda one: _sliced(one, parts, frame))


def item_of(value: Value, index: Value, frame: Frame) -> Value:
    """`value[index]` with a single index."""
    if isinstance(index, Choice) and not isinstance(value, Tensor):
        return each(frame, index, lambda one: item_of(value, one, frame))
    if isinstance(value, Tensor):
        return index_tensor(value, index)
    settle(value, index, frame)
    held = contents(value, frame)
    match held:
        case TupleValue(items):
            return _pick(items, index, held.names)
        case Repeated():
            return _pick_repeated(held, index)
        case Entries():
            if (
                isinstance(value, LibraryObject | Instance)
                and isinstance(index, Const)
                and isinstance(index.value, int)
            ):
                return _pick(tuple(item for _, item in held.known), index)
            return look_up(held, index, frame)
        case Choice(options):
            return choice(Option(option.guard, item_of(option.value, index, frame)) for option in options)
    if isinstance(value, Instance):
        return _user_item(value, index, frame)
    if isinstance(value, LibraryObject):
        return frame.run.machine.sample_of(value, index, frame)
    if isinstance(value, LibraryMethod):  # the dict of an object
        site = Site(None, frame.unit)
        getter = frame.run.machine.attribute(value, "__getitem__", site, frame)
        return frame.run.machine.call(getter, (Argument(index, site),), site, frame)
    if isinstance(value, Unknown):
        symbol = _symbol_of_item(value, index)
        written = frame.store.read((value.symbol, index)) if symbol is not None else None
        return written if written is not None else Unknown(value.why, symbol)
    return Unknown("an element of something that is not followed")


def _symbol_of_item(value: Unknown, index: Value) -> TestKey | None:
    """The name of an element of something unknown, where its index is known or has a name."""
    if value.symbol is None or not isinstance(index, Const | Scalar):
        return None
    if isinstance(index, Const):
        return ("item", value.symbol, index)
    return None if index.symbol is None else ("item", value.symbol, index.symbol)


def _user_item(value: Instance, index: Value, frame: Frame) -> Value:
    site = Site(None, frame.unit)
    method = frame.run.machine.attribute(value, "__getitem__", site, frame)
    if isinstance(method, Unknown):
        return Unknown("an element of an object that is not followed")
    return frame.run.machine.call(method, (Argument(index, site),), site, frame)


def _pick(items: tuple[Value, ...], index: Value, names: tuple[str, ...] = ()) -> Value:
    if isinstance(index, Const):
        if isinstance(index.value, int) and -len(items) <= index.value < len(items):
            return items[index.value]
        if isinstance(index.value, str) and index.value in names:
            return items[names.index(index.value)]
        return Unknown("an index out of range")
    return element_of((TupleValue(items),)) if items else Unknown("an element of nothing")


def _pick_repeated(held: Repeated, index: Value) -> Value:
    if isinstance(index, Const) and isinstance(index.value, int) and -len(held.tail) <= index.value < 0:
        return held.tail[index.value]
    return element_of((held,))


def look_up(held: Entries, index: Value, frame: Frame) -> Value:
    """The entry of a dict; an unknown key gives a choice, each alternative under the test that selects it."""
    if isinstance(index, Const):
        for key, value in held.known:
            if key == index.value and type(key) is type(index.value):
                return value
        return held.rest if held.rest is not None else Unknown("a key that is not there")
    options = [Option(_key_guard(index, key), value) for key, value in held.known]
    if held.rest is not None:
        options.append(Option(frozenset(), held.rest))
    if len(options) > MAX_OPTIONS:
        usual = [option for option in options if frame.run.is_plain(option.guard)]
        options = [*usual, Option(frozenset(), Unknown("one of many entries"))]
    return frame.store.narrowed(choice(options)) if options else Unknown("an entry of an empty dict")


def _key_guard(index: Value, key: object) -> frozenset[tuple[tuple[object, ...], object]]:
    if isinstance(index, Unknown) and index.symbol is not None and isinstance(key, str | int | bool | float):
        return frozenset({(("==", index.symbol, Const(key)), True)})
    return frozenset()


def _sliced(value: Value, parts: Sequence[cst.BaseSlice], frame: Frame) -> Value:
    if isinstance(value, Tensor):
        return slice_tensor(value, parts, frame)
    held = contents(value, frame)
    if len(parts) != 1 or not isinstance(parts[0], cst.Slice):
        return Unknown("a subscript that is not followed")
    if isinstance(held, Entries) and isinstance(value, LibraryObject):
        held = TupleValue(tuple(item for _, item in held.known))
    if isinstance(held, TupleValue):
        bounds = [_bound(bound, frame) for bound in (parts[0].lower, parts[0].upper, parts[0].step)]
        known = [bound for bound in bounds if not isinstance(bound, Unknown)]
        kept: TupleValue | Repeated
        if len(known) == 3:
            kept = TupleValue(held.items[slice(known[0], known[1], known[2] or None)])
        else:
            kept = Repeated(element_of((held,)) if held.items else Unknown("an element of nothing"))
        return _same_type(value, kept, frame)
    if isinstance(held, Repeated):
        return _same_type(value, held if parts[0].upper is None else Repeated(element_of((held,))), frame)
    return Unknown("a slice of something that is not followed")


def _same_type(value: Value, kept: TupleValue | Repeated, frame: Frame) -> Value:
    if isinstance(value, ListValue):
        return new_list(kept, frame)
    if isinstance(value, LibraryObject):
        identity = frame.run.fresh()
        entries = (
            Entries(tuple((str(number), item) for number, item in enumerate(kept.items)))
            if isinstance(kept, TupleValue)
            else kept
        )
        frame.store.write((identity, "items"), entries)
        return replace(value, identity=identity)
    return kept


def _bound(bound: cst.BaseExpression | None, frame: Frame) -> int | Unknown | None:
    if bound is None:
        return None
    value = frame.evaluate(bound)
    if isinstance(value, Const) and (value.value is None or isinstance(value.value, int)):
        return value.value
    return Unknown("a bound made at run time")


def index_tensor(tensor: Tensor, index: Value) -> Value:
    """`tensor[index]`: an integer drops the first axis, a mask or a tensor of indices keeps what the rows are."""
    if isinstance(index, Const) and isinstance(index.value, int) and not isinstance(index.value, bool):
        return drop_axis(tensor, 0)
    if isinstance(index, Const) and index.value is None:
        return add_axis(tensor, 0)
    if isinstance(index, Scalar):
        row = drop_axis(tensor, 0)
        return (
            replace(row, kind=tensor.kind, watched=tensor.watched)
            if is_every(index) and isinstance(tensor.kind, ClassIndex)
            else row
        )
    if isinstance(index, TupleValue):
        return _with_indices(tensor, list(index.items))
    if isinstance(index, Tensor):
        return Tensor(_fewer(tensor.kind), _first_unknown(tensor.shape), tensor.dtype, tensor.origin, tensor.watched)
    if isinstance(index, Const) and index.value is ...:
        return tensor
    return Tensor(_unsure(tensor), UNKNOWN_SHAPE, tensor.dtype, tensor.origin, tensor.watched)


def _unsure(tensor: Tensor) -> Kind:
    """The kind after an index that may be an integer or a mask: the axis is not known any more."""
    return _fewer(with_dim(tensor.kind, None))


def _fewer(kind: Kind) -> Kind:
    """The kind of some of the rows: a range of labels need not be reached any more."""
    return ClassIndex() if isinstance(kind, ClassIndex) else kind


def _first_unknown(shape: Shape) -> Shape:
    if shape.front:
        return replace(shape, front=(None, *shape.front[1:]))
    return shape


def drop_axis(tensor: Tensor, axis: int) -> Tensor:
    """The tensor at one index of an axis (counted from the front)."""
    kind = _fewer(tensor.kind)
    if isinstance(kind, Probs | LogProbs | OneHot) and kind.dim is not None:
        at = tensor.shape.normal(kind.dim)
        if at == axis:
            kind = (
                replace(kind, dim=None, whole=False)
                if not isinstance(kind, OneHot)
                else Unspecified("a part of one-hot")
            )
        elif at is not None and at > axis:
            kind = replace(kind, dim=at - 1)
    shape = tensor.shape
    front = (*shape.front[:axis], *shape.front[axis + 1 :])
    return Tensor(
        kind,
        replace(shape, front=front) if shape.front[axis:] else replace(shape, front=()),
        tensor.dtype,
        tensor.origin,
    )


def add_axis(tensor: Tensor, axis: int) -> Tensor:
    """The tensor with a new axis of size 1 at `axis` (counted from the front)."""
    kind = tensor.kind
    if isinstance(kind, Probs | LogProbs | OneHot) and kind.dim is not None and kind.dim >= axis:
        kind = replace(kind, dim=kind.dim + 1)
    shape = tensor.shape
    if shape.exact or len(shape.front) >= axis:
        shape = replace(shape, front=(*shape.front[:axis], 1, *shape.front[axis:]))
    return Tensor(kind, shape, tensor.dtype, tensor.origin, tensor.watched)


def slice_tensor(tensor: Tensor, parts: Sequence[cst.BaseSlice], frame: Frame) -> Value:
    """`tensor[a, b:c, ..., None]`"""
    indices: list[Value | None] = []
    for part in parts:
        if isinstance(part, cst.Slice):
            whole = part.lower is None and part.upper is None and part.step is None
            indices.append(None if whole else Repeated(Unknown("a slice")))
        elif isinstance(part, cst.Index):
            indices.append(frame.evaluate(part.value))
    return _with_indices(tensor, indices)


def _with_indices(tensor: Tensor, indices: Sequence[Value | None]) -> Tensor:
    """Apply indices one by one; None is a whole slice, Repeated a partial one."""
    result, axis, seen_ellipsis = tensor, 0, False
    for index in indices:
        if index is None:
            axis += 1
        elif isinstance(index, Repeated):
            result, axis = _narrow(result, axis, seen_ellipsis), axis + 1
        elif isinstance(index, Const) and index.value is ...:
            seen_ellipsis = True
        elif isinstance(index, Const) and index.value is None:
            result, axis = add_axis(result, axis), axis + 1
        elif isinstance(index, Const) and isinstance(index.value, int):
            result = _drop_last(result) if seen_ellipsis else drop_axis(result, axis)
        else:
            result, axis = _select_along(result, axis), axis + 1
    return result


def _touches(tensor: Tensor, axis: int, from_end: bool) -> bool | None:
    """Whether `axis` is the one that the kind sums over; None where that cannot be told."""
    kind = tensor.kind
    if not isinstance(kind, Probs | LogProbs | OneHot):
        return False
    if kind.dim is None:
        return None if axis > 0 or from_end else False  # the first axis hardly ever holds the classes
    if from_end:
        return True if kind.dim == -1 else None
    at = tensor.shape.normal(kind.dim)
    if at is None or at < 0:
        return None if axis > 0 else False
    return at == axis


def _narrow(tensor: Tensor, axis: int, from_end: bool) -> Tensor:
    touches = _touches(tensor, axis, from_end)
    kind = tensor.kind
    if touches is not False and isinstance(kind, Probs | LogProbs):
        kind = replace(kind, whole=False)
    kind = _fewer(kind)
    shape = UNKNOWN_SHAPE if from_end else tensor.shape.with_axis(axis, None)
    return Tensor(kind, shape, tensor.dtype, tensor.origin, tensor.watched)


def _drop_last(tensor: Tensor) -> Tensor:
    kind = tensor.kind
    if isinstance(kind, Probs | LogProbs):
        kind = replace(kind, dim=None, whole=False)
    return Tensor(kind, UNKNOWN_SHAPE, tensor.dtype, tensor.origin, tensor.watched)


def _select_along(tensor: Tensor, axis: int) -> Tensor:
    narrowed = _narrow(tensor, axis, False)
    return Tensor(narrowed.kind, UNKNOWN_SHAPE, tensor.dtype, tensor.origin, tensor.watched)


def store_item(tensor: Tensor, value: Value) -> Tensor:
    """What a tensor is after `tensor[...] = value`: a canvas takes the kind of what is written into it."""
    if isinstance(value, Tensor) and isinstance(tensor.kind, Filled | Unspecified):
        return Tensor(with_dim(value.kind, None), UNKNOWN_SHAPE, tensor.dtype, value.origin, value.watched)
    if isinstance(value, Tensor) and type(value.kind) is type(tensor.kind):
        return tensor
    if isinstance(value, Const) and isinstance(tensor.kind, Filled):
        return Tensor(Unspecified("a canvas with numbers written into it"), tensor.shape, tensor.dtype)
    return Tensor(Unspecified("numbers were written into it"), tensor.shape, tensor.dtype)
