"""The forms that rows of knowledge take.

A row names an object of a library, its parameters in their real order, and its effect on kinds and shapes. The set of effects
is closed: the interpreter has one handler for each. Parameters are written as in a signature: ``"input, dim=None, *, dtype=None"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from losslint.domain.kind import Kind


@dataclass(frozen=True, slots=True)
class Same:
    """The kind stays as it is."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """The result is a tensor whose numbers mean nothing we track."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Guarded:
    """The numbers are kept but for their ends: clamped, or with an epsilon added. They need not sum to 1 any more."""


Result = Kind | Same | Guarded | Opaque
SAME = Same()
GUARDED = Guarded()
OPAQUE = Opaque()


class Typed(Enum):
    """How the element type of a result follows from that of the input.

    KEPT: the same. FLOATED: the same where it is floating; whole numbers give the default floating type. SUMMED: the same where it is
    floating; whole numbers and truths give int64. SQUARED: the same, but truths
    give int64. PROMOTED: that of the input and the other arguments together. UNKNOWN: not told.
    """

    KEPT = "kept"
    FLOATED = "floated"
    SUMMED = "summed"
    SQUARED = "squared"
    PROMOTED = "promoted"
    UNKNOWN = "unknown"


class Window(Enum):
    """How a window that slides over the last axes changes their lengths.

    CONVOLVE: `kernel_size`, `stride`, `padding`, `dilation`. TRANSPOSED: the same and `output_padding`, the other way round.
    POOL: as CONVOLVE with `ceil_mode`; where `stride` is left out it is `kernel_size`. ADAPTIVE: `output_size`.
    """

    CONVOLVE = "convolve"
    TRANSPOSED = "transposed"
    POOL = "pool"
    ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True)
class Make:
    """The result is of `kind` whatever came in. `dim` names the parameter that holds the axis; where it is left out or None
    and `implicit` is set, torch chooses the axis by rank (0 for ranks 0, 1, 3, else 1). `keeps` names kinds that stay unchanged."""

    kind: Kind
    dim: str | None = None
    implicit: bool = False
    hard: str | None = None
    """Name of a flag parameter that makes the result one-hot instead (gumbel_softmax)."""
    unless: tuple[str, ...] = ()
    """Parameters that void the row where they are given: hardtanh with limits of its own is anything."""


@dataclass(frozen=True, slots=True)
class Produce:
    """The result is of `kind` and of a shape of its own, as a user says of a layer. `axis` is where the classes stand, `size` is how many
    there are: each a number, or the parameter that holds it. With `keeps_shape` the shape is that of the input."""

    kind: Kind
    axis: int | str | None = None
    size: int | str | None = None
    keeps_shape: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """The kind of the result depends on the kind of the input; kinds not listed give `otherwise`.

    A result that is a whole kind with an axis but names none (``LogProbs()``) takes the axis, and the wholeness, of the input.
    """

    cases: tuple[tuple[type[Kind], Result], ...]
    otherwise: Result = OPAQUE
    resized: int | None = 0
    """How many of the last axes get another length (2 for a pool over images); None where any axis, and the rank, may change."""
    dtype: str | Typed = Typed.FLOATED
    window: Window | None = None
    """How the lengths of the last axes follow from parameters, where they do."""


@dataclass(frozen=True, slots=True)
class Keep:
    """The same numbers: detach, clone, to, cuda, contiguous. `dtype` names the dtype that results, where fixed ("float32").

    With a dtype of integers only whole numbers stay what they are: class indices, one-hot rows, truths.
    """

    dtype: str | None = None
    recasts: bool = False
    """True where an argument may name another dtype: to, type, type_as."""


@dataclass(frozen=True, slots=True)
class Affine:
    """An affine map: unbounded scores. `size` names the parameter with the number of outputs, `axis` is where they stand
    (-1 for Linear, 1 for convolutions). `rank` is the rank of a batched input where it is fixed."""

    size: str | None = None
    axis: int = -1
    rank: int | None = None
    adds: bool = False
    """True where the outputs stand on a new axis, as an embedding's do."""
    window: Window | None = None
    """How the lengths of the axes behind `axis` follow from parameters, where they do."""


