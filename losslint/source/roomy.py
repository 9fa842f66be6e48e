"""Room for deep recursion: a thread with a large stack, for the few inputs that need it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

STACK_BYTES = 256 * 1024 * 1024
RECURSION_LIMIT = 60_000

_ONE_AT_A_TIME = threading.Lock()  # stack size and recursion limit are settings of the process

Result = TypeVar("Result")


def with_room(action: Callable[[], Result]) -> Result:
    """Do the action on a large stack and with a high recursion limit; raises what the action raises.

    Raises MemoryError where the system grants no such stack.
    """
    outcome: list[Result] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(action())
        except BaseException as error:
            failure.append(error)

    with _ONE_AT_A_TIME:
        usual_limit = sys.getrecursionlimit()
        try:
            sys.setrecursionlimit(max(usual_limit, RECURSION_LIMIT))
            _start(run).join()
        finally:
            sys.setrecursionlimit(usual_limit)
    if failure:
        raise failure[0]
    return outcome[0]


def _start(run: Callable[[], None]) -> threading.Thread:
    usual_size = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
    except RuntimeError as error:
        raise MemoryError(str(error)) from error
    finally:
        threading.stack_size(usual_size)
    return thread
