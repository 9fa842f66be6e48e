"""Divergences: what a loss of two distributions, or of one kind of density, is given against what it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from losslint.domain.kind import Kind, Logits, LogProbs, LogSigmoid, OneHot, Probs, SigmoidProbs, Unspecified
from losslint.domain.value import Const, Tensor
from losslint.facts import LossCall, LossCase
from losslint.knowledge.schema import LossRow, Wants, WantsTarget
from losslint.rules._rule import Breach, breach_in_case, path_of

PROBABILITIES = (Probs, OneHot, SigmoidProbs)
LOGARITHMS = (LogProbs, LogSigmoid)
_NOUNS: dict[type[Kind], str] = {
    Probs: "probabilities",
    OneHot: "one-hot rows",
    SigmoidProbs: "outputs of a sigmoid",
    LogProbs: "log-probabilities",
    LogSigmoid: "logarithms of sigmoids",
    Logits: "raw scores",
}


def noun(kind: Kind) -> str:
    """What numbers of a kind are called in messages."""
    return _NOUNS.get(type(kind), "numbers")


def is_surely(tensor: Tensor, kinds: tuple[type[Kind], ...]) -> bool:
    """True for numbers of one of these kinds. Scores must come from a layer: what a function makes with weights that it is given, such
    as a filter, may well never be negative."""
    if not isinstance(tensor.kind, kinds):
        return False
    path = path_of(tensor)
    return not isinstance(tensor.kind, Logits) or (bool(path) and path[-1].makes and path[-1].built is not None)


def is_divergence(row: LossRow) -> bool:
    """True for a loss that compares log-probabilities with probabilities: the Kullback-Leibler divergence."""
    return row.wants is Wants.LOG_PROBS and row.wants_target is WantsTarget.PROBS


def takes_log_target(case: LossCase) -> bool | None:
    """Whether the loss takes its target for logarithms; None where that is not known."""
    given = case.options.value("log_target")
    if given is None:
        return None if case.options.open else False
    return bool(given.value) if isinstance(given, Const) else None


def is_swapped(case: LossCase) -> bool:
    """True where the arguments of a divergence are proved to stand in each other's place: probabilities, then their logarithms."""
    if not isinstance(case.input, Tensor) or not isinstance(case.target, Tensor):
        return False
    kinds = isinstance(case.input.kind, PROBABILITIES) and isinstance(case.target.kind, LOGARITHMS)
    return kinds and takes_log_target(case) is False


def breach_by_target(fact: LossCall, offends: Callable[[LossCase, Tensor], bool]) -> tuple[Breach, Tensor] | None:
    """Judge the cases of divergences among a loss call by their target; None where no case offends."""

    def judge(row: LossRow, _: Tensor, case: LossCase) -> bool:
        return is_divergence(row) and isinstance(case.target, Tensor) and offends(case, case.target)

    found = breach_in_case(replace(fact, cases=tuple(map(_with_any_input, fact.cases))), judge)
    target = None if found is None else found.case.target
    return (found, target) if found is not None and isinstance(target, Tensor) else None


def _with_any_input(case: LossCase) -> LossCase:
    """A case that can be judged by its target though nothing is known of its input."""
    return case if isinstance(case.input, Tensor) else replace(case, input=Tensor(Unspecified("not known")))
