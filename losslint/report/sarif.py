"""SARIF 2.1.0, as code scanning services and editors read it (OASIS Static Analysis Results Interchange Format).

Lines and columns are those of the file on disk, in notebooks too: services show that file. Columns count code points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from losslint import __version__
from losslint.finding import Edit, Finding, Problem, Severity, Span
from losslint.report.json import Json, dump
from losslint.report.pages import as_markdown, as_text, section
from losslint.report.places import text_of, uri
from losslint.report.report import Report, explained, sound
from losslint.report.sources import Sources
from losslint.rules import _registry
from losslint.rules._rule import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_RANKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "recommendation"}
_BASE = "%SRCROOT%"


def write(report: Report) -> str:
    """One run with all rules, all findings, and the problems as notifications."""
    rules = _registry.load()
    run: Json = {
        "tool": {
            "driver": {
                "name": "losslint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "originalUriBaseIds": {_BASE: {"description": _message("the folder in which losslint ran")}},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "invocations": [
            {
                "executionSuccessful": not report.failed,
                "toolExecutionNotifications": [_notification(problem) for problem in report.problems],
            }
        ],
        "results": _results(report, {rule.code: index for index, rule in enumerate(rules)}),
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": _message(rule.summary),
        "fullDescription": _message(section(rule.page, "What it does") or rule.summary),
        "help": {"text": as_text(rule.page), "markdown": as_markdown(rule.page)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.by_default},
        "properties": {"problem.severity": _RANKS[rule.severity], "tags": ["correctness", "pytorch", rule.name]},
    }


def _results(report: Report, indices: Mapping[str, int]) -> list[Json]:
    marks = report.fingerprints()
    return [
        _result(finding, mark, indices.get(finding.code), report.sources) | _fixes(finding, report.edits(finding))
        for finding, mark in zip(report.findings, marks, strict=True)
    ]


def _result(finding: Finding, mark: str, index: int | None, sources: Sources) -> dict[str, Json]:
    result: dict[str, Json] = {"ruleId": finding.code}
    if index is not None:
        result["ruleIndex"] = index
    result |= {
        "level": _LEVELS[finding.severity],
        "message": _message("\n".join(explained(finding))),
        "locations": [_location(finding.span, sources)],
        "partialFingerprints": {"losslint/v1": mark},
        "properties": {"certainty": finding.certainty.label},
    }
    if finding.trace:
        steps = [_location(step.span, sources, step.message) for step in finding.trace]
        last = _location(finding.span, sources, finding.message)
        result["relatedLocations"] = [{"id": number, **step} for number, step in enumerate(steps, start=1)]
        result["codeFlows"] = [{"threadFlows": [{"locations": [{"location": one} for one in (*steps, last)]}]}]
    return result


def _location(span: Span, sources: Sources, message: str = "") -> dict[str, Json]:
    region = _region(span)
    snippet = text_of(span, sources)
    if snippet:
        region["snippet"] = {"text": sound(snippet)}
    location: dict[str, Json] = {"physicalLocation": {"artifactLocation": _artifact(span.path), "region": region}}
    if span.cell is not None:
        line, column = sources.start(span)
        location["logicalLocations"] = [{"fullyQualifiedName": f"cell {span.cell}:{line}:{column}"}]
    if message:
        location["message"] = _message(message)
    return location


def _region(span: Span) -> dict[str, Json]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(path: str) -> Json:
    address, is_relative = uri(path)
    return {"uri": address, "uriBaseId": _BASE} if is_relative else {"uri": address}


def _fixes(finding: Finding, edits: Sequence[Edit]) -> dict[str, Json]:
    fix = finding.fix
    if fix is None or not edits:
        return {}
    by_file: dict[str, list[Edit]] = {}
    for edit in reversed(edits):
        # the last first: whether a reader counts places before or after the replacements above, they are the same
        by_file.setdefault(edit.span.path, []).append(edit)
    changes: Json = [
        {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in by_file[path]]}
        for path in sorted(by_file)
    ]
    described = _message(f"{fix.applicability.value} fix: {fix.message}")
    return {"fixes": [{"description": described, "artifactChanges": changes}]}


def _replacement(edit: Edit) -> Json:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.content}}


def _notification(problem: Problem) -> Json:
    physical: dict[str, Json] = {"artifactLocation": _artifact(problem.path)}
    if problem.line is not None:
        physical["region"] = {"startLine": problem.line}
    return {"level": "error", "message": _message(problem.reason), "locations": [{"physicalLocation": physical}]}


def _message(text: str) -> Json:
    return {"text": sound(text)}
