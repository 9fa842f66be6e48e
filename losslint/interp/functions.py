"""Calling functions of the program: binding arguments, running the body, remembering what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import libcst as cst

from losslint.domain.lattice import choice
from losslint.domain.origin import Origin, Site
from losslint.domain.value import (
    NONE,
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    Entries,
    FunctionValue,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.frame import GRADIENTS, LEAVES, MAX_DEPTH, Frame
from losslint.interp.iteration import contents, iterate, new_dict, with_step
from losslint.interp.memo import recall, remember
from losslint.interp.store import Store
from losslint.interp.terms import TERM
from losslint.knowledge.operators import SUM
from losslint.names.definitions import FunctionDefinition, ParameterSpec
from losslint.names.project import Unit

MAX_RECURSION = 1


def call_function(
    function: FunctionValue, arguments: tuple[Argument, ...], site: Site, frame: Frame, receiver: Value | None = None
) -> Value:
    """Run a function of the program with these arguments; `receiver` is what it was taken from, if anything."""
    definition = function.definition
    assert isinstance(definition, FunctionDefinition)
    run = frame.run
    refusal = _refusal(definition, frame)
    if refusal:
        _lose_all((argument.value for argument in arguments), refusal, site, frame)
        return Unknown(refusal)
    if site.node is not None:
        run.called.add(definition.node)
    bound = bind_arguments(definition, arguments, frame)
    remembered = recall(function, bound, frame)
    if remembered is not None:
        return _arrived(remembered, definition, site)
    if not (run.memory.runs_again((function, tuple(bound.values()))) or run.work.may_run(definition)):
        loose = _loosened(bound)
        _lose_all(bound.values(), "one of many calls of a function", site, frame)
        remembered = recall(function, loose, frame)
        if remembered is not None:
            return _arrived(remembered, definition, site)
        if not run.work.may_run_loosely(definition):
            return Unknown(f"{definition.shown} is called in too many different ways")
        bound = loose
    run.reached.add(definition.node)
    start, facts = run.last_identity, len(run.facts)
    inner = _inner_frame(function, bound, receiver, frame)
    layer = inner.store
    if definition.gradients is not None:
        layer.write(GRADIENTS, Const(definition.gradients))
    left = run.work.steps_left
    value = _run_body(definition, inner)
    run.work.note(definition, left)
    layer.cells.pop(GRADIENTS, None)  # it ends with the call, and whoever recalls the call may record gradients or not
    keep_scope = _captured(layer, inner.scope, value)
    remember(function, bound, frame, layer, value, (start, facts), None if keep_scope else inner.scope)
    run.work.charge(len(layer.cells))
    frame.store.absorb(layer, None if keep_scope else inner.scope)
    return frame.store.narrowed(_arrived(value, definition, site))


def _refusal(definition: FunctionDefinition, frame: Frame) -> str:
    """Why a function is not run at all; empty where it is."""
    if frame.depth >= MAX_DEPTH:
        return "calls nested too deeply"
    if frame.stack.count(definition) > MAX_RECURSION:
        return f"{definition.shown} calls itself"
    return "" if frame.run.work.spend() else "the budget of this part of the program was used up"


def _lose_all(values: Iterable[Value], why: str, site: Site, frame: Frame) -> None:
    for value in values:
        frame.run.machine.lose(value, why, site, frame)


def _inner_frame(function: FunctionValue, bound: dict[str, Value], receiver: Value | None, frame: Frame) -> Frame:
    """The frame in which a function's body runs, in a layer of its own, with its arguments."""
    definition, run = function.definition, frame.run
    assert isinstance(definition, FunctionDefinition)
    inner = Frame(
        run,
        Store(frame.store, recording=True),
        _unit(definition),
        run.fresh(),
        definition,
        function.owner,
        receiver if receiver is not None else _first(bound),
        frame.depth + 1,
        stack=(*frame.stack, definition),
        handed=any(isinstance(value, Tensor) for value in bound.values()),
        by_mode=frame.in_mode(),
    )
    inner.home, inner.locals = inner.scope, run.body_of(definition).bound
    run.scope_parents[inner.scope] = function.scope
    for name, value in bound.items():
        inner.store.write((inner.scope, name), value)
    return inner


def run_generator(
    function: FunctionValue, arguments: tuple[Argument, ...], at_yield: Callable[[Value, Frame], None], frame: Frame
) -> None:
    """Run the body of a generator, and `at_yield` wherever it yields; such a run is not remembered."""
    definition, run = function.definition, frame.run
    assert isinstance(definition, FunctionDefinition)
    if frame.depth >= MAX_DEPTH or frame.stack.count(definition) > MAX_RECURSION or not run.work.spend():
        return
    run.reached.add(definition.node)
    inner = _inner_frame(function, bind_arguments(definition, arguments, frame), None, frame)
    inner.at_yield = at_yield
    layer = inner.store
    value = _run_body(definition, inner)
    frame.store.absorb(layer, None if _captured(layer, inner.scope, value) else inner.scope)


