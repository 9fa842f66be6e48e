"""Taking an activation away, or making it give its logarithm, in each of the shapes in which it is applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from losslint.domain.origin import Origin
from losslint.domain.value import Instance, Library, LibraryObject
from losslint.facts import OpCall
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.imports import brought_in, last_name, renamed
from losslint.fixes.settings import check_not_chosen
from losslint.interp.watching import CalleeSort, Sightings
from losslint.knowledge.readers import HOOKS, IDENTITY, LOG_FORMS, RECASTS, SEQUENCES, WALKS
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.names.project import Unit


@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """Where an activation is applied: a call that applies it to `given` alone, or a layer that others call."""

    unit: Unit
    node: cst.Call
    """The call of the function or layer; for a layer that others call, the call of its class."""
    given: cst.BaseExpression | None
    """The expression that it is applied to; None for a layer that others call."""
    row: OpRow | LayerRow
    name: str
    """How the function or class is written last: `softmax`, `Softmax`."""


def application(
    source: Origin, facts: Sequence[OpCall], seen: Sightings, codes: Codes, by_layer: bool = False
) -> Application:
    """The application behind the step that made some numbers; `facts` are those of its place. With `by_layer` a layer is changed
    where it is made, not where it is called."""
    unit, node = source.site.module, source.site.node
    if not facts or not isinstance(unit, Unit) or not isinstance(node, cst.Call):
        raise RefusedError("the activation is not a call of its own")
    rows = {id(fact.row) for fact in facts}
    callees = seen.callees.get(node, set())
    known = len(callees) <= 1 and not any(one.sort is CalleeSort.OTHER for one in callees)
    direct = len(rows) == 1 and known
    given = _given(node, facts[0]) if direct else None
    if given is not None and not (by_layer and isinstance(facts[0].row, LayerRow)):
        codes.tree(unit)
        return Application(unit, node, given, facts[0].row, last_name(node.func))
    return _layer(source, facts, codes)


def _given(node: cst.Call, fact: OpCall) -> cst.BaseExpression | None:
    """What a call applies its activation to, where that stands in the call itself."""
    if any(arg.star for arg in node.args) or fact.bound.surplus or fact.bound.open:
        return None
    places = {argument.site.node for argument in fact.bound.arguments.values()}
    first = next(iter(fact.bound.arguments.values()), None)
    if first is None:
        return None
    rest = [arg.value for arg in node.args if arg.value is not first.site.node]
    if not all(isinstance(value, _PLAIN) or _is_number(value) for value in rest):
        return None
    if any(arg.value is first.site.node for arg in node.args):
        return next(arg.value for arg in node.args if arg.value is first.site.node)
    method = isinstance(node.func, cst.Attribute) and first.site.node is node
    return node.func.value if method and isinstance(node.func, cst.Attribute) and places else None


_PLAIN = (cst.Name, cst.Attribute, cst.Integer, cst.Float, cst.SimpleString)


def _is_number(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.UnaryOperation) and isinstance(node.expression, cst.BaseNumber)


def _layer(source: Origin, facts: Sequence[OpCall], codes: Codes) -> Application:
    """The layer that a container or a loop calls: its constructor is where it can be changed."""
    made = next((fact for fact in facts if source.built and fact.written_at.node is source.built.node), None)
    if made is None or not isinstance(made.row, LayerRow):
        raise RefusedError("the activation is applied out of sight")
    unit, node = made.written_at.module, made.written_at.node
    if not isinstance(unit, Unit) or not isinstance(node, cst.Call):
        raise RefusedError("the activation is made out of sight")
    name = last_name(node.func)
    if name not in {one.rpartition(".")[2] for one in made.row.names}:
        raise RefusedError("the activation is made under another name")
    codes.tree(unit)
    return Application(unit, node, None, made.row, name)


def drop(found: Application, codes: Codes, seen: Sightings, sink: object) -> tuple[list[Change], str]:
    """The changes that take an activation away before a sink, and what they do in words."""
    if found.given is not None and any(
        arg.keyword is not None and arg.keyword.value == RECASTS for arg in found.node.args
    ):
        raise RefusedError("the activation changes the dtype as well")
    if codes.has_comment(found.unit, found.node, found.given):
        raise RefusedError("a comment stands in the code that would go")
    if isinstance(found.row, LayerRow) and codes.any_mentions(found.unit, HOOKS):
        raise RefusedError("hooks may read what the layer gives")
    if found.name.endswith("_"):
        raise RefusedError("the activation changes its tensor in place")
    check_not_chosen(found.unit, found.node, sink, codes)
    if found.given is not None:
        idle = _idle_line(found, codes)
        if idle is not None:
            return [Change(found.unit, idle, idle, "", lines=True)], f"remove the {found.row.verb or found.name}"
        text = codes.standing_in(found.unit, found.given, found.node)
        changes = [replaced(found.unit, found.node, text)]
        return [*changes, *_unused_attribute(found, codes, seen)], f"remove the {found.row.verb or found.name}"
    last = _last_of_sequence(found, codes, seen)
    if last is not None:
        return [last], f"remove the {found.name} layer"
    return _identity(found, codes), f"put {IDENTITY} in the place of {found.name}"


def _identity(found: Application, codes: Codes) -> list[Change]:
    func = found.node.func
    if isinstance(func, cst.Attribute):
        return [replaced(found.unit, found.node, f"{codes.text(found.unit, func.value)}.{IDENTITY}()")]
    assert isinstance(func, cst.Name)
    return [replaced(found.unit, found.node, f"{IDENTITY}()"), *brought_in(found.unit, func, IDENTITY, codes)]


def _idle_line(found: Application, codes: Codes) -> cst.SimpleStatementLine | None:
    """The line `x = activation(x)`, which would say `x = x`, where its block holds others."""
    assign = codes.parent(found.unit, found.node)
    line = None if assign is None else codes.parent(found.unit, assign)
    if not isinstance(assign, cst.Assign) or not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return None
    target, given = assign.targets[0].target, found.given
    same = isinstance(target, cst.Name) and isinstance(given, cst.Name) and target.value == given.value
    block = codes.parent(found.unit, line)
    others = isinstance(block, cst.IndentedBlock | cst.Module) and len(block.body) > 1
    bare = not codes.has_comment(found.unit, line) and not codes.is_notebook(found.unit)
    return line if same and others and bare and len(assign.targets) == 1 else None


def _last_of_sequence(found: Application, codes: Codes, seen: Sightings) -> Change | None:
    """Takes the last layer that is given to a Sequential, with the comma before it."""
    arg = codes.parent(found.unit, found.node)
    call = codes.parent(found.unit, arg) if isinstance(arg, cst.Arg) else None
    if not isinstance(call, cst.Call) or not isinstance(arg, cst.Arg) or len(call.args) < 2 or call.args[-1] is not arg:
        return None
    before = call.args[-2]
    if not all(one.name in SEQUENCES for one in seen.callees.get(call, ())) or call not in seen.callees:
        return None
    if _counts_layers(found.unit, codes, seen):
        return None  # others would find another layer where they look
    if arg.keyword is not None or arg.star or before.keyword is not None or codes.is_notebook(found.unit):
        return None
    between = before.comma
    if not isinstance(between, cst.Comma) or _has_comment(between):
        return None
    return None if isinstance(arg.comma, cst.Comma) and _has_comment(arg.comma) else _cut(found.unit, before, arg)


def _cut(unit: Unit, before: cst.Arg, arg: cst.Arg) -> Change:
    return Change(unit, before, arg, "", after_first=True)


def _has_comment(comma: cst.Comma) -> bool:
    blank = comma.whitespace_after
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return False
    return blank.first_line.comment is not None or any(line.comment is not None for line in blank.empty_lines)


def _unused_attribute(found: Application, codes: Codes, seen: Sightings) -> list[Change]:
    """Takes the line that keeps the layer away as well, where this call was the only one to look at it."""
    func = found.node.func
    if (
        not isinstance(func, cst.Attribute)
        or not isinstance(found.row, LayerRow)
        or not isinstance(func.value, cst.Name)
    ):
        return []
    if _counts_layers(found.unit, codes, seen):
        return []
    word, stores = func.attr.value, []
    for unit, node in codes.mentions(found.unit, word):
        if node is func or seen.sorts.get(node) == {Library}:
            continue
        line = _own_line(found, node, codes) if unit is found.unit else None
        if line is None:
            return []
        stores.append(line)
    if len(stores) != 1 or codes.has_comment(found.unit, stores[0]) or codes.is_notebook(found.unit):
        return []
    block = codes.parent(found.unit, stores[0])
    if not isinstance(block, cst.IndentedBlock) or len(block.body) < 2:
        return []
    return [Change(found.unit, stores[0], stores[0], "", lines=True)]


def _counts_layers(unit: Unit, codes: Codes, seen: Sightings) -> bool:
    """True where the program looks layers up by their number, or goes through them all."""
    if codes.any_mentions(unit, WALKS):
        return True
    models = {LibraryObject, Instance}
    return any(isinstance(node, cst.Subscript) and seen.sorts.get(node.value, set()) & models for node in seen.sorts)


def _own_line(found: Application, node: cst.CSTNode, codes: Codes) -> cst.SimpleStatementLine | None:
    """The line `self.name = Class(...)` in which a node is the target; None where it is anything else."""
    target = codes.parent(found.unit, node)
    assign = codes.parent(found.unit, target) if isinstance(target, cst.AssignTarget) else None
    line = codes.parent(found.unit, assign) if isinstance(assign, cst.Assign) else None
    if not isinstance(line, cst.SimpleStatementLine) or not isinstance(assign, cst.Assign) or len(line.body) != 1:
        return None
    made = assign.value
    names = {one.rpartition(".")[2] for one in found.row.names}
    fits = isinstance(made, cst.Call) and last_name(made.func) in names and len(assign.targets) == 1
    return line if fits else None


def take_log(at: Application, codes: Codes, sink: object) -> tuple[list[Change], str]:
    """The changes that make an activation give its logarithm."""
    check_not_chosen(at.unit, at.node, sink, codes)
    name = LOG_FORMS.get(at.name)
    if name is None:
        raise RefusedError(f"{at.name or 'the activation'} has no logarithm of its own")
    return renamed(at.unit, at.node.func, name, codes), f"use {name} instead of {at.name}"
