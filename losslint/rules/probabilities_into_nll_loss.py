"""LL111 probabilities-into-nll-loss

## What it does
Finds probabilities (of a softmax or a sigmoid), or logarithms of sigmoids, that reach a negative log likelihood loss.

## Why it is wrong
NLLLoss takes the logarithm as done and only picks the entry of the label. Given probabilities it is minus the probability:
the loss lies in [-1, 0], is negative from the start, and a wrong answer given with confidence gets almost no gradient. Given
logarithms of sigmoids it reaches 0 by pushing all outputs up, since they do not compete. Nothing raises.

## Example
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.nll_loss(F.softmax(model(x), dim=1), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.nll_loss(F.log_softmax(model(x), dim=1), y)
```

## Fix
Unsafe: softmax becomes log_softmax where nothing else reads the probabilities, else the loss becomes CrossEntropyLoss on the
scores before the softmax.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogSigmoid, OneHot, Probs, SigmoidProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow, Wants
from losslint.rules._rule import Offence, Rule, Wording, at_loss, averages, breach, name_at, swap_loss, take_log


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return row.family is LossFamily.NLL and isinstance(tensor.kind, Probs | OneHot | SigmoidProbs | LogSigmoid)


def check(fact: LossCall) -> Iterator[Offence]:
    """Probabilities into negative log likelihood."""
    if fact.negated:  # the loss only picks the number of the wanted class, to make it large
        return
    found = breach(fact, _offends)
    if found is None:
        return
    logarithms = isinstance(found.input.kind, LogSigmoid)
    given = "logarithms of sigmoids" if logarithms else "probabilities"
    wanted = "log-probabilities over the classes" if logarithms else "log-probabilities"
    notes = (
        ()
        if logarithms or not averages(found.case)
        else ("this loss lies in [-1, 0], where a right one is never negative",)
    )
    wording = Wording(
        message=f"{given} reach {name_at(fact, found.row)}, which expects {wanted}",
        label="outputs that do not compete" if logarithms else "the logarithm is missing",
        help="apply log_softmax in its place, or give the raw scores to cross entropy",
        notes=notes,
        remedies=(
            (*take_log(fact, found.input), *swap_loss(fact, found, Wants.LOGITS, drop=True))
            if isinstance(found.input.kind, Probs)
            else ()
        ),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL111",
    name="probabilities-into-nll-loss",
    summary="probabilities reach a negative log likelihood loss, which expects log-probabilities",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
