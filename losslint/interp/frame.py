"""What is passed from hand to hand during a run: the frame of the function at work, and the run it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import libcst as cst

from losslint.domain.lattice import choice
from losslint.domain.origin import Origin, Site
from losslint.domain.value import (
    Choice,
    ClassValue,
    Const,
    Deferred,
    FunctionValue,
    Guard,
    Instance,
    Option,
    TestKey,
    Unknown,
    Value,
)
from losslint.facts import Elsewhere, Fact, what_is_seen
from losslint.finding import Problem
from losslint.interp.budgets import Work
from losslint.interp.defaults import usual
from losslint.interp.machine import Machine
from losslint.interp.memory import Memory
from losslint.interp.store import Key, Store
from losslint.knowledge.index import Knowledge
from losslint.names.definitions import BodyFacts, FunctionDefinition, look_at
from losslint.names.import_lines import Imports
from losslint.names.project import Project, Unit

MAX_DEPTH = 28
LEAVES = ("leaves",)
"""Symbol of the value of an expression that never gives one: it raises, or ends the program."""
ANY_ATTRIBUTE = "any attribute"
"""The cell of an object with what attributes may hold that were set by names made at run time."""
PART_OF = "part of"
"""Head of the symbol of a module below another one, not known which."""
PATCHED = "patched"
"""Scope of the cells with what the program put in the place of names of libraries."""
GRADIENTS = ("mode", "gradients")
"""The cell that tells whether gradients are recorded."""


@dataclass(slots=True, eq=False)
class Run:
    """One analysis: what was found so far, and how much work is left."""

    project: Project
    knowledge: Knowledge
    machine: Machine
    imports: Imports
    base: Store = field(default_factory=Store)
    facts: list[Fact] = field(default_factory=list)
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    handed: set[Origin] = field(default_factory=set)
    """The last steps of sums that were given to something that is not followed, which may have changed them in place."""
    found_by: dict[object, set[Unit]] = field(default_factory=dict)
    """Places of facts, and the modules whose roots found them."""
    cut: set[Unit] = field(default_factory=set)
    """Modules of whose roots not all was run."""
    told: set[tuple[object, frozenset[object]]] = field(default_factory=set)
    """Places of facts with what was seen there."""
    scope_parents: dict[int, int | None] = field(default_factory=dict)
    module_scopes: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    stars: dict[int, list[Value]] = field(default_factory=dict)
    """Modules that a module imports everything from, by the scope of the importer."""
    bodies: dict[FunctionDefinition, BodyFacts] = field(default_factory=dict)
    described: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By module, the classes and functions that rows of the user describe, with the names of these rows."""
    forcing: set[tuple[str, str]] = field(default_factory=set)
    """Names that are being looked up through re-exports right now."""
    method_names: set[str] = field(default_factory=set)
    """Names of the methods of all classes of the program that were met."""
    lineages: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    classes: dict[str, list[ClassValue]] = field(default_factory=dict)
    """Classes by the module that defines them."""
    defined: dict[str, dict[cst.CSTNode, FunctionValue]] = field(default_factory=dict)
    """Functions by module and node, as their definition first gave them, in this order."""
    closures: dict[cst.CSTNode, Store] = field(default_factory=dict)
    """The stores in which functions made in functions look up their free names, while no run has reached them."""
    attributes: dict[object, dict[str, None]] = field(default_factory=dict)
    """Names of the attributes that were set on an object."""
    top: Store = field(default_factory=Store)
    """The store of the root at work; it keeps what the root left behind."""
    reached: set[cst.CSTNode] = field(default_factory=set)
    """Functions that some root has run."""
    called: set[cst.CSTNode] = field(default_factory=set)
    """Functions that the program itself calls."""
    created: dict[ClassValue, list[tuple[Instance, Store]]] = field(default_factory=dict)
    """Instances of program classes, with the store they stand in."""
    defaults: dict[TestKey, Const] = field(default_factory=dict)
    """What an unknown thing is where nobody says otherwise: default arguments, defaults of options."""
    memory: Memory = field(default_factory=Memory)
    revealed: list[tuple[Site, Value]] = field(default_factory=list)
    made_in: list[tuple[int, int, Unit]] = field(default_factory=list)
    """Identities (after the first, up to the last) that running a module's top level made; inner modules stand before outer ones."""
    selecting: set[TestKey] = field(default_factory=set)
    """Tests by which the program chooses which of several models it calls."""
    negated: set[object] = field(default_factory=set)
    """Calls that stand behind a minus."""
    entered: set[tuple[cst.If, bool]] = field(default_factory=set)
    """Sides of branches that some run went through."""
    left_out: dict[tuple[cst.If, bool], FunctionDefinition] = field(default_factory=dict)
    """Sides of branches that some run did not go through, and the function in which they stand."""
    asked: set[tuple[int, str]] = field(default_factory=set)
    """Scopes that were asked for a name through star imports during the look-up at work, in vain so far."""
    patched: set[str] = field(default_factory=set)
    """Names of libraries that the program put something else in the place of."""
    lines_read: int = 0
    left_unread: set[str] = field(default_factory=set)  # very many lines had been read before
    settled: set[Unit] = field(default_factory=set)
    """Modules whose registries are filled by now."""
    work: Work = field(default_factory=Work)
    last_identity: int = 0
    turns: int = 1
    """How many times the loops around the code at work repeat it, multiplied."""

    def fresh(self) -> int:
        """A new identity."""
        self.last_identity += 1
        return self.last_identity

    def note_fact(self, fact: Fact) -> None:
        """Keep a fact; one that tells something new of its place gives the root at work more time."""
        self.facts.append(fact)
        told = (fact.site.node, what_is_seen(fact))
        if told not in self.told:
            self.told.add(told)
            self.work.find_new()

    def note_definition(self, function: FunctionValue, unit: Unit, store: Store) -> None:
        """Keep in mind that a function was defined, and where it will look up its free names."""
        definition = function.definition
        assert isinstance(definition, FunctionDefinition)
        functions = self.defined.setdefault(unit.key, {})
        if definition.node not in functions:
            functions[definition.node] = function
            if function.owner is None and self.scope_parents.get(function.scope) is not None:
                self.closures[definition.node] = store

    def note_branch(self, node: cst.If, decided: bool | None, within: FunctionDefinition) -> None:
        """Keep in mind which sides of an `if` were run, and which were left out because the answer was known."""
        for side in (True, False):
            if decided is None or decided is side:
                self.entered.add((node, side))
            else:
                self.left_out[node, side] = within

    def maker_of(self, identity: int) -> Unit | None:
        """The module at whose top level something was made."""
        return next((unit for first, last, unit in self.made_in if first < identity <= last), None)

    def is_plain(self, guard: Guard) -> bool:
        """True where the program takes these answers unless somebody says otherwise."""
        return bool(guard) and all(self.usual(test) == side for test, side in guard)

    def usual(self, test: TestKey) -> bool | None:
        """The side that a test takes where nobody says otherwise; None where the program does not tell."""
        return usual(test, self.defaults)

    def mode_of(self, store: Store) -> bool | None:
        """False where a loss is computed without gradients, that is in an evaluation; None where that cannot be told."""
        return False if store.read(GRADIENTS) == Const(False) else None

    def body_of(self, definition: FunctionDefinition) -> BodyFacts:
        """The names that a function binds itself, and whether it yields."""
        found = self.bodies.get(definition)
        if found is None:
            found = self.bodies[definition] = look_at(definition.node)
        return found

    def uses_tensors(self, unit: Unit) -> bool:
        """True where a module speaks of the tensor library at all."""
        document = unit.document
        return not isinstance(document, Problem) and any(mark in document.data for mark in self.knowledge.marks)

    def module_attributes(self, identity: object, store: Store) -> tuple[str, ...]:
        """Names of the attributes of an object that may hold modules."""
        return (*self.attributes.get(identity, ()), "items")

    def begin_root(self) -> None:
        """Forget what only the last root needed, and give the next one its budget."""
        self.work.begin_root()
        self.turns = 1
        self.memory.trim()
        for node in [one for one in self.closures if one in self.reached]:
            del self.closures[node]


