"""A run that takes note of the values that some expressions have."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from losslint.domain.value import Value
from losslint.interp import assignment, expressions
from losslint.interp.frame import Frame
from losslint.interp.run import Parts
from losslint.source.fields import walk

MOST = 16
"""Values that are kept of one expression."""


class Recording(Parts):
    """The interpreter's parts, with an eye on some expressions: those that are evaluated, and those that are assigned to."""

    def __init__(self, nodes: Iterable[cst.BaseExpression]) -> None:
        wanted = tuple(nodes)
        self.read: dict[cst.CSTNode, list[Value]] = {node: [] for node in wanted}
        self.bound: dict[cst.CSTNode, list[Value]] = {node: [] for node in wanted}

    def evaluate(self, node: cst.BaseExpression, frame: Frame) -> Value:
        """The value of an expression."""
        value = expressions.evaluate(node, frame)
        _note(self.read, node, value)
        return value

    def assign(self, target: cst.BaseExpression, value: Value, frame: Frame) -> None:
        """Bind a target, and take note of the names in it."""
        assignment.assign(target, value, frame)
        _note(self.bound, target, value)
        if not isinstance(target, cst.Name):
            for node in walk(target):
                if node in self.bound and isinstance(node, cst.Name):
                    held = frame.lookup(node.value)
                    if held is not None:
                        _note(self.bound, node, held)


def _note(seen: dict[cst.CSTNode, list[Value]], node: cst.CSTNode, value: Value) -> None:
    values = seen.get(node)
    if values is not None and len(values) < MOST and value not in values:
        values.append(value)
