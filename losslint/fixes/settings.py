"""Activations that a setting chooses: these are right where they stand, and wrong where the setting is made."""

from __future__ import annotations

import libcst as cst

from losslint.fixes.code import Codes, RefusedError
from losslint.knowledge.readers import MODES
from losslint.names.project import Unit

_LEAVES = (cst.Return, cst.Raise, cst.Continue, cst.Break)


def check_not_chosen(unit: Unit, node: cst.CSTNode, sink: object, codes: Codes) -> None:
    """Refuses an activation that stands on one side of a choice by name or flag, or in a table of alternatives.

    Where its sink stands on the same side nothing is left to the setting.
    """
    below = node
    for above in codes.above(unit, node):
        if any(one is sink for one in codes.nodes(below)):
            return
        chosen = None
        match above:
            case cst.Lambda():
                chosen = _table_around(unit, above, codes)
            case cst.DictElement() if _is_made_here(node, above):
                chosen = above
            case cst.IfExp() | cst.If() if below is not above.test and _is_setting(above.test):
                chosen = above
            case cst.MatchCase():
                chosen = above
            case cst.IndentedBlock() | cst.Module():
                body: list[cst.CSTNode] = list(above.body)
                after = body[body.index(below) :] if below in body else []
                together = any(one is sink for statement in after for one in codes.nodes(statement))
                chosen = None if together else _left_before(above, below)
            case _:
                pass
        if chosen is not None:
            raise RefusedError(
                f"a setting chooses this activation in {codes.where(unit, chosen)}: change what it is set to"
            )
        if isinstance(above, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            return
        below = above


def _is_made_here(node: cst.CSTNode, element: cst.DictElement) -> bool:
    """True for a layer that a table holds; the outcome of an activation may stand in any dict."""
    return element.value is node and isinstance(node, cst.Call) and all(_is_option(arg) for arg in node.args)


def _is_option(arg: cst.Arg) -> bool:
    value = arg.value.expression if isinstance(arg.value, cst.UnaryOperation) else arg.value
    return isinstance(value, cst.BaseNumber | cst.SimpleString) or arg.keyword is not None


def _table_around(unit: Unit, function: cst.Lambda, codes: Codes) -> cst.CSTNode | None:
    parent = codes.parent(unit, function)
    return parent if isinstance(parent, cst.DictElement) else None


def _left_before(block: cst.IndentedBlock | cst.Module, below: cst.CSTNode) -> cst.CSTNode | None:
    """An earlier statement of the same block that a setting lets leave it: what follows is its other side."""
    for statement in block.body:
        if statement is below:
            return None
        if isinstance(statement, cst.If) and _is_setting(statement.test) and _leaves(statement.body):
            return statement
    return None


def _leaves(body: cst.BaseSuite) -> bool:
    last = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        return isinstance(last.body[-1], _LEAVES)
    return isinstance(last, _LEAVES)


def _is_setting(test: cst.BaseExpression) -> bool:
    """True for a flag, or a comparison with a name in quotes; not for the mode of a module, nor for whether something was given."""
    match test:
        case cst.Name():
            return True
        case cst.Attribute():
            return test.attr.value not in MODES
        case cst.UnaryOperation(operator=cst.Not()):
            return _is_setting(test.expression)
        case cst.BooleanOperation():
            return _is_setting(test.left) or _is_setting(test.right)
        case cst.Comparison():
            if isinstance(test.left, cst.Name) and test.left.value == "__name__":
                return False
            sides = [test.left, *(target.comparator for target in test.comparisons)]
            return any(_is_text(side) for side in sides) or _asks_for_attribute(test)
        case _:
            return False


def _is_text(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Tuple | cst.List | cst.Set):
        return any(_is_text(element.value) for element in node.elements)
    return isinstance(node, cst.SimpleString)


def _asks_for_attribute(test: cst.Comparison) -> bool:
    """`self.activation is not None`"""
    link = test.comparisons[0]
    none = isinstance(link.comparator, cst.Name) and link.comparator.value == "None"
    return none and isinstance(test.left, cst.Attribute)
