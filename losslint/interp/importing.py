"""Import statements, and running modules."""

from __future__ import annotations

import re

import libcst as cst

from losslint.domain.lattice import MAX_OPTIONS, choice
from losslint.domain.value import (
    Choice,
    Const,
    Deferred,
    Library,
    ModuleValue,
    Option,
    TestKey,
    Unknown,
    Value,
)
from losslint.finding import Problem
from losslint.interp.described import fill_in
from losslint.interp.frame import Frame
from losslint.knowledge.index import gate_terms
from losslint.names.project import Unit

MAX_LINES = 180_000
"""Lines that are read of a project before modules that say nothing of losses or activations are left out."""
FOLDER = "folder:"
"""Prefix of the key of a folder that is imported as a package without having an ``__init__``."""


def dotted_parts(node: cst.BaseExpression | None) -> tuple[str, ...]:
    """The parts of a dotted name."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return tuple(reversed(parts))


def exec_import(node: cst.Import, frame: Frame) -> bool:
    """`import a.b`, `import a.b as c`"""
    for alias in node.names:
        parts = dotted_parts(alias.name)
        value = module_value(parts, 0, frame)
        if alias.asname is not None:
            frame.run.machine.assign(alias.asname.name, value, frame)
        elif parts:
            frame.bind(parts[0], module_value(parts[:1], 0, frame) if len(parts) > 1 else value)
    return True


def exec_import_from(node: cst.ImportFrom, frame: Frame) -> bool:
    """`from a import b`, `from . import b`, `from a import *`"""
    parts, level = dotted_parts(node.module), len(node.relative)
    module = module_value(parts, level, frame)
    if isinstance(node.names, cst.ImportStar):
        frame.run.stars.setdefault(frame.scope, []).append(module)
        return True
    for alias in node.names:
        name = dotted_parts(alias.name)[-1]
        value = member(module, parts, level, name, frame)
        if alias.asname is not None:
            frame.run.machine.assign(alias.asname.name, value, frame)
        else:
            frame.bind(name, value)
    return True


def member(module: Value, parts: tuple[str, ...], level: int, name: str, frame: Frame) -> Value:
    """What `from module import name` gives."""
    if not level:
        row = known_library(".".join((*parts, name)), frame)
        if row is not None and not (isinstance(module, ModuleValue) and row.name in frame.run.knowledge.own):
            return row
    inner = frame.run.project.resolve(frame.unit, (*parts, name), level)
    if isinstance(module, ModuleValue) and not module.path.startswith(FOLDER):
        if inner is not None:
            frame.run.units[inner.key] = inner
        return Deferred(module.path, name, inner.key if inner is not None else None)
    found = module_member(module, name, frame)
    if found is not None:
        return found
    if inner is not None:
        frame.run.units[inner.key] = inner
        return ModuleValue(inner.key)
    return Unknown(f"{name} was not found in {'.' * level}{'.'.join(parts)}", ("import", level, parts, name))


def force(value: Deferred, frame: Frame) -> Value:
    """Run the module that a name comes from, if that was not done yet, and look the name up there."""
    found = module_member(ModuleValue(value.module), value.name, frame)
    if found is not None:
        return found
    if value.inner is not None:
        return ModuleValue(value.inner)
    if value.module in frame.run.left_unread:
        return Unknown("a module that was not read, the project being large", ("import", value.module, value.name))
    return Unknown(f"{value.name} was not found where it is imported from", ("import", value.module, value.name))


def known_library(dotted: str, frame: Frame) -> Library | None:
    """A library object that a row describes, by the name under which it is imported."""
    canonical = frame.run.knowledge.canonical(dotted)
    return Library(canonical) if frame.run.knowledge.row(canonical) is not None else None


def import_by_name(name: Value, frame: Frame) -> Value:
    """`importlib.import_module(name)`; of a name that ends in something unknown each module of the folder is an alternative."""
    if isinstance(name, Const) and isinstance(name.value, str):
        stripped = name.value.lstrip(".")
        return module_value(tuple(stripped.split(".")), len(name.value) - len(stripped), frame)
    if not isinstance(name, Unknown) or name.symbol is None:
        return Unknown("a module whose name is made at run time")
    default = frame.run.defaults.get(name.symbol)
    if default is not None:
        usual = Option(frozenset({(("==", name.symbol, default), True)}), import_by_name(default, frame))
        return choice((usual, Option(frozenset(), Unknown("a module whose name is given at run time"))))
    if name.symbol[0] == "+" and isinstance(name.symbol[1], str) and isinstance(name.symbol[2], tuple):
        return _below(tuple(name.symbol[1].split(".")), name.symbol[2], frame)
    return Unknown("a module whose name is given at run time")


def _below(prefix: tuple[str, ...], rest: TestKey, frame: Frame) -> Value:
    """One of the modules of a folder, chosen by the unknown `rest` of its name; all of them if they are few."""
    project = frame.run.project
    folder, start = prefix[:-1], prefix[-1]
    bases = [frame.unit.folder[:length] + folder for length in range(len(frame.unit.folder), -1, -1)]
    for base in bases if folder else ():
        units = [one for one in project.modules_in(base) if one.parts[-1].startswith(start)]
        if units:
            options = []
            for one in units[:MAX_OPTIONS]:
                frame.run.units[one.key] = one
                test = ("==", rest, Const(one.parts[-1].removeprefix(start)))
                options.append(Option(frozenset({(test, True)}), ModuleValue(one.key)))
            if len(units) > MAX_OPTIONS:
                return Unknown("one of many modules")
            return frame.store.narrowed(choice(options))
    return Unknown("a module whose name is given at run time")


def module_value(parts: tuple[str, ...], level: int, frame: Frame) -> Value:
    """The module that a dotted name means: of the project, or of an installed library."""
    project, knowledge = frame.run.project, frame.run.knowledge
    if not level and parts and knowledge.owns(parts[0]):
        unit = project.by_parts(parts) or project.by_parts(("src", *parts))
        if unit is None or (parts == (unit.parts[-1],) and not unit.is_package):
            return Library(knowledge.canonical(".".join(parts)))
    else:
        unit = project.resolve(frame.unit, parts, level)
    if unit is not None:
        frame.run.units[unit.key] = unit
        return ModuleValue(unit.key)
    folder = project.has_package(frame.unit, parts, level)
    if folder:
        return ModuleValue(FOLDER + ".".join(folder))
    if level:
        return Unknown(f"the module {'.' * level}{'.'.join(parts)} is not in the project")
    return Library(".".join(parts))


def module_member(module: Value, name: str, frame: Frame) -> Value | None:
    """An attribute of a module, or one of its submodules; None where there is no such thing."""
    if isinstance(module, Library):
        return Library(frame.run.knowledge.canonical(f"{module.name}.{name}"))
    if not isinstance(module, ModuleValue):
        return Unknown("a member of a module that is not in the project")
    if module.path.startswith(FOLDER):
        return _submodule((*module.path.removeprefix(FOLDER).split("."), name), frame)
    unit = frame.run.units.get(module.path)
    if unit is not None and frame.run.knowledge.owns(unit.parts[0] if unit.parts else ""):
        row = known_library(".".join((*unit.parts, name)), frame)
        if row is not None:
            return row
    if unit is not None and module.path not in frame.run.module_scopes:
        frame.run.machine.load(unit, frame)
    scope = frame.run.module_scopes.get(module.path)
    if scope is not None:
        value = frame.store.read((scope, name))
        if isinstance(value, Deferred | Choice):
            return _forced_once(value, module, name, frame)
        if value is not None:
            return value
        value = from_stars(scope, name, frame)
        if value is not None:
            return value
    return _submodule((*unit.parts, name), frame) if unit is not None and unit.is_package else None


def _forced_once(value: Deferred | Choice, module: ModuleValue, name: str, frame: Frame) -> Value | None:
    """Follow a re-export; modules that import a name from one another in a circle give nothing."""
    key = (module.path, name)
    if key in frame.run.forcing:
        return None
    frame.run.forcing.add(key)
    try:
        return force(value, frame) if isinstance(value, Deferred) else frame.looked_up(value)
    finally:
        frame.run.forcing.discard(key)


def _submodule(parts: tuple[str, ...], frame: Frame) -> Value | None:
    unit = frame.run.project.by_parts(parts)
    if unit is None:
        return ModuleValue(FOLDER + ".".join(parts)) if frame.run.project.is_folder(parts) else None
    frame.run.units[unit.key] = unit
    return ModuleValue(unit.key)


def from_stars(scope: int, name: str, frame: Frame) -> Value | None:
    """A name that a star import brought into a module."""
    asked, key = frame.run.asked, (scope, name)
    if name.startswith("_") or key in asked:
        return None
    is_outermost = not asked
    asked.add(key)
    found = _in_stars(scope, name, frame)
    if is_outermost:
        asked.clear()
    elif found is not None:
        asked.discard(key)
    return found


def _in_stars(scope: int, name: str, frame: Frame) -> Value | None:
    for module in reversed(frame.run.stars.get(scope, ())):
        if isinstance(module, Library):
            found: Value | None = known_library(f"{module.name}.{name}", frame)
        elif isinstance(module, ModuleValue) and frame.run.module_scopes.get(module.path) != scope:
            found = module_member(module, name, frame)
        else:
            found = None
        if found is not None:
            return found
    return None


def _is_left_out(unit: Unit, frame: Frame) -> bool:
    """True for a module without a word of losses or activations, once very many lines were read."""
    run = frame.run
    if run.lines_read > MAX_LINES and not unit.mentions_any(gate_terms(run.knowledge)):
        return True
    run.lines_read += unit.data.count(b"\n")
    return False


def may_be_bound(name: str, frame: Frame) -> bool:
    """False for a name that its module uses for its attributes and nothing else, and imports nowhere: reading it raises.

    Any other use counts as a sign that it may be bound: builtins of Python 2, of notebooks, or put there by tools are called.
    """
    unit = frame.unit
    scope = frame.run.module_scopes.get(unit.key)
    if name.startswith("__") or unit.file.suffix != ".py" or scope is None or frame.run.stars.get(scope):
        return True
    word = re.escape(name).encode()
    other_use = rb"\b" + word + rb"\b(?![ \t]*\.)|\bimport\b[^\n]*(?<![.\w])" + word
    return re.search(other_use, unit.data) is not None or b"exec(" in unit.data or b"globals(" in unit.data


def load(unit: Unit, frame: Frame) -> int:
    """Run the top level of a module once, as an import does; the identity of its scope."""
    run = frame.run
    known = run.module_scopes.get(unit.key)
    if known is not None:
        return known
    scope = run.module_scopes[unit.key] = run.fresh()
    run.units[unit.key] = unit
    run.scope_parents[scope] = None
    if _is_left_out(unit, frame):
        run.left_unread.add(unit.key)
        return scope
    tree = unit.tree
    if isinstance(tree, Problem):
        return scope
    run.base.write((scope, "__name__"), Const(".".join(unit.parts)))
    run.base.write((scope, "__file__"), Unknown("the path of a module"))
    left = run.work.begin_module()
    first = run.last_identity
    inner = Frame(run, run.base, unit, scope, depth=frame.depth + 1)
    asked, run.asked = run.asked, set()
    if inner.depth < 60:
        run.machine.execute(tree, inner)
    run.asked = asked
    if run.described:
        fill_in(scope, "", inner)
    run.made_in.append((first, run.last_identity, unit))
    run.work.end_module(left)
    return scope
