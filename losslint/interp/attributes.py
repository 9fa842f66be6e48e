"""Setting attributes: by assignment, and by names made at run time (`setattr`, `__dict__`, `vars`, `_modules`).

Where a name is not known, every attribute that an object has by then may hold the new value or still the old one.
"""

from __future__ import annotations

from losslint.domain.lattice import choice
from losslint.domain.origin import Site
from losslint.domain.value import (
    ALWAYS,
    NONE,
    Choice,
    ClassValue,
    Const,
    Entries,
    FunctionValue,
    Instance,
    Library,
    LibraryMethod,
    LibraryObject,
    ModuleValue,
    Option,
    Repeated,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.class_bodies import class_attribute
from losslint.interp.frame import ANY_ATTRIBUTE, PART_OF, PATCHED, Frame
from losslint.interp.functions import spread
from losslint.interp.iteration import contents
from losslint.interp.networks import forget_parts

ALL, MODULES = "__dict__", "_modules"
_DICTS = (ALL, MODULES)
OWN_SETTER = "__setattr__"
PLAIN_SETTER = f"builtins.object.{OWN_SETTER}()"
"""The function that every `__setattr__` comes to in the end."""
_WALKS = {"values": "children", "items": "named_children"}


def set_attribute(owner: Value, name: str, value: Value, frame: Frame) -> None:
    """`owner.name = value`"""
    owner = frame.store.narrowed(owner)
    match owner:
        case Instance() if OWN_SETTER in frame.run.method_names:
            setter = class_attribute(owner.class_, OWN_SETTER, frame.run, frame.store)
            if isinstance(setter, FunctionValue):
                _call_setter(owner, setter, name, value, frame)
            else:
                store_attribute(owner, name, value, frame)
        case Instance() | ClassValue() | LibraryObject():
            store_attribute(owner, name, value, frame)
        case ModuleValue(path):
            frame.store.write((frame.run.module_scopes.get(path, path), name), value)
        case Unknown(_, symbol) if symbol is not None:
            frame.store.write((symbol, name), value)
            if _is_part(symbol):
                _set_on_some(name, value, frame)
        case Library(dotted):
            patched = frame.run.knowledge.canonical(f"{dotted}.{name}")
            frame.run.patched.add(patched)
            frame.store.write((PATCHED, patched), value)
        case Choice(options):
            for option in options:
                set_attribute(option.value, name, value, frame)
        case _:
            return


def _call_setter(owner: Instance, setter: FunctionValue, name: str, value: Value, frame: Frame) -> None:
    site = Site(None, frame.unit)
    arguments = tuple(Argument(one, site) for one in (owner, Const(name), value))
    frame.run.machine.call(setter, arguments, site, frame)


def store_attribute(owner: Instance | ClassValue | LibraryObject, name: str, value: Value, frame: Frame) -> None:
    """Set an attribute, whatever the class of the object says of setting."""
    if name == ALL and not isinstance(owner, ClassValue):
        _replace_all(owner, value, frame)
        return
    identity = owner.identity
    if name == "__class__":
        frame.store.write((identity, "forward"), Unknown("a method of a class that an object was given later"))
        return
    frame.store.write((identity, name), value)
    frame.run.attributes.setdefault(identity, {})[name] = None
    held = contents(owner, frame)
    if isinstance(held, Entries) and any(key == name for key, _ in held.known):
        frame.store.write((identity, "items"), Entries(tuple({**dict(held.known), name: value}.items()), held.rest))
    elif isinstance(value, Instance | LibraryObject) and frame.run.machine.is_sequential(owner, frame):
        known = held.known if isinstance(held, Entries) else ()
        kept = tuple((key, item) for key, item in known if key != name)
        frame.store.write((identity, "items"), Entries((*kept, (name, value))))


def dict_of(owner: Value) -> Value:
    """`vars(owner)`"""
    if isinstance(owner, Instance | LibraryObject):
        return LibraryMethod(owner, ALL)
    return Unknown("the variables of an object")


def owner_of(value: Value) -> Instance | LibraryObject | None:
    """The object whose attributes a dict holds; None for any other value."""
    if isinstance(value, LibraryMethod) and value.name in _DICTS:
        return value.receiver if isinstance(value.receiver, Instance | LibraryObject) else None
    return None


def set_by_name(owner: Value, name: Value, value: Value, frame: Frame) -> None:
    """`setattr(owner, name, value)`"""
    if isinstance(name, Const):
        if isinstance(name.value, str):
            set_attribute(owner, name.value, value, frame)
        return
    for option in owner.options if isinstance(owner, Choice) else (Option(ALWAYS, owner),):
        if isinstance(option.value, Instance | LibraryObject):
            _set_any(option.value, value, frame)


def _is_part(symbol: tuple[object, ...]) -> bool:
    """True for a module below another one, not known which, and what it holds."""
    while symbol[0] in ("attr", "item") and isinstance(symbol[1], tuple):
        symbol = symbol[1]
    return symbol[0] == PART_OF


def _set_on_some(name: str, value: Value, frame: Frame) -> None:
    """An attribute was set on an object of which is not known which one it is: any that has such an attribute."""
    owners = [identity for identity, names in frame.run.attributes.items() if name in names]
    owners += [class_.identity for class_ in frame.run.created if frame.store.read((class_.identity, name))]
    for identity in owners:
        held = frame.store.read((identity, name))
        if held is not None:
            frame.store.write((identity, name), perhaps(held, value, ("attr", identity, name)))


def _set_any(owner: Instance | LibraryObject, value: Value, frame: Frame) -> None:
    """Any attribute of an object may hold `value` from now on."""
    store, run = frame.store, frame.run
    if isinstance(owner, LibraryObject):
        forget_parts(owner, frame)
    for name in run.attributes.get(owner.identity, ()):
        held = store.read((owner.identity, name))
        if held is not None and name != "training":
            store.write((owner.identity, name), perhaps(held, value, ("attr", owner.identity, name)))
    items = contents(owner, frame)
    if isinstance(items, Entries):
        known = tuple((key, perhaps(item, value, ("attr", owner.identity, key))) for key, item in items.known)
        store.write((owner.identity, "items"), Entries(known, items.rest))
    before = store.read((owner.identity, ANY_ATTRIBUTE))
    store.write((owner.identity, ANY_ATTRIBUTE), value if before is None else perhaps(before, value, None))


def perhaps(old: Value, new: Value, symbol: tuple[object, ...] | None) -> Value:
    """The old value or the new one. An option of which only the old value is known becomes unknown, and keeps a name."""
    if isinstance(old, Const | Unknown) and isinstance(new, Unknown):
        return Unknown("an attribute that may have been set by a name made at run time", symbol)
    return choice((Option(ALWAYS, old), Option(ALWAYS, new)))


def call_dict_method(
    receiver: LibraryMethod, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame
) -> Value:
    """A method of the dict that holds an object's attributes."""
    owner = owner_of(receiver)
    assert owner is not None
    if receiver.name == MODULES and name in _WALKS:
        return frame.run.machine.call(LibraryMethod(owner, _WALKS[name]), (), site, frame)
    positional, keywords, loose = spread(arguments, frame)
    first = positional[0] if positional else Unknown("a name")
    if name == "update":
        for value in positional[:1]:
            _update(owner, contents(value, frame), frame)
        for key, value in keywords.items():
            set_attribute(owner, key, value, frame)
        if loose is not None:
            _set_any(owner, loose, frame)
        return NONE
    if name in ("get", "__getitem__", "pop"):
        found = read_item(owner, first, site, frame)
        if name == "pop":
            set_by_name(owner, first, Unknown("an attribute that was deleted"), frame)
        return found
    if name == "__setitem__" and len(positional) == 2:
        set_by_name(owner, first, positional[1], frame)
        return NONE
    if name in ("clear", "popitem"):
        _set_any(owner, Unknown("an attribute that was deleted"), frame)
    return Unknown("the attributes of an object")


def _update(owner: Instance | LibraryObject, held: Value | None, frame: Frame) -> None:
    match held:
        case Entries(known, rest):
            for key, value in known:
                set_by_name(owner, Const(key), value, frame)
            if rest is not None:
                _set_any(owner, rest, frame)
        case TupleValue(items) if all(isinstance(item, TupleValue) and len(item.items) == 2 for item in items):
            for item in items:
                if isinstance(item, TupleValue):
                    set_by_name(owner, item.items[0], item.items[1], frame)
        case Repeated(TupleValue((_, value))):
            _set_any(owner, value, frame)
        case _:
            _set_any(owner, Unknown("an attribute that is not followed"), frame)


def _replace_all(owner: Instance | LibraryObject, value: Value, frame: Frame) -> None:
    if value != owner:
        _update(owner, contents(value, frame), frame)


def read_item(owner: Instance | LibraryObject, name: Value, site: Site, frame: Frame) -> Value:
    """`owner.__dict__[name]`"""
    if isinstance(name, Const) and isinstance(name.value, str):
        return frame.run.machine.attribute(owner, name.value, site, frame)
    return Unknown("an attribute whose name is made at run time")
