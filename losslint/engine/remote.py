"""Islands analysed in processes of their own: what crosses the border is plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import libcst as cst

from losslint.engine.analysis import analyse
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

TRIES = 5
"""How often a task is begun whose workers end before they are at anything."""


@dataclass(frozen=True, slots=True)
class Task:
    """One island: the project it lies in, the modules to run, and what is asked.

    `texts` are the bytes of its neighbours, by absolute path. `lost` are files that cost a worker its life, with the reason.
    """

    root: Path
    files: tuple[Path, ...]
    roots: tuple[Path, ...]
    request: Request
    texts: Mapping[Path, bytes]
    lost: tuple[tuple[Path, str], ...] = ()


def run(
    tasks: Sequence[Task], jobs: int, progress: Callable[[int, int, int], None], patience: float = PATIENCE
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

    pool: Pool[Task, Part] = Pool(_work, jobs, patience)
    for number, part in pool.run(tasks, again, progress):
        yield number, _given_up(tasks[number]) if part is None else part


def _given_up(task: Task) -> Part:
    reason = "was not checked: the processes that tried ended without a word"
    unread = tuple(Problem(show(file), reason) for file in task.roots)
    return Part(unread=unread, seen=Seen(cut=frozenset(map(str, task.roots))), transient=True)


def _work(task: Task, tell: Tell) -> Part:
    """What a worker does."""
    lost = dict(task.lost)

    def read_here(file: Path) -> Document | Problem:
        if file in lost:
            return _left_out(file, lost[file])
        data = task.texts.get(file)
        return read(file, show(file)) if data is None else from_bytes(data, file, show(file))

    def parse_aloud(document: Document) -> cst.Module | Problem:
        before = at[0]
        announce(document.file)
        tree = parse(document)
        announce(before)
        return tree

    def announce(file: Path, done: int = 0, total: int = 0) -> None:
        if at[0] != file:
            at[0] = file
            tell(str(file), done, total)

    at = [task.roots[0]]
    tell(str(at[0]), 0, 1)
    rows = task.request.settings.rows
    project = Project(task.root, task.files, read_here, parse_aloud)
    knowledge = load().extended(rows) if rows else load()
    units = [project.units[file] for file in task.roots if file not in lost]
    part = analyse(new_run(project, knowledge, Imports(project)), units, task.texts, task.request, announce)
    unread = tuple(_left_out(file, why) for file, why in task.lost)
    seen = replace(part.seen, cut=part.seen.cut.union(map(str, lost)))
    return replace(part, unread=(*part.unread, *unread), seen=seen, transient=part.transient or bool(unread))


def _left_out(file: Path, why: str) -> Problem:
    return Problem(show(file), f"was left out: {why}")
