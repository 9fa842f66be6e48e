"""Cross entropy that is written out: the log-probabilities of the labels are picked, folded and taken with a minus.

Rows are `picked * log p[label] + spread * mean(log p)`: cross entropy has -1 and 0, with label smoothing e it has -(1 - e) and -e.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from losslint.domain.kind import ClassIndex, LogProbs, OneHot, Unspecified
from losslint.domain.origin import Site
from losslint.domain.value import NONE, Const, Repeated, Tensor, TupleValue, Value
from losslint.facts import BoundCall, Form, WrittenOut
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.frame import Frame
from losslint.interp.terms import Hot, Likelihood, Weighed, holding, term_of, without_term
from losslint.knowledge.schema import LossFamily, LossRow
from losslint.knowledge.tensor_effects import Fold, Reduction

CLOSE = 1e-6
"""How far two sums of fractions may lie apart that are meant to be the same."""


def of_hot(value: Value) -> Hot | None:
    """One-hot rows, as they are or scaled and shifted."""
    term = term_of(value)
    if isinstance(term, Hot):
        return term
    if isinstance(value, Tensor) and isinstance(value.kind, OneHot) and value.kind.dim is not None:
        axis = value.shape.normal(value.kind.dim)
        size = value.shape.at(value.kind.dim)
        return Hot(1.0, 0.0, axis, size if isinstance(size, int) else None)
    return None


def folded(effect: Fold, call: EffectCall, given: Value | None, result: Value) -> Value:
    """The result of a sum or a mean."""
    plain = without_term(result)
    if not isinstance(given, Tensor) or effect.reduction not in (Reduction.SUM, Reduction.MEAN):
        return plain
    term, total = term_of(given), not call.given("dim")
    mean = effect.reduction is Reduction.MEAN
    if isinstance(given.kind, LogProbs) and given.kind.whole and mean and not total and _is_over_classes(given, call):
        return holding(plain, Likelihood(0.0, 1.0, given), call.site, given)
    if isinstance(given.kind, LogProbs) and given.kind.whole and mean and total:
        return holding(plain, Likelihood(0.0, 1.0, given, "mean"), call.site, given)
    if isinstance(term, Likelihood) and not term.folded and (total or _has_one_axis(given, call)):
        return _finished(replace(term, folded=effect.reduction.value), plain, given, call.site, call.frame)
    if isinstance(term, Weighed):
        return _weighed(term, effect.reduction, call, given, plain)
    return plain


def _weighed(term: Weighed, reduction: Reduction, call: EffectCall, given: Tensor, plain: Value) -> Value:
    """The fold of log-probabilities times one-hot rows: over the classes, over the rows, or over both."""
    total, mean = not call.given("dim"), reduction is Reduction.MEAN
    spread = term.hot.spread * (term.hot.classes or 0)
    if term.hot.spread and term.hot.classes is None:
        return plain
    by_row = Likelihood(term.hot.keep, spread, term.log_probs)
    if total:
        how = "mean" if term.averaged and not mean else "classes" if mean and not term.averaged else "sum"
        if term.averaged and mean:
            return plain
        return _finished(replace(by_row, folded=how), plain, given, call.site, call.frame)
    if term.averaged:
        return plain
    if not mean and _is_over_classes(term.log_probs, call):
        return holding(plain, by_row, call.site, given)
    if mean and call.integer("dim") == 0 and _is_table(term.log_probs):
        return holding(plain, replace(term, averaged=True), call.site, given)
    return plain


def _is_over_classes(log_probs: Tensor, call: EffectCall) -> bool:
    """True where the axis that a call names is that of the classes."""
    axis = call.integer("dim")
    dim = log_probs.kind.dim if isinstance(log_probs.kind, LogProbs) else None
    if axis is None or dim is None:
        return False
    one, other = log_probs.shape.normal(axis), log_probs.shape.normal(dim)
    return one == other or (log_probs.shape.rank is None and {one, other} == {1, -1})


def _is_table(log_probs: Tensor) -> bool:
    """True for one row for each sample, as far as is known."""
    return log_probs.shape.rank in (None, 2)


def _has_one_axis(given: Tensor, call: EffectCall) -> bool:
    return given.shape.rank == 1 and call.integer("dim") in (0, -1)


def gathered(call: EffectCall, given: Value | None, result: Value) -> Value:
    """The log-probabilities of the labels, picked by `gather` along the classes."""
    index, plain = call.value("index") or call.value("indices"), without_term(result)
    if not isinstance(given, Tensor) or not isinstance(given.kind, LogProbs) or not given.kind.whole:
        return plain
    if not _is_over_classes(given, call):
        return plain
    if isinstance(index, Tensor):
        axis = call.integer("dim")
        single = axis is not None and index.shape.at(axis) == 1
    else:
        argument = call.bound.arguments.get("index") or call.bound.arguments.get("indices")
        single = argument is not None and _adds_an_axis(argument.site.node)
    return holding(plain, Likelihood(1.0, 0.0, given), call.site, given) if single else plain


def _adds_an_axis(node: object) -> bool:
    """True for `y.unsqueeze(1)`, `y[:, None]` and `y.view(-1, 1)`, whatever `y` may be."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        last = node.args[-1].value if node.args else None
        is_column = isinstance(last, cst.Integer) and last.value == "1" and len(node.args) > 1
        return node.func.attr.value == "unsqueeze" or (node.func.attr.value in ("view", "reshape") and is_column)
    if not isinstance(node, cst.Subscript) or len(node.slice) != 2:
        return False
    part = node.slice[1].slice
    return isinstance(part, cst.Index) and isinstance(part.value, cst.Name) and part.value.value == "None"


