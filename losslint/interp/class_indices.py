"""Arithmetic on class indices: the range that labels have after something was added to them."""

from __future__ import annotations

from losslint.domain.kind import ClassIndex, Unspecified
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Const, Tensor, Value

_NARROW = {"uint8": (0, 255), "int8": (-128, 127), "int16": (-32768, 32767)}
"""What types hold that a sum of labels may leave."""


def shifted(symbol: str, tensor: Tensor, right: Const, dtype: str | None, site: Site) -> Value:
    """Class indices plus, minus or modulo a constant."""
    kind, number = tensor.kind, right.value
    assert isinstance(kind, ClassIndex)
    if isinstance(number, int) and not isinstance(number, bool):
        if symbol in ("+", "-"):
            return _moved(tensor, kind, number if symbol == "+" else -number, dtype, site)
        if symbol == "%" and number > 0:
            return Tensor(ClassIndex(0, number - 1), tensor.shape, dtype, tensor.origin)
    return Tensor(Unspecified(f"class indices after {symbol}"), tensor.shape, dtype)


def _moved(tensor: Tensor, kind: ClassIndex, by: int, dtype: str | None, site: Site) -> Value:
    low = None if kind.low is None else kind.low + by
    high = None if kind.high is None else kind.high + by
    least, most = _NARROW.get(dtype or "", (None, None))
    if least is not None and most is not None and (low is None or high is None or low < least or high > most):
        return Tensor(Unspecified("class indices that may have wrapped round"), tensor.shape, dtype)
    moved = f"{'adding' if by >= 0 else 'subtracting'} {abs(by)}"
    known = low is not None and high is not None
    label = f"{moved} makes integers from {low} to {high}" if known else f"{moved} moves the integers"
    return Tensor(ClassIndex(low, high), tensor.shape, dtype, Origin(site, label, tensor.origin, makes=bool(by)))
