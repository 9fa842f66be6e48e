"""When what is checked: soon after a change, once more in full when all is quiet, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from losslint.engine.outcome import Outcome
from losslint.lsp.analysis import Wish, analyse
from losslint.lsp.documents import Documents, Open
from losslint.lsp.shares import Share, Shares
from losslint.lsp.worker import GivenUpError, Job, Worker

PAUSE = 0.2
"""Seconds without a change before texts are checked."""
IDLE = 1.5
"""Seconds without a change before everything is looked at again."""
TRIES = 5

Publish = Callable[[Share, set[Path]], None]
Watch = Callable[[Share, Job, "asyncio.Future[Outcome]"], Awaitable[None]]


class Checker:
    """Runs one check at a time. `publish` gets a share that was checked and the files that had changed, `watch` shows how far a run
    is, `report` is told of what went wrong within."""

    def __init__(
        self,
        documents: Callable[[], Documents],
        publish: Publish,
        watch: Watch,
        report: Callable[[Share, Exception], None],
    ) -> None:
        self.shares = Shares()
        self.worker = Worker()
        self._documents, self._publish, self._watch, self._report = documents, publish, watch, report
        self._due = self._idle_due = 0.0
        self._not_in_full: set[Share] = set()
        self._wake = asyncio.Event()
        self._finished = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work; to be called on the event loop."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """End what runs and take nothing more."""
        for share in self.shares:
            if share.job is not None:
                share.job.cancel()
        if self._task is not None:
            self._task.cancel()
        self.worker.end()

    def note(self, files: Iterable[Path], pause: float = PAUSE, *, due: bool = True, all_of_it: bool = False) -> None:
        """Files changed; with `all_of_it` more may have changed around them. A check that runs without knowing of it is given up.
        Unless `due`, nothing is checked before somebody asks for it."""
        touched: set[Share] = set()
        for file in files:
            for share in self.shares.touched_by(file):
                (share.changed if due else share.held).add(file)
                touched.add(share)
        if due:
            self._touch(touched, pause, all_of_it)

    def note_all(self, pause: float = 0.0) -> None:
        """Any file may have changed."""
        self._touch(set(self.shares), pause, all_of_it=True)

    def _touch(self, shares: set[Share], pause: float, all_of_it: bool) -> None:
        for share in shares:
            share.anything = share.anything or all_of_it
            share.give_up()
        self._hurry(pause)

    async def settle(self, share: Share, *, fixes: bool = False) -> bool:
        """Wait until the outcome of a share is that of what is open right now, if wanted with fixes; False where there is none to
        be had."""
        for _ in range(TRIES):
            share.changed |= share.held
            share.wants_fixes = share.wants_fixes or fixes
            if not share.stale and share.job is None:
                return share.outcome is not None
            if share.is_second_look:
                share.give_up()  # there will be time for it
            self._hurry(0.0)
            async with self._finished:
                if share.stale or share.job is not None:
                    await self._finished.wait()
        return False

    def _hurry(self, pause: float) -> None:
        now = asyncio.get_running_loop().time()
        self._due, self._idle_due = now + pause, now + pause + IDLE
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._rest()
            if self._idle_due <= asyncio.get_running_loop().time() and not self._stale():
                self._look_again()
            for share in self._stale():
                await self._check_safely(share)
            async with self._finished:
                self._finished.notify_all()

    async def _rest(self) -> None:
        """Sleep until there is something to do."""
        clock = asyncio.get_running_loop().time
        self._not_in_full.intersection_update(self.shares)
        while True:
            pending = self._wake.is_set()
            target = self._due if pending else self._idle_due if self._quiet() else None
            if target is not None and target <= clock():
                self._wake.clear()
                return
            if pending:
                # asleep a little at a time: the time may be moved to sooner as well as to later
                await asyncio.sleep(min(max(target - clock(), 0.0), 0.02) if target is not None else 0.0)
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), None if target is None else max(target - clock(), 0.0))
            except asyncio.TimeoutError:
                continue

    def _look_again(self) -> None:
        """Ask for all of what was last checked in parts."""
        for share in self._quiet():
            share.again = True
            self._not_in_full.discard(share)  # at once, so that what goes wrong is not tried for ever

    def _stale(self) -> list[Share]:
        return [share for share in self.shares if share.stale]

    def _quiet(self) -> list[Share]:
        """Shares that were last checked in parts, and have no text that is not to be looked at yet."""
        return [share for share in self.shares if share in self._not_in_full and not share.held]

    async def _check_safely(self, share: Share) -> None:
        try:
            await self._check(share)
        except Exception as error:  # what goes wrong in one costs that one alone
            share.outcome = None
            self._report(share, error)

    async def _check(self, share: Share) -> None:
        anything, again = share.anything or share.outcome is None, share.again
        job = share.job = Job(is_second_look=again and not anything and not share.changed)
        everything = anything or again
        mend = everything or share.wants_fixes
        new = frozenset(share.changed | share.held)
        changed = new | share.unmended if mend else new
        opened = self._documents().taken()
        texts = {file: one.data for file, one in opened.items()}
        share.anything = share.again = share.wants_fixes = False
        share.changed.clear()
        share.held.clear()
        wish = Wish(None if everything else changed, mend)
        try:
            await self._glance(share, opened, job)
            work = self.worker.do(partial(analyse, share, texts, wish, job))
            await self._watch(share, job, work)
            outcome = await work
        except GivenUpError:
            share.anything, share.changed = share.anything or anything, share.changed | new
            if again:
                self._not_in_full.add(share)
            return
        finally:
            share.job = None
        if share not in set(self.shares):
            return  # nobody looks after it any more
        share.unmended = set() if mend else share.unmended | changed
        (self._not_in_full.discard if everything else self._not_in_full.add)(share)
        share.outcome, share.opened = outcome, opened
        self._publish(share, set(changed))

    async def _glance(self, share: Share, opened: Mapping[Path, Open], job: Job) -> None:
        """Publish what concerns the open files of a folder before the first look at all of it, which may take long."""
        files = [file for file in opened if self.shares.owner(file) is share]
        if share.lonely or share.outcome is not None or share.published or share.workspace is None or not files:
            return
        texts = {file: one.data for file, one in opened.items()}
        share.outcome, share.opened = await self.worker.do(partial(share.workspace.glance, texts, files, job)), opened
        if share in set(self.shares):
            self._publish(share, set(files))
        share.outcome = None  # there is more to come
