"""What a rule is, and how it words an offence. Rules speak of sites and origins; the engine turns these into spans."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Any

from losslint.domain.kind import Kind, Logits, LogProbs, OneHot, Probs, SigmoidProbs
from losslint.domain.origin import Origin, Site
from losslint.domain.value import NONE, Const, Tensor, Value
from losslint.facts import Compared, Fact, LossCall, LossCase, OpCall, OpCase, certainty_of
from losslint.finding import Applicability, Certainty, Severity
from losslint.knowledge.schema import Inside, LossFamily, LossRow, Wants
from losslint.remedy import DropActivation, FuseLog, Remedy, Sink, SwapLoss, TakeLogActivation

MILDER = {
    Severity.ERROR: Severity.WARNING,
    Severity.WARNING: Severity.ADVICE,
    Severity.ADVICE: Severity.ADVICE,
}


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
    remedies: tuple[Remedy, ...] = ()
    """What might mend it, the best first."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule: `check` gets facts of the type (or types) `on` and yields offences. The page is the docstring of the rule's module."""

    code: str
    name: str
    summary: str
    severity: Severity
    on: type[Fact] | UnionType
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
    chosen: bool = False
    """True where the case comes with one of several models that a setting of the program chooses from."""


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """What is said of a breach, apart from where and how surely."""

    message: str
    label: str
    help: str
    notes: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


def breach(fact: LossCall, offends: Callable[[LossRow, Tensor], bool]) -> Breach | None:
    """Judge every case of a loss call by its loss and its input; None where no case offends."""
    return breach_in_case(fact, lambda row, tensor, _: offends(row, tensor))


def breach_in_case(fact: LossCall, offends: Callable[[LossRow, Tensor, LossCase], bool]) -> Breach | None:
    """Judge every case of a loss call by its loss, its input and all else that the case holds."""
    bad, judged = [], []
    for case in fact.cases:
        wrong = case.row is not None and isinstance(case.input, Tensor) and offends(case.row, case.input, case)
        judged.append(wrong)
        if wrong:
            bad.append(case)
    if not bad:
        return None
    everywhere = all(wrong or mismatched(case) for case, wrong in zip(fact.cases, judged, strict=True))
    certainty = Certainty.CERTAIN if everywhere else certainty_of(fact.cases, judged)
    chosen = certainty is Certainty.POSSIBLE and any(case.selected for case in bad) and _is_one_task(fact.cases)
    case = next((one for one in bad if one.plain), next((one for one in bad if one.selected), bad[0]))
    assert case.row is not None
    assert certainty is not None
    assert isinstance(case.input, Tensor)
    return Breach(certainty, case, case.row, case.input, chosen)


def _is_one_task(cases: Sequence[LossCase]) -> bool:
    """True where the alternatives share their loss and their number of outputs, as variants of one model do."""
    sizes = {case.input.shape.at(-1) for case in cases if isinstance(case.input, Tensor)}
    return len({case.row for case in cases}) == 1 and len(sizes) == 1


_MISMATCHED: dict[Wants, tuple[type[Kind], ...]] = {
    Wants.LOGITS: (Probs, SigmoidProbs),
    Wants.LOG_PROBS: (Probs, SigmoidProbs, Logits),
    Wants.PROBS: (Logits, LogProbs),
}


def mismatched(case: LossCase) -> bool:
    """True where some rule or other finds fault with a case: its loss is known not to want what its input is known to be."""
    if case.row is None or not isinstance(case.input, Tensor):
        return False
    return isinstance(case.input.kind, _MISMATCHED.get(case.row.wants, ()))


@dataclass(frozen=True, slots=True, eq=False)
class Misuse:
    """Which cases of an operation offend, how surely, and the one to show."""

    certainty: Certainty
    case: OpCase
    input: Tensor


def misuse(fact: OpCall | Compared, offends: Callable[[Tensor, Value], bool]) -> Misuse | None:
    """Judge every case of an operation by its input and its result; None where no case offends."""
    judged = [isinstance(case.input, Tensor) and offends(case.input, case.result) for case in fact.cases]
    certainty = certainty_of(fact.cases, judged)
    if certainty is None:
        return None
    bad = [case for case, wrong in zip(fact.cases, judged, strict=True) if wrong]
    case = next((one for one in bad if one.plain), bad[0])
    assert isinstance(case.input, Tensor)
    return Misuse(certainty, case, case.input)


