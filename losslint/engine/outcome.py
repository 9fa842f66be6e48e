"""What a run of the engine gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from losslint.finding import Finding, Problem, Span


@dataclass(frozen=True, slots=True)
class LossReport:
    """A loss call and, one text per alternative, what reaches it; `reasons` say why values were unknown."""

    span: Span
    loss: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings and problems in order of place; `files` were asked for, `read` of them could be read.

    `sources` holds the lines of files with findings, `cells` those of notebooks' cells by path and number.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    losses: tuple[LossReport, ...]
    files: int
    read: int
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cells: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
