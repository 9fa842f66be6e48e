"""`with` statements: what a context manager of the program does before and after the body, and contexts that libraries give."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from losslint.domain.origin import Site
from losslint.domain.value import (
    NONE,
    BoundMethod,
    Choice,
    Const,
    FunctionValue,
    Instance,
    Partial,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.branches import fork
from losslint.interp.class_bodies import class_attribute
from losslint.interp.decorators import expects_an_error, gradients_under, is_managing
from losslint.interp.frame import GRADIENTS, Frame
from losslint.interp.functions import run_generator
from losslint.names.definitions import FunctionDefinition

Body = Callable[[Value], bool]
"""Runs what stands inside a context, given what `as` binds; True where control falls out of its end."""


def exec_with(node: cst.With, frame: Frame) -> bool:
    """`with`"""
    return _within(node, node.items, frame)


def _within(node: cst.With, items: Sequence[cst.WithItem], frame: Frame) -> bool:
    if not items:
        return frame.run.machine.execute(node.body, frame)
    first, rest = items[0], items[1:]

    def body(value: Value) -> bool:
        if first.asname is not None:
            frame.run.machine.assign(first.asname.name, value, frame)
        return _within(node, rest, frame)

    return _enter(frame.evaluate(first.item), body, frame.site(first.item), frame)


def _enter(context: Value, body: Body, site: Site, frame: Frame) -> bool:
    if isinstance(context, Choice) and any(_is_own(option.value, frame) for option in context.options):
        return fork(frame, [(option.guard, _later(option.value, body, site, frame)) for option in context.options])
    if expects_an_error(context, frame.run):
        return True  # whatever is wrong in the body is so on purpose
    if isinstance(context, Partial) and is_managing(context):
        return _around_yield(context, body, site, frame)
    if isinstance(context, Instance) and _is_own(context, frame):
        entered = _call_method(context, "__enter__", (), site, frame)
        goes_on = body(entered)
        left_by = frame.left_by
        _call_method(context, "__exit__", (NONE, NONE, NONE), site, frame)
        frame.left_by = left_by
        return goes_on
    before = frame.store.read(GRADIENTS)
    recorded = gradients_under(context, frame.run)
    if recorded is not None:
        frame.store.write(GRADIENTS, Const(recorded))
    goes_on = body(context)
    if recorded is not None:
        frame.store.write(GRADIENTS, before if before is not None else Const(True))
    return goes_on


def _later(context: Value, body: Body, site: Site, frame: Frame) -> Callable[[], bool]:
    return lambda: _enter(context, body, site, frame)


def _is_own(context: Value, frame: Frame) -> bool:
    """True for a context manager whose code the program holds."""
    if isinstance(context, Instance):
        return isinstance(class_attribute(context.class_, "__enter__", frame.run, frame.store), FunctionValue)
    return is_managing(context)


def _call_method(owner: Instance, name: str, values: tuple[Value, ...], site: Site, frame: Frame) -> Value:
    method = class_attribute(owner.class_, name, frame.run, frame.store)
    if not isinstance(method, FunctionValue):
        return Unknown(f"no {name}")
    arguments = tuple(Argument(value, site) for value in values)
    return frame.run.machine.call(BoundMethod(owner, method), arguments, site, frame)


def _around_yield(context: Partial, body: Body, site: Site, frame: Frame) -> bool:
    """Run a generator that manages a context, and the body where it yields; the body alone where it is not followed so far."""
    function = context.function
    arguments = [Argument(value, site) for value in context.arguments]
    arguments += [Argument(value, site, key) for key, value in context.keywords]
    if isinstance(function, BoundMethod):
        arguments.insert(0, Argument(function.receiver, site))
        function = function.function
    ends: list[bool] = []
    left_by = ""

    def at_yield(value: Value, inner: Frame) -> None:
        nonlocal left_by
        outer, frame.store = frame.store, inner.store
        ends.append(body(value))
        frame.store, left_by = outer, frame.left_by

    assert isinstance(function, FunctionValue)
    assert isinstance(function.definition, FunctionDefinition)
    run_generator(function, tuple(arguments), at_yield, frame)
    if not ends:
        return body(Unknown("what a context manager gives"))
    frame.left_by = left_by
    return any(ends)
