"""Numbers, and models that make them, kept in attributes by one method and used by another that was run on other objects."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from losslint.domain.value import DictValue, ListValue, Unknown
from losslint.fixes.code import Codes
from losslint.interp.watching import Sightings
from losslint.names.project import Unit

_FILLING = ("append", "extend", "add", "insert", "update")
_OPEN = {Unknown, ListValue, DictValue}


def uses_of_attributes(source: object, seen: Sightings, codes: Codes) -> Iterator[tuple[Unit, cst.CSTNode, str]]:
    """Uses of attributes of the object itself that hold watched numbers, or a model that makes them, where no run saw what they give."""
    for node, sources in seen.held.items():
        unit = seen.homes[node]
        if source not in sources or not isinstance(unit, Unit):
            continue
        called = _called(unit, node, codes)
        kept = called or _kept(unit, node, codes)
        for use in () if kept is None else _other_uses(unit, kept, codes):
            at = codes.parent(unit, use) if called is not None else use
            if called is not None and not (isinstance(at, cst.Call) and at.func is use):
                continue
            if at is not None and kept is not None and not _is_known(at, seen):
                yield unit, at, f"{kept.attr.value} is used by another method"


def _called(unit: Unit, node: cst.CSTNode, codes: Codes) -> cst.Attribute | None:
    """The attribute that a call calls."""
    func = node.func if isinstance(node, cst.Call) else None
    return func if isinstance(func, cst.Attribute) and _is_own(unit, func, codes) else None


def _kept(unit: Unit, node: cst.CSTNode, codes: Codes) -> cst.Attribute | None:
    """The attribute in which a value is kept, or to whose list it is added."""
    parent = codes.parent(unit, node)
    targets: list[cst.BaseExpression] = []
    if isinstance(parent, cst.Assign):
        targets = [one.target for one in parent.targets]
    call = codes.parent(unit, parent) if isinstance(parent, cst.Arg) else None
    func = call.func if isinstance(call, cst.Call) else None
    if isinstance(func, cst.Attribute) and func.attr.value in _FILLING:
        targets = [func.value]
    return next((one for one in targets if isinstance(one, cst.Attribute) and _is_own(unit, one, codes)), None)


def _other_uses(unit: Unit, kept: cst.Attribute, codes: Codes) -> Iterator[cst.Attribute]:
    """Other places in the same class that look the attribute up."""
    within = next((one for one in codes.above(unit, kept) if isinstance(one, cst.ClassDef)), None)
    for node in () if within is None else codes.nodes(within):
        if not isinstance(node, cst.Attribute) or node is kept or node.attr.value != kept.attr.value:
            continue
        if _is_own(unit, node, codes) and not isinstance(codes.parent(unit, node), cst.AssignTarget):
            yield node


def _is_own(unit: Unit, node: cst.Attribute, codes: Codes) -> bool:
    """True for an attribute of the first parameter of a method."""
    function = next((one for one in codes.above(unit, node) if isinstance(one, cst.FunctionDef)), None)
    first = None if function is None else next(iter((*function.params.posonly_params, *function.params.params)), None)
    return first is not None and isinstance(node.value, cst.Name) and node.value.value == first.name.value


def _is_known(node: cst.CSTNode, seen: Sightings) -> bool:
    """True where a run knew what an expression gives: then it is a reader by itself, or none at all."""
    return node in seen.held or not seen.sorts.get(node, _OPEN) & _OPEN
