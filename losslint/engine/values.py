"""What is known of the value at a place of a file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from losslint.domain.dim import describe_shape
from losslint.domain.kind import Unspecified
from losslint.domain.lattice import options_of
from losslint.domain.origin import Origin
from losslint.domain.value import (
    BoundMethod,
    ClassValue,
    FunctionValue,
    Library,
    LibraryMethod,
    LibraryObject,
    ModuleValue,
    Tensor,
    Unknown,
    Value,
)
from losslint.engine.analysis import run_roots
from losslint.engine.judging import describe_value
from losslint.engine.placing import Placer
from losslint.engine.selection import roots_around
from losslint.finding import Problem, Span, TraceStep
from losslint.interp.budgets import LINES_OF_WATCHING, STEPS_OF_WATCHING
from losslint.interp.recording import Recording
from losslint.interp.run import new_run
from losslint.knowledge.index import Knowledge
from losslint.names.definitions import FunctionDefinition
from losslint.names.import_lines import Imports
from losslint.names.project import Project, Unit
from losslint.source.discover import show
from losslint.source.fields import walk
from losslint.source.spans import spans

LEVELS = 3
"""How many expressions around a place are asked, from the innermost."""
ALTERNATIVES = 4
STEPS = 8

Place = tuple[int, int]
"""Line and column in the file on disk, both 1-based, in code points."""


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that an expression may be, and the way of its numbers, oldest step first."""

    text: str
    steps: tuple[TraceStep, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueAt:
    """An expression, and what it may be; `lines` are those of its file."""

    span: Span
    known: tuple[Known, ...]
    lines: tuple[str, ...]


def value_at(project: Project, imports: Imports, knowledge: Knowledge, file: Path, place: Place) -> ValueAt | None:
    """What the innermost expression around a place of a file may be; None where there is none, or none that is ever reached.

    What imports the file is run, too, as far as that is no more than a second look for fixes would run.
    """
    unit = project.units.get(Path(os.path.abspath(file)))
    if unit is None or isinstance(unit.document, Problem) or isinstance(unit.tree, Problem):
        return None
    around = _around(unit, unit.tree, place)
    if not around:
        return None
    twins = {node: list(_twins(node, unit.tree)) for node, _ in around}
    recording = Recording(node for nodes in twins.values() for node in nodes)
    units = roots_around(project, imports, {unit}, set())
    if sum(one.data.count(b"\n") for one in units if not one.parsed) > LINES_OF_WATCHING:
        units = [unit]
    run = new_run(project, knowledge, imports, recording)
    run_roots(run, units, most=STEPS_OF_WATCHING)
    for node, span in around:
        held = (recording.bound[node], *(recording.read[twin] for twin in twins[node]))
        found = next((values for values in held if values), None)
        if found is not None:
            raw = unit.document.raw.replace("\r\n", "\n").replace("\r", "\n")
            return ValueAt(span, _told(found), tuple(raw.split("\n")))
    return None


def _around(unit: Unit, tree: cst.Module, place: Place) -> list[tuple[cst.BaseExpression, Span]]:
    """The innermost expressions around a place, the narrowest first."""
    document = unit.document
    assert not isinstance(document, Problem)
    names = {id(name) for node in walk(tree) for name in _mere_names(node)}
    nodes = [node for node in walk(tree) if isinstance(node, cst.BaseExpression) and id(node) not in names]
    found = [
        (node, span)
        for node, span in spans(document, tree, nodes).items()
        if isinstance(node, cst.BaseExpression) and (span.line, span.column) <= place < (span.end_line, span.end_column)
    ]
    found.sort(key=lambda one: (one[1].end_line - one[1].line, one[1].end_column - one[1].column))
    return found[:LEVELS]


def _mere_names(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Names in a node that are no expressions by themselves: of an attribute, of a keyword."""
    if isinstance(node, cst.Attribute):
        yield node.attr
    elif isinstance(node, cst.Arg) and node.keyword is not None:
        yield node.keyword


def _twins(node: cst.BaseExpression, tree: cst.Module) -> Iterator[cst.BaseExpression]:
    """The node; and for a name that is only bound there (a parameter, the target of a loop), where its function reads that name."""
    yield node
    if isinstance(node, cst.Name):
        home = _home(node, tree)
        after = False
        for other in walk(home):
            after = after or other is node
            if after and other is not node and isinstance(other, cst.Name) and other.value == node.value:
                yield other


def _home(node: cst.CSTNode, tree: cst.Module) -> cst.CSTNode:
    """The innermost function that a node stands in, or the module."""
    home: cst.CSTNode = tree
    for one in walk(tree):
        if isinstance(one, cst.FunctionDef | cst.Lambda) and any(inner is node for inner in walk(one)):
            home = one
    return home


def _told(values: Sequence[Value]) -> tuple[Known, ...]:
    """The alternatives in words, those that are known before all else."""
    options = [option.value for value in values for option in options_of(value)]
    known = [one for one in options if not isinstance(one, Unknown)] or options
    placer = Placer()
    found: dict[str, Known] = {}
    for one in known:
        text = in_words(one)
        if text not in found:
            found[text] = Known(text, _steps(one.origin, placer) if isinstance(one, Tensor) else ())
    return tuple(found.values())[:ALTERNATIVES]


def in_words(value: Value) -> str:
    """A value as a user reads it, things that are called included."""
    match value:
        case Library(name) | ClassValue(_, name) | LibraryMethod(_, name):
            return name
        case LibraryObject(_, name):
            return f"an object of {name}"
        case BoundMethod(_, function):
            return in_words(function)
        case FunctionValue(FunctionDefinition() as definition):
            return definition.shown
        case ModuleValue(path):
            return f"the module {show(Path(path))}"
        case Unknown(why):
            return f"not known: {why}"
        case Tensor(Unspecified(why), shape):
            return f"a tensor {describe_shape(shape)}".strip() + (f": {why}" if why else "")
        case _:
            return describe_value(value)


def _steps(origin: Origin | None, placer: Placer) -> tuple[TraceStep, ...]:
    if origin is None:
        return ()
    newest_first = []
    for step in origin.steps(STEPS):
        span = placer.span(step.site)
        if span is not None:
            newest_first.append(TraceStep(span, step.label))
        if step.makes:
            break
    return tuple(reversed(newest_first))
