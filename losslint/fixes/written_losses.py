"""Cross entropy that is written out in one expression, and the function that takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from losslint.domain.kind import LogProbs
from losslint.domain.origin import Site
from losslint.domain.value import Const, Tensor
from losslint.facts import OpCall
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.imports import functional_forms, last_name
from losslint.knowledge.schema import OpRow
from losslint.names.project import Unit

APART = "the formula is not written in one expression"
FOLDS = ("mean", "sum")


@dataclass(frozen=True, slots=True, eq=False)
class Picked:
    """`log_softmax(scores, axis)` and the column of labels by which `gather` picks from it."""

    logarithms: cst.BaseExpression
    column: cst.BaseExpression


def call_cross_entropy(
    site: Site, folded: str, operations: Mapping[object, list[OpCall]], codes: Codes
) -> tuple[list[Change], str]:
    """The change that gives scores and labels to `cross_entropy`."""
    unit, node = site.module, site.node
    if not isinstance(unit, Unit) or not isinstance(node, cst.BaseExpression):
        raise RefusedError("the formula stands out of sight")
    codes.tree(unit)
    picked = _picked(node, folded)
    scores = _scores(picked.logarithms, operations)
    labels = _labels(picked.column)
    if codes.has_comment(unit, node):
        raise RefusedError("a comment stands in the code that would go")
    options = f', reduction="{folded}"' if folded == "sum" else ""
    given = ", ".join(codes.rendered(unit, node, one.with_changes(lpar=(), rpar=())) for one in (scores, labels))
    call = f"{functional_forms(unit, node, codes)}.cross_entropy({given}{options})"
    return [replaced(unit, node, _standing(unit, node, call, codes))], "call cross_entropy"


def _picked(node: cst.BaseExpression, folded: str) -> Picked:
    """What is picked, once a fold and a minus are taken off it."""
    folds: list[str] = []
    signs = 0
    while True:
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
            node, signs = node.expression, signs + 1
            continue
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
            raise RefusedError(APART)
        name, on = node.func.attr.value, node.func.value
        if name == "gather" and folds == [folded] and signs == 1 and folded in FOLDS:
            return _gathered(node, on)
        if name in FOLDS and not node.args:
            folds.append(name)
        elif name != "squeeze":
            raise RefusedError(APART)
        node = on


def _gathered(node: cst.Call, on: cst.BaseExpression) -> Picked:
    """`log_probs.gather(1, column)`"""
    plain = len(node.args) == 2 and all(arg.keyword is None and not arg.star for arg in node.args)
    if not plain or not _is_axis_one(node.args[0].value):
        raise RefusedError("the classes do not stand on axis 1")
    return Picked(on, node.args[1].value)


def _scores(node: cst.BaseExpression, operations: Mapping[object, list[OpCall]]) -> cst.BaseExpression:
    """What log_softmax over axis 1 is given, whatever comes here."""
    facts = operations.get(node, [])
    if not isinstance(node, cst.Call) or not facts or any(arg.star for arg in node.args):
        raise RefusedError("the log_softmax stands elsewhere")
    for fact in facts:
        logs = all(isinstance(one.result, Tensor) and isinstance(one.result.kind, LogProbs) for one in fact.cases)
        named = fact.bound.arguments.keys() == {"input", "dim"} and fact.bound.value("dim") == Const(1)
        if not isinstance(fact.row, OpRow) or not logs or not named or last_name(node.func) != "log_softmax":
            raise RefusedError("the classes do not stand on axis 1")
    site = facts[0].bound.arguments["input"].site.node
    if site is node and isinstance(node.func, cst.Attribute):
        return node.func.value
    for arg in node.args:
        if arg.value is site:
            return arg.value
    raise RefusedError("the scores are given in a way that is not followed")


def _labels(node: cst.BaseExpression) -> cst.BaseExpression:
    """The labels of a column: `y.unsqueeze(1)` or `y[:, None]`, which have one axis less than the scores."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and len(node.args) == 1:
        if node.func.attr.value == "unsqueeze" and not node.args[0].star and _is_axis_one(node.args[0].value):
            return node.func.value
    elif isinstance(node, cst.Subscript) and len(node.slice) == 2:
        first, second = node.slice[0].slice, node.slice[1].slice
        whole = isinstance(first, cst.Slice) and first.lower is first.upper is first.step is None
        none = isinstance(second, cst.Index) and isinstance(second.value, cst.Name) and second.value.value == "None"
        if whole and none:
            return node.value
    raise RefusedError("the labels have no axis of their own to lose")


def _is_axis_one(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Integer) and node.value == "1"


def _standing(unit: Unit, node: cst.BaseExpression, call: str, codes: Codes) -> str:
    """The call for the place of an expression that may begin with a minus right behind a keyword."""
    above = codes.parent(unit, node)
    spaced = isinstance(above, cst.Return) and bool(codes.text(unit, above).startswith("return "))
    if spaced or isinstance(above, cst.Assign | cst.AnnAssign | cst.AugAssign | cst.Arg) or node.lpar:
        return call
    return f"({call})"
