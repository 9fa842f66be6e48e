"""Calls written anew around the tensor that they are given, and numbers that it is compared with."""

from __future__ import annotations

import libcst as cst

from losslint.domain.origin import Site
from losslint.fixes.arguments import is_literal
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.drop import Application
from losslint.fixes.imports import functional_forms, last_name, renamed
from losslint.knowledge.readers import METHODS, OF_ONE_SCORE, RECASTS
from losslint.knowledge.schema import LayerRow
from losslint.names.project import Unit


def write_around(
    unit: Unit, call: cst.Call, given: object, name: str, text: str, codes: Codes
) -> tuple[list[Change], str]:
    """Write `text` in the place of a call, with the tensor that it is given at ``{}``."""
    codes.tree(unit)
    held = next((arg.value for arg in call.args if arg.value is given), None)
    others = [arg for arg in call.args if arg.value is not held]
    if given is call and isinstance(call.func, cst.Attribute):
        held = call.func.value
    if held is None or last_name(call.func) != name:
        raise RefusedError("the tensor is given in a way that is not followed")
    if any(arg.star or not _is_plain(arg.value) for arg in others) or codes.has_comment(unit, call, held):
        raise RefusedError("the call has more to it")
    new = text.format(codes.operand(unit, held))
    return [replaced(unit, call, new)], f"write {text.format('...')}"


def write_number(site: Site, text: str) -> tuple[list[Change], str]:
    """Write another number in the place of a literal."""
    if not isinstance(site.module, Unit) or not isinstance(site.node, cst.Integer | cst.Float):
        raise RefusedError("the number is not written out here")
    return [replaced(site.module, site.node, text)], f"compare with {text}"


def take_sigmoid(at: Application, codes: Codes) -> tuple[list[Change], str]:
    """The changes that make an activation of several scores one of a single score."""
    name, unit, node = OF_ONE_SCORE.get(at.name), at.unit, at.node
    recast = any(arg.keyword is not None and arg.keyword.value == RECASTS for arg in node.args)
    if name is None or recast or codes.has_comment(unit, node, at.given):
        raise RefusedError(f"{at.name or 'the activation'} has no counterpart for one score here")
    said = f"use {name} instead of {at.name}"
    if isinstance(at.row, LayerRow):
        if at.given is not None:
            raise RefusedError("the activation is applied where it is made")
        return [*_with_arguments(unit, node, ""), *renamed(unit, node.func, name, codes)], said
    assert at.given is not None
    if isinstance(node.func, cst.Attribute) and node.func.value is at.given and name in METHODS:
        return [replaced(unit, node, f"{codes.operand(unit, at.given)}.{name}()")], said
    given = codes.text(unit, at.given)
    if name not in METHODS:  # it is a function of its module alone
        return [replaced(unit, node, f"{functional_forms(unit, node, codes)}.{name}({given})")], said
    return [*_with_arguments(unit, node, given), *renamed(unit, node.func, name, codes)], said


def _with_arguments(unit: Unit, call: cst.Call, text: str) -> list[Change]:
    """The change that gives a call other arguments."""
    return [Change(unit, call.args[0], call.args[-1], text)] if call.args else []


def _is_plain(node: cst.BaseExpression) -> bool:
    """True for a literal, or a negative number."""
    inner = node.expression if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus) else node
    return is_literal(inner)
