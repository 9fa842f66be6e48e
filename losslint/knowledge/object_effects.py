"""What else a call may do: hand something through, call something, build a network or a container. Rows of knowledge state one effect each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from losslint.domain.kind import Kind


@dataclass(frozen=True, slots=True)
class PassThrough:
    """The object given as parameter `of` comes back (wrapped or moved): DataParallel, compile, deepcopy."""

    of: str


@dataclass(frozen=True, slots=True)
class PassAll:
    """All positional arguments come back as a tuple, a single one as itself: accelerator.prepare, amp.initialize."""


@dataclass(frozen=True, slots=True)
class Invoke:
    """Parameter `function` is called with the remaining positional arguments: checkpoint; or, where `inputs` names a
    parameter, with what that holds, a tuple spread out: data_parallel."""

    function: str
    inputs: str | None = None


@dataclass(frozen=True, slots=True)
class Supervise:
    """A framework object that calls a loss on a model's output itself. `model` and `loss` name parameters; the loss may be given
    as a class. `output` is what the framework does to the output before the loss sees it."""

    model: str
    loss: str
    takes_probs_for: tuple[str, ...] = ()
    """Loss rows for which this framework wants probabilities (skorch takes the log itself before NLLLoss)."""
    steps: tuple[str, ...] = ()
    """Methods by which a subclass may compute the output or the loss in its own way."""
    builds: Kind | None = None
    """What the model gives where the framework builds it itself; `model` then names what it is built from."""
    unless: tuple[str, ...] = ()
    """Parameters that, where given, change the output in ways that are not followed."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """A framework object that keeps its `model` as an attribute, and calls `methods` of its subclasses with it and a batch."""

    model: str
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """An object that holds the keyword arguments under their names, and gives those that are not None by position."""


class Role(Enum):
    """What a container or base class of a library is to the interpreter."""

    MODULE = "module"
    SEQUENTIAL = "sequential"
    MODULE_LIST = "module_list"
    MODULE_DICT = "module_dict"
    DATASET = "dataset"


@dataclass(frozen=True, slots=True)
class Container:
    """A base class that the interpreter knows how to build, call and fill."""

    role: Role


@dataclass(frozen=True, slots=True)
class Mode:
    """A method that switches modules between training and evaluation: train(mode=True), eval()."""

    training: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A layer that the argument `by` chooses: for each value the row of the layer, and what it is built with.

    Another value gives a layer that is not known.
    """

    by: str
    rows: tuple[tuple[str | bool | None, str, tuple[tuple[str, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What a network keeps as `attribute`: an object of `row`, or a container of that row filled with named `layers`.

    The last layer that has a number of outputs, or of classes, gets that of the network. `last` follows behind `layers`.
    """

    attribute: str
    row: str
    layers: tuple[tuple[str, str], ...] = ()
    last: Chosen | None = None


class Returned(Enum):
    """What calling a network gives.

    OUTPUT: what its first part gives. WHILE_TRAINING: in training a named tuple of what each part gives, in evaluation the first
    alone. NAMED: a dict of what each part gives. WITH_LOSS: an object of the loss, where labels are given, and the scores.
    """

    OUTPUT = "output"
    WHILE_TRAINING = "while training"
    NAMED = "named"
    WITH_LOSS = "with loss"


@dataclass(frozen=True, slots=True)
class Network:
    """A ready-made model whose heads (`parts`) programs replace.

    As built its heads are affine, with as many outputs as the parameter `classes` tells; called, it gives what its heads, as they
    are by then, give for features that are not known.
    """

    parts: tuple[Part, ...]
    classes: str | None = None
    returned: Returned = Returned.OUTPUT
    names: tuple[str, ...] = ()
    """The names of the results, one for each part."""
    anywhere: bool = False
    """True where the head may stand at any of the parts, depending on the model: those that the program replaced count."""
    rank: int | None = 2
    """The rank of the features that reach the head; None for a head, where it is that of its input."""
    reshaped: bool = False
    """True where the scores are put into another shape after the head."""
    only_with: tuple[tuple[str, str | bool | None], ...] = ()
    """Parameters, and the value with which (left out or given) the model is as the row says."""
    extras: str | None = None
    """The parameter, and attribute, which tells whether there are results but the first."""
    no_extras: tuple[str, ...] = ()
    """Parameters that, where given, turn `extras` off unless it is given as well."""
    labels: str | None = None
    """The parameter of the call with the labels from which the model computes a loss itself."""


@dataclass(frozen=True, slots=True)
class Rehead:
    """A method that gives a network a new affine head; `classes` names the parameter with the number of outputs."""

    classes: str


@dataclass(frozen=True, slots=True)
class Named:
    """A call of what another argument names: `prefixes` tell for the value of `of` where the name in `name` is looked up.

    An `of` of None stands for calls that look up in a single place.
    """

    name: str
    prefixes: tuple[tuple[str, str], ...]
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Gradients:
    """A context (or decorator) under which gradients are recorded or not: no_grad, inference_mode, enable_grad."""

    recorded: bool


@dataclass(frozen=True, slots=True)
class Differentiate:
    """Gradients are taken of parameter `of`, which must be a single number unless `gradient` is given."""

    of: str = "input"


@dataclass(frozen=True, slots=True)
class Expect:
    """A context in which a test wants its body to raise or to warn, or has put something else in the place of a name: pytest.raises, mock.patch."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Known to exist, and to give nothing we track."""

    why: str = "carries no numbers that we track"