class Motion(Enum):
    """How an operation moves axes about, and the parameters that tell: where they are absent the axes are not known.

    VIEW: `size` or `shape`. VIEW_AS, EXPAND to another tensor: `other`. UNFLATTEN: `dim`, `sizes`. FLATTEN: `start_dim`, `end_dim`,
    where absent all axes. SQUEEZE: `dim`, where absent any. UNSQUEEZE: `dim`. PERMUTE: `dims`. MOVE: `source`, `destination`.
    TRANSPOSE: `dim0`, `dim1`. EXPAND: `size`. REPEAT: `repeats` or `dims`, how often each axis. REPEAT_EACH: `repeats`, `dim`. SELECT: `dim`
    and `index` or `length`; TAKE: `index` or `mask`, and no axis. SPLIT: `dim` and `chunks` or `split_size`. GATHER, PERMUTE_WITHIN: `dim` or `dims`.
    """

    VIEW = "view"
    VIEW_AS = "view_as"
    UNFLATTEN = "unflatten"
    FLATTEN = "flatten"
    SQUEEZE = "squeeze"
    UNSQUEEZE = "unsqueeze"
    PERMUTE = "permute"
    MOVE = "move"
    TRANSPOSE = "transpose"
    MATRIX_TRANSPOSE = "matrix_transpose"
    EXPAND = "expand"
    REPEAT = "repeat"
    REPEAT_EACH = "repeat_each"
    SELECT = "select"
    TAKE = "take"
    SPLIT = "split"
    GATHER = "gather"
    PERMUTE_WITHIN = "permute_within"


TELLING = (Motion.VIEW, Motion.UNFLATTEN, Motion.FLATTEN, Motion.UNSQUEEZE, Motion.PERMUTE)
"""Motions that only arrays have, and after which something is known of the shape."""


@dataclass(frozen=True, slots=True)
class Move:
    """The same numbers, elsewhere or fewer of them."""

    motion: Motion
    drops: bool = False
    """True where the axis that is selected from, or split along, goes away: select, unbind."""


class Reduction(Enum):
    """How an axis is folded."""

    MEAN = "mean"
    SUM = "sum"
    LARGEST = "largest"
    LOGSUMEXP = "logsumexp"
    INDEX = "index"
    TRUTH = "truth"
    PRODUCT = "product"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Fold:
    """An axis is folded away; `pair` tells that with a `dim` the result is (values, indices), as torch.max gives."""

    reduction: Reduction
    pair: bool = False


@dataclass(frozen=True, slots=True)
class Gather:
    """Tensors are put together: cat along an axis, stack along a new one. With `rows` those of one axis count as rows."""

    stack: bool
    rows: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """The numbers along `dim` in another order, or as many of them as the parameter `count` tells, and where they stood: (values,
    indices), with `indices` alone the latter."""

    count: str | None = None
    indices: bool = False
    same: bool = True
    """False where numbers may be repeated: a running maximum."""


@dataclass(frozen=True, slots=True)
class Combine:
    """One number of each two or three, by a function of its own; where `picks` is set it is one of those given as these parameters.

    The shapes are stretched to one another.
    """

    dtype: Typed = Typed.PROMOTED
    picks: tuple[str, ...] = ()


