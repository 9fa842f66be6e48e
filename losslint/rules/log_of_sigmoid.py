"""LL304 log-of-sigmoid

## What it does
Finds the logarithm of a sigmoid, or of one minus a sigmoid, taken as two operations.

## Why it is wrong
A sigmoid ends at 0 and at 1 in floating point: `log(sigmoid(z))` is -inf with NaN gradients for z below about -89, and
`log(1 - sigmoid(z))` is -inf for z of 17 already. logsigmoid is exact in both places.

## Example
```python
import torch

def step(model, x):
    return -torch.log(torch.sigmoid(model(x))).mean()
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x):
    return -F.logsigmoid(model(x)).mean()
```

## Fix
Safe: `log(sigmoid(x))` becomes `logsigmoid(x)` and `log(1 - sigmoid(x))` becomes `logsigmoid(-x)`, also through a name `p = sigmoid(x)`
as long as `x` still is what it was. A whole binary cross entropy written by hand is better replaced by the one with logits.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogSigmoid, SigmoidProbs
from losslint.domain.value import Tensor, Value
from losslint.facts import OpCall
from losslint.finding import Severity
from losslint.knowledge.tensor_effects import Transfer
from losslint.rules._rule import Offence, Rule, Wording, at_operation, fused, is_mixed, misuse


def _offends(given: Tensor, result: Value) -> bool:
    if is_mixed(given):
        return False
    return isinstance(given.kind, SigmoidProbs) and isinstance(result, Tensor) and isinstance(result.kind, LogSigmoid)


def check(fact: OpCall) -> Iterator[Offence]:
    """A logarithm of a sigmoid."""
    found = misuse(fact, _offends) if isinstance(fact.row.effect, Transfer) else None
    if found is None:
        return
    wording = Wording(
        message="the logarithm of a sigmoid is taken in two steps, which gives -inf and NaN gradients for large scores",
        label="use logsigmoid",
        help="apply logsigmoid to the scores: logsigmoid(x), and logsigmoid(-x) for one minus the sigmoid",
        remedies=fused(fact, found.input),
    )
    yield at_operation(fact, found, wording)


RULE = Rule(
    code="LL304",
    name="log-of-sigmoid",
    summary="log of sigmoid in two steps: -inf and NaN gradients for large scores",
    severity=Severity.WARNING,
    on=OpCall,
    check=check,
)
