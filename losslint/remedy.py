"""Remedies: what a rule would have changed, said without syntax. Whether and how that can be done is found out when fixes are made."""

from __future__ import annotations

from dataclasses import dataclass

from losslint.domain.kind import Kind
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Tensor, Value
from losslint.facts import BoundCall, Form, LossCall, LossCase
from losslint.finding import Applicability
from losslint.knowledge.schema import Wants
from losslint.source.suppress import Comment, Entry


@dataclass(frozen=True, slots=True, eq=False)
class Sink:
    """Where numbers that are wrong arrive: the call of a loss or operation; `by_framework` names who makes it out of sight."""

    node: object
    by_framework: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DropActivation:
    """Take away the activation that made the numbers at a sink; `source` is the step that made them, `kind` what they are.

    With `repeated` the numbers were activated before, so that whoever reads them is served better without.
    """

    source: Origin
    kind: Kind
    sink: Sink
    applicability: Applicability = Applicability.UNSAFE
    repeated: bool = False
    also: tuple[DropActivation, ...] = ()
    """The activations of other alternatives at the same sink, which go together or not at all."""


@dataclass(frozen=True, slots=True, eq=False)
class TakeLogActivation:
    """Let the activation that made the numbers at a loss give their logarithm: softmax becomes log_softmax."""

    source: Origin
    kind: Kind
    sink: Sink
    applicability: Applicability = Applicability.UNSAFE
    also: tuple[TakeLogActivation, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SwapLoss:
    """Use the twin of a loss that wants other numbers, with the same options. With `drop` an activation is taken away as well."""

    case: LossCase
    fact: LossCall
    wants: Wants
    applicability: Applicability = Applicability.UNSAFE
    drop: DropActivation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TakeSigmoid:
    """Let a sigmoid make the numbers that a softmax over a single score made: softmax becomes sigmoid, log_softmax logsigmoid."""

    source: Origin
    kind: Kind
    sink: Sink
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class WriteAround:
    """Write another expression in the place of a call: `text`, with the source of the tensor it is given at ``{}``.

    The call must be written under `name`, and all else that it is given must be literals.
    """

    call: Site
    given: Site
    name: str
    text: str
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class WriteNumber:
    """Write another number in the place of one that is written out."""

    site: Site
    text: str
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class ShiftLabels:
    """Make labels that start at 1 start at 0, where they are made."""

    source: Origin
    kind: Kind
    sink: Sink
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class NameAxis:
    """Write down the axis that is chosen by the number of axes; `call` is where, `parameter` its name there."""

    call: Site
    parameter: str
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class OtherAxis:
    """Write another axis where one is written out; `call` is that of the function, or of the layer's class."""

    call: Site
    parameter: str
    axis: int
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class FuseLog:
    """Take the logarithm of an activation in one stable step: `log(softmax(x))` becomes `log_softmax(x)`.

    `outer` is the call of the logarithm, `inner` the step that made the numbers, `argument` where the logarithm's input stands.
    """

    outer: Site
    inner: Origin
    argument: Site
    complement: bool = False
    """True for the logarithm of one minus the numbers."""
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class CallForm:
    """Call the function of a formula that is written out, where the whole formula is one expression, `of` floating numbers."""

    site: Site
    form: Form
    of: Value
    folded: str = ""
    """How a loss is folded, "mean" or "sum"."""
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class ChangeArguments:
    """Write the arguments of a call differently: those in `without` go, those in `given` come, each as Python text.

    An empty text stands for what the first of those that go was given; with any other text all that go must be literals, because
    a variable may hold something else another time.
    """

    call: Site
    bound: BoundCall
    given: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    applicability: Applicability = Applicability.SAFE
    kinds: tuple[type[Kind], ...] = ()
    """What the call is given must be of these kinds whenever the program comes there; none stands for any."""


@dataclass(frozen=True, slots=True, eq=False)
class GiveOption:
    """Give a loss an option, as Python text, where it is chosen; wherever it is called its input must be of `inputs` and its target
    of `targets`, of which none stands for any."""

    case: LossCase
    fact: LossCall
    option: tuple[str, str]
    inputs: tuple[type[Kind], ...] = ()
    targets: tuple[type[Kind], ...] = ()
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class ActOnArgument:
    """Call a method, as Python text, on an argument of a loss; it must be of `kinds` whatever reaches the loss there."""

    case: LossCase
    fact: LossCall
    parameter: str
    method: str
    kinds: tuple[type[Kind], ...]
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class WriteOperand:
    """Write the input or the target of a loss differently where it is given: `form` is Python text with {} for what stands there.

    `held` is what was judged: whatever else comes to the same place must be of its type and rank. Where `undone` is a step that
    stands there itself, what it was given takes the place of both.
    """

    sink: Sink
    call: Site
    argument: Site
    held: Tensor
    form: str
    applicability: Applicability = Applicability.SAFE
    of_target: bool = True
    undone: Origin | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CallTheResult:
    """A constructor was given what its object should be called with: build the object first."""

    call: Site
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class MakeTensor:
    """Make a tensor of a list or number that stands where a tensor must; `many` tells which of the two it is."""

    place: Site
    many: bool
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class TakeFunctional:
    """Call the functional form of a loss in the place of the function in the library itself."""

    call: Site
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class RemoveDirective:
    """Take entries out of a directive, or all of it where none is left; `site` is the place of the comment."""

    site: Site
    comment: Comment
    entries: tuple[Entry, ...]
    applicability: Applicability = Applicability.SAFE


CodeRemedy = (
    DropActivation
    | TakeLogActivation
    | TakeSigmoid
    | SwapLoss
    | ShiftLabels
    | NameAxis
    | OtherAxis
    | FuseLog
    | CallForm
    | WriteAround
    | WriteNumber
    | ChangeArguments
    | CallTheResult
    | MakeTensor
    | TakeFunctional
    | GiveOption
    | ActOnArgument
    | WriteOperand
)
Remedy = CodeRemedy | RemoveDirective
