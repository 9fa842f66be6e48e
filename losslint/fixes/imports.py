"""Names of libraries in the user's code: writing another one in the place of one, with the import that it needs."""

from __future__ import annotations

import libcst as cst

from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.knowledge.readers import FUNCTIONAL
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
    if set(names) == {func, alias.name} and not codes.speaks_of(unit, func.value):
        return [replaced(unit, alias.name, name)]
    return [Change(unit, alias.name, alias.name, f"{func.value}, {name}")]


def functional_forms(unit: Unit, use: cst.CSTNode, codes: Codes) -> str:
    """How this module speaks of the functional forms, by an import at its top that runs before `use` does."""
    tree, found = codes.tree(unit), ""
    top = FUNCTIONAL.partition(".")[0]
    above = {use, *codes.above(unit, use)}
    for statement in tree.body:
        if statement in above:
            break
        for node in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            name = _alias_of(unit, node, codes)
            if name:
                return name
            if isinstance(node, cst.Import) and any(a.evaluated_name == top and a.asname is None for a in node.names):
                found = FUNCTIONAL
    if not found:
        raise RefusedError(f"{FUNCTIONAL} would have to be imported")
    return found


def library_name(unit: Unit, use: cst.CSTNode, codes: Codes) -> str:
    """How this module speaks of the library itself, by an import at its top that runs before `use` does."""
    top = FUNCTIONAL.partition(".")[0]
    above = {use, *codes.above(unit, use)}
    for statement in codes.tree(unit).body:
        if statement in above:
            break
        for node in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            for one in node.names if isinstance(node, cst.Import) else ():
                if one.evaluated_name == top:
                    return one.evaluated_alias or top
                if one.evaluated_name.startswith(f"{top}.") and one.asname is None:
                    return top
    raise RefusedError(f"{top} would have to be imported")


def _alias_of(unit: Unit, node: cst.CSTNode, codes: Codes) -> str:
    package, _, last = FUNCTIONAL.rpartition(".")
    if isinstance(node, cst.Import):
        return next((one.evaluated_alias or "" for one in node.names if one.evaluated_name == FUNCTIONAL), "")
    if not isinstance(node, cst.ImportFrom) or isinstance(node.names, cst.ImportStar) or node.module is None:
        return ""
    if codes.text(unit, node.module) != package:
        return ""
    return next((one.evaluated_alias or last for one in node.names if one.evaluated_name == last), "")
