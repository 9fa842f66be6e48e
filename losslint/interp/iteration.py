"""Lists, dicts and whatever else can be gone through."""

from __future__ import annotations

from losslint.domain.lattice import element_of
from losslint.domain.origin import Origin
from losslint.domain.value import (
    Choice,
    Const,
    DictValue,
    Entries,
    Instance,
    LibraryObject,
    ListValue,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.frame import Frame

MAX_UNROLLED = 24


def new_list(held: TupleValue | Repeated, frame: Frame) -> ListValue:
    """A new list with these contents."""
    identity = frame.run.fresh()
    frame.store.write((identity, "items"), held)
    return ListValue(identity)


def new_dict(held: Entries, frame: Frame) -> DictValue:
    """A new dict with these contents."""
    identity = frame.run.fresh()
    frame.store.write((identity, "items"), held)
    return DictValue(identity)


def contents(value: Value, frame: Frame) -> Value | None:
    """What a list, a dict or a container module holds now: TupleValue, Repeated or Entries; None for other values."""
    match value:
        case ListValue(identity) | DictValue(identity) | LibraryObject(identity) | Instance(identity):
            held = frame.store.read((identity, "items"))
            return None if held is None else frame.store.narrowed(held)
        case TupleValue() | Repeated() | Entries():
            return value
        case _:
            return None


def iterate(value: Value, frame: Frame) -> TupleValue | Repeated:
    """The elements in order where they are known, else one value that stands for each of them."""
    value = frame.store.narrowed(value)
    held = contents(value, frame)
    match held:
        case TupleValue():
            return held if len(held.items) <= MAX_UNROLLED or held.names else _shortened(held)
        case Repeated():
            return held
        case Entries():
            if isinstance(value, LibraryObject | Instance):
                return _values(held)
            return TupleValue(tuple(Const(key) for key, _ in held.known)) if held.rest is None else _any_key(held)
        case Choice(options):
            return _united([iterate_held(option.value) for option in options])
    match value:
        case Const(str() as text) if len(text) <= MAX_UNROLLED:
            return TupleValue(tuple(Const(character) for character in text))
        case Tensor():
            return Repeated(_row_of(value, frame))
        case Choice(options):
            return _united([iterate(option.value, frame) for option in options])
        case Unknown(why):
            return Repeated(Unknown(why))
        case LibraryObject() | Instance():
            found = frame.run.machine.elements(value, frame)
            return found or Repeated(Unknown("an element of something that is not followed"))
        case _:
            return Repeated(Unknown("an element of something that is not followed"))


def iterate_held(value: Value) -> TupleValue | Repeated:
    """Contents as an iterable."""
    if isinstance(value, TupleValue | Repeated):
        return value
    return Repeated(Unknown("an element of something that is not followed"))


def _values(held: Entries) -> TupleValue | Repeated:
    values = tuple(value for _, value in held.known)
    return TupleValue(values) if held.rest is None else Repeated(element_of((TupleValue((*values, held.rest)),)))


def _any_key(held: Entries) -> Repeated:
    return Repeated(Unknown("a key made at run time"))


def _shortened(held: TupleValue) -> Repeated:
    return Repeated(element_of((held,)), held.items[-1:])


def _united(parts: list[TupleValue | Repeated]) -> TupleValue | Repeated:
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    if all(part == first for part in parts):
        return first
    return Repeated(element_of(parts))


def _row_of(tensor: Tensor, frame: Frame) -> Value:
    row = frame.run.machine.row_of(tensor)
    return row if isinstance(row, Tensor) else Unknown("a row of a tensor")


def with_step(value: Value, step: Origin) -> Value:
    """The value, with one more step in the origin of each tensor that has one."""
    match value:
        case Tensor(kind, shape, dtype, origin) if origin is not None:
            made = Origin(step.site, step.label, origin)
            return Tensor(kind, shape, dtype, made, value.watched, value.batch, value.cut)
        case TupleValue(items, names):
            return TupleValue(tuple(with_step(item, step) for item in items), names)
        case Choice(options):
            return Choice(tuple(type(option)(option.guard, with_step(option.value, step)) for option in options))
        case _:
            return value
