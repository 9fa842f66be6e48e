"""Roots: where runs begin. First what scripts do by themselves, then each function and method that nothing reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import libcst as cst

from losslint.domain.origin import Site
from losslint.domain.value import (
    Choice,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Library,
    LibraryObject,
    Option,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.finding import Problem
from losslint.interp.class_bodies import class_attribute
from losslint.interp.frame import Frame, Run
from losslint.interp.functions import call_function
from losslint.interp.importing import load
from losslint.interp.inert import is_inert
from losslint.interp.instances import generic_instance, role_of
from losslint.interp.statements import is_main_guard
from losslint.interp.store import Store
from losslint.names.definitions import FunctionDefinition
from losslint.names.project import Unit
from losslint.source.fields import CODE_FIELDS

MAX_RECEIVERS = 3


def scripts(run: Run, unit: Unit) -> Iterator[Callable[[], None]]:
    """The top level of a module, and what stands under its main guard."""
    yield lambda: _load(run, unit)
    tree = unit.tree
    for statement in () if isinstance(tree, Problem) else tree.body:
        if isinstance(statement, cst.If) and is_main_guard(statement.test):
            yield partial(_run_body, run, unit, statement.body)


def _load(run: Run, unit: Unit) -> None:
    load(unit, _root_frame(run, unit))


def _run_body(run: Run, unit: Unit, body: cst.BaseSuite) -> None:
    run.machine.execute(body, _root_frame(run, unit))


def _root_frame(run: Run, unit: Unit, on: Store | None = None) -> Frame:
    run.begin_root()
    run.top = Store(on if on is not None else run.base)
    return Frame(run, run.top, unit, run.module_scopes.get(unit.key, 0))


def unreached(run: Run, unit: Unit) -> Iterator[Callable[[], None]]:
    """Functions and methods of a module that no root has run yet, with unknown arguments."""
    done = 0
    defined = run.defined.setdefault(unit.key, {})
    while done < len(defined):
        begun = tuple(defined.items())[done:]
        done += len(begun)
        for node, function in begun:
            if node not in run.reached:
                run.reached.add(node)
                if is_inert(function, run):
                    continue
                yield partial(_run_function, run, function, unit, run.closures.get(node, run.base))


def _run_function(run: Run, function: FunctionValue, unit: Unit, store: Store) -> None:
    if function.owner is not None:
        _run_method(run, function, unit)
        return
    frame = _root_frame(run, unit, on=store)
    result = call_function(function, unknown_arguments(function, frame), Site(None, unit), frame)
    _leave(result, function, frame)


def _run_method(run: Run, function: FunctionValue, unit: Unit) -> None:
    definition = function.definition
    assert function.owner is not None
    assert isinstance(definition, FunctionDefinition)
    created = run.created.get(function.owner, ())
    own = [one for one in created if _method_of(one, definition.name, run) in (None, definition.node)]
    receivers: list[tuple[Value, Store]] = [*own[:MAX_RECEIVERS]]
    if created and not own:
        return  # every object's class has a method of its own in its stead
    if not receivers:
        frame = _root_frame(run, unit)
        receivers = [(generic_instance(function.owner, frame), run.top)]
    for receiver, store in receivers:
        _run_on(run, function, unit, receiver, store)


def _method_of(created: tuple[Instance, Store], name: str, run: Run) -> object:
    """Where the method of an object is defined; None where what the user describes stands before it."""
    instance, store = created
    method = class_attribute(instance.class_, name, run, store)
    definition = method.definition if isinstance(method, FunctionValue) else None
    return definition.node if isinstance(definition, FunctionDefinition) else None


def _run_on(run: Run, function: FunctionValue, unit: Unit, receiver: Value, store: Store) -> None:
    definition = function.definition
    assert isinstance(definition, FunctionDefinition)
    frame = _root_frame(run, unit, on=store)
    arguments: tuple[Argument, ...] = ()
    if definition.kind != "static":
        me = receiver.class_ if definition.kind == "class" and isinstance(receiver, Instance) else receiver
        arguments = (Argument(me, Site(None, unit)),)
    arguments += unknown_arguments(function, frame, skip_first=definition.kind != "static")
    _leave(call_function(function, arguments, Site(None, unit), frame, receiver), function, frame)


def _leave(result: Value, function: FunctionValue, frame: Frame) -> None:
    """What a root gives, it gives to somebody out of sight."""
    definition = function.definition
    assert isinstance(definition, FunctionDefinition)
    frame.run.machine.lose(result, f"returned by {definition.shown}", Site(definition.node, definition.unit), frame)


def classes(run: Run, unit: Unit) -> Iterator[Callable[[], None]]:
    """Each class that nothing built is built with unknown arguments, so that its methods have an object to run on."""
    for class_ in run.classes.get(unit.key, ()):
        if not run.created.get(class_):
            yield partial(_build_class, run, class_, unit)


def left_out(run: Run, unit: Unit, terms: tuple[str, ...]) -> Iterator[Callable[[], None]]:
    """Methods with a branch that no run took, if the branch speaks of a loss: every object that was seen had settings that
    exclude it. They run once more, with the methods that call them, on an object whose settings are not known."""
    defined = run.defined.get(unit.key, {})
    for (node, side), definition in tuple(run.left_out.items()):
        owner = defined[definition.node].owner if definition.node in defined else None
        if owner is None or (node, side) in run.entered or not _mentions(_side(node, side, definition), terms):
            continue
        run.entered.add((node, side))
        for function in tuple(defined.values()):
            other = function.definition
            if (
                function.owner == owner
                and isinstance(other, FunctionDefinition)
                and other.name != "__init__"
                and (other.node is definition.node or _mentions(other.node, (definition.name,)))
            ):
                yield partial(_run_on_any, run, function, unit)


def _side(node: cst.If, side: bool, within: FunctionDefinition) -> cst.CSTNode | None:
    """The code of one side; where the other one returns and there is no else, that is what follows in the function."""
    if side or node.orelse is not None:
        return node.body if side else node.orelse
    last = node.body.body[-1] if node.body.body else None
    returns = isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[-1], cst.Return)
    return within.node if returns else None


def _mentions(node: cst.CSTNode | None, terms: tuple[str, ...]) -> bool:
    """True where a name in a piece of code holds one of the terms."""
    pending: list[object] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, cst.Name):
            if any(term in one.value for term in terms):
                return True
            continue
        for name in CODE_FIELDS.get(type(one), ()):  # type: ignore[arg-type]
            child = getattr(one, name)
            if child is not None:
                pending.extend(child) if isinstance(child, list | tuple) else pending.append(child)
    return False


def _run_on_any(run: Run, function: FunctionValue, unit: Unit) -> None:
    """Run a method on an object that was built with unknown arguments."""
    assert function.owner is not None
    receiver = generic_instance(function.owner, _root_frame(run, unit))
    _run_on(run, function, unit, receiver, run.top)


def _build_class(run: Run, class_: ClassValue, unit: Unit) -> None:
    generic_instance(class_, _root_frame(run, unit))


def unknown_arguments(function: FunctionValue, frame: Frame, skip_first: bool = False) -> tuple[Argument, ...]:
    """Arguments for a function that nobody calls: unknown, but for what annotations and defaults tell."""
    definition = function.definition
    assert isinstance(definition, FunctionDefinition)
    site = Site(None, frame.unit)
    arguments = []
    for position, parameter in enumerate(definition.parameters):
        if skip_first and position == 0:
            continue
        if parameter.kind in ("star", "double_star"):
            stars = "*" if parameter.kind == "star" else "**"
            arguments.append(Argument(Unknown(f"{stars}{parameter.name} of {definition.shown}"), site, starred=stars))
            continue
        symbol = ("param", definition, parameter.name)
        value: Value = Unknown(f"the parameter {parameter.name} of {definition.shown}", symbol)
        annotated = _annotated(parameter.annotation, function, definition, frame)
        default = frame.store.read((definition, parameter.name)) if parameter.default is not None else None
        if annotated is not None:
            value = annotated
        elif isinstance(default, Const):
            frame.run.defaults[symbol] = default
        elif default is not None and not isinstance(default, Unknown):
            key = ("default", symbol)
            value = Choice((Option(frozenset({(key, True)}), default), Option(frozenset({(key, False)}), value)))
        keyword = parameter.name if parameter.kind == "keyword" else None
        arguments.append(Argument(value, site, keyword))
    return tuple(arguments)


def _annotated(
    annotation: cst.BaseExpression | None, function: FunctionValue, definition: FunctionDefinition, frame: Frame
) -> Value | None:
    """An object of the class that an annotation names, where that class is a module of the program or a loss of a library."""
    if annotation is None or frame.depth > 6:
        return None
    inner = Frame(frame.run, frame.store, definition.unit, function.scope, depth=frame.depth + 4)
    class_ = inner.evaluate(annotation)
    if isinstance(class_, ClassValue) and role_of(class_, frame.run) is not None:
        return generic_instance(class_, inner)
    known = frame.run.knowledge.loss(class_.name) if isinstance(class_, Library) else None
    if known is not None and known[1] and isinstance(class_, Library):
        return LibraryObject(frame.run.fresh(), class_.name)
    return None
