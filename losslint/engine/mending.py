"""Fixes for findings: a second run watches the numbers of the activations that would go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from os.path import abspath

from losslint.config import Settings
from losslint.finding import Applicability, Finding
from losslint.interp.frame import Run
from losslint.interp.machine import Machine
from losslint.names.project import Unit
from losslint.remedy import Remedy

Mendable = tuple[Finding, tuple[Remedy, ...]]


Again = Callable[[Run, Machine, set[Unit], set[object]], Run | None]


def with_fixes(found: Sequence[Mendable], run: Run, again: Again | None = None) -> list[Mendable]:
    """The findings with their fixes. `again` runs what reaches some modules, or found some sinks, with other parts of the
    interpreter; it may be left out where no value is in question."""
    remedies = [remedy for _, its in found for remedy in its]
    if not remedies:
        return list(found)
    from losslint.fixes.mend import mender, watched
    from losslint.interp.watching import Sightings, Watching

    wanted = watched(remedies, run.facts)
    seen: Sightings | None = Sightings()
    facts = run.facts
    if wanted.sources and again is not None:
        watching = Watching(wanted.sources)
        second = again(run, watching, wanted.units, wanted.sinks)
        seen, facts = (None, run.facts) if second is None else (watching.seen, second.facts)
    work = mender(run, seen, facts)
    return [(replace(finding, fix=work.fix(its)) if its else finding, its) for finding, its in found]


def allowed(findings: Iterable[Finding], settings: Settings) -> tuple[Finding, ...]:
    """The findings, with fixes of rules that the settings do not let be fixed as advice only."""
    return tuple(_as_advice(finding, settings) for finding in findings)


def _as_advice(finding: Finding, settings: Settings) -> Finding:
    if finding.fix is None or settings.for_file(abspath(finding.span.path)).fixes(finding.code, finding.name):
        return finding
    return replace(finding, fix=replace(finding.fix, applicability=Applicability.DISPLAY, edits=()))
