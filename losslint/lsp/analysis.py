"""What the worker does for a share: check it, past texts that are half typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from losslint.engine.outcome import Outcome
from losslint.finding import Problem
from losslint.lsp.shares import Share
from losslint.lsp.worker import Job
from losslint.source.discover import show
from losslint.source.document import from_bytes
from losslint.source.tree import parse


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look for: what `changed` files (None: any) bring, and their fixes or not."""

    changed: Collection[Path] | None
    mend: bool


def analyse(share: Share, texts: Mapping[Path, bytes], wish: Wish, job: Job) -> Outcome:
    """Check a share with these unsaved texts. One that cannot be parsed is taken as it was when it last could be, so that findings
    elsewhere, and the client's own places of those in it, stay while somebody types."""
    workspace = share.workspace
    assert workspace is not None
    share.good = {file: data for file, data in share.good.items() if file in texts}
    share.broken = {file for file in share.broken if file in texts and not is_sound(file, texts[file])}
    outcome = workspace.check({**texts, **_stand_ins(share)}, wish.changed, job, mend=wish.mend)
    by_path = {show(file): file for file in texts}
    fresh = {by_path[one.path] for one in outcome.problems if one.path in by_path} - share.broken
    if fresh:
        share.broken |= fresh
        if fresh & share.good.keys():
            again = None if wish.changed is None else fresh
            outcome = workspace.check({**texts, **_stand_ins(share)}, again, job, mend=wish.mend)
    share.good |= {file: data for file, data in texts.items() if file not in share.broken}
    return outcome


def is_sound(file: Path, data: bytes) -> bool:
    """True where the bytes of a file can be parsed."""
    document = from_bytes(data, file, show(file))
    return not isinstance(document, Problem) and not isinstance(parse(document), Problem)


def _stand_ins(share: Share) -> dict[Path, bytes]:
    return {file: share.good[file] for file in share.broken if file in share.good}
