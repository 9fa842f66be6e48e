"""The analysis of one island: its roots are run, its facts judged, and what remains is plain data."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path

from losslint.engine.judging import judge, loss_reports
from losslint.engine.mending import with_fixes
from losslint.engine.outcome import Part, Request, Seen
from losslint.engine.placing import Placer
from losslint.engine.selection import roots_around
from losslint.finding import Finding, Problem
from losslint.interp.budgets import LINES_OF_WATCHING, STEPS_OF_WATCHING
from losslint.interp.frame import Run
from losslint.interp.machine import Machine
from losslint.interp.run import new_run, pieces
from losslint.knowledge.index import sink_terms
from losslint.names.project import Project, Unit
from losslint.source.discover import show

Progress = Callable[[Path, int, int], None]
"""Called with the module at work, and how many steps of how many are done."""
RECURSION_LIMIT = 12_000
KEPT_LINES = 20_000
"""Lines whose trees are kept for the next island; 4 MB per 1,000 lines."""


def analyse(
    run: Run, roots: Sequence[Unit], neighbours: Container[Path], request: Request, progress: Progress | None = None
) -> Part:
    """Run the roots of these modules and judge what was seen."""
    failures = run_roots(run, roots, progress)
    shown, placer = request.shown, Placer()
    judged, used = judge(run.facts, request.settings, placer)
    found = [one for one in judged if concerns(one[0], shown)]
    if request.mend:
        found = with_fixes(found, run, _again)
    return Part(
        tuple(finding for finding, _ in found),
        unread(run.project, request.reported),
        tuple(failures),
        loss_reports(run.facts, placer, shown) if request.map_losses else (),
        Seen(used, _cut(run)),
        bool(failures) or not all(run.units[key].file in neighbours for key in run.module_scopes),
    )


def make_room(project: Project, done: Iterable[Unit]) -> None:
    """Forget the trees of modules that were run; others may still need those of modules that these merely import."""
    for unit in done:
        unit.forget_tree()
    kept = [unit for unit in project.units.values() if unit.parsed]
    if sum(map(lines_of, kept)) > KEPT_LINES:
        for unit in kept:
            unit.forget_tree()


def lines_of(unit: Unit) -> int:
    """How many lines a module has."""
    return unit.data.count(b"\n")


def _cut(run: Run) -> frozenset[str]:
    """The files that were not analysed to the end, or not at all."""
    units = run.project.units.values()
    return frozenset(unit.key for unit in (*run.cut, *(unit for unit in units if unit.problem is not None)))


def concerns(finding: Finding, shown: set[str]) -> bool:
    """True where a finding, or a step on the way to it, lies in one of the files shown under these paths."""
    return finding.span.path in shown or any(step.span.path in shown for step in finding.trace)


def unread(project: Project, reported: frozenset[Path]) -> tuple[Problem, ...]:
    """Which of these files could not be read or parsed, as far as that was tried."""
    units = (project.units.get(file) for file in sorted(reported))
    return tuple(unit.problem for unit in units if unit is not None and unit.problem is not None)


def _again(run: Run, machine: Machine, sources: set[Unit], sinks: set[object]) -> Run | None:
    """Run what reaches some modules, and what found these sinks, once more, with other parts of the interpreter; None where that is
    too much."""
    also = {unit for sink in sinks for unit in run.found_by.get(sink, ())}
    units = roots_around(run.project, run.imports, sources, also)
    if sum(unit.data.count(b"\n") for unit in units if not unit.parsed) > LINES_OF_WATCHING:
        return None
    again = new_run(run.project, run.knowledge, run.imports, machine)
    run_roots(again, units, most=STEPS_OF_WATCHING)
    return again if again.work.steps_in_all <= STEPS_OF_WATCHING else None


def run_roots(
    run: Run, units: Sequence[Unit], progress: Progress | None = None, most: int | None = None
) -> list[Problem]:
    """Run the roots of these modules, until `most` steps were taken; what goes wrong in one costs that one alone."""
    failures: list[Problem] = []
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    collects = gc.isenabled()
    gc.disable()  # trees and values hold no cycles worth looking for, and there are many of them
    try:
        for done, total, unit, work in pieces(run, units, sink_terms(run.knowledge)):
            if progress is not None:
                progress(unit.file, done, total)
            if most is not None and run.work.steps_in_all > most:
                break
            before = len(run.facts)
            failed = _attempt(work, unit)
            failures += failed
            if failed or run.work.steps_left <= 0:
                run.cut.add(unit)
            for fact in run.facts[before:]:
                run.found_by.setdefault(fact.site.node, set()).add(unit)
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()
    return failures


def _attempt(work: Callable[[], None], unit: Unit) -> list[Problem]:
    """Do a piece of work; what went wrong in it."""
    try:
        work()
    except RecursionError:
        return [Problem(show(unit.file), "is nested too deeply to follow")]
    except Exception as error:  # one wild file must not cost the run
        if wants_internal_errors():
            raise
        return [Problem(show(unit.file), f"internal error, please report: {type(error).__name__}: {error}")]
    return []


def wants_internal_errors() -> bool:
    """True where an internal error should come out as it is (tests)."""
    return bool(os.environ.get("LOSSLINT_RAISE"))
