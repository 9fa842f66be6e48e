"""How wide a line of source is on a screen.

Tabs go to the next stop, East Asian wide characters and emoji take two cells, combining marks none; control characters are
shown as a replacement character, so that source text cannot steer the terminal.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

TAB = 4
_WIDEST = 160
_BEFORE = 40
_UNSEEN = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown; `starts[i]` is the screen cell at which character i begins, with one entry past the end."""

    text: str
    starts: tuple[int, ...]

    @property
    def begin(self) -> int:
        """The screen cell of the first character that is no blank."""
        return len(self.text) - len(self.text.lstrip())

    def cell(self, column: int) -> int:
        """The screen cell of a 1-based column; columns past the end fall on the end."""
        return self.starts[min(max(column - 1, 0), len(self.starts) - 1)]


def lay_out(source: str) -> Line:
    """Make a line ready for the screen."""
    source = source.rstrip("\r\n")
    if source.isascii() and source.isprintable():
        return Line(source, tuple(range(len(source) + 1)))
    shown: list[str] = []
    starts = [0]
    for character in source:
        text, width = _show(character, starts[-1])
        shown.append(text)
        starts.append(starts[-1] + width)
    return Line("".join(shown), tuple(starts))


def _show(character: str, cell: int) -> tuple[str, int]:
    if character == "\t":
        width = TAB - cell % TAB
        return " " * width, width
    if character.isascii():
        return (character, 1) if character.isprintable() else ("\N{REPLACEMENT CHARACTER}", 1)
    category = unicodedata.category(character)
    if category in _UNSEEN:
        # direction marks would turn the rest of the line round
        return ("", 0) if unicodedata.bidirectional(character) not in {"NSM", "BN"} else (character, 0)
    if category[0] == "C" or category in {"Zl", "Zp"}:
        return "\N{REPLACEMENT CHARACTER}", 1
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(line: Line, first: int, last: int) -> tuple[str, int, int]:
    """The part of a very long line around the cells `first` to `last`, and these cells within it."""
    if line.starts[-1] <= _WIDEST:
        return line.text, first, last
    low = max(first - _BEFORE, 0)
    high = low + _WIDEST
    head = "..." if low else ""
    tail = "..." if high < line.starts[-1] else ""
    text, shift = _between(line, low, high)
    shift -= len(head)
    return head + text + tail, first - shift, min(last - shift, len(head) + high - low)


def _between(line: Line, low: int, high: int) -> tuple[str, int]:
    """The text in cells `low` to `high` and the cell at which it begins; a character is shown whole or not at all."""
    kept: list[str] = []
    begin, cell = -1, 0
    for character in line.text:
        width = _show(character, cell)[1]
        if cell >= low and cell + width <= high:
            begin = cell if begin < 0 else begin
            kept.append(character)
        cell += width
    return "".join(kept), max(begin, 0)
