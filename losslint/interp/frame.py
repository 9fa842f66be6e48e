"""What is passed from hand to hand during a run: the frame of the function at work, and the run it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import libcst as cst

from losslint.domain.origin import Site
from losslint.domain.value import ClassValue, Guard, Option, TestKey, Unknown, Value
from losslint.facts import Argument, Fact
from losslint.interp.store import Store
from losslint.knowledge.index import Knowledge
from losslint.names.definitions import FunctionDefinition
from losslint.names.project import Project, Unit

MAX_DEPTH = 28
STEPS_PER_ROOT = 60_000


class Machine(Protocol):
    """The parts of the interpreter, as they call one another."""

    def evaluate(self, node: cst.BaseExpression, frame: Frame) -> Value:
        """The value of an expression."""

    def execute(self, body: cst.BaseSuite | cst.Module, frame: Frame) -> bool:
        """Run statements; True where control falls out of their end."""

    def call(self, callee: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
        """Call a value."""

    def attribute(self, value: Value, name: str, site: Site, frame: Frame) -> Value:
        """Read an attribute."""

    def assign(self, target: cst.BaseExpression, value: Value, frame: Frame) -> None:
        """Bind a target of an assignment."""

    def builtin(self, name: str) -> Value | None:
        """A builtin function or class of Python."""

    def row_of(self, tensor: Value) -> Value:
        """What going through a tensor's first axis gives."""

    def load(self, unit: Unit, frame: Frame) -> int:
        """Run a module once; the identity of its scope."""


@dataclass(slots=True, eq=False)
class Run:
    """One analysis: what was found so far, and how much work is left."""

    project: Project
    knowledge: Knowledge
    machine: Machine
    base: Store = field(default_factory=Store)
    facts: list[Fact] = field(default_factory=list)
    scope_parents: dict[int, int | None] = field(default_factory=dict)
    module_scopes: dict[str, int] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)
    """ids of the definitions that some root has run."""
    created: list[tuple[Value, Store]] = field(default_factory=list)
    """Instances of program classes, with the store they stand in."""
    memo: dict[object, list[object]] = field(default_factory=dict)
    revealed: list[tuple[Site, Value]] = field(default_factory=list)
    steps_left: int = STEPS_PER_ROOT
    last_identity: int = 0

    def fresh(self) -> int:
        """A new identity."""
        self.last_identity += 1
        return self.last_identity

    def spend(self) -> bool:
        """Use up one step of the root's budget; False when nothing is left."""
        self.steps_left -= 1
        return self.steps_left > 0


@dataclass(slots=True, eq=False)
class Frame:
    """A function (or module, or class body) at work."""

    run: Run
    store: Store
    unit: Unit
    scope: int
    definition: FunctionDefinition | None = None
    owner: ClassValue | None = None
    receiver: Value | None = None
    depth: int = 0
    path: tuple[tuple[TestKey, object], ...] = ()
    returns: list[Option] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    declared: dict[str, int] = field(default_factory=dict)
    """Names declared global or nonlocal, and the scope they belong to."""
    stack: tuple[FunctionDefinition, ...] = ()
    class_body: bool = False
    left_by: str = ""
    """Why the last block did not go on: return, loop (break or continue) or raise."""

    @property
    def machine(self) -> Machine:
        """The parts of the interpreter."""
        return self.run.machine

    def site(self, node: cst.CSTNode) -> Site:
        """The place of a node of this frame's module."""
        return Site(node, self.unit)

    def evaluate(self, node: cst.BaseExpression) -> Value:
        """The value of an expression, without the alternatives that this path excludes."""
        return self.run.machine.evaluate(node, self)

    def guard(self) -> Guard:
        """The answers taken since this function was entered."""
        return frozenset(self.path)

    def lookup(self, name: str) -> Value | None:
        """A variable by name: this scope, the enclosing ones, the module; None where it is not bound."""
        store = self.store
        scope: int | None = self.declared.get(name, self.scope)
        while scope is not None:
            value = store.read((scope, name))
            if value is not None:
                return store.narrowed(value)
            scope = self.run.scope_parents.get(scope)
        return None

    def bind(self, name: str, value: Value) -> None:
        """Set a variable."""
        self.store.write((self.declared.get(name, self.scope), name), value)


def under(frame: Frame, guard: Guard, work: Callable[[], Value]) -> tuple[Value, Store]:
    """Do `work` in a layer of its own, under the answers of `guard`; the value and the layer."""
    outer = frame.store
    layer = outer.fork()
    layer.assume(guard)
    frame.store = layer
    try:
        return work(), layer
    finally:
        frame.store = outer


def unknown(why: str, *symbol: object) -> Unknown:
    """An unknown value; the symbol, where given, tells it from other unknown things."""
    return Unknown(why, tuple(symbol) if symbol else None)
