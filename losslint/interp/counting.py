"""Functions of Python that give numbers: ranges, conversions, random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from losslint.domain.kind import ClassIndex
from losslint.domain.lattice import choice, element_of
from losslint.domain.origin import COUNTED, Origin, Site
from losslint.domain.value import Choice, Const, Option, Repeated, Scalar, Tensor, TupleValue, Unknown, Value
from losslint.interp.branches import pure_each
from losslint.interp.frame import Frame
from losslint.interp.iteration import iterate, new_list

MAX_RANGE = 8
"""Loops over longer ranges are run until they settle instead of turn by turn."""
Handler = Callable[[list[Value], dict[str, Value], Site, Frame], Value]


def _range(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    bounds = [value.value for value in positional if isinstance(value, Const) and isinstance(value.value, int)]
    if len(bounds) == len(positional) and 1 <= len(bounds) <= 3 and (len(bounds) < 3 or bounds[2] != 0):
        numbers = range(*bounds)
        if len(numbers) <= MAX_RANGE:
            return TupleValue(tuple(Const(number) for number in numbers))
    return Repeated(_within(positional, site))


def _within(bounds: list[Value], site: Site) -> Scalar:
    """A number of a range with these bounds."""
    numbers = [value.value if isinstance(value, Const) else None for value in bounds]
    known = [number if isinstance(number, int) else None for number in numbers]
    if len(known) == 1:
        known = [0, *known]
    if len(known) != 2:
        return Scalar("int")
    low, stop = known
    return Scalar("int", low, None if stop is None else stop - 1, counted(site, low))


def counted(site: Site, first: int | None) -> Origin:
    """The step that counting from a number is."""
    return Origin(site, f"counts from {'?' if first is None else first}", makes=True, by=COUNTED)


def _convert(kind: type[int] | type[float] | type[str]) -> Handler:
    def work(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
        value = positional[0] if positional else Unknown("no argument")
        if not positional:
            return Const(kind())
        if isinstance(value, Choice) and len(positional) == 1:
            return pure_each(value, lambda one: work([one], keywords, site, frame))
        if isinstance(value, Const) and isinstance(value.value, int | float | str) and not keywords:
            try:
                return Const(kind(value.value))
            except (ValueError, OverflowError):
                return Unknown("a conversion that Python refuses")
        if isinstance(value, Unknown) and kind is str:
            return value
        if kind is not str and not keywords:
            return _number(kind.__name__, value)
        return Unknown("a conversion of an unknown value")

    return work


def _number(kind: str, value: Value) -> Value:
    """`int(value)`, `float(value)`: a number whatever the value is."""
    if kind == "int" and isinstance(value, Tensor) and isinstance(value.kind, ClassIndex):
        return Scalar("int", value.kind.low, value.kind.high, value.origin)
    if kind == "int" and isinstance(value, Scalar) and value.type == "int":
        return value
    symbol = value.symbol if isinstance(value, Unknown) else None
    return Scalar(kind, symbol=None if symbol is None else (kind, symbol))


def _random_integer(last_included: bool) -> Handler:
    """`random.randint(a, b)`, with b among them, or `random.randrange`, without."""

    def work(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
        bounds = positional if len(positional) != 1 else [Const(0), *positional]
        ends = [value.value if isinstance(value, Const) and isinstance(value.value, int) else None for value in bounds]
        symbol = ("call", id(site.node))
        if len(ends) != 2:
            return Scalar("int", symbol=symbol)
        low, last = ends
        high = None if last is None else last if last_included else last - 1
        return Scalar("int", low, high, counted(site, low), symbol)

    return work


def _random_element(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    held = iterate(positional[0], frame) if positional else None
    if held is None or (isinstance(held, TupleValue) and not held.items):
        return Unknown("an element of nothing")
    if isinstance(held, TupleValue) and all(isinstance(item, Const) for item in held.items):
        symbol = ("call", id(site.node))
        return choice(Option(frozenset({(("==", symbol, item), True)}), item) for item in dict.fromkeys(held.items))
    return element_of((held,))


def _random_elements(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return new_list(Repeated(_random_element(positional, keywords, site, frame)), frame)


def _float(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return Scalar("float", symbol=("call", id(site.node)))


def _auto(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """A number like no other: members of an enumeration differ."""
    return Const(frame.run.fresh())


COUNTING: Mapping[str, Handler] = {
    "builtins.range": _range,
    "builtins.int": _convert(int),
    "builtins.float": _convert(float),
    "builtins.str": _convert(str),
    "enum.auto": _auto,
    "random.randint": _random_integer(last_included=True),
    "random.randrange": _random_integer(last_included=False),
    "random.choice": _random_element,
    "random.choices": _random_elements,
    "random.random": _float,
    "random.uniform": _float,
    "random.gauss": _float,
}
