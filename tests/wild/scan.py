"""One run of losslint over one package, as a user would run it: a process of its own with a time limit."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from wild.archive import count

SECONDS = 120
"""CPU time for one package, which other work on the machine does not change as it does the time on the clock."""
PATIENCE = 4 * SECONDS
# Unlike `python -m losslint` this does not look for modules in the folder that is checked: nothing of it may be run.
START = f"""
import atexit, resource, sys, time
sys.path[:] = [path for path in sys.path if path]
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
atexit.register(lambda: print("CPU seconds:", time.process_time(), file=sys.stderr))
from losslint.cli import main
main()
"""
TOO_SLOW = f"not done in {SECONDS} s"
COMMAND = ("check", ".", "--output-format", "json", "--certainty", "likely", "--isolated", "--no-cache")
CRASHES = ("internal error", "Traceback (most recent call last)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding of severity error: where, what, how certain, and in which words."""

    file: str
    line: int
    column: int
    code: str
    certainty: str
    message: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a run said of a package."""

    package: str
    version: str
    files: int
    seconds: float
    errors: tuple[Seen, ...]
    others: Counter[tuple[str, str]]
    """How many findings below error there are, by severity and code."""
    failure: str | None
    """Why the run counts for nothing: a crash, a time-out."""


def scan(package: str, version: str, folder: Path, source: Path) -> Scan:
    """Run the losslint that lies in the folder `source` over an unpacked package."""
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", START, *COMMAND]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Scan(package, version, count(folder), SECONDS, (), Counter(), TOO_SLOW)
    complaints = done.stderr.decode(errors="replace")
    failure = failure_of(done.returncode, complaints)
    found = [] if failure else json.loads(done.stdout)
    return Scan(package, version, count(folder), seconds_of(complaints), errors_of(found), others_of(found), failure)


def failure_of(exit_code: int, errors: str) -> str | None:
    """The line that tells of a crash, if there was one. Complaints about files that are no Python are none."""
    for line in errors.splitlines():
        if any(mark in line for mark in CRASHES):
            return line.strip()
    if exit_code in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_SLOW
    return None if exit_code in (0, 1) else f"exit code {exit_code}: {errors.strip()[-200:]}"


def seconds_of(errors: str) -> float:
    """The CPU time that the run told at its end; the limit where it did not get so far."""
    told = re.findall(r"^CPU seconds: ([\d.]+)$", errors, re.MULTILINE)
    return float(told[-1]) if told else float(SECONDS)


def errors_of(found: list[dict[str, object]]) -> tuple[Seen, ...]:
    """The findings of severity error in losslint's JSON."""
    return tuple(sorted((_seen(one) for one in found if one["severity"] == "error"), key=repr))


def others_of(found: list[dict[str, object]]) -> Counter[tuple[str, str]]:
    """Counts of the rest, by severity and code."""
    return Counter((str(one["severity"]), str(one["code"])) for one in found if one["severity"] != "error")


def _seen(one: dict[str, object]) -> Seen:
    location = one["location"]
    assert isinstance(location, dict)
    file, code, certainty, message = (str(one[name]) for name in ("filename", "code", "certainty", "message"))
    return Seen(file, int(location["row"]), int(location["column"]), code, certainty, message)
