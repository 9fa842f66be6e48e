"""Undecided tests: which answers each side of a branch takes for granted, and how the sides come together again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from losslint.domain.lattice import choice
from losslint.domain.origin import Site
from losslint.domain.value import (
    ALWAYS,
    NONE,
    BoundMethod,
    Choice,
    Const,
    DictValue,
    Entries,
    FunctionValue,
    Guard,
    Instance,
    LibraryMethod,
    ListValue,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TestKey,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.class_bodies import class_attribute
from losslint.interp.frame import Frame, under
from losslint.interp.store import Store

TESTS = frozenset({"==", "is", "not", "and", "or", "in", "isinstance", "<", "truth", "fresh"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a test; where it is None, what going on with yes or with no takes for granted."""

    decided: bool | None
    yes: Guard = ALWAYS
    no: Guard = ALWAYS


def truth(value: Value, frame: Frame, at: object = None) -> Verdict:
    """Whether a value counts as true. `at` names the test where the value itself does not; without it the test is like no other."""
    value = frame.store.narrowed(value)
    match value:
        case Const(constant):
            return Verdict(bool(constant))
        case TupleValue(items):
            return Verdict(bool(items))
        case ListValue(identity) | DictValue(identity):
            held = frame.store.read((identity, "items"))
            if isinstance(held, TupleValue):
                return Verdict(bool(held.items))
            if isinstance(held, Entries) and held.rest is None:
                return Verdict(bool(held.known))
            return _undecided(_fresh(frame, at))
        case Unknown(_, symbol) | Scalar(symbol=symbol):
            return _unknown_truth(symbol, frame, at)
        case Choice(options):
            return _choice_truth(options, frame, at)
        case LibraryMethod(Unknown(_, symbol), name):  # an option may bear the name of a method of tensors
            return _unknown_truth(None if symbol is None else ("attr", symbol, name), frame, at)
        case Tensor() | Repeated() | Entries():
            return _undecided(_fresh(frame, at))
        case Instance():
            return _instance_truth(value, frame, at)
        case _:
            return Verdict(True)


def _instance_truth(value: Instance, frame: Frame, at: object) -> Verdict:
    """What `__bool__` or `__len__` of the object's class says; without them an object is true."""
    for name in ("__bool__", "__len__"):
        method = class_attribute(value.class_, name, frame.run, frame.store) if name in frame.run.method_names else None
        if isinstance(method, FunctionValue):
            said = frame.run.machine.call(BoundMethod(value, method), (), Site(None, frame.unit), frame)
            return _undecided(_fresh(frame, at)) if isinstance(said, Instance) else truth(said, frame, at)
    return Verdict(True)


def _undecided(key: TestKey) -> Verdict:
    return Verdict(None, frozenset({(key, True)}), frozenset({(key, False)}))


def _fresh(frame: Frame, at: object) -> TestKey:
    return ("fresh", -id(at) if at is not None else frame.run.fresh())


def _unknown_truth(symbol: TestKey | None, frame: Frame, at: object) -> Verdict:
    if symbol is None:
        return _undecided(_fresh(frame, at))
    if symbol[0] == "not" and isinstance(symbol[1], tuple):
        inner = _unknown_truth(symbol[1], frame, at)
        return Verdict(None if inner.decided is None else not inner.decided, inner.no, inner.yes)
    known = frame.store.known_value(symbol)
    if known is not None:
        return Verdict(bool(known.value))
    key = symbol if symbol[0] in TESTS else ("truth", symbol)
    answer = frame.store.answer(key)
    return Verdict(bool(answer)) if answer is not None else _undecided(key)


def _choice_truth(options: tuple[Option, ...], frame: Frame, at: object) -> Verdict:
    verdicts = [truth(option.value, frame).decided for option in options]
    if all(verdict is True for verdict in verdicts):
        return Verdict(True)
    if all(verdict is False for verdict in verdicts):
        return Verdict(False)
    key = _fresh(frame, at)
    yes = [option.guard for option, verdict in zip(options, verdicts, strict=True) if verdict is not False]
    no = [option.guard for option, verdict in zip(options, verdicts, strict=True) if verdict is not True]
    return Verdict(
        None,
        _only(yes) or _opposite(no) or frozenset({(key, True)}),
        _only(no) or _opposite(yes) or frozenset({(key, False)}),
    )


