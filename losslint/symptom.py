"""From a stuck loss value back to the mistakes that give it.

Pure arithmetic: each entry of the tables below is a formula for a value at which some mistake pins the loss, as a function of
the number of classes. A formula is turned round by search, since all of them grow with the number of classes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

RELATIVE = 0.005
_NEAR = 0.15
MOST_CLASSES = 1_000_000
_NUMBER = re.compile(r"[+-]?(?P<body>[0-9]+\.?[0-9]*|\.[0-9]+)(?:e(?P<exponent>[+-]?[0-9]+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cause:
    """A mistake: the rule that finds it (both empty where none does)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a loss value.

    `meaning` says what the value is, `expected` is the exact value where there is one, `fewest` and `most` bound the class counts
    that fit, `classes` is the best of them. `error` is the relative distance to `expected`.
    """

    causes: tuple[Cause, ...]
    meaning: str
    expected: float | None = None
    classes: int | None = None
    fewest: int | None = None
    most: int | None = None
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Observed:
    """A value as it was printed; `rounding` is what printing may have taken off, `slack` how far off a match may be."""

    value: float
    slack: float
    rounding: float


@dataclass(frozen=True, slots=True)
class _Law:
    """A value that depends on the class count alone; `formula` words it, with C for the count."""

    causes: tuple[Cause, ...]
    meaning: str
    formula: str
    value: Callable[[int], float]
    floor: bool = False


@dataclass(frozen=True, slots=True)
class _Point:
    """A value that depends on nothing."""

    causes: tuple[Cause, ...]
    meaning: str
    value: float


SOFTMAX_CE = Cause("LL101", "softmax-before-cross-entropy")
SIGMOID_CE = Cause("LL103", "sigmoid-before-cross-entropy")
BOUNDED_CE = Cause("LL104", "bounded-before-cross-entropy")
SINGLE_CE = Cause("LL105", "single-logit-cross-entropy")
PROBS_NLL = Cause("LL111", "probabilities-into-nll-loss")
LOGITS_NLL = Cause("LL112", "logits-into-nll-loss")
SIGMOID_BCE = Cause("LL122", "sigmoid-before-bce-with-logits")
SOFTMAX_BCE = Cause("LL123", "softmax-before-bce-with-logits")
AFTER_SIGMOID = Cause("LL124", "bce-after-sigmoid")
KL_INPUT = Cause("LL131", "kl-div-input-not-log")
KL_TARGET = Cause("LL132", "kl-div-log-target-mismatch")
CTC_INPUT = Cause("LL141", "ctc-input-not-log")
BATCH_SOFTMAX = Cause("LL302", "softmax-over-batch")
LOG_SOFTMAX = Cause("LL303", "log-of-softmax")
LOG_SIGMOID = Cause("LL304", "log-of-sigmoid")
SINGLE_SOFTMAX = Cause("LL306", "single-logit-softmax")
IGNORED = Cause("LL405", "misused-ignore-index")
NO_RULE = Cause("", "")

_SOFT_ONE = math.log1p(math.exp(-1))  # binary cross entropy of target 1 at its best, after a second sigmoid
_LN2 = math.log(2)

_LAWS = (
    _Law((SOFTMAX_CE, SIGMOID_CE), "the least this loss can be, every answer right", "ln(1 + (C-1)/e)",
         lambda c: math.log(1 + (c - 1) / math.e), floor=True),
    _Law((NO_RULE, SOFTMAX_CE, BATCH_SOFTMAX), "nothing learnt: all classes come out alike", "ln C", math.log),
    _Law((BOUNDED_CE,), "the least this loss can be after tanh", "ln(1 + (C-1)/e^2)",
         lambda c: math.log(1 + (c - 1) / math.e**2), floor=True),
    _Law((SIGMOID_BCE, SOFTMAX_BCE), "the least this loss can be with one-hot targets", "(0.3133 + (C-1) ln 2)/C",
         lambda c: (_SOFT_ONE + (c - 1) * _LN2) / c),
    _Law((SOFTMAX_CE,), "the most this loss can be, every answer wrong", "1 + ln(1 + (C-1)/e)",
         lambda c: 1 + math.log(1 + (c - 1) / math.e)),
)  # fmt: skip

_POINTS = (
    _Point((NO_RULE,), "nothing learnt, binary: every output is 0.5: ln 2", _LN2),
    _Point((SIGMOID_BCE,), "the least this loss can be where all targets are 0: ln 2", _LN2),
    _Point((SIGMOID_BCE,), "the least this loss can be where all targets are 1: ln(1 + 1/e)", _SOFT_ONE),
    _Point((SIGMOID_BCE,), "the least this loss can be where half of the targets are 1", (_SOFT_ONE + _LN2) / 2),
    _Point((SIGMOID_BCE,), "the most this loss can be where all targets are 0: ln(1 + e)", 1 + _SOFT_ONE),
)
_HELD = tuple(
    _Point(
        (LOG_SOFTMAX, LOG_SIGMOID),
        f"the log of a probability that is kept above 1e-{power}: -ln(1e-{power})",
        power * math.log(10),
    )
    for power in (5, 6, 7, 8, 9, 10, 12)
)


def parse(text: str) -> Observed:
    """A printed loss value; ValueError where `text` is no number."""
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return Observed(float(text), 0.0, 0.0)
    match = _NUMBER.fullmatch(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    if match is None:
        raise ValueError(f"{text!r} is not a number")
    value = float(match.group())
    places = len(match["body"].partition(".")[2]) - int(match["exponent"] or 0)
    if not math.isfinite(value) or abs(places) > 300:
        raise ValueError(f"{text!r} is out of range")
    rounding = min(0.5 * 10.0**-places, 0.05)
    return Observed(value, max(RELATIVE * abs(value), rounding), rounding)


def readings(observed: Observed, classes: int | None = None) -> list[Reading]:
    """All ways to read a value, the closest first; with `classes` only those which fit that class count."""
    if not math.isfinite(observed.value):
        return list(_not_finite(observed.value))
    if observed.value == 0:
        return list(_zero())
    if observed.value < 0:
        return list(_negative(observed))
    found = [*_points(observed, classes), *_laws(observed, classes), *_shares(observed)]
    if classes is not None:
        found += [*_just_above(observed, classes), *_smoothed(observed, classes)]
    return sorted(found, key=lambda reading: reading.error * observed.value > observed.rounding)


def landmarks(classes: int) -> list[Reading]:
    """The tell-tale values for a class count, smallest first."""
    made = [Reading(law.causes, _word(law, classes), law.value(classes), classes) for law in _LAWS]
    return sorted(made, key=lambda reading: reading.expected or 0.0)


def _laws(observed: Observed, classes: int | None) -> Iterator[Reading]:
    for law in _LAWS:
        fewest, most = (classes, classes) if classes is not None else _range(law, observed)
        if fewest > most:
            continue
        best = fewest if most == MOST_CLASSES else _nearest(law, observed.value, fewest, most)
        expected = law.value(best)
        distance = abs(expected - observed.value)
        if distance <= observed.slack:
            meaning = _word(law, best)
            yield Reading(law.causes, meaning, expected, best, fewest, most, distance / observed.value)


def _range(law: _Law, observed: Observed) -> tuple[int, int]:
    """The class counts at which a law comes within the slack of a value; empty where the first is above the second."""
    beyond = _first(law, observed.value + observed.slack)
    return _first(law, observed.value - observed.slack), beyond if beyond == MOST_CLASSES else beyond - 1


def _nearest(law: _Law, value: float, fewest: int, most: int) -> int:
    """The class count within bounds at which a law comes closest to a value."""
    crossing = min(max(_first(law, value), fewest), most)
    return min((max(crossing - 1, fewest), crossing), key=lambda count: abs(law.value(count) - value))


def _first(law: _Law, value: float) -> int:
    """The smallest class count, from 2 on, at which a law reaches `value`."""
    low, high = 2, MOST_CLASSES
    while low < high:
        middle = (low + high) // 2
        if law.value(middle) < value:
            low = middle + 1
        else:
            high = middle
    return low


def _word(law: _Law, classes: int) -> str:
    """A law's meaning with the class count put into its formula."""
    formula = (
        law.formula.replace("(C-1)", str(classes - 1)).replace("/C", f"/{classes}").replace("ln C", f"ln {classes}")
    )
    return f"{law.meaning}: {formula}"


