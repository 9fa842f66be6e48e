"""The logarithm of an activation in one stable step."""

from __future__ import annotations

import libcst as cst

from losslint.domain.origin import Site
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.drop import Application
from losslint.fixes.imports import brought_in, functional_forms
from losslint.fixes.variables import still_named
from losslint.knowledge import readers as known
from losslint.knowledge.schema import OpRow
from losslint.names.project import Unit


def fuse(outer: Site, applied: Application, argument: Site, complement: bool, codes: Codes) -> tuple[list[Change], str]:
    """The change that writes `log(activation(x))` as one call; the activation must stand in the logarithm itself."""
    unit, node = outer.module, outer.node
    if not isinstance(unit, Unit) or not isinstance(node, cst.Call) or applied.given is None:
        raise RefusedError("the logarithm is taken out of sight")
    if len(node.args) > (0 if argument.node is node else 1):
        raise RefusedError("the logarithm has options of its own")
    inside = _within(argument.node, node)
    stands = _uncomplemented(inside, complement)
    if stands is not applied.node and not _is_scores_at(stands, applied, unit, codes):
        raise RefusedError("the activation stands elsewhere")
    if not isinstance(applied.row, OpRow) or codes.has_comment(unit, node, applied.given):
        raise RefusedError("the activation is a layer, or a comment stands in the code that would go")
    name = known.STABLE_LOGS.get(applied.name)
    if name is None:
        raise RefusedError(f"{applied.name} has no logarithm of its own")
    if name in known.LOG_FORMS.values():
        return _renamed(unit, node, applied, name, codes)
    given = codes.standing_in(unit, applied.given, applied.given) if not complement else _negative(unit, applied, codes)
    return [replaced(unit, node, f"{functional_forms(unit, node, codes)}.{name}({given})")], f"use {name}"


def _renamed(unit: Unit, node: cst.Call, applied: Application, name: str, codes: Codes) -> tuple[list[Change], str]:
    func = applied.node.func
    new = func.with_changes(attr=cst.Name(name)) if isinstance(func, cst.Attribute) else cst.Name(name)
    text = codes.rendered(unit, node, applied.node.with_changes(func=new, lpar=(), rpar=()))
    imported = brought_in(unit, func, name, codes) if isinstance(func, cst.Name) else []
    return [replaced(unit, node, text), *imported], f"use {name}"


def _is_scores_at(node: object, applied: Application, unit: Unit, codes: Codes) -> bool:
    """True where a variable holds the activation's result, and the scores still have their name as well."""
    if not isinstance(node, cst.Name) or unit is not applied.unit or not isinstance(applied.given, cst.Name):
        return False
    return still_named(applied, applied.given, node, codes)


def _within(argument: object, node: cst.Call) -> object:
    """What the logarithm is taken of: the argument, or what its method is called on."""
    return node.func.value if argument is node and isinstance(node.func, cst.Attribute) else argument


def _uncomplemented(node: object, complement: bool) -> object:
    """What is taken from one, for the logarithm of a complement."""
    if not complement:
        return node
    one = node.left if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Subtract) else None
    is_one = isinstance(one, cst.Integer | cst.Float) and one.evaluated_value == 1
    return node.right if is_one and isinstance(node, cst.BinaryOperation) else None


def _negative(unit: Unit, applied: Application, codes: Codes) -> str:
    assert applied.given is not None
    text = codes.text(unit, applied.given)
    return f"-{text}" if isinstance(applied.given, cst.Name | cst.Attribute | cst.Call) else f"-({text})"
