"""Loops: known elements one by one, others until nothing that matters changes any more."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from losslint.domain.kind import Unspecified
from losslint.domain.lattice import choice, element_of, widen
from losslint.domain.value import (
    Choice,
    Const,
    Entries,
    Guard,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.branches import truth
from losslint.interp.frame import Frame
from losslint.interp.iteration import iterate
from losslint.interp.store import Absent, Store

ROUNDS = 3
MAX_TURNS = 32
"""Turns of nested loops, multiplied, up to which known elements are taken one by one."""
CHANGES = Unknown("changes with every turn of a loop")


def exec_for(node: cst.For, frame: Frame) -> bool:
    """`for`"""
    source = iterate(frame.evaluate(node.iter), frame)
    if isinstance(source, TupleValue) and len(source.items) * frame.run.turns > MAX_TURNS:
        source = Repeated(element_of((source,)))
    path = frame.path
    if isinstance(source, Repeated):
        element = source.element
        if isinstance(element, Unknown) and element.symbol is None:
            element = Unknown(element.why, ("element", id(node)))
        _turns(node, frame, lambda: frame.run.machine.assign(node.target, element, frame))
    _known_turns(node, source.items if isinstance(source, TupleValue) else source.tail, frame)
    frame.path = path
    if node.orelse is not None:
        frame.run.machine.execute(node.orelse.body, frame)
    return True


def _known_turns(node: cst.For, items: tuple[Value, ...], frame: Frame) -> None:
    run = frame.run
    before, run.turns = run.turns, run.turns * max(len(items), 1)
    for item in items:
        run.machine.assign(node.target, item, frame)
        if not _turn(node, frame, frame.store.fork()):
            break
    run.turns = before


def exec_while(node: cst.While, frame: Frame) -> bool:
    """`while`"""
    verdict = truth(frame.evaluate(node.test), frame, node)
    if verdict.decided is False:
        return True if node.orelse is None else frame.run.machine.execute(node.orelse.body, frame)
    path = frame.path
    _turns(node, frame, lambda: None)
    frame.path = path
    return True


def _turn(node: cst.For | cst.While, frame: Frame, layer: Store) -> bool:
    """One turn in a layer whose assumptions end with it; False where it surely leaves the function or the loop."""
    outer, path = frame.store, frame.path
    frame.store, frame.left_by = layer, ""
    goes_on = frame.run.machine.execute(node.body, frame)
    frame.store, frame.path = outer, path
    _forget_turn(layer, node)
    outer.absorb(layer)
    return goes_on or frame.left_by == "loop"


def _forget_turn(layer: Store, node: cst.For | cst.While) -> None:
    """Drop the answers of one turn from what it wrote: the same test may go the other way in the next turn."""
    for key, value in layer.cells.items():
        if isinstance(value, Choice):
            layer.cells[key] = choice(Option(_lasting(option.guard, node), option.value) for option in value.options)


def _lasting(guard: Guard, node: cst.For | cst.While) -> Guard:
    return frozenset(
        part for part in guard if part[0][0] not in ("fresh", "raised") and not _mentions(part[0], id(node))
    )


def _mentions(test: object, loop: int) -> bool:
    """True where a test is about an element of the loop."""
    return test == ("element", loop) or (isinstance(test, tuple) and any(_mentions(part, loop) for part in test))


def _turns(node: cst.For | cst.While, frame: Frame, bind: Callable[[], None]) -> None:
    """Turns of a loop that runs an unknown number of times, at least once, until its state settles."""
    outer, run = frame.store, frame.run
    before, run.turns = run.turns, run.turns * 2
    bind()
    layer = Store(outer, recording=True)
    _turn(node, frame, layer)
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
        case Const(int() | float()):
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
