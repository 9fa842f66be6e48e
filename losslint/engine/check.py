"""`check`: read, share out, analyse, put together."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from losslint.config import Settings, governed
from losslint.engine.analysis import analyse, unread
from losslint.engine.around import project_around, sources_of, with_unsaved
from losslint.engine.baseline import Scope, accepted
from losslint.engine.baseline import read as read_baseline
from losslint.engine.islands import Island, islands
from losslint.engine.judging import judge_directives
from losslint.engine.kept import Kept, Keys
from losslint.engine.mending import allowed, with_fixes
from losslint.engine.outcome import Outcome, Part, Request
from losslint.engine.placing import Placer
from losslint.engine.selection import roots
from losslint.engine.suppressing import directives
from losslint.engine.together import together
from losslint.finding import Problem
from losslint.interp.run import new_run
from losslint.knowledge.index import Knowledge, gate_terms, load, sink_terms
from losslint.names.import_lines import Imports
from losslint.names.project import Project, Unit
from losslint.rules._codes import CODES
from losslint.source.discover import expand, show

if TYPE_CHECKING:
    from losslint.engine.remote import Task

Progress = Callable[[int, int], None]
LINES_WORTH_PROCESSES = 6_000
"""Lines to run below which starting processes costs more than it saves."""
KEPT_LINES = 20_000
"""Lines whose trees are kept for the next island; 4 MB per 1,000 lines."""


def check(
    paths: Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    *,
    map_losses: bool = False,
    mend: bool = True,
    overlay: Mapping[Path, bytes] | None = None,
    kept: Kept | None = None,
) -> Outcome:
    """Analyse the project around `paths` and report on the files that `paths` name; the map of losses is made on request.

    With `mend` each finding gets its fix, or the reason why it has none; that may take a second run. Files in `overlay`, by
    absolute path, are read from there and not from disk. What `kept` holds and still holds true is not looked for again.
    What the baseline of the settings knows is left out. Raises ConfigError where that, or the user's rows, make no sense.
    """
    known = None if settings.baseline is None or map_losses else read_baseline(settings.baseline)
    files, problems = with_unsaved(*expand(paths, settings.scope), paths, overlay or {})
    reported = frozenset(file.absolute() for file in files)
    project = project_around(paths, files, overlay, settings.respect_gitignore)
    settings = governed(settings, reported, project.units, CODES)
    excluded = settings.scope.excluded(project.units.keys() - reported, project.root)
    request = Request(settings, reported, mend, map_losses)
    analysis = _Analysis(project, request, progress, excluded)
    found = together(analysis.parts(kept))
    found = together((found, analysis.about_directives(found)))
    missing = {*found.unread, *unread(project, request.reported)}
    hidden = {show(file) for file in excluded}
    findings = allowed([one for one in found.findings if one.span.path not in hidden], settings)
    sources, cells = sources_of(findings, project)
    outcome = Outcome(
        findings,
        tuple(sorted({*problems, *missing, *found.failures})),
        found.losses,
        len(files),
        len(files) - len({problem.path for problem in missing}),
        sources,
        cells,
    )
    return outcome if known is None else accepted(outcome, known, _scope(request.reported, settings, outcome))


def scope_of(paths: Sequence[str], settings: Settings, outcome: Outcome) -> Scope:
    """What a check of `paths` that came to this outcome could see."""
    return _scope(frozenset(file.absolute() for file in expand(paths, settings.scope)[0]), settings, outcome)


def _scope(files: frozenset[Path], settings: Settings, outcome: Outcome) -> Scope:
    return Scope(files - {Path(os.path.abspath(problem.path)) for problem in outcome.problems}, settings)


class _Analysis:
    """The islands of a project, and how far work on them has come."""

    __slots__ = ("_done", "_imports", "_islands", "_knowledge", "_progress", "_project", "_request")

    def __init__(
        self, project: Project, request: Request, progress: Progress | None, excluded: Collection[Path]
    ) -> None:
        rows = request.settings.rows
        self._project, self._request, self._progress = project, request, progress
        self._knowledge: Knowledge = load().extended(rows) if rows else load()
        self._imports = Imports(project)
        terms = (gate_terms(self._knowledge), sink_terms(self._knowledge))
        wanted = roots(project, self._imports, set(request.reported), terms, excluded)
        everything = [project.units[file] for file in sorted(project.units)]
        self._islands = islands(wanted, everything, self._imports)
        self._done = [0.0] * len(self._islands)

    def parts(self, kept: Kept | None) -> list[Part]:
        """What is found on each island, in order."""
        found: dict[int, Part] = {}
        keys = None if kept is None else Keys(self._project, self._request)
        if kept is not None and keys is not None:
            for number, island in enumerate(self._islands):
                part = kept.get(keys.of(island))
                if part is not None:
                    found[number] = part
        todo = [number for number in range(len(self._islands)) if number not in found]
        fresh = self._run_apart(todo) if self._processes(todo) else map(self._run_here, todo)
        for number, part in fresh:
            found[number] = part
            if kept is not None and keys is not None:
                kept.put(keys.of(self._islands[number]), part)
        return [found[number] for number in sorted(found)]

    def _processes(self, todo: Sequence[int]) -> int:
        """How many processes to start: none where one is asked for, or where the settings leave it open and the work is soon done here."""
        wanted = self._request.settings.jobs
        if wanted is None:
            sizes = [_lines(self._islands[number]) for number in todo]
            wanted = _cores() if sum(sizes) - max(sizes, default=0) > LINES_WORTH_PROCESSES else 1
        return min(wanted, len(todo)) if wanted > 1 else 0

    def _run_here(self, number: int) -> tuple[int, Part]:
        island = self._islands[number]
        run = new_run(self._project, self._knowledge, self._imports)
        neighbours = {unit.file for unit in island.neighbours}
        part = analyse(
            run, island.roots, neighbours, self._request, lambda _, done, total: self._tell(number, done, total)
        )
        self._make_room(island)
        return number, part

    def _run_apart(self, numbers: Sequence[int]) -> Iterator[tuple[int, Part]]:
        from losslint.engine.remote import run

        largest_first = sorted(numbers, key=lambda number: -_lines(self._islands[number]))
        tasks = [self._task(self._islands[number]) for number in largest_first]
        found = run(
            tasks, self._processes(numbers), lambda task, done, total: self._tell(largest_first[task], done, total)
        )
        return ((largest_first[task], part) for task, part in found)

    def _task(self, island: Island) -> Task:
        from losslint.engine.remote import Task  # brings processes, which few runs need

        texts = {unit.file: unit.data for unit in island.neighbours if not isinstance(unit.document, Problem)}
        files = tuple(self._project.units)
        return Task(self._project.root, files, tuple(unit.file for unit in island.roots), self._request, texts)

    def about_directives(self, found: Part) -> Part:
        """What is to be said of comments that let findings stand, in the light of all that was found."""
        seen = directives(self._project, self._imports, found.seen, self._request)
        judged = judge_directives(seen, self._request.settings, Placer())
        if self._request.mend and judged:
            judged = with_fixes(judged, new_run(self._project, self._knowledge, self._imports))
        return Part(tuple(finding for finding, _ in judged))

    def _make_room(self, island: Island) -> None:
        """Forget the trees of an island that is done; others may still need those of modules that it merely imports."""
        for unit in island.roots:
            unit.forget_tree()
        kept = [unit for unit in self._project.units.values() if unit.parsed]
        if sum(map(_size, kept)) > KEPT_LINES:
            for unit in kept:
                unit.forget_tree()

    def _tell(self, number: int, done: int, total: int) -> None:
        if self._progress is None:
            return
        self._done[number] = len(self._islands[number].roots) * done / max(total, 1)
        self._progress(round(sum(self._done)), sum(len(island.roots) for island in self._islands))


def _lines(island: Island) -> int:
    return sum(map(_size, island.roots))


def _size(unit: Unit) -> int:
    return unit.data.count(b"\n")


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