def at_operation(fact: OpCall | Compared, found: Misuse, wording: Wording) -> Offence:
    """The offence of an operation, with the way of its input as its trace."""
    return Offence(
        site=fact.site,
        certainty=found.certainty,
        message=wording.message,
        label=wording.label,
        trace=tuple(Step(origin.site, origin.label) for origin in reversed(path_of(found.input))),
        notes=wording.notes,
        help=wording.help,
        remedies=wording.remedies,
    )


def at_loss(fact: LossCall, found: Breach, severity: Severity, wording: Wording) -> Offence:
    """The offence of a loss call. Where the loss is computed in evaluation only, it is one step milder and says so."""
    notes, certainty = wording.notes, found.certainty
    if found.chosen and severity is not Severity.ADVICE:
        certainty = Certainty.LIKELY  # whoever chooses this model gets a wrong loss
        notes = (*notes, "the model is one of several that a setting chooses from")
    if fact.training is False and severity is not Severity.ADVICE:
        severity = MILDER[severity]
        notes = (*notes, "this is an evaluation: the number that it reports is wrong, not the training")
    return Offence(
        site=fact.site,
        certainty=certainty,
        message=wording.message,
        label=wording.label,
        trace=loss_trace(fact, found.case, found.input),
        notes=notes,
        help=wording.help,
        severity=severity,
        remedies=wording.remedies,
    )


def loss_trace(fact: LossCall, case: LossCase, of: Value) -> tuple[Step, ...]:
    """The way of a value to the loss, oldest step first, then where the loss was made."""
    steps = [Step(origin.site, origin.label) for origin in reversed(path_of(of))]
    if case.built_at is not None and case.built_at.node is not fact.site.node:
        steps.append(Step(case.built_at, f"the loss is made here: {loss_name(case.row)}"))
    return tuple(steps)


def source_of(value: Value) -> Origin | None:
    """The step that made the numbers of a tensor, where one function of scores made them."""
    path = path_of(value)
    return path[-1] if path and path[-1].makes and not any(step.mixes for step in path) else None


def sink_of(fact: LossCall) -> Sink:
    """The sink that a loss call is."""
    return Sink(fact.site.node, fact.by_framework)


def drop_activation(
    fact: LossCall, tensor: Tensor, applicability: Applicability = Applicability.UNSAFE
) -> tuple[DropActivation, ...]:
    """The remedy that takes the activation of a loss's input away, and those of its alternatives, where there is one."""
    sources, sink = _sources(fact, tensor), sink_of(fact)
    drops = [DropActivation(source, kind, sink, applicability) for source, kind in sources]
    return (replace(drops[0], also=tuple(drops[1:])),) if drops else ()


def take_log(fact: LossCall, tensor: Tensor) -> tuple[TakeLogActivation, ...]:
    """The remedy that lets the activation of a loss's input give its logarithm, and those of its alternatives."""
    sources, sink = _sources(fact, tensor), sink_of(fact)
    takes = [TakeLogActivation(source, kind, sink) for source, kind in sources]
    return (replace(takes[0], also=tuple(takes[1:])),) if takes else ()


def _sources(fact: LossCall, tensor: Tensor) -> list[tuple[Origin, Kind]]:
    """The steps that made the numbers of a loss's input and of alternatives of the same kind, each place once; none where one of them
    is not known."""
    found: dict[object, tuple[Origin, Kind]] = {}
    others = [case.input for case in fact.cases if isinstance(case.input, Tensor)]
    for one in (tensor, *(other for other in others if type(other.kind) is type(tensor.kind))):
        source = source_of(one)
        if source is None:
            return []
        found.setdefault(source.site.node, (source, one.kind))
    return list(found.values())


def swap_loss(
    fact: LossCall,
    found: Breach,
    wants: Wants,
    applicability: Applicability = Applicability.UNSAFE,
    drop: bool = False,
) -> tuple[SwapLoss, ...]:
    """The remedy that takes the twin of a loss; with `drop` the activation before it goes as well."""
    dropped = drop_activation(fact, found.input, applicability) if drop else ()
    if drop and not dropped:
        return ()
    return (SwapLoss(found.case, fact, wants, applicability, dropped[0] if dropped else None),)


