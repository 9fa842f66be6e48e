"""Arithmetic on class indices: the range that labels have after something was added to them."""

from __future__ import annotations

from losslint.domain.kind import ClassIndex, Unspecified
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Const, Tensor, Value


def shifted(symbol: str, tensor: Tensor, right: Const, site: Site) -> Value:
    """Class indices plus, minus or modulo a constant."""
    kind = tensor.kind
    assert isinstance(kind, ClassIndex)
    if isinstance(right.value, int) and symbol in ("+", "-"):
        by = right.value if symbol == "+" else -right.value
        low = None if kind.low is None else kind.low + by
        high = None if kind.high is None else kind.high + by
        moved = f"{'adding' if symbol == '+' else 'subtracting'} {right.value}"
        known = low is not None and high is not None
        label = f"{moved} makes integers from {low} to {high}" if known else f"{moved} moves the integers"
        return Tensor(
            ClassIndex(low, high), tensor.shape, tensor.dtype, Origin(site, label, tensor.origin, makes=bool(by))
        )
    if isinstance(right.value, int) and symbol == "%" and right.value > 0:
        return Tensor(ClassIndex(0, right.value - 1), tensor.shape, tensor.dtype, tensor.origin)
    return Tensor(Unspecified(f"class indices after {symbol}"), tensor.shape)
