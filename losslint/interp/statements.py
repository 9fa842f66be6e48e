"""Statements: one executor for each class of the syntax tree. An executor says whether control goes on behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from losslint.domain.origin import Origin
from losslint.domain.value import (
    NONE,
    DictValue,
    Instance,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    Unknown,
    Value,
)
from losslint.interp.branches import branch, fork, truth
from losslint.interp.class_bodies import exec_class
from losslint.interp.contexts import exec_with
from losslint.interp.decorators import gradients_under, manages
from losslint.interp.described import qualified_name, row_of_function
from losslint.interp.expressions import make_function
from losslint.interp.frame import LEAVES, Frame
from losslint.interp.importing import exec_import, exec_import_from
from losslint.interp.iteration import with_step
from losslint.interp.loops import exec_for, exec_while, leave_turn
from losslint.interp.matching import exec_match
from losslint.interp.operators import BINARY_SYMBOLS, binary
from losslint.interp.option_parsers import note_options
from losslint.names.definitions import FunctionDefinition, parameters_of


def execute(body: cst.BaseSuite | cst.Module, frame: Frame) -> bool:
    """Run statements in order; True where control falls out of their end."""
    return run_all(body.body, frame)


def run_all(statements: Sequence[cst.CSTNode], frame: Frame) -> bool:
    """Run statements until one of them does not go on."""
    enter = frame.run.work.enter
    for statement in statements:
        if not enter(statement):
            return True
        handler = EXECUTORS.get(type(statement))
        if handler is not None and not handler(statement, frame):
            return False
    return True


def exec_line(node: cst.SimpleStatementLine | cst.SimpleStatementSuite, frame: Frame) -> bool:
    """One line of small statements."""
    return run_all(node.body, frame)


def exec_expr(node: cst.Expr, frame: Frame) -> bool:
    """An expression on its own."""
    value = frame.evaluate(node.value)
    return goes_on(value, frame)


def goes_on(value: Value, frame: Frame) -> bool:
    """False for the value of an expression that raises or ends the program."""
    if isinstance(value, Unknown) and value.symbol == LEAVES:
        frame.left_by = "raise"
        return False
    return True


def exec_assign(node: cst.Assign, frame: Frame) -> bool:
    """`a = b = value`"""
    value = frame.evaluate(node.value)
    if not goes_on(value, frame):
        return False
    for target in node.targets:
        frame.run.machine.assign(target.target, value, frame)
    return True


def exec_annotated(node: cst.AnnAssign, frame: Frame) -> bool:
    """`name: type = value`"""
    if node.value is not None:
        frame.run.machine.assign(node.target, frame.evaluate(node.value), frame)
    return True


def exec_augmented(node: cst.AugAssign, frame: Frame) -> bool:
    """`target += value`"""
    left, right = frame.evaluate(node.target), frame.evaluate(node.value)
    symbol = _AUGMENTED.get(type(node.operator), "?")
    frame.run.machine.assign(node.target, binary(symbol, left, right, frame.site(node), frame), frame)
    return True


_AUGMENTED: Mapping[type[cst.CSTNode], str] = {
    getattr(cst, f"{kind.__name__}Assign"): symbol
    for kind, symbol in BINARY_SYMBOLS.items()
    if hasattr(cst, f"{kind.__name__}Assign")
}


def exec_return(node: cst.Return, frame: Frame) -> bool:
    """`return value`, remembered with the answers that led here."""
    value = NONE if node.value is None else frame.evaluate(node.value)
    if not goes_on(value, frame):
        return False
    if frame.definition is not None:
        step = Origin(frame.site(node), f"returned by {frame.definition.shown}")
        value = with_step(value, step)
    frame.returns.append(Option(frame.guard(), value))
    frame.left_by = "return"
    return False


def exec_raise(node: cst.Raise, frame: Frame) -> bool:
    """`raise`"""
    if node.exc is not None:
        frame.evaluate(node.exc)
    frame.left_by = "raise"
    return False


def exec_leave_loop(node: cst.Break | cst.Continue, frame: Frame) -> bool:
    """`break`, `continue`: the loop keeps the state in which it is left."""
    frame.left_by = "loop"
    if frame.loop is not None:
        leave_turn(frame.loop, isinstance(node, cst.Break), frame)
    return False


def exec_nothing(node: cst.CSTNode, frame: Frame) -> bool:
    """A statement that does nothing we track."""
    return True


def exec_assert(node: cst.Assert, frame: Frame) -> bool:
    """`assert test`: what follows may take it for granted."""
    verdict = truth(frame.evaluate(node.test), frame, node)
    if verdict.decided is False:
        frame.left_by = "raise"
        return False
    if verdict.decided is None:
        frame.store.assume(verdict.yes)
    return True


def exec_del(node: cst.Del, frame: Frame) -> bool:
    """`del name`, `del container[index]`: what is left of a container is not followed."""
    targets = [one.value for one in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
    for target in targets:
        if isinstance(target, cst.Subscript):
            owner = frame.evaluate(target.value)
            if isinstance(owner, ListValue | DictValue | LibraryObject | Instance):
                frame.store.write((owner.identity, "items"), Repeated(Unknown("what is left of a container")))
    return True


def exec_global(node: cst.Global, frame: Frame) -> bool:
    """`global names`"""
    scope = frame.run.module_scopes.get(frame.unit.key, frame.scope)
    for item in node.names:
        frame.declared[item.name.value] = scope
    return True


def exec_nonlocal(node: cst.Nonlocal, frame: Frame) -> bool:
    """`nonlocal names`"""
    for item in node.names:
        name = item.name.value
        scope = frame.run.scope_parents.get(frame.scope)
        while scope is not None and frame.store.read((scope, name)) is None:
            scope = frame.run.scope_parents.get(scope)
        if scope is not None:
            frame.declared[name] = scope
    return True


def exec_if(node: cst.If, frame: Frame) -> bool:
    """`if`, with its elif and else."""
    if frame.definition is None and is_main_guard(node.test):
        return True  # what a script does runs as a root of its own
    verdict = truth(frame.evaluate(node.test), frame, node)
    if frame.definition is not None:
        frame.run.note_branch(node, verdict.decided, frame.definition)

    def otherwise() -> bool:
        if node.orelse is None:
            return True
        if isinstance(node.orelse, cst.If):
            return exec_if(node.orelse, frame)
        return execute(node.orelse.body, frame)

    return branch(frame, verdict, lambda: execute(node.body, frame), otherwise)


def is_main_guard(test: cst.BaseExpression) -> bool:
    """`__name__ == "__main__"`"""
    return (
        isinstance(test, cst.Comparison)
        and isinstance(test.left, cst.Name)
        and test.left.value == "__name__"
        and len(test.comparisons) == 1
        and isinstance(test.comparisons[0].operator, cst.Equal)
    )


def exec_try(node: cst.Try | cst.TryStar, frame: Frame) -> bool:
    """`try`: the body is what usually happens, each handler an alternative."""
    handlers = node.handlers

    def usual() -> bool:
        return execute(node.body, frame) and (node.orelse is None or execute(node.orelse.body, frame))

    sides: list[tuple[frozenset[tuple[tuple[object, ...], object]], Callable[[], bool]]] = []
    if handlers:
        key = ("raised", id(node))
        sides.append((frozenset({(key, False)}), usual))
        sides += [(frozenset({(key, True)}), _handler(handler, frame)) for handler in handlers]
        goes_on = fork(frame, sides)
    else:
        goes_on = usual()
    if node.finalbody is not None:
        left_by = frame.left_by
        goes_on = execute(node.finalbody.body, frame) and goes_on
        frame.left_by = left_by if not goes_on else ""
    return goes_on


def _handler(handler: cst.ExceptHandler | cst.ExceptStarHandler, frame: Frame) -> Callable[[], bool]:
    def work() -> bool:
        if handler.name is not None and isinstance(handler.name.name, cst.Name):
            frame.bind(handler.name.name.value, Unknown("an exception"))
        return execute(handler.body, frame)

    return work


def exec_function(node: cst.FunctionDef, frame: Frame) -> bool:
    """`def`: decorators are applied from the inside out."""
    if any(_is_accessor(decorator.decorator) for decorator in node.decorators):
        return True
    decorators = [frame.evaluate(decorator.decorator) for decorator in node.decorators]
    kind = next((found for value in decorators if (found := frame.run.machine.method_kind(value))), "function")
    owner = f"{frame.owner.name}." if frame.owner is not None and frame.class_body else ""
    name = node.name.value
    switches = (gradients_under(one, frame.run) for one in decorators)
    gradients = next((one for one in switches if one is not None), None)
    described = row_of_function(qualified_name(name, frame), frame) if frame.run.described else ""
    definition = FunctionDefinition(
        name,
        node,
        frame.unit,
        parameters_of(node.params),
        kind,
        owner + name,
        gradients,
        described,
        any(manages(one) for one in decorators),
    )
    function = make_function(definition, frame)
    note_options(decorators, definition, frame)
    value: Value = function
    for decorator in reversed(decorators):
        value = frame.run.machine.decorate(decorator, value, frame.site(node), frame)
    frame.bind(name, function if described else value)
    frame.run.note_definition(function, frame.unit, frame.store)
    return True


def _is_accessor(decorator: cst.BaseExpression) -> bool:
    """`@name.setter`: the name keeps meaning the getter."""
    return isinstance(decorator, cst.Attribute) and decorator.attr.value in ("setter", "deleter")


def exec_type_alias(node: cst.TypeAlias, frame: Frame) -> bool:
    """`type X = ...`"""
    frame.bind(node.name.value, Unknown("a type alias"))
    return True


EXECUTORS: Mapping[type[cst.CSTNode], Callable[..., bool]] = {
    cst.SimpleStatementLine: exec_line,
    cst.SimpleStatementSuite: exec_line,
    cst.Expr: exec_expr,
    cst.Assign: exec_assign,
    cst.AnnAssign: exec_annotated,
    cst.AugAssign: exec_augmented,
    cst.Return: exec_return,
    cst.Raise: exec_raise,
    cst.Break: exec_leave_loop,
    cst.Continue: exec_leave_loop,
    cst.Pass: exec_nothing,
    cst.Del: exec_del,
    cst.Assert: exec_assert,
    cst.Global: exec_global,
    cst.Nonlocal: exec_nonlocal,
    cst.Import: exec_import,
    cst.ImportFrom: exec_import_from,
    cst.If: exec_if,
    cst.For: exec_for,
    cst.While: exec_while,
    cst.With: exec_with,
    cst.Try: exec_try,
    cst.TryStar: exec_try,
    cst.Match: exec_match,
    cst.FunctionDef: exec_function,
    cst.ClassDef: exec_class,
    cst.TypeAlias: exec_type_alias,
}