def looked_up(value: Value, indices: Sequence[Value], result: Value, site: Site) -> Value:
    """The log-probabilities of the labels, picked by `log_probs[range(n), labels]`."""
    if not isinstance(value, Tensor) or not isinstance(value.kind, LogProbs) or not value.kind.whole:
        return result
    at = value.shape.normal(value.kind.dim)
    by_column = at == 1 or (at == -1 and value.shape.rank is None)
    labels = len(indices) == 2 and not isinstance(indices[1], Const | Repeated | TupleValue)
    if not by_column or not labels or not _counts(indices[0]) or not isinstance(result, Tensor):
        return result
    return holding(result, Likelihood(1.0, 0.0, value), site, value)


def _counts(index: Value) -> bool:
    """True for 0, 1, 2 and so on: `range(n)` or `torch.arange(n)`."""
    if isinstance(index, Tensor):
        return (isinstance(index.kind, ClassIndex) and index.kind.low == 0) or index.kind == Unspecified("a range")
    if isinstance(index, TupleValue):
        return all(item == Const(number) for number, item in enumerate(index.items))
    return isinstance(index, Repeated)


def operated_likelihood(symbol: str, left: Value, right: Value, result: Value, site: Site, frame: Frame) -> Value:
    """The result of an operator on parts of a cross entropy."""
    if symbol == "*":
        found = _times(left, right, result, site, frame)
        return found if found is not None else _times(right, left, result, site, frame) or result
    if symbol == "/" and isinstance(right, Const) and _number(right):
        return _scaled(left, 1 / _number(right), result, site, frame) or result
    if symbol in ("+", "-"):
        return _added(left, right, -1.0 if symbol == "-" else 1.0, result, site, frame) or result
    return result


def _number(value: Value) -> float:
    number = value.value if isinstance(value, Const) else None
    return float(number) if isinstance(number, int | float) and not isinstance(number, bool) else 0.0


def _times(left: Value, right: Value, result: Value, site: Site, frame: Frame) -> Value | None:
    if isinstance(right, Const):
        return _scaled(left, _number(right), result, site, frame) if _number(right) else None
    hot = of_hot(left)
    if hot is None or not isinstance(right, Tensor) or not isinstance(right.kind, LogProbs) or not right.kind.whole:
        return None
    if not _are_along_one_axis(hot.axis, right):
        return None
    size = right.shape.at(right.kind.dim) if right.kind.dim is not None else None
    whole = replace(hot, classes=hot.classes or (size if isinstance(size, int) else None))
    return holding(result, Weighed(whole, right), site, right)


