"""Axes that go, come or change places, and what that does to kinds that sum over one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, Size, Symbol, exact, meet_shapes, of_rank, product
from losslint.domain.kind import ClassIndex, Kind, LogProbs, OneHot, Probs, Unspecified, with_dim
from losslint.domain.value import Tensor

OVER = Probs | LogProbs | OneHot
"""Kinds that say something of an axis."""


def moved(tensor: Tensor, kind: Kind, shape: Shape = UNKNOWN_SHAPE) -> Tensor:
    """The same numbers, or some of them, in another shape."""
    return Tensor(kind, shape, tensor.dtype, tensor.origin, tensor.watched)


def fewer(kind: Kind) -> Kind:
    """The kind of some of the rows: a range of labels need not be reached any more."""
    return ClassIndex() if isinstance(kind, ClassIndex) else kind


def partial(kind: Kind) -> Kind:
    """The kind of some of the numbers along the axis that it speaks of, which that axis may not outlast."""
    if isinstance(kind, OneHot):
        return Unspecified("a part of one-hot")
    return replace(kind, dim=None, whole=False) if isinstance(kind, Probs | LogProbs) else fewer(kind)


def meets(tensor: Tensor, axis: int | None) -> bool | None:
    """Whether `axis` is the one that the kind speaks of; None where that cannot be told."""
    kind = tensor.kind
    if not isinstance(kind, OVER):
        return False
    if axis is None or kind.dim is None:
        return None
    one, two = tensor.shape.normal(kind.dim), tensor.shape.normal(axis)
    if one is None or two is None:
        return None
    if (one >= 0) == (two >= 0):
        return one == two
    return False if tensor.shape.least > max(one, two) - min(one, two) - 1 else None


def narrowed(tensor: Tensor, axis: int | None, size: Size = None) -> Tensor:
    """Some of the places along an axis."""
    kind = tensor.kind
    if meets(tensor, axis) is not False:
        kind = Unspecified("a part of one-hot") if isinstance(kind, OneHot) else kind
        kind = replace(kind, whole=False) if isinstance(kind, Probs | LogProbs) else kind
    return moved(tensor, fewer(kind), UNKNOWN_SHAPE if axis is None else tensor.shape.with_axis(axis, size))


def drop_axis(tensor: Tensor, axis: int) -> Tensor:
    """The tensor at one index of an axis."""
    kind, shape = tensor.kind, tensor.shape.without(axis)
    if not isinstance(kind, OVER) or kind.dim is None:
        return moved(tensor, fewer(kind), shape)
    at = tensor.shape.normal(axis)
    dim = tensor.shape.normal(kind.dim)
    if at is None or dim is None:
        return moved(tensor, partial(kind), shape)
    if (at >= 0) != (dim >= 0):
        # of unknown rank: the first axis hardly ever holds the classes
        apart = at == 0 or meets(tensor, axis) is False
        return moved(tensor, kind if apart and dim < 0 else partial(kind), shape)
    if at == dim:
        return moved(tensor, partial(kind), shape)
    step = 0 if (at > dim) == (at >= 0) else -1 if at >= 0 else 1
    return moved(tensor, with_dim(kind, dim + step), shape)


def add_axis(tensor: Tensor, axis: int) -> Tensor:
    """The tensor with a new axis of size 1 that then is axis `axis`."""
    kind, shape = tensor.kind, tensor.shape.with_new(axis, 1)
    if not isinstance(kind, OVER) or kind.dim is None:
        return moved(tensor, kind, shape)
    dim = tensor.shape.normal(kind.dim)
    at = shape.normal(axis)
    if dim is None or at is None:
        return moved(tensor, with_dim(kind, None), shape)
    if (at >= 0) != (dim >= 0):
        kept = (at == 0 and dim < 0) or (at == -1 and dim >= 0)
        return moved(tensor, kind if kept else with_dim(kind, None), shape)
    step = (1 if dim >= at else 0) if at >= 0 else (-1 if dim <= at else 0)
    return moved(tensor, with_dim(kind, dim + step), shape)


def reordered(tensor: Tensor, places: Sequence[int]) -> Tensor:
    """The tensor with its axes in this order, each counted from the front."""
    rank, kind = len(places), tensor.kind
    shape = meet_shapes(tensor.shape, of_rank(rank))
    if isinstance(kind, OVER) and kind.dim is not None:
        at = kind.dim + rank if kind.dim < 0 else kind.dim
        kind = with_dim(kind, places.index(at) if at in places else None)
    if shape.rank != rank or any(not 0 <= at < rank for at in places):
        return moved(tensor, kind)
    return moved(tensor, kind, exact(*(shape.front[at] for at in places)))


def swapped(tensor: Tensor, one: int, two: int) -> Tensor:
    """The tensor with two axes in each other's place."""
    rank, kind, shape = tensor.shape.rank, tensor.kind, tensor.shape
    if rank is not None:
        if not (-rank <= one < rank and -rank <= two < rank):
            return moved(tensor, with_dim(kind, None))
        places = list(range(rank))
        one, two = one % rank, two % rank
        places[one], places[two] = two, one
        return reordered(tensor, places)
    if one == two:
        return tensor
    same_side = (one >= 0) == (two >= 0)
    if same_side:
        first, second = shape.size(one), shape.size(two)
        shape = shape.with_axis(one, second).with_axis(two, first)
    else:
        shape = UNKNOWN_SHAPE
    if isinstance(kind, OVER) and kind.dim is not None:
        dim = kind.dim
        if dim in (one, two):
            kind = with_dim(kind, two if dim == one else one)
        elif not same_side or (dim >= 0) != (one >= 0):
            kind = with_dim(kind, None)
    return moved(tensor, kind, shape)


