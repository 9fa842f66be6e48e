"""Which files patterns speak of. A library is asked only where a pattern is more than a name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SIGNS = frozenset("*?[]!\\/#")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as in a `.gitignore` of `folder`, an absolute path; with folder "" it counts wherever a file lies."""

    folder: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Matcher:
    """Patterns made ready: plain names, endings such as `.py`, and for each folder those that are more."""

    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()
    folders: tuple[str, ...] = ()
    """Where the patterns come from."""

    def matches(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a pattern speaks of this absolute path, or by its own path of a folder above it."""
        name = path[path.rfind(os.sep) + 1 :]
        if name in self.names or name.endswith(self.endings):
            return True
        return bool(self.specs) and any(_speaks(spec, folder, path, is_folder) for folder, spec in self.specs)

    def matches_within(self, path: str, top: str) -> bool:
        """Whether a pattern speaks of a path or of a folder above it, up to `top` or the highest folder with patterns."""
        tops = [folder for folder in (top, *self.folders) if folder and is_below(path, folder)]
        highest = min(tops, key=len, default=os.path.dirname(path))
        if self.matches(path, is_folder=os.path.isdir(path)):
            return True
        parent = os.path.dirname(path)
        while parent != highest and is_below(parent, highest):
            if self.matches(parent, is_folder=True):
                return True
            parent = os.path.dirname(parent)
        return False


def _speaks(spec: GitIgnoreSpec, folder: str, path: str, is_folder: bool) -> bool:
    if not folder:
        relative = os.path.basename(path)
    elif path != folder and is_below(path, folder):
        relative = path[len(folder) :].lstrip(os.sep).replace(os.sep, "/")
    else:
        return False
    return spec.match_file(relative + "/" * is_folder)


def matcher(patterns: Iterable[Pattern]) -> Matcher:
    """Patterns made ready."""
    names, endings, groups = set[str](), set[str](), dict[str, list[str]]()
    folders: dict[str, None] = {}
    for one in patterns:
        if one.folder:
            folders[one.folder] = None
        if _is_plain(one.text):
            names.add(one.text)
        elif one.text.startswith("*.") and _is_plain(one.text[1:]):
            endings.add(one.text[1:])
        else:
            groups.setdefault(one.folder, []).append(one.text)
    specs = tuple((folder, _spec(texts)) for folder, texts in groups.items())
    return Matcher(frozenset(names), tuple(sorted(endings)), specs, tuple(folders))


def _is_plain(text: str) -> bool:
    """True for a pattern that is a name and no more, and so needs no matching."""
    return bool(text.strip()) and text == text.strip() and _SIGNS.isdisjoint(text)


def _spec(texts: Iterable[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # costs more than most runs have to spend

    return GitIgnoreSpec.from_lines(texts)


def anchored(text: str, folder: str) -> Pattern:
    """A pattern as a user writes it in `folder`: what starts with `./`, `../`, `~/` or as an absolute path names one place."""
    text = os.path.expanduser(text) if text.startswith("~/") else text
    if os.path.isabs(text) and is_below(text, folder):
        text = text[len(folder.rstrip(os.sep)) :]
    while text.startswith(("./", "../")):
        step, _, text = text.partition("/")
        folder = folder if step == "." else os.path.dirname(folder)
        text = text if text.startswith(("./", "../")) else f"/{text}"
    return Pattern(folder, text)


def fault(text: str) -> str | None:
    """Why a pattern is none; None where it is one."""
    if not text.strip() or "\0" in text or "\n" in text:
        return "is no pattern"
    if _is_plain(text) or (text.startswith("*.") and _is_plain(text[1:])):
        return None
    try:
        _spec([text])
    except ValueError:
        return "is no pattern"
    return None


def matches(pattern: Pattern, path: str) -> bool:
    """Whether a pattern speaks of a file or of a folder above it; with a leading `!`, whether it does not."""
    inner = Pattern(pattern.folder, pattern.text.removeprefix("!"))
    return matcher([inner]).matches_within(path, pattern.folder) is not pattern.text.startswith("!")


def is_below(file: str, folder: str) -> bool:
    """Whether an absolute path is that of a folder or of something in it."""
    return file == folder or file.startswith(folder.rstrip(os.sep) + os.sep)
