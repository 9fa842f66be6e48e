"""The functional form of a loss in the place of the function of the same name that stands in the library itself."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.fixes.arguments import call_at
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.imports import functional_forms, last_name
from losslint.knowledge.index import Knowledge
from losslint.knowledge.readers import FUNCTIONAL
from losslint.knowledge.schema import LossRow
from losslint.knowledge.signature import parameters


def take_functional(site: Site, knowledge: Knowledge, codes: Codes) -> tuple[list[Change], str]:
    """The change that calls the functional form, which takes strings for a reduction and gives a mean by default."""
    unit, call = call_at(site)
    name = last_name(call.func)
    inner = knowledge.row(f"{FUNCTIONAL.partition('.')[0]}.{name}")
    outer = knowledge.row(f"{FUNCTIONAL}.{name}")
    if not isinstance(inner, LossRow) or not isinstance(outer, LossRow):
        raise RefusedError("take the mean, or the sum, of the loss")
    before, after = parameters(inner.function), parameters(outer.function)
    known = {one.name for one in after}
    for position, arg in enumerate(call.args):
        if arg.star:
            raise RefusedError("the arguments are spread out")
        given = (
            arg.keyword.value if arg.keyword is not None else before[position].name if position < len(before) else ""
        )
        if given not in known or (arg.keyword is None and after[position].name != given):
            raise RefusedError(f"the functional form takes {given or 'the arguments'} elsewhere")
        if given == "reduction" and not _is_text(codes.text(unit, arg.value)):
            raise RefusedError("the reduction is an integer")
    forms = functional_forms(unit, call, codes)
    return [replaced(unit, call.func, f"{forms}.{name}")], f"call {forms}.{name}"


def _is_text(code: str) -> bool:
    return code.startswith(("'", '"'))
