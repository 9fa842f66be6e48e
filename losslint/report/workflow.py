"""Lines that build services turn into annotations: GitHub's workflow commands and Azure's logging commands."""

from __future__ import annotations

from collections.abc import Mapping

from losslint.finding import Finding, Problem, Severity
from losslint.report.report import Report, explained, in_cell, said, sound

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
_AZURE = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "warning"}
_LINE_ENDS = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_GITHUB_TEXT = str.maketrans(_LINE_ENDS)
_GITHUB_VALUE = str.maketrans({**_LINE_ENDS, ":": "%3A", ",": "%2C"})
_AZURE_TEXT = str.maketrans({**_LINE_ENDS, "%": "%AZP25"})
_AZURE_VALUE = str.maketrans({**_LINE_ENDS, "%": "%AZP25", ";": "%3B", "]": "%5D"})


def write_github(report: Report) -> str:
    """A workflow command for each problem and each finding."""
    return "\n".join([*map(_github_problem, report.problems), *map(_github, report.findings)])


def _github(finding: Finding) -> str:
    span = finding.span
    place: dict[str, str | int] = {
        "title": f"losslint {finding.code}", "file": span.path, "line": span.line, "endLine": span.end_line,
    }  # fmt: skip
    if span.line == span.end_line:  # columns are for annotations of one line alone
        place |= {"col": span.column, "endColumn": span.end_column}
    cell = [] if span.cell is None else [f"cell {span.cell}"]
    return _github_command(_GITHUB[finding.severity], place, "\n".join([*explained(finding), *cell]))


def _github_problem(problem: Problem) -> str:
    place: dict[str, str | int] = {"title": "losslint", "file": problem.path}
    if problem.line is not None:
        place["line"] = problem.line
    return _github_command("error", place, problem.reason)


def _github_command(kind: str, place: Mapping[str, str | int], text: str) -> str:
    values = ",".join(f"{key}={_printable(str(value)).translate(_GITHUB_VALUE)}" for key, value in place.items())
    return f"::{kind} {values}::{_printable(text).translate(_GITHUB_TEXT)}"


def write_azure(report: Report) -> str:
    """A logging command for each problem and each finding."""
    return "\n".join([*map(_azure_problem, report.problems), *map(_azure, report.findings)])


def _azure(finding: Finding) -> str:
    place: dict[str, str | int] = {
        "type": _AZURE[finding.severity], "sourcepath": finding.span.path, "linenumber": finding.span.line,
        "columnnumber": finding.span.column, "code": finding.code,
    }  # fmt: skip
    return _azure_command(place, said(finding) + in_cell(finding.span))


def _azure_problem(problem: Problem) -> str:
    place: dict[str, str | int] = {"type": "error", "sourcepath": problem.path}
    if problem.line is not None:
        place["linenumber"] = problem.line
    return _azure_command(place, problem.reason)


def _azure_command(place: Mapping[str, str | int], text: str) -> str:
    values = "".join(f"{key}={_printable(str(value)).translate(_AZURE_VALUE)};" for key, value in place.items())
    return f"##vso[task.logissue {values}]{_printable(text).translate(_AZURE_TEXT)}"


def _printable(text: str) -> str:
    """Text that cannot steer the log; line ends stay, since they are escaped next."""
    return text if text.isprintable() else "".join(map(_shown, sound(text)))


def _shown(character: str) -> str:
    return character if character.isprintable() or character in _LINE_ENDS else "\N{REPLACEMENT CHARACTER}"
