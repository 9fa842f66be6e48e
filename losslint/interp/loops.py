"""Loops: known elements one by one, others until nothing that matters changes any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import libcst as cst

from losslint.domain.kind import Unspecified
from losslint.domain.lattice import choice, element_of, widen
from losslint.domain.value import (
    ALWAYS,
    Choice,
    Const,
    Entries,
    Guard,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.branches import truth
from losslint.interp.frame import Frame, Loop
from losslint.interp.iteration import iterate
from losslint.interp.store import Absent, Key, Store

ROUNDS = 3
MAX_TURNS = 32
"""Turns of nested loops, multiplied, up to which known elements are taken one by one."""
CHANGES = Unknown("changes with every turn of a loop")


def exec_for(node: cst.For, frame: Frame) -> bool:
    """`for`"""
    source = iterate(frame.evaluate(node.iter), frame)
    if isinstance(source, TupleValue) and len(source.items) * frame.run.turns > MAX_TURNS:
        source = Repeated(element_of((source,)))
    path, around, outer = frame.path, frame.loop, frame.store
    loop = frame.loop = Loop(outer, len(path))
    frame.store = outer.fork()
    ends = True
    if isinstance(source, Repeated):
        element = source.element
        if isinstance(element, Unknown | Scalar) and element.symbol is None:
            element = replace(element, symbol=("element", id(node)))
        ends = _turns(node, frame, lambda: frame.run.machine.assign(node.target, element, frame))
    items = source.items if isinstance(source, TupleValue) else source.tail
    ends = _known_turns(node, items, frame) and (ends or bool(items))
    frame.path, frame.loop = path, around
    if ends and node.orelse is not None:
        frame.run.machine.execute(node.orelse.body, frame)
    _unite(loop, node, frame.store, ends)
    frame.store = outer
    return _goes_on(loop, ends or isinstance(source, Repeated), frame)


def _known_turns(node: cst.For, items: tuple[Value, ...], frame: Frame) -> bool:
    """A turn for each of these; False where one of them surely leaves the function or the loop."""
    run, outer = frame.run, frame.store
    before, run.turns = run.turns, run.turns * max(len(items), 1)
    layer = outer.fork()
    ends = True
    for item in items:
        frame.store = layer
        run.machine.assign(node.target, item, frame)
        ends = _turn(node, frame, layer.fork())
        if not ends:
            break
    frame.store, run.turns = outer, before
    outer.absorb(layer)
    return ends


def exec_while(node: cst.While, frame: Frame) -> bool:
    """`while`"""
    verdict = truth(frame.evaluate(node.test), frame, node)
    if verdict.decided is False:
        return True if node.orelse is None else frame.run.machine.execute(node.orelse.body, frame)
    path, around, outer = frame.path, frame.loop, frame.store
    loop = frame.loop = Loop(outer, len(path))
    frame.store = outer.fork()
    ends = _turns(node, frame, lambda: None)
    frame.path, frame.loop = path, around
    _unite(loop, node, frame.store, ends)
    frame.store = outer
    return _goes_on(loop, ends or verdict.decided is None, frame)


def _goes_on(loop: Loop, ends: bool, frame: Frame) -> bool:
    """False behind a loop that surely returns."""
    return ends or bool(loop.broken) or frame.left_by != "return"


def leave_turn(loop: Loop, breaks: bool, frame: Frame) -> None:
    """Keep the state in which a turn is left by `break` or `continue`."""
    state = (frame.store.written_since(loop.began), frozenset(frame.path[loop.path :]))
    (loop.broken if breaks else loop.continued).append(state)


def _unite(loop: Loop, node: cst.For | cst.While, last: Store, ends: bool) -> None:
    """Join the states in which a loop was broken off with its last one, if it can end by itself, behind the loop."""
    outer = loop.began
    joined: dict[Key, Value] = {}
    keys = dict.fromkeys((*(last.cells if loop.broken else ()), *(key for cells, _ in loop.broken for key in cells)))
    for key in keys:
        now = last.read(key) if ends else None
        options = [] if now is None else [Option(ALWAYS, now)]
        for cells, guard in loop.broken:
            value = cells[key] if key in cells else outer.read(key)
            if value is not None:
                options.append(Option(_lasting(guard, node), _without_answers(value, node)))
        if options:
            joined[key] = choice(options)
    outer.absorb(last)
    outer.cells.update(joined)


def _turn(node: cst.For | cst.While, frame: Frame, layer: Store) -> bool:
    """One turn in a layer whose assumptions end with it; False where it surely leaves the function or the loop."""
    outer, path, loop = frame.store, frame.path, frame.loop
    assert loop is not None
    loop.continued.clear()
    frame.store, frame.left_by = layer, ""
    goes_on = frame.run.machine.execute(node.body, frame)
    if loop.continued:
        _resume(loop, layer, frozenset(frame.path[loop.path :]), goes_on)
        goes_on = True
    frame.store, frame.path = outer, path
    _forget_turn(layer, node)
    outer.absorb(layer)
    return goes_on


def _resume(loop: Loop, layer: Store, guard: Guard, goes_on: bool) -> None:
    """Join the states in which a turn was cut short with the one at its end, if it can come there."""
    before = layer.parent
    assert before is not None
    for key in dict.fromkeys((*layer.cells, *(key for cells, _ in loop.continued for key in cells))):
        values = [(cells[key] if key in cells else loop.began.read(key), under) for cells, under in loop.continued]
        if goes_on:
            values.append((layer.cells[key] if key in layer.cells else before.read(key), guard))
        layer.write(key, choice(Option(under, value) for value, under in values if value is not None))


def _forget_turn(layer: Store, node: cst.For | cst.While) -> None:
    """Drop the answers of one turn from what it wrote: the same test may go the other way in the next turn."""
    for key, value in layer.cells.items():
        layer.cells[key] = _without_answers(value, node)


def _without_answers(value: Value, node: cst.For | cst.While) -> Value:
    if isinstance(value, Choice):
        return choice(Option(_lasting(option.guard, node), option.value) for option in value.options)
    return value


def _lasting(guard: Guard, node: cst.For | cst.While) -> Guard:
    return frozenset(
        part for part in guard if part[0][0] not in ("fresh", "raised") and not _mentions(part[0], id(node))
    )


def _mentions(test: object, loop: int) -> bool:
    """True where a test is about an element of the loop."""
    return test == ("element", loop) or (isinstance(test, tuple) and any(_mentions(part, loop) for part in test))


def _turns(node: cst.For | cst.While, frame: Frame, bind: Callable[[], None]) -> bool:
    """Turns of a loop that runs an unknown number of times, at least once, until its state settles.

    False where the first turn surely leaves the function or the loop.
    """
    outer, run = frame.store, frame.run
    before, run.turns = run.turns, run.turns * 2
    bind()
    layer = Store(outer, recording=True)
    if not _turn(node, frame, layer):
        run.turns = before
        return False
    rounds = _first_settling(outer, layer)
    for turn in range(rounds if run.turns <= MAX_TURNS else 0):
        layer = outer.fork()
        frame.store = layer
        bind()
        _turn(node, frame, layer.fork())
        frame.store = outer
        if not _settle(outer, layer, turn):
            break
    run.turns = before
    return True


def _first_settling(outer: Store, layer: Store) -> int:
    """How many more turns are needed after the first: none where no turn can see what the turn before it did."""
    assert layer.reads is not None
    needed = 0
    for key, value in layer.cells.items():
        if key not in layer.reads:
            continue
        before = layer.reads[key]
        if isinstance(before, Absent) or before == value:
            continue
        settled = _settled_at_once(before, value)
        if settled is None:
            needed = ROUNDS
        else:
            outer.write(key, settled)
    return needed


def _settled_at_once(before: Value, after: Value) -> Value | None:
    """What a cell holds after any number of turns, where that can be told from one; else None."""
    match after:
        case Unknown():
            return after
        case Const(bool()) | Const(None):
            return None
        case Scalar() | Const(int() | float()):
            return CHANGES
        case Tensor(Unspecified()):
            return after
        case TupleValue() | Repeated() if isinstance(before, TupleValue | Repeated):
            return Repeated(element_of((after,))) if not isinstance(after, TupleValue) or after.items else after
        case Entries() if isinstance(before, Entries):
            return after
        case _:
            return None


def _settle(outer: Store, layer: Store, turn: int) -> bool:
    """Widen what a turn changed into the state before it; True while something still changes."""
    changed = False
    for key, value in layer.cells.items():
        before = outer.read(key)
        after = value if before is None else widen(before, value, turn)
        if before is None or after != before:
            changed = True
            outer.write(key, after)
    return changed