class Measured(Enum):
    """What is read off a tensor."""

    SIZES = "sizes"
    RANK = "rank"
    COUNT = "count"
    DTYPE = "dtype"
    FLOATING = "floating"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something about a tensor that is no tensor: its sizes (with `dim` one of them), its rank, its element type."""

    what: Measured


@dataclass(frozen=True, slots=True)
class Place:
    """Where tensors stand: a device."""


@dataclass(frozen=True, slots=True)
class Operate:
    """The same as a Python operator: torch.add is ``+``."""

    operator: str
    dtype: str | None = None
    """The element type, where it does not follow from those of the operands."""
    batched: bool = False
    """True where the first axis of both sides must be that of a batch: bmm."""


@dataclass(frozen=True, slots=True)
class Encode:
    """one_hot: class indices become one-hot rows over a new last axis."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A new tensor of one number: zeros, ones, full. `value` names the parameter or is the number itself."""

    value: float | str
    like: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A new tensor of random numbers of `kind`; with `bounded` the integers lie in [low, high).

    ``randint(10, (3,))`` leaves `low` out: where `size` is missing, or `high` holds sizes, `low` is really the high.
    """

    kind: Kind
    bounded: bool = False
    like: bool = False
    sizes: tuple[str, ...] = ()
    """Parameters that hold the sizes one by one, where `size` does not hold them: those left out are as the one before."""
    dtype: str | None = None
    """The element type, where it is not the default floating type."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution that is given by the parameter `probs`, or by `logits` of which it applies the activation itself; it has both
    as attributes. It is one over the classes on the last axis, or with `each` one for each number apart."""

    each: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """Class indices, drawn with the numbers of the input as their weights."""


@dataclass(frozen=True, slots=True)
class Count:
    """arange: integers from start to end by step; where `end` is missing `start` is really the end."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A tensor made from Python data: tensor, as_tensor, LongTensor, from_numpy. `dtype` where the name fixes it."""

    dtype: str | None = None
    sized: bool = False
    """True where integers as arguments are sizes: ``FloatTensor(3, 4)`` gives whatever stood in memory."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """Several results as a tuple; a named tuple where `names` are given."""

    kinds: tuple[Result, ...]
    names: tuple[str, ...] = ()
    batch_first: str | None = None
    """The option without which a recurrent layer takes axis 1, of three, for that of the batch."""


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
class Batches:
    """Iterating gives batches of what the dataset in parameter `of` gives for an index, put together by the function in `by`.

    Where `size` holds None samples stay single, and where `whole` is true all batches are of that size; the samplers in `samplers`
    may leave samples out.
    """

    of: str
    by: str = "collate_fn"
    size: str = "batch_size"
    whole: str = "drop_last"
    samplers: tuple[str, ...] = ("sampler", "batch_sampler")


@dataclass(frozen=True, slots=True)
class Rows:
    """A dataset of the rows of each of the tensors in parameter `of`."""

    of: str


@dataclass(frozen=True, slots=True)
class SomeOf:
    """A dataset of those samples of the dataset in parameter `of` that `indices` names."""

    of: str
    indices: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A dataset of the samples of all datasets in parameter `of`, one after the other."""

    of: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A ready-made dataset of pairs of an input and a label, a Python integer from `low` to `high`, both of which occur.

    `high` may be the parameter that holds the number of classes. With `by` the ends hang on the value of that parameter.
    """

    low: int | None = None
    high: int | str | None = None
    by: str | None = None
    ranges: tuple[tuple[str, int, int], ...] = ()
    holds: str | None = None
    """The attribute with the labels of all samples: a tensor or array of `dtype` where there is one, else a list."""
    dtype: str | None = None
    classes: int | None = None
    """How many names `classes` lists."""
    only_with: tuple[tuple[str, str | bool | None], ...] = ()
    """Parameters, and the value with which (left out or given) a sample is as the row says."""
    input: str = "transform"
    label: str = "target_transform"
    """The parameters with the functions that inputs and labels go through."""


@dataclass(frozen=True, slots=True)
class Through:
    """What is given goes through each of the callables in parameter `of`, one after the other."""

    of: str


@dataclass(frozen=True, slots=True)
class Pictured:
    """An image becomes a tensor of three axes."""

    dtype: str


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """An array of the Python data in parameter `of`; Python floats become float64. `dtype` where the name fixes it."""

    of: str
    dtype: str | None = None


@dataclass(frozen=True, slots=True)
class Canvas:
    """An array of one number (None: that in `fill_value`), float64 unless `dtype` says otherwise."""

    value: float | None


@dataclass(frozen=True, slots=True)
class JoinedArrays:
    """The arrays in parameter `of` one behind the other."""

    of: str


@dataclass(frozen=True, slots=True)
class Integers:
    """Random integers in [low, high), or [0, low) where `high` is left out: an array of int64, without `size` a single number."""

    low: str
    high: str
    size: str


@dataclass(frozen=True, slots=True)
class Picked:
    """Elements of what parameter `of` holds, or integers below it; without `size` a single one."""

    of: str
    size: str


@dataclass(frozen=True, slots=True)
class Floats:
    """An array of float64 of no kind, of the sizes in parameter `size`; a single number without it, where none of `of` is an array.

    With `like` it is of the shape of that parameter, and of its dtype where that is a floating one.
    """

    size: str | None
    like: str | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recast:
    """The same array in the dtype that parameter `to` names."""

    to: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of numbers and a class for each, from 0: an object with `data` and `target`, or a pair.

    `classes` is how many classes there are, or the parameter that tells; with `unless` given there is more than a pair.
    """

    classes: int | str
    shape: tuple[int | None, int | None]
    pair: bool = False
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EachSplit:
    """Each of the arrays in parameter `of` in two parts, drawn at random: first, rest, first, rest."""

    of: str


@dataclass(frozen=True, slots=True)
class Encoded:
    """Class indices from 0, as many as there are different labels."""


@dataclass(frozen=True, slots=True)
class Unboxed:
    """The numbers of a tensor as Python numbers: the only one, or with `nested` lists of them."""

    nested: bool


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of training: the method of the model that is called with each batch, and where the batches come from: the parameters of
    the call (the first that is given), or the method of that name of the data module or the model."""

    step: str
    loader: str
    given: tuple[str, ...] = ()
    gradients: bool = True


@dataclass(frozen=True, slots=True)
class Fits:
    """A trainer that calls methods of the model in parameter `model` with the batches of loaders: those it is given, or those that the
    data module in `module` or the model itself makes after its method `prepares` was called with `stage`."""

    model: str
    phases: tuple[Phase, ...]
    module: str = "datamodule"
    prepares: str = "setup"
    stage: str = "fit"


@dataclass(frozen=True, slots=True)
class Draws:
    """A sampler that draws from all samples of a dataset."""


@dataclass(frozen=True, slots=True)
class Split:
    """The dataset in parameter `of` in random parts, each an object of `part`, as many as `lengths` has."""

    of: str
    lengths: str
    part: str


@dataclass(frozen=True, slots=True)
class Collate:
    """The samples in parameter `of` are put together as a data loader does it."""

    of: str


@dataclass(frozen=True, slots=True)
class IsTensor:
    """Whether the argument `of` is a tensor."""

    of: str


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
