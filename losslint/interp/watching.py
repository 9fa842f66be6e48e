"""A run that looks for readers: it takes note of every expression that holds the numbers of certain activations.

A first run finds what is wrong; where its remedy takes an activation away, a second run of the same program watches the numbers
that this activation makes. What is noted is enough to tell, from the syntax around each expression, who reads them and how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

import libcst as cst

from losslint.domain.kind import Kind, LogProbs, Probs
from losslint.domain.lattice import options_of
from losslint.domain.origin import Origin, Site
from losslint.domain.value import (
    PARTLY,
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Entries,
    FunctionValue,
    Instance,
    Library,
    LibraryMethod,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp import calls, expressions
from losslint.interp.class_bodies import class_attribute
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents
from losslint.interp.run import Parts
from losslint.knowledge.readers import EXPORTS
from losslint.names.definitions import ClassDefinition

DEPTH = 5
"""How deep a value is searched for watched numbers."""


class CalleeSort(Enum):
    """What is called, as far as a reader of its arguments must know."""

    FUNCTION = "function of the program"
    LIBRARY = "function of a library"
    METHOD = "method of a tensor"
    LAYER = "layer"
    OTHER = "something that is not followed"


@dataclass(frozen=True, slots=True)
class Callee:
    """What a call was seen to call; `name` is the dotted name of a library's function or layer, or that of a method."""

    sort: CalleeSort
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """A place where watched numbers go out of sight."""

    source: object
    why: str
    site: Site


@dataclass(slots=True, eq=False)
class Sightings:
    """What a run saw of the numbers that it watched. Sources are the nodes that the run was asked to watch."""

    held: dict[cst.CSTNode, set[object]] = field(default_factory=dict)
    """Expressions, and the sources whose numbers they held."""
    tensors: dict[cst.CSTNode, set[Tensor]] = field(default_factory=dict)
    """Expressions that were themselves such tensors, with what was known of these."""
    homes: dict[cst.CSTNode, object] = field(default_factory=dict)
    """The modules of these expressions."""
    sorts: dict[cst.CSTNode, set[type]] = field(default_factory=dict)
    """Expressions, and the types of values that they gave."""
    callees: dict[cst.CSTNode, set[Callee]] = field(default_factory=dict)
    """Calls, and what they called."""
    lost: list[Departure] = field(default_factory=list)
    others: set[cst.CSTNode] = field(default_factory=set)
    """Expressions that held something else at some time: other numbers, or what is not known."""
    partial: dict[cst.CSTNode, set[object]] = field(default_factory=dict)
    """Lists and tuples, and the sources that made some of the tensors in them and not all."""
    exported: dict[object, Site] = field(default_factory=dict)
    """Classes and layers of models that were put where other programs read them, and where that was done."""
    escaped: dict[object, Site] = field(default_factory=dict)
    """Classes and layers of models that were given to something that is not followed, and where that was done."""
    called: set[cst.CSTNode] = field(default_factory=set)
    """Functions that the program itself calls: what they give is looked at where they are called."""


@dataclass(slots=True, eq=False)
class _Parts:
    """The classes and layers that models given away are made of, each looked at once."""

    into: dict[object, Site]
    site: Site
    frame: Frame
    done: set[int] = field(default_factory=set)

    def add(self, value: Value | None, depth: int) -> None:
        """Take note of what a value is made of."""
        if isinstance(value, Choice):
            for option in value.options:
                self.add(option.value, depth)
            return
        if not isinstance(value, Instance | LibraryObject) or depth <= 0 or value.identity in self.done:
            return
        self.done.add(value.identity)
        if isinstance(value, Instance) and isinstance(value.class_.definition, ClassDefinition):
            self.into.setdefault(value.class_.definition.node, self.site)
        elif isinstance(value, LibraryObject) and value.origin is not None:
            self.into.setdefault(value.origin.site.node, self.site)
        for name in self.frame.run.attributes.get(value.identity, ()):
            self.add(self.frame.store.read((value.identity, name)), depth - 1)
        for layer in _items(contents(value, self.frame)):
            self.add(layer, depth - 1)


