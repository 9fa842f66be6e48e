"""Work for worker processes that ends badly on request. Its own module: workers import it by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def begin(shared):
    """What each worker of the tests does with what is shared: nothing."""
    return work if shared is None else None


def work(task, tell):
    """Say what it is at, and do what the words of the task ask for: die (with `once` only if the file is there), hang, raise."""
    for word in task.split():
        tell(word, 1, 2)
        kind, _, rest = word.partition(":")
        if kind == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        elif kind == "once" and Path(rest).exists():
            Path(rest).unlink()
            os._exit(7)
        elif kind == "hang":
            time.sleep(600)
        elif kind == "raise":
            raise ValueError(word)
    return task.upper()
