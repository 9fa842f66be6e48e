"""LL141 ctc-input-not-log

## What it does
Finds raw scores or probabilities that reach a CTC loss, which expects log-probabilities.

## Why it is wrong
CTCLoss adds the logarithms of probabilities along each way to spell the target, and takes them as done. On raw scores or
probabilities it computes some number that may be negative, and raises nothing.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(features, texts, input_lengths, text_lengths):
    scores = nn.Linear(64, 28)(features)
    return F.ctc_loss(scores, texts, input_lengths, text_lengths)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(features, texts, input_lengths, text_lengths):
    scores = nn.Linear(64, 28)(features)
    return F.ctc_loss(scores.log_softmax(dim=-1), texts, input_lengths, text_lengths)
```

## Fix
Unsafe: raw scores get a log_softmax over the last axis, where a CTC loss expects the classes; softmax becomes log_softmax, or its
logarithm is taken at the loss where something else reads the probabilities.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Logits, Probs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow, Wants, WantsTarget
from losslint.remedy import ActOnArgument, Remedy
from losslint.rules._divergence import PROBABILITIES, is_surely, noun
from losslint.rules._rule import Breach, Offence, Rule, Wording, at_loss, breach, name_at, take_log

CLASSES = -1
"""The axis of the classes, behind that of time and, where there is one, that of the batch: no other loss of indices has it there."""


def _offends(row: LossRow, tensor: Tensor) -> bool:
    spells = row.wants is Wants.LOG_PROBS and row.wants_target is WantsTarget.INDEX and row.class_dim == CLASSES
    return spells and is_surely(tensor, (*PROBABILITIES, Logits))


def _remedies(fact: LossCall, found: Breach) -> tuple[Remedy, ...]:
    name = found.row.input
    if isinstance(found.input.kind, Logits):
        return (ActOnArgument(found.case, fact, name, "log_softmax(dim=-1)", (Logits,)),)
    if isinstance(found.input.kind, Probs):
        return (*take_log(fact, found.input), ActOnArgument(found.case, fact, name, "log()", (Probs,)))
    return ()


def check(fact: LossCall) -> Iterator[Offence]:
    """Anything but logarithms into a CTC loss."""
    found = breach(fact, _offends)
    if found is None:
        return
    scores = isinstance(found.input.kind, Logits)
    wording = Wording(
        message=f"{noun(found.input.kind)} reach {name_at(fact, found.row)}, which expects log-probabilities",
        label="log_softmax is missing" if scores else "the logarithm is missing",
        help="apply log_softmax over the classes, the last axis" + ("" if scores else ", in place of the activation"),
        notes=("this loss can be negative, which a right one never is",),
        remedies=_remedies(fact, found),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL141",
    name="ctc-input-not-log",
    summary="raw scores or probabilities reach a CTC loss, which expects log-probabilities",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
