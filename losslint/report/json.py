"""Findings for programs: one array, in the form that ruff's readers know, with what losslint adds beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from losslint.finding import Edit, Finding, Fix, Span, TraceStep
from losslint.report.report import Report
from losslint.report.text import statistics

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool | None


def write(report: Report) -> str:
    """All findings as one array."""
    return findings(report.findings)


def write_lines(report: Report) -> str:
    """One object for each finding, each on a line of its own."""
    return "\n".join(json.dumps(_finding(one)) for one in report.findings)


def write_statistics(report: Report) -> str:
    """Counts by rule, as one array."""
    return dump(_counts(report))


def write_statistics_lines(report: Report) -> str:
    """Counts by rule, each on a line of its own."""
    return "\n".join(map(json.dumps, _counts(report)))


def findings(found: Iterable[Finding]) -> str:
    """All findings as a JSON array. Rows are those of the file on disk, in notebooks too; `cell` tells the cell there."""
    return dump([_finding(one) for one in found])


def dump(value: Json) -> str:
    """JSON as this program prints it."""
    return json.dumps(value, indent=2)


def _counts(report: Report) -> list[Json]:
    return [{"code": code, "name": name, "count": count} for count, code, name in statistics(report.findings)]


def _finding(finding: Finding) -> Json:
    span = finding.span
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "filename": span.path,
        "location": _start(span),
        "end_location": _end(span),
        "severity": finding.severity.value,
        "certainty": finding.certainty.label,
        "url": None,
        "noqa_row": span.line,
        "cell": span.cell,
        "fix": None if finding.fix is None else _fix(finding.fix),
        "trace": [_step(step) for step in finding.trace],
        "help": finding.help,
        "notes": list(finding.notes),
    }


def _fix(fix: Fix) -> Json:
    edits: Json = [_edit(edit) for edit in fix.edits]
    return {"applicability": fix.applicability.value, "message": fix.message, "edits": edits}


def _edit(edit: Edit) -> Json:
    shown: dict[str, Json] = {
        "filename": edit.span.path,
        "content": edit.content,
        "location": _start(edit.span),
        "end_location": _end(edit.span),
    }
    if edit.span.cell is not None:  # there the place is one within a JSON string, and the content is yet to be escaped
        shown["cell"] = edit.span.cell
    return shown


def _step(step: TraceStep) -> Json:
    return {
        "filename": step.span.path,
        "location": _start(step.span),
        "end_location": _end(step.span),
        "message": step.message,
    }


def _start(span: Span) -> Json:
    return {"row": span.line, "column": span.column}


def _end(span: Span) -> Json:
    return {"row": span.end_line, "column": span.end_column}
