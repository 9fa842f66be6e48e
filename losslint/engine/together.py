"""What several islands found, put together as if one analysis had found it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from losslint.engine.outcome import LossReport, Part, Seen, Use
from losslint.finding import Finding, Problem, Span


def together(parts: Iterable[Part]) -> Part:
    """One part in the place of many, in order of place. Where two islands ran one loss, the surer finding about it counts."""
    findings: dict[tuple[str, Span, Span | None], Finding] = {}
    losses: dict[Span, LossReport] = {}
    unread: list[Problem] = []
    failures: list[Problem] = []
    used: set[Use] = set()
    cut: set[str] = set()
    for part in parts:
        for finding in part.findings:
            key = (finding.code, finding.span, finding.trace[0].span if finding.trace else None)
            seen = findings.get(key)
            if seen is None or finding.certainty > seen.certainty:
                findings[key] = finding
        for report in part.losses:
            losses[report.span] = _joined(losses[report.span], report) if report.span in losses else report
        unread += part.unread
        failures += part.failures
        used |= part.seen.used
        cut |= part.seen.cut
    return Part(
        tuple(sorted(findings.values(), key=_order)),
        tuple(sorted(set(unread))),
        tuple(sorted(set(failures))),
        tuple(sorted(losses.values(), key=_place)),
        Seen(frozenset(used), frozenset(cut)),
    )


def _joined(one: LossReport, other: LossReport) -> LossReport:
    lines, reasons = dict.fromkeys((*one.lines, *other.lines)), dict.fromkeys((*one.reasons, *other.reasons))
    return replace(one, lines=tuple(lines), reasons=tuple(reasons))


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return (finding.span.path, finding.span.line, finding.span.column, finding.code)


def _place(report: LossReport) -> Span:
    return report.span
