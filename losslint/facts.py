"""Facts: what the interpreter saw, and all that rules may know.

A fact holds syntax nodes (through sites) and values with their origins. Each fact lists cases: the alternatives that can reach
the place. A rule judges each case; `certainty_of` turns the judgements into one certainty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Protocol

from losslint.domain.origin import Site
from losslint.domain.value import ALWAYS, NONE, Const, Guard, Library, Tensor, Value
from losslint.finding import Certainty
from losslint.knowledge.schema import LayerRow, LossRow, OpRow, Switch, Wants
from losslint.knowledge.signature import parameters
from losslint.source.suppress import Comment


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """One argument as it stands in a call: its value, where it stands, and how it was given."""

    value: Value
    site: Site
    keyword: str | None = None
    starred: str = ""
    """`*` or `**` where the argument is spread out."""


@dataclass(frozen=True, slots=True, eq=False)
class BoundCall:
    """Arguments by parameter name; what was left out is absent."""

    arguments: dict[str, Argument]
    surplus: tuple[Argument, ...] = ()
    open: bool = False
    """True where an unknown number of arguments was spread out, so that what is absent may have been given."""

    def value(self, name: str | None) -> Value | None:
        """The value of parameter `name`, or None where it was not given."""
        argument = self.arguments.get(name) if name else None
        return None if argument is None else argument.value


def settled(row: LossRow, options: BoundCall) -> LossRow:
    """The row of a loss as its options make it: what they turn round is turned round, what cannot be told wants anything."""
    if not row.switches and not row.unless:
        return row
    wants, inside = row.wants, row.inside
    usual = {one.name: one.default for one in parameters(row.constructor or row.function)}
    for switch in row.switches:
        held = _holds(switch, options, usual.get(switch.option))
        if held is None:
            return replace(row, wants=Wants.ANYTHING, inside=None)
        if held:
            wants, inside = switch.wants or wants, switch.inside or inside
    if any(options.value(name) not in (None, NONE) for name in row.unless):
        return replace(row, wants=Wants.ANYTHING, inside=None)
    return replace(row, wants=wants, inside=inside)


def _holds(switch: Switch, options: BoundCall, usual: object) -> bool | None:
    """Whether an option has the value of its switch; None where that cannot be told."""
    given = options.value(switch.option)
    if given is None:
        return None if options.open else usual == switch.value
    if isinstance(given, Library):
        return given.name == switch.constant if switch.constant else None
    return given == Const(switch.value) if isinstance(given, Const) else None


@dataclass(frozen=True, slots=True, eq=False)
class LossCase:
    """One alternative at a loss call. `row` is None where what is called is not known to be a loss in this alternative.

    `built` are the constructor's arguments (or the function's own), `built_at` where the loss object was made. `plain` tells
    that the code plainly selects this alternative (a default argument).
    """

    row: LossRow | None
    input: Value
    target: Value | None
    options: BoundCall
    built_at: Site | None = None
    guard: Guard = ALWAYS
    plain: bool = True
    selected: bool = False
    """True where nothing but a setting of the program that chooses among its models brings this alternative here."""
    functional: bool = False
    """True where the functional form is called, not an object of the class."""
    in_mode: bool = False
    """True where tensors were handed to code that comes here in one of several modes of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class LossCall:
    """A call of a loss (the sink). `by_framework` names the framework that makes the call out of sight."""

    site: Site
    cases: tuple[LossCase, ...]
    training: bool | None = None
    by_framework: str | None = None
    negated: bool = False
    """True where the program takes the loss with a minus: it is made large, not small."""


