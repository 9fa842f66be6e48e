"""LL134 kl-div-argument-order

## What it does
Finds a Kullback-Leibler divergence that gets probabilities as its input and log-probabilities as its target: the other way round.

## Why it is wrong
`F.kl_div(log_q, p)` is the divergence of q from p: first the logarithms of the prediction, then the distribution that it should
match. The other way round the loss takes the logarithm of negative numbers and is NaN. Nothing raises.

## Example
```python
import torch.nn.functional as F

def distil(student, teacher):
    log_q, p = F.log_softmax(student, dim=1), F.softmax(teacher, dim=1)
    return F.kl_div(p, log_q, reduction="batchmean")
```

## Use instead
```python
import torch.nn.functional as F

def distil(student, teacher):
    log_q, p = F.log_softmax(student, dim=1), F.softmax(teacher, dim=1)
    return F.kl_div(log_q, p, reduction="batchmean")
```

## Fix
Shown only: which of the two is the prediction is for you to say.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow
from losslint.rules._divergence import is_divergence, is_swapped, noun
from losslint.rules._rule import Offence, Rule, Wording, at_loss, breach_in_case, name_at


def _offends(row: LossRow, _: Tensor, case: LossCase) -> bool:
    return is_divergence(row) and is_swapped(case)


def check(fact: LossCall) -> Iterator[Offence]:
    """Probabilities first, their logarithms second."""
    found = breach_in_case(fact, _offends)
    if found is None:
        return
    wording = Wording(
        message=f"{noun(found.input.kind)} come first at {name_at(fact, found.row)} and logarithms second, the wrong way round",
        label="the log-probabilities come first",
        help="give the log-probabilities of the prediction first, then the distribution to match",
        notes=("the logarithm of a negative target is NaN",),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL134",
    name="kl-div-argument-order",
    summary="a KL divergence gets probabilities first and log-probabilities second, the other way round",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
