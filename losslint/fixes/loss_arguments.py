"""What a loss is given, changed where it is chosen or called; refused unless all that reaches it there is of the kinds that ask for it."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from losslint.domain.kind import Kind
from losslint.domain.value import Tensor, Value
from losslint.facts import BoundCall, LossCall, LossCase
from losslint.fixes.arguments import call_at, change_arguments, is_literal
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.swap import LossPlace, place_of
from losslint.knowledge.signature import parameters
from losslint.remedy import ActOnArgument, GiveOption


def give_option(remedy: GiveOption, calls: Sequence[LossCall], codes: Codes) -> tuple[list[Change], str]:
    """The change that gives a loss an option where it is made, or where its function is called."""
    place = place_of(remedy.case, remedy.fact, calls)
    if not place.cases or not all(_suits(case, remedy) for case in place.cases):
        raise RefusedError("what else reaches this loss is of another kind, or not known")
    name, text = remedy.option
    where = codes.where(place.unit, place.node)
    given = _option(place, name)
    if given is None:
        changes, said = change_arguments(place.unit, place.node, BoundCall({}), (remedy.option,), (), codes)
        return changes, f"{said} in {where}"
    if not is_literal(given):
        raise RefusedError("the option is not written out here")
    codes.tree(place.unit)
    return [replaced(place.unit, given, text)], f"write {name}={text} in {where}"


def _suits(case: LossCase, remedy: GiveOption) -> bool:
    """True where what reaches a loss in one alternative asks for the option."""
    target = not remedy.targets or _is_of(case.target, remedy.targets)
    return target and (not remedy.inputs or _is_of(case.input, remedy.inputs))


def _option(place: LossPlace, name: str) -> cst.BaseExpression | None:
    """What stands for an option where a loss is chosen."""
    row = next((case.row for case in place.cases if case.row is not None), None)
    if row is None:
        raise RefusedError("the loss is not known")
    names = [one.name for one in parameters(row.function if place.functional else row.constructor)]
    for position, arg in enumerate(place.node.args):
        named = arg.keyword.value if arg.keyword is not None else (*names, *[""] * position)[position]
        if named == name:
            return arg.value
    return None


def act_on_argument(remedy: ActOnArgument, calls: Sequence[LossCall], codes: Codes) -> tuple[list[Change], str]:
    """The change that calls a method on an argument where it is given."""
    if remedy.fact.by_framework is not None:
        raise RefusedError("the loss is called out of sight")
    unit, call = call_at(remedy.fact.site)
    same = [case for fact in calls if fact.site.node is call for case in fact.cases]
    given = [_given(case, remedy.parameter) for case in same]
    if not all(case.row is not None for case in same) or not all(_is_of(value, remedy.kinds) for value in given):
        raise RefusedError("what else reaches this loss is of another kind, or not known")
    argument = remedy.case.options.arguments[remedy.parameter]
    stands = next((arg.value for arg in call.args if arg.value is argument.site.node and not arg.star), None)
    if stands is None or isinstance(stands, cst.NamedExpr):
        raise RefusedError("the argument stands elsewhere")
    codes.tree(unit)
    text = f"{codes.operand(unit, stands)}.{remedy.method}"
    return [replaced(unit, stands, text)], f"write {text if len(text) < 60 else '.' + remedy.method}"


def _given(case: LossCase, parameter: str) -> Value | None:
    """What one alternative gives for a parameter."""
    is_input = case.row is not None and parameter == case.row.input
    return case.input if is_input else case.options.value(parameter)


def _is_of(value: Value | None, kinds: tuple[type[Kind], ...]) -> bool:
    return isinstance(value, Tensor) and isinstance(value.kind, kinds)
