"""The forms that rows of knowledge take.

A row names an object of a library, its parameters in their real order, and its effect on kinds and shapes. The set of effects
is closed: the interpreter has one handler for each. Parameters are written as in a signature: ``"input, dim=None, *, dtype=None"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from losslint.knowledge.data_effects import (
    ArrayOf,
    Batches,
    Canvas,
    Collate,
    Draws,
    EachSplit,
    Encoded,
    Fits,
    Floats,
    Integers,
    IsTensor,
    Joined,
    JoinedArrays,
    Labelled,
    Picked,
    Pictured,
    Recast,
    Rows,
    SomeOf,
    Split,
    Table,
    Through,
    Unboxed,
)
from losslint.knowledge.object_effects import (
    Bundle,
    Container,
    Differentiate,
    Expect,
    Forget,
    Gradients,
    Hooks,
    Invoke,
    Mode,
    Named,
    Network,
    PassAll,
    PassThrough,
    Rehead,
    Supervise,
)
from losslint.knowledge.tensor_effects import (
    Affine,
    Combine,
    Count,
    Distribution,
    Draw,
    Encode,
    Fill,
    Fold,
    Gather,
    Keep,
    Literal,
    Make,
    Measure,
    Move,
    Operate,
    Order,
    Outputs,
    Place,
    Produce,
    Sample,
    Transfer,
)

Effect = (
    Make
    | Produce
    | Transfer
    | Keep
    | Affine
    | Move
    | Fold
    | Gather
    | Order
    | Combine
    | Measure
    | Place
    | Operate
    | Encode
    | Fill
    | Sample
    | Distribution
    | Draw
    | Count
    | Literal
    | Outputs
    | PassThrough
    | PassAll
    | Invoke
    | Batches
    | Rows
    | SomeOf
    | Joined
    | Labelled
    | Through
    | Pictured
    | ArrayOf
    | Canvas
    | JoinedArrays
    | Integers
    | Picked
    | Floats
    | Recast
    | Table
    | EachSplit
    | Encoded
    | Unboxed
    | Fits
    | Draws
    | Split
    | Collate
    | IsTensor
    | Supervise
    | Hooks
    | Bundle
    | Container
    | Network
    | Rehead
    | Named
    | Mode
    | Gradients
    | Differentiate
    | Expect
    | Forget
)


GRADIENT_FLAG = "requires_grad"
"""The parameter, and attribute of tensors, that makes gradients of a tensor be taken."""


@dataclass(frozen=True, slots=True)
class OpRow:
    """A function, or a method of tensors. All `names` have the same parameters; a method's first parameter is its receiver.

    `verb` words the step for the trace: "softmax" reads "softmax over dim 1 makes probabilities".
    """

    names: tuple[str, ...]
    params: str
    effect: Effect
    verb: str = ""
    distinctive: bool = False
    """True for tensor methods whose name alone tells that the receiver is a tensor (softmax, log_softmax)."""
    attribute: bool = False
    """True for what is read, not called: `x.T`, `x.data`."""
    cuts: str = ""
    """How the operation keeps gradients from coming back to its input, in words; empty where it does not."""
    flat: bool = False
    """True where gradients come back, but all are 0: round."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A class whose objects are called: constructor parameters, parameters of the call, and the effect of the call.

    Where an effect names a parameter it is looked up in the call first and in the constructor next.
    """

    names: tuple[str, ...]
    params: str
    effect: Effect
    call: str = "input"
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A row for all names of a package with one ending, such as all models "for sequence classification".

    The names of such classes stand behind the package or one of its modules; `makers` are their methods that build an object.
    """

    package: str
    ending: str
    row: LayerRow | OpRow
    makers: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    """Beginnings of names that are of other kinds: models of another framework."""


UNREDUCED = "unreduced"
"""Marks the step of a loss that gives one number for each element."""


