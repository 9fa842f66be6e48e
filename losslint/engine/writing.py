"""New bytes for files on disk: all of them or none, never half a file, and nothing over what somebody else has written."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class WriteError(Exception):
    """Nothing was written; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file as users see it (`path`) and as it lies on disk behind all links (`file`), its bytes before and after."""

    path: str
    file: Path
    old: bytes
    new: bytes
    encoding: str = "utf-8"

    @property
    def texts(self) -> tuple[str, str]:
        """Before and after as text, a byte order mark included."""
        encoding = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
        return self.old.decode(encoding), self.new.decode(encoding)


def real(file: Path | str) -> Path:
    """The file itself, behind all links."""
    return Path(os.path.realpath(file))


def refusal(file: Path) -> str | None:
    """Why a file cannot be replaced, or None. Root may write everything, but a file that nobody may write is meant to stay."""
    try:
        mode = os.stat(file).st_mode
    except OSError as error:
        return _said(error)
    if not stat.S_ISREG(mode):
        return "is not a regular file"
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        return "is read-only"
    if not os.access(file, os.W_OK):
        return "may not be written: permission denied"
    if not os.access(file.parent, os.W_OK | os.X_OK):
        return "may not be replaced: its folder cannot be written"
    return None


def write_together(changes: Sequence[Change]) -> None:
    """Write all of the changes, or none of them.

    Raises WriteError, with every file as it was: where one cannot be written, or no longer holds the bytes that were read.
    """
    prepared: list[tuple[Change, str]] = []
    try:
        for change in changes:
            reason = refusal(change.file)
            if reason is not None:
                raise WriteError(f"{change.path} {reason}")
            prepared.append((change, _beside(change, change.new)))
        for change in changes:
            if not _holds(change.file, change.old):
                raise WriteError(f"{change.path} was changed on disk since it was read")
        _replace_all(prepared)
    finally:
        for _, temporary in prepared:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _beside(change: Change, data: bytes) -> str:
    """A file with these bytes in the same folder, with the mode and, where possible, the owner of the file it will replace."""
    temporary = None
    try:
        status = os.stat(change.file)
        descriptor, temporary = tempfile.mkstemp(prefix=".losslint-", suffix=".tmp", dir=change.file.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        _give_to(temporary, status)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))  # after the owner: a change of owner may clear bits
    except BaseException as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        if isinstance(error, OSError):
            raise WriteError(f"{change.path} {_said(error)}") from error
        raise
    return temporary


def _give_to(temporary: str, status: os.stat_result) -> None:
    if not hasattr(os, "chown"):
        return
    for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):  # one may be allowed where the other is not
        with contextlib.suppress(OSError):
            os.chown(temporary, owner, group)


def _holds(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except OSError:
        return False


def _replace_all(prepared: Sequence[tuple[Change, str]]) -> None:
    done: list[Change] = []
    try:
        for change, temporary in prepared:
            # noted before: were it interrupted in between, the old bytes are put back once too often and not once too seldom
            done.append(change)
            os.replace(temporary, change.file)
    except BaseException as error:
        failed = done[-1]
        lost = [change.path for change in done if not _restored(change)]
        if lost:
            raise WriteError(f"{failed.path} {_said(error)}; {', '.join(lost)} could not be put back") from error
        if isinstance(error, OSError):
            raise WriteError(f"{failed.path} {_said(error)}") from error
        raise


def _restored(change: Change) -> bool:
    if _holds(change.file, change.old):
        return True
    try:
        os.replace(_beside(change, change.old), change.file)
    except (OSError, WriteError):
        return False
    return True


def _said(error: BaseException) -> str:
    reason = getattr(error, "strerror", None) or type(error).__name__
    return f"cannot be written: {reason.lower()}"
