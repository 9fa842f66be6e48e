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
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents
from losslint.names.import_lines import Imports, users_at_import

MAX_MODULES = 80


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
    if run.imports is None:
        run.imports = Imports(run.project)
    for unit in users_at_import(run.imports, run.project, maker)[:MAX_MODULES]:
        run.machine.load(unit, frame)


def namespace(module: ModuleValue, frame: Frame) -> Entries:
    """The functions and classes that a module holds, its own and imported ones, by name."""
    run = frame.run
    unit = run.units.get(module.path)
    if unit is not None and module.path not in run.module_scopes:
        run.machine.load(unit, frame)
    return Entries(tuple(_named(run.module_scopes.get(module.path), frame, 0).items()))


def _named(scope: int | None, frame: Frame, depth: int) -> dict[Constant, Value]:
    """What can be called in the scope of a module."""
    found: dict[Constant, Value] = {}
    if scope is None or depth > 3:
        return found
    for star in frame.run.stars.get(scope, ()):
        if isinstance(star, ModuleValue):
            unit = frame.run.units.get(star.path)
            if unit is not None:
                found |= _named(frame.run.machine.load(unit, frame), frame, depth + 1)
    for (place, name), value in list(frame.run.base.cells.items()):
        if place == scope and isinstance(name, str):
            held = frame.run.machine.force(value, frame) if isinstance(value, Deferred) else value
            if isinstance(held, ClassValue | FunctionValue | Partial | Library):
                found[name] = held
    return found
