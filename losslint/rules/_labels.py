"""Labels at a loss that counts classes: their range beside the number of classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from losslint.domain.kind import ClassIndex
from losslint.domain.value import Const, Tensor
from losslint.facts import LossCall, LossCase
from losslint.finding import Severity
from losslint.knowledge.schema import LossFamily, LossRow
from losslint.rules._rule import (
    Breach,
    Offence,
    Wording,
    at_loss,
    axis_certainty,
    breach_in_case,
    class_count,
    loss_trace,
)

COUNTING = frozenset({LossFamily.CROSS_ENTROPY, LossFamily.NLL, LossFamily.MULTI_MARGIN})


@dataclass(frozen=True, slots=True)
class Labels:
    """The proved range of labels, the number of classes, and the label that the loss ignores."""

    low: int | None
    high: int | None
    classes: int
    ignored: int | None

    @property
    def below(self) -> bool:
        """True where a label lies below 0."""
        return self.low is not None and self.low < 0 and self.low != self.ignored

    @property
    def beyond(self) -> bool:
        """True where a label lies beyond the last class."""
        return self.high is not None and self.high >= self.classes and self.high != self.ignored

    @property
    def from_one(self) -> bool:
        """True where labels run from 1 to C."""
        return self.low == 1 and self.high == self.classes and self.beyond


def labels_of(row: LossRow, tensor: Tensor, case: LossCase) -> Labels | None:
    """The labels of a case; None where their range, the class count or the ignored label is not known."""
    classes, target = class_count(row, tensor), case.target
    if row.family not in COUNTING or classes is None or classes < 2:
        return None
    if not isinstance(target, Tensor) or not isinstance(target.kind, ClassIndex):
        return None
    given = case.options.value("ignore_index")
    if case.options.open:
        return None
    if given is None:
        ignored = -100 if "ignore_index=-100" in (row.constructor or row.function) else None
    elif isinstance(given, Const) and isinstance(given.value, int):
        ignored = given.value
    else:
        return None
    return Labels(target.kind.low, target.kind.high, classes, ignored)


def breach_by_labels(fact: LossCall, offends: Callable[[Labels], bool]) -> tuple[Breach, Labels] | None:
    """Judge every case of a loss call by its labels."""

    def judge(row: LossRow, tensor: Tensor, case: LossCase) -> bool:
        labels = labels_of(row, tensor, case)
        return labels is not None and offends(labels)

    found = breach_in_case(fact, judge)
    labels = None if found is None else labels_of(found.row, found.input, found.case)
    return None if found is None or labels is None else (found, labels)


def at_labels(fact: LossCall, found: Breach, severity: Severity, wording: Wording) -> Offence:
    """The offence of a loss call with the way of the labels as its trace."""
    judged = replace(found, certainty=axis_certainty(found))
    offence = at_loss(fact, judged, severity, wording)
    return (
        offence
        if found.case.target is None
        else replace(offence, trace=loss_trace(fact, found.case, found.case.target))
    )
