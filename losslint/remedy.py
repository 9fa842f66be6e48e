"""Remedies: what a rule would have changed, said without syntax. Whether and how that can be done is found out when fixes are made."""

from __future__ import annotations

from dataclasses import dataclass

from losslint.domain.kind import Kind
from losslint.domain.origin import Origin, Site
from losslint.facts import BoundCall, LossCall, LossCase
from losslint.finding import Applicability


@dataclass(frozen=True, slots=True, eq=False)
class DropActivation:
    """Take away the activation that made the numbers at a loss; `source` is the step that made them, `kind` what they are."""

    source: Origin
    kind: Kind
    fact: LossCall
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class TakeLogActivation:
    """Let the activation that made the numbers at a loss give their logarithm: softmax becomes log_softmax."""

    source: Origin
    kind: Kind
    fact: LossCall
    applicability: Applicability = Applicability.UNSAFE


@dataclass(frozen=True, slots=True, eq=False)
class SwapLoss:
    """Use another loss with the same options; `to` is a dotted name of it. With `drop` an activation is taken away as well."""

    case: LossCase
    fact: LossCall
    to: str
    applicability: Applicability = Applicability.UNSAFE
    drop: DropActivation | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FuseLog:
    """Take the logarithm of an activation in one stable step: `log(softmax(x))` becomes `log_softmax(x)`.

    `outer` is the call of the logarithm, `inner` the step that made the numbers, `argument` where the logarithm's input stands.
    """

    outer: Site
    inner: Origin
    argument: Site
    complement: bool = False
    """True for the logarithm of one minus the numbers."""
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class ChangeArguments:
    """Write the arguments of a call differently: those in `without` go, those in `given` come, each as Python text."""

    call: Site
    bound: BoundCall
    given: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    applicability: Applicability = Applicability.SAFE


@dataclass(frozen=True, slots=True, eq=False)
class CallTheResult:
    """A constructor was given what its object should be called with: build the object first."""

    call: Site
    applicability: Applicability = Applicability.SAFE


Remedy = DropActivation | TakeLogActivation | SwapLoss | FuseLog | ChangeArguments | CallTheResult
