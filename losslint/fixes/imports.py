"""Names of libraries in the user's code: writing another one in the place of one, with the import that it needs."""

from __future__ import annotations

import libcst as cst

from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.names.project import Unit


def last_name(node: cst.BaseExpression) -> str:
    """How a function or class is written last: `softmax` of `F.softmax`; empty for other expressions."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def renamed(unit: Unit, func: cst.BaseExpression, name: str, codes: Codes) -> list[Change]:
    """The changes that write another name of the same module in the place of `func`."""
    codes.tree(unit)
    if isinstance(func, cst.Attribute):
        return [replaced(unit, func.attr, name)]
    if isinstance(func, cst.Name):
        return [replaced(unit, func, name), *brought_in(unit, func, name, codes)]
    raise RefusedError("it is written in a way that is not followed")


def brought_in(unit: Unit, func: cst.Name, name: str, codes: Codes) -> list[Change]:
    """The import that brings the new name in beside the old one, in the old one's place where nobody else uses that."""
    tree = codes.tree(unit)
    names = codes.names(unit, tree, func.value)
    lines = [
        (line, alias)
        for line in codes.nodes(tree)
        if isinstance(line, cst.ImportFrom) and not isinstance(line.names, cst.ImportStar)
        for alias in line.names
        if alias.asname is None and isinstance(alias.name, cst.Name) and alias.name.value == func.value
    ]
    if len(lines) != 1:
        raise RefusedError(f"{name} would have to be imported")
    line, alias = lines[0]
    assert not isinstance(line.names, cst.ImportStar)
    others = {one.name.value for one in line.names if isinstance(one.name, cst.Name)}
    taken = bool(codes.names(unit, tree, name))
    if name in others:
        return []
    if taken:
        raise RefusedError(f"the name {name} is taken")
    if set(names) == {func, alias.name}:
        return [replaced(unit, alias.name, name)]
    return [Change(unit, alias.name, alias.name, f"{func.value}, {name}")]
