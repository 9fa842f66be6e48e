"""What a run has to tell, in one piece: what every format is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from losslint.finding import Applicability, Certainty, Edit, Finding, Fix, Problem, Span
from losslint.fingerprint import fingerprint, fingerprints
from losslint.report.sources import Sources
from losslint.report.style import PLAIN, Style


@dataclass(frozen=True, slots=True)
class Report:
    """Findings and problems in order of place; `files` were asked for, `read` of them could be read.

    `written` holds, of the fixes that can be carried out, the edits as they stand in the files, in order and parted by text
    that stays; it is filled for the formats that carry fixes.
    """

    findings: Sequence[Finding] = ()
    problems: Sequence[Problem] = ()
    files: int = 0
    read: int = 0
    sources: Sources = field(default_factory=Sources)
    style: Style = PLAIN
    written: Mapping[Fix, tuple[Edit, ...]] = field(default_factory=dict)

    def edits(self, finding: Finding) -> tuple[Edit, ...]:
        """What a finding's fix writes; nothing where it has none that can be carried out."""
        fix = finding.fix
        return () if fix is None or fix.applicability is Applicability.DISPLAY else self.written.get(fix, ())

    @property
    def failed(self) -> bool:
        """True where nothing could be read of what was asked for."""
        return self.read == 0 and bool(self.files or self.problems)

    def fingerprints(self) -> tuple[str, ...]:
        """One for each finding, in their order."""
        return fingerprints(self.findings, self.sources.files, self.sources.cells)

    def problem_fingerprints(self) -> tuple[str, ...]:
        """One for each problem, in their order."""
        seen: dict[tuple[str, str], int] = {}
        made = []
        for problem in self.problems:
            key = problem.path, problem.reason
            made.append(fingerprint("problem", *key, seen.setdefault(key, 0)))
            seen[key] += 1
        return tuple(made)


def said(finding: Finding) -> str:
    """The message, with the doubt there is about it."""
    sure = finding.certainty is Certainty.CERTAIN
    return finding.message if sure else f"{finding.certainty.label}: {finding.message}"


def in_cell(span: Span) -> str:
    """Where a span lies in a notebook, to stand behind a message whose line is one of the file; nothing for other files."""
    return "" if span.cell is None else f" (cell {span.cell}, line {span.cell_line})"


def advice(finding: Finding) -> list[tuple[str, str]]:
    """What to do, and what to do it by: a fix says it better than words, a fix that cannot be made says why."""
    fix = finding.fix
    if fix is not None and fix.applicability is not Applicability.DISPLAY:
        return [(f"fix ({fix.applicability.value})", fix.message)]
    lines = [("help", finding.help), ("no fix", fix.message if fix is not None else "")]
    return [(word, text) for word, text in lines if text]


def explained(finding: Finding) -> list[str]:
    """The message and all that is said of it, one line each; without the trace."""
    lines = [said(finding), finding.label, *finding.notes]
    return [*filter(None, lines), *(f"{word}: {text}" for word, text in advice(finding))]


def sound(text: str) -> str:
    """Text without halves of characters, which paths may hold and most formats cannot carry."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
