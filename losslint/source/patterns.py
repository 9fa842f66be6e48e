"""Which files patterns speak of, as in ruff's configuration.

A pattern without a slash speaks of all files and folders of that name, one with a slash of a path from its folder. `*` and `**`
stand for any text, slashes too; `?` for one character, `[ab]` for one of some, `[!ab]` for one of all others, `{a,b}` for one
of several texts; a backslash takes the meaning from what follows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SIGNS = frozenset("*?[]{}\\/~")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it is written, and the absolute path of the folder that it counts from; none is needed for a mere name."""

    folder: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Matcher:
    """Patterns made ready: plain names, endings such as `.py`, and what must be compared letter by letter."""

    names: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    name: re.Pattern[str] | None = None
    path: re.Pattern[str] | None = None
    folders: tuple[str, ...] = ()
    """Where the patterns come from."""

    def matches(self, path: str) -> bool:
        """Whether a pattern speaks of just this absolute path."""
        name = path[path.rfind(os.sep) + 1 :]
        if name in self.names or name.endswith(self.endings):
            return True
        if self.name is not None and self.name.fullmatch(name):
            return True
        return self.path is not None and bool(self.path.fullmatch(_slashed(path)))

    def matches_within(self, path: str, top: str) -> bool:
        """Whether a pattern speaks of a path or of a folder above it, below `top` or the highest folder with patterns."""
        tops = [folder for folder in (top, *self.folders) if folder and is_below(path, folder)]
        highest = min(tops, key=len, default=os.path.dirname(path))
        while path != highest and is_below(path, highest):
            if self.matches(path):
                return True
            path = os.path.dirname(path)
        return False


def matcher(patterns: Iterable[Pattern]) -> Matcher:
    """Patterns made ready. Raises ValueError where one is none."""
    names, endings = set[str](), set[str]()
    of_names, of_paths = list[str](), list[str]()
    folders: dict[str, None] = {}
    for one in patterns:
        if one.folder:
            folders[one.folder] = None
        if _is_plain(one.text):
            names.add(one.text)
        elif one.text.startswith("*.") and _is_plain(one.text[1:]):
            endings.add(one.text[1:])
        elif "/" not in one.text:
            of_names.append(_regex(one.text))
        else:
            of_paths.append(_regex_of_path(one))
    return Matcher(frozenset(names), tuple(sorted(endings)), _joined(of_names), _joined(of_paths), tuple(folders))


def fault(text: str) -> str | None:
    """Why a text is no pattern; None where it is one."""
    if not text.strip() or "\0" in text:
        return "is no pattern"
    try:
        _regex(text)
    except ValueError as error:
        return f"is no pattern: {error}"
    return None


def matches(pattern: Pattern, path: str) -> bool:
    """Whether a pattern speaks of a file or of a folder above it; with a leading `!`, whether it does not."""
    inner = Pattern(pattern.folder, pattern.text.removeprefix("!"))
    return matcher([inner]).matches_within(path, pattern.folder) is not pattern.text.startswith("!")


def is_below(file: str, folder: str) -> bool:
    """Whether an absolute path is that of a folder or of something in it."""
    return file == folder or file.startswith(folder.rstrip(os.sep) + os.sep)


def _is_plain(text: str) -> bool:
    """True for a pattern that is a name and no more, and so needs no matching."""
    return _SIGNS.isdisjoint(text)


def _joined(regexes: Iterable[str]) -> re.Pattern[str] | None:
    text = "|".join(f"(?:{one})" for one in regexes)
    return re.compile(text, re.DOTALL) if text else None


def _regex_of_path(pattern: Pattern) -> str:
    """A pattern with a slash: what is before the first sign with a meaning is a path from the folder."""
    text = os.path.expanduser(pattern.text) if pattern.text.startswith("~/") else pattern.text
    folder = pattern.folder
    while text.startswith(("./", "../")):
        step, _, text = text.partition("/")
        folder = folder if step == "." else os.path.dirname(folder)
    start = "" if os.path.isabs(text) else re.escape(f"{_slashed(folder).rstrip('/')}/")
    return start + _regex(f"/{text}" if start else text, 1 if start else 0)


def _regex(text: str, start: int = 0) -> str:
    """The regular expression of a pattern from one place on; a `**` between slashes may stand for nothing. Raises ValueError."""
    text = text.rstrip("/")
    parts, depth = list[str](), 0
    place = start
    while place < len(text):
        if place and text.startswith("**/", place) and text[place - 1] == "/":
            parts.append("(?:.*/)?")
            place += 3
            continue
        part, place = _element(text, place, depth)
        depth += {"(?:": 1, ")": -1}.get(part, 0)
        parts.append(part)
    if depth:
        raise ValueError("{ is not closed")
    return "".join(parts)


def _element(text: str, place: int, depth: int) -> tuple[str, int]:
    """The regular expression of what stands at a place, and the place behind it."""
    sign = text[place]
    if sign == "[":
        return _characters(text, place)
    if sign == "\\":
        if place + 1 == len(text):
            raise ValueError("nothing follows the last \\")
        return re.escape(text[place + 1]), place + 2
    if sign == "}" and not depth:
        raise ValueError("} closes nothing")
    meanings = {"*": ".*", "?": ".", "{": "(?:", "}": ")", ",": "|" if depth else ","}
    return meanings.get(sign) or re.escape(sign), place + 1


def _characters(text: str, place: int) -> tuple[str, int]:
    """The set of characters that starts at a place, and the place behind it."""
    first = place + 2 if text[place + 1 : place + 2] in {"!", "^"} else place + 1
    end = text.find("]", first + 1)
    if end < 0:
        raise ValueError("[ is not closed")
    inner = "".join(_escaped(text[first:end]))
    found = f"[{'^' if first == place + 2 else ''}{inner}]"
    try:
        re.compile(found)
    except re.error as error:
        raise ValueError(f"{text[place : end + 1]} is no set of characters") from error
    return found, end + 1


def _escaped(characters: str) -> Iterator[str]:
    return (f"\\{one}" if one in "\\[]^&~|" else one for one in characters)


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
