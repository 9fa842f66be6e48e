"""Values: what a name holds during analysis.

The union is closed. Mutable things (lists, dicts, instances) are values that carry an identity; what they hold stands in
the store of the interpreter, keyed by that identity. `Unknown` is an answer like any other and says why.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import EllipsisType

from losslint.domain.dim import UNKNOWN_SHAPE, Shape
from losslint.domain.kind import Kind
from losslint.domain.origin import Cut, Origin

Constant = int | float | complex | str | bytes | bool | EllipsisType | None
TestKey = tuple[object, ...]
"""Names a test whose answer is not known, so that the same test takes the same side wherever it is met again."""
Guard = frozenset[tuple[TestKey, object]]
"""The answers under which an alternative is the one that holds."""
ALWAYS: Guard = frozenset()


PARTLY = "partly"
"""Stands among the watched sources of a tensor where other numbers of its kind may have come the same way."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No knowledge, and why. `symbol` names the unknown thing itself, so that two tests of it can be told to agree."""

    why: str = field(compare=False)
    symbol: TestKey | None = None


@dataclass(frozen=True, slots=True)
class Const:
    """A Python constant."""

    value: Constant
    usual: bool = False
    """True for the default of a parameter, which whoever calls may set; no part of equality."""
    handed: bool = False
    """True for what a caller gave for a parameter; no part of equality."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Scalar:
    """A Python number that is not known exactly: an "int" from `low` to `high`, a "float" or a "bool".

    Ends that are known are reached: where the number stands for many (the labels of a dataset), some are that low and some that high.
    `symbol` names the number itself, as that of an unknown value does.
    """

    type: str
    low: int | None = None
    high: int | None = None
    origin: Origin | None = field(default=None, compare=False)
    symbol: TestKey | None = None


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor: kind of its numbers, shape and dtype as far as known, and where it came from."""

    kind: Kind
    shape: Shape = UNKNOWN_SHAPE
    dtype: str | None = None
    origin: Origin | None = field(default=None, compare=False)
    watched: frozenset[object] = frozenset()
    """Which of the sources that this run watches may have made the numbers; only runs that look for readers watch any."""
    batch: int | None = None
    """The axis, counted from the front, that is proved to hold the samples of a batch."""
    cut: Cut | None = None
    """How the numbers were surely cut from the graph of gradients; None where that is not known."""


@dataclass(frozen=True, slots=True)
class TupleValue:
    """A tuple, or the contents of a list of known length; `names` are set for named tuples and library results."""

    items: tuple[Value, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """Any number of values alike, then those of `tail`: an iterable, or the contents of a list of unknown length."""

    element: Value
    tail: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Entries:
    """The contents of a dict: known keys, and what any other key may hold (None: there is no other)."""

    known: tuple[tuple[Constant, Value], ...] = ()
    rest: Value | None = None


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list; its contents (TupleValue or Repeated) stand in the store."""

    identity: int


@dataclass(frozen=True, slots=True)
class DictValue:
    """A dict; its contents (Entries) stand in the store."""

    identity: int


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the program. `definition` is opaque here, `scope` is where its free names are looked up."""

    definition: object
    scope: int
    owner: ClassValue | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of the program; its attributes stand in the store under `identity`."""

    identity: int
    name: str = field(compare=False)
    bases: tuple[Value, ...] = field(compare=False, default=())
    definition: object = field(compare=False, default=None)


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the program; its attributes stand in the store under `identity`."""

    identity: int
    class_: ClassValue


@dataclass(frozen=True, slots=True)
class BoundMethod:
    """A function together with the object that it was taken from."""

    receiver: Value
    function: Value


@dataclass(frozen=True, slots=True)
class Library:
    """Something of an installed library, by its dotted name."""

    name: str


@dataclass(frozen=True, slots=True)
class LibraryObject:
    """What calling a library class gave: a layer, a loss. `arguments` are those of the constructor, by parameter."""

    identity: int
    name: str
    arguments: tuple[tuple[str, Value], ...] = ()
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LibraryMethod:
    """A method taken from a library object or a tensor."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A callable with some arguments filled in."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module of the project, by the key that the project gave it."""

    path: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """A name imported from a module that was not run yet; looking the name up runs it.

    `module` is the module's key, `inner` that of a submodule of this name, if there is one.
    """

    module: str
    name: str
    inner: str | None = None


@dataclass(frozen=True, slots=True)
class Super:
    """`super()`: looks names up behind `class_` in the order of the receiver's class."""

    class_: ClassValue
    receiver: Value


@dataclass(frozen=True, slots=True)
class Option:
    """One alternative and the answers under which it holds."""

    guard: Guard
    value: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """Several alternatives; which one holds was not decided. Their order carries no meaning."""

    options: tuple[Option, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and (
            self.options == other.options or frozenset(self.options) == frozenset(other.options)
        )

    def __hash__(self) -> int:
        return hash(frozenset(self.options))


Value = (
    Unknown
    | Const
    | Scalar
    | Tensor
    | TupleValue
    | Repeated
    | Entries
    | ListValue
    | DictValue
    | FunctionValue
    | ClassValue
    | Instance
    | BoundMethod
    | Library
    | LibraryObject
    | LibraryMethod
    | Partial
    | ModuleValue
    | Deferred
    | Super
    | Choice
)
NONE = Const(None)
