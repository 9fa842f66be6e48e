"""Tensors made of the lists and numbers that stand where a tensor must."""

from __future__ import annotations

import libcst as cst

from losslint.domain.origin import Site
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.imports import library_name
from losslint.names.project import Unit


def make_tensor(place: Site, many: bool, codes: Codes) -> tuple[list[Change], str]:
    """The change that makes a tensor of the expression at a place.

    Literals of whole numbers, and names that may hold such, get a type; fractions have that of all new tensors by themselves.
    """
    unit, node = place.module, place.node
    if not isinstance(unit, Unit) or not isinstance(node, cst.BaseExpression):
        raise RefusedError("the value stands out of sight")
    numbers = _numbers(node) if isinstance(node, cst.List | cst.Tuple) else [node]
    literal = all(_is_number(one) for one in numbers) and bool(numbers)
    if not literal and not isinstance(node, cst.Name | cst.Attribute):
        raise RefusedError("the value is not written out here, nor held by a name")
    if codes.has_comment(unit, node):
        raise RefusedError("a comment stands in the code that would go")
    torch = library_name(unit, node, codes)
    whole = not literal or not any(_is_fraction(one) for one in numbers)
    typed = f", dtype={torch}.float" if whole else ""
    function = "tensor" if literal else "as_tensor"
    text = f"{torch}.{function}({codes.text(unit, node)}{typed})"
    return [replaced(unit, node, text)], f"write {text}" if len(text) < 80 else f"write {torch}.{function}(...)"


def _numbers(node: cst.List | cst.Tuple) -> list[cst.BaseExpression]:
    return [one.value for one in node.elements]


def _is_number(node: cst.BaseExpression) -> bool:
    """True for numbers, and for sums, products and quotients of numbers."""
    if isinstance(node, cst.UnaryOperation):
        return _is_number(node.expression)
    if isinstance(node, cst.BinaryOperation):
        return _is_number(node.left) and _is_number(node.right)
    return isinstance(node, cst.Integer | cst.Float)


def _is_fraction(node: cst.BaseExpression) -> bool:
    """True for a number that is written as a fraction, so that Python holds it as one."""
    if isinstance(node, cst.UnaryOperation):
        return _is_fraction(node.expression)
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.Divide) or _is_fraction(node.left) or _is_fraction(node.right)
    return isinstance(node, cst.Float)
