"""A long check shows how far it is, where the client can show it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

if TYPE_CHECKING:
    from losslint.engine.outcome import Outcome
    from losslint.lsp.server import Server
    from losslint.lsp.shares import Share
    from losslint.lsp.worker import Job

PATIENCE = 1.0
"""Seconds before a run is called long."""
PAUSE = 0.3


async def watch(server: Server, share: Share, job: Job, work: asyncio.Future[Outcome]) -> None:
    """Wait until the work is done, and show its progress once it takes long. What it raises is left to whoever asks for the result."""
    window = server.client_capabilities.window
    finished, _ = await asyncio.wait({work}, timeout=PATIENCE)
    if finished or window is None or not window.work_done_progress:
        await asyncio.wait({work})
        return
    token = str(uuid.uuid4())
    progress = server.work_done_progress
    with contextlib.suppress(Exception):  # a client that refuses gets none
        await asyncio.wait_for(progress.create_async(token), PATIENCE)
    if token not in progress.tokens:
        await asyncio.wait({work})
        return
    progress.begin(token, lsp.WorkDoneProgressBegin(title=f"losslint: {share.top.name}", percentage=0))
    try:
        while not (await asyncio.wait({work}, timeout=PAUSE))[0]:
            done, total = job.done, max(job.total, 1)
            progress.report(
                token,
                lsp.WorkDoneProgressReport(message=f"{done} of {total}", percentage=min(100 * done // total, 100)),
            )
    finally:
        progress.end(token, lsp.WorkDoneProgressEnd())
        progress.tokens.pop(token, None)
