"""LL132 kl-div-log-target-mismatch

## What it does
Finds a Kullback-Leibler divergence whose target is not what `log_target` says: log-probabilities without `log_target=True`,
probabilities with it, or raw scores.

## Why it is wrong
Without `log_target=True` the target is a distribution, of which the loss takes the logarithm itself: of log-probabilities, which
are negative, that is NaN. With `log_target=True` probabilities are taken for logarithms, and the loss is far off. Neither raises.

## Example
```python
import torch.nn.functional as F

def distil(student, teacher):
    p, q = F.log_softmax(student, dim=1), F.log_softmax(teacher, dim=1)
    return F.kl_div(p, q, reduction="batchmean")
```

## Use instead
```python
import torch.nn.functional as F

def distil(student, teacher):
    p, q = F.log_softmax(student, dim=1), F.log_softmax(teacher, dim=1)
    return F.kl_div(p, q, reduction="batchmean", log_target=True)
```

## Fix
Unsafe: `log_target=True` is added where every target of this loss is logarithms.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from losslint.domain.kind import Logits
from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.remedy import GiveOption
from losslint.rules._divergence import (
    LOGARITHMS,
    PROBABILITIES,
    breach_by_target,
    is_surely,
    is_swapped,
    noun,
    takes_log_target,
)
from losslint.rules._rule import Offence, Rule, Wording, at_loss, loss_trace, name_at


def _offends(case: LossCase, target: Tensor) -> bool:
    wants_logs = takes_log_target(case)
    if wants_logs is None or is_swapped(case):
        return False
    return is_surely(target, (*(PROBABILITIES if wants_logs else LOGARITHMS), Logits))


def check(fact: LossCall) -> Iterator[Offence]:
    """A target that is not what `log_target` says."""
    judged = breach_by_target(fact, _offends)
    if judged is None:
        return
    found, target = judged
    logs, name = takes_log_target(found.case), name_at(fact, found.row)
    given, scores = noun(target.kind), isinstance(target.kind, Logits)
    expects = "takes logarithms with log_target=True" if logs else "takes probabilities unless log_target=True"
    missing = "add log_target=True, or give softmax in place of log_softmax"
    wording = Wording(
        message=f"{given} are the target of {name}, which {expects}",
        label="this target is not a distribution" if scores else "log_target does not fit the target",
        help="apply softmax to the target" if scores else "drop log_target=True" if logs else missing,
        remedies=() if logs or scores else (GiveOption(found.case, fact, ("log_target", "True"), targets=LOGARITHMS),),
        notes=() if logs else ("the logarithm of a negative target is NaN",),
    )
    offence = at_loss(fact, found, RULE.severity, wording)
    yield replace(offence, trace=loss_trace(fact, found.case, target))


RULE = Rule(
    code="LL132",
    name="kl-div-log-target-mismatch",
    summary="the target of a KL divergence is not what log_target says: logarithms without it, probabilities with it",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
