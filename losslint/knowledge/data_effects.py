"""What libraries of data do: datasets, loaders, arrays, tables and encoders of labels. Rows of knowledge state one effect each."""

from __future__ import annotations

from dataclasses import dataclass


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
