"""The arguments of a call, written differently; all else of the call stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from losslint.domain.origin import Site
from losslint.domain.value import Tensor
from losslint.facts import BoundCall, OpCall
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.knowledge.readers import IMPLICIT_AXES
from losslint.names.project import Unit


def change_arguments(
    unit: Unit,
    call: cst.Call,
    bound: BoundCall,
    given: tuple[tuple[str, str], ...],
    without: tuple[str, ...],
    codes: Codes,
) -> tuple[list[Change], str]:
    """Take out the arguments of `without`, put in those of `given` (in the place of the first taken out, if any)."""
    codes.tree(unit)
    if any(arg.star for arg in call.args):
        raise RefusedError("the arguments are spread out")
    if any(name in bound.arguments and name not in without for name, _ in given):
        raise RefusedError("the argument is given already")
    gone = {bound.arguments[name].site.node for name in without if name in bound.arguments}
    leaving = [arg for arg in call.args if arg.value in gone]
    if len(leaving) != len(gone) or any(codes.has_comment(unit, arg) for arg in leaving):
        raise RefusedError("the argument stands elsewhere")
    if any(text for _, text in given) and not all(is_literal(arg.value) for arg in leaving):
        raise RefusedError("the option is not written out here")
    coming = [_keyword(name, text or codes.text(unit, leaving[0].value)) for name, text in given]
    if not leaving and call.args:
        words = "".join(f", {name}={text}" for name, text in given)
        last = call.args[-1]
        return [Change(unit, last, last, words, after_first=True)], f"write {words.removeprefix(', ')}"
    named, args = list(coming), list[cst.Arg]()
    for arg in call.args:
        if arg not in leaving:
            args.append(arg)
        elif arg is leaving[0]:
            args += coming[:-1]
            args += [one.with_changes(comma=arg.comma) for one in coming[-1:]]
            coming = []
    args += coming
    if args and args[-1] not in call.args and len(args) < len(call.args):
        args[-1] = args[-1].with_changes(comma=call.args[-1].comma)
    elif args and len(args) < len(call.args):
        args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    if any(_is_positional_after_keyword(args, position) for position in range(len(args))):
        raise RefusedError("other arguments are given by their position")
    text = codes.rendered(unit, call, call.with_changes(args=args, lpar=(), rpar=()))
    return [replaced(unit, call, text)], f"write {', '.join(codes.text(unit, one).rstrip(', ') for one in named)}"


def call_at(site: Site) -> tuple[Unit, cst.Call]:
    """The call that stands at a site."""
    if not isinstance(site.module, Unit) or not isinstance(site.node, cst.Call):
        raise RefusedError("the call is made out of sight")
    return site.module, site.node


def chosen_axis(call: Site, operations: Mapping[object, list[OpCall]]) -> int:
    """The axis that an activation without one takes wherever it is applied.

    Refused where the number of axes is not known, the axis is not the same everywhere, or is one that cannot be meant.
    """
    facts = [fact for group in operations.values() for fact in group if fact.written_at.node is call.node]
    ranks = {case.input.shape.rank if isinstance(case.input, Tensor) else None for fact in facts for case in fact.cases}
    if None in ranks or not ranks:
        raise RefusedError("the number of axes is not known: name the axis that is meant")
    axes = {IMPLICIT_AXES.get(rank) for rank in ranks if rank is not None}
    if None in axes:
        raise RefusedError("of three axes the first is taken, which is hardly meant: name the axis that is")
    if len(axes) > 1:
        raise RefusedError("the number of axes differs from call to call")
    axis = axes.pop()
    assert axis is not None
    return axis


def name_axis(unit: Unit, call: cst.Call, parameter: str, axis: int, codes: Codes) -> tuple[list[Change], str]:
    """Write the axis down."""
    codes.tree(unit)
    for arg in call.args:
        if isinstance(arg.value, cst.Name) and arg.value.value == "None":
            return [replaced(unit, arg.value, str(axis))], f"write {parameter}={axis}"
        if arg.keyword is not None and arg.keyword.value == parameter:
            raise RefusedError("the argument is given already")
    return change_arguments(unit, call, BoundCall({}), ((parameter, str(axis)),), (), codes)


def other_axis(
    unit: Unit, call: cst.Call, parameter: str, axis: int, operations: Mapping[object, list[OpCall]], codes: Codes
) -> tuple[list[Change], str]:
    """Write another axis; refused where a layer is applied in several places, of which some may mean the one that is written."""
    codes.tree(unit)
    places = {fact.site.node for group in operations.values() for fact in group if fact.written_at.node is call}
    if len(places) > 1:
        raise RefusedError("the layer is applied in several places")
    by_name = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == parameter]
    by_place = [arg.value for arg in call.args if arg.keyword is None and not arg.star and is_integer(arg.value)]
    found = by_name or by_place
    if len(found) != 1 or not is_integer(found[0]):
        raise RefusedError("the axis is not written out here")
    return [replaced(unit, found[0], str(axis))], f"use {parameter}={axis}"


def is_integer(node: cst.BaseExpression) -> bool:
    """True for an integer that is written out, with or without a minus."""
    minus = isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus)
    return isinstance(node.expression if isinstance(node, cst.UnaryOperation) and minus else node, cst.Integer)


def is_literal(node: cst.BaseExpression) -> bool:
    """True for a number, a text, a truth or None that is written out."""
    constant = isinstance(node, cst.Name) and node.value in ("True", "False", "None")
    return constant or isinstance(node, cst.SimpleString | cst.BaseNumber)


def _keyword(name: str, text: str) -> cst.Arg:
    bare = cst.SimpleWhitespace("")
    return cst.Arg(cst.parse_expression(text), cst.Name(name), cst.AssignEqual(bare, bare))


def _is_positional_after_keyword(args: list[cst.Arg], position: int) -> bool:
    return args[position].keyword is None and any(one.keyword is not None for one in args[:position])


def call_the_result(unit: Unit, call: cst.Call, codes: Codes) -> tuple[list[Change], str]:
    """Build the object with no options, and call it with what its constructor was given."""
    codes.tree(unit)
    if len(call.args) != 2:
        raise RefusedError("more than an input and a target were given")
    return [Change(unit, call.func, call.func, "()", after_first=True)], "build the loss first, then call it"
