"""Sizes of tensors: as much of a shape as is known, from the front and from the back."""

from __future__ import annotations

from dataclasses import dataclass

Size = int | None
"""The length of an axis, or None where it is not known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Known leading and trailing sizes. With `exact` the rank is known and all sizes stand in `front`."""

    front: tuple[Size, ...] = ()
    back: tuple[Size, ...] = ()
    exact: bool = False

    @property
    def rank(self) -> int | None:
        """The number of axes, or None."""
        return len(self.front) if self.exact else None

    def at(self, dim: int) -> Size:
        """The size of axis `dim` (negative from the end), or None where unknown or out of range."""
        if self.exact:
            return self.front[dim] if -len(self.front) <= dim < len(self.front) else None
        if dim >= 0:
            return self.front[dim] if dim < len(self.front) else None
        return self.back[dim] if -dim <= len(self.back) else None

    def with_last(self, size: Size) -> Shape:
        """This shape with its last axis replaced."""
        if self.exact:
            return Shape((*self.front[:-1], size), exact=True) if self.front else UNKNOWN_SHAPE
        return Shape(self.front, (*self.back[:-1], size))

    def with_axis(self, dim: int, size: Size) -> Shape:
        """This shape with axis `dim` (counted from the front) replaced; what follows is forgotten unless exact."""
        if self.exact:
            if dim >= len(self.front):
                return UNKNOWN_SHAPE
            return Shape((*self.front[:dim], size, *self.front[dim + 1 :]), exact=True)
        front = (*self.front, *(None,) * (dim + 1 - len(self.front)))
        return Shape((*front[:dim], size, *front[dim + 1 :]))

    def normal(self, dim: int | None) -> int | None:
        """`dim` counted from the front where the rank is known, else as given."""
        if dim is None or dim >= 0 or not self.exact:
            return dim
        return dim + len(self.front) if dim + len(self.front) >= 0 else None


UNKNOWN_SHAPE = Shape()


def exact(*sizes: Size) -> Shape:
    """A shape of known rank."""
    return Shape(tuple(sizes), exact=True)


def describe_shape(shape: Shape) -> str:
    """The shape as a user reads it: ``[?, 10]``, ``[..., 10]`` or nothing."""
    show = ["?" if size is None else str(size) for size in shape.front]
    if not shape.exact:
        if not shape.front and not shape.back:
            return ""
        show += ["...", *("?" if size is None else str(size) for size in shape.back)]
    return f"[{', '.join(show)}]"
