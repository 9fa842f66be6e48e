"""What losslint says to the outside: plain, serialisable data.

Nothing here knows of syntax trees, torch or the analysis: findings cross process, cache and protocol borders.
Lines and columns are 1-based; columns count code points of the file as it stands on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class Severity(Enum):
    """How bad the matter is, independent of how sure we are of it."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Certainty(IntEnum):
    """How much of what can reach the place was proved to be wrong; a higher number is surer."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3

    @property
    def label(self) -> str:
        """The word that options and reports use."""
        return self.name.lower()


class Applicability(Enum):
    """Whether a fix keeps the numbers (safe), changes them on purpose (unsafe), or is advice only (display)."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file, end exclusive; `cell` and `cell_line` (both 1-based) are set in notebooks only."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None
    cell_line: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `content`."""

    span: Span
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together: applied whole or not at all."""

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the path that a value took to the place of the finding."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    `message` says what reaches what, `label` stands under the marked source, `notes` are facts worth knowing
    (such as the loss floor), `help` says what to do.
    """

    code: str
    name: str
    message: str
    label: str
    span: Span
    severity: Severity
    certainty: Certainty
    trace: tuple[TraceStep, ...] = ()
    notes: tuple[str, ...] = ()
    help: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A file that could not be read or understood, and why; the rest of the run goes on."""

    path: str
    reason: str
    line: int | None = None
