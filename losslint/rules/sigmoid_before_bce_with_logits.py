"""LL122 sigmoid-before-bce-with-logits

## What it does
Finds outputs of a sigmoid that reach a binary cross entropy with logits, or another binary loss that applies sigmoid itself.

## Why it is wrong
The sigmoid is applied twice, so that what the loss takes for the probability lies in (0.5, 0.7311). For a target of 1 each term of the
loss lies in [0.3133, 0.6931], for a target of 0 in [0.6931, 1.3133]; no "no" can be said, and with few positives the model
finds none. At a score of 0 and a target of 0 the gradient is 0.156 instead of 0.5. Nothing raises.

## Example
```python
import torch
import torch.nn.functional as F

def step(model, x, y):
    return F.binary_cross_entropy_with_logits(torch.sigmoid(model(x)), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.binary_cross_entropy_with_logits(model(x), y)
```

## Fix
Unsafe: the sigmoid is removed. Where probabilities are read elsewhere BCELoss in place of the loss keeps them, unless `pos_weight` is
given, which BCELoss lacks. After the removal `out > 0.5` must become `out > 0`.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import SigmoidProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow, Wants
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
    swap_loss,
)


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return applies_sigmoid(row) and isinstance(tensor.kind, SigmoidProbs)


def _notes(found: Breach) -> tuple[str, ...]:
    if not is_plain_sigmoid_loss(found):
        return ()
    return ("for targets of 0 and 1 this loss lies in [0.3133, 1.3133]",)


def check(fact: LossCall) -> Iterator[Offence]:
    """Outputs of a sigmoid into a loss that applies sigmoid."""
    found = breach(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"outputs of a sigmoid reach {name_at(fact, found.row)}, which applies sigmoid itself",
        label="sigmoid is applied twice",
        help="give it the scores before the sigmoid; apply sigmoid only where probabilities are read",
        notes=_notes(found),
        remedies=(*drop_activation(fact, found.input), *swap_loss(fact, found, Wants.PROBS)),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL122",
    name="sigmoid-before-bce-with-logits",
    summary="outputs of a sigmoid reach a binary loss that applies sigmoid itself",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