class LossFamily(Enum):
    """Losses that ask for the same thing."""

    CROSS_ENTROPY = "cross entropy"
    LINEAR_CROSS_ENTROPY = "linear cross entropy"
    NLL = "negative log likelihood"
    BCE = "binary cross entropy"
    BCE_WITH_LOGITS = "binary cross entropy with logits"
    MULTILABEL_SOFT_MARGIN = "multilabel soft margin"
    KL_DIV = "kl divergence"
    CTC = "ctc"
    POISSON_NLL = "poisson nll"
    GAUSSIAN_NLL = "gaussian nll"
    REGRESSION = "regression"
    MARGIN = "margin"
    MULTI_MARGIN = "multi margin"
    MULTILABEL_MARGIN = "multilabel margin"
    PAIR = "pair"
    FOCAL = "focal"
    DICE = "dice"
    OTHER = "other"


class Wants(Enum):
    """What a loss expects of its input."""

    LOGITS = "logits"
    LOG_PROBS = "log-probabilities"
    PROBS = "probabilities in [0, 1]"
    HIDDEN = "hidden features"
    ANYTHING = "any numbers"


class Inside(Enum):
    """The activation that a loss applies to its input itself."""

    SIGMOID = "sigmoid"
    SOFTMAX = "softmax"
    NOTHING = "no activation"


@dataclass(frozen=True, slots=True)
class Switch:
    """An option of a loss that, where it is `value`, turns what the loss wants, or applies itself, into something else.

    `constant` is the dotted name of a constant of the library that holds the value.
    """

    option: str
    value: str | bool
    wants: Wants | None = None
    inside: Inside | None = None
    constant: str = ""


class WantsTarget(Enum):
    """What a loss expects of its target."""

    INDEX = "class indices"
    INDEX_OR_PROBS = "class indices or class probabilities"
    PROBS = "numbers in [0, 1]"
    SIGN = "-1 or 1"
    INDEX_LIST = "class indices padded with -1"
    NUMBERS = "numbers"
    NOTHING = "no target"


class Checks(Enum):
    """How a loss holds its target against its input before it computes.

    CLASSES: class indices of type int64 or uint8, one axis fewer than the input; CLASSES_OR_PROBS: those, or floating numbers of
    the input's very size; CLASS_OF_ROW: one index of type int64 for each row. SAME: the input's size and type; SAME_SIZE: its size, and any
    floating type. REFUSED: a target that stretches the input is refused; WARNED: it is taken, with a warning; STRETCHED: without;
    FLOATING: without, but it must be of a floating type.
    """

    CLASSES = "classes"
    CLASSES_OR_PROBS = "classes or probs"
    CLASS_OF_ROW = "class of row"
    SAME = "same"
    SAME_SIZE = "same size"
    REFUSED = "refused"
    WARNED = "warned"
    STRETCHED = "stretched"
    FLOATING = "floating"


@dataclass(frozen=True, slots=True)
class LossRow:
    """A loss, as a class and as functions.

    `constructor` are the parameters of the class (empty for a function only), `call` those of calling its object, `function`
    those of the functional form. `input` and `target` name parameters of call and function. `class_dim` is the axis of the
    classes in a batched input.
    """

    classes: tuple[str, ...]
    functions: tuple[str, ...]
    constructor: str
    call: str
    function: str
    family: LossFamily
    wants: Wants
    wants_target: WantsTarget
    input: str = "input"
    target: str | None = "target"
    class_dim: int | None = None
    reductions: tuple[str, ...] = ("none", "mean", "sum")
    logits_twin: str | None = None
    """The loss that takes raw scores in this one's stead: class name, its functional twin is found through its row."""
    inside: Inside | None = None
    """The activation that the loss applies itself, where that is known."""
    switches: tuple[Switch, ...] = ()
    """Options that turn round what stands above; of those that hold the later win. Where one is not known, the loss may want anything."""
    unless: tuple[str, ...] = ()
    """Options that, where given, make the loss want anything: activations of the caller's own."""
    tensors: tuple[str, ...] = ()
    """Options that must be tensors or None: the weights of torch's own losses."""
    checks: Checks | None = None
    """What is checked of the target; None where that is not known."""


Row = OpRow | LayerRow | LossRow
