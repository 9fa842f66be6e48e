"""Findings for those who look at changes: GitLab's code quality report and reviewdog's diagnostics (rdjson)."""

from __future__ import annotations

from collections.abc import Sequence

from losslint.finding import Edit, Finding, Problem, Severity, Span
from losslint.report.json import Json, dump
from losslint.report.places import byte_column
from losslint.report.report import Report, explained, said, sound
from losslint.report.sources import Sources
from losslint.report.text import place

_GITLAB = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.ADVICE: "info"}
_RDJSON = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.ADVICE: "INFO"}


def write_gitlab(report: Report) -> str:
    """One array; GitLab drops entries whose fingerprints are equal, so these never are."""
    findings = zip(report.findings, report.fingerprints(), strict=True)
    problems = zip(report.problems, report.problem_fingerprints(), strict=True)
    return dump([*(_unread(one, mark) for one, mark in problems), *(_quality(one, mark) for one, mark in findings)])


def _quality(finding: Finding, mark: str) -> Json:
    span = finding.span
    return {
        "description": sound(f"{finding.code} {finding.name}: {said(finding)}"),
        "check_name": finding.code,
        "fingerprint": mark,
        "severity": _GITLAB[finding.severity],
        "location": {"path": sound(span.path), "lines": {"begin": span.line, "end": span.end_line}},
    }


def _unread(problem: Problem, mark: str) -> Json:
    return {
        "description": sound(problem.reason),
        "check_name": "unreadable-file",
        "fingerprint": mark,
        "severity": "critical",
        "location": {"path": sound(problem.path), "lines": {"begin": problem.line or 1}},
    }


def write_rdjson(report: Report) -> str:
    """One result for reviewdog; its columns are bytes of UTF-8, its ends are exclusive."""
    problems = map(_unread_diagnostic, report.problems)
    findings = (_diagnostic(one, report.edits(one), report.sources) for one in report.findings)
    return dump({"source": {"name": "losslint"}, "diagnostics": [*problems, *findings]})


def _diagnostic(finding: Finding, edits: Sequence[Edit], sources: Sources) -> Json:
    trace = [f"{place(step.span, sources)}: {step.message}" for step in finding.trace]
    shown: dict[str, Json] = {
        "message": sound("\n".join([*explained(finding), *trace])),
        "location": {"path": sound(finding.span.path), "range": _range(finding.span, sources)},
        "severity": _RDJSON[finding.severity],
        "code": {"value": finding.code},
    }
    suggestions = _suggestions(finding, edits, sources)
    return {**shown, "suggestions": suggestions} if suggestions else shown


def _suggestions(finding: Finding, edits: Sequence[Edit], sources: Sources) -> list[Json]:
    """A fix that is one edit of the same file. Each suggestion is taken by itself, so that more would be half a fix."""
    if len(edits) != 1 or edits[0].span.path != finding.span.path or finding.span.path not in sources.files:
        return []
    return [{"range": _range(edits[0].span, sources), "text": sound(edits[0].content)}]


def _range(span: Span, sources: Sources) -> Json:
    return {
        "start": {"line": span.line, "column": byte_column(span, sources)},
        "end": {"line": span.end_line, "column": byte_column(span, sources, of_end=True)},
    }


def _unread_diagnostic(problem: Problem) -> Json:
    location: dict[str, Json] = {"path": sound(problem.path)}
    if problem.line is not None:
        location["range"] = {"start": {"line": problem.line}}
    return {"message": sound(problem.reason), "location": location, "severity": "ERROR"}
