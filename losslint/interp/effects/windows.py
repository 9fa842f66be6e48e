"""Lengths of axes after a window slid over them: convolutions and pools."""

from __future__ import annotations

from losslint.domain.dim import Shape, Size, Symbol, exact, of_rank
from losslint.domain.value import Const, ListValue, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import SHAPE, EffectCall, constant_integer
from losslint.interp.iteration import iterate
from losslint.knowledge.tensor_effects import Affine, Window


def convolved(effect: Affine, call: EffectCall, given: Value | None, size: Size) -> Shape:
    """The shape that a convolution gives: of an input of unknown rank a batch is taken for granted."""
    shape = given.shape if isinstance(given, Tensor) else Shape()
    rank = effect.rank or 0
    lead: tuple[Size, ...] = (shape.size(0) if isinstance(given, Tensor) else _first_size(given),)
    if shape.rank == rank - 1:
        lead = ()
    elif shape.rank not in (None, rank):
        return Shape()
    if effect.window is None:  # a bag of rows, folded to one
        return exact(lead[0] if shape.rank == rank else None, size)
    many = rank - 2
    return exact(*lead, size, *_slid(effect.window, call, [shape.size(axis) for axis in range(-many, 0)]))


def _first_size(given: Value | None) -> Size:
    """The name of the first length of something unknown."""
    if isinstance(given, Unknown) and given.symbol is not None:
        return Symbol(("item", ("attr", given.symbol, SHAPE), Const(0)))
    return None


def pooled(window: Window, call: EffectCall, shape: Shape, many: int) -> Shape:
    """The shape after a window slid over the last `many` axes; of their lengths nothing else is known."""
    rank = shape.rank
    if rank is None or rank < many:
        return of_rank(rank)
    kept = rank - many
    return exact(*shape.front[:kept], *_slid(window, call, shape.front[kept:]))


def _slid(window: Window, call: EffectCall, sizes: tuple[Size, ...] | list[Size]) -> list[Size]:
    """The lengths of the axes after the window slid over them."""
    many = len(sizes)
    if window is Window.ADAPTIVE:
        wanted = _each(call, "output_size", many, None)
        return list(wanted) if wanted is not None else [None] * many
    if call.given("output_size"):
        return [None] * many
    kernel = _each(call, "kernel_size", many, None)
    if kernel is None:
        weight = call.value("weight")
        kernel = [weight.shape.at(axis) for axis in range(-many, 0)] if isinstance(weight, Tensor) else None
    stride = _each(call, "stride", many, 1) if call.given("stride") or window is not Window.POOL else kernel
    padding = _padding(call, many)
    dilation, beyond = _each(call, "dilation", many, 1), _each(call, "output_padding", many, 0)
    if padding is SAME:
        return list(sizes)
    if kernel is None or stride is None or padding is None or dilation is None or beyond is None:
        return [None] * many
    rounds_up = call.flag("ceil_mode") if call.value("ceil_mode") is not None else False
    found: list[Size] = []
    for length, *numbers in zip(sizes, kernel, stride, padding, dilation, beyond, strict=True):
        known = [number for number in (length, *numbers) if isinstance(number, int)]
        if len(known) < 6 or rounds_up is None:
            found.append(None)
        elif window is Window.TRANSPOSED:
            found.append(_unslid(*known))
        else:
            found.append(_steps(known[0], known[1], known[2], known[3], known[4], rounds_up))
    return found


def _steps(length: int, kernel: int, stride: int, padding: int, dilation: int, rounds_up: bool) -> int | None:
    """How many places a window has on an axis."""
    room = length + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0 or stride < 1:
        return None
    steps = room // stride + 1
    if rounds_up and room % stride and steps * stride < length + padding:
        steps += 1
    return steps


def _unslid(length: int, kernel: int, stride: int, padding: int, dilation: int, beyond: int) -> int | None:
    """The length of an axis on which a window has this many places."""
    size = (length - 1) * stride - 2 * padding + dilation * (kernel - 1) + beyond + 1
    return size if size > 0 else None


SAME: list[int | None] = [None]
"""Padding that leaves lengths as they are."""


def _padding(call: EffectCall, many: int) -> list[int | None] | None:
    value = call.value("padding")
    if value == Const("same"):
        return SAME
    return [0] * many if value == Const("valid") else _each(call, "padding", many, 0)


def _each(call: EffectCall, name: str, many: int, missing: int | None) -> list[int | None] | None:
    """A number for each axis: one for all, or as many as there are; None where their count is not known."""
    value = call.value(name)
    if value is None:
        return None if missing is None else [missing] * many
    if isinstance(value, TupleValue | ListValue):
        held = iterate(value, call.frame)
        items = held.items if isinstance(held, TupleValue) else ()
        numbers = [constant_integer(item) for item in items]
        return numbers * many if len(numbers) == 1 else numbers if len(numbers) == many else None
    number = constant_integer(value)
    return [number] * many
