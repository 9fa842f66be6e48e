"""What git would ignore: the patterns of a folder and of those above it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

FILE_NAME = ".gitignore"


@dataclass(frozen=True, slots=True, eq=False)
class Ignores:
    """The patterns that hold in one folder, nearest first: a nearer file's word counts more than a farther one's."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def within(self, folder: str) -> Ignores:
        """The patterns that hold in a folder that has a file of its own."""
        spec = _read(os.path.join(folder, FILE_NAME))
        return self if spec is None else Ignores(((folder, spec), *self.specs))

    def ignore(self, path: str, *, is_folder: bool) -> bool:
        """True where the patterns exclude an absolute path."""
        for folder, spec in self.specs:
            relative = path[len(folder) :].lstrip(os.sep).replace(os.sep, "/") + ("/" if is_folder else "")
            included = spec.check_file(relative).include
            if included is not None:
                return included
        return False


def ignores_above(folder: str) -> Ignores:
    """The patterns that hold in a folder on account of those above it in the same work tree.

    None do where they exclude the folder itself: who asks for an ignored folder means it.
    """
    above = []
    parent = folder
    while not os.path.lexists(os.path.join(parent, ".git")):
        parent, child = os.path.dirname(parent), parent
        if parent == child:
            return Ignores()
        above.append(parent)
    ignores = Ignores()
    for parent in reversed(above):
        ignores = ignores.within(parent)
    return Ignores() if ignores.ignore(folder, is_folder=True) else ignores


def _read(file: str) -> GitIgnoreSpec | None:
    """The patterns of one file; None where it cannot be read or holds none."""
    try:
        with open(file, encoding="utf-8-sig", errors="surrogateescape") as stream:
            lines = stream.read().splitlines()
    except (OSError, ValueError):
        return None
    written = [line for line in lines if line.strip() and not line.startswith("#")]
    if not written:
        return None
    from pathspec import GitIgnoreSpec  # costs more than most runs have to spend

    try:
        return GitIgnoreSpec.from_lines(written)
    except ValueError:
        return GitIgnoreSpec.from_lines(line for line in written if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    """False for what git passes over, such as a lone exclamation mark."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
