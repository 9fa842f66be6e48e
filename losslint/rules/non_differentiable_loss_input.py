"""LL321 non-differentiable-loss-input

## What it does
Finds `backward()` of a loss that no gradient can come through: what it was computed from is an index (argmax), a comparison, rounded
numbers or integers, was detached, copied (`torch.tensor`, `.data`, `.numpy()`), or computed under `no_grad`, and so was its target.

## Why it is wrong
Gradients come back along the operations that made the loss. An index or a truth has none, and a copy remembers nothing of the
model that made it: torch raises `element 0 of tensors does not require grad and does not have a grad_fn`. Rounding is worse: each
gradient is 0, nothing is raised, and nothing is learnt.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(features, labels):
    scores = nn.Linear(20, 3)(features)
    loss = F.cross_entropy(scores.detach(), labels)
    loss.backward()
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(features, labels):
    scores = nn.Linear(20, 3)(features)
    loss = F.cross_entropy(scores, labels)
    loss.backward()
```

## Fix
Shown only: give the loss the numbers as the model made them, and take indices, truths and copies for reporting alone.

## References
- https://docs.pytorch.org/docs/stable/notes/autograd.html
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.origin import Cut
from losslint.domain.value import Tensor
from losslint.facts import Backward, certainty_of
from losslint.finding import Certainty, Severity
from losslint.rules._rule import Offence, Rule, Step

RAISES = "raises RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"


def check(fact: Backward) -> Iterator[Offence]:
    """Gradients of what was cut from the graph."""
    cuts = [case.input.cut if isinstance(case.input, Tensor) else None for case in fact.cases]
    certainty = certainty_of(fact.cases, [cut is not None for cut in cuts])
    cut: Cut | None = next((one for one in cuts if one is not None), None)
    if certainty is None or cut is None:
        return
    yield Offence(
        site=fact.site,
        certainty=certainty if cut.sure else min(certainty, Certainty.LIKELY),
        message=f"no gradient comes through this loss: {cut.how} keeps it from all that the loss was computed from",
        label="each gradient is 0, and nothing is raised" if cut.flat else RAISES,
        trace=(Step(cut.at, f"{cut.how} {'makes all gradients 0' if cut.flat else 'cuts the graph'} here"),),
        help="compute the loss from the numbers as the model made them",
    )


RULE = Rule(
    code="LL321",
    name="non-differentiable-loss-input",
    summary="backward of a loss that no gradient can come through: argmax, detach, no_grad",
    severity=Severity.ERROR,
    on=Backward,
    check=check,
)
