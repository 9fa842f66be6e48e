"""LL207 one-hot-target-misuse

## What it does
Finds one-hot targets where they do harm: whole numbers at cross entropy, any at a loss that takes class indices only, and rows that
`one_hot` made without `num_classes`. One-hot targets of floating numbers at cross entropy are pointed out as advice.

## Why it is wrong
`one_hot` gives int64, and cross entropy then raises
`RuntimeError: Expected floating point type for target with class probabilities, got Long`; negative log likelihood raises
`RuntimeError: 0D or 1D target tensor expected, multi-target not supported`. Without `num_classes` the rows are as
long as the largest class of the batch asks for, so that their shape changes from batch to batch. Floating one-hot rows give the
loss of the indices, but cannot leave out an index with `ignore_index`, and give NaN beside scores of -inf.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 5)
    return F.cross_entropy(head(x), F.one_hot(y, 5))
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(x, y):
    head = nn.Linear(20, 5)
    return F.cross_entropy(head(x), y)
```

## Fix
Safe where the loss raises: the indices that `one_hot` was given are given to the loss, or the target's `argmax`. The rest is shown
only.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.domain.kind import OneHot
from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.operators import BY_LARGEST
from losslint.knowledge.schema import Checks, LossRow
from losslint.knowledge.types import SPOKEN
from losslint.remedy import WriteOperand
from losslint.rules._rule import Offence, Rule, Wording, loss_name, name_at, path_of, source_of
from losslint.rules._targets import (
    BY_CLASS,
    Fault,
    Mismatch,
    at_target,
    breach_by_fault,
    fault_of,
    is_floating,
    mismatch,
    write_target,
)


def _varies(row: LossRow, case: LossCase, target: Tensor) -> bool:
    return isinstance(target.kind, OneHot) and any(step.by == BY_LARGEST for step in path_of(target))


def _is_roundabout(row: LossRow, case: LossCase, target: Tensor) -> bool:
    wants = row.checks is Checks.CLASSES_OR_PROBS and isinstance(target.kind, OneHot)
    return wants and is_floating(target.dtype) and fault_of(case) is None


def _raised(found: Mismatch) -> str:
    if found.row.checks is Checks.CLASS_OF_ROW:
        return "multi_margin_loss: target tensor should be 1-D"
    if found.row.checks is Checks.CLASSES_OR_PROBS and not is_floating(found.target.dtype):
        dtype = found.target.dtype or ""
        return f"Expected floating point type for target with class probabilities, got {SPOKEN.get(dtype, dtype)}"
    return "0D or 1D target tensor expected, multi-target not supported"


def _remedies(fact: LossCall, found: Mismatch) -> tuple[WriteOperand, ...]:
    kind, shape = found.target.kind, found.target.shape
    if not isinstance(kind, OneHot):
        return ()
    at = -1 if kind.dim is None else kind.dim
    axis = shape.normal(at)
    return write_target(fact, found, f"{{}}.argmax(dim={at if axis is None else axis})", undone=source_of(found.target))


def _refused(fact: LossCall, found: Mismatch) -> Offence:
    is_one_hot = isinstance(found.target.kind, OneHot)
    what = "one-hot targets" if is_one_hot else f"targets of the scores' shape and type {found.target.dtype}"
    wording = Wording(
        message=f"{what} reach {name_at(fact, found.row)}, which takes class indices",
        label=f"this raises RuntimeError: {_raised(found)}",
        help="give it the class indices themselves, or their probabilities as floating numbers",
        remedies=_remedies(fact, found),
    )
    return at_target(fact, found, RULE.severity, wording, both=not is_one_hot)


def _varying(fact: LossCall, found: Mismatch) -> Offence:
    wording = Wording(
        message=f"one-hot targets of a shape that changes with the batch reach {name_at(fact, found.row)}",
        label="one_hot without num_classes counts classes up to the largest of the batch",
        help="tell one_hot the number of classes: one_hot(y, num_classes=...)",
    )
    return at_target(fact, found, Severity.WARNING, wording, raises=False)


def _roundabout(fact: LossCall, found: Mismatch) -> Offence:
    wording = Wording(
        message=f"one-hot targets reach {loss_name(found.row)}, which takes class indices as well",
        label="the loss is that of the class indices",
        help="give it the class indices: they leave ignore_index free and bear scores of -inf",
    )
    return at_target(fact, found, Severity.ADVICE, wording, raises=False)


def check(fact: LossCall) -> Iterator[Offence]:
    """One-hot targets that are refused, change their shape, or go a long way round."""
    refused = breach_by_fault(fact, Fault.ONE_HOT, BY_CLASS)
    if refused is not None:
        yield _refused(fact, refused)
        return
    varying = mismatch(fact, _varies)
    if varying is not None:
        yield _varying(fact, varying)
        return
    roundabout = mismatch(fact, _is_roundabout)
    if roundabout is not None:
        yield _roundabout(fact, roundabout)


RULE = Rule(
    code="LL207",
    name="one-hot-target-misuse",
    summary="one-hot targets are refused by the loss, or change their shape from batch to batch",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