def fused(fact: OpCall, given: Tensor) -> tuple[FuseLog, ...]:
    """The remedy that takes a logarithm and the activation under it in one step."""
    source, argument = source_of(given), next(iter(fact.bound.arguments.values()), None)
    if source is None or argument is None:
        return ()
    return (FuseLog(fact.site, source, argument.site, any(step.flips for step in path_of(given))),)


def is_mixed(value: Value) -> bool:
    """True where the numbers are means of what their activation made, so that no single function gives them."""
    return any(origin.mixes for origin in path_of(value))


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


def loss_name(row: LossRow | None, functional: bool = False) -> str:
    """The short name of a loss as users write it."""
    if row is None:
        return "a loss"
    return ((functional and row.functions) or row.classes or row.functions)[0].rpartition(".")[2]


def name_at(fact: LossCall, row: LossRow) -> str:
    """The short name of the loss, with the framework that calls it where that is out of sight."""
    name = loss_name(row, any(case.row is row and case.functional for case in fact.cases))
    return name if fact.by_framework is None else f"{name} (called by {fact.by_framework})"


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


def axis_certainty(found: Breach) -> Certainty:
    """The certainty of a breach that rests on the class count: of unknown rank, the last axis only likely holds the classes."""
    if found.input.shape.exact or found.row.class_dim is None or found.input.shape.at(found.row.class_dim) is not None:
        return found.certainty
    return min(found.certainty, Certainty.LIKELY)


def off_classes(row: LossRow, tensor: Tensor) -> bool:
    """True where the numbers are proved to be normalised over another axis than that of the classes."""
    if row.class_dim is None or not isinstance(tensor.kind, Probs | LogProbs | OneHot) or tensor.kind.dim is None:
        return False
    dim, rank, classes = tensor.shape.normal(tensor.kind.dim), tensor.shape.rank, row.class_dim
    if dim is None:
        return False
    if rank is None:
        return dim not in {classes, 0} and (dim >= 0) == (classes >= 0)
    return dim != (0 if rank == 1 else classes % rank)


def applies_sigmoid(row: LossRow) -> bool:
    """True for a loss that wants raw scores and applies sigmoid to each of them."""
    binary = row.family in (LossFamily.BCE_WITH_LOGITS, LossFamily.MULTILABEL_SOFT_MARGIN)
    return row.wants is Wants.LOGITS and (binary or row.inside is Inside.SIGMOID)


def applies_softmax(row: LossRow) -> bool:
    """True for a loss that wants raw scores and applies softmax over the classes: cross entropy and what builds on it."""
    return row.family is LossFamily.CROSS_ENTROPY or (row.wants is Wants.LOGITS and row.inside is Inside.SOFTMAX)


def is_given(case: LossCase, option: str) -> bool:
    """True where an option of the loss is given and is not None."""
    value = case.options.value(option)
    return value is not None and value != NONE


def averages(case: LossCase) -> bool:
    """True where the loss is the mean over elements, as it is by default."""
    if is_given(case, "size_average") or is_given(case, "reduce"):
        return False
    return not is_given(case, "reduction") or case.options.value("reduction") == Const("mean")


def is_plain_sigmoid_loss(found: Breach) -> bool:
    """True where the loss is a mean of unweighted binary cross entropies with logits, so that its range can be told."""
    weighted = is_given(found.case, "weight") or is_given(found.case, "pos_weight")
    families = (LossFamily.BCE_WITH_LOGITS, LossFamily.MULTILABEL_SOFT_MARGIN)
    return found.row.family in families and not weighted and averages(found.case)


def softmax_floor(classes: int) -> float:
    """The least cross entropy that numbers in [0, 1] given as logits can reach: ln(1 + (C - 1) / e)."""
    return math.log(1 + (classes - 1) / math.e)


def tanh_floor(classes: int) -> float:
    """The least cross entropy that numbers in [-1, 1] given as logits can reach: ln(1 + (C - 1) / e^2)."""
    return math.log(1 + (classes - 1) / math.e**2)


def floor_note(case: LossCase, classes: int | None) -> tuple[str, ...]:
    """The floor of cross entropy on numbers in [0, 1], where the class count is known and the loss is a mean."""
    if classes is None or classes < 2 or not averages(case):
        return ()
    if case.row is None or case.row.family is not LossFamily.CROSS_ENTROPY:
        return ()
    return (
        f"with {classes} classes this loss cannot fall below {softmax_floor(classes):.4f} = ln(1 + {classes - 1}/e)",
    )
