"""LL121 logits-into-bce-loss

## What it does
Finds numbers that leave [0, 1] and reach a binary cross entropy loss: raw scores, outputs of tanh, log-probabilities, outputs
of relu.

## Why it is wrong
BCELoss takes the logarithm of its input and of one minus its input. As soon as one number leaves [0, 1] it raises
`RuntimeError: all elements of input should be between 0 and 1`; as long as all happen to lie inside, it is silent and wrong.
Outputs of relu may stay inside for a while, therefore a warning only.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 1)
    return F.binary_cross_entropy(head(x), y)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 1)
    return F.binary_cross_entropy_with_logits(head(x), y)
```

## Fix
Unsafe: the loss becomes BCEWithLogitsLoss. Predictions that compare with 0.5 then need a sigmoid, or 0 in its place.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Bounded, Logits, LogProbs, LogSigmoid, NonNegative
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow, Wants
from losslint.rules._rule import Offence, Rule, Wording, at_loss, breach, name_at, swap_loss

GIVEN = {
    Logits: "raw scores",
    Bounded: "numbers in [-1, 1]",
    LogProbs: "log-probabilities",
    LogSigmoid: "logarithms of sigmoids",
    NonNegative: "numbers without an upper bound",
}


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return row.family is LossFamily.BCE and type(tensor.kind) in GIVEN


def check(fact: LossCall) -> Iterator[Offence]:
    """Numbers outside [0, 1] into binary cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    kind = type(found.input.kind)
    wording = Wording(
        message=f"{GIVEN[kind]} reach {name_at(fact, found.row)}, which expects numbers in [0, 1]",
        label="the sigmoid is missing" if kind is Logits else "these numbers leave [0, 1]",
        help="use the binary cross entropy with logits on raw scores, or apply a sigmoid first",
        notes=("it raises as soon as one number leaves [0, 1], and is silent while all happen to lie inside",),
        remedies=swap_loss(fact, found, Wants.LOGITS) if kind is Logits else (),
    )
    yield at_loss(fact, found, Severity.WARNING if kind is NonNegative else RULE.severity, wording)


RULE = Rule(
    code="LL121",
    name="logits-into-bce-loss",
    summary="numbers that leave [0, 1] reach a binary cross entropy loss",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
