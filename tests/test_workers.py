"""Worker processes: a dead or endless one costs the file that it was at, and the rest goes on."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

import dying_work
import pytest

from losslint import engine
from losslint.config import Settings
from losslint.engine import remote, sharing
from losslint.engine.workers import Pool
from losslint.finding import Problem

BAD = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
loss = nn.CrossEntropyLoss()(model(torch.rand(2, 4)), torch.tensor([0, 1]))
"""


def without_blamed(task, loss):
    return " ".join(word for word in task.split() if word != loss.at) or None


def results(tasks, size=2, again=without_blamed, patience=30.0):
    return dict(Pool(dying_work.begin, None, size, patience).run(tasks, again, lambda *_: None))


def test_every_task_gives_its_result():
    assert results(["a", "b b", "c", "d", "e"]) == {0: "A", 1: "B B", 2: "C", 3: "D", 4: "E"}


@pytest.mark.parametrize("end", ["die", "raise"])
def test_a_dead_worker_costs_what_it_was_at(end):
    assert results(["a", f"b {end} c", "d"]) == {0: "A", 1: "B C", 2: "D"}


def test_a_task_that_is_given_up_costs_no_other():
    assert results(["die", "a", "die", "b"], again=lambda *_: None) == {0: None, 1: "A", 2: None, 3: "B"}


def test_what_never_ends_is_ended():
    seen = []

    def again(task, loss):
        seen.append(loss)
        return without_blamed(task, loss)

    assert results(["a hang", "b"], again=again, patience=1.5) == {0: "A", 1: "B"}
    assert [(loss.at, loss.too_slow, loss.reason) for loss in seen] == [("hang", True, "took too long")]


def test_the_reason_names_the_signal():
    seen = []
    results(["die"], again=lambda _, loss: seen.append(loss.reason))
    assert seen == ["the process was ended by SIGKILL"]


def test_no_process_stays_behind():
    results(["a", "die", "b"], again=lambda *_: None)
    assert multiprocessing.active_children() == []


@pytest.fixture
def two_scripts(folder):
    for name in ("one.py", "two.py"):
        (folder / name).write_text(BAD)
    return folder


def check(jobs):
    return engine.check(["."], Settings(jobs=jobs), mend=False)


@pytest.mark.usefixtures("two_scripts")
def test_processes_find_what_one_finds():
    alone, apart = check(1), check(2)
    assert alone == apart
    assert [finding.span.path for finding in apart.findings] == ["one.py", "two.py"]


def test_a_file_that_kills_its_worker_is_named_and_the_rest_is_checked(two_scripts, monkeypatch):
    """`remote` with work that dies at one file, as a crash of the native parser would have it."""
    monkeypatch.setattr(remote, "Worker", DyingWorker)
    outcome = check(2)
    assert [finding.span.path for finding in outcome.findings] == ["one.py"]
    assert outcome.problems == (Problem("two.py", "was left out: the process was ended by SIGKILL"),)
    assert (outcome.files, outcome.read) == (2, 1)


def test_a_worker_killed_from_outside_costs_nothing(two_scripts):
    """Killed once while it works: the second try finds all there is."""
    killed = []

    def kill():
        end = time.monotonic() + 60
        while time.monotonic() < end and not killed:
            for child in multiprocessing.active_children()[:1]:
                child.kill()
                killed.append(child)
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    outcome = check(2)
    killer.join()
    assert killed
    assert (len(outcome.findings), outcome.problems) == (2, ())


class DyingWorker(remote.Worker):
    """The real one, but for one file."""

    __slots__ = ()

    def _parse(self, document):
        self._announce(document.file)
        if document.path == "two.py":
            os.kill(os.getpid(), signal.SIGKILL)
        return super()._parse(document)


@pytest.mark.usefixtures("two_scripts")
@pytest.mark.parametrize(
    ("jobs", "lines_worth_one", "started"),
    [(None, 6_000, None), (None, 3, 2), (1, 3, None), (2, 6_000, 2), (9, 6_000, 2)],
)
def test_processes_are_started_where_they_pay_off_or_are_asked_for(monkeypatch, jobs, lines_worth_one, started):
    asked = []

    def here(tasks, shared, processes, progress):
        asked.append(processes)
        worker = remote.Worker(shared)
        return ((number, worker(task, lambda *_: None)) for number, task in enumerate(tasks))

    monkeypatch.setattr(remote, "run", here)
    monkeypatch.setattr(sharing, "LINES_WORTH_A_PROCESS", lines_worth_one)
    monkeypatch.setattr(sharing, "_cores", lambda: 8)
    assert len(check(jobs).findings) == 2
    assert asked == ([] if started is None else [started])


@pytest.mark.usefixtures("two_scripts")
def test_a_worker_gives_signs_of_life_at_one_file(monkeypatch):
    told = []
    monkeypatch.setattr(remote, "PULSE", 0.0)
    monkeypatch.setattr(remote, "run", lambda tasks, shared, *_: told_of(tasks, shared, told))
    check(2)
    assert told.count("one.py") > 3


def told_of(tasks, shared, told):
    worker = remote.Worker(shared)
    for number, task in enumerate(tasks):
        yield number, worker(task, lambda at, *_: told.append(os.path.basename(at)))
