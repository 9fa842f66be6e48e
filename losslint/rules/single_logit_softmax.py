"""LL306 single-logit-softmax

## What it does
Finds softmax and log_softmax over an axis of length 1, such as that of the output of `nn.Linear(n, 1)`.

## Why it is wrong
Softmax makes the numbers along its axis sum to 1: a single one becomes 1.0 whatever it was, and its logarithm 0.0. No gradient
comes back, and nothing is learnt through it. One score for each row wants a sigmoid; attention weights want the axis of the steps.

## Example
```python
import torch.nn.functional as F
from torch import nn

def predict(features):
    head = nn.Linear(20, 1)
    return F.softmax(head(features), dim=-1)
```

## Use instead
```python
import torch
from torch import nn

def predict(features):
    head = nn.Linear(20, 1)
    return torch.sigmoid(head(features))
```

## Fix
Unsafe: the activation becomes a sigmoid, or a logsigmoid, where nothing but losses on probabilities, orders and thresholds reads
its numbers. Attention weights, which other tensors are multiplied with, are a matter of softmax-over-batch (LL302).

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogProbs
from losslint.domain.value import Tensor, Value
from losslint.facts import OpCall
from losslint.finding import Severity
from losslint.knowledge.tensor_effects import Make
from losslint.remedy import Sink, TakeSigmoid
from losslint.rules._axes import is_parameter, is_single, normalised_over
from losslint.rules._rule import Misuse, Offence, Rule, Wording, at_operation, misuse, source_of


def _offends(given: Tensor, result: Value) -> bool:
    return is_single(given, normalised_over(result))


def _remedies(fact: OpCall, found: Misuse) -> tuple[TakeSigmoid, ...]:
    made = found.case.result
    source = source_of(made)
    return (
        ()
        if source is None or not isinstance(made, Tensor)
        else (TakeSigmoid(source, made.kind, Sink(fact.site.node)),)
    )


def check(fact: OpCall) -> Iterator[Offence]:
    """An activation over one score."""
    weighs = fact.site.node in fact.elsewhere.weighing  # then another axis was meant, which is a rule of its own
    found = misuse(fact, _offends) if isinstance(fact.row.effect, Make) and not weighs else None
    if found is None or is_parameter(found.input, fact.elsewhere):
        return
    verb = fact.row.verb or "softmax"
    axis = normalised_over(found.case.result)
    logs = isinstance(found.case.result, Tensor) and isinstance(found.case.result.kind, LogProbs)
    wording = Wording(
        message=f"{verb} over axis {axis}, which has length 1, gives {'0.0' if logs else '1.0'} whatever the scores are",
        label="one score alone always gets all of the probability",
        help=f"use {'logsigmoid' if logs else 'sigmoid'} for one score per row, or name the axis that was meant",
        remedies=_remedies(fact, found),
    )
    yield at_operation(fact, found, wording)


RULE = Rule(
    code="LL306",
    name="single-logit-softmax",
    summary="softmax over an axis of length 1: always 1.0",
    severity=Severity.ERROR,
    on=OpCall,
    check=check,
)
