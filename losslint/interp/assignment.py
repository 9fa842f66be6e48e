"""Assignment to names, attributes, subscripts and tuples of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from losslint.domain.lattice import choice, element_of
from losslint.domain.value import (
    Choice,
    Const,
    DictValue,
    Entries,
    Instance,
    LibraryMethod,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.attributes import owner_of, set_attribute, set_by_name
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents, iterate
from losslint.interp.tensor_subscripts import part_of, parts_of, store_item
from losslint.knowledge.schema import GRADIENT_FLAG
from losslint.knowledge.tensor_effects import Keep


def assign(target: cst.BaseExpression, value: Value, frame: Frame) -> None:
    """Bind a target."""
    match target:
        case cst.Name():
            frame.bind(target.value, value)
        case cst.Attribute():
            owner = frame.evaluate(target.value)
            row = frame.run.knowledge.attribute(target.attr.value) if isinstance(owner, Tensor) else None
            if row is not None and isinstance(row.effect, Keep):
                assign(target.value, value, frame)  # `tensor.data = other`
            elif isinstance(owner, Tensor) and owner.cut is not None and target.attr.value == GRADIENT_FLAG:
                assign(
                    target.value, replace(owner, cut=None), frame
                )  # a leaf, of which gradients are taken from here on
            else:
                set_attribute(owner, target.attr.value, value, frame)
        case cst.Subscript():
            _set_item(target, value, frame)
        case cst.Tuple() | cst.List():
            unpack(target.elements, value, frame)
        case cst.StarredElement():
            assign(target.value, value, frame)
        case _:
            return


def unpack(elements: Sequence[cst.BaseElement], value: Value, frame: Frame) -> None:
    """Bind several targets to the elements of a value; alternatives are unpacked side by side."""
    value = frame.store.narrowed(value)
    rows = [
        (option.guard, elements_of(option.value, len(elements), frame))
        for option in (value.options if isinstance(value, Choice) else (Option(frozenset(), value),))
    ]
    star = next((at for at, element in enumerate(elements) if isinstance(element, cst.StarredElement)), None)
    for position, element in enumerate(elements):
        options = [Option(guard, _element_at(held, position, len(elements), star)) for guard, held in rows]
        assign(element.value, choice(options), frame)


def elements_of(value: Value, count: int, frame: Frame) -> TupleValue | Repeated:
    """The elements that unpacking a value gives."""
    if isinstance(value, Unknown) and value.symbol is not None:
        return TupleValue(tuple(Unknown(value.why, ("item", value.symbol, Const(at))) for at in range(count)))
    return iterate(value, frame)


def _element_at(held: TupleValue | Repeated, position: int, count: int, star: int | None) -> Value:
    if isinstance(held, Repeated):
        return held.element if not held.tail else element_of((held,))
    if star is None or position < star:
        return held.items[position] if position < len(held.items) else Unknown("too few values to unpack")
    after = count - 1 - star
    if position == star:
        return TupleValue(held.items[star : len(held.items) - after])
    at = len(held.items) - (count - position)
    return held.items[at] if 0 <= at < len(held.items) else Unknown("too few values to unpack")


def _set_item(target: cst.Subscript, value: Value, frame: Frame) -> None:
    owner = frame.evaluate(target.value)
    parts = [element.slice for element in target.slice]
    index = (
        frame.evaluate(parts[0].value) if len(parts) == 1 and isinstance(parts[0], cst.Index) else Unknown("a slice")
    )
    for option in owner.options if isinstance(owner, Choice) else (Option(frozenset(), owner),):
        if not isinstance(option.value, Tensor):
            _set_one(target, option.value, index, value, frame)
        elif isinstance(target.value, cst.Name | cst.Attribute):
            read = [part_of(index, frame)] if len(parts) == 1 and isinstance(parts[0], cst.Index) else None
            written = store_item(option.value, value, parts_of(parts, frame) if read is None else read)
            assign(target.value, written, frame)


def _set_one(target: cst.Subscript, owner: Value, index: Value, value: Value, frame: Frame) -> None:
    match owner:
        case DictValue(identity) | ListValue(identity) | LibraryObject(identity) | Instance(identity):
            held = contents(owner, frame)
            if isinstance(owner, LibraryObject | Instance):
                index = layer_key(held, index)
            frame.store.write((identity, "items"), with_item(held, index, value))
        case Unknown(_, symbol) if symbol is not None and isinstance(index, Const):
            frame.store.write((symbol, index), value)
        case LibraryMethod():
            holder = owner_of(owner)
            if holder is not None:
                set_by_name(holder, index, value, frame)
        case _:
            return


def with_last(held: Choice, item: Value) -> Value:
    """Each of several lists with one more item at its end."""
    return choice(
        Option(option.guard, TupleValue((*option.value.items, item)))
        for option in held.options
        if isinstance(option.value, TupleValue)
    )


def layer_key(held: Value | None, index: Value) -> Value:
    """The name under which a container keeps the layer at a position."""
    if isinstance(held, Entries) and isinstance(index, Const) and isinstance(index.value, int):
        names = [key for key, _ in held.known]
        if held.rest is None and -len(names) <= index.value < len(names):
            return Const(names[index.value])
        return Unknown("a layer that is not known")
    return index


def with_item(held: Value | None, index: Value, value: Value) -> Value:
    """Contents after one item was set."""
    match held:
        case Entries(known, rest):
            if isinstance(index, Const):
                return Entries(tuple({**dict(known), index.value: value}.items()), rest)
            return Entries(
                known, value if rest is None else choice((Option(frozenset(), rest), Option(frozenset(), value)))
            )
        case TupleValue(items):
            at = index.value if isinstance(index, Const) else None
            if isinstance(at, int) and -len(items) <= at < len(items):
                at %= len(items)
                return TupleValue((*items[:at], value, *items[at + 1 :]))
            return Repeated(element_of((held, TupleValue((value,)))))
        case Repeated():
            return Repeated(element_of((held, TupleValue((value,)))))
        case _:
            if isinstance(index, Const):
                return Entries(((index.value, value),), Unknown("an entry that is not followed"))
            return Entries((), Unknown("an entry that is not followed"))
