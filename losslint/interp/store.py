"""The store: every variable, attribute and container content of a run, in layers.

A cell is keyed by (identity of a scope or object, name). A branch, a loop turn or a call writes into a layer of its own, which is
merged into its parent afterwards, so that nothing is copied. A layer of a call also keeps what it read from below: these reads
are what the call's result depends on.

Each layer also knows the answers to undecided tests that hold on its path; which of them a call asked for is recorded as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from losslint.domain.lattice import choice
from losslint.domain.value import Choice, Const, Guard, Option, TestKey, Value

Key = tuple[object, object]


class Absent:
    """Marks that a cell was looked for and not found."""


ABSENT = Absent()


class Store:
    """One layer of cells on top of another."""

    __slots__ = ("_recorder", "answers", "cells", "consulted", "entry", "parent", "reads")

    def __init__(self, parent: Store | None = None, recording: bool = False) -> None:
        self.parent = parent
        self.cells: dict[Key, Value] = {}
        self.answers: Mapping[TestKey, Const] = parent.answers if parent is not None else {}
        self.entry = self.answers
        self.reads: dict[Key, Value | Absent] | None = {} if recording else None
        self.consulted: dict[TestKey, Const | None] = {}
        # only of the layers below: a layer that held itself would stay in memory
        self._recorder = parent.recorder if parent is not None else None

    @property
    def recorder(self) -> Store | None:
        """The layer of the innermost call at work, which notes what the call depends on."""
        return self._recorder if self.reads is None else self

    def read(self, key: Key) -> Value | None:
        """The value of a cell as it stands, or None where there is no such cell."""
        cells = self.cells
        if key in cells:
            return cells[key]
        layer: Store | None = self
        recorders: list[Store] = []
        found: Value | Absent = ABSENT
        while layer is not None:
            if key in layer.cells:
                found = layer.cells[key]
                break
            if layer.reads is not None:
                if key in layer.reads:
                    found = layer.reads[key]
                    break
                recorders.append(layer)
            layer = layer.parent
        for recorder in recorders:
            assert recorder.reads is not None
            recorder.reads[key] = found
        return None if isinstance(found, Absent) else found

    def forget_read(self, key: Key) -> None:
        """Let the next reading of a cell look at the bottom again: running a module has changed it there."""
        layer: Store | None = self
        while layer is not None:
            if layer.reads is not None:
                layer.reads.pop(key, None)
            layer = layer.parent

    def write(self, key: Key, value: Value) -> None:
        """Set a cell in this layer."""
        self.cells[key] = value

    def fork(self) -> Store:
        """A layer on top of this one, for one side of a branch."""
        return Store(self)

    def answer(self, test: TestKey) -> object:
        """The side that `test` takes on this path: True, False, or None where it was not decided."""
        known = self.look_up(test)
        if known is not None:
            return known.value
        if test[0] == "==":
            value = self.look_up(("value", test[1]))
            if value is not None:
                return value == test[2]
        return None

    def known_value(self, symbol: TestKey) -> Const | None:
        """The constant that an unknown thing was found equal to on this path."""
        return self.look_up(("value", symbol))

    def look_up(self, test: TestKey) -> Const | None:
        """The answer to a test; the calls at work note that they depend on it."""
        recorder = self.recorder
        if recorder is not None and test not in recorder.consulted:
            recorder.consulted[test] = recorder.entry.get(test)
        return self.answers.get(test)

    def assume(self, guard: Guard) -> None:
        """Go on under these answers."""
        if guard:
            answers = dict(self.answers)
            for test, side in guard:
                _assume_one(answers, test, side)
            self.answers = answers

    def allows(self, guard: Guard) -> bool:
        """False where an answer on this path contradicts the guard."""
        for test, side in guard:
            known = self.answer(test)
            if known is not None and known != side:
                return False
        return True

    def narrowed(self, value: Value) -> Value:
        """The value without the alternatives that this path excludes."""
        if not isinstance(value, Choice):
            return value
        options = tuple(option for option in value.options if not option.guard or self.allows(option.guard))
        if len(options) == len(value.options) or not options:
            return value
        return options[0].value if len(options) == 1 else Choice(options)

    def written_since(self, began: Store) -> dict[Key, Value]:
        """What was written in this layer and those below it, down to the layer `began`, which is left out."""
        layers: list[Store] = []
        layer: Store | None = self
        while layer is not None and layer is not began:
            layers.append(layer)
            layer = layer.parent
        written: dict[Key, Value] = {}
        for one in reversed(layers):
            written.update(one.cells)
        return written

    def absorb(self, layer: Store, leave_out: object = None) -> None:
        """Take over what a finished layer wrote; cells of scope `leave_out` are dropped."""
        if leave_out is None:
            self.cells.update(layer.cells)
        else:
            self.cells.update((key, value) for key, value in layer.cells.items() if key[0] != leave_out)
        if layer.reads is not None and self.recorder is not None:
            for test in layer.consulted:
                if test not in self.recorder.consulted:
                    self.recorder.consulted[test] = self.recorder.entry.get(test)

    def merge(self, layers: Sequence[tuple[Store, Guard]], ended: Iterable[tuple[Store, Guard]], scope: object) -> None:
        """Join layers that go on, and the effects on objects of layers that `ended` by returning.

        `scope` is the scope of the function at hand: its variables do not matter in layers that ended.
        """
        ended = tuple(ended)
        if len(layers) == 1 and not ended:
            self.absorb(layers[0][0])
            return
        keys = dict.fromkeys(key for layer, _ in layers for key in layer.cells)
        for layer, _ in ended:
            keys.update(dict.fromkeys(key for key in layer.cells if key[0] != scope))
        for key in keys:
            sources = layers if key[0] == scope else (*layers, *ended)
            options = []
            for layer, guard in sources:
                value = layer.cells[key] if key in layer.cells else self.read(key)
                if value is not None:
                    options.append(Option(guard, value))
            if options:
                first = options[0].value
                same = all(option.value is first for option in options)
                self.cells[key] = first if same else choice(options)


def _assume_one(answers: dict[TestKey, Const], test: TestKey, side: object) -> None:
    answers[test] = Const(bool(side))
    head = test[0]
    if head == "==" and side and isinstance(test[2], Const):
        answers[("value", test[1])] = test[2]
    elif head == "not" and isinstance(test[1], tuple):
        _assume_one(answers, test[1], not side)
    elif (head == "and" and side) or (head == "or" and not side):
        for part in test[1:]:
            if isinstance(part, tuple):
                _assume_one(answers, part, side)


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """One call: what it read, what it wrote, what it gave, and which identities it made."""

    reads: dict[Key, Value | Absent]
    consulted: dict[TestKey, Const | None]
    writes: dict[Key, Value]
    result: Value
    first: int
    last: int
