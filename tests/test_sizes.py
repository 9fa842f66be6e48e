"""Laws of shapes that are known in part: what an operation gives covers what it gives on the real shape."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losslint.domain.dim import Shape, Size, broadcast, meet_shapes
from losslint.domain.dtype import promote, with_number
from losslint.domain.lattice import join_shapes

torch = pytest.importorskip("torch")

LAW = settings(max_examples=200, deadline=None)
REAL = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)
TYPES = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64")


@st.composite
def known(draw: st.DrawFn, real: tuple[int, ...]) -> Shape:
    """Some of what there is to know of a shape."""

    def hidden(sizes: tuple[int, ...]) -> tuple[Size, ...]:
        return tuple(size if draw(st.booleans()) else None for size in sizes)

    if draw(st.booleans()):
        return Shape(hidden(real), exact=True)
    front, back = draw(st.integers(0, len(real))), draw(st.integers(0, len(real)))
    return Shape(hidden(real[:front]), hidden(real[len(real) - back :]))


def covers(shape: Shape, real: tuple[int, ...]) -> bool:
    """True where nothing is said of a shape that is not so."""
    if shape.least > len(real) or (shape.rank is not None and shape.rank != len(real)):
        return False
    places = (*enumerate(shape.front), *((at - len(shape.back), size) for at, size in enumerate(shape.back)))
    return all(size is None or size == real[at] for at, size in places)


@LAW
@given(REAL, st.data())
def test_axes_that_go_come_or_change(real: tuple[int, ...], data: st.DataObject) -> None:
    shape, rank = data.draw(known(real)), len(real)
    at, size = data.draw(st.integers(-rank, rank - 1)), data.draw(st.integers(1, 4))
    assert covers(shape, real)
    assert covers(shape.without(at), (*real[: at % rank], *real[at % rank + 1 :]))
    assert covers(shape.with_axis(at, size), (*real[: at % rank], size, *real[at % rank + 1 :]))
    new = data.draw(st.integers(-rank - 1, rank))
    place = new % (rank + 1)
    assert covers(shape.with_new(new, size), (*real[:place], size, *real[place:]))


@LAW
@given(REAL, REAL, st.data())
def test_two_shapes(real: tuple[int, ...], other: tuple[int, ...], data: st.DataObject) -> None:
    one, two, third = data.draw(known(real)), data.draw(known(real)), data.draw(known(other))
    assert covers(meet_shapes(one, two), real)
    joined = join_shapes(one, third)
    assert covers(joined, real)
    assert covers(joined, other)
    try:
        stretched = tuple(torch.broadcast_shapes(real, other))
    except RuntimeError:
        return
    assert covers(broadcast(one, third), stretched)


def test_types_of_two_tensors() -> None:
    for left in TYPES:
        for right in TYPES:
            for one, two in ((0, 0), (0, 1), (1, 0), (1, 1)):
                tensors = [
                    torch.zeros((1,) * rank, dtype=getattr(torch, name)) for name, rank in ((left, one), (right, two))
                ]
                real = str((tensors[0] + tensors[1]).dtype).removeprefix("torch.")
                assert promote(left, one, right, two) == real
                assert promote(left, None, right, None) in (None, real) or promote(left, None, right, None) == "float"


def test_types_of_a_tensor_and_a_number() -> None:
    for name in TYPES:
        for number in (True, 2, 2.5):
            real = str((torch.zeros(2, dtype=getattr(torch, name)) + number).dtype).removeprefix("torch.")
            assert with_number(name, number) == real
