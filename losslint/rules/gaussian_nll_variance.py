"""LL143 gaussian-nll-variance

## What it does
Finds raw scores, or the logarithm of a variance as a layer gives it, that reach GaussianNLLLoss as its variance.

## Why it is wrong
A variance is never negative. As soon as one number is, the loss raises `ValueError: var has negative entry/entries`; while none
happens to be, a logarithm is silently taken for the variance itself.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(features, y):
    mean, spread = nn.Linear(8, 1)(features), nn.Linear(8, 1)(features)
    return F.gaussian_nll_loss(mean, y, spread)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(features, y):
    mean, spread = nn.Linear(8, 1)(features), nn.Linear(8, 1)(features)
    return F.gaussian_nll_loss(mean, y, F.softplus(spread))
```

## Fix
Shown only: `softplus(x)` for any scores, or `x.exp()` where they are meant as the logarithm of the variance; it is for you to say.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from losslint.domain.kind import Bounded, Logits, LogProbs, LogSigmoid
from losslint.domain.lattice import options_of
from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily
from losslint.rules._divergence import is_surely
from losslint.rules._rule import Offence, Rule, Wording, at_loss, breach_in_case, loss_trace, name_at

SIGNED = (Logits, Bounded, LogProbs, LogSigmoid)


def _variances(case: LossCase) -> list[Tensor]:
    """The variances that may reach a case; none where one of them is not known to take either sign."""
    given = case.options.value("var")
    held = [] if given is None else [option.value for option in options_of(given)]
    found = [value for value in held if isinstance(value, Tensor) and is_surely(value, SIGNED)]
    return found if len(found) == len(held) else []


def _judged(case: LossCase) -> LossCase:
    """A case as it is judged: by its variance alone."""
    found = _variances(case)
    return replace(case, input=found[0]) if found else case


def check(fact: LossCall) -> Iterator[Offence]:
    """A variance that may be negative."""
    if not any(case.row is not None and case.row.family is LossFamily.GAUSSIAN_NLL for case in fact.cases):
        return
    cases = tuple(map(_judged, fact.cases))
    found = breach_in_case(
        replace(fact, cases=cases),
        lambda row, _, case: row.family is LossFamily.GAUSSIAN_NLL and bool(_variances(case)),
    )
    if found is None:
        return
    wording = Wording(
        message=f"numbers that may be negative reach {name_at(fact, found.row)} as its variance",
        label="a variance is never negative",
        help="apply softplus to them, or exp where they are the logarithm of the variance",
        notes=("torch raises ValueError: var has negative entry/entries as soon as one is negative",),
    )
    yield replace(at_loss(fact, found, RULE.severity, wording), trace=loss_trace(fact, found.case, found.input))


RULE = Rule(
    code="LL143",
    name="gaussian-nll-variance",
    summary="raw scores or a logarithm reach GaussianNLLLoss as its variance, which is never negative",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
