"""Decorators: which ones change what a name behaves like, and which are left out of account."""

from __future__ import annotations

from collections.abc import Mapping

from losslint.domain.origin import Site
from losslint.domain.value import (
    BoundMethod,
    ClassValue,
    FunctionValue,
    Instance,
    Library,
    LibraryObject,
    Partial,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.frame import Frame, Run
from losslint.knowledge.object_effects import Expect, Gradients
from losslint.names.definitions import FunctionDefinition

_KINDS: Mapping[str, str] = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
    "builtins.property": "property",
    "functools.cached_property": "property",
    "abc.abstractproperty": "property",
}
_MANAGERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_CHOOSERS = frozenset({"functools.singledispatch", "functools.singledispatchmethod"})


def method_kind(decorator: Value) -> str:
    """What a decorator makes of a method: static, class, property, or nothing of the kind."""
    return _KINDS.get(decorator.name, "") if isinstance(decorator, Library) else ""


def manages(decorator: Value) -> bool:
    """True for the decorator that makes a context manager of a generator."""
    return isinstance(decorator, Library) and decorator.name in _MANAGERS


def is_managing(value: Value) -> bool:
    """True for a context manager that a generator of the program stands for, or for the function that gives it."""
    function = value.function if isinstance(value, Partial) else value
    if isinstance(function, BoundMethod):
        function = function.function
    definition = function.definition if isinstance(function, FunctionValue) else None
    return isinstance(definition, FunctionDefinition) and definition.manages


def gradients_under(context: Value, run: Run) -> bool | None:
    """Whether gradients are recorded under a context or decorator; None for any other value."""
    name = context.name if isinstance(context, Library | LibraryObject) else ""
    row = run.knowledge.layer(name)
    return row.effect.recorded if row is not None and isinstance(row.effect, Gradients) else None


def expects_an_error(context: Value, run: Run) -> bool:
    """True for a context in which a test wants its body to fail."""
    row = run.knowledge.op(context.name) if isinstance(context, LibraryObject) else None
    return row is not None and isinstance(row.effect, Expect)


def decorate(decorator: Value, value: Value, site: Site, frame: Frame) -> Value:
    """A function or class after a decorator: decorators of the program are run, others are taken to change nothing.

    A class stays what it is unless another class comes back: what a decorator does to classes is mostly to write them down.
    """
    if isinstance(decorator, Library) and decorator.name in _CHOOSERS:
        return Unknown("one of several functions, chosen by the type of an argument")
    if not isinstance(decorator, FunctionValue | Partial | BoundMethod | Instance) or is_managing(decorator):
        return value
    result = frame.run.machine.call(decorator, (Argument(value, site),), site, frame)
    if isinstance(value, ClassValue):
        return result if isinstance(result, ClassValue) else value
    return result if isinstance(result, FunctionValue | Partial | BoundMethod | Instance) else value
