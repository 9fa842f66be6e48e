"""What a rule is, and how it words an offence. Rules speak of sites and origins; the engine turns these into spans."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from losslint.domain.origin import Origin, Site
from losslint.domain.value import Tensor, Value
from losslint.facts import Fact, LossCall, LossCase, certainty_of
from losslint.finding import Certainty, Severity
from losslint.knowledge.schema import LossRow


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of a trace, before its place is known in lines and columns."""

    site: Site
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Offence:
    """A finding before its places are known in lines and columns."""

    site: Site
    certainty: Certainty
    message: str
    label: str
    trace: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    severity: Severity | None = None
    """Set where the case at hand is worse or milder than the rule's own severity."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule: `check` gets facts of the type `on` and yields offences. The page is the docstring of the rule's module."""

    code: str
    name: str
    summary: str
    severity: Severity
    on: type[Fact]
    check: Callable[[Any], Iterator[Offence]]
    by_default: bool = True
    page: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Breach:
    """Which cases of a loss call offend, how surely, and the worst of them to show."""

    certainty: Certainty
    case: LossCase
    row: LossRow
    input: Tensor


def breach(fact: LossCall, offends: Callable[[LossRow, Tensor], bool]) -> Breach | None:
    """Judge every case of a loss call by its loss and its input; None where no case offends."""
    judged = [
        case.row is not None and isinstance(case.input, Tensor) and offends(case.row, case.input) for case in fact.cases
    ]
    certainty = certainty_of(fact.cases, judged)
    if certainty is None:
        return None
    bad = [case for case, wrong in zip(fact.cases, judged, strict=True) if wrong]
    case = next((one for one in bad if one.plain), bad[0])
    assert case.row is not None and isinstance(case.input, Tensor)
    return Breach(certainty, case, case.row, case.input)


def loss_trace(fact: LossCall, case: LossCase) -> tuple[Step, ...]:
    """The way of the input to the loss, oldest step first, then where the loss was made."""
    steps = [Step(origin.site, origin.label) for origin in reversed(path_of(case.input))]
    if case.built_at is not None and case.built_at.node is not fact.site.node:
        steps.append(Step(case.built_at, f"the loss is made here: {loss_name(case.row)}"))
    return tuple(steps)


def path_of(value: Value) -> list[Origin]:
    """The steps of a tensor from the newest back to its source."""
    if not isinstance(value, Tensor) or value.origin is None:
        return []
    path = []
    for origin in value.origin.steps():
        path.append(origin)
        if origin.makes:
            break
    return path


def loss_name(row: LossRow | None) -> str:
    """The short name of a loss as users write it."""
    if row is None:
        return "a loss"
    return (row.classes or row.functions)[0].rpartition(".")[2]


def class_count(row: LossRow, tensor: Tensor) -> int | None:
    """The number of classes in a loss's input, where known."""
    if row.class_dim is None:
        return None
    if tensor.shape.rank == 1:
        return tensor.shape.at(0)
    size = tensor.shape.at(row.class_dim)
    if size is None and not tensor.shape.exact and len(tensor.shape.front) <= 1:
        size = tensor.shape.at(-1)  # of unknown rank: a batch of rows is by far the commonest
    return size


def softmax_floor(classes: int) -> float:
    """The least cross entropy that probabilities given as logits can reach: ln(1 + (C - 1) / e)."""
    return math.log(1 + (classes - 1) / math.e)
