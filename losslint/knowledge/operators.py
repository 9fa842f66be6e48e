"""What Python operators do to kinds, as rows: (operator, kind of the left side, kind of the right side) to a result.

`Number` stands for a Python number. What no row names is opaque: a wrong kind would be a false alarm.
"""

from __future__ import annotations

from losslint.domain.kind import (
    Bounded,
    Filled,
    Kind,
    Logits,
    NonNegative,
    OneHot,
    Probs,
    SigmoidProbs,
    Truth,
    Unit,
)
from losslint.knowledge.tensor_effects import GUARDED, OPAQUE, SAME, Result


class Number:
    """A Python number as an operand."""


class Small:
    """A Python number so small (at most 0.001) that adding it guards a logarithm and changes no meaning."""


class Anything:
    """An operand of which nothing is known."""


class One:
    """The Python number 1."""


Operand = type[Kind] | type[Anything] | type[Number] | type[Small] | type[One]

SMALL = 1e-3
"""What counts as small."""
EXPONENTIAL, SUM, LOG_SUM, LOG, LOG_ONE_MORE = "exp", "sum", "logsumexp", "log", "log1p"
"""The verbs of rows that activations are written out with."""
BARE_SQUEEZE = "bare squeeze"
"""Marks the step of a squeeze without an axis on what has an axis of length 1, and a first axis that may turn out to."""
BY_LARGEST = "by the largest"
"""Marks the step of a one_hot that counts classes up to the largest index that it is given."""

_LIMITED: tuple[type[Kind], ...] = (Bounded, Unit, SigmoidProbs, OneHot, Filled, NonNegative, Probs, Truth)
_PROBABILITIES: tuple[type[Kind], ...] = (Probs, SigmoidProbs)

BINARY: dict[tuple[str, Operand, Operand], Result] = {
    **{(op, Logits, Logits): Logits() for op in ("+", "-", "*", "@")},
    **{(op, Logits, other): Logits() for op in ("+", "-", "*", "/") for other in (Number, Small, One)},
    **{(op, other, Logits): Logits() for op in ("+", "-", "*") for other in (Number, Small, One)},
    **{(op, Logits, kind): Logits() for op in ("+", "-") for kind in _LIMITED},
    **{("+", kind, Logits): Logits() for kind in _LIMITED},
    ("/", Logits, Logits): Logits(),
    ("*", Logits, NonNegative): Logits(),
    ("*", NonNegative, Logits): Logits(),
    ("*", Logits, SigmoidProbs): Logits(),
    ("*", SigmoidProbs, Logits): Logits(),
    **{("+", kind, Small): GUARDED for kind in _PROBABILITIES},
    **{("-", kind, Small): GUARDED for kind in _PROBABILITIES},
    **{("*", kind, One): SAME for kind in _PROBABILITIES},
    **{("/", kind, One): SAME for kind in _PROBABILITIES},
    ("-", One, SigmoidProbs): SigmoidProbs(),
    ("-", One, OneHot): Unit(),
    ("@", Probs, OneHot): Probs(-1),
}
"""Results of binary operators on tensors."""

NEGATED: dict[type[Kind], Result] = {Logits: Logits(), Bounded: Bounded()}
"""Results of unary minus."""


def operator_result(operator: str, left: Operand, right: Operand) -> Result:
    """The row for two operands, or opaque."""
    if operator == "@" and Logits in (left, right):
        return Logits()  # weighted sums of unbounded numbers, whatever the weights
    return BINARY.get((operator, left, right), OPAQUE)
