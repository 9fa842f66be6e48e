"""Subscripts: of tuples, lists, dicts, containers of layers, and tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

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
from losslint.interp.formulas import picked
from losslint.interp.frame import Frame
from losslint.interp.importing import import_by_name
from losslint.interp.iteration import contents, new_list
from losslint.interp.likelihoods import looked_up
from losslint.interp.registries import settle
from losslint.interp.scalars import is_every, without_ends
from losslint.interp.tensor_subscripts import bound_of, index_tensor, slice_tensor


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
        return each(frame, value, lambda one: picked(one, item_of(one, index, frame)))
    indices = [frame.evaluate(part.value) for part in parts if isinstance(part, cst.Index)]
    both, site = len(indices) == len(parts), frame.site(node)

    def sliced(one: Value) -> Value:
        result = picked(one, _sliced(one, parts, frame))
        return looked_up(one, indices, result, site) if both else result

    return each(frame, value, sliced)


def item_of(value: Value, index: Value, frame: Frame) -> Value:
    """`value[index]` with a single index."""
    if isinstance(index, Choice) and not isinstance(value, Tensor):
        return each(frame, index, lambda one: item_of(value, one, frame))
    if isinstance(value, Tensor):
        return index_tensor(value, index, frame)
    settle(value, index, frame)
    held = contents(value, frame)
    match held:
        case TupleValue(items):
            picked = _pick(items, index, held.names)
            return picked if is_every(index) or isinstance(index, Const) else without_ends(picked)
        case Repeated():
            picked = _pick_repeated(held, index)
            return picked if is_every(index) else without_ends(picked)
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
        bounds = [bound_of(bound, frame) for bound in (parts[0].lower, parts[0].upper, parts[0].step)]
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