class Watching(Parts):
    """The interpreter's parts, with eyes on some sources: nodes where an activation is applied, or its layer is made."""

    def __init__(self, sources: Mapping[object, Kind]) -> None:
        self.sources = sources
        self.seen = Sightings()

    def evaluate(self, node: cst.BaseExpression, frame: Frame) -> Value:
        """The value of an expression, marked with the watched sources of its numbers."""
        value = self._marked(expressions.evaluate(node, frame))
        held = self._held(value, frame, DEPTH)
        if any(_is_other(option.value) for option in options_of(value)):
            self.seen.others.add(node)
        self.seen.sorts.setdefault(node, set()).update(type(option.value) for option in options_of(value))
        if held:
            missing = held - self._common(value, frame)
            if missing:
                self.seen.partial.setdefault(node, set()).update(missing)
            before = self.seen.held.setdefault(node, set())
            if not held <= before:
                before |= held
                self.seen.homes[node] = frame.unit
                frame.run.work.find_new()
            tensors = [option.value for option in options_of(value) if isinstance(option.value, Tensor)]
            self.seen.tensors.setdefault(node, set()).update(tensors)
        return value

    def call(self, callee: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
        """Call a value, and take note of what it is."""
        if isinstance(site.node, cst.CSTNode):
            noted = self.seen.callees.setdefault(site.node, set())
            noted.update(_callee(option.value, frame) for option in options_of(callee))
            self._note_models(callee, arguments, site, frame)
        return calls.call(callee, arguments, site, frame)

    def lose(self, value: Value, why: str, site: Site, frame: Frame) -> None:
        """Take note that a value goes out of sight."""
        self.seen.called = frame.run.called
        self.seen.lost.extend(Departure(source, why, site) for source in self._held(value, frame, DEPTH))

    def _note_models(self, callee: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> None:
        """Take note of models that are given to others."""
        if isinstance(callee, Library) and callee.name in EXPORTS:
            into = self.seen.exported
        elif isinstance(callee, Unknown) or (isinstance(callee, Library) and not _is_familiar(callee.name, frame)):
            into = self.seen.escaped
        else:
            return
        parts = _Parts(into, site, frame)
        for argument in arguments:
            parts.add(argument.value, DEPTH)

    def _marked(self, value: Value) -> Value:
        match value:
            case Tensor():
                watched = self._watched(value)
                return value if watched == value.watched else replace(value, watched=watched)
            case TupleValue(items, names):
                marked = tuple(self._marked(item) for item in items)
                same = all(new is old for new, old in zip(marked, items, strict=True))
                return value if same else TupleValue(marked, names)
            case Choice(options):
                chosen = tuple(Option(option.guard, self._marked(option.value)) for option in options)
                same = all(new.value is old.value for new, old in zip(chosen, options, strict=True))
                return value if same else Choice(chosen)
            case _:
                return value

    def _watched(self, tensor: Tensor) -> frozenset[object]:
        """The sources whose numbers a tensor still holds as they were made, wherever its axes went."""
        if tensor.origin is None:
            return frozenset()
        path = _path(tensor.origin)
        if path is None:
            return frozenset()
        made = frozenset(node for node in (path.site.node, path.built and path.built.node) if node in self.sources)
        known = made | (tensor.watched - {PARTLY})
        found = frozenset(one for one in known if _is_as_made(tensor.kind, self.sources[one]))
        return found | {PARTLY} if found and PARTLY in tensor.watched else found

    def _held(self, value: Value | None, frame: Frame, depth: int) -> frozenset[object]:
        match value:
            case Tensor():
                return value.watched - {PARTLY}
            case _ if depth <= 0:
                return frozenset()
            case TupleValue(items):
                return self._united(items, frame, depth)
            case Choice(options):
                return self._united([option.value for option in options], frame, depth)
            case Repeated(element, tail):
                return self._united((element, *tail), frame, depth)
            case Entries(known, rest):
                inner = [one for _, one in known]
                return self._united(inner if rest is None else [*inner, rest], frame, depth)
            case ListValue() | DictValue():
                return self._held(contents(value, frame), frame, depth - 1)
            case _:
                return frozenset()

    def _common(self, value: Value, frame: Frame) -> frozenset[object]:
        """The sources that made every tensor of a list or tuple; all that are watched, for other values."""
        inner = contents(value, frame) if isinstance(value, ListValue) else value
        if not isinstance(inner, TupleValue | Repeated):
            return frozenset(self.sources)
        items = _items(inner)
        parts = [self._held(item, frame, DEPTH) for item in items if not isinstance(item, Const)]
        return frozenset(self.sources).intersection(*parts)

    def _united(self, values: Iterable[Value], frame: Frame, depth: int) -> frozenset[object]:
        return frozenset().union(*(self._held(value, frame, depth - 1) for value in values))


def _items(held: Value | None) -> Iterable[Value]:
    match held:
        case TupleValue(items):
            return items
        case Repeated(element, tail):
            return (element, *tail)
        case Entries(known, _):
            return [value for _, value in known]
        case _:
            return ()


def _path(origin: Origin) -> Origin | None:
    """The step that made the numbers; None where a later one turned or mixed them."""
    for step in origin.steps(400):
        if step.flips or step.mixes:
            return None
        if step.makes:
            return step
    return None


def _is_as_made(kind: Kind, made: Kind) -> bool:
    if isinstance(kind, Probs | LogProbs) and isinstance(made, Probs | LogProbs) and kind.whole != made.whole:
        return False
    return type(kind) is type(made)


def _is_other(value: Value) -> bool:
    """True for numbers that are not watched, and for what is not known, apart from arguments of functions that nobody calls."""
    if isinstance(value, Unknown):
        return value.symbol is None or value.symbol[0] != "param"
    return isinstance(value, Tensor) and not value.watched


def _is_familiar(name: str, frame: Frame) -> bool:
    """True for what keeps no object that it is given: builtins, `super(Class, self)` above all, and what has a row."""
    return name.startswith("builtins.") or frame.run.knowledge.row(name) is not None


def _has_body(value: Instance, frame: Frame) -> bool:
    """True for an object whose calls run code of the program."""
    found = (class_attribute(value.class_, name, frame.run, frame.store) for name in ("forward", "__call__"))
    return any(isinstance(one, FunctionValue) for one in found)


def _callee(value: Value, frame: Frame) -> Callee:
    match value:
        case Library(name):
            return Callee(CalleeSort.LIBRARY, name)
        case LibraryMethod(receiver, name) if isinstance(receiver, Tensor | Choice):
            return Callee(CalleeSort.METHOD, name)
        case LibraryMethod(ListValue() | DictValue(), name):
            return Callee(CalleeSort.FUNCTION, name)
        case LibraryObject(_, name):
            return Callee(CalleeSort.LAYER, name)
        case Instance() if not _has_body(value, frame):
            return Callee(CalleeSort.OTHER)
        case FunctionValue() | BoundMethod() | Instance() | ClassValue():
            return Callee(CalleeSort.FUNCTION)
        case _:
            return Callee(CalleeSort.OTHER)
