"""Kinds: what a tensor's numbers are.

A kind is what a loss cares about: unbounded scores, numbers that sum to one over an axis, their logarithms, and so on.
`dim` counts axes as the program wrote it (negative from the end) or is None where it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Logits:
    """Unbounded scores, such as an affine layer gives."""


@dataclass(frozen=True, slots=True)
class Probs:
    """Probabilities: in [0, 1] and, while `whole`, summing to 1 over `dim`."""

    dim: int | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class LogProbs:
    """Logarithms of probabilities: at most 0 and, while `whole`, their exponentials sum to 1 over `dim`."""

    dim: int | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class SigmoidProbs:
    """Element-wise probabilities in (0, 1)."""


@dataclass(frozen=True, slots=True)
class LogSigmoid:
    """Logarithms of element-wise probabilities: at most 0, no sum."""


@dataclass(frozen=True, slots=True)
class NonNegative:
    """At least 0, no upper bound: relu, exp, softplus."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """Within [-1, 1]: tanh, softsign."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Within [0, 1] without a meaning of its own: clamp(0, 1), rand."""


@dataclass(frozen=True, slots=True)
class OneHot:
    """Zeros and a single one over `dim`."""

    dim: int | None = None


@dataclass(frozen=True, slots=True)
class ClassIndex:
    """Integers, `low` and `high` inclusive where known."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false for each element."""


@dataclass(frozen=True, slots=True)
class Filled:
    """One number everywhere, such as a canvas of zeros that code writes into."""

    value: float | None = None


@dataclass(frozen=True, slots=True)
class Unspecified:
    """A tensor whose numbers we know nothing of."""

    why: str = ""


Kind = (
    Logits
    | Probs
    | LogProbs
    | SigmoidProbs
    | LogSigmoid
    | NonNegative
    | Bounded
    | Unit
    | OneHot
    | ClassIndex
    | Truth
    | Filled
    | Unspecified
)


def with_dim(kind: Kind, dim: int | None) -> Kind:
    """The same kind over another axis; kinds without an axis are returned as they are."""
    if isinstance(kind, Probs | LogProbs | OneHot):
        return replace(kind, dim=dim)
    return kind


def describe_kind(kind: Kind) -> str:
    """The kind as a user reads it, e.g. ``probs(dim=1)``."""
    match kind:
        case Probs(dim, whole):
            return f"{'probs' if whole else 'part of probs'}{_over(dim)}"
        case LogProbs(dim, whole):
            return f"{'log-probs' if whole else 'part of log-probs'}{_over(dim)}"
        case OneHot(dim):
            return f"one-hot{_over(dim)}"
        case ClassIndex(None, None):
            return "class-index"
        case ClassIndex(low, high):
            return f"class-index({'?' if low is None else low}..{'?' if high is None else high})"
        case Filled(value):
            return "filled" if value is None else f"filled({value:g})"
        case Logits():
            return "logits"
        case SigmoidProbs():
            return "sigmoid-probs"
        case LogSigmoid():
            return "log-sigmoid"
        case NonNegative():
            return "non-negative"
        case Bounded():
            return "bounded"
        case Unit():
            return "unit"
        case Truth():
            return "bool"
        case Unspecified():
            return "unknown"


def _over(dim: int | None) -> str:
    return "" if dim is None else f"(dim={dim})"
