"""What each format is written by, and what each one shows where counts by rule are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from losslint.report import json, text
from losslint.report.report import Report

Writer = Callable[[Report], str]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `counts` writes how often each rule spoke, None where it has no place for that; `with_edits` wants `Report.written`."""

    write: Writer
    counts: Writer | None = None
    for_people: bool = False
    with_edits: bool = False


def _sarif(report: Report) -> str:
    from losslint.report import sarif

    return sarif.write(report)


def _github(report: Report) -> str:
    from losslint.report import workflow

    return workflow.write_github(report)


def _azure(report: Report) -> str:
    from losslint.report import workflow

    return workflow.write_azure(report)


def _gitlab(report: Report) -> str:
    from losslint.report import review

    return review.write_gitlab(report)


def _rdjson(report: Report) -> str:
    from losslint.report import review

    return review.write_rdjson(report)


def _junit(report: Report) -> str:
    from losslint.report import junit

    return junit.write(report)


FORMATS = {
    "full": Format(text.write_full, text.write_statistics, for_people=True),
    "concise": Format(text.write_concise, text.write_statistics, for_people=True),
    "grouped": Format(text.write_grouped, text.write_statistics, for_people=True),
    "pylint": Format(text.write_pylint),
    "json": Format(json.write, json.write_statistics),
    "json-lines": Format(json.write_lines, json.write_statistics_lines),
    "sarif": Format(_sarif, with_edits=True),
    "github": Format(_github),
    "gitlab": Format(_gitlab),
    "junit": Format(_junit),
    "rdjson": Format(_rdjson, with_edits=True),
    "azure": Format(_azure),
}
