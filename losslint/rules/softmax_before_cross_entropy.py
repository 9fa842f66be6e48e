"""LL101 softmax-before-cross-entropy

## What it does
Finds probabilities (from softmax, softmin, gumbel_softmax, `exp` of log-probabilities) that reach a cross entropy loss.

## Why it is wrong
Cross entropy applies log_softmax itself. Given probabilities it squeezes them a second time: with C classes the loss cannot
fall below ln(1 + (C-1)/e), which is 0.5514 for 3 classes, 1.4612 for 10 and 3.6222 for 100, and at a uniform output the
gradient is 1/C of the right one. Nothing raises. Easy tasks still train, hard ones hang.

## Example
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(F.softmax(model(x), dim=1), y)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, y):
    return F.cross_entropy(model(x), y)
```

## Fix
Unsafe: the softmax is removed. It changes what is trained, towards what the loss asks. Apply softmax where probabilities
are read (prediction, export), not before the loss. After the fix gradients grow by up to C: the learning rate may need a look.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import OneHot, Probs
from losslint.domain.value import Tensor
from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow
from losslint.rules._rule import Offence, Rule, breach, class_count, loss_name, loss_trace, softmax_floor


def _offends(row: LossRow, tensor: Tensor) -> bool:
    return row.family is LossFamily.CROSS_ENTROPY and isinstance(tensor.kind, Probs | OneHot)


def check(fact: LossCall) -> Iterator[Offence]:
    """Probabilities into cross entropy."""
    found = breach(fact, _offends)
    if found is None:
        return
    name, classes = loss_name(found.row), class_count(found.row, found.input)
    notes: tuple[str, ...] = ()
    if classes is not None and classes > 1:
        floor = softmax_floor(classes)
        notes = (f"with {classes} classes this loss cannot fall below {floor:.4f} = ln(1 + {classes - 1}/e)",)
    yield Offence(
        site=fact.site,
        certainty=found.certainty,
        message=f"probabilities reach {name}, which expects logits",
        label="softmax is applied twice",
        trace=loss_trace(fact, found.case),
        notes=notes,
        help=f"give the scores before the softmax to {name}; apply softmax only where probabilities are read",
    )


RULE = Rule(
    code="LL101",
    name="softmax-before-cross-entropy",
    summary="probabilities reach a cross entropy loss, which applies softmax itself",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
