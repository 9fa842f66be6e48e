"""LL305 repeated-activation

## What it does
Finds softmax or log_softmax of probabilities over the same axis, and sigmoid of what a sigmoid or a softmax gave.

## Why it is wrong
The second activation takes probabilities for scores and squeezes them: a softmax of 10 probabilities lies in [0.0853, 0.2320], a
sigmoid of a sigmoid in [0.5, 0.7311]. A threshold of 0.5 is then always passed, confidences mean nothing, and a loss on top has
a floor. Softmax of log-probabilities gives the probabilities back, and log_softmax of log-probabilities changes nothing: neither is reported.

## Example
```python
import torch.nn.functional as F
from torch import nn

def predict(x):
    net = nn.Sequential(nn.Linear(20, 10), nn.Softmax(dim=1))
    return F.softmax(net(x), dim=1)
```

## Use instead
```python
from torch import nn

def predict(x):
    net = nn.Sequential(nn.Linear(20, 10), nn.Softmax(dim=1))
    return net(x)
```

## Fix
Unsafe: the second activation is removed; of a log_softmax on top of a softmax the softmax is, where nothing else reads its numbers.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import LogProbs, Probs, SigmoidProbs
from losslint.domain.value import Tensor, Value
from losslint.facts import OpCall
from losslint.finding import Severity
from losslint.knowledge.tensor_effects import Make
from losslint.remedy import DropActivation, Sink
from losslint.rules._rule import Misuse, Offence, Rule, Wording, at_operation, misuse, source_of


def _offends(given: Tensor, result: Value) -> bool:
    if not isinstance(result, Tensor):
        return False
    match given.kind, result.kind:
        case SigmoidProbs(), SigmoidProbs():
            return True
        case Probs(whole=True), SigmoidProbs():
            return True
        case Probs(dim=before, whole=True), Probs(dim=after) | LogProbs(dim=after):
            return given.shape.normal(before) == given.shape.normal(after) or before is None or after is None
        case _:
            return False


def _remedies(fact: OpCall, found: Misuse) -> tuple[DropActivation, ...]:
    """A second activation alike goes; before a logarithm of its own the first one does."""
    made, sink = found.case.result, Sink(fact.site.node)
    last = source_of(made) if isinstance(made, Tensor) and type(made.kind) is type(found.input.kind) else None
    if last is not None and isinstance(made, Tensor):
        return (DropActivation(last, made.kind, sink, repeated=True),)
    first = source_of(found.input)
    if first is None or not isinstance(made, Tensor) or not isinstance(made.kind, LogProbs):
        return ()
    return (DropActivation(first, found.input.kind, sink),)


def check(fact: OpCall) -> Iterator[Offence]:
    """An activation of what has been through one."""
    found = misuse(fact, _offends) if isinstance(fact.row.effect, Make) else None
    if found is None:
        return
    given = "outputs of a sigmoid" if isinstance(found.input.kind, SigmoidProbs) else "probabilities"
    verb = fact.row.verb or "an activation"
    wording = Wording(
        message=f"{verb} is applied to {given} as if they were raw scores",
        label="already activated",
        help=f"drop this {verb}, or the activation before it",
        remedies=_remedies(fact, found),
    )
    yield at_operation(fact, found, wording)


RULE = Rule(
    code="LL305",
    name="repeated-activation",
    summary="softmax or sigmoid of what has been through softmax or sigmoid",
    severity=Severity.ERROR,
    on=OpCall,
    check=check,
)
