"""A project shared out: its islands are analysed one by one, here or in other processes, or known from before."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from losslint.engine.analysis import analyse, lines_of, make_room
from losslint.engine.islands import Island, islands
from losslint.engine.judging import judge_directives
from losslint.engine.kept import Kept, Keys
from losslint.engine.mending import with_fixes
from losslint.engine.outcome import Part, Request, Seen
from losslint.engine.placing import Placer
from losslint.engine.selection import roots
from losslint.engine.suppressing import directives
from losslint.finding import Problem
from losslint.interp.run import new_run
from losslint.knowledge.index import Knowledge, gate_terms, load, sink_terms
from losslint.names.import_lines import Imports
from losslint.names.project import Project

if TYPE_CHECKING:
    pass

Progress = Callable[[int, int], None]
LINES_WORTH_A_PROCESS = 6_000
"""Lines to run below which starting one more process costs more than it saves."""


class Analysis:
    """The islands of a project, and how far work on them has come.

    Run are the modules that the request asks for, or where `around` is given those that these files have a say in.
    With `stays` the trees are kept: the project will be analysed again.
    """

    __slots__ = ("_done", "_imports", "_knowledge", "_progress", "_project", "_request", "_stays", "islands")

    def __init__(
        self,
        project: Project,
        imports: Imports,
        request: Request,
        progress: Progress | None,
        *,
        around: Collection[Path] | None = None,
        stays: bool = False,
    ) -> None:
        rows = request.settings.rows
        self._project, self._imports, self._request, self._progress = project, imports, request, progress
        self._knowledge: Knowledge = load().extended(rows) if rows else load()
        self._stays = stays
        terms = (gate_terms(self._knowledge), sink_terms(self._knowledge))
        wanted = roots(project, imports, set(request.reported if around is None else around), terms, request.excluded)
        everything = [project.units[file] for file in sorted(project.units)]
        self.islands = islands(wanted, everything, imports)
        self._done = [0.0] * len(self.islands)

    def parts(self, kept: Kept | None) -> list[Part]:
        """What is found on each island, in order."""
        found: dict[int, Part] = {}
        keys = None if kept is None else Keys(self._project, self._request)
        if kept is not None and keys is not None:
            for number, island in enumerate(self.islands):
                part = kept.get(keys.of(island))
                if part is not None:
                    found[number] = part
        todo = [number for number in range(len(self.islands)) if number not in found]
        fresh = self._run_apart(todo) if self._processes(todo) else map(self._run_here, todo)
        for number, part in fresh:
            found[number] = part
            if kept is not None and keys is not None:
                kept.put(keys.of(self.islands[number]), part)
        return [found[number] for number in sorted(found)]

    def _processes(self, todo: Sequence[int]) -> int:
        """How many processes to start: none where one is asked for, or where the settings leave it open and the work is soon done here."""
        wanted = self._request.settings.jobs
        if wanted is None:
            sizes = [_lines(self.islands[number]) for number in todo]
            apart = sum(sizes) - max(sizes, default=0)  # what others can do beside the largest
            wanted = min(_cores(), 1 + apart // LINES_WORTH_A_PROCESS)
        return min(wanted, len(todo)) if wanted > 1 else 0

    def _run_here(self, number: int) -> tuple[int, Part]:
        island = self.islands[number]
        run = new_run(self._project, self._knowledge, self._imports)
        neighbours = {unit.file for unit in island.neighbours}
        part = analyse(
            run, island.roots, neighbours, self._request, lambda _, done, total: self._tell(number, done, total)
        )
        if not self._stays:
            make_room(self._project, island.roots)
        return number, part

    def _run_apart(self, numbers: Sequence[int]) -> Iterator[tuple[int, Part]]:
        from losslint.engine.remote import Shared, Task, run  # brings processes, which few runs need

        largest_first = sorted(numbers, key=lambda number: -_lines(self.islands[number]))
        units = self._project.units
        texts = {file: None if isinstance(unit.document, Problem) else unit.data for file, unit in units.items()}
        tasks = [
            Task(tuple(unit.file for unit in island.roots), frozenset(unit.file for unit in island.neighbours))
            for island in map(self.islands.__getitem__, largest_first)
        ]
        found = run(
            tasks,
            Shared(self._project.root, texts, self._request),
            self._processes(numbers),
            lambda task, done, total: self._tell(largest_first[task], done, total),
        )
        return ((largest_first[task], part) for task, part in found)

    def about_directives(self, seen: Seen, request: Request) -> Part:
        """What is to be said of comments that let findings stand, in the light of all that was seen."""
        comments = directives(self._project, self._imports, seen, request)
        judged = judge_directives(comments, request.settings, Placer())
        if request.mend and judged:
            judged = with_fixes(judged, new_run(self._project, self._knowledge, self._imports))
        return Part(tuple(finding for finding, _ in judged))

    def _tell(self, number: int, done: int, total: int) -> None:
        if self._progress is None:
            return
        self._done[number] = len(self.islands[number].roots) * done / max(total, 1)
        self._progress(round(sum(self._done)), sum(len(island.roots) for island in self.islands))


def _lines(island: Island) -> int:
    return sum(map(lines_of, island.roots))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
