"""Worker processes that may die: what they were at is named, and left out when the task is tried again.

A worker tells what it is at before it begins with it. Where it is killed, or is silent for too long, that is what is to blame.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

PATIENCE = 60.0
"""Seconds that a worker may spend on one thing without a word."""
START = 60.0
"""Seconds that a worker may take to start, on top of that."""

T = TypeVar("T")
R = TypeVar("R")
Tell = Callable[[str, int, int], None]
"""Called by the work with what it is at, and how many steps of how many are done."""
Work = Callable[[T, Tell], R]
Begin = Callable[[Any], Work[T, R]]
"""Called by each worker with what all tasks share; gives what does one task."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A worker is gone: what it was at (empty where it had not begun), and why."""

    at: str
    reason: str
    too_slow: bool = False


@dataclass(slots=True, eq=False)
class _Worker(Generic[T]):
    process: Any
    connection: Connection
    task: int | None = None
    at: str = ""
    deadline: float = 0.0


class Pool(Generic[T, R]):
    """Runs tasks in so many processes; `begin` must be importable by its name."""

    __slots__ = ("_begin", "_context", "_patience", "_shared", "_size")

    def __init__(self, begin: Begin[T, R], shared: Any, size: int, patience: float = PATIENCE) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._begin, self._shared, self._size, self._patience = begin, shared, size, patience

    def run(
        self, tasks: Sequence[T], again: Callable[[T, Loss], T | None], progress: Callable[[int, int, int], None]
    ) -> Iterator[tuple[int, R | None]]:
        """Number and result of each task, in the order in which they end.

        A task whose worker is lost is tried as `again` says, in a new worker; None gives it up, and None is its result. `progress`
        is told the number of a task, and how many steps of how many are done.
        """
        pending = deque(enumerate(tasks))
        at_work: dict[int, T] = {}
        workers: list[_Worker[T]] = []
        try:
            while pending or at_work:
                self._hand_out(pending, at_work, workers)
                for worker in self._heard(workers):
                    number = worker.task
                    if number is None:
                        continue
                    message = _receive(worker)
                    if isinstance(message, Loss):
                        workers.remove(worker)
                        _end(worker)
                        task = again(at_work.pop(number), message)
                        if task is None:
                            yield number, None
                        else:
                            pending.appendleft((number, task))
                    elif message[0] == "at":
                        worker.at, worker.deadline = message[1], time.monotonic() + self._patience
                        progress(number, message[2], message[3])
                    else:
                        worker.task = None
                        del at_work[number]
                        yield number, message[1]
        finally:
            for worker in workers:
                _end(worker)

    def _hand_out(self, pending: deque[tuple[int, T]], at_work: dict[int, T], workers: list[_Worker[T]]) -> None:
        """Start workers where there is more to do, and give each idle one a task."""
        while len(workers) < min(self._size, len(pending) + len(at_work)):
            workers.append(self._started())
        for worker in workers:
            if worker.task is None and pending:
                number, task = pending.popleft()
                at_work[number] = task
                worker.task, worker.at, worker.deadline = number, "", time.monotonic() + self._patience + START
                with contextlib.suppress(OSError):  # it has died: the next look at its connection tells
                    worker.connection.send(task)

    def _started(self) -> _Worker[T]:
        mine, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._begin), daemon=True)
        process.start()
        theirs.close()
        with contextlib.suppress(OSError):  # it has died: the next look at its connection tells
            mine.send(self._shared)
        return _Worker(process, mine)

    def _heard(self, workers: list[_Worker[T]]) -> list[_Worker[T]]:
        """The workers that have something to say, or have been silent for too long."""
        first = min(worker.deadline for worker in workers if worker.task is not None)
        busy = {worker.connection: worker for worker in workers if worker.task is not None}
        ready = wait(list(busy), timeout=max(first - time.monotonic(), 0))
        heard = [busy[connection] for connection in ready if isinstance(connection, Connection)]
        return heard or [worker for worker in busy.values() if worker.deadline <= time.monotonic()]


def _receive(worker: _Worker[T]) -> Any:
    """The next message of a worker, or that it is lost."""
    try:
        if worker.connection.poll():
            return worker.connection.recv()
    except (EOFError, OSError):
        worker.process.join(5)
        return Loss(worker.at, _ending(worker.process.exitcode))
    waited = "did not start in time" if not worker.at else "took too long"
    return Loss(worker.at, waited, too_slow=True)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        import signal

        try:
            return f"the process was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"the process was ended by signal {-code}"
    return f"the process ended with status {code}"


def _end(worker: _Worker[T]) -> None:
    """Have a worker out of the way, whatever it does."""
    worker.process.kill()
    worker.process.join(5)
    worker.connection.close()


def _serve(connection: Connection, begin: Begin[Any, Any]) -> None:
    """What a worker does: tasks, one after the other, until nobody is there to ask for more."""

    def tell(at: str, done: int, total: int) -> None:
        connection.send(("at", at, done, total))

    try:
        work = begin(connection.recv())
        while True:
            connection.send(("done", work(connection.recv(), tell)))
    except (EOFError, BrokenPipeError, ConnectionError, KeyboardInterrupt):
        os._exit(0)
