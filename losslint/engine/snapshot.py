"""The files of a project as one moment saw them, and what they would be with changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from losslint.engine.writing import real
from losslint.finding import Problem
from losslint.source.discover import show
from losslint.source.document import Document, from_bytes, read


class Snapshot(Mapping[Path, bytes]):
    """Files as they were when they were first read, and over them what was changed since.

    Every analysis sees the same files, whatever happens on disk meanwhile. What cannot be read is not in here. Two paths to
    one file mean one file.
    """

    __slots__ = ("_changed", "_read", "_real")

    def __init__(self, unsaved: Mapping[Path, bytes] | None = None) -> None:
        """With `unsaved` these bytes, by absolute path, count as what was read."""
        self._real: dict[Path, Path] = {}
        self._read: dict[Path, bytes | None] = {self.target(file): data for file, data in (unsaved or {}).items()}
        self._changed: Mapping[Path, bytes] = {}

    def __getitem__(self, file: Path) -> bytes:
        target = self.target(file)
        data = self._changed[target] if target in self._changed else self._original(target, file)
        if data is None:
            raise KeyError(file)
        return data

    def __iter__(self) -> Iterator[Path]:
        return (file for file, data in self._read.items() if data is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def target(self, file: Path) -> Path:
        """The file itself, behind all links."""
        if file not in self._real:
            self._real[file] = real(file)
        return self._real[file]

    def document(self, file: Path, shown: str) -> Document | Problem:
        """The file as it is here, or why it cannot be had."""
        data = self.get(file)
        return read(file, shown) if data is None else from_bytes(data, file, shown)

    def changed(self, changes: Mapping[Path, bytes]) -> Snapshot:
        """The same files with these in place of what they were; `changes` are named by the files behind all links."""
        other = Snapshot()
        other._real, other._read = self._real, self._read
        other._changed = {**self._changed, **changes}
        return other

    def _original(self, target: Path, file: Path) -> bytes | None:
        if target not in self._read:
            document = read(file, show(file))  # by the name it was asked for: that tells a notebook
            self._read[target] = None if isinstance(document, Problem) else document.data
        return self._read[target]
