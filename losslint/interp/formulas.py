"""Formulas that are written out with operations and have a function of their own: softmax, logsumexp, softplus, sigmoid.

Each hook looks at one operation and its result. Where it completes a formula a fact is left; where it makes a part of one, the result
holds a term.
"""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE
from losslint.domain.kind import Logits, NonNegative, Unspecified
from losslint.domain.origin import Site
from losslint.domain.value import Const, Tensor, Unknown, Value
from losslint.facts import Form, WrittenOut
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.frame import Frame
from losslint.interp.likelihoods import folded, gathered, negated_likelihood, operated_likelihood
from losslint.interp.terms import Exponential, Likelihood, OneMore, holding, term_of, without_term
from losslint.knowledge.operators import EXPONENTIAL, LOG, LOG_ONE_MORE, LOG_SUM, SUM
from losslint.knowledge.tensor_effects import Fold, Keep, Motion, Move, Operate, Transfer

CENTRED = "centred"
"""Marks scores of which others from the same source were taken off, as their largest is before an exponential."""
FLAT = frozenset({Motion.VIEW, Motion.SQUEEZE, Motion.UNSQUEEZE, Motion.FLATTEN})
"""Motions after which the same rows are there in the same order."""


def applied(call: EffectCall, given: Value | None, result: Value) -> Value:
    """The result of an operation with a row."""
    match call.row.effect:
        case Keep() | Operate():
            return result
        case Transfer():
            return _transferred(call, given, result)
        case Fold() as effect:
            return folded(effect, call, given, result)
        case Move(Motion.GATHER):
            return gathered(call, given, result)
        case Move(motion) if motion in FLAT and isinstance(term_of(given), Likelihood):
            return result
    return without_term(result)


def _transferred(call: EffectCall, given: Value | None, result: Value) -> Value:
    """An exponential begins a formula, a logarithm ends one."""
    verb, plain = call.row.verb, without_term(result)
    if verb == EXPONENTIAL:
        unknown = isinstance(plain, Tensor) and isinstance(plain.kind, Unspecified) and given is not None
        return holding(plain, Exponential(given), call.site, given) if unknown and given is not None else plain
    if verb == LOG_ONE_MORE:
        of = exponent(given)
        if of is not None:
            _note_softplus(of, call)
    elif verb == LOG and isinstance(given, Tensor) and given.origin not in call.frame.run.handed:
        more, of = _one_more(given), _summed(given, SUM)
        if more is not None:
            _note_softplus(more, call)
        elif of is not None and exponent(of) is not None:
            _note(Form.LOG_SUM_EXP, exponent(of), call.site, call.frame)
    return plain


def _note_softplus(of: Value, call: EffectCall) -> None:
    """Of numbers that were bent first, as by taking their size, the formula is a part of a larger one that does not overflow."""
    handed = isinstance(of, Unknown) and of.symbol is not None and of.symbol[0] == "param"
    if handed or (isinstance(of, Tensor) and isinstance(of.kind, Logits)):
        _note(Form.SOFTPLUS, of, call.site, call.frame)


def operated(symbol: str, left: Value, right: Value, result: Value, site: Site, frame: Frame) -> Value:
    """The result of an operator with a tensor on at least one side."""
    if symbol == "/":
        _note_quotient(left, right, site, frame)
    elif symbol == "-":
        log_sum = _summed(right, LOG_SUM)
        if log_sum is not None and log_sum is left:
            _note(Form.LOG_SOFTMAX, left, site, frame, guarded=True)
        return _centred(left, right, result)
    elif symbol == "+":
        of = _plus_one(left, right) or _plus_one(right, left)
        if of is not None and isinstance(result, Tensor) and isinstance(result.kind, Unspecified):
            first = left if isinstance(left, Tensor) else right
            return result if _one_more(result) is not None else holding(result, OneMore(of), site, first)
    return operated_likelihood(symbol, left, right, result, site, frame)


