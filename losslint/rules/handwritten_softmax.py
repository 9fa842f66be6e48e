"""LL312 handwritten-softmax

## What it does
Finds softmax, log_softmax, logsumexp, softplus and sigmoid that are written out: `e / e.sum(1, keepdim=True)` of `e = x.exp()`,
`x - x.logsumexp(1, keepdim=True)`, `torch.log(x.exp().sum(1))`, `torch.log(1 + torch.exp(x))`, `1 / (1 + torch.exp(-x))`.

## Why it is wrong
The exponential of 89 is infinite in float32: written out, softmax and softplus give NaN or infinity there, and NaN gradients. The functions
take the largest score off first, cost one pass, and give the same numbers to 1e-6. It is advice where the scores may have been made small
before, a warning where they come as a layer gives them.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x, target):
    scores = nn.Linear(20, 10)(x)
    grown = torch.exp(scores)
    return F.mse_loss(grown / grown.sum(dim=1, keepdim=True), target)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x, target):
    scores = nn.Linear(20, 10)(x)
    return F.mse_loss(torch.softmax(scores, dim=1), target)
```

## Fix
Safe, where the whole formula is one expression of floating numbers: the function of that name is called on what the exponential is taken
of. Shown only where a variable holds a part of the formula, or the axis of its sum is not written out.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
- https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from losslint.facts import Form, WrittenOut
from losslint.finding import Certainty, Severity
from losslint.remedy import CallForm
from losslint.rules._rule import Offence, Rule, Step, path_of

FUNCTIONS: Mapping[Form, str] = MappingProxyType(
    {
        Form.SOFTMAX: "softmax(x, dim)",
        Form.LOG_SOFTMAX: "log_softmax(x, dim)",
        Form.LOG_SUM_EXP: "logsumexp(x, dim)",
        Form.SOFTPLUS: "softplus(x)",
        Form.SIGMOID: "sigmoid(x)",
    }
)


def check(fact: WrittenOut) -> Iterator[Offence]:
    """A function of scores that is written out."""
    function = FUNCTIONS.get(fact.form)
    if function is None:
        return
    over = "scores above 88 give infinity or NaN here" if fact.unguarded else f"this is {fact.form.value}"
    yield Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message=f"{fact.form.value} is written out" + (", which fails for large scores" if fact.unguarded else ""),
        label=over,
        trace=tuple(Step(origin.site, origin.label) for origin in reversed(path_of(fact.of))) if fact.unguarded else (),
        help=f"call {function}, which is exact for all scores",
        remedies=(CallForm(fact.site, fact.form, fact.of),),
        severity=Severity.WARNING if fact.unguarded else None,
    )


RULE = Rule(
    code="LL312",
    name="handwritten-softmax",
    summary="softmax, logsumexp, softplus or sigmoid is written out with exponentials",
    severity=Severity.ADVICE,
    on=WrittenOut,
    check=check,
)