def hand_over(arguments: tuple[Argument, ...], site: Site, frame: Frame) -> None:
    """Functions made in a function and given to something that is not followed (an optimizer's `step`) are called there."""
    run = frame.run
    for argument in arguments:
        function = argument.value
        if isinstance(function, Tensor) and function.origin is not None and function.origin.by in (SUM, TERM):
            run.handed.add(function.origin)
        if isinstance(function, FunctionValue) and run.scope_parents.get(function.scope) is not None:
            definition = function.definition
            if isinstance(definition, FunctionDefinition) and definition.node not in run.reached:
                result = call_function(function, run.machine.unknown_arguments(function, frame), site, frame)
                run.machine.lose(result, f"returned by {definition.shown}", site, frame)


def _loosened(bound: dict[str, Value]) -> dict[str, Value]:
    """Arguments without what tells one call's tensors from another's: the head of a model makes its output alike for all."""
    loose = Unknown("one of many different arguments")
    return {name: loose if isinstance(value, Tensor | Choice | TupleValue) else value for name, value in bound.items()}


def _unit(definition: FunctionDefinition) -> Unit:
    return definition.unit


def _first(bound: dict[str, Value]) -> Value | None:
    return next(iter(bound.values()), None)


def _run_body(definition: FunctionDefinition, frame: Frame) -> Value:
    node = definition.node
    if isinstance(node, cst.Lambda):
        return frame.evaluate(node.body)
    if frame.run.machine.execute(node.body, frame):
        frame.returns.append(Option(frame.guard(), NONE))
    if frame.run.body_of(definition).yields:
        return Repeated(
            choice(Option(frozenset(), value) for value in frame.yields) if frame.yields else Unknown("nothing")
        )
    if not frame.returns:
        return Unknown("a function that does not return", LEAVES)
    return choice(frame.returns) if len(frame.returns) > 1 else frame.returns[0].value


def _arrived(value: Value, definition: FunctionDefinition, site: Site) -> Value:
    if isinstance(definition.node, cst.Lambda) or site.node is None:
        return value
    return with_step(value, Origin(site, f"called here: {definition.shown}"))


def _captured(layer: Store, scope: int, value: Value) -> bool:
    """True where a function made inside may still look its names up in this scope."""
    pending: list[Value] = [value, *(held for key, held in layer.cells.items() if key[0] != scope)]
    while pending:
        match pending.pop():
            case FunctionValue(_, home) if home == scope:
                return True
            case BoundMethod(_, function):
                pending.append(function)
            case TupleValue(items):
                pending.extend(items)
            case Choice(options):
                pending.extend(option.value for option in options)
            case _:
                continue
    return any(
        key[0] == scope and isinstance(held, FunctionValue) and held.scope == scope and held is not value
        for key, held in layer.cells.items()
    ) and isinstance(value, FunctionValue | ClassValue)


ONE = Const(1)


def bind_arguments(definition: FunctionDefinition, arguments: tuple[Argument, ...], frame: Frame) -> dict[str, Value]:
    """Arguments by parameter, defaults filled in; what cannot be told is unknown."""
    positional, keywords, loose = spread(arguments, frame)
    bound: dict[str, Value] = {}
    for parameter in definition.parameters:
        if parameter.kind == "star":
            bound[parameter.name] = Repeated(loose) if loose is not None else TupleValue(tuple(positional))
            positional = []
        elif parameter.kind == "double_star":
            rest = tuple((name, value) for name, value in keywords.items() if name not in bound)
            bound[parameter.name] = new_dict(Entries(rest, loose), frame)
        elif parameter.kind == "positional" and positional:
            bound[parameter.name] = positional.pop(0)
        elif parameter.name in keywords:
            bound[parameter.name] = keywords.pop(parameter.name)
        elif loose is not None:
            bound[parameter.name] = loose
        else:
            bound[parameter.name] = default_of(definition, parameter, frame)
            continue
        if (
            bound[parameter.name] == ONE
        ):  # a size: whether it stands in the code or was handed in tells what may be proved by it
            bound[parameter.name] = Const(1, handed=True)
    return bound


def default_of(definition: FunctionDefinition, parameter: ParameterSpec, frame: Frame) -> Value:
    """The default value of a parameter, evaluated when the function was defined."""
    if parameter.default is None:
        symbol = ("param", definition, parameter.name)
        return Unknown(f"no argument for {parameter.name}", symbol if symbol in frame.run.defaults else None)
    value = frame.store.read((definition, parameter.name))
    if isinstance(value, Const):
        return replace(value, usual=True)
    return value if value is not None else Unknown("a default value that is not followed")


def spread(arguments: tuple[Argument, ...], frame: Frame) -> tuple[list[Value], dict[str, Value], Value | None]:
    """Positional and keyword arguments with stars spread out; and a value for the rest where their number is unknown."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    loose: Value | None = None
    for argument in arguments:
        if argument.keyword is not None:
            keywords[argument.keyword] = argument.value
        elif argument.starred == "*":
            held = iterate(argument.value, frame)
            if isinstance(held, TupleValue):
                positional += held.items
            else:
                loose = Unknown("one of an unknown number of arguments")
        elif argument.starred == "**":
            loose = _spread_keywords(argument.value, keywords, frame, loose)
        else:
            positional.append(argument.value)
    return positional, keywords, loose


def _spread_keywords(value: Value, keywords: dict[str, Value], frame: Frame, loose: Value | None) -> Value | None:
    held = contents(value, frame)
    if not isinstance(held, Entries):
        return Unknown("one of an unknown number of arguments")
    keywords.update((key, item) for key, item in held.known if isinstance(key, str))
    return loose if held.rest is None else Unknown("one of an unknown number of arguments")
