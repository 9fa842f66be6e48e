"""One thread for all analysis, with room for deep recursion, so that the event loop stays free."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from losslint.source.roomy import STACK_BYTES

Result = TypeVar("Result")


class GivenUpError(Exception):
    """What is being done has become pointless."""


class Job:
    """A piece of work while it runs: how far it has come, and whether it is still wanted."""

    __slots__ = ("_cancelled", "done", "is_second_look", "total")

    def __init__(self, *, is_second_look: bool = False) -> None:
        self.is_second_look = is_second_look
        self._cancelled = False
        self.done = self.total = 0

    def cancel(self) -> None:
        """Say that it is no longer wanted: it ends when it next tells of its progress."""
        self._cancelled = True

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` steps are done. Raises GivenUpError."""
        self.done, self.total = done, total
        if self._cancelled:
            raise GivenUpError


class Worker:
    """Does one thing after the other."""

    __slots__ = ("_pool",)

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="losslint")
        usual = threading.stack_size(STACK_BYTES)
        try:
            self._pool.submit(_nothing).result()  # starts the thread, with this stack
        finally:
            threading.stack_size(usual)

    def do(self, action: Callable[[], Result]) -> asyncio.Future[Result]:
        """Do it when all that was asked for before is done."""
        return asyncio.get_running_loop().run_in_executor(self._pool, action)

    def end(self) -> None:
        """Take nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _nothing() -> None: ...
