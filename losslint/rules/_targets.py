"""Targets beside the inputs of their losses: what a loss would refuse, or stretch, whatever of their shapes is not known.

A fault is proved by trying every pair of shapes that agrees with what is known: where the loss takes one of them, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, Size
from losslint.domain.kind import OneHot
from losslint.domain.origin import Origin
from losslint.domain.value import Tensor
from losslint.facts import LossCall, LossCase, certainty_of
from losslint.finding import Applicability, Certainty, Severity
from losslint.knowledge.schema import Checks, LossRow
from losslint.remedy import WriteOperand
from losslint.rules._rule import MILDER, Offence, Step, Wording, loss_trace, path_of, sink_of

Sizes = tuple[Size, ...]
HIGHEST_RANK = 5
"""Shapes of more axes are not tried where the number of axes is not known."""
INDEX_TYPES = frozenset({"int64", "uint8"})
BY_CLASS = frozenset({Checks.CLASSES, Checks.CLASSES_OR_PROBS, Checks.CLASS_OF_ROW})
STRETCHING = frozenset({Checks.WARNED, Checks.STRETCHED, Checks.FLOATING, Checks.REFUSED})
BY_SIZE = frozenset({Checks.SAME, Checks.SAME_SIZE})


class Fault(Enum):
    """Why a loss refuses a target, or makes too much of it; where several things are wrong, what is met first."""

    TYPE = "type"
    COLUMN = "column"
    ONE_HOT = "one-hot"
    SIZE = "size"
    CLASS_AXIS = "class axis"


@dataclass(frozen=True, slots=True, eq=False)
class Mismatch:
    """Which cases of a loss call have a fault, how surely, and the one to show."""

    certainty: Certainty
    case: LossCase
    row: LossRow
    input: Tensor | None
    target: Tensor


def mismatch(fact: LossCall, offends: Callable[[LossRow, LossCase, Tensor], bool]) -> Mismatch | None:
    """Judge every case of a loss call by its target; cases that another rule finds fault with do not make it less sure."""
    bad, judged = [], []
    for case in fact.cases:
        wrong = case.row is not None and isinstance(case.target, Tensor) and offends(case.row, case, case.target)
        judged.append(wrong)
        if wrong:
            bad.append(case)
    if not bad:
        return None
    everywhere = all(wrong or fault_of(case) is not None for case, wrong in zip(fact.cases, judged, strict=True))
    certainty = Certainty.CERTAIN if everywhere else certainty_of(fact.cases, judged)
    if all(one.in_mode for one in bad):
        certainty = Certainty.POSSIBLE  # targets for one mode of a program come to the losses of all its modes
    case = next((one for one in bad if one.plain), bad[0])
    assert case.row is not None
    assert certainty is not None
    assert isinstance(case.target, Tensor)
    return Mismatch(certainty, case, case.row, case.input if isinstance(case.input, Tensor) else None, case.target)


def breach_by_fault(fact: LossCall, fault: Fault, of: frozenset[Checks]) -> Mismatch | None:
    """Judge every case of a loss call by one fault, for losses that check their targets in one of the ways of `of`."""
    return mismatch(fact, lambda row, case, _: row.checks in of and fault_of(case) is fault)


def at_target(
    fact: LossCall, found: Mismatch, severity: Severity, wording: Wording, raises: bool = True, both: bool = False
) -> Offence:
    """The offence of a loss call with the way of its target as its trace, with `both` that of its input before it.

    What does not raise is one step milder where the loss is computed in evaluation only.
    """
    notes = wording.notes
    if fact.training is False and not raises and severity is not Severity.ADVICE:
        severity = MILDER[severity]
        notes = (*notes, "this is an evaluation: the number that it reports is wrong, not the training")
    given = path_of(found.input) if both and found.input is not None else []
    first = tuple(Step(origin.site, origin.label) for origin in reversed(given))
    return Offence(
        site=fact.site,
        certainty=found.certainty,
        message=wording.message,
        label=wording.label,
        trace=(*first, *loss_trace(fact, found.case, found.target)),
        notes=notes,
        help=wording.help,
        severity=severity,
        remedies=wording.remedies,
    )


def write_target(
    fact: LossCall,
    found: Mismatch,
    form: str,
    applicability: Applicability = Applicability.SAFE,
    undone: Origin | None = None,
) -> tuple[WriteOperand, ...]:
    """The remedy that writes the target as `form` where it is given to the loss."""
    argument = found.case.options.arguments.get(found.row.target or "")
    if argument is None:
        return ()
    return (WriteOperand(sink_of(fact), fact.site, argument.site, found.target, form, applicability, undone=undone),)


def write_input(fact: LossCall, found: Mismatch, form: str, applicability: Applicability) -> tuple[WriteOperand, ...]:
    """The remedy that writes the input as `form` where it is given to the loss."""
    argument = found.case.options.arguments.get(found.row.input)
    if argument is None or found.input is None:
        return ()
    return (WriteOperand(sink_of(fact), fact.site, argument.site, found.input, form, applicability, of_target=False),)


def fault_of(case: LossCase) -> Fault | None:
    """What is wrong with the target of a case, as far as that is proved."""
    row, target = case.row, case.target
    if row is None or row.checks is None or not isinstance(target, Tensor):
        return None
    if target.shape == UNKNOWN_SHAPE and target.dtype is None:
        return None
    given = case.input if isinstance(case.input, Tensor) else None
    shape = UNKNOWN_SHAPE if given is None else given.shape
    if row.checks is Checks.FLOATING and target.dtype is not None and not is_floating(target.dtype):
        return Fault.TYPE
    if row.checks in STRETCHING:
        return Fault.SIZE if is_column_beside_row(shape, target.shape) else None
    dtype = None if given is None else given.dtype
    trial = _Trial(row.checks, shape, dtype)
    probs = row.checks in BY_CLASS and isinstance(target.kind, OneHot)  # nobody means its zeros and ones as indices
    if (trial.takes_as_probs if probs else trial.takes)(target.shape, target.dtype):
        return None
    return _first_fault(trial, target)


def _first_fault(trial: _Trial, target: Tensor) -> Fault | None:
    """What would have to be otherwise for a refused target to be taken."""
    if trial.checks in BY_SIZE:
        return Fault.TYPE if trial.takes(target.shape, None) else Fault.SIZE
    if isinstance(target.kind, OneHot):
        return Fault.ONE_HOT if trial.takes_without(target.shape, target.kind.dim) else None
    if trial.takes(target.shape, "int64"):
        return Fault.TYPE
    column = column_of(target.shape)
    if column is not None and trial.takes_without(target.shape, column):
        return Fault.COLUMN
    if trial.checks is Checks.CLASSES_OR_PROBS and trial.is_same_size(target.shape):
        return Fault.ONE_HOT
    return Fault.CLASS_AXIS if trial.takes_with_classes_last(target.shape) else None


def column_of(shape: Shape) -> int | None:
    """The axis of length 1 that stands in an index target where the input has its classes, or at its end."""
    if shape.rank is None or shape.rank < 2:
        return None
    return next((at for at in (1, shape.rank - 1) if shape.at(at) == 1), None)


def is_column_beside_row(one: Shape, other: Shape) -> bool:
    """True for [N, 1] beside [N], whichever way, where N may be the same and is not known to be 1."""
    row, column = (one, other) if one.rank == 1 else (other, one)
    if row.rank != 1 or column.rank != 2 or column.at(1) != 1:
        return False
    return 1 not in (row.at(0), column.at(0)) and may_agree(row.at(0), column.at(0))


def is_floating(dtype: str | None) -> bool:
    """True for types of floating numbers."""
    return dtype is not None and dtype.startswith(("float", "bfloat"))


def may_agree(one: Size, other: Size) -> bool:
    """False where two lengths are known to differ."""
    return not (isinstance(one, int) and isinstance(other, int) and one != other)


def shapes_of(shape: Shape) -> Iterator[Sizes]:
    """Every sequence of lengths that agrees with what is known of a shape, lengths that are not known as None."""
    if shape.exact:
        yield shape.front
        return
    front, back = shape.front, shape.back
    for rank in range(max(len(front), len(back)), HIGHEST_RANK + 1):
        room = (None,) * rank
        leading, trailing = (*front, *room)[:rank], (*room, *back)[-rank:] if rank else ()
        if all(map(may_agree, leading, trailing)):
            yield tuple(a if a is not None else b for a, b in zip(leading, trailing, strict=True))


@dataclass(frozen=True, slots=True)
class _Trial:
    """An input, and how its loss checks a target against it."""

    checks: Checks
    shape: Shape
    dtype: str | None

    def takes(self, target: Shape, dtype: str | None) -> bool:
        """True unless every pair of shapes is refused."""
        return any(self._takes(given, sizes, dtype) for given in shapes_of(self.shape) for sizes in shapes_of(target))

    def takes_as_probs(self, target: Shape, dtype: str | None) -> bool:
        """True where rows of class probabilities are taken, and are floating numbers as far as is known."""
        return (
            self.checks is Checks.CLASSES_OR_PROBS
            and (dtype is None or is_floating(dtype))
            and self.takes(target, dtype)
        )

    def takes_without(self, target: Shape, axis: int | None) -> bool:
        """True where whole numbers are taken once an axis of the target is gone, the last where it is not known."""
        at = -1 if axis is None else axis
        return any(
            self._takes(given, _without(sizes, at), "int64")
            for given in shapes_of(self.shape)
            for sizes in shapes_of(target)
            if -len(sizes) <= at < len(sizes)
        )

    def takes_with_classes_last(self, target: Shape) -> bool:
        """True where whole numbers are taken once the last axis of the input stands where classes belong."""
        if self.shape.rank is None or self.shape.rank < 3:
            return False
        sizes = self.shape.front
        moved = replace(self, shape=Shape((sizes[0], sizes[-1], *sizes[1:-1]), exact=True))
        return moved.takes(target, "int64")

    def is_same_size(self, target: Shape) -> bool:
        """True for a target of the input's rank and, where the classes stand, of its length, which is not 1."""
        rank, classes = self.shape.rank, self.shape.at(1)
        return rank is not None and rank > 1 and rank == target.rank and classes == target.at(1) and _is_many(classes)

    def _takes(self, given: Sizes, target: Sizes, dtype: str | None) -> bool:
        same = len(given) == len(target) and all(map(may_agree, given, target))
        whole = dtype is not None and not is_floating(dtype)
        match self.checks:
            case Checks.CLASSES:
                return _takes_indices(given, target, dtype)
            case Checks.CLASSES_OR_PROBS:
                return (same and not whole) or _takes_indices(given, target, dtype)
            case Checks.CLASS_OF_ROW:
                fits = len(given) != 2 or (len(target) < 2 and all(map(may_agree, given, target)))
                return fits and dtype in (None, "int64")
            case Checks.SAME:
                exact = {self.dtype, dtype} - {None, "float"}
                return same and not whole and len(exact) < 2
            case _:
                return same and not whole


def _takes_indices(given: Sizes, target: Sizes, dtype: str | None) -> bool:
    if dtype is not None and dtype not in INDEX_TYPES:
        return False
    if len(given) < 2:
        return len(target) == 0 or (len(target) == 1 and may_agree(target[0], 1))
    if len(target) != len(given) - 1 or (len(given) > 2 and dtype == "uint8"):
        return False
    return all(map(may_agree, (given[0], *given[2:]), target))


def _without(sizes: Sizes, axis: int) -> Sizes:
    at = axis % len(sizes)
    return (*sizes[:at], *sizes[at + 1 :])


def _is_many(size: Size) -> bool:
    return isinstance(size, int) and size > 1
