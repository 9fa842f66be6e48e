"""LL307 single-logit-argmax

## What it does
Finds the index of the largest over an axis of length 1: argmax, or `torch.max` with an axis, on the output of `nn.Linear(n, 1)`.

## Why it is wrong
Of one number the first is always the largest: the prediction is 0 for every row, and the accuracy is the share of label 0. One score
for each row is compared with a threshold, 0 for raw scores and 0.5 for what a sigmoid gave.

## Example
```python
from torch import nn

def evaluate(features, labels):
    scores = nn.Linear(20, 1)(features)
    loss = nn.BCEWithLogitsLoss()(scores, labels)
    return loss, scores.argmax(dim=-1)
```

## Use instead
```python
from torch import nn

def evaluate(features, labels):
    scores = nn.Linear(20, 1)(features)
    loss = nn.BCEWithLogitsLoss()(scores, labels)
    return loss, (scores > 0).long().squeeze(-1)
```

## Fix
Unsafe: an argmax is replaced by the comparison, of the same shape. What gives values and indices together is shown only.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.argmax.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import Logits, SigmoidProbs
from losslint.domain.value import Const, Tensor, TupleValue, Value
from losslint.facts import OpCall
from losslint.finding import Severity
from losslint.knowledge.tensor_effects import Fold, Reduction
from losslint.remedy import WriteAround
from losslint.rules._axes import axis_given, is_parameter, is_single
from losslint.rules._rule import Misuse, Offence, Rule, Wording, at_operation, misuse


def _remedies(fact: OpCall, found: Misuse, axis: int) -> tuple[WriteAround, ...]:
    """The comparison in the place of the index; an axis that argmax takes away goes here, too."""
    kinds = {type(case.input.kind) for case in fact.cases if isinstance(case.input, Tensor)}
    if not isinstance(found.case.result, Tensor) or len(kinds) != 1 or not kinds <= {Logits, SigmoidProbs}:
        return ()
    keeps = fact.bound.value("keepdim") or Const(False)
    if not isinstance(keeps, Const) or fact.bound.open:
        return ()
    least = "0" if kinds == {Logits} else "0.5"
    tail = "" if keeps.value else f".squeeze({axis})"
    given = fact.bound.arguments["input"].site
    return (WriteAround(fact.site, given, fact.row.verb, f"({{}} > {least}).long(){tail}"),)


def check(fact: OpCall) -> Iterator[Offence]:
    """An index among one."""
    effect, axis = fact.row.effect, axis_given(fact, "dim")
    if not isinstance(effect, Fold) or axis is None:
        return

    def offends(given: Tensor, result: Value) -> bool:
        if not is_single(given, axis):
            return False
        # Values and indices: of rows of one score nobody wants the values, of images or sequences somebody may.
        return effect.reduction is Reduction.INDEX or (isinstance(result, TupleValue) and given.shape.rank == 2)

    found = misuse(fact, offends)
    if found is None or is_parameter(found.input, fact.elsewhere):
        return
    least = "0.5" if isinstance(found.input.kind, SigmoidProbs) else "0"
    wording = Wording(
        message=f"the index of the largest over axis {axis}, which has length 1, is always 0",
        label="the first of one",
        help=f"compare the one score with a threshold: `scores > {least}`",
        remedies=_remedies(fact, found, axis),
    )
    yield at_operation(fact, found, wording)


RULE = Rule(
    code="LL307",
    name="single-logit-argmax",
    summary="argmax over an axis of length 1: always 0",
    severity=Severity.ERROR,
    on=OpCall,
    check=check,
)
