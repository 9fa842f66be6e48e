"""LL102 log-softmax-before-cross-entropy

## What it does
Finds log-probabilities over the classes that reach a cross entropy loss.

## Why it is wrong
It is redundant, not wrong. Cross entropy applies log_softmax itself, and log_softmax of log-probabilities gives them back
unchanged: loss and gradient stay as they are. What is lost is a pass over the scores, and the reader's certainty about what
the model returns.

## Example
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(F.log_softmax(model(x), dim=1), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(model(x), y)
```

## Fix
Safe where nothing else reads the log-probabilities: the log_softmax is removed. If they are read elsewhere keep them and take
NLLLoss, unless the loss smooths labels or has class probabilities as its target: NLLLoss can do neither.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Applicability, Severity
from losslint.knowledge.schema import LossFamily, LossRow, Wants
from losslint.rules._rule import (
    Offence,
    Rule,
    Wording,
    at_loss,
    breach,
    class_count,
    drop_activation,
    name_at,
    off_classes,
    swap_loss,
)


def _offends(row: LossRow, tensor: Tensor) -> bool:
    if row.family is not LossFamily.CROSS_ENTROPY or class_count(row, tensor) == 1:
        return False
    return isinstance(tensor.kind, LogProbs) and tensor.kind.whole and not off_classes(row, tensor)


def check(fact: LossCall) -> Iterator[Offence]:
    """Log-probabilities into cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"log-probabilities reach {name_at(fact, found.row)}, which applies log_softmax itself",
        label="redundant, not wrong: log_softmax twice is log_softmax",
        help="drop the log_softmax, or keep it and take the loss that expects log-probabilities",
        remedies=(
            *drop_activation(fact, found.input, Applicability.SAFE),
            *swap_loss(fact, found, Wants.LOG_PROBS, Applicability.SAFE),
        ),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL102",
    name="log-softmax-before-cross-entropy",
    summary="log-probabilities reach a cross entropy loss: redundant, not wrong",
    severity=Severity.ADVICE,
    on=LossCall,
    check=check,
)
