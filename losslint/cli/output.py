"""Where a report goes: to stdout, or to a file that is replaced as a whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat

import click


def write(text: str, file: str | None, colour: bool = False) -> None:
    """Print, or write to a file. Raises ClickException where that cannot be done; the file is then as it was."""
    try:
        if file is None:
            click.echo(text, color=colour or None)
        else:
            _write_file((f"{text}\n" if text else "").encode("utf-8", "backslashreplace"), file)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{file or 'the output'} cannot be written: {_reason(error)}") from error


def write_bytes(data: bytes, file: str) -> None:
    """Write to a file. Raises ClickException where that cannot be done; the file is then as it was."""
    try:
        _write_file(data, file)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {_reason(error)}") from error


def refuse_unwritable(file: str | None) -> None:
    """Raise ClickException where a file cannot be written anyway: better said before the work than after it."""
    if file is None:
        return
    folder = os.path.dirname(os.path.realpath(file))
    if not os.path.isdir(folder):
        raise click.ClickException(f"{file} cannot be written: its folder does not exist")
    if os.path.isdir(file):
        raise click.ClickException(f"{file} cannot be written: it is a folder")


def _write_file(data: bytes, file: str) -> None:
    import secrets  # brings more than most runs need

    target = os.path.realpath(file)
    mode = os.stat(target).st_mode if os.path.exists(target) else None
    if mode is not None and not stat.S_ISREG(mode):  # a pipe, a terminal, /dev/null
        with open(target, "wb") as stream:
            stream.write(data)
        return
    # root may write everything, but a file that nobody may write is meant to stay
    if mode is not None and not (mode & 0o222 and os.access(target, os.W_OK)):
        raise PermissionError(errno.EACCES, "permission denied")
    temporary = os.path.join(os.path.dirname(target), f".losslint-{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
