"""LL303 log-of-softmax

## What it does
Finds the logarithm of softmax, taken as two operations.

## Why it is wrong
Softmax of a score that lies far below the others is 0 in floating point: its logarithm is -inf and the gradients of all entries
become NaN. Scores of 200, 0, 0 are enough. log_softmax is exact there and costs one pass less.

## Example
```python
import torch
import torch.nn.functional as F

def step(model, x, y):
    return F.nll_loss(torch.log(F.softmax(model(x), dim=1)), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.nll_loss(F.log_softmax(model(x), dim=1), y)
```

## Fix
Safe: `log(softmax(x, d))` becomes `log_softmax(x, d)`, the same function; likewise `log(p)` of a name `p = softmax(x, d)`, as
long as `x` still is what it was. Whoever else reads `p` keeps it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogProbs, Probs
from losslint.domain.value import Tensor, Value
from losslint.facts import OpCall
from losslint.finding import Severity
from losslint.knowledge.tensor_effects import Transfer
from losslint.rules._rule import Offence, Rule, Wording, at_operation, fused, is_mixed, misuse


def _offends(given: Tensor, result: Value) -> bool:
    if not isinstance(given.kind, Probs) or not given.kind.whole or is_mixed(given):
        return False
    return isinstance(result, Tensor) and isinstance(result.kind, LogProbs)


def check(fact: OpCall) -> Iterator[Offence]:
    """A logarithm of softmax."""
    found = misuse(fact, _offends) if isinstance(fact.row.effect, Transfer) else None
    if found is None:
        return
    wording = Wording(
        message="the logarithm of a softmax is taken in two steps, which gives -inf and NaN gradients for large scores",
        label="use log_softmax",
        help="apply log_softmax to the scores",
        remedies=fused(fact, found.input),
    )
    yield at_operation(fact, found, wording)


RULE = Rule(
    code="LL303",
    name="log-of-softmax",
    summary="log of softmax in two steps: -inf and NaN gradients for large scores",
    severity=Severity.WARNING,
    on=OpCall,
    check=check,
)