def _points(observed: Observed, classes: int | None) -> Iterator[Reading]:
    for point in (*(_POINTS if classes in {None, 2} else ()), *_HELD):
        distance = abs(point.value - observed.value)
        if distance <= observed.slack:
            yield Reading(point.causes, point.meaning, point.value, error=distance / observed.value)


def _just_above(observed: Observed, classes: int) -> Iterator[Reading]:
    """Training comes close to a floor without touching it."""
    for law in _LAWS:
        floor = law.value(classes)
        if law.floor and floor + observed.slack < observed.value <= floor * (1 + _NEAR):
            meaning = f"just above {_word(law, classes)}"
            yield Reading(law.causes, meaning, floor, classes, classes, classes, observed.value / floor - 1)


def _smoothed(observed: Observed, classes: int) -> Iterator[Reading]:
    """Label smoothing has a floor too, and is no mistake."""
    share = 0.1 / classes
    floor = -(0.9 + share) * math.log(0.9 + share) - (classes - 1) * share * math.log(share)
    distance = abs(floor - observed.value)
    if distance <= observed.slack:
        meaning = "no mistake: the least that cross entropy with label_smoothing=0.1 can be"
        yield Reading((NO_RULE,), meaning, floor, classes, classes, classes, distance / observed.value)


def _shares(observed: Observed) -> Iterator[Reading]:
    """BCELoss cuts its logarithms off at -100, so a large value counts outputs that are sure and wrong."""
    if 25 <= observed.value <= 100:
        meaning = f"BCELoss cuts logs off at -100: {observed.value:g} % of the outputs are exactly 0 or 1 and wrong"
        yield Reading((SINGLE_SOFTMAX, AFTER_SIGMOID), meaning, error=RELATIVE)
    elif observed.value > 100:
        yield Reading(
            (NO_RULE,), "no mistake pins a loss here; look at reduction='sum', the learning rate and the inputs"
        )


