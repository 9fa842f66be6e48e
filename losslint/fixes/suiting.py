"""What suits readers and losses once their numbers change."""

from __future__ import annotations

import math

import libcst as cst

from losslint.domain.kind import Kind, Logits, LogProbs, SigmoidProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCase
from losslint.fixes.code import Change, Codes, replaced
from losslint.fixes.readers import Reader, Way
from losslint.knowledge.readers import AS_NUMBERS
from losslint.knowledge.schema import Inside, LossFamily, Wants


def takes_scores(reader: Reader, kind: Kind) -> bool:
    """True where a reader of an activation's numbers reads the scores before it just as well, or can be made to."""
    if reader.way in (Way.ORDER, Way.FORM):
        return True
    if reader.way is Way.LOSS:
        return all(_wants_scores(case, kind) for case in reader.cases)
    return reader.way is Way.THRESHOLD and isinstance(kind, SigmoidProbs) and score_of(reader) is not None


def _wants_scores(case: LossCase, kind: Kind) -> bool:
    row = case.row
    if row is None or row.wants is not Wants.LOGITS:
        return False
    # log-probabilities are scores of the classes already: only softmax makes the same of both
    return not isinstance(kind, LogProbs) or row.family is LossFamily.CROSS_ENTROPY or row.inside is Inside.SOFTMAX


def takes_logs(reader: Reader) -> bool:
    """True where a reader of probabilities is served as well, or better, by their logarithms."""
    if reader.way in (Way.ORDER, Way.FORM):
        return True
    takers = (Wants.LOG_PROBS, Wants.LOGITS)
    return reader.way is Way.LOSS and all(case.row is not None and case.row.wants in takers for case in reader.cases)


def takes_one_score(reader: Reader) -> bool:
    """True where a reader takes the numbers for the probability of one score, and not for weights or one of several classes."""
    if reader.way is Way.LOSS:
        return all(case.row is not None and case.row.wants is Wants.PROBS for case in reader.cases)
    return reader.way in (Way.ORDER, Way.FORM, Way.THRESHOLD)


def score_of(reader: Reader) -> str | None:
    """The score at which sigmoid gives the number that a reader compares with, as text; None for numbers that it never gives."""
    if reader.threshold is None:
        return "0"
    if not isinstance(reader.threshold, cst.Integer | cst.Float):
        return None
    value = float(reader.threshold.evaluated_value)
    if not 0 < value < 1:
        return None
    return "0" if value == 0.5 else f"{math.log(value / (1 - value)):.6g}"


def moved_threshold(reader: Reader, codes: Codes, is_array: bool) -> Change:
    """The change that lets a reader compare scores where it compared probabilities; arrays have no methods of tensors."""
    score = score_of(reader)
    assert score is not None
    if reader.threshold is not None:
        return replaced(reader.unit, reader.threshold, score)
    above = f"{codes.operand(reader.unit, reader.held)} > {score}"
    return replaced(reader.unit, reader.node, f"(({above}) * 1.0)" if is_array else f"({above}){AS_NUMBERS}")


def fits(case: LossCase, wants: Wants, dropped: set[object]) -> bool:
    """True where what reaches a loss in one alternative suits the loss that comes in its place; `dropped` are the places of
    activations that go."""
    if not isinstance(case.input, Tensor):
        return False
    if dropped:
        return bool(dropped & case.input.watched)
    if wants is Wants.LOGITS:
        return isinstance(case.input.kind, Logits)
    if wants is Wants.LOG_PROBS:
        return isinstance(case.input.kind, LogProbs) and _is_index(case.target)
    return isinstance(case.input.kind, SigmoidProbs)


def _is_index(target: object) -> bool:
    return isinstance(target, Tensor) and target.dtype is not None and "int" in target.dtype
