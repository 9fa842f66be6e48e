"""LL311 handwritten-cross-entropy

## What it does
Finds cross entropy that is written out: the log-probabilities of the labels are picked by `gather`, by `log_probs[range(n), y]` or by
one-hot rows, averaged or summed, and taken with a minus.

## Why it is wrong
It is `F.cross_entropy(scores, y)` to 5e-7, with the same gradients, in more steps and more memory: one-hot rows cost N x C numbers. The
function also knows class weights, labels to ignore and label smoothing. Where one-hot rows are averaged over the classes as well, the loss
is C times smaller than cross entropy.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    log_probs = F.log_softmax(nn.Linear(20, 10)(x), dim=1)
    return -log_probs.gather(1, y.unsqueeze(1)).mean()
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    return F.cross_entropy(nn.Linear(20, 10)(x), y)
```

## Fix
Safe, where the whole formula is one expression, `-F.log_softmax(x, 1).gather(1, y[:, None]).mean()`: scores and labels are given to
`F.cross_entropy`. Shown only where a variable holds the log-probabilities: give these to `F.nll_loss` where they are read elsewhere.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.facts import Form, WrittenOut
from losslint.finding import Certainty, Severity
from losslint.remedy import CallForm
from losslint.rules._rule import Offence, Rule, Step, path_of

OVER_CLASSES = "classes"


def check(fact: WrittenOut) -> Iterator[Offence]:
    """A cross entropy of hard labels that is written out."""
    if fact.form is not Form.CROSS_ENTROPY:
        return
    small = fact.folded == OVER_CLASSES
    times = f"{fact.classes} times" if fact.classes else "as many times as there are classes"
    each = f"the mean is over the classes as well: {times} smaller than cross entropy"
    summed = ", reduction='sum'" if fact.folded == "sum" else ""
    yield Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message="cross entropy is written out" + (", and averaged over the classes as well" if small else ""),
        label=each if small else "this is the cross entropy of the scores and the labels",
        trace=tuple(Step(origin.site, origin.label) for origin in reversed(path_of(fact.of))),
        remedies=() if small else (CallForm(fact.site, fact.form, fact.of, fact.folded),),
        help=f"call F.cross_entropy(scores, labels{summed}), or F.nll_loss where log-probabilities are read elsewhere",
    )


RULE = Rule(
    code="LL311",
    name="handwritten-cross-entropy",
    summary="cross entropy is written out with log-probabilities and labels",
    severity=Severity.ADVICE,
    on=WrittenOut,
    check=check,
)
