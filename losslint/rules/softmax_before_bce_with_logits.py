"""LL123 softmax-before-bce-with-logits

## What it does
Finds probabilities or log-probabilities over classes that reach a binary cross entropy with logits, or another binary loss
that applies sigmoid itself.

## Why it is wrong
The loss takes what it gets for raw scores. A probability in [0, 1] becomes a sigmoid in [0.5, 0.7311], so that no class can be
denied. A log-probability is never positive, so that its sigmoid never exceeds 0.5: a warning, since it can still be learnt from.
Nothing raises.

## Example
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.binary_cross_entropy_with_logits(F.softmax(model(x), dim=1), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.binary_cross_entropy_with_logits(model(x), y)
```

## Fix
Unsafe: the softmax is removed. Where classes exclude each other CrossEntropyLoss on the raw scores is the loss to take.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogProbs, OneHot, Probs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow
from losslint.rules._rule import (
    Breach,
    Offence,
    Rule,
    Wording,
    applies_sigmoid,
    at_loss,
    breach,
    drop_activation,
    is_plain_sigmoid_loss,
    name_at,
)


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return applies_sigmoid(row) and isinstance(tensor.kind, Probs | OneHot | LogProbs)


def _notes(found: Breach) -> tuple[str, ...]:
    if not is_plain_sigmoid_loss(found):
        return ()
    if isinstance(found.input.kind, LogProbs):
        return ("what it takes for the probability of a class never exceeds 0.5",)
    return ("for targets of 0 and 1 this loss lies in [0.3133, 1.3133]",)


def check(fact: LossCall) -> Iterator[Offence]:
    """Probabilities over classes into a loss that applies sigmoid."""
    found = breach(fact, _offends)
    if found is None:
        return
    logarithms = isinstance(found.input.kind, LogProbs)
    given = "log-probabilities" if logarithms else "probabilities"
    wording = Wording(
        message=f"{given} over classes reach {name_at(fact, found.row)}, which applies sigmoid itself",
        label=f"sigmoid on top of {'log_softmax' if logarithms else 'softmax'}",
        help="give it the raw scores, or use cross entropy where classes exclude each other",
        notes=_notes(found),
        remedies=drop_activation(fact, found.input),
    )
    yield at_loss(fact, found, Severity.WARNING if logarithms else RULE.severity, wording)


RULE = Rule(
    code="LL123",
    name="softmax-before-bce-with-logits",
    summary="probabilities over classes reach a binary loss that applies sigmoid itself",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
