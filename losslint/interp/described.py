"""What the user's rows say of the program itself: which definitions they describe.

A described function or class stays what it is, with the name of its row noted in its definition: calling it, or an object of it, is
what the row says, and all else (attributes, other methods, the body when its turn comes) is as the program has it.
"""

from __future__ import annotations

from collections.abc import Mapping

from losslint.domain.value import ClassValue, Deferred, FunctionValue, Library, Value
from losslint.interp.frame import Frame
from losslint.knowledge.index import Knowledge
from losslint.knowledge.schema import LayerRow, LossRow, OpRow
from losslint.names.definitions import ClassDefinition, FunctionDefinition
from losslint.names.project import Project

NOTHING: Mapping[str, str] = {}


def locate(project: Project, knowledge: Knowledge) -> dict[str, dict[str, str]]:
    """By module, the places in it that rows of the user describe, each with the name of its row."""
    found: dict[str, dict[str, str]] = {}
    for name in sorted(knowledge.own):
        parts = tuple(name.split("."))
        for length in range(len(parts) - 1, 0, -1):
            unit = project.named(parts[:length])
            if unit is not None:
                found.setdefault(unit.key, {})[".".join(parts[length:])] = name
                break
    return found


def qualified_name(name: str, frame: Frame) -> str:
    """Where a definition stands in its module: ``Net.Head``; nothing for one inside a function."""
    if not frame.class_body:
        return name if frame.run.module_scopes.get(frame.unit.key) == frame.scope else ""
    outer = frame.owner.definition if frame.owner is not None else None
    return f"{outer.qualified}.{name}" if isinstance(outer, ClassDefinition) and outer.qualified else ""


def row_of_class(qualified: str, frame: Frame) -> str:
    """The name of the row that describes a class at this place of the module at hand, or nothing."""
    name = frame.run.described.get(frame.unit.key, NOTHING).get(qualified, "")
    row = frame.run.knowledge.row(name)
    return name if isinstance(row, LayerRow) or (isinstance(row, LossRow) and name in row.classes) else ""


def row_of_function(qualified: str, frame: Frame) -> str:
    """The name of the row that describes a function at this place of the module at hand, or nothing."""
    name = frame.run.described.get(frame.unit.key, NOTHING).get(qualified, "")
    row = frame.run.knowledge.row(name)
    return name if isinstance(row, OpRow) or (isinstance(row, LossRow) and name in row.functions) else ""


def described_by(value: Value) -> str:
    """The name of the row that describes a function or class of the program, or nothing."""
    definition = value.definition if isinstance(value, FunctionValue | ClassValue) else None
    return definition.described if isinstance(definition, FunctionDefinition | ClassDefinition) else ""


def fill_in(scope: int, outer: str, frame: Frame) -> None:
    """Names in a module or class (`outer`) that rows describe but no `def` or `class` made: they are things of a library to us."""
    for qualified, name in frame.run.described.get(frame.unit.key, NOTHING).items():
        within, _, last = qualified.rpartition(".")
        if within == outer and not _stands(frame.store.read((scope, last)), name, frame):
            frame.store.write((scope, last), Library(name))


def _stands(value: Value | None, name: str, frame: Frame) -> bool:
    """True where a name means a definition that is described itself, here or, by the same row, where it is imported from."""
    if isinstance(value, Deferred):
        known = frame.run.described.get(value.module, NOTHING).get(value.name)
        return known is not None and frame.run.knowledge.row(known) is frame.run.knowledge.row(name)
    return value is not None and bool(described_by(value))
