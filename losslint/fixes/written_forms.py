"""Formulas that are written out in one expression, and the functions that take their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from losslint.domain.dtype import is_floating
from losslint.domain.kind import Logits
from losslint.domain.origin import Site
from losslint.domain.value import Tensor, Value
from losslint.facts import Form, OpCall
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.imports import functional_forms, last_name, library_name
from losslint.knowledge.operators import EXPONENTIAL, LOG, LOG_ONE_MORE, LOG_SUM, SUM
from losslint.names.project import Unit

APART = "the formula is not written in one expression"
KEPT = ", keepdim=True"
_AXIS, _KEEPS = ("dim", "axis"), ("keepdim", "keepdims")


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A function of the library applied to an expression, as `torch.exp(x)` or `x.exp()`, with what else it is given."""

    call: cst.Call
    given: cst.BaseExpression
    rest: Sequence[cst.Arg]
    library: bool
    """True where it is called on the library itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What a formula is of: the scores as text, the arguments of the function, and the call that took the exponential or its sum."""

    given: cst.BaseExpression
    text: str
    arguments: str
    inner: Applied


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """Reads the formulas of a module; each operation's facts tell what a call does."""

    unit: Unit
    outer: cst.BaseExpression
    codes: Codes
    operations: Mapping[object, list[OpCall]]

    def parts(self, form: Form) -> Parts:
        """The parts of a formula; refuses one whose parts stand elsewhere."""
        match form:
            case Form.SOFTMAX:
                return self._softmax()
            case Form.LOG_SOFTMAX:
                return self._log_softmax()
            case Form.LOG_SUM_EXP:
                total = self._applied(self._only(self.outer, LOG), SUM)
                inner = self._exponential(total.given)
                axis, keeps = _over(total)
                return self._of(inner.given, f"dim={axis}{KEPT if keeps else ''}", inner)
            case Form.SOFTPLUS:
                inner = self._exponential(self._more())
                return self._of(inner.given, "", inner)
            case Form.SIGMOID:
                return self._sigmoid()
        raise RefusedError("the scores and the labels stand apart")

    def _softmax(self) -> Parts:
        left, right = _sides(self.outer, cst.Divide)
        inner, total = self._exponential(left), self._applied(right, SUM)
        axis, keeps = _over(total)
        if not keeps and axis != "0":
            raise RefusedError("the sum loses its axis")
        self._check_same(inner.given, self._exponential(total.given).given)
        return self._of(inner.given, f"dim={axis}", inner)

    def _log_softmax(self) -> Parts:
        left, right = _sides(self.outer, cst.Subtract)
        total = self._applied(right, LOG_SUM)
        axis, keeps = _over(total)
        if not keeps and axis != "0":
            raise RefusedError("the sum loses its axis")
        self._check_same(left, total.given)
        return self._of(left, f"dim={axis}", total)

    def _sigmoid(self) -> Parts:
        left, right = _sides(self.outer, cst.Divide)
        inner = self._exponential(_one_more(right))
        if not _is_one(left):
            self._check_same(inner.given, self._exponential(left).given)
            return self._of(inner.given, "", inner)
        turned = _unsigned(inner.given)
        if turned is not None:
            return self._of(turned, "", inner)
        return Parts(inner.given, f"-{self.codes.operand(self.unit, inner.given)}", "", inner)

    def _more(self) -> cst.BaseExpression:
        """The exponential to which one is added before the logarithm is taken."""
        if isinstance(self.outer, cst.Call) and last_name(self.outer.func) == LOG_ONE_MORE:
            return self._only(self.outer, LOG_ONE_MORE)
        return _one_more(self._only(self.outer, LOG))

    def _of(self, given: cst.BaseExpression, arguments: str, inner: Applied) -> Parts:
        bare = given.with_changes(lpar=(), rpar=()) if isinstance(given, cst.BinaryOperation) else given
        return Parts(given, self.codes.rendered(self.unit, self.outer, bare), arguments, inner)

    def _exponential(self, node: cst.BaseExpression) -> Applied:
        """An exponential of floating numbers, whatever comes here."""
        facts = self.operations.get(node, [])
        if not facts or any(fact.row.verb != EXPONENTIAL for fact in facts):
            raise RefusedError(APART)
        if not all(is_score(case.input) for fact in facts for case in fact.cases):
            raise RefusedError("what comes here may be no floating numbers")
        found = self._applied(node, EXPONENTIAL)
        if found.rest:
            raise RefusedError("the exponential has options of its own")
        return found

    def _only(self, node: cst.BaseExpression, name: str) -> cst.BaseExpression:
        """What a function of one argument is applied to."""
        found = self._applied(node, name)
        if found.rest:
            raise RefusedError("the logarithm has options of its own")
        return found.given

    def _applied(self, node: cst.BaseExpression, name: str) -> Applied:
        """A call of a function or method of this name."""
        if not isinstance(node, cst.Call) or last_name(node.func) != name or any(arg.star for arg in node.args):
            raise RefusedError(APART)
        if isinstance(node.func, cst.Attribute) and not self._is_library(node.func.value):
            return Applied(node, node.func.value, node.args, False)
        if not node.args or node.args[0].keyword is not None:
            raise RefusedError("the tensor is given in a way that is not followed")
        return Applied(node, node.args[0].value, node.args[1:], isinstance(node.func, cst.Attribute))

    def _is_library(self, node: cst.BaseExpression) -> bool:
        try:
            return self.codes.text(self.unit, node) == library_name(self.unit, self.outer, self.codes)
        except RefusedError:
            return False

    def _check_same(self, one: cst.BaseExpression, other: cst.BaseExpression) -> None:
        """Two readings of one variable; the facts say that it holds the same both times."""
        plain = isinstance(one, cst.Name | cst.Attribute)
        if not plain or self.codes.text(self.unit, one) != self.codes.text(self.unit, other):
            raise RefusedError("the scores are computed twice")


