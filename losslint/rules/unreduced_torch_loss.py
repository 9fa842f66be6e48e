"""LL406 unreduced-torch-loss

## What it does
Finds losses that give one number for each element where a single one is needed: `loss.backward()` on a loss with `reduction="none"`, or on
one of the functions that stand in `torch` itself, such as `torch.kl_div` and `torch.binary_cross_entropy_with_logits`. These take a
reduction as an integer, and none where it is left out; a string is pointed out where it is given.

## Why it is wrong
Gradients are taken of one number: `RuntimeError: grad can be implicitly created only for scalar outputs`. The functions in `torch` are the
inner parts of those in `torch.nn.functional`: 0, 1 and 2 stand for none, mean and sum, the default is none, and a string raises
`TypeError: kl_div(): argument 'reduction' must be int, not str`.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 1)
    loss = torch.binary_cross_entropy_with_logits(head(x), y)
    loss.backward()
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 1)
    loss = F.binary_cross_entropy_with_logits(head(x), y)
    loss.backward()
```

## Fix
Unsafe: the function of the same name in `torch.nn.functional` is called, which gives the mean where nothing else is asked for. Where a
reduction of `"none"` was written, what becomes of the elements is for the author to say.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.origin import Origin
from losslint.domain.value import Const, Tensor, Value
from losslint.facts import Argument, Backward, LossBuilt, OpCase, certainty_of
from losslint.finding import Certainty, Severity
from losslint.knowledge.schema import UNREDUCED, LossRow
from losslint.remedy import TakeFunctional
from losslint.rules._rule import Offence, Rule, Step, loss_name

REDUCTION = "reduction"


def check(fact: Backward | LossBuilt) -> Iterator[Offence]:
    """A string for a reduction that is an integer, and gradients of many numbers at once."""
    if isinstance(fact, Backward):
        yield from _of_many(fact)
        return
    argument = fact.bound.arguments.get(REDUCTION)
    text = argument.value.value if argument is not None and isinstance(argument.value, Const) else None
    if argument is not None and isinstance(text, str) and takes_integers(fact.row):
        yield _text(fact, argument, text)


def takes_integers(row: LossRow) -> bool:
    """True for the functions in torch itself, whose reductions are integers."""
    return not row.reductions and not row.classes


def _text(fact: LossBuilt, argument: Argument, text: str) -> Offence:
    name = loss_name(fact.row, functional=True)
    return Offence(
        site=argument.site,
        certainty=Certainty.CERTAIN,
        message=f"the reduction of torch.{name} is an integer, not the string {text!r}",
        label=f"raises TypeError: {name}(): argument 'reduction' must be int, not str",
        help=f"call {name} of torch.nn.functional, which takes strings",
        remedies=(TakeFunctional(fact.site),),
    )


def _of_many(fact: Backward) -> Iterator[Offence]:
    if fact.bound.value("gradient") is not None or fact.bound.open:
        return
    judged = [_offends(case) for case in fact.cases]
    certainty = certainty_of(fact.cases, judged)
    if certainty is None:
        return
    case = next(case for case, bad in zip(fact.cases, judged, strict=True) if bad)
    step = _unreduced(case.input)
    assert step is not None
    sure = isinstance(case.input, Tensor) and any(isinstance(size, int) and size > 1 for size in case.input.shape.front)
    yield Offence(
        site=fact.site,
        certainty=certainty if sure else min(certainty, Certainty.LIKELY),
        message="gradients are taken of a loss that is one number for each element",
        label="raises RuntimeError: grad can be implicitly created only for scalar outputs",
        trace=(Step(step.site, step.label),),
        help="take the mean first: loss.mean().backward()",
        remedies=(TakeFunctional(step.site),),
    )


def _offends(case: OpCase) -> bool:
    """True where a loss comes as it was made: of one that was folded, or picked from, the shape is another."""
    step, tensor = _unreduced(case.input), case.input
    if step is None or not isinstance(tensor, Tensor) or not isinstance(step.given, Tensor):
        return False
    shape = tensor.shape
    if shape != step.given.shape or not (shape.front or shape.back):
        return False
    return any(size != 1 for size in (*shape.front, *shape.back))


def _unreduced(value: Value) -> Origin | None:
    origin = value.origin if isinstance(value, Tensor) else None
    return origin if origin is not None and origin.by == UNREDUCED else None


RULE = Rule(
    code="LL406",
    name="unreduced-torch-loss",
    summary="a loss gives one number for each element where a single one is needed",
    severity=Severity.ERROR,
    on=Backward | LossBuilt,
    check=check,
)
