"""Which files patterns speak of. A library is asked only where a pattern is more than a name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from losslint.config.settings import Pattern, is_below

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True, eq=False)
class Matcher:
    """Patterns made ready: plain names, and for each folder those that are more."""

    names: frozenset[str]
    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def matches(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether a pattern speaks of just this absolute path. What lies in a folder that is spoken of is not asked here."""
        name = os.path.basename(path)
        if name in self.names:
            return True
        end = "/" if is_folder else ""
        for folder, spec in self.specs:
            if not folder:
                relative = name
            elif is_below(path, folder) and path != folder:
                relative = path[len(folder) :].lstrip(os.sep).replace(os.sep, "/")
            else:
                continue
            if spec.match_file(relative + end):
                return True
        return False

    def matches_within(self, path: str, top: str) -> bool:
        """Whether a pattern speaks of a file, or of a folder that it lies in, below `top`."""
        if self.matches(path):
            return True
        parent = os.path.dirname(path)
        while is_below(parent, top) and parent != top:
            if self.matches(parent, is_folder=True):
                return True
            parent = os.path.dirname(parent)
        return False


def matcher(patterns: Iterable[Pattern]) -> Matcher:
    """Patterns made ready."""
    names, groups = set(), dict[str, list[str]]()
    for one in patterns:
        if is_name(one.text):
            names.add(one.text)
        else:
            groups.setdefault(one.folder, []).append(one.text)
    if not groups:
        return Matcher(frozenset(names))
    from pathspec import GitIgnoreSpec  # costs more than most runs have to spend

    return Matcher(
        frozenset(names), tuple((folder, GitIgnoreSpec.from_lines(texts)) for folder, texts in groups.items())
    )


def is_name(text: str) -> bool:
    """True for a pattern that is a name and no more, and so needs no matching."""
    return bool(text) and text == text.strip() and not any(sign in text for sign in "*?[]!\\/#")


def matches(pattern: Pattern, path: str) -> bool:
    """Whether a pattern speaks of a file or of a folder above it; with a leading `!`, whether it does not."""
    text = pattern.text.removeprefix("!")
    found = matcher([Pattern(pattern.folder, text)]).matches_within(path, pattern.folder)
    return found is not pattern.text.startswith("!")
