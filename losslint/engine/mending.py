"""Fixes for findings: a second run watches the numbers of the activations that would go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from losslint.finding import Finding
from losslint.interp.frame import Machine, Run
from losslint.remedy import Remedy

Mendable = tuple[Finding, tuple[Remedy, ...]]


def with_fixes(found: Sequence[Mendable], run: Run, again: Callable[[Machine], Run]) -> list[Mendable]:
    """The findings with their fixes. `again` runs the same program with other parts of the interpreter."""
    remedies = [remedy for _, its in found for remedy in its]
    if not remedies:
        return list(found)
    from losslint.fixes.mend import mender, sources_of
    from losslint.interp.watching import Sightings, Watching

    sources = sources_of(remedies)
    seen, facts = Sightings(), run.facts
    if sources:
        watching = Watching(sources)
        seen, facts = watching.seen, again(watching).facts
    work = mender(tuple(run.project.units.values()), run.knowledge, seen, facts)
    return [(replace(finding, fix=work.fix(its)) if its else finding, its) for finding, its in found]
