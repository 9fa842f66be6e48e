"""LL131 kl-div-input-not-log

## What it does
Finds probabilities, one-hot rows, outputs of a sigmoid or raw scores that reach a Kullback-Leibler divergence as its input.

## Why it is wrong
KLDivLoss takes the logarithm of its input as done. Given probabilities, the divergence of a distribution from itself is not 0 but
negative, training pushes the numbers in a direction of its own, and nothing raises. Raw scores have no lower bound at all.

## Example
```python
import torch.nn.functional as F

def distil(student, teacher):
    p, q = F.softmax(student, dim=1), F.softmax(teacher, dim=1)
    return F.kl_div(p, q, reduction="batchmean")
```

## Use instead
```python
import torch.nn.functional as F

def distil(student, teacher):
    p, q = F.log_softmax(student, dim=1), F.softmax(teacher, dim=1)
    return F.kl_div(p, q, reduction="batchmean")
```

## Fix
Unsafe: softmax becomes log_softmax; where something else reads the probabilities, their logarithm is taken at the loss. Raw scores
get a log_softmax over the axis of the target's softmax.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Kind, Logits, OneHot, Probs, SigmoidProbs
from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.schema import LossRow
from losslint.remedy import ActOnArgument, Remedy
from losslint.rules._divergence import PROBABILITIES, is_divergence, is_surely, is_swapped, noun
from losslint.rules._rule import Breach, Offence, Rule, Wording, at_loss, breach_in_case, name_at, take_log

_HELP: dict[type[Kind], str] = {
    Logits: "apply log_softmax over the classes first",
    Probs: "apply log_softmax in place of the softmax",
    SigmoidProbs: "apply logsigmoid in place of the sigmoid",
    OneHot: "give log-probabilities first; one-hot rows can be the target",
}


def _offends(row: LossRow, tensor: Tensor, case: LossCase) -> bool:
    return is_divergence(row) and is_surely(tensor, (*PROBABILITIES, Logits)) and not is_swapped(case)


def _remedies(fact: LossCall, found: Breach) -> tuple[Remedy, ...]:
    """The activation gives its logarithm; else it is taken at the loss, where the axis of the classes is known."""
    kind, target, name = found.input.kind, found.case.target, found.row.input
    if isinstance(kind, Probs):
        late = ActOnArgument(found.case, fact, name, "log()", (Probs,))
        return (*take_log(fact, found.input), late)
    if not isinstance(kind, Logits) or not isinstance(target, Tensor) or not isinstance(target.kind, Probs):
        return ()
    axis = target.kind.dim
    return () if axis is None else (ActOnArgument(found.case, fact, name, f"log_softmax(dim={axis})", (Logits,)),)


def check(fact: LossCall) -> Iterator[Offence]:
    """Anything but logarithms into a divergence."""
    found = breach_in_case(fact, _offends)
    if found is None:
        return
    scores = isinstance(found.input.kind, Logits)
    wording = Wording(
        message=f"{noun(found.input.kind)} reach {name_at(fact, found.row)}, which expects log-probabilities",
        label="log_softmax is missing" if scores else "the logarithm is missing",
        help=_HELP[type(found.input.kind)],
        notes=("this loss is not 0 where both distributions are the same, and falls below 0",),
        remedies=_remedies(fact, found),
    )
    yield at_loss(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL131",
    name="kl-div-input-not-log",
    summary="probabilities or raw scores reach a KL divergence as its input, which must be log-probabilities",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
