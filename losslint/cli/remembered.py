"""What a check printed the last time, for as long as nothing has changed that had a say in it.

This runs before anything of the analysis is imported: a check of a project in which nothing has changed costs little more
than reading its files.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from losslint.cache.folder import COMMANDS, prepare, stamp

if TYPE_CHECKING:
    from losslint.engine.witness import Witness


MOST = 100
_CONFIGURATION = (".losslint.toml", "losslint.toml", "pyproject.toml")
_ABOVE = (*_CONFIGURATION, ".git", ".gitignore", "setup.py", "setup.cfg", "__init__.py")
"""Names that in a folder above the project change what belongs to it, or how it is checked."""
_ENDINGS = (".py", ".pyi", ".ipynb", ".md", ".markdown", ".rst", ".qmd", ".toml", ".cfg", ".gitignore", ".git")
_EXTENDS = re.compile(rb"^[ \t]*[\"']?extend[\"']?[ \t]*=", re.MULTILINE)
_OF_NO_INTEREST = frozenset({"__pycache__", ".losslint_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"})


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command wrote: its report, lines on stderr, and the exit code."""

    text: str
    asides: tuple[str, ...]
    code: int


class Memory:
    """What one command printed in one place: a small file in the cache folder, which is replaced as a whole."""

    __slots__ = ("_file",)

    def __init__(self, folder: str, command: Sequence[object]) -> None:
        text = repr((os.getcwd(), os.path.expanduser("~"), *command))
        key = blake2b(stamp() + _bytes(text), digest_size=16).hexdigest()
        self._file = os.path.join(folder, COMMANDS, f"{key}.json")

    def recall(self) -> Printed | None:
        """What was printed, if everything is as it was. What cannot be read or understood was not kept."""
        data = _read(self._file)
        if data is None:
            return None
        import json

        try:
            kept = json.loads(data)
            if not all(_is_same(folder, *mark) for folder, mark in kept["folders"].items()):
                return None
            if any(_digest(_read(file)) != digest for file, digest in kept["files"].items()):
                return None
            text, asides, code = kept["printed"]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None
        if not (isinstance(text, str) and isinstance(asides, list) and code in (0, 1, 2)):
            return None
        return Printed(text, tuple(map(str, asides)), code)

    def keep(self, printed: Printed, witness: Witness, begun: int) -> None:
        """Keep what was printed, with what had a say in it; nothing where files that cannot be read have, or configuration out of sight,
        or configuration that changed since the run began, in nanoseconds since the epoch."""
        around = {file: _read(file) for file in _around(witness.folders)}
        if None in witness.files.values() or any(data and _EXTENDS.search(data) for data in around.values()):
            return
        if any(data is not None and _changed(file) >= begun for file, data in around.items()):
            return
        import json

        read = {file: digest and digest.hex() for file, digest in witness.files.items()}
        kept = {
            "folders": {folder: _mark(folder) for folder in witness.folders},
            "files": {**read, **{file: _digest(data) for file, data in around.items()}},
            "printed": (printed.text, printed.asides, printed.code),
        }
        with contextlib.suppress(OSError):
            _replace(self._file, json.dumps(kept).encode())
            _prune(os.path.dirname(self._file))


def _replace(file: str, data: bytes) -> None:
    folder = os.path.dirname(file)
    prepare(os.path.dirname(folder))
    os.makedirs(folder, exist_ok=True)
    temporary = f"{file}.{os.getpid()}.tmp"
    with open(temporary, "wb") as stream:
        stream.write(data)
    os.replace(temporary, file)


def _prune(folder: str) -> None:
    """Keep the commands that were kept last."""
    files = [entry for entry in os.scandir(folder) if entry.is_file()]
    for old in sorted(files, key=lambda entry: entry.stat().st_mtime)[:-MOST]:
        os.unlink(old.path)


def _mark(folder: str) -> tuple[int, str]:
    """When a folder last changed, and a digest of the names in it that matter."""
    try:
        changed = os.stat(folder).st_mtime_ns
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _matters(entry))
    except OSError:
        return -1, ""
    return changed, blake2b(_bytes("\0".join(names)), digest_size=12).hexdigest()


def _matters(entry: os.DirEntry[str]) -> bool:
    if entry.name.endswith(_ENDINGS):
        return True
    return entry.name not in _OF_NO_INTEREST and entry.is_dir(follow_symlinks=False)


def _is_same(folder: str, changed: int, names: str) -> bool:
    try:
        if os.stat(folder).st_mtime_ns == changed:
            return True
    except OSError:
        return False
    return _mark(folder)[1] == names


def _read(file: str) -> bytes | None:
    """What is in a file; of a folder only that it is there; None where there is nothing, or nothing to be read."""
    try:
        with open(file, "rb", buffering=0) as stream:
            return stream.readall()
    except IsADirectoryError:
        return b"folder"
    except OSError:
        return None


def _changed(file: str) -> int:
    try:
        return 0 if os.path.isdir(file) else os.stat(file).st_mtime_ns
    except OSError:
        return 0


def _digest(data: bytes | None) -> str | None:
    return None if data is None else blake2b(data, digest_size=16).hexdigest()


def _around(folders: Iterable[str]) -> Iterable[str]:
    """Files that say how a project is checked: in the folders that were searched, and in all above them."""
    searched = dict.fromkeys(folders)
    above: dict[str, None] = {}
    for folder in searched:
        parent = os.path.dirname(folder)
        while parent not in searched and parent not in above:
            above[parent] = None
            parent = os.path.dirname(parent)
    for folder in above:
        yield from (os.path.join(folder, name) for name in _ABOVE)
    for folder in searched:
        names = (os.path.join(folder, name) for name in (*_CONFIGURATION, ".gitignore"))
        yield from (file for file in names if os.path.lexists(file))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def command_of(paths: Sequence[str], options: Mapping[str, Any], colour: bool) -> tuple[object, ...]:
    """What tells one command from another: its arguments and options."""
    return (*paths, sorted(options.items(), key=_name), colour)


def _name(item: tuple[str, Any]) -> str:
    return item[0]
