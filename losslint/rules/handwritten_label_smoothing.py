"""LL313 handwritten-label-smoothing

## What it does
Finds cross entropy with label smoothing that is written out: `(1 - e) * nll + e * smooth`, where `smooth` is minus the mean of the
log-probabilities over the classes, or one-hot rows times `1 - e` plus `e / C`.

## Why it is wrong
It is `F.cross_entropy(scores, y, label_smoothing=e)` to 1e-6, with the same gradients. The function spares the one-hot rows and knows
labels to ignore. With class weights it is another function: it weighs the smoothing as well.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    log_probs = F.log_softmax(nn.Linear(20, 10)(x), dim=1)
    nll = -log_probs.gather(1, y.unsqueeze(1)).squeeze(1)
    smooth = -log_probs.mean(dim=1)
    return (0.9 * nll + 0.1 * smooth).mean()
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    return F.cross_entropy(nn.Linear(20, 10)(x), y, label_smoothing=0.1)
```

## Fix
Shown only: the scores and labels stand apart from the sum.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.facts import Form, WrittenOut
from losslint.finding import Certainty, Severity
from losslint.rules._rule import Offence, Rule, Step, path_of
from losslint.rules.handwritten_cross_entropy import OVER_CLASSES


def check(fact: WrittenOut) -> Iterator[Offence]:
    """A cross entropy with label smoothing that is written out."""
    if fact.form is not Form.LABEL_SMOOTHING or fact.folded == OVER_CLASSES:
        return
    summed = ", reduction='sum'" if fact.folded == "sum" else ""
    yield Offence(
        site=fact.site,
        certainty=Certainty.CERTAIN,
        message=f"label smoothing of {fact.smoothing:g} is written out",
        label="this is cross entropy with label smoothing",
        trace=tuple(Step(origin.site, origin.label) for origin in reversed(path_of(fact.of))),
        help=f"call F.cross_entropy(scores, labels, label_smoothing={fact.smoothing:g}{summed})",
    )


RULE = Rule(
    code="LL313",
    name="handwritten-label-smoothing",
    summary="cross entropy with label smoothing is written out",
    severity=Severity.ADVICE,
    on=WrittenOut,
    check=check,
)
