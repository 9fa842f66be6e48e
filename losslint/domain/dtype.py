"""Element types of tensors, by the short names of torch ("int64"), and how operations combine them.

``"float"`` stands for some floating type, None for a type that is not known.
"""

from __future__ import annotations

from functools import cache

FLOATING = "float"
"""Some floating type."""
DEFAULT = "float32"
"""The floating type of what names none, while the program does not choose another."""

_WIDTHS = {"uint8": 8, "int8": 8, "int16": 16, "int32": 32, "int64": 64}
_FLOATS = {"float16": 16, "bfloat16": 16, "float32": 32, "float64": 64}


def is_floating(dtype: str | None) -> bool:
    """True for floating types; False also where the type is not known."""
    return dtype == FLOATING or dtype in _FLOATS


def is_integer(dtype: str | None) -> bool:
    """True for types of whole numbers but for truths; False also where the type is not known."""
    return dtype in _WIDTHS


def is_exact(dtype: str | None) -> bool:
    """True for whole numbers and truths; False also where the type is not known."""
    return dtype in _WIDTHS or dtype == "bool"


def category(dtype: str | None) -> int | None:
    """0 for truths, 1 for whole numbers, 2 for floating numbers; None where that is not known."""
    if dtype == "bool":
        return 0
    return 1 if dtype in _WIDTHS else 2 if is_floating(dtype) else None


def join_dtypes(left: str | None, right: str | None) -> str | None:
    """The type that stands for both."""
    if left == right:
        return left
    return FLOATING if is_floating(left) and is_floating(right) else None


@cache
def wider(left: str | None, right: str | None) -> str | None:
    """The type that an operation on tensors of these two types gives, neither of them a single number."""
    if left == right:
        return left
    one, two = category(left), category(right)
    if one is None or two is None:
        return FLOATING if 2 in (one, two) else None
    if one != two:
        return left if one > two else right
    if one == 2:
        if FLOATING in (left, right):
            return FLOATING
        if {left, right} == {"float16", "bfloat16"}:
            return DEFAULT
        return left if _FLOATS[left or ""] > _FLOATS[right or ""] else right
    if {left, right} == {"uint8", "int8"}:
        return "int16"
    if _WIDTHS[left or ""] == _WIDTHS[right or ""]:
        return None
    return left if _WIDTHS[left or ""] > _WIDTHS[right or ""] else right


def promote(left: str | None, left_rank: int | None, right: str | None, right_rank: int | None) -> str | None:
    """The type of an operation on two tensors: one without axes counts only where its category is the higher."""
    if left == right:
        return left
    one, two = category(left), category(right)
    if one is not None and two is not None and one != two:
        return left if one > two else right
    if left_rank is None or right_rank is None or (left_rank == 0) == (right_rank == 0):
        both = wider(left, right)
        certain = left_rank is not None and right_rank is not None
        return both if certain or both in (None, FLOATING) else join_dtypes(left, right)
    if one is None or two is None:
        return FLOATING if 2 in (one, two) else None
    return right if left_rank == 0 else left


def with_number(dtype: str | None, number: object) -> str | None:
    """The type of an operation on a tensor and a Python number."""
    if isinstance(number, bool):
        return dtype
    own = category(dtype)
    if isinstance(number, int):
        return "int64" if own == 0 else dtype
    if isinstance(number, float):
        return DEFAULT if own in (0, 1) else FLOATING if own is None else dtype
    return None


def floated(dtype: str | None) -> str | None:
    """The type of a function whose results are fractions: whole numbers give the default floating type."""
    return DEFAULT if is_exact(dtype) else dtype if is_floating(dtype) else FLOATING


def summed(dtype: str | None) -> str | None:
    """The type of a sum: whole numbers and truths are added up in 64 bits."""
    return "int64" if is_exact(dtype) else dtype
