"""Registries and other look-ups by a name that is made at run time.

A registry is a dict that other modules fill when they are imported. Modules are run when a name of theirs is needed, so those
that fill a dict are run when it is asked for a key that it does not hold yet.
"""

from __future__ import annotations

from losslint.domain.value import (
    ClassValue,
    Const,
    Constant,
    Deferred,
    DictValue,
    Entries,
    FunctionValue,
    Instance,
    Library,
    ModuleValue,
    Partial,
    Value,
)
from losslint.finding import Problem
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents
from losslint.names.definitions import names_of_module
from losslint.names.project import Unit

MAX_MODULES = 80
MAX_NAMES = 200
"""A module with more names than this is no table of models, and to look at each would run half a library."""


def settle(owner: Value, key: Value, frame: Frame) -> None:
    """Run the modules that may register something in a dict which does not hold a key."""
    if not isinstance(owner, DictValue | Instance):
        return
    held = contents(owner, frame)
    if not isinstance(held, Entries) or held.rest is not None:
        return
    if isinstance(key, Const) and any(known == key.value for known, _ in held.known):
        return
    run = frame.run
    maker = run.maker_of(owner.identity)
    if maker is None or maker in run.settled:
        return
    run.settled.add(maker)
    for unit in run.imports.registrants(maker)[:MAX_MODULES]:
        run.machine.load(unit, frame)
    frame.store.forget_read((owner.identity, "items"))


def namespace(module: ModuleValue, frame: Frame) -> Entries:
    """The functions and classes that a module holds, its own and imported ones, by name."""
    unit = frame.run.units.get(module.path)
    return Entries(tuple(_named(unit, frame, 0).items()) if unit is not None else ())


def _named(unit: Unit, frame: Frame, depth: int) -> dict[Constant, Value]:
    """What can be called in the scope of a module."""
    found: dict[Constant, Value] = {}
    tree = unit.tree
    if depth > 3 or isinstance(tree, Problem):
        return found
    scope = frame.run.machine.load(unit, frame)
    for star in frame.run.stars.get(scope, ()):
        inner = frame.run.units.get(star.path) if isinstance(star, ModuleValue) else None
        if inner is not None:
            found |= _named(inner, frame, depth + 1)
    names = sorted(names_of_module(tree))
    for name in names if len(names) <= MAX_NAMES else ():
        value = frame.store.read((scope, name))
        held = frame.run.machine.force(value, frame) if isinstance(value, Deferred) else value
        if isinstance(held, ClassValue | FunctionValue | Partial | Library):
            found[name] = held
    return found