@dataclass(slots=True, eq=False)
class Loop:
    """A loop at work: the store and the path it began with, and the states in which turns left it or went on early.

    A state is what was written since the loop began, and the answers taken for granted.
    """

    began: Store
    path: int
    broken: list[tuple[dict[Key, Value], Guard]] = field(default_factory=list)
    continued: list[tuple[dict[Key, Value], Guard]] = field(default_factory=list)


_MODES = ("==", "in", "<", "truth", "isinstance", "and", "or", "not", "fresh")
"""The tests by which programs choose among modes of theirs."""


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
    home: int = -1
    """The scope of the function at work, apart from those of comprehensions in it."""
    locals: frozenset[str] = frozenset()
    """The names that the function binds itself."""
    left_by: str = ""
    """Why the last block did not go on: return, loop (break or continue) or raise."""
    at_yield: Callable[[Value, Frame], None] | None = None
    """What runs where this generator yields: the body of a `with` that it manages."""
    loop: Loop | None = None
    """The innermost loop at work."""
    handed: bool = False
    """True where the function was given tensors."""
    by_mode: bool = False
    """True where a function that was given tensors came here by an answer to an open question."""

    def in_mode(self) -> bool:
        """True where tensors are handed to code that runs in one of several modes: a test that compares something unknown, or asks
        whether it is true, has one answer here, and that is no default."""
        asked = ((test, side) for test, side in self.path if test[0] in _MODES)
        return self.by_mode or (self.handed and any(self.run.usual(test) != side for test, side in asked))

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

    def is_usual(self) -> bool:
        """False on a path that the program does not take by its defaults: nothing on it is plainly selected."""
        for test, answer in self.store.answers.items():
            usual = None if test[0] in ("value", "raised") else self.run.usual(test)
            if usual is not None and usual != answer.value:
                return False
        return True

    def lookup(self, name: str) -> Value | None:
        """A variable by name: this scope, the enclosing ones, the module; None where it is not bound."""
        store = self.store
        scope: int | None = self.declared.get(name, self.scope)
        if scope == self.home and name not in self.locals:
            scope = self.run.scope_parents.get(scope)
        while scope is not None:
            value = store.read((scope, name))
            if value is not None:
                if isinstance(value, Deferred):
                    return self.run.machine.force(value, self)
                return self.looked_up(value) if isinstance(value, Choice) else value
            if scope in self.run.stars:
                value = self.run.machine.from_stars(scope, name, self)
                if value is not None:
                    return value
            scope = self.run.scope_parents.get(scope)
        return None

    def looked_up(self, value: Choice) -> Value:
        """The alternatives that this path leaves, with the imported names among them looked up: ``try: from a import b`` gives such."""
        found = self.store.narrowed(value)
        if not isinstance(found, Choice) or not any(isinstance(option.value, Deferred) for option in found.options):
            return self.run.machine.force(found, self) if isinstance(found, Deferred) else found
        return choice(
            Option(option.guard, self.run.machine.force(option.value, self))
            if isinstance(option.value, Deferred)
            else option
            for option in found.options
        )

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
    """An unknown value; a symbol tells it from others."""
    return Unknown(why, tuple(symbol) if symbol else None)