def viewed(tensor: Tensor, sizes: Sequence[Size]) -> Tensor:
    """The same numbers in order, in another shape; -1 stands for the length that fits."""
    shape = exact(*_filled_in(tensor.shape, sizes))
    return moved(tensor, _regrouped(tensor, shape), shape)


def _filled_in(old: Shape, sizes: Sequence[Size]) -> list[Size]:
    """Sizes with the one that is left to torch worked out, where the rest tells."""
    found: list[Size] = list(sizes)
    if -1 not in found:
        return found
    at = found.index(-1)
    found[at] = None
    if not old.exact or None in old.front or None in (*found[:at], *found[at + 1 :]):
        return found
    have = [size for size in old.front if isinstance(size, Symbol)]
    asked = [size for size in found if isinstance(size, Symbol)]
    for size in asked:
        if size not in have:
            return found
        have.remove(size)
    total = product([size for size in old.front if isinstance(size, int)]) or 0
    others = product([size for size in found if isinstance(size, int)]) or 0
    if others <= 0 or total % others or len(have) > 1 or (have and total != others):
        return found
    found[at] = have[0] if have else total // others
    return found


def _regrouped(tensor: Tensor, shape: Shape) -> Kind:
    """The kind after the numbers were put into another shape: its axis is followed where it stays whole."""
    kind, old = tensor.kind, tensor.shape
    if not isinstance(kind, OVER) or kind.dim is None:
        return kind
    dim, new = old.normal(kind.dim), shape.front
    if old.exact and dim is not None and dim < len(old.front):
        size, inner = old.front[dim], product(old.front[dim + 1 :])
        if size is not None and inner is not None:
            for at in reversed(range(len(new))):
                if new[at] == size and product(new[at + 1 :]) == inner:
                    return with_dim(kind, at)
            if shape.count is not None:
                return _broken(kind)
        if size is not None and old.front[: dim + 1] == new[: dim + 1] and None not in new[: dim + 1]:
            return with_dim(kind, dim)
    if len(new) == 1:
        return _broken(kind)
    last = dim == -1 or (old.exact and dim == len(old.front) - 1) or (old.rank is None and dim == 1)
    same = old.size(-1) is None or old.size(-1) == new[-1] or new[-1] is None
    known = old.size(-1) is not None and old.size(-1) == new[-1]
    return with_dim(kind, len(new) - 1 if last and (known or (same and kind.dim in (1, -1))) else None)


def _broken(kind: Kind) -> Kind:
    """A kind whose axis was merged with others or cut up."""
    return replace(kind, dim=None, whole=False) if isinstance(kind, Probs | LogProbs) else with_dim(kind, None)
