"""What fixes would change, for people and for `patch -p0`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from losslint.finding import Severity
from losslint.report.style import Style
from losslint.report.text import clean


def unified(path: str, old: str, new: str, style: Style) -> str:
    """The difference of two texts of a file, with a line end after each line."""
    return "".join(_lines(path, old, new, style))


def _lines(path: str, old: str, new: str, style: Style) -> Iterator[str]:
    name = clean(path)
    for line in difflib.unified_diff(_split(old), _split(new), name, name):
        text = line.removesuffix("\n")
        yield f"{_coloured(text, style)}\n"
        if text == line:
            yield "\\ No newline at end of file\n"


def _split(text: str) -> list[str]:
    """Lines as `patch` counts them: a newline ends one and nothing else does."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _coloured(line: str, style: Style) -> str:
    if line.startswith(("---", "+++")):
        return style.bold(line)
    if line.startswith("-"):
        return style.severity(line, Severity.ERROR)
    if line.startswith("+"):
        return style.good(line)
    return style.frame(line) if line.startswith("@@") else line
