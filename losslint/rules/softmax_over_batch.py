"""LL302 softmax-over-batch

## What it does
Finds softmax and log_softmax over another axis than that of the classes: over the batch, as a data loader, `bmm`, a recurrent
layer or the loss proves it, over any axis but that of the loss's classes, and attention weights over an axis of length 1.

## Why it is wrong
The numbers that sum to 1 belong to different samples: each row depends on what else is in its batch, and the loss compares
numbers that are no probabilities of classes. Nothing warns of it; with `dim=0` on 100 classes training stays far behind. Attention
weights over an axis of length 1 are all 1.0: they weigh nothing, and no gradient comes back through them.

## Example
```python
import torch.nn.functional as F
from torch import nn

def step(features, labels):
    scores = nn.Linear(20, 10)(features.view(-1, 20))
    return F.nll_loss(F.log_softmax(scores, dim=0), labels)
```

## Use instead
```python
import torch.nn.functional as F
from torch import nn

def step(features, labels):
    scores = nn.Linear(20, 10)(features.view(-1, 20))
    return F.nll_loss(F.log_softmax(scores, dim=1), labels)
```

## Fix
Unsafe: the axis of the loss's classes is written, or the last one for what `bmm` or a data loader gives. Shown only where the axis
is not written out, the layer is applied in several places, or the last of three and more axes may be that of the classes.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from losslint.domain.kind import LogProbs, Probs
from losslint.domain.value import Tensor, Value
from losslint.facts import LossCall, LossCase, OpCall
from losslint.finding import Certainty, Severity
from losslint.knowledge.schema import LossFamily, LossRow, Wants
from losslint.knowledge.tensor_effects import Make
from losslint.remedy import OtherAxis
from losslint.rules._axes import axis_given, is_parameter, is_single, normalised_over
from losslint.rules._rule import (
    Misuse,
    Offence,
    Rule,
    Step,
    Wording,
    at_loss,
    at_operation,
    breach_in_case,
    misuse,
    name_at,
    off_classes,
    source_of,
)
from losslint.rules._targets import Fault, fault_of


def _takes(row: LossRow, tensor: Tensor) -> bool:
    """True where a loss takes such numbers as they are; all else is the matter of other rules."""
    if isinstance(tensor.kind, LogProbs):
        return row.wants is Wants.LOG_PROBS or row.family is LossFamily.CROSS_ENTROPY
    return isinstance(tensor.kind, Probs) and row.wants is Wants.PROBS


def _over_rows(row: LossRow, tensor: Tensor, case: LossCase) -> bool:
    """True for an axis 0 of numbers of unknown rank, where the loss takes axis 1: they are rows unless the loss gets a single one."""
    rank = case.target.shape.rank if isinstance(case.target, Tensor) else None
    return tensor.shape.rank is None and row.class_dim == 1 and normalised_over(tensor) == 0 and rank != 0


def _misses_classes(row: LossRow, tensor: Tensor, case: LossCase) -> bool:
    if normalised_over(tensor) is None or not _takes(row, tensor) or fault_of(case) is Fault.CLASS_AXIS:
        return False  # where the classes stand on the last axis the loss is what has to be given another
    return off_classes(row, tensor) or _over_rows(row, tensor, case)


def _check_loss(fact: LossCall) -> Iterator[Offence]:
    found = breach_in_case(fact, _misses_classes)
    source = None if found is None else source_of(found.input)
    if found is None or source is None or found.row.class_dim is None:
        return
    rank, made = found.input.shape.rank, normalised_over(found.input)
    classes = found.row.class_dim if rank != 1 else 0
    written = source.built or source.site
    wording = Wording(
        message=f"numbers that sum to 1 over axis {made} reach {name_at(fact, found.row)}, whose classes stand on axis {classes}",
        label="another axis than that of the classes",
        help=f"take dim={classes}",
        remedies=(OtherAxis(written, "dim", classes),) if rank is not None and (rank == 2 or made != rank - 1) else (),
    )
    sure = found.certainty if off_classes(found.row, found.input) else min(found.certainty, Certainty.LIKELY)
    offence = at_loss(fact, replace(found, certainty=sure), Severity.ERROR, wording)
    trace = (*offence.trace, Step(fact.site, "the loss takes it here"))
    yield replace(offence, site=source.site, trace=trace)


def _is_over_batch(given: Tensor, result: Value) -> bool:
    axis, rank = normalised_over(result), given.shape.rank
    if axis is None or axis != given.batch:
        return False
    if rank is None:
        return axis == 0 and given.shape.at(-1) is not None  # there is another axis, with the outputs of a layer
    return rank > axis + 1


def _at_batch(fact: OpCall, found: Misuse) -> Offence:
    verb, axis = fact.row.verb or "softmax", normalised_over(found.case.result)
    wording = Wording(
        message=f"{verb} over axis {axis}, which holds the samples of a batch",
        label="rows depend on what else is in their batch",
        help="name the axis over which the numbers of one sample shall sum to 1",
        remedies=(OtherAxis(fact.written_at, "dim", -1),),
    )
    return at_operation(fact, found, wording)


def _at_single(fact: OpCall, found: Misuse) -> Offence:
    verb, axis = fact.row.verb or "softmax", normalised_over(found.case.result)
    wording = Wording(
        message=f"{verb} over axis {axis}, which has length 1: the weights are all 1.0",
        label="one score alone always gets all of the weight",
        help="name the axis along which the scores shall be compared",
    )
    return replace(at_operation(fact, found, wording), severity=Severity.ERROR)


def check(fact: LossCall | OpCall) -> Iterator[Offence]:
    """Numbers normalised over an axis that cannot be meant."""
    if isinstance(fact, LossCall):
        yield from _check_loss(fact)
        return
    effect = fact.row.effect
    if not isinstance(effect, Make) or effect.dim is None or axis_given(fact, effect.dim) is None:
        return  # where no axis is named, that is what is wrong
    found = misuse(fact, _is_over_batch)
    if found is not None:
        made, losses = found.case.result, fact.elsewhere.losses.get(fact.site.node, set())
        if not any(isinstance(made, Tensor) and _takes(row, made) for row in losses):  # else it is said of the loss
            yield _at_batch(fact, found)
        return
    single = misuse(fact, lambda given, result: is_single(given, normalised_over(result)))
    if single is not None and is_parameter(single.input, fact.elsewhere):
        return
    if single is not None and fact.site.node in fact.elsewhere.weighing:
        yield _at_single(fact, single)


RULE = Rule(
    code="LL302",
    name="softmax-over-batch",
    summary="softmax over another axis than that of the classes, such as the batch",
    severity=Severity.WARNING,
    on=LossCall | OpCall,
    check=check,
)
