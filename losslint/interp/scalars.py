"""Python numbers that are not known exactly: their arithmetic, and what a tensor of them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from losslint.domain.dim import exact
from losslint.domain.kind import ClassIndex, Kind, Truth, Unspecified
from losslint.domain.lattice import join
from losslint.domain.origin import COUNTED, Origin, Site
from losslint.domain.value import Const, Option, Scalar, Tensor, TestKey, TupleValue, Unknown, Value

EVERY: TestKey = ("every",)
"""Names the index of a sample that stands for all samples of a dataset."""
DTYPES = {"int": "int64", "float": "float64", "bool": "bool"}
"""What torch makes of Python numbers that a data loader puts together."""


def every_index() -> Scalar:
    """The index of any sample of a dataset."""
    return Scalar("int", 0, None, symbol=EVERY)


def is_every(index: Value) -> bool:
    """True for the index that stands for all samples."""
    return isinstance(index, Scalar) and index.symbol == EVERY


def is_look_up(part: tuple[TestKey, object]) -> bool:
    """True for an answer that picks an element of a list or an entry of a table: one now, another next time."""
    return part[0][0] == "==" and part[1] is True


def looked_up(options: tuple[Option, ...]) -> bool:
    """True for alternatives of which any may come; what a setting of the program chooses is not of this sort."""
    return all(is_look_up(part) for option in options for part in option.guard)


def joined_numbers(one: Scalar, two: Scalar) -> Scalar | None:
    """A number that is one of two; None where they are of different types."""
    united = join(one, two)
    return united if isinstance(united, Scalar) else None


def without_ends(value: Value) -> Value:
    """Some of the numbers that a value stands for: the ends of a range need not be among them."""
    match value:
        case Scalar():
            return replace(value, low=None, high=None)
        case Tensor(ClassIndex()):
            return replace(value, kind=ClassIndex())
        case TupleValue(items, names):
            return TupleValue(tuple(without_ends(item) for item in items), names)
        case _:
            return value


def is_tested(value: Value, answers: Iterable[TestKey]) -> bool:
    """True where one of these tests asked for a number of a value."""
    if isinstance(value, TupleValue):
        return any(is_tested(item, answers) for item in value.items)
    symbol = value.symbol if isinstance(value, Scalar) else None
    return symbol is not None and any(mentions(test, symbol) for test in answers)


def mentions(test: object, symbol: TestKey) -> bool:
    """True for a test, or name, in which this name occurs."""
    return test == symbol or (isinstance(test, tuple) and any(mentions(part, symbol) for part in test))


def as_unknown(value: Value) -> Value:
    """A number as a test sees it: unknown, by its name."""
    return Unknown("a number that is not known", value.symbol) if isinstance(value, Scalar) else value


def scalar_of(value: Value) -> Scalar | None:
    """A number, known exactly or not."""
    if isinstance(value, Scalar):
        return value
    number = value.value if isinstance(value, Const) else None
    if isinstance(number, bool):
        return Scalar("bool")
    if isinstance(number, int):
        return Scalar("int", number, number)
    return Scalar("float") if isinstance(number, float) else None


def scalar_binary(symbol: str, left: Value, right: Value, site: Site) -> Value:
    """An operator on two numbers of which at least one is not known exactly."""
    one, two = scalar_of(left), scalar_of(right)
    if one is None or two is None or symbol in ("**", "@"):
        return Unknown(f"the result of {symbol} on values that are not followed")
    if symbol == "/" or "float" in (one.type, two.type):
        return Scalar("float")
    if symbol == "+" and isinstance(left, Const):
        one, two, left, right = two, one, right, left
    by = right.value if isinstance(right, Const) else None
    if not isinstance(by, int) or isinstance(by, bool):
        return Scalar("int")
    if symbol in ("+", "-"):
        return _moved(one, by if symbol == "+" else -by, site)
    if symbol == "%" and by > 0:
        fits = one.low is not None and one.high is not None and one.low >= 0 and one.high < by
        return one if fits else Scalar("int", 0, by - 1, one.origin)
    return Scalar("int")


def _moved(number: Scalar, by: int, site: Site) -> Scalar:
    low = None if number.low is None else number.low + by
    high = None if number.high is None else number.high + by
    moved = f"{'adding' if by > 0 else 'subtracting'} {abs(by)}"
    known = low is not None and high is not None
    label = f"{moved} makes integers from {low} to {high}" if known else f"{moved} moves the integers"
    symbol = None if number.symbol is None else ("+", number.symbol, by)
    return Scalar("int", low, high, Origin(site, label, number.origin, makes=bool(by), by=COUNTED), symbol)


def kind_of_number(number: Scalar) -> Kind:
    """The kind of a tensor of such numbers."""
    if number.type == "int":
        return ClassIndex(number.low, number.high)
    return Truth() if number.type == "bool" else Unspecified("numbers of a program")


def tensor_of_numbers(number: Scalar, dtype: str | None, *sizes: int | None) -> Tensor:
    """A tensor of such numbers."""
    return Tensor(kind_of_number(number), exact(*sizes), dtype or DTYPES[number.type], number.origin)
