"""The way from the code of a notebook, as one Python source, back to where each character stands in the file."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice

# A pair of escapes outside the basic plane stands for one character.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the file, and the cell and line of the cell that it belongs to; all 1-based."""

    line: int
    column: int
    cell: int
    cell_line: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One JSON string of a cell's source: where its characters begin in the code, and in the raw file."""

    at: int
    length: int
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of a notebook's code as it was written, before masking: where it begins among all characters of the code."""

    at: int
    written: str
    cell: int
    cell_line: int


@dataclass(frozen=True, slots=True, eq=False)
class CellMap:
    """The code of a notebook with magics masked (`text`), and where it comes from in `raw`, the whole file.

    `cells` are the lines of `text`, from 1, that each code cell takes up. Characters of the code are counted over all
    pieces, with one more between cells.
    """

    raw: str
    text: str
    cells: tuple[range, ...]
    lines: tuple[CodeLine, ...]
    pieces: tuple[Piece, ...]

    def place(self, line: int, column: int, *, is_end: bool = False) -> Place:
        """Where a place of `text` stands in the file. Within a masked line the columns are those of no node."""
        if not self.lines:
            return Place(1, 1, 1, 1)
        code_line = self.lines[min(line, len(self.lines)) - 1]
        at = code_line.at + min(column - 1, len(code_line.written))
        # Where two pieces meet, what ends there belongs to the first, and what begins there to the second.
        if is_end and column > 1:
            piece = self.pieces[bisect_left(self.pieces, at, key=_piece_at) - 1]
        else:
            piece = self.pieces[max(bisect_right(self.pieces, at, key=_piece_at) - 1, 0)]
        offset = self._raw_offset(piece, at - piece.at)
        return Place(*self._physical(offset), code_line.cell, code_line.cell_line)

    def text_line(self, line: int, column: int) -> int:
        """The line of `text` that a place in the file belongs to, or the nearest before it."""
        offset = self._line_start(line) + column - 1
        index = bisect_right(self.pieces, offset, key=_piece_raw_start) - 1
        if index < 0:
            return 1
        piece = self.pieces[index]
        at = piece.at + self._characters(piece, min(offset, piece.raw_end))
        return max(bisect_right(self.lines, at, key=_line_at), 1)

    def cell_lines(self, cell: int) -> tuple[str, ...]:
        """The lines of a code cell as they were written; none for a cell without Python."""
        return tuple(line.written for line in self.lines if line.cell == cell)

    def _raw_offset(self, piece: Piece, count: int) -> int:
        """Where a piece's character number `count` (from 0) begins in the raw text."""
        surplus = 0
        for escape in _ESCAPE.finditer(self.raw, piece.raw_start, piece.raw_end):
            if escape.start() - piece.raw_start - surplus >= count:
                break
            surplus += escape.end() - escape.start() - 1
        return min(piece.raw_start + count + surplus, piece.raw_end)

    def _characters(self, piece: Piece, offset: int) -> int:
        """How many characters of a piece stand before a raw offset."""
        surplus = 0
        for escape in _ESCAPE.finditer(self.raw, piece.raw_start, offset):
            surplus += escape.end() - escape.start() - 1
        return offset - piece.raw_start - surplus

    def _physical(self, offset: int) -> tuple[int, int]:
        raw = self.raw
        line = raw.count("\n", 0, offset) + raw.count("\r", 0, offset) - raw.count("\r\n", 0, offset) + 1
        return line, offset - max(raw.rfind("\n", 0, offset), raw.rfind("\r", 0, offset))

    def _line_start(self, line: int) -> int:
        if line <= 1:
            return 0
        end = next(islice(_LINE_END.finditer(self.raw), line - 2, None), None)
        return end.end() if end else len(self.raw)


def _piece_at(piece: Piece) -> int:
    return piece.at


def _piece_raw_start(piece: Piece) -> int:
    return piece.raw_start


def _line_at(line: CodeLine) -> int:
    return line.at
