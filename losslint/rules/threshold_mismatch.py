"""LL308 threshold-mismatch

## What it does
Finds thresholds that do not suit the numbers: raw scores that a binary loss takes as logits compared with 0.5 or rounded, the
output of a sigmoid compared with 0, and log-probabilities compared with a number between 0 and 1.

## Why it is wrong
A probability of 0.5 is a score of 0, and a score of 0.5 is a probability of 0.62: predictions of the positive class between the two are
lost, and recall is lower than the model deserves. Rounded scores are no classes at all. A sigmoid is above 0 for every score, and the
logarithm of a probability never is: such a comparison gives the same for all rows.

## Example
```python
from torch import nn

def evaluate(features, labels):
    scores = nn.Linear(20, 1)(features)
    loss = nn.BCEWithLogitsLoss()(scores, labels)
    return loss, (scores > 0.5) == labels
```

## Use instead
```python
from torch import nn

def evaluate(features, labels):
    scores = nn.Linear(20, 1)(features)
    loss = nn.BCEWithLogitsLoss()(scores, labels)
    return loss, (scores > 0) == labels
```

## Fix
Unsafe: the number is replaced by the one that means the same there, 0 for scores at 0.5, 0.5 for a sigmoid at 0; rounded scores
become `(scores > 0).float()`. Shown only where the number is not written out.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from losslint.domain.kind import Logits, LogProbs, LogSigmoid, SigmoidProbs
from losslint.domain.value import Const, Tensor, Value
from losslint.facts import Compared, Elsewhere, OpCall
from losslint.finding import Certainty, Severity
from losslint.knowledge.schema import Wants
from losslint.knowledge.tensor_effects import Transfer
from losslint.remedy import Remedy, WriteAround, WriteNumber
from losslint.rules._rule import Offence, Rule, Wording, applies_sigmoid, at_operation, misuse, path_of, source_of

HALF = 0.5
ROUNDED = "round"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a threshold, and the number that would mean what was meant; None for a rounding."""

    message: str
    label: str
    instead: str
    certainty: Certainty = Certainty.CERTAIN
    severity: Severity = Severity.WARNING


def _are_logits(tensor: Tensor, elsewhere: Elsewhere) -> bool | None:
    """True where a loss takes these very scores for the logits of probabilities; None where no loss is seen that takes them."""
    source = source_of(tensor)
    if source is None or not isinstance(tensor.kind, Logits):
        return False
    direct = elsewhere.losses.get(source.site.node, set())
    squashed = elsewhere.squashed.get(source.site.node, set())
    if any(row.wants is not Wants.LOGITS for row in direct):
        return False  # a model that is trained on other targets as well, such as a regression
    if any(map(applies_sigmoid, direct)) or any(row.wants is Wants.PROBS for row in squashed):
        return True
    return False if direct else None


def _score(number: float) -> str:
    return "0" if number == HALF else f"{math.log(number / (1 - number)):.6g}"


def _verdict(tensor: Tensor, fact: Compared) -> Verdict | None:
    number = fact.number
    if isinstance(tensor.kind, Logits) and 0 < number < 1:
        proved = _are_logits(tensor, fact.elsewhere)
        if proved is False:
            return None
        plain = Certainty.CERTAIN if number == HALF else Certainty.POSSIBLE  # it may have been tuned on scores
        share = 1 / (1 + math.exp(-number))
        return Verdict(
            f"raw scores are compared with {number:g}, which as a score is a probability of {share:.2f}",
            "a threshold for probabilities",
            _score(number),
            plain if proved else Certainty.POSSIBLE,
        )
    if isinstance(tensor.kind, SigmoidProbs) and number == 0 and fact.symbol in {">", "<="}:
        held = "never" if fact.symbol == "<=" else "always"
        return Verdict(
            f"the output of a sigmoid is compared with 0: `{fact.symbol} 0` {held} holds",
            "a threshold for raw scores",
            "0.5",
            severity=Severity.ERROR,
        )
    if isinstance(tensor.kind, LogProbs | LogSigmoid) and 0 < number < 1:
        held = "never" if fact.symbol in {">", ">="} else "always"
        return Verdict(
            f"logarithms of probabilities are compared with {number:g}: `{fact.symbol} {number:g}` {held} holds",
            "logarithms of probabilities are never above 0",
            f"{math.log(number):.6g}",
            severity=Severity.ERROR,
        )
    return None


def _check_comparison(fact: Compared) -> Iterator[Offence]:
    if fact.site.node in fact.elsewhere.checked:
        return  # whether numbers lie in their range at all is asked on purpose
    found = misuse(fact, lambda tensor, _: _verdict(tensor, fact) is not None)
    verdict = None if found is None else _verdict(found.input, fact)
    if found is None or verdict is None:
        return
    wording = Wording(
        message=verdict.message,
        label=verdict.label,
        help=f"compare with {verdict.instead}, or take the probabilities",
        remedies=(WriteNumber(fact.number_at, verdict.instead),),
    )
    certainty = min(found.certainty, verdict.certainty)
    yield replace(at_operation(fact, replace(found, certainty=certainty), wording), severity=verdict.severity)


def _check_rounding(fact: OpCall) -> Iterator[Offence]:
    if fact.bound.value("decimals") not in (None, Const(0)):
        return  # cut to some digits, as for a report

    def offends(given: Tensor, result: Value) -> bool:
        if any(step.scaled for step in path_of(given)):
            return False  # steps of another length are no classes either, and nobody means them to be
        return bool(_are_logits(given, fact.elsewhere))

    found = misuse(fact, offends)
    if found is None:
        return
    remedies: tuple[Remedy, ...] = (
        WriteAround(fact.site, fact.bound.arguments["input"].site, ROUNDED, "({} > 0).float()"),
    )
    wording = Wording(
        message="raw scores are rounded, which makes no classes of them",
        label="scores are not between 0 and 1",
        help="compare the scores with 0, or round the probabilities",
        remedies=remedies,
    )
    yield replace(at_operation(fact, found, wording), severity=Severity.ERROR)


def check(fact: Compared | OpCall) -> Iterator[Offence]:
    """A threshold among numbers of another scale."""
    if isinstance(fact, Compared):
        yield from _check_comparison(fact)
    elif isinstance(fact.row.effect, Transfer) and fact.row.verb == ROUNDED:
        yield from _check_rounding(fact)


RULE = Rule(
    code="LL308",
    name="threshold-mismatch",
    summary="a threshold for probabilities among raw scores, or the other way round",
    severity=Severity.WARNING,
    on=Compared | OpCall,
    check=check,
)
