"""Calls: what a value does when it is called."""

from __future__ import annotations

from collections.abc import Callable

from losslint.domain.lattice import choice
from losslint.domain.origin import Site
from losslint.domain.value import (
    BoundMethod,
    Choice,
    ClassValue,
    FunctionValue,
    Instance,
    Library,
    LibraryMethod,
    LibraryObject,
    Option,
    Partial,
    Unknown,
    Value,
)
from losslint.facts import Argument, BoundCall, LossCase
from losslint.interp.branches import alternatives, without_none
from losslint.interp.decorators import is_managing
from losslint.interp.described import described_by
from losslint.interp.frame import LEAVES, Frame, under
from losslint.interp.functions import call_function, hand_over, spread
from losslint.interp.instances import call_instance, instantiate
from losslint.interp.library_calls import call_library, call_method, call_object
from losslint.interp.losses import call_loss, loss_of, note_loss_call

NO_OPTIONS = BoundCall({})


def call(callee: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call a value."""
    match callee:
        case FunctionValue() if described := described_by(callee):
            return call_library(described, arguments, site, frame)
        case FunctionValue() | BoundMethod() if is_managing(callee):
            return _managed(callee, arguments, frame)
        case FunctionValue():
            return call_function(callee, arguments, site, frame)
        case BoundMethod(receiver, function):
            return _call_bound(receiver, function, arguments, site, frame)
        case ClassValue():
            return instantiate(callee, arguments, site, frame)
        case Instance():
            return call_instance(callee, arguments, site, frame)
        case Library(name):
            return call_library(name, arguments, site, frame)
        case LibraryObject():
            return call_object(callee, arguments, site, frame)
        case LibraryMethod(receiver, name):
            return call_method(receiver, name, arguments, site, frame)
        case Partial(function, filled, keywords):
            more = tuple(Argument(value, site) for value in filled)
            named = tuple(Argument(value, site, key) for key, value in keywords)
            given = {argument.keyword for argument in arguments if argument.keyword}
            named = tuple(argument for argument in named if argument.keyword not in given)
            return call(function, (*more, *arguments, *named), site, frame)
        case Choice():
            left = without_none(callee)
            if isinstance(left, Choice):
                return _call_each(left.options, arguments, site, frame)
            return call(left, arguments, site, frame)
        case Unknown(why, ("attr", tuple() as receiver, str() as name)) if _is_of_tensors(name, frame):
            return call_method(Unknown(why, receiver), name, arguments, site, frame)
        case Unknown(why, symbol):
            hand_over(arguments, site, frame)
            return callee if symbol == LEAVES else Unknown(why)
        case _:
            return Unknown("a call of something that is not followed")


def _is_of_tensors(name: str, frame: Frame) -> bool:
    """True for the name of a method that tells something of what it gives, whatever the tensor that it is called on."""
    return frame.run.knowledge.tells(name) and frame.run.uses_tensors(frame.unit)


def _managed(callee: Value, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    """A context manager: its code runs where a `with` enters it."""
    positional, keywords, loose = spread(arguments, frame)
    if loose is not None:
        return Unknown("a context manager with an unknown number of arguments")
    return Partial(callee, tuple(positional), tuple(keywords.items()))


def _call_bound(receiver: Value, function: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    if isinstance(function, FunctionValue) and not described_by(function):
        return call_function(function, (Argument(receiver, site), *arguments), site, frame, receiver)
    return call(function, (Argument(receiver, site), *arguments), site, frame)


def _call_each(options: tuple[Option, ...], arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call every alternative; a loss among them makes one fact with all of them as its cases."""
    if not any(loss_of(option.value, frame) is not None for option in options):
        tests = (test for option in options for test, _ in option.guard)
        if all(isinstance(option.value, Instance | LibraryObject) for option in options):
            frame.run.selecting.update(test for test in tests if test[0] in ("==", "in", "truth"))
        elif all(isinstance(option.value, Instance | LibraryObject | Unknown) for option in options):
            # a setting may give the class itself instead of its name
            frame.run.selecting.update(test for test in tests if test[0] == "isinstance")
        return alternatives(frame, [(option.guard, _later(option.value, arguments, site, frame)) for option in options])
    cases: list[LossCase] = []
    results: list[Option] = []
    layers = []
    for option in options:
        if loss_of(option.value, frame) is not None:
            work = _later_loss(option, arguments, site, frame, cases)
        else:
            work = _later(option.value, arguments, site, frame)
            plain = frame.run.is_plain(option.guard) and frame.is_usual()
            cases.append(LossCase(None, Unknown("another kind of call"), None, NO_OPTIONS, None, option.guard, plain))
        value, layer = under(frame, option.guard, work)
        results.append(Option(option.guard, value))
        layers.append((layer, option.guard))
    frame.run.work.charge(sum(len(layer.cells) for layer, _ in layers))
    frame.store.merge(layers, (), frame.scope)
    note_loss_call(site, cases, frame)
    return choice(results)


def _later(value: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Callable[[], Value]:
    return lambda: call(value, arguments, site, frame)


def _later_loss(
    option: Option, arguments: tuple[Argument, ...], site: Site, frame: Frame, cases: list[LossCase]
) -> Callable[[], Value]:
    return lambda: call_loss(option.value, arguments, site, frame, cases, option.guard)