def _note_quotient(left: Value, right: Value, site: Site, frame: Frame) -> None:
    if any(isinstance(one, Tensor) and one.origin in frame.run.handed for one in (left, right)):
        return
    more, total, of = _one_more(right), _summed(right, SUM), exponent(left)
    if more is not None and isinstance(left, Const) and left.value == 1:
        _note(Form.SIGMOID, more, site, frame, guarded=True)
    elif more is not None and of is not None and _is_same(of, more):
        _note(Form.SIGMOID, more, site, frame)
    elif of is not None and total is not None and (total is left or _are_equal(left, total)):
        _note(Form.SOFTMAX, of, site, frame)


def negated(value: Value, result: Value, site: Site, frame: Frame) -> Value:
    """The result of a unary minus."""
    return negated_likelihood(value, result, site, frame)


def picked(value: Value, result: Value) -> Value:
    """The result of a subscript: some of the rows are another formula."""
    return without_term(result) if term_of(value) is not None else result


def exponent(value: Value | None) -> Value | None:
    """What a tensor is the exponential of, or None."""
    term = term_of(value)
    if isinstance(term, Exponential):
        return term.of
    if not isinstance(value, Tensor) or not isinstance(value.kind, NonNegative) or value.origin is None:
        return None
    origin, given = value.origin, value.origin.given
    return given if origin.makes and origin.by == EXPONENTIAL and isinstance(given, Tensor | Unknown) else None


def _one_more(value: Value) -> Value | None:
    """What a tensor is one more than the exponential of, or None."""
    term = term_of(value)
    if isinstance(term, OneMore):
        return term.of
    origin = value.origin if isinstance(value, Tensor) else None
    is_more = origin is not None and origin.by == "one more" and isinstance(origin.given, Tensor)
    return exponent(origin.given) if is_more and origin is not None and isinstance(origin.given, Tensor) else None


def _plus_one(number: Value, value: Value) -> Value | None:
    return exponent(value) if isinstance(number, Const) and number.value == 1 else None


def _summed(value: Value, by: str) -> Tensor | None:
    """The tensor that was summed over an axis to give this one, or None."""
    origin = value.origin if isinstance(value, Tensor) else None
    return origin.given if origin is not None and origin.by == by and isinstance(origin.given, Tensor) else None


def _is_same(one: Value, other: Value | None) -> bool:
    """True for one and the same value, or two readings of one unknown thing."""
    if one is other:
        return True
    return isinstance(one, Unknown) and isinstance(other, Unknown) and one.symbol is not None and one == other


def _are_equal(one: Value, other: Tensor) -> bool:
    """True for two exponentials of the same whole scores."""
    of = exponent(one)
    if of is None or not isinstance(one, Tensor) or not _is_same(of, exponent(other)):
        return False
    return one.shape == other.shape and (one.shape != UNKNOWN_SHAPE or term_of(one) is not None)


def _centred(left: Value, right: Value, result: Value) -> Value:
    """Scores of which something from the same source was taken off."""
    if not isinstance(left, Tensor) or not isinstance(right, Tensor) or not isinstance(result, Tensor):
        return result
    shared = left.origin is not None and right.origin is not None and left.origin in right.origin.steps()
    if not shared or result.origin is not left.origin or result.origin is None or not isinstance(result.kind, Logits):
        return result
    return replace(result, origin=replace(result.origin, by=CENTRED))


def _note(form: Form, of: Value | None, site: Site, frame: Frame, guarded: bool = False) -> None:
    if of is None:
        return
    origin = of.origin if isinstance(of, Tensor) else None
    raw = isinstance(of, Tensor) and isinstance(of.kind, Logits) and origin is not None and origin.makes
    unguarded = raw and origin is not None and origin.by != CENTRED and not guarded
    frame.run.note_fact(WrittenOut(site, form, of, unguarded))