@dataclass(frozen=True, slots=True, eq=False)
class Elsewhere:
    """What the rest of the program does with numbers, by the node that made them. Complete once all of the program was run."""

    losses: dict[object, set[LossRow]] = field(default_factory=dict)
    """The losses that take the numbers as they were made."""
    squashed: dict[object, set[LossRow]] = field(default_factory=dict)
    """The losses that take what a sigmoid made of the numbers."""
    weighing: set[object] = field(default_factory=set)
    """Activations whose numbers other tensors are multiplied with."""
    adjustable: set[object] = field(default_factory=set)
    """Calls that build a layer with a size of 1 that is the default of a parameter."""
    sized: set[object] = field(default_factory=set)
    """Calls that build a layer with a size of 1 that some caller gave for a parameter."""
    checked: set[object] = field(default_factory=set)
    """Comparisons of which the program asks only whether they hold everywhere, or anywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class OpCase:
    """One alternative of the input of an operation."""

    input: Value
    result: Value
    guard: Guard = ALWAYS
    plain: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class OpCall:
    """A call of an operation or layer that makes or changes kinds. `written_at` is where the dim should have been written:
    the call itself for a function, the constructor's call for a layer."""

    site: Site
    row: OpRow | LayerRow
    bound: BoundCall
    cases: tuple[OpCase, ...]
    written_at: Site
    constructor: Mapping[str, Value] | None = None
    """What a layer was built with, by parameter; None for functions, and where it is not known."""
    elsewhere: Elsewhere = field(default_factory=Elsewhere)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Numbers of a tensor are compared with a constant: ``tensor symbol number``, turned round where the tensor stands on the right."""

    site: Site
    symbol: str
    number: float
    cases: tuple[OpCase, ...]
    number_at: Site
    elsewhere: Elsewhere


@dataclass(frozen=True, slots=True, eq=False)
class Backward:
    """Gradients are taken: `loss.backward()`."""

    site: Site
    cases: tuple[OpCase, ...]
    bound: BoundCall


class Form(Enum):
    """A formula that a program writes out, and that has a function of its own."""

    SOFTMAX = "softmax"
    LOG_SOFTMAX = "log_softmax"
    LOG_SUM_EXP = "logsumexp"
    SOFTPLUS = "softplus"
    SIGMOID = "sigmoid"
    CROSS_ENTROPY = "cross entropy"
    LABEL_SMOOTHING = "cross entropy with label smoothing"


@dataclass(frozen=True, slots=True, eq=False)
class WrittenOut:
    """The last step of a formula that is written out, `of` what it is a function of: scores, or the log-probabilities of a loss."""

    site: Site
    form: Form
    of: Value
    unguarded: bool = False
    """True where scores are raised as they were made, so that large ones give infinity and NaN."""
    folded: str = ""
    """How a loss is folded: "mean", "sum", or "classes" where the mean is over the classes as well."""
    smoothing: float = 0.0
    classes: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LossBuilt:
    """A loss class was called (`functional` False), or a loss function's own options were given (`functional` True)."""

    site: Site
    row: LossRow
    name: str
    arguments: tuple[Argument, ...]
    bound: BoundCall
    functional: bool


@dataclass(frozen=True, slots=True)
class RuleName:
    """A rule as directives name it. `selected` tells that it is on in this run, `by_default` that it is where nobody says otherwise."""

    code: str
    name: str
    selected: bool
    by_default: bool


@dataclass(frozen=True, slots=True, eq=False)
class SuppressionSeen:
    """A comment that lets findings stand, in a file of which all was analysed, with the codes of the findings that it keeps back.

    `rules` are all that there are. The site's node is the comment.
    """

    site: Site
    comment: Comment
    keeps: frozenset[str]
    rules: tuple[RuleName, ...]


Fact = LossCall | OpCall | Compared | Backward | WrittenOut | LossBuilt | SuppressionSeen


def what_is_seen(fact: Fact) -> frozenset[object]:
    """The kinds of numbers that reach a place, where they were made, and which losses take them: a further fact with no others
    tells nothing new."""
    if isinstance(fact, WrittenOut | LossBuilt | SuppressionSeen):
        return frozenset()
    if isinstance(fact, LossCall):
        return frozenset((case.row, _kind_and_source(case.input)) for case in fact.cases)
    return frozenset(_kind_and_source(case.input) for case in fact.cases)


def _kind_and_source(value: Value) -> object:
    if not isinstance(value, Tensor):
        return type(value)
    made = None if value.origin is None else next((one for one in value.origin.steps() if one.makes), None)
    return type(value.kind), None if made is None else made.site.node


class Case(Protocol):
    """What judging needs of a case."""

    @property
    def plain(self) -> bool:
        """True where the code plainly selects this alternative."""


def certainty_of(cases: Sequence[Case], offends: Sequence[bool]) -> Certainty | None:
    """Certain where each alternative offends, likely where all plainly selected ones do, possible where any does."""
    if not any(offends):
        return None
    if all(offends):
        return Certainty.CERTAIN
    plain = [bad for case, bad in zip(cases, offends, strict=True) if case.plain]
    if plain and all(plain):
        return Certainty.LIKELY
    return Certainty.POSSIBLE
