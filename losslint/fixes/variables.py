"""Variables around an activation: keeping the scores beside the probabilities, so that each reader gets what it wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from losslint.finding import Problem
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.drop import Application
from losslint.knowledge.readers import IN_PLACE
from losslint.names.project import Unit

NEW_NAMES = ("logits", "scores", "raw_scores", "unnormalized")


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A line `name = activation(given)`, in its block and function."""

    line: cst.SimpleStatementLine
    name: str
    block: cst.IndentedBlock | cst.Module
    within: cst.CSTNode


def binding_of(applied: Application, codes: Codes) -> Binding:
    """The line that gives the result of an activation a name."""
    unit = applied.unit
    assign = codes.parent(unit, applied.node)
    line = None if assign is None else codes.parent(unit, assign)
    if not isinstance(assign, cst.Assign) or not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        raise RefusedError("the activation has no line of its own")
    target = assign.targets[0].target
    block = codes.parent(unit, line)
    if len(assign.targets) != 1 or not isinstance(target, cst.Name) or not isinstance(block, _BLOCKS):
        raise RefusedError("the activation has no name of its own")
    above = list(codes.above(unit, line))
    within = next((one for one in above if isinstance(one, cst.FunctionDef)), above[-1])
    return Binding(line, target.value, block, within)


_BLOCKS = (cst.IndentedBlock, cst.Module)


def keep_scores(applied: Application, held: cst.CSTNode, codes: Codes) -> tuple[list[Change], str]:
    """Give the scores to the place that holds `held`, and leave the probabilities to all others."""
    unit, given = applied.unit, applied.given
    if given is None:
        raise RefusedError("the activation is a layer that others call")
    bound = binding_of(applied, codes)
    until = _statement_with(bound, held, unit, codes)
    uses = codes.names(unit, held, bound.name)
    written = {one.value for one in codes.nodes(given) if isinstance(one, cst.Name)}
    if not uses or _is_rebound(bound.name, bound, until, codes) or _is_changed(written, bound, until, codes):
        raise RefusedError("the activation and the loss stand too far apart")
    if isinstance(given, cst.Name) and given.value != bound.name and not _is_rebound(given.value, bound, until, codes):
        return [replaced(unit, use, given.value) for use in uses], f"give {given.value} to the loss"
    name = _free_name(bound.within, codes)
    text = codes.text(unit, given)
    text = f"({text})" if "\n" in text else text
    first = Change(unit, bound.line, bound.line, f"{name} = {text}\n{_indent(unit, bound, codes)}", before_last=True)
    changes = [first, replaced(unit, given, name), *(replaced(unit, use, name) for use in uses)]
    return changes, f"keep the scores as {name} and give them to the loss"


def still_named(applied: Application, given: cst.Name, held: cst.Name, codes: Codes) -> bool:
    """True where `held` names the result of an activation, and `given` still names what it was applied to."""
    try:
        bound = binding_of(applied, codes)
        until = _statement_with(bound, held, applied.unit, codes)
    except RefusedError:
        return False
    names = (bound.name, given.value)
    if _is_changed(set(names), bound, until, codes):
        return False
    return held.value == bound.name != given.value and not any(_is_rebound(name, bound, until, codes) for name in names)


def _statement_with(bound: Binding, held: cst.CSTNode, unit: Unit, codes: Codes) -> cst.CSTNode:
    """The statement after the binding, in the same block, in which something stands; nothing may put it off to another time."""
    above = [held, *codes.above(unit, held)]
    position = list(bound.block.body).index(bound.line)
    for one in above:
        if isinstance(one, cst.FunctionDef | cst.Lambda | cst.ClassDef | cst.GeneratorExp):
            break
        if one in bound.block.body[position + 1 :]:
            return one
    raise RefusedError("the activation and the loss stand too far apart")


def _is_rebound(name: str, bound: Binding, until: cst.CSTNode, codes: Codes) -> bool:
    """True where a variable may get another value after the binding, up to the end of a statement."""
    body: Sequence[cst.CSTNode] = bound.block.body
    start, end = body.index(bound.line) + 1, body.index(until) + 1
    return any(
        isinstance(one, cst.Name) and one.value == name and _is_store(one, statement, codes)
        for statement in body[start:end]
        for one in codes.nodes(statement)
    )


def _is_changed(names: set[str], bound: Binding, until: cst.CSTNode, codes: Codes) -> bool:
    """True where what one of these variables holds may be changed in place after the binding, up to the end of a statement."""
    body: Sequence[cst.CSTNode] = bound.block.body
    for statement in body[body.index(bound.line) + 1 : body.index(until) + 1]:
        for node in codes.nodes(statement):
            match node:
                case cst.Call(func=cst.Attribute(attr=cst.Name(value=method))) if method.endswith("_"):
                    target: cst.CSTNode = node.func
                case cst.Call(args=args) if any(arg.keyword and arg.keyword.value == IN_PLACE for arg in args):
                    target = node
                case cst.AugAssign():
                    target = node.target
                case cst.AssignTarget(target=cst.Subscript()):
                    target = node.target
                case _:
                    continue
            if any(isinstance(one, cst.Name) and one.value in names for one in codes.nodes(target)):
                return True
    return False


def _is_store(name: cst.Name, statement: cst.CSTNode, codes: Codes) -> bool:
    for one in codes.nodes(statement):
        match one:
            case cst.AssignTarget() | cst.AnnAssign() | cst.AugAssign() | cst.NamedExpr() | cst.For() | cst.CompFor():
                target: cst.CSTNode = one.target
            case cst.AsName() | cst.ImportAlias() | cst.Global() | cst.Nonlocal() | cst.Del():
                target = one
            case _:
                continue
        if name in codes.nodes(target):
            return True
    return False


def _free_name(within: cst.CSTNode, codes: Codes) -> str:
    taken = {one.value for one in codes.nodes(within) if isinstance(one, cst.Name)}
    name = next((one for one in NEW_NAMES if one not in taken), None)
    if name is None:
        raise RefusedError("no name is free for the scores")
    return name


def _indent(unit: Unit, bound: Binding, codes: Codes) -> str:
    """The blanks before a line that holds one statement."""
    document, span = unit.document, codes.span(unit, bound.line)
    assert not isinstance(document, Problem)
    line = re.split(r"\r\n?|\n", document.text)[document.text_lines(span).start - 1]
    indent = line[: len(line) - len(line.lstrip())]
    if not line.startswith(f"{indent}{bound.name}"):
        raise RefusedError("the activation has no line of its own")
    return indent