def _only(guards: list[Guard]) -> Guard | None:
    """The guard of the one alternative that is left."""
    return guards[0] if len(guards) == 1 else None


def _opposite(guards: list[Guard]) -> Guard | None:
    """The guard of all alternatives but one, where that one hangs on a single test."""
    if len(guards) != 1 or len(guards[0]) != 1:
        return None
    ((test, side),) = guards[0]
    return frozenset({(test, not side)}) if isinstance(side, bool) else None


def branch(frame: Frame, verdict: Verdict, then: Callable[[], bool], orelse: Callable[[], bool]) -> bool:
    """Run one side of a statement, or both and join them; True where control goes on behind it."""
    if verdict.decided is not None:
        return then() if verdict.decided else orelse()
    return fork(frame, ((verdict.yes, then), (verdict.no, orelse)))


def fork(frame: Frame, sides: Iterable[tuple[Guard, Callable[[], bool]]]) -> bool:
    """Run every side in a layer of its own and join those that go on; a side that leaves its loop has left its state there."""
    outer, path = frame.store, frame.path
    going: list[tuple[Store, Guard]] = []
    ended: list[tuple[Store, Guard]] = []
    left_loop = False
    for guard, work in sides:
        layer = outer.fork()
        layer.assume(guard)
        frame.store, frame.path, frame.left_by = layer, (*path, *guard), ""
        if work():
            going.append((layer, guard))
        elif frame.left_by == "return":
            ended.append((layer, guard))
        elif frame.left_by == "loop":
            left_loop = True
    frame.store, frame.path = outer, path
    frame.run.work.charge(sum(len(layer.cells) for layer, _ in (*going, *ended)))
    outer.merge(going, ended, frame.scope)
    if len(going) == 1:
        outer.assume(going[0][1])
        frame.path = (*path, *going[0][1])
    if not going:
        frame.left_by = "return" if ended else "loop" if left_loop else "raise"
    return bool(going)


def alternatives(frame: Frame, sides: Iterable[tuple[Guard, Callable[[], Value]]]) -> Value:
    """Evaluate every side in a layer of its own; the choice of their values."""
    outer, path = frame.store, frame.path
    options: list[Option] = []
    layers: list[tuple[Store, Guard]] = []
    for guard, work in sides:
        frame.path = (*path, *guard)
        value, layer = under(frame, guard, work)
        options.append(Option(guard, value))
        layers.append((layer, guard))
    frame.path = path
    frame.run.work.charge(sum(len(layer.cells) for layer, _ in layers))
    outer.merge(layers, (), frame.scope)
    return choice(options)


def each(frame: Frame, value: Value, work: Callable[[Value], Value]) -> Value:
    """Apply `work` to every alternative of a value."""
    value = without_none(frame.store.narrowed(value))
    if not isinstance(value, Choice):
        return work(value)
    return alternatives(frame, [(option.guard, _bound(work, option.value)) for option in value.options])


def _bound(work: Callable[[Value], Value], value: Value) -> Callable[[], Value]:
    return lambda: work(value)


def without_none(value: Value) -> Value:
    """The alternatives on which an operation can go on at all: None has no attributes, no elements and is not called."""
    if not isinstance(value, Choice):
        return value
    kept = tuple(option for option in value.options if option.value != NONE)
    if not kept or len(kept) == len(value.options):
        return value
    return kept[0].value if len(kept) == 1 else Choice(kept)


def having(value: Value, name: str) -> Value:
    """The alternatives that can have an attribute `name`: reading it from the others would raise."""
    if not isinstance(value, Choice):
        return value
    kept = tuple(option for option in value.options if _can_have(option.value, name))
    if not kept or len(kept) == len(value.options):
        return value
    return kept[0].value if len(kept) == 1 else Choice(kept)


def _can_have(value: Value, name: str) -> bool:
    match value:
        case TupleValue(_, names):
            return name in names or hasattr(tuple, name)
        case ListValue():
            return hasattr(list, name)
        case DictValue():
            return hasattr(dict, name)
        case Const(constant):
            return hasattr(type(constant), name)
        case _:
            return True


def pure_each(value: Value, work: Callable[[Value], Value]) -> Value:
    """Apply `work`, which touches no store, to every alternative of a value."""
    if not isinstance(value, Choice):
        return work(value)
    return choice(Option(option.guard, work(option.value)) for option in value.options)
