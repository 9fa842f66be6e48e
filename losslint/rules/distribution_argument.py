"""LL151 distribution-argument

## What it does
Finds distributions that get scores for probabilities or probabilities for scores: `Categorical(scores)`, whose first argument is
`probs`, `Categorical(logits=softmax(x))`, `Bernoulli(logits=sigmoid(x))`, `torch.multinomial(scores, 1)`.

## Why it is wrong
`probs` are divided by their sum: of negative scores that raises a ValueError, but scores of one sign pass in silence, and of
log-probabilities it turns the order round: [0.1, 0.9] becomes [0.9562, 0.0438]. `logits` go through softmax: probabilities given
there are squeezed, [0.1, 0.9] becomes [0.31, 0.69], and no action can become sure.

## Example
```python
from torch import nn
from torch.distributions import Categorical

def act(state):
    scores = nn.Linear(4, 2)(state)
    return Categorical(scores).sample()
```

## Use instead
```python
from torch import nn
from torch.distributions import Categorical

def act(state):
    scores = nn.Linear(4, 2)(state)
    return Categorical(logits=scores).sample()
```

## Fix
Unsafe: the argument gets the name of what it is, where all that comes there is of that sort. What is drawn changes.

## References
- https://docs.pytorch.org/docs/stable/distributions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Bounded, Kind, Logits, LogProbs, LogSigmoid, Probs, SigmoidProbs
from losslint.domain.value import NONE, Tensor, Value
from losslint.facts import OpCall
from losslint.finding import Applicability, Severity
from losslint.knowledge.tensor_effects import Distribution, Draw
from losslint.remedy import ChangeArguments
from losslint.rules._divergence import is_surely, noun
from losslint.rules._rule import Offence, Rule, Wording, at_operation, misuse

SIGNED = (Logits, LogProbs, LogSigmoid, Bounded)
SQUEEZED = (Probs, SigmoidProbs)
PROBS, LOGITS = "probs", "logits"


def _parameter(fact: OpCall) -> str | None:
    """What the numbers are taken for: `probs` or `logits`; None for other operations."""
    if isinstance(fact.row.effect, Draw):
        return PROBS
    if not isinstance(fact.row.effect, Distribution):
        return None
    given = [name for name in (PROBS, LOGITS) if fact.bound.value(name) not in (None, NONE)]
    return given[0] if len(given) == 1 else None


def _notes(kind: Kind, taken: str, fact: OpCall) -> tuple[str, ...]:
    if isinstance(fact.row.effect, Draw):
        return ("torch raises RuntimeError as soon as one of them is negative",)
    if taken == LOGITS:
        return ("a squeezed distribution never becomes sure, and its log_prob is another one's",)
    each = isinstance(fact.row.effect, Distribution) and fact.row.effect.each
    if isinstance(kind, LogProbs) and not each:
        return ("nothing raises: they are divided by their negative sum, and the likeliest becomes the rarest",)
    return ("torch raises ValueError as soon as one of them is negative, and is silent while none is",)


def _named(fact: OpCall, kind: Kind, taken: str) -> tuple[ChangeArguments, ...]:
    """The argument under the name of what it is; scores of classes may be their log-probabilities."""
    effect = fact.row.effect
    if not isinstance(effect, Distribution):
        return ()
    scores: tuple[type[Kind], ...] = (Logits,) if effect.each else (Logits, LogProbs)
    kinds = scores if taken == PROBS else (SigmoidProbs,) if effect.each else (Probs,)
    if not isinstance(kind, kinds):
        return ()
    other = LOGITS if taken == PROBS else PROBS
    return (ChangeArguments(fact.site, fact.bound, ((other, ""),), (taken,), Applicability.UNSAFE, kinds),)


def check(fact: OpCall) -> Iterator[Offence]:
    """Scores for probabilities, or probabilities for scores."""
    taken = _parameter(fact)
    if taken is None:
        return
    wrong = SIGNED if taken == PROBS else SQUEEZED

    def offends(given: Tensor, _: Value) -> bool:
        return is_surely(given, wrong)

    found = misuse(fact, offends)
    if found is None:
        return
    kind, name = found.input.kind, fact.row.verb
    given = "values between -1 and 1" if isinstance(kind, Bounded) else noun(kind)
    wants, other = ("probabilities", LOGITS) if taken == PROBS else ("raw scores", PROBS)
    drawn = isinstance(fact.row.effect, Draw)
    role = "weights, which are never negative" if drawn else f"{taken}, which are {wants}"
    wording = Wording(
        message=f"{given} are given to {name} as its {role}",
        label="negative weights" if drawn else f"these are no {wants}",
        help="apply softmax first" if drawn else f"give them by name as what they are: {other}=",
        notes=_notes(kind, taken, fact),
        remedies=_named(fact, kind, taken),
    )
    yield at_operation(fact, found, wording)


RULE = Rule(
    code="LL151",
    name="distribution-argument",
    summary="a distribution gets scores as probs, or probabilities as logits",
    severity=Severity.ERROR,
    on=OpCall,
    check=check,
)
