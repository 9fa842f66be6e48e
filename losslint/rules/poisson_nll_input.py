"""LL142 poisson-nll-input

## What it does
Finds a rate (of exp, softplus or relu) that reaches PoissonNLLLoss as if it were the logarithm of a rate, and raw scores that
reach it with `log_input=False` as if they were a rate.

## Why it is wrong
By default the loss takes its input for the logarithm of the rate and applies exp itself: a rate goes through exp a second time.
With `log_input=False` it takes the logarithm of the input, which is NaN where the input is negative. Neither raises.

## Example
```python
import torch.nn.functional as F

def step(model, x, counts):
    rate = F.softplus(model(x))
    return F.poisson_nll_loss(rate, counts)
```

## Use instead
```python
import torch.nn.functional as F

def step(model, x, counts):
    rate = F.softplus(model(x))
    return F.poisson_nll_loss(rate, counts, log_input=False)
```

## Fix
Unsafe: `log_input=False` is written for a rate, `log_input=True` for raw scores, where all that reaches the loss is of that sort.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Bounded, Logits, LogProbs, LogSigmoid, NonNegative
from losslint.domain.value import Const, Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow
from losslint.remedy import GiveOption
from losslint.rules._divergence import is_surely
from losslint.rules._rule import Offence, Rule, Wording, at_loss, breach_in_case, name_at, source_of

OPTION = "log_input"
CUT_OFF = ("relu", "relu6", "abs")
"""What may also be meant to keep the logarithm of a rate from falling below 0."""


def _takes_log(case: LossCase) -> bool | None:
    """Whether the loss takes its input for a logarithm; None where that is not known."""
    given = case.options.value(OPTION)
    if given is None or (isinstance(given, Tensor) and case.row is not None and case.row.input == OPTION):
        return None if case.options.open else True
    return bool(given.value) if isinstance(given, Const) else None


def _offends(row: LossRow, tensor: Tensor, case: LossCase) -> bool:
    if row.family is not LossFamily.POISSON_NLL:
        return False
    takes_log = _takes_log(case)
    if takes_log is None:
        return False
    return is_surely(tensor, (NonNegative,) if takes_log else (Logits, LogProbs, LogSigmoid, Bounded))


def check(fact: LossCall) -> Iterator[Offence]:
    """A rate for its logarithm, or numbers of any sign for a rate."""
    found = breach_in_case(fact, _offends)
    if found is None:
        return
    takes_log, name = _takes_log(found.case), name_at(fact, found.row)
    source = source_of(found.input)
    given = "a rate, never negative," if takes_log else "numbers that may be negative"
    wanted = "the logarithm of a rate" if takes_log else "a rate with log_input=False"
    wording = Wording(
        message=f"{given} reach{'es' if takes_log else ''} {name}, which expects {wanted}",
        label="exp is applied once more" if takes_log else "the logarithm of this is NaN where it is negative",
        help="write log_input=False, or leave the activation out" if takes_log else "drop log_input=False",
        remedies=(GiveOption(found.case, fact, (OPTION, str(not takes_log)), inputs=(type(found.input.kind),)),),
    )
    doubtful = takes_log and (source is None or source.by in CUT_OFF)
    yield at_loss(fact, found, Severity.WARNING if doubtful else RULE.severity, wording)


RULE = Rule(
    code="LL142",
    name="poisson-nll-input",
    summary="a rate reaches PoissonNLLLoss as if it were a logarithm, or raw scores as if they were a rate",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
