"""What `losslint check` prints, in the format that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from losslint.cli import fixing

if TYPE_CHECKING:
    from pathlib import Path

    from losslint.engine import Outcome
    from losslint.engine.fixing import FixOutcome
    from losslint.report.report import Report
    from losslint.report.style import Style


def shown(
    outcome: Outcome,
    fixed: FixOutcome | None,
    options: Mapping[str, Any],
    style: Style,
    asides: list[str],
    overlay: Mapping[Path, bytes] | None = None,
) -> str:
    """All that goes to stdout, or to the file that is asked for; formats for programs hold nothing but the report. Lines for
    stderr are added to `asides`. Files in `overlay`, by absolute path, are as they are there and not as on disk."""
    if fixed is not None and options["diff"]:
        return fixing.diff(fixed, style, asides)
    from losslint.report.formats import FORMATS

    chosen = FORMATS[options["output_format"]]
    report = _report(outcome, style, chosen.with_edits, overlay)
    told = _told(outcome, fixed, options, asides if not chosen.for_people else None)
    if fixed is not None and options["fix_only"]:
        report = replace(report, findings=())
        return "\n".join(told) if chosen.for_people else chosen.write(report)
    write = chosen.write
    if options["statistics"]:
        if chosen.counts is None:
            asides.append(_counts_beside(report))
        write = chosen.counts or write
    return "\n".join([write(report), *told])


def _report(outcome: Outcome, style: Style, with_edits: bool, overlay: Mapping[Path, bytes] | None) -> Report:
    from losslint.report.report import Report
    from losslint.report.sources import Sources

    sources = Sources(outcome.sources, outcome.cells)
    report = Report(outcome.findings, outcome.problems, outcome.files, outcome.read, sources, style)
    fixes = [one.fix for one in outcome.findings if one.fix is not None and one.fix.edits] if with_edits else []
    if not fixes:
        return report
    from losslint.engine.fitting import fitted  # brings the parser, which a run with nothing to do does without

    return replace(report, written=fitted(fixes, overlay))


def _told(
    outcome: Outcome, fixed: FixOutcome | None, options: Mapping[str, Any], asides: list[str] | None
) -> list[str]:
    """The lines below the findings: what was fixed and what else could be. A format for programs has them in `asides`, if at all."""
    if fixed is None:
        from losslint.report.text import fixable

        return list(filter(None, [fixable(outcome.findings, options["unsafe_fixes"])])) if asides is None else []
    lines = fixing.summary(fixed, options)
    if asides is None:
        return lines
    if options["show_fixes"]:
        asides += lines
    return []


def _counts_beside(report: Report) -> str:
    """Counts by rule, for formats that have no place for them."""
    from losslint.report.text import write_statistics

    return write_statistics(report)
