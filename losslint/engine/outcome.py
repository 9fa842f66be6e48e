"""What a run of the engine gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from losslint.config import Settings
from losslint.finding import Finding, Problem, Span
from losslint.source.discover import show


@dataclass(frozen=True, slots=True)
class LossReport:
    """A loss call and, one text per alternative, what reaches it; `reasons` say why values were unknown."""

    span: Span
    loss: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...] = ()


Use = tuple[str, int, int, str]
"""A comment that keeps a finding back: its file, its line and column in the text of the file, and the code of the finding's rule."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of an analysis: about which files, how it is to be judged, and whether with fixes and a map of losses."""

    settings: Settings
    reported: frozenset[Path]
    excluded: frozenset[Path] = frozenset()
    """Files that are read where others import them, but not run on their own account, nor reported."""
    mend: bool = True
    map_losses: bool = False

    @property
    def shown(self) -> set[str]:
        """The paths of the files asked about, as users see them."""
        return {show(file) for file in self.reported}


@dataclass(frozen=True, slots=True)
class Seen:
    """What bears on comments that let findings stand: those that do, and the files that were not analysed to the end."""

    used: frozenset[Use] = frozenset()
    cut: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """What the analysis of one island found, which files it could not read or parse, and what else went wrong."""

    findings: tuple[Finding, ...] = ()
    unread: tuple[Problem, ...] = ()
    failures: tuple[Problem, ...] = ()
    losses: tuple[LossReport, ...] = ()
    seen: Seen = Seen()
    transient: bool = False
    """True where it may not hold another time: a file was given up, or modules came in by names made at run time, so that they are no
    neighbours of the island."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Findings and problems in order of place; `files` were asked for, `read` of them could be read.

    `sources` holds the lines of files with findings, `cells` those of notebooks' cells by path and number.
    `known` counts findings left out because a baseline holds them, `stale` those that it holds and that are gone.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    losses: tuple[LossReport, ...]
    files: int
    read: int
    sources: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cells: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    known: int = 0
    stale: int = 0
