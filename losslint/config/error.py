"""What is wrong with a configuration."""

from __future__ import annotations

from collections.abc import Sequence


class ConfigError(Exception):
    """Settings that make no sense; the message, one line for each mistake, is for the user."""


def nearest(word: str, words: Sequence[str]) -> str:
    """`; did you mean ...?` for a word that was not found, or nothing."""
    import difflib

    exact = {one.lower(): one for one in words}
    found = difflib.get_close_matches(word.lower(), list(exact), n=1, cutoff=0.4)
    return f"; did you mean {exact[found[0]]!r}?" if found else ""