def call_form(
    site: Site, form: Form, of: Value, operations: Mapping[object, list[OpCall]], codes: Codes
) -> tuple[list[Change], str]:
    """The change that calls a function in the place of its formula."""
    unit, node = site.module, site.node
    if not isinstance(unit, Unit) or not isinstance(node, cst.BinaryOperation | cst.Call):
        raise RefusedError("the formula stands out of sight")
    codes.tree(unit)
    if not is_score(of):
        raise RefusedError("what comes here may be no floating numbers")
    parts = Forms(unit, node, codes, operations).parts(form)
    whole = _taken_off(unit, node, parts, codes) if form is Form.LOG_SUM_EXP else None
    if whole is not None:
        node, form = whole, Form.LOG_SOFTMAX
        parts = replace(parts, arguments=parts.arguments.removesuffix(KEPT))
    if codes.has_comment(unit, node):
        raise RefusedError("a comment stands in the code that would go")
    return [replaced(unit, node, _called(unit, form.value, parts, codes))], f"call {form.value}"


def _taken_off(unit: Unit, node: cst.BaseExpression, parts: Parts, codes: Codes) -> cst.BinaryOperation | None:
    """The difference in which a logsumexp is taken off its own scores, which is log_softmax."""
    above = codes.parent(unit, node)
    if not isinstance(above, cst.BinaryOperation) or not isinstance(above.operator, cst.Subtract):
        return None
    same = isinstance(above.left, cst.Name | cst.Attribute) and codes.text(unit, above.left) == parts.text
    return above if above.right is node and same and parts.arguments.endswith(KEPT) else None


def is_score(value: Value) -> bool:
    """True for what surely are floating numbers."""
    return isinstance(value, Tensor) and (isinstance(value.kind, Logits) or is_floating(value.dtype))


def _called(unit: Unit, name: str, parts: Parts, codes: Codes) -> str:
    """The call, as a function where the formula was written with functions."""
    arguments = f", {parts.arguments}" if parts.arguments else ""
    if name == Form.SOFTPLUS.value:
        return f"{functional_forms(unit, parts.inner.call, codes)}.{name}({parts.text})"
    func = parts.inner.call.func
    if parts.inner.library and isinstance(func, cst.Attribute):
        return f"{codes.text(unit, func.value)}.{name}({parts.text}{arguments})"
    atom = isinstance(parts.given, cst.Name | cst.Attribute | cst.Call | cst.Subscript)
    on = parts.text if atom and not parts.text.startswith("-") else f"({parts.text})"
    return f"{on}.{name}({parts.arguments})"


def _sides(node: cst.BaseExpression, operator: type[cst.BaseBinaryOp]) -> tuple[cst.BaseExpression, cst.BaseExpression]:
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, operator):
        raise RefusedError(APART)
    return node.left, node.right


def _one_more(node: cst.BaseExpression) -> cst.BaseExpression:
    """What one is added to."""
    left, right = _sides(node, cst.Add)
    if _is_one(left) or _is_one(right):
        return right if _is_one(left) else left
    raise RefusedError(APART)


def _is_one(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Integer | cst.Float) and node.evaluated_value == 1


def _unsigned(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """An expression without the minus that stands before it; None where there is none."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        return node.expression
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply | cst.Divide):
        left = _unsigned(node.left)
        return None if left is None or node.left.lpar else node.with_changes(left=left)
    return None


def _over(total: Applied) -> tuple[str, bool]:
    """The axis of a sum, as text, and whether it is kept."""
    axis, keeps = None, False
    for place, arg in enumerate(total.rest):
        name = arg.keyword.value if arg.keyword is not None else ("dim", "keepdim", "")[min(place, 2)]
        if name in _AXIS:
            axis = _integer(arg.value)
        elif name in _KEEPS and isinstance(arg.value, cst.Name) and arg.value.value in ("True", "False"):
            keeps = arg.value.value == "True"
        else:
            raise RefusedError("the sum has options of its own")
    if axis is None:
        raise RefusedError("the axis is not written out")
    return axis, keeps


def _integer(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = _integer(node.expression)
        return None if inner is None else f"-{inner}"
    return node.value if isinstance(node, cst.Integer) else None
