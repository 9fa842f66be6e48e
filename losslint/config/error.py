"""What is wrong with a configuration, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HOME = "tool.losslint."
"""How the names of keys start in a pyproject.toml."""


class ConfigError(Exception):
    """Settings that make no sense; the message, one line for each mistake, is for the user."""


def nearest(word: str, words: Sequence[str]) -> str:
    """`; did you mean ...?` for a word that was not found, or nothing."""
    import difflib

    exact = {one.lower(): one for one in words}
    found = difflib.get_close_matches(word.lower(), list(exact), n=1, cutoff=0.4)
    return f"; did you mean {exact[found[0]]!r}?" if found else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: the file as errors name it, the folder that its paths start from, how names of its keys start."""

    file: str
    folder: str = ""
    home: str = HOME

    def of(self, key: str) -> str:
        """How errors name a key."""
        return f"{self.file}: [{self.home.rstrip('.')}] {key}" if self.home else f"{self.file}: {key}"
