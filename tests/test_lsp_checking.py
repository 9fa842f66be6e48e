"""When the server checks what: given up, put off, tried again. The analysis is played by a stand-in that waits to be let go."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from losslint.engine.outcome import Outcome
from losslint.lsp import checking
from losslint.lsp.checking import Checker
from losslint.lsp.documents import Open
from losslint.lsp.worker import GivenUpError

pytestmark = pytest.mark.asyncio
FOLDER = Path("/somewhere")
A, B = FOLDER / "a.py", FOLDER / "b.py"
PATIENCE = 30


class Analysis:
    """Stands in for a workspace: each check waits until it is let go, or given up."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, frozenset[Path] | None]] = []
        self.gate = threading.Semaphore(0)
        self.free = False
        self.failure: Exception | None = None

    def check(self, texts, changed, progress, *, mend):
        self.calls.append(("mend" if mend else "look", None if changed is None else frozenset(changed)))
        try:
            while not (self.free or self.gate.acquire(timeout=0.005)):
                progress(1, 2)
        except GivenUpError:
            self.calls.append(("given up", None))
            raise
        if self.failure is not None:
            raise self.failure
        return Outcome((), (), (), 1, 1)

    def glance(self, texts, files, progress):
        self.calls.append(("glance", frozenset(files)))
        return Outcome((), (), (), 1, 1)


class Checking:
    """A checker with what it publishes and reports."""

    def __init__(self) -> None:
        self.published: list[set[Path]] = []
        self.errors: list[Exception] = []
        self.opened = {file: Open(file.as_uri(), 1, b"x = 1\n") for file in (A, B)}

        async def watch(share, job, work):
            await asyncio.wait({work})

        self.checker = Checker(
            lambda: SimpleNamespace(taken=lambda: self.opened),
            lambda share, changed: self.published.append(changed),
            watch,
            lambda share, error: self.errors.append(error),
        )
        self.checker.shares.set_folders([FOLDER])
        (self.share,) = self.checker.shares
        self.analysis = self.share.workspace = Analysis()

    async def calls(self, count: int) -> None:
        """Wait until the analysis was called, or given up, so many times in all."""
        for _ in range(PATIENCE * 200):
            if len(self.analysis.calls) >= count:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(self.analysis.calls)

    async def until_published(self, count: int) -> None:
        for _ in range(PATIENCE * 200):
            if len(self.published) >= count:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(self.published)


@pytest_asyncio.fixture
async def at_work(monkeypatch):
    """A checker that has had its first look."""
    monkeypatch.setattr(checking, "IDLE", 3600)
    found = Checking()
    found.checker.start()
    found.checker.note_all()
    found.analysis.gate.release()
    await found.until_published(2)
    assert found.analysis.calls == [("glance", frozenset({A, B})), ("mend", None)]
    found.analysis.calls.clear()
    found.published.clear()
    yield found
    found.analysis.free = True
    found.checker.stop()


async def test_a_newer_change_ends_a_check_and_both_are_looked_at(at_work):
    at_work.checker.note([A], 0.0)
    await at_work.calls(1)
    at_work.checker.note([B], 0.0)
    await at_work.calls(3)
    at_work.analysis.gate.release()
    await at_work.until_published(1)
    assert at_work.analysis.calls == [
        ("look", frozenset({A})),
        ("given up", None),
        ("look", frozenset({A, B})),
    ]
    assert at_work.published == [{A, B}]


async def test_the_first_look_is_not_given_up():
    found = Checking()
    found.checker.start()
    found.checker.note_all()
    await found.calls(2)
    found.checker.note([A], 0.0)
    found.analysis.free = True
    await found.until_published(3)
    found.checker.stop()
    assert found.analysis.calls[1:] == [("mend", None), ("look", frozenset({A}))]


async def test_fixes_are_looked_for_when_they_are_asked_for(at_work):
    at_work.analysis.free = True
    at_work.checker.note([A], 0.0)
    assert await at_work.checker.settle(at_work.share)
    at_work.checker.note([B], 3600)
    assert await at_work.checker.settle(at_work.share, fixes=True)
    assert await at_work.checker.settle(at_work.share, fixes=True)
    assert at_work.analysis.calls == [("look", frozenset({A})), ("mend", frozenset({A, B}))]


async def test_all_is_looked_at_once_more_when_it_is_quiet(at_work, monkeypatch):
    monkeypatch.setattr(checking, "IDLE", 0.01)
    at_work.analysis.gate.release()
    at_work.checker.note([A], 0.0)
    await at_work.calls(2)  # the second look waits at the gate
    at_work.checker.note([B], 0.0)
    await at_work.calls(4)
    at_work.analysis.free = True
    await at_work.calls(5)
    await at_work.until_published(3)
    assert at_work.analysis.calls == [
        ("look", frozenset({A})),
        ("mend", None),
        ("given up", None),
        ("look", frozenset({B})),
        ("mend", None),
    ]


async def test_nobody_waits_for_a_second_look(at_work, monkeypatch):
    monkeypatch.setattr(checking, "IDLE", 0.01)
    at_work.analysis.gate.release()
    at_work.checker.note([A], 0.0)
    await at_work.calls(2)
    monkeypatch.setattr(checking, "IDLE", 3600)
    assert await at_work.checker.settle(at_work.share)
    assert at_work.analysis.calls == [("look", frozenset({A})), ("mend", None), ("given up", None)]


async def test_what_goes_wrong_is_told_and_the_next_look_is_at_everything(at_work):
    at_work.analysis.free, at_work.analysis.failure = True, KeyError("broken")
    at_work.checker.note([A], 0.0)
    assert not await at_work.checker.settle(at_work.share)
    assert [type(error) for error in at_work.errors] == [KeyError]
    at_work.analysis.failure = None
    at_work.checker.note([B], 0.0)
    assert await at_work.checker.settle(at_work.share)
    assert at_work.analysis.calls[0] == ("look", frozenset({A}))
    assert at_work.analysis.calls[-1] == ("mend", None)


async def test_what_is_held_back_waits_for_somebody_to_ask(at_work, monkeypatch):
    monkeypatch.setattr(checking, "IDLE", 0.01)
    at_work.analysis.free = True
    at_work.checker.note([A], due=False)
    await asyncio.sleep(0.3)
    assert at_work.analysis.calls == []
    at_work.checker.note([B], 0.0)
    await at_work.calls(2)
    assert at_work.analysis.calls == [("look", frozenset({A, B})), ("mend", None)]
    monkeypatch.setattr(checking, "IDLE", 3600)
    at_work.checker.note([A], due=False)
    assert await at_work.checker.settle(at_work.share)
    assert at_work.analysis.calls[2:] == [("look", frozenset({A}))]


async def test_what_is_no_longer_looked_after_publishes_nothing(at_work):
    at_work.checker.note([A], 0.0)
    await at_work.calls(1)
    (gone,) = at_work.checker.shares.set_folders([])
    at_work.analysis.free = True
    while gone.job is not None:
        await asyncio.sleep(0.005)
    assert at_work.published == []