def _are_along_one_axis(axis: int | None, log_probs: Tensor) -> bool:
    dim = log_probs.kind.dim if isinstance(log_probs.kind, LogProbs) else None
    one, other = log_probs.shape.normal(axis), log_probs.shape.normal(dim)
    return one is not None and (one == other or (log_probs.shape.rank is None and {one, other} == {1, -1}))


def _scaled(value: Value, factor: float, result: Value, site: Site, frame: Frame) -> Value | None:
    """A part of a cross entropy times a number."""
    term, hot = term_of(value), of_hot(value)
    if isinstance(term, Likelihood):
        scaled = replace(term, picked=term.picked * factor, spread=term.spread * factor)
        return _finished(scaled, result, value, site, frame)
    if isinstance(term, Weighed):
        its = replace(term.hot, keep=term.hot.keep * factor, spread=term.hot.spread * factor)
        return holding(result, replace(term, hot=its), site, value)
    if hot is not None and isinstance(result, Tensor):
        return holding(result, replace(hot, keep=hot.keep * factor, spread=hot.spread * factor), site, value)
    return None


def _added(left: Value, right: Value, sign: float, result: Value, site: Site, frame: Frame) -> Value | None:
    one, other, hot = term_of(left), term_of(right), of_hot(left)
    if hot is not None and isinstance(right, Const) and _number(right):
        return holding(result, replace(hot, spread=hot.spread + sign * _number(right)), site, left)
    if not isinstance(one, Likelihood) or not isinstance(other, Likelihood):
        return None
    if one.folded != other.folded or one.log_probs is not other.log_probs:
        return None
    both = replace(
        one,
        called=one.called and other.called,
        picked=one.picked + sign * other.picked,
        spread=one.spread + sign * other.spread,
    )
    return _finished(both, result, left, site, frame)


def negated_likelihood(value: Value, result: Value, site: Site, frame: Frame) -> Value:
    """A part of a cross entropy with a minus."""
    return _scaled(value, -1.0, result, site, frame) or result


def _finished(term: Likelihood, result: Value, of: Value, site: Site, frame: Frame) -> Value:
    """The result that holds a term, of which a fact is left where it is a whole cross entropy."""
    whole = abs(term.picked + term.spread + 1) < CLOSE and term.picked < CLOSE and term.spread < CLOSE
    if whole and term.folded and abs(term.picked) > CLOSE and not term.called:
        form = Form.CROSS_ENTROPY if abs(term.spread) < CLOSE else Form.LABEL_SMOOTHING
        classes = (
            term.log_probs.shape.at(term.log_probs.kind.dim or 0) if isinstance(term.log_probs.kind, LogProbs) else None
        )
        count = classes if isinstance(classes, int) else None
        frame.run.note_fact(
            WrittenOut(site, form, term.log_probs, False, term.folded, round(-term.spread, 6) + 0.0, count)
        )
    return holding(result, term, site, of)


def of_loss(
    row: LossRow, options: BoundCall, given: Value, target: Value | None, result: Value, site: Site, frame: Frame
) -> Value:
    """The value of a loss: `nll_loss` may be a part of label smoothing, and cross entropy may be given rows that are smoothed."""
    plain = all(options.value(name) in (None, NONE) for name in _WEIGHING) and not options.open
    if not plain or not isinstance(given, Tensor):
        return result
    reduction = options.value("reduction")
    how = "mean" if reduction is None else reduction.value if isinstance(reduction, Const) else None
    if how not in ("mean", "sum"):
        return result
    if row.family is LossFamily.NLL and isinstance(given.kind, LogProbs) and given.kind.whole:
        return holding(result, Likelihood(-1.0, 0.0, given, str(how), called=True), site, given)
    hot = term_of(target)
    if row.family is LossFamily.CROSS_ENTROPY and isinstance(hot, Hot) and hot.classes and hot.spread > 0:
        smoothing = hot.spread * hot.classes
        if abs(hot.keep + smoothing - 1) < CLOSE and given.shape.normal(1) == given.shape.normal(hot.axis):
            frame.run.note_fact(WrittenOut(site, Form.LABEL_SMOOTHING, given, False, str(how), round(smoothing, 6)))
    return result


_WEIGHING = ("weight", "ignore_index", "label_smoothing", "size_average", "reduce")
"""Options under which a loss is another function."""
