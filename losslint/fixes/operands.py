"""The input or the target of a loss, written differently where it is given."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Applicability
from losslint.fixes.arguments import call_at
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.knowledge.readers import RECASTING
from losslint.names.project import Unit
from losslint.remedy import WriteOperand

LONGEST = 60
"""Longer expressions are not told in full."""


def write_operand(remedy: WriteOperand, calls: Sequence[LossCall], codes: Codes) -> tuple[list[Change], str]:
    """The change that puts what a loss is given into another form, and what it does in words."""
    which = "target" if remedy.of_target else "input"
    if remedy.sink.by_framework is not None:
        raise RefusedError(f"{remedy.sink.by_framework} gives the loss its {which}")
    unit, call = call_at(remedy.call)
    node = remedy.argument.node
    codes.tree(unit)
    if not isinstance(node, cst.BaseExpression) or not any(arg.value is node and not arg.star for arg in call.args):
        raise RefusedError(f"the {which} stands elsewhere")
    if not all(_is_alike(fact, remedy) for fact in calls if fact.site.node is call):
        raise RefusedError(f"another {which} comes to this loss the same way")
    inner = _undone(remedy, node)
    if inner is None:
        text = remedy.form.format(codes.operand(unit, node))
    elif codes.has_comment(unit, node, inner):
        raise RefusedError("a comment stands in the code that would go")
    else:
        text = codes.standing_in(unit, inner, node)
    return [replaced(unit, node, text)], f"give it {_shown(text, remedy, unit, node, codes)}"


def _is_alike(fact: LossCall, remedy: WriteOperand) -> bool:
    """True where all that a call is known to be given is of one type and rank, and of one kind where what is trained changes."""
    given = [case.target if remedy.of_target else case.input for case in fact.cases]
    held, any_kind = remedy.held, remedy.applicability is Applicability.SAFE
    return all(
        isinstance(one, Tensor)
        and one.dtype == held.dtype
        and one.shape.rank == held.shape.rank
        and (any_kind or type(one.kind) is type(held.kind))
        for one in given
    )


def _undone(remedy: WriteOperand, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """What the step that goes was given, where it stands in the argument with nothing behind it but a cast."""
    while isinstance(node, cst.Call) and remedy.undone is not None:
        if remedy.undone.site.node is node:
            first = node.args[0] if node.args else None
            return first.value if first is not None and not first.star and first.keyword is None else None
        func = node.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in RECASTING:
            return None
        node = func.value
    return None


def _shown(text: str, remedy: WriteOperand, unit: Unit, node: cst.BaseExpression, codes: Codes) -> str:
    """What is written, in short where it is long."""
    if "\n" not in text and len(text) <= LONGEST:
        return text
    return remedy.form.format("(...)") if remedy.undone is None else f"class indices in {codes.where(unit, node)}"
