"""Remembered calls: the result of a call is used again where everything that it read is as it was.

What a call made (objects, lists, closures) gets new identities each time it is used again, so that two models from one factory
stay two models.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from losslint.domain.value import (
    BoundMethod,
    Choice,
    ClassValue,
    DictValue,
    Entries,
    FunctionValue,
    Instance,
    LibraryMethod,
    LibraryObject,
    ListValue,
    Option,
    Partial,
    Repeated,
    Super,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.frame import LEAVES, Frame
from losslint.interp.store import ABSENT, Absent, Remembered, Store


def recall(function: FunctionValue, bound: dict[str, Value], frame: Frame) -> Value | None:
    """The result of an earlier call that went the same way, its effects done again; None where there is none."""
    for entry in frame.run.memory.of((function, tuple(bound.values()))):
        frame.run.work.charge(len(entry.reads))
        if _still_holds(entry, frame):
            frame.run.work.charge(2 * len(entry.writes) + (entry.last - entry.first) // 8)
            return _replay(entry, frame)
    return None


def _still_holds(entry: Remembered, frame: Frame) -> bool:
    """True where all that a call read and asked is as it was."""
    answers = frame.store.answers
    if any(answers.get(test) != answer for test, answer in entry.consulted.items()):
        return False
    if not all(_same(frame.store.read(key), value) for key, value in entry.reads.items()):
        return False
    for test in entry.consulted:
        frame.store.look_up(test)
    return True


def _same(now: Value | None, then: Value | Absent) -> bool:
    if now is None:
        return then is ABSENT
    return now is then or now == then


def _replay(entry: Remembered, frame: Frame) -> Value:
    run = frame.run
    made = entry.last - entry.first
    if not made:
        for key, value in entry.writes.items():
            frame.store.write(key, value)
        return entry.result
    by = run.last_identity - entry.first
    run.last_identity += made

    def moved(identity: int) -> int:
        return identity + by if entry.first < identity <= entry.last else identity

    for key, value in entry.writes.items():
        head = moved(key[0]) if isinstance(key[0], int) else key[0]
        frame.store.write((head, key[1]), relocate(value, moved))
        if isinstance(key[1], str) and key[0] in run.attributes:
            run.attributes.setdefault(head, {})[key[1]] = None
    for identity in range(entry.first + 1, entry.last + 1):
        parent = run.scope_parents.get(identity)
        if parent is not None:
            run.scope_parents[identity + by] = moved(parent)
    return relocate(entry.result, moved)


def relocate(value: Value, moved: Callable[[int], int]) -> Value:
    """The same value with identities mapped."""
    match value:
        case ListValue(identity) | DictValue(identity) | LibraryObject(identity):
            new = moved(identity)
            return value if new == identity else replace(value, identity=new)
        case Instance(identity, class_):
            return Instance(moved(identity), _class(class_, moved))
        case ClassValue():
            return _class(value, moved)
        case FunctionValue(definition, scope, owner):
            return FunctionValue(definition, moved(scope), owner)
        case BoundMethod(receiver, function):
            return BoundMethod(relocate(receiver, moved), relocate(function, moved))
        case LibraryMethod(receiver, name):
            return LibraryMethod(relocate(receiver, moved), name)
        case Partial(function, arguments, keywords):
            return Partial(
                relocate(function, moved),
                tuple(relocate(item, moved) for item in arguments),
                tuple((name, relocate(item, moved)) for name, item in keywords),
            )
        case TupleValue(items, names):
            return TupleValue(tuple(relocate(item, moved) for item in items), names)
        case Repeated(element, tail):
            return Repeated(relocate(element, moved), tuple(relocate(item, moved) for item in tail))
        case Entries(known, rest):
            entries = tuple((key, relocate(item, moved)) for key, item in known)
            return Entries(entries, None if rest is None else relocate(rest, moved))
        case Super(class_, receiver):
            return Super(class_, relocate(receiver, moved))
        case Choice(options):
            return Choice(tuple(Option(option.guard, relocate(option.value, moved)) for option in options))
        case _:
            return value


def _class(class_: ClassValue, moved: Callable[[int], int]) -> ClassValue:
    new = moved(class_.identity)
    return class_ if new == class_.identity else replace(class_, identity=new)


def remember(
    function: FunctionValue,
    bound: dict[str, Value],
    frame: Frame,
    layer: Store,
    result: Value,
    before: tuple[int, int],
    scope: int | None,
) -> None:
    """Keep what a finished call read, wrote and gave."""
    run = frame.run
    if run.work.is_used_up or (isinstance(result, Unknown) and result.symbol == LEAVES):
        return
    writes = {key: value for key, value in layer.cells.items() if scope is None or key[0] != scope}
    assert layer.reads is not None
    one = Remembered(layer.reads, layer.consulted, writes, result, before[0], run.last_identity)
    run.memory.keep((function, tuple(bound.values())), one)
