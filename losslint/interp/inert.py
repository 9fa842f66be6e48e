"""Functions that can tell nothing when they are run with unknown arguments: they reach no library of interest and no other code."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

import libcst as cst

from losslint.domain.value import Const, FunctionValue, Library
from losslint.interp.frame import Run
from losslint.names.definitions import FunctionDefinition
from losslint.source.fields import CODE_FIELDS

_REACHING = frozenset(
    {"__import__", "eval", "exec", "getattr", "globals", "locals", "reveal", "setattr", "super", "vars"}
)
"""Builtins by which code reaches things that it does not name."""
_BEYOND = (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.Import, cst.ImportFrom, cst.Global, cst.Nonlocal)


def is_inert(function: FunctionValue, run: Run) -> bool:
    """True for a function of a module that names nothing but its own variables, builtins, constants, and libraries no row speaks of,
    and no method that a tensor has."""
    definition = function.definition
    if not isinstance(definition, FunctionDefinition) or not isinstance(definition.node, cst.FunctionDef):
        return False
    if function.owner is not None or run.scope_parents.get(function.scope) is not None:
        return False
    own = run.body_of(definition).bound
    return all(_is_harmless(part, own, function.scope, run) for part in _parts(definition.node))


def _parts(node: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """The code of a function, but for names that stand for no variable: of attributes, and of keywords."""
    pending: list[cst.CSTNode] = [node.params, node.body]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, cst.Attribute | cst.Arg):
            pending.append(part.value)
            continue
        for name in CODE_FIELDS.get(type(part), ()):
            held = getattr(part, name)
            if isinstance(held, cst.CSTNode):
                pending.append(held)
            elif isinstance(held, list | tuple):
                pending.extend(held)


def _is_harmless(part: cst.CSTNode, own: frozenset[str], scope: int, run: Run) -> bool:
    if isinstance(part, cst.Name):
        return part.value in own or _is_out_of_reach(part.value, scope, run)
    if isinstance(part, cst.Attribute):
        return run.knowledge.method(part.attr.value) is None
    return not isinstance(part, _BEYOND)


def _is_out_of_reach(name: str, scope: int, run: Run) -> bool:
    """True for a free name that leads nowhere of interest."""
    value = run.base.read((scope, name))
    if value is None:
        return hasattr(builtins, name) and name not in _REACHING
    if isinstance(value, Library):
        return not run.knowledge.owns(value.name.partition(".")[0])
    return isinstance(value, Const)
