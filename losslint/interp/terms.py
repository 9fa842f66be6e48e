"""Terms: parts of a formula that is written out with operations, carried by the tensors that hold them.

A tensor that holds a term is of no kind that any loss looks at, and says of which term: two branches unite to one tensor only where
both hold the same. Whatever is not known to keep a term takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from losslint.domain.kind import Unspecified
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Choice, Repeated, Tensor, TupleValue, Value

TERM = "term"
"""Marks the step that gave a tensor its term."""


@dataclass(frozen=True, slots=True, eq=False)
class Exponential:
    """`exp(of)`"""

    of: Value

    @property
    def why(self) -> str:
        """What the numbers are called."""
        return "an exponential"


@dataclass(frozen=True, slots=True, eq=False)
class OneMore:
    """`1 + exp(of)`"""

    of: Value

    @property
    def why(self) -> str:
        """What the numbers are called."""
        return "one more than an exponential"


@dataclass(frozen=True, slots=True, eq=False)
class Hot:
    """`keep * one_hot + spread`, with the classes along `axis`."""

    keep: float
    spread: float
    axis: int | None
    classes: int | None

    @property
    def why(self) -> str:
        """What the numbers are called."""
        return f"one-hot rows times {self.keep:g} plus {self.spread:g} of {self.classes} classes along {self.axis}"


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """`(keep * one_hot + spread) * log_probs`; with `averaged` the mean over the rows is taken already."""

    hot: Hot
    log_probs: Tensor
    averaged: bool = False

    @property
    def why(self) -> str:
        """What the numbers are called."""
        return f"log-probabilities times {self.hot.why}{', averaged over rows' if self.averaged else ''}"


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """`picked * log_probs of the label + spread * mean of log_probs over the classes` for each row, or folded over all rows."""

    picked: float
    spread: float
    log_probs: Tensor
    folded: str = ""
    """"mean" or "sum" where the rows are folded into one number; "classes" where the mean is over the classes as well."""
    called: bool = False
    """True where a function gave it, so that nothing is written out so far."""

    @property
    def why(self) -> str:
        """What the numbers are called."""
        return f"{self.picked:g} times the log-probability of the label, {self.spread:g} times that of all, {self.folded or 'by row'}"


Term = Exponential | OneMore | Hot | Weighed | Likelihood


def term_of(value: Value | None) -> Term | None:
    """The term that a tensor holds, or None."""
    if not isinstance(value, Tensor) or value.origin is None or value.origin.by != TERM:
        return None
    term = value.origin.given
    if not isinstance(term, Exponential | OneMore | Hot | Weighed | Likelihood):
        return None
    return term if value.kind == Unspecified(term.why) else None


def holding(result: Value, term: Term, site: Site, of: Value | None) -> Value:
    """The result of an operation that holds a term."""
    if not isinstance(result, Tensor):
        return result
    previous = of.origin if isinstance(of, Tensor) else None
    return replace(result, kind=Unspecified(term.why), origin=Origin(site, term.why, previous, by=TERM, given=term))


def agreed(value: Value) -> Value:
    """Alternatives that hold a term only where all of them hold the same."""
    if not isinstance(value, Choice):
        return value
    held = [term_of(option.value) for option in value.options]
    if not any(held) or len({None if term is None else term.why for term in held}) == 1:
        return value
    return Choice(tuple(replace(option, value=without_term(option.value)) for option in value.options))


def without_term(value: Value) -> Value:
    """A value that holds no term, nor does any part of it."""
    if isinstance(value, TupleValue):
        return replace(value, items=tuple(without_term(item) for item in value.items))
    if isinstance(value, Repeated):
        return replace(value, element=without_term(value.element), tail=tuple(map(without_term, value.tail)))
    if term_of(value) is None or not isinstance(value, Tensor):
        return value
    return replace(value, kind=Unspecified("a part of a formula, changed"), origin=None)
