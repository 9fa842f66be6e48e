"""The modules below a module, as programs go through them: `children`, `modules`, `apply` and their like."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import (
    Choice,
    Const,
    Entries,
    Instance,
    LibraryObject,
    Repeated,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.frame import PART_OF, Frame
from losslint.interp.functions import spread
from losslint.interp.instances import role_of
from losslint.interp.iteration import contents
from losslint.interp.networks import network_of

MAX_MODULES = 12
"""Modules that are gone through one by one; of more, one unknown module stands for each."""
Module = Instance | LibraryObject


def _is_module(value: Value, frame: Frame) -> bool:
    if isinstance(value, Instance):
        return role_of(value.class_, frame.run) is not None
    return isinstance(value, LibraryObject) and frame.run.knowledge.row(value.name) is not None


def _parts(owner: Module, frame: Frame) -> tuple[dict[str, Module], bool]:
    """The modules that an object holds, by name, and whether these are surely all of them."""
    held = contents(owner, frame)
    values: dict[str, Value] = {}
    exact = held is None or (isinstance(held, Entries) and held.rest is None)
    if isinstance(owner, LibraryObject):
        exact = exact and network_of(owner, frame) is None
    else:
        for name in frame.run.attributes.get(owner.identity, ()):
            value = frame.store.read((owner.identity, name))
            if value is not None:
                values[name] = frame.store.narrowed(value)
    if isinstance(held, Entries):
        values.update((str(key), item) for key, item in held.known)
    exact = exact and not any(isinstance(value, Unknown | Choice) for value in values.values())
    return {
        name: value
        for name, value in values.items()
        if isinstance(value, Instance | LibraryObject) and _is_module(value, frame)
    }, exact


def _below(owner: Module, frame: Frame) -> tuple[dict[str, Module], bool]:
    """The object itself and all modules below it by their dotted names, and whether these are surely all."""
    found: dict[str, Module] = {"": owner}
    pending: list[tuple[str, Module]] = [("", owner)]
    exact = True
    while pending and len(found) <= MAX_MODULES:
        prefix, module = pending.pop(0)
        parts, whole = _parts(module, frame)
        exact = exact and whole
        for name, part in parts.items():
            if part not in found.values():
                found[f"{prefix}{name}"] = part
                pending.append((f"{prefix}{name}.", part))
    return found, exact and not pending


def some_part(owner: Module) -> Unknown:
    """One of the modules below an object, not known which."""
    return Unknown("a layer of a module", (PART_OF, owner.identity))


def _listed(found: dict[str, Module], exact: bool, owner: Module, named: bool) -> Value:
    if not exact or len(found) > MAX_MODULES:
        part = some_part(owner)
        return Repeated(TupleValue((Unknown("a name"), part)) if named else part)
    items = tuple(TupleValue((Const(name), part)) if named else part for name, part in found.items())
    return TupleValue(items)


def children(owner: Module, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """`owner.children()`"""
    return _listed(*_parts(owner, frame), owner, False) if _is_module(owner, frame) else None


def named_children(owner: Module, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """`owner.named_children()`"""
    return _listed(*_parts(owner, frame), owner, True) if _is_module(owner, frame) else None


def modules(owner: Module, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """`owner.modules()`"""
    return _listed(*_below(owner, frame), owner, False) if _is_module(owner, frame) else None


def named_modules(owner: Module, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """`owner.named_modules()`"""
    return _listed(*_below(owner, frame), owner, True) if _is_module(owner, frame) else None


def get_submodule(owner: Module, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """`owner.get_submodule(name)`"""
    if not _is_module(owner, frame):
        return None
    path = arguments[0].value if arguments else None
    found, _ = _below(owner, frame)
    part = found.get(path.value) if isinstance(path, Const) and isinstance(path.value, str) else None
    return part if part is not None else some_part(owner)


def apply(owner: Module, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """`owner.apply(function)`: layers of a library are left out, for what is done to them is to set their weights."""
    positional, _, _ = spread(arguments, frame)
    if not _is_module(owner, frame) or len(positional) != 1:
        return None
    found, exact = _below(owner, frame)
    targets: list[Value] = [one for one in found.values() if isinstance(one, Instance) or contents(one, frame)]
    if not exact:
        targets.append(some_part(owner))
    site = Site(None, frame.unit)
    for target in targets[:MAX_MODULES]:
        frame.run.machine.call(positional[0], (Argument(target, site),), site, frame)
    return owner
