"""Islands analysed in processes of their own: what crosses the border is plain data."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import libcst as cst

from losslint.engine.analysis import analyse, make_room
from losslint.engine.outcome import Part, Request, Seen
from losslint.engine.workers import PATIENCE, Loss, Pool, Tell
from losslint.finding import Problem
from losslint.interp.run import new_run
from losslint.knowledge.index import load
from losslint.names.import_lines import Imports
from losslint.names.project import Project
from losslint.source.discover import show
from losslint.source.document import Document, from_bytes, read
from losslint.source.tree import parse

PULSE = 1.0
"""Seconds after which a worker says once more what it is at."""
TRIES = 5
"""How often a task is begun whose workers end before they are at anything."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all tasks have in common: the project's root, the bytes of all its files (None for one that could not be read), and what is asked."""

    root: Path
    texts: Mapping[Path, bytes | None]
    request: Request


@dataclass(frozen=True, slots=True)
class Task:
    """One island: the modules to run, and its neighbours. `lost` are files that cost a worker its life, with the reason."""

    roots: tuple[Path, ...]
    neighbours: frozenset[Path]
    lost: tuple[tuple[Path, str], ...] = ()


def run(
    tasks: Sequence[Task],
    shared: Shared,
    jobs: int,
    progress: Callable[[int, int, int], None],
    patience: float = PATIENCE,
) -> Iterator[tuple[int, Part]]:
    """Analyse islands in so many processes: the number of each, and what was found there."""
    losses: Counter[tuple[tuple[Path, ...], str]] = Counter()

    def again(task: Task, loss: Loss) -> Task | None:
        """A second try of the same, unless it was too slow; from then on without the file that is to blame. A worker that ended before it
        was at anything was ended from outside: that may happen to several."""
        losses[task.roots, loss.at] += 1
        tries = losses[task.roots, loss.at]
        if not loss.too_slow and tries < (2 if loss.at else TRIES):
            return task
        if not loss.at or Path(loss.at) in dict(task.lost):
            return None
        return replace(task, lost=(*task.lost, (Path(loss.at), loss.reason)))

    pool: Pool[Task, Part] = Pool(Worker, shared, jobs, patience)
    for number, part in pool.run(tasks, again, progress):
        yield number, _given_up(tasks[number]) if part is None else part


def _given_up(task: Task) -> Part:
    reason = "was not checked: the processes that tried ended without a word"
    unread = tuple(Problem(show(file), reason) for file in task.roots)
    return Part(unread=unread, seen=Seen(cut=frozenset(map(str, task.roots))), transient=True)


class Worker:
    """What a worker process keeps from task to task: the project as it was read by who asks, and how it hangs together."""

    __slots__ = ("_at", "_imports", "_knowledge", "_lost", "_project", "_shared", "_step", "_tell", "_told")

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._lost: dict[Path, str] = {}
        self._at: Path | None = None
        self._tell: Tell | None = None
        self._step, self._told = (0, 0), 0.0
        rows = shared.request.settings.rows
        self._knowledge = load().extended(rows) if rows else load()
        self._project = Project(shared.root, shared.texts, self._read, self._parse)
        self._imports = Imports(self._project)

    def __call__(self, task: Task, tell: Tell) -> Part:
        """Analyse an island, and say beforehand what is being looked at."""
        self._tell, self._at, self._step = tell, None, (0, 0)
        for file in {*self._lost, *dict(task.lost)}:
            self._project.units[file].reload()
        self._imports.forget([])
        self._lost = dict(task.lost)
        self._announce(task.roots[0])
        units = [self._project.units[file] for file in task.roots if file not in self._lost]
        run = new_run(self._project, self._knowledge, self._imports)
        part = analyse(run, units, task.neighbours, self._shared.request, self._announce)
        make_room(self._project, units)
        lost = tuple(_left_out(file, why) for file, why in task.lost)
        cut = part.seen.cut | {str(file) for file in self._lost}
        seen = replace(part.seen, cut=cut)
        return replace(part, unread=(*part.unread, *lost), seen=seen, transient=part.transient or bool(lost))

    def _read(self, file: Path) -> Document | Problem:
        if file in self._lost:
            return _left_out(file, self._lost[file])
        data = self._shared.texts.get(file)
        return read(file, show(file)) if data is None else from_bytes(data, file, show(file))

    def _parse(self, document: Document) -> cst.Module | Problem:
        before = self._at
        self._announce(document.file)
        tree = parse(document)
        if before is not None:
            self._announce(before)
        return tree

    def _announce(self, file: Path, done: int = 0, total: int = 0) -> None:
        if total:
            self._step = (done, total)
        now = time.monotonic()
        # a file with very many functions is no file that never ends: each of them is a sign of life
        if self._tell is not None and (self._at != file or now > self._told + PULSE):
            self._at, self._told = file, now
            self._tell(str(file), *self._step)


def _left_out(file: Path, why: str) -> Problem:
    return Problem(show(file), f"was left out: {why}")
