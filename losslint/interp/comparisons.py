"""Comparisons: what they give, and the facts that numbers of tensors compared with constants leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import libcst as cst

from losslint.domain.kind import Logits, LogProbs, LogSigmoid, Probs, SigmoidProbs, Truth
from losslint.domain.lattice import options_of
from losslint.domain.origin import Cut, Origin, Site
from losslint.domain.value import Const, Option, Tensor, Unknown, Value
from losslint.facts import Argument, Compared, OpCase
from losslint.interp.branches import pure_each, truth
from losslint.interp.frame import Frame
from losslint.interp.operators import COMPARE_SYMBOLS, compare

_TURNED: Mapping[str, str] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_TOLD = Logits | Probs | SigmoidProbs | LogProbs | LogSigmoid
"""Kinds of numbers that rules hold against the constants they are compared with."""


def eval_comparison(node: cst.Comparison, frame: Frame) -> Value:
    """A comparison; of a chain every link counts."""
    left, stands = frame.evaluate(node.left), frame.site(node.left)
    result: Value = Const(True)
    for target in node.comparisons:
        right, at = frame.evaluate(target.comparator), frame.site(target.comparator)
        symbol = COMPARE_SYMBOLS.get(type(target.operator), "?")
        link = compare(symbol, left, right, frame)
        if len(node.comparisons) == 1:
            return noted(symbol, Argument(left, stands), Argument(right, at), link, frame.site(node), frame)
        verdict = truth(link, frame)
        if verdict.decided is False:
            return Const(False)
        if verdict.decided is None:
            result = Unknown("a comparison of unknown values")
        left, stands = right, at
    return result


def noted(symbol: str, left: Argument, right: Argument, result: Value, site: Site, frame: Frame) -> Value:
    """Leave a fact where numbers that some rule judges are compared with a constant; the result, with its place."""
    turned = _TURNED.get(symbol)
    result = pure_each(result, lambda one: _placed(one, site))
    if turned is None:
        return result
    if isinstance(left.value, Const):
        symbol, left, right = turned, right, left
    number = right.value.value if isinstance(right.value, Const) else None
    options = options_of(frame.store.narrowed(left.value))
    if isinstance(number, bool) or not isinstance(number, int | float) or not any(map(_is_told, options)):
        return result
    cases = tuple(_case(option, result, frame) for option in options)
    frame.run.note_fact(Compared(site, symbol, float(number), cases, right.site, frame.run.elsewhere))
    return result


def _is_told(option: Option) -> bool:
    return isinstance(option.value, Tensor) and isinstance(option.value.kind, _TOLD)


def _case(option: Option, result: Value, frame: Frame) -> OpCase:
    return OpCase(option.value, result, option.guard, frame.run.is_plain(option.guard) and frame.is_usual())


def _placed(value: Value, site: Site) -> Value:
    if isinstance(value, Tensor) and isinstance(value.kind, Truth):
        return replace(value, origin=Origin(site, "compared here"), cut=Cut("a comparison", site))
    return value