def _not_finite(value: float) -> Iterator[Reading]:
    if math.isnan(value):
        yield Reading((LOG_SOFTMAX, LOG_SIGMOID), "log of a probability that has become 0: its gradient is nan")
        yield Reading((LOGITS_NLL,), "raw scores into NLL loss run off to -inf, then nan")
        yield Reading((KL_TARGET,), "log-probabilities as target of a KL divergence without log_target=True")
        yield Reading((IGNORED,), "every target of the batch has the ignored index: a mean over nothing")
        yield Reading((NO_RULE,), "a learning rate too high, or nan in the inputs")
    elif value > 0:
        yield Reading((LOG_SOFTMAX, LOG_SIGMOID), "log of a probability that has become 0")
        yield Reading((NO_RULE,), "scores that have overflowed: a learning rate too high, or float16")
    else:
        yield Reading((LOGITS_NLL,), "raw scores into NLL loss: nothing bounds it from below")


def _zero() -> Iterator[Reading]:
    yield Reading((SINGLE_CE,), "cross entropy over one output: softmax of one number is always 1")
    yield Reading((SINGLE_SOFTMAX,), "softmax over an axis of size 1 is always 1, and its log always 0")
    yield Reading((NO_RULE,), "a target of the wrong form: a float target of zeros counts as class probabilities")
    yield Reading((NO_RULE,), "or the training set is learnt by heart; see the held-out loss")


def _negative(observed: Observed) -> Iterator[Reading]:
    value = observed.value
    if value >= -1 - observed.slack:
        yield Reading((PROBS_NLL,), "NLL loss of probabilities lies between -1 (every answer right) and 0")
        classes = round(-1 / value)
        if classes > 1 and abs(value + 1 / classes) <= observed.rounding:
            meaning = f"the same with all classes alike, as before training: -1/{classes}"
            yield Reading((PROBS_NLL,), meaning, -1 / classes, classes, classes, classes)
    if value < -1 + observed.slack:
        yield Reading((LOGITS_NLL,), "raw scores into NLL loss: nothing bounds it from below")
    if value > -1 - math.log(MOST_CLASSES):
        yield Reading((KL_INPUT,), "KL divergence with probabilities, not their logs, as input")
    yield Reading((CTC_INPUT,), "CTC loss with an input that is no log-probability")
    yield Reading((NO_RULE,), "binary cross entropy with targets outside 0 and 1 (labels 1 and 2, or 0 and 255)")
