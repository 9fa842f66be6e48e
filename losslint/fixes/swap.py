"""Another loss in the place of one, with the same options: at its constructor, or where its function is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from losslint.facts import LossCall, LossCase
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.imports import last_name, renamed
from losslint.knowledge.readers import MIXED_PRECISION
from losslint.knowledge.schema import LossRow, Wants
from losslint.knowledge.signature import parameters
from losslint.names.project import Unit


@dataclass(frozen=True, slots=True, eq=False)
class LossPlace:
    """Where a loss is chosen: the call of its class or function, with the loss calls of the program that it decides on."""

    unit: Unit
    node: cst.Call
    functional: bool
    cases: tuple[LossCase, ...]
    sinks: tuple[object, ...]
    """The calls of the program that it decides on."""


def place_of(case: LossCase, fact: LossCall, facts: Sequence[LossCall]) -> LossPlace:
    """The place that chooses the loss of a case."""
    site = fact.site if case.functional else case.built_at
    if site is None or not isinstance(site.module, Unit) or not isinstance(site.node, cst.Call):
        raise RefusedError("the loss is made out of sight")
    decided = [(other, one) for other in facts for one in other.cases if _chosen_at(other, one) is site.node]
    names = {
        _short(name) for name in (*(case.row.classes if case.row else ()), *(case.row.functions if case.row else ()))
    }
    if last_name(site.node.func) not in names:
        raise RefusedError("the loss is made under another name")
    cases, sinks = tuple(one for _, one in decided), tuple(other.site.node for other, _ in decided)
    return LossPlace(site.module, site.node, case.functional, cases, sinks)


def _chosen_at(fact: LossCall, case: LossCase) -> object:
    """Where the loss of a case is chosen."""
    if case.functional:
        return fact.site.node
    return None if case.built_at is None else case.built_at.node


def swap(found: LossPlace, to: LossRow, codes: Codes) -> tuple[list[Change], str]:
    """The changes that put another loss there, and what they do in words; refused where an option has no place in it."""
    names = to.functions if found.functional else to.classes
    if not names:
        raise RefusedError("the other loss has no such form")
    name = _short(names[0])
    _check_arguments(found, to)
    before = last_name(found.node.func)
    if codes.asks_for_class(found.unit, before):
        raise RefusedError(f"the program asks whether the loss is a {before}")
    if to.wants is Wants.PROBS and codes.any_mentions(found.unit, MIXED_PRECISION):
        raise RefusedError(f"{name} is refused under autocast")
    return renamed(found.unit, found.node.func, name, codes), f"use {name} instead of {before}"


def _check_arguments(found: LossPlace, to: LossRow) -> None:
    row = next((case.row for case in found.cases if case.row is not None), None)
    if row is None:
        raise RefusedError("the loss is not known")
    before = parameters(row.function if found.functional else row.constructor)
    after = parameters(to.function if found.functional else to.constructor)
    places, known = [one.name for one in after if one.kind == "positional"], {one.name for one in after}
    for position, arg in enumerate(found.node.args):
        if arg.star:
            raise RefusedError("the options of the loss are spread out")
        name = arg.keyword.value if arg.keyword is not None else None
        if name is None:
            name = before[position].name if position < len(before) else None
            if name is None or position >= len(places) or places[position] != name:
                raise RefusedError(f"the other loss takes no {name or 'such option'} there")
        if name not in known:
            raise RefusedError(f"the other loss has no option {name}")


def shift_labels(unit: Unit, node: cst.CSTNode, codes: Codes) -> tuple[list[Change], str]:
    """The change that takes 1 off labels where they are made; one that was added there goes instead."""
    where = codes.where(unit, node)
    if isinstance(node, cst.AugAssign):
        return [_without_step(unit, node, codes)], f"do not add 1 in {where}"
    if isinstance(node, cst.BinaryOperation):
        if not (isinstance(node.operator, cst.Add) and _is_one(node.right)):
            raise RefusedError("the labels are made in a way that is not followed")
        return [replaced(unit, node, codes.standing_in(unit, node.left, node))], f"do not add 1 in {where}"
    if not isinstance(node, cst.Call):
        raise RefusedError("the labels are made in a way that is not followed")
    parent = codes.parent(unit, node)
    text = f"{codes.text(unit, node)} - 1"
    bare = isinstance(parent, cst.Assign | cst.Arg | cst.Return | cst.Element)
    return [replaced(unit, node, text if bare else f"({text})")], f"subtract 1 in {where}"


def _without_step(unit: Unit, node: cst.AugAssign, codes: Codes) -> Change:
    line = codes.parent(unit, node)
    block = None if line is None else codes.parent(unit, line)
    alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    others = isinstance(block, cst.IndentedBlock | cst.Module) and len(block.body) > 1
    adds = isinstance(node.operator, cst.AddAssign) and _is_one(node.value)
    if not (adds and alone and others) or line is None or codes.has_comment(unit, line) or codes.is_notebook(unit):
        raise RefusedError("the labels are made in a way that is not followed")
    return Change(unit, line, line, "", lines=True)


def _is_one(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Integer) and node.value == "1"


def _short(name: str) -> str:
    return name.rpartition(".")[2]
