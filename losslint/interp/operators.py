"""Operators on values: constants are computed, tensors follow the rows of knowledge, tests of unknown things get a name."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import replace

import libcst as cst

from losslint.domain.lattice import choice, element_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    Choice,
    ClassValue,
    Const,
    Constant,
    DictValue,
    Entries,
    FunctionValue,
    Instance,
    Library,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp import formulas
from losslint.interp.branches import pure_each, truth
from losslint.interp.frame import Frame
from losslint.interp.gradients import of_operator
from losslint.interp.iteration import contents, iterate, new_dict, new_list
from losslint.interp.registries import settle
from losslint.interp.scalars import as_unknown, scalar_binary
from losslint.interp.tensor_operators import compared, inverted, negated, tensor_binary
from losslint.interp.terms import agreed

BINARY_SYMBOLS: Mapping[type[cst.CSTNode], str] = {
    cst.Add: "+",
    cst.Subtract: "-",
    cst.Multiply: "*",
    cst.Divide: "/",
    cst.FloorDivide: "//",
    cst.Modulo: "%",
    cst.Power: "**",
    cst.MatrixMultiply: "@",
    cst.BitAnd: "&",
    cst.BitOr: "|",
    cst.BitXor: "^",
    cst.LeftShift: "<<",
    cst.RightShift: ">>",
}
COMPARE_SYMBOLS: Mapping[type[cst.CSTNode], str] = {
    cst.Equal: "==",
    cst.NotEqual: "!=",
    cst.LessThan: "<",
    cst.LessThanEqual: "<=",
    cst.GreaterThan: ">",
    cst.GreaterThanEqual: ">=",
    cst.Is: "is",
    cst.IsNot: "is not",
    cst.In: "in",
    cst.NotIn: "not in",
}
_COMPUTE: Mapping[str, Callable[..., object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LARGE = 10**9
MAX_REPEATED = 64


def binary(symbol: str, left: Value, right: Value, site: Site, frame: Frame) -> Value:
    """`left symbol right`"""
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _over_pairs(agreed(left), agreed(right), lambda a, b: binary(symbol, a, b, site, frame), frame)
    match left, right:
        case Const(a), Const(b):
            return compute(symbol, a, b)
        case (Tensor(), _) | (_, Tensor()):
            result = tensor_binary(symbol, left, right, site)
            result = formulas.operated(symbol, left, right, result, site, frame)
            return of_operator(left, right, result, site, frame)
        case (Scalar(), _) | (_, Scalar()):
            return scalar_binary(symbol, left, right, site)
        case TupleValue(a), TupleValue(b) if symbol == "+":
            return TupleValue((*a, *b))
        case (ListValue() | TupleValue() | Repeated(), _) if symbol == "+":
            return _concatenate(left, right, frame)
        case (ListValue(), Const(int(times))) if symbol == "*":
            return _repeat(left, times, frame)
        case TupleValue(a), Const(int(times)) if symbol == "*" and 0 <= times * len(a) <= MAX_REPEATED:
            return TupleValue(a * times)
        case Const(str() as text), Unknown(_, tuple() as rest) if symbol == "+":
            return Unknown("a text that ends in something unknown", ("+", text, rest))
        case (DictValue(), DictValue()) if symbol == "|":
            return _merge_dicts(left, right, frame)
        case _:
            return Unknown(f"the result of {symbol} on values that are not followed")


def _over_pairs(left: Value, right: Value, work: Callable[[Value, Value], Value], frame: Frame) -> Value:
    """Apply `work` to every pair of alternatives that can hold together."""
    options: list[Option] = []
    for one in left.options if isinstance(left, Choice) else (Option(frozenset(), left),):
        for two in right.options if isinstance(right, Choice) else (Option(frozenset(), right),):
            guard = one.guard | two.guard
            if _consistent(one.guard, two.guard) and frame.store.allows(guard):
                options.append(Option(guard, work(one.value, two.value)))
    return choice(options)


def _consistent(
    one: frozenset[tuple[tuple[object, ...], object]], two: frozenset[tuple[tuple[object, ...], object]]
) -> bool:
    return not any((test, not side) in two for test, side in one if isinstance(side, bool))


def compute(symbol: str, left: Constant, right: Constant) -> Value:
    """An operator on constants; what Python refuses or what grows too large is unknown."""
    work = _COMPUTE.get(symbol)
    if work is None or not _is_modest(symbol, left, right):
        return Unknown("a number too large to compute")
    try:
        result = work(left, right)
    except Exception:
        return Unknown("an operation that Python refuses")
    return Const(result) if isinstance(result, int | float | complex | str | bytes | bool) else Unknown("not followed")


def _is_modest(symbol: str, left: Constant, right: Constant) -> bool:
    if symbol in ("==", "!=", "<", "<=", ">", ">="):
        return True
    if isinstance(left, str | bytes) or isinstance(right, str | bytes):
        return symbol == "+" and len(str(left)) + len(str(right)) < 10_000
    numbers = [value for value in (left, right) if isinstance(value, int | float)]
    if symbol == "**":
        return all(abs(value) <= 64 for value in numbers)
    return all(abs(value) < _LARGE for value in numbers)


def _concatenate(left: Value, right: Value, frame: Frame) -> Value:
    one, two = iterate(left, frame), iterate(right, frame)
    held: TupleValue | Repeated
    if isinstance(one, TupleValue) and isinstance(two, TupleValue):
        held = TupleValue((*one.items, *two.items))
    elif isinstance(two, TupleValue) and isinstance(one, Repeated):
        held = Repeated(one.element, (*one.tail, *two.items))
    else:
        held = Repeated(element_of((one, two)), two.tail if isinstance(two, Repeated) else ())
    return new_list(held, frame) if isinstance(left, ListValue) else held


def _repeat(left: Value, times: int, frame: Frame) -> Value:
    held = contents(left, frame)
    if isinstance(held, TupleValue) and 0 <= times * len(held.items) <= MAX_REPEATED:
        return new_list(TupleValue(held.items * times), frame)
    return new_list(Repeated(element_of((iterate(left, frame),))), frame)


def _merge_dicts(left: Value, right: Value, frame: Frame) -> Value:
    one, two = contents(left, frame), contents(right, frame)
    if isinstance(one, Entries) and isinstance(two, Entries):
        return new_dict(Entries(tuple({**dict(one.known), **dict(two.known)}.items()), two.rest or one.rest), frame)
    return Unknown("dicts that are not followed")


def negate(value: Value, frame: Frame) -> Value:
    """`not value`"""
    verdict = truth(value, frame)
    if verdict.decided is not None:
        return Const(not verdict.decided)
    if isinstance(value, Unknown) and value.symbol is not None:
        symbol = value.symbol
        return Unknown(value.why, symbol[1] if symbol[0] == "not" and isinstance(symbol[1], tuple) else ("not", symbol))
    return choice((Option(verdict.yes, Const(False)), Option(verdict.no, Const(True))))


def unary(node: cst.BaseUnaryOp, value: Value, site: Site, frame: Frame) -> Value:
    """`-value`, `+value`, `~value`"""
    return pure_each(agreed(value), lambda one: _signed(node, one, site, frame))


def _signed(node: cst.BaseUnaryOp, value: Value, site: Site, frame: Frame) -> Value:
    result = _unary_one(node, value, site)
    return formulas.negated(value, result, site, frame) if isinstance(node, cst.Minus) else result


def _unary_one(node: cst.BaseUnaryOp, value: Value, site: Site) -> Value:
    if isinstance(value, Const) and isinstance(value.value, int | float):
        if isinstance(node, cst.Minus):
            return Const(-value.value)
        if isinstance(node, cst.Plus):
            return Const(+value.value)
        return Const(~value.value) if isinstance(value.value, int) else Unknown("refused by Python")
    if isinstance(value, Scalar):
        return Scalar(value.type if value.type != "bool" else "int")
    if isinstance(value, Tensor):
        if isinstance(node, cst.Plus):
            return value
        return replace(negated(value, site) if isinstance(node, cst.Minus) else inverted(value), cut=value.cut)
    return Unknown("an operation on a value that is not followed")


def compare(symbol: str, left: Value, right: Value, frame: Frame) -> Value:
    """A comparison. Tests of unknown things get a name, so that the same test takes the same side everywhere."""
    if symbol in ("!=", "is not", "not in"):
        return negate(compare({"!=": "==", "is not": "is", "not in": "in"}[symbol], left, right, frame), frame)
    left, right = as_unknown(frame.store.narrowed(left)), as_unknown(frame.store.narrowed(right))
    if symbol == "in":
        return _membership(left, right, frame)
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _over_pairs(left, right, lambda a, b: compare(symbol, a, b, frame), frame)
    match left, right:
        case Const(a), Const(b):
            if symbol == "is":
                return Const(a is b or (type(a) is type(b) and a == b))
            return compute(symbol, a, b)
        case (Tensor(), _) | (_, Tensor()) if symbol != "is":
            return compared(left, right)
    if symbol in ("is", "=="):
        return _identity(symbol, left, right, frame)
    return _order(symbol, left, right)


def _identity(symbol: str, left: Value, right: Value, frame: Frame) -> Value:
    if isinstance(left, Unknown) and left.symbol is not None:
        return _equals(left.symbol, right, frame)
    if isinstance(right, Unknown) and right.symbol is not None:
        return _equals(right.symbol, left, frame)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown("a comparison with an unknown value")
    if left == right:
        return Const(True)
    if isinstance(left, Library) and isinstance(right, Library):
        dtype = frame.run.knowledge.dtype(left.name)
        if dtype is not None and dtype == frame.run.knowledge.dtype(right.name):
            return Const(True)  # one type of numbers by two names
    if isinstance(left, _DISTINCT) and isinstance(right, _DISTINCT):
        return Const(False)
    return Unknown("a comparison of values that are not followed")


_DISTINCT = (
    Const,
    ClassValue,
    FunctionValue,
    Library,
    LibraryObject,
    Instance,
    Tensor,
    ListValue,
    DictValue,
    TupleValue,
)


def _equals(symbol: tuple[object, ...], other: Value, frame: Frame) -> Value:
    known = frame.store.known_value(symbol)
    if known is not None and isinstance(other, Const):
        return Const(known == other)
    if isinstance(other, Const | Library | ClassValue | FunctionValue):
        return Unknown("a comparison with an unknown value", ("==", symbol, other))
    return Unknown("a comparison with an unknown value")


def _order(symbol: str, left: Value, right: Value) -> Value:
    one = left.symbol if isinstance(left, Unknown) else left
    two = right.symbol if isinstance(right, Unknown) else right
    if one is None or two is None:
        return Unknown("a comparison of unknown values")
    if symbol == "<":
        return Unknown("a comparison of unknown values", ("<", one, two))
    if symbol == ">":
        return Unknown("a comparison of unknown values", ("<", two, one))
    inner: tuple[object, ...] = ("<", two, one) if symbol == "<=" else ("<", one, two)
    return Unknown("a comparison of unknown values", ("not", inner))


def _membership(left: Value, right: Value, frame: Frame) -> Value:
    settle(right, left, frame)
    held = contents(right, frame)
    if isinstance(left, Const):
        if isinstance(held, Entries):
            if any(key == left.value for key, _ in held.known):
                return Const(True)
            return Const(False) if held.rest is None else Unknown("a key that may be there")
        if isinstance(held, TupleValue) and all(isinstance(item, Const) for item in held.items):
            return Const(left in held.items)
        if isinstance(right, Const) and isinstance(right.value, str) and isinstance(left.value, str):
            return Const(left.value in right.value)
    if isinstance(held, TupleValue) and isinstance(left, _DISTINCT):
        if any(item is left or item == left for item in held.items):
            return Const(True)
        if all(isinstance(item, _DISTINCT) for item in held.items):
            return Const(False)
    if isinstance(left, Unknown) and left.symbol is not None:
        keys = [Const(key) for key, _ in held.known] if isinstance(held, Entries) else None
        if isinstance(held, TupleValue):
            keys = [item for item in held.items if isinstance(item, Const)]
        if keys is not None:
            known = frame.store.known_value(left.symbol)
            if known is not None:
                return Const(known in keys)
            return Unknown("membership of an unknown value", ("in", left.symbol, tuple(keys)))
    symbol = right.symbol if isinstance(right, Unknown) else None
    if symbol is not None and isinstance(left, Const):
        return Unknown("membership in an unknown value", ("in", left, symbol))
    return Unknown("membership of a value that is not followed")
