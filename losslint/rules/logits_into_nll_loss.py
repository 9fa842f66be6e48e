"""LL112 logits-into-nll-loss

## What it does
Finds raw scores that reach a negative log likelihood loss.

## Why it is wrong
NLLLoss only picks the entry of the label and changes its sign. On raw scores that is minus the score: the loss has no lower
bound, training pushes the scores up without end, and the loss ends at -inf or NaN. Nothing raises.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 5)
    return F.nll_loss(head(x), y)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 5)
    return F.cross_entropy(head(x), y)
```

## Fix
Unsafe: the loss becomes CrossEntropyLoss with the same options, which equals NLLLoss on log_softmax of the scores.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Logits
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow, Wants
from losslint.rules._rule import Offence, Rule, Wording, at_loss, breach, name_at, swap_loss


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return row.family is LossFamily.NLL and isinstance(tensor.kind, Logits)


def check(fact: LossCall) -> Iterator[Offence]:
    """Raw scores into negative log likelihood."""
    if fact.negated:  # the loss only picks the number of the wanted class, to make it large
        return
    found = breach(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"raw scores reach {name_at(fact, found.row)}, which expects log-probabilities",
        label="log_softmax is missing",
        help="use cross entropy on the raw scores, or apply log_softmax first",
        notes=("this loss has no lower bound: it falls below 0 and ends at -inf or NaN",),
        remedies=swap_loss(fact, found, Wants.LOGITS),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL112",
    name="logits-into-nll-loss",
    summary="raw scores reach a negative log likelihood loss, which expects log-probabilities",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
