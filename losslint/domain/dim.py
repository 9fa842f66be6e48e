"""Sizes of tensors: as much of a shape as is known, from the front and from the back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """A length that is not known but has a name: two of one name are one number."""

    name: tuple[object, ...]


Size = int | Symbol | None
"""The length of an axis, or None where it is not known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Known leading and trailing sizes. With `exact` the rank is known and all sizes stand in `front`.

    Otherwise there are at least as many axes as the longer of `front` and `back` has; the two may overlap.
    """

    front: tuple[Size, ...] = ()
    back: tuple[Size, ...] = ()
    exact: bool = False

    @property
    def rank(self) -> int | None:
        """The number of axes, or None."""
        return len(self.front) if self.exact else None

    @property
    def least(self) -> int:
        """The number of axes that there are at least."""
        return max(len(self.front), len(self.back))

    def size(self, dim: int) -> Size:
        """The size of axis `dim` (negative from the end), or None where unknown or out of range."""
        if self.exact:
            return self.front[dim] if -len(self.front) <= dim < len(self.front) else None
        if dim >= 0:
            return self.front[dim] if dim < len(self.front) else None
        return self.back[dim] if -dim <= len(self.back) else None

    def at(self, dim: int) -> int | None:
        """The size of axis `dim` where it is a known number."""
        size = self.size(dim)
        return size if isinstance(size, int) else None

    @property
    def count(self) -> int | None:
        """How many numbers a tensor of this shape has, or None."""
        return product(self.front) if self.exact else None

    def normal(self, dim: int | None) -> int | None:
        """`dim` counted from the front where the rank is known, else as given."""
        if dim is None or dim >= 0 or not self.exact:
            return dim
        return dim + len(self.front) if dim + len(self.front) >= 0 else None

    def with_last(self, size: Size) -> Shape:
        """This shape with its last axis replaced."""
        return self.with_axis(-1, size)

    def with_axis(self, dim: int, size: Size) -> Shape:
        """This shape with the axis `dim` of another length."""
        if self.exact:
            at = self.normal(dim)
            if at is None or at >= len(self.front):
                return UNKNOWN_SHAPE
            return exact(*self.front[:at], size, *self.front[at + 1 :])
        if dim < 0:
            return self._turned().with_axis(-dim - 1, size)._turned()
        front = _padded(self.front, dim + 1)
        apart = max(self.least, dim + 1) - dim  # trailing axes that surely stand behind `dim`
        back = tuple(
            one if one == size or len(self.back) - place < apart else None for place, one in enumerate(self.back)
        )
        return Shape((*front[:dim], size, *front[dim + 1 :]), back)

    def without(self, dim: int) -> Shape:
        """This shape with the axis `dim` gone."""
        if self.exact:
            at = self.normal(dim)
            if at is None or at >= len(self.front):
                return UNKNOWN_SHAPE
            return exact(*self.front[:at], *self.front[at + 1 :])
        if dim < 0:
            return self._turned().without(-dim - 1)._turned()
        least = max(self.least, dim + 1)
        apart = max(least - 1 - dim, 0)
        back = self.back[len(self.back) - apart :] if apart < len(self.back) else self.back
        return Shape((*self.front[:dim], *self.front[dim + 1 :]), back)

    def with_new(self, dim: int, size: Size) -> Shape:
        """This shape with a new axis that then is axis `dim`."""
        if self.exact:
            rank = len(self.front) + 1
            if not -rank <= dim < rank:
                return UNKNOWN_SHAPE
            at = dim % rank
            return exact(*self.front[:at], size, *self.front[at:])
        if dim < 0:
            return self._turned().with_new(-dim - 1, size)._turned()
        front = _padded(self.front, dim)
        apart = max(max(self.least, dim) - dim, 0)
        back = self.back[len(self.back) - apart :] if apart < len(self.back) else self.back
        return Shape((*front[:dim], size, *front[dim:]), back)

    def _turned(self) -> Shape:
        return Shape(tuple(reversed(self.back)), tuple(reversed(self.front)))


UNKNOWN_SHAPE = Shape()


def exact(*sizes: Size) -> Shape:
    """A shape of known rank."""
    return Shape(tuple(sizes), exact=True)


def of_rank(rank: int | None) -> Shape:
    """A shape of which only the rank is known."""
    return UNKNOWN_SHAPE if rank is None else Shape((None,) * rank, exact=True)


def _padded(sizes: tuple[Size, ...], length: int) -> tuple[Size, ...]:
    return (*sizes, *(None,) * (length - len(sizes))) if len(sizes) < length else sizes


def product(sizes: Sequence[Size]) -> int | None:
    """The product of sizes, or None where one of them is not a known number."""
    count = 1
    for size in sizes:
        if not isinstance(size, int):
            return None
        count *= size
    return count


def meet(one: Size, two: Size) -> Size:
    """The length of an axis of which two things are known, both of them true."""
    if isinstance(one, int) or two is None:
        return one
    return two


def meet_shapes(one: Shape, two: Shape) -> Shape:
    """What is known of a shape that both of these describe."""
    if one == two or two == UNKNOWN_SHAPE:
        return one
    if one.exact and two.exact:
        return exact(*map(meet, one.front, two.front)) if len(one.front) == len(two.front) else UNKNOWN_SHAPE
    if one.exact or two.exact:
        known, other = (one, two) if one.exact else (two, one)
        rank = len(known.front)
        if other.least > rank:
            return UNKNOWN_SHAPE
        sizes = (meet(known.front[at], meet(other.size(at), other.size(at - rank))) for at in range(rank))
        return exact(*sizes)
    front, back = max(len(one.front), len(two.front)), max(len(one.back), len(two.back))
    return Shape(
        tuple(meet(one.size(at), two.size(at)) for at in range(front)),
        tuple(meet(one.size(at), two.size(at)) for at in range(-back, 0)),
    )


def broadcast(left: Shape, right: Shape) -> Shape:
    """The shape of an operation on each pair of numbers of two tensors."""
    if left.exact and right.exact:
        if left == right:
            return left
        rank = max(len(left.front), len(right.front))
        one = (*(1,) * (rank - len(left.front)), *left.front)
        two = (*(1,) * (rank - len(right.front)), *right.front)
        return exact(*map(_spread, one, two))
    least = max(left.least, right.least)
    back = [_spread(_trailing(left, at), _trailing(right, at)) for at in range(-least, 0)]
    return Shape((), tuple(back))


def _trailing(shape: Shape, dim: int) -> Size:
    """The size of a trailing axis; axes that a shape of known rank lacks are as good as of length 1."""
    if shape.exact:
        return shape.front[dim] if -dim <= len(shape.front) else 1
    return shape.size(dim)


def _spread(one: Size, two: Size) -> Size:
    if one == 1:
        return two
    if two == 1 or one == two:
        return one
    if isinstance(one, int):
        return one
    return two if isinstance(two, int) else None


def stretched(shape: Shape) -> Shape:
    """The shape beside something unknown: axes of length 1 may have been stretched, and axes added in front."""
    sizes = shape.front if shape.exact else shape.back
    return Shape((), tuple(size if isinstance(size, int) and size != 1 else None for size in sizes))


def describe_shape(shape: Shape) -> str:
    """The shape as a user reads it: ``[?, 10]``, ``[..., 10]`` or nothing."""
    show = [_shown(size) for size in shape.front]
    if not shape.exact:
        if not any(size is not None for size in (*shape.front, *shape.back)):
            return ""
        show += ["...", *(_shown(size) for size in shape.back)]
    return f"[{', '.join(show)}]"


def _shown(size: Size) -> str:
    return str(size) if isinstance(size, int) else "?"
