"""What operations do to tensors: their numbers, shapes and types. Rows of knowledge state one effect each."""

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
