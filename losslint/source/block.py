"""A block of code in a document, as a parser of documents tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONSOLE = frozenset({"pycon", "pycon3", "python-console", "python-repl"})
"""Names by which documents mark what was typed at Python's prompt, with its answers."""
_PYTHON = frozenset({"ipython", "ipython3", "py", "py3", "python", "python3"})
_LANGUAGE = re.compile(r"[\w+#-]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code with its place.

    `first` is the number, from 0, of the line in the file on which its `lines` begin; these are without what stands before
    the code, with tabs there as spaces. `has_options` where its first lines may be options of a directive.
    """

    language: str
    first: int
    lines: tuple[str, ...]
    has_options: bool = False


def is_python(language: str) -> bool:
    """True for the names by which documents mark Python, typed at a prompt or not."""
    return language.lower() in _PYTHON or language.lower() in CONSOLE


def language_of(word: str) -> str:
    """The language that the first word after a fence or directive names; nothing where it names none."""
    found = _LANGUAGE.match(word)
    return found.group().lower() if found else ""
