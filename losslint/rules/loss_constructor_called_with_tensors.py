"""LL401 loss-constructor-called-with-tensors

## What it does
Finds a loss class that is given the prediction and the target instead of its options.

## Why it is wrong
`nn.CrossEntropyLoss(out, y)` builds a loss with `out` as class weights and `y` as a flag. It raises `RuntimeError: Boolean value of
Tensor with more than one value is ambiguous`, or, with tensors of one element, gives a module where a number was expected.

## Example
```python
from torch import nn

def step(x, y):
    out = nn.Linear(20, 10)(x)
    return nn.CrossEntropyLoss(out, y)
```

## Use instead
```python
from torch import nn

def step(x, y):
    out = nn.Linear(20, 10)(x)
    return nn.CrossEntropyLoss()(out, y)
```

## Fix
Safe: a pair of parentheses is added, so that the loss is built first and called next.

## References
- https://docs.pytorch.org/docs/stable/nn.html#loss-functions
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Logits, LogProbs, LogSigmoid, Probs, SigmoidProbs
from losslint.domain.lattice import options_of
from losslint.domain.value import Const, Tensor, Value
from losslint.facts import LossBuilt
from losslint.finding import Certainty, Severity
from losslint.knowledge.signature import parameters
from losslint.remedy import CallTheResult
from losslint.rules._rule import Offence, Rule, loss_name

TENSOR_OPTIONS = frozenset({"weight", "pos_weight"})


def _is_tensor(value: Value) -> bool:
    return all(isinstance(option.value, Tensor) for option in options_of(value))


def _is_score(value: Value) -> bool:
    return isinstance(value, Tensor) and isinstance(value.kind, Logits | Probs | LogProbs | SigmoidProbs | LogSigmoid)


def _offends(fact: LossBuilt) -> bool:
    given = fact.arguments
    if fact.functional or len(given) < 2 or any(argument.keyword or argument.starred for argument in given):
        return False
    if any(isinstance(option.value, Const) for argument in given for option in options_of(argument.value)):
        return False
    names = [parameter.name for parameter in parameters(fact.row.constructor) if parameter.kind == "positional"]
    named = zip((*names, *[""] * len(given)), given, strict=False)
    misplaced = any(_is_tensor(argument.value) and name not in TENSOR_OPTIONS for name, argument in named)
    return misplaced or _is_score(given[0].value)


def check(fact: LossBuilt) -> Iterator[Offence]:
    """Prediction and target given to a constructor."""
    if not _offends(fact):
        return
    name = loss_name(fact.row)
    yield Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message=f"prediction and target are given to the constructor of {name}, which takes options",
        label="this builds a loss, it does not compute one",
        help=f"build the loss first: {name}()(input, target)",
        remedies=(CallTheResult(fact.site),),
    )


RULE = Rule(
    code="LL401",
    name="loss-constructor-called-with-tensors",
    summary="a loss class is given prediction and target instead of options",
    severity=Severity.ERROR,
    on=LossBuilt,
    check=check,
)
