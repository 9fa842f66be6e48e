"""A bar on the terminal that shows how far a long run has come."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PATIENCE = 1.0
_PAUSE = 0.1
_WIDTH = 30


def bar(done: int, total: int) -> str:
    """So much of a bar, with numbers behind it."""
    full = _WIDTH * min(done, total) // max(total, 1)
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {done} of {total} files"


class Progress:
    """Silent for the first second, and wherever stderr is no terminal; leaves no trace behind."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PATIENCE
        self._shown = 0
        self._terminal = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` files are through."""
        now = time.monotonic()
        if self._terminal and now >= self._next:
            self._next = now + _PAUSE
            self._write(bar(done, total))

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            self._write("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r{text.ljust(self._shown)}")
        sys.stderr.flush()
        self._shown = len(text)
