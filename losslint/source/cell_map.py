"""The way from the code of a notebook, as one Python source, back to where each character stands in the file."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from losslint.source.extract import Place
from losslint.source.splice import EditError, Splice

# A pair of escapes outside the basic plane stands for one character.
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)")
_LINE_END = re.compile(r"\r\n?|\n")
_ANY_ESCAPE = re.compile(r"\\(?:u[\da-fA-F]{4}|.)")
_NEXT_STRING = re.compile(r'"(?:[ \t\r\n]*,[ \t\r\n]*"")*[ \t\r\n]*,[ \t\r\n]*"')
_JSON_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """One JSON string of a cell's source: where its characters begin in the code, and in the raw file.

    `line` is the line of the file that it stands on, as a whole, and `line_start` the offset at which that begins.
    """

    at: int
    length: int
    raw_start: int
    raw_end: int
    line: int = 1
    line_start: int = 0


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of a notebook's code as it was written, before masking: where it begins among all characters of the code.

    The parser does not get the first `left_out` characters.
    """

    at: int
    written: str
    cell: int
    cell_line: int
    left_out: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class CellMap:
    """The code of a notebook with magics masked (`text`), and where it comes from in `raw`, the whole file.

    `parts` are the lines of `text`, from 1, that each code cell takes up. Characters of the code are counted over all
    pieces, with one more between cells.
    """

    raw: str
    text: str
    parts: tuple[range, ...]
    lines: tuple[CodeLine, ...]
    pieces: tuple[Piece, ...]

    @property
    def is_fragmentary(self) -> bool:
        """False: somewhere in a notebook there should be a cell that can be parsed."""
        return False

    def place(self, line: int, column: int, *, is_end: bool = False) -> Place:
        """Where a place of `text` stands in the file. Within a masked line the columns are those of no node."""
        if not self.lines:
            return Place(1, 1, 1, 1)
        code_line = self.lines[min(line, len(self.lines)) - 1]
        at = code_line.at + min(column - 1 + code_line.left_out, len(code_line.written))
        # Where two pieces meet, what ends there belongs to the first, and what begins there to the second.
        if is_end and column > 1:
            piece = self.pieces[bisect_left(self.pieces, at, key=_piece_at) - 1]
        else:
            piece = self.pieces[max(bisect_right(self.pieces, at, key=_piece_at) - 1, 0)]
        offset = self._raw_offset(piece, at - piece.at)
        return Place(piece.line, offset - piece.line_start + 1, code_line.cell, code_line.cell_line)

    def text_line(self, line: int, column: int) -> int:
        """The line of `text` that a place in the file belongs to, or the nearest before it."""
        index = bisect_right(self.pieces, line, key=_piece_line) - 1
        if index < 0:
            return 1
        offset = len(self.raw)
        if self.pieces[index].line == line:
            offset = self.pieces[index].line_start + column - 1
            index = max(bisect_right(self.pieces, offset, key=_piece_raw_start) - 1, 0)
        piece = self.pieces[index]
        at = piece.at + self._characters(piece, max(min(offset, piece.raw_end), piece.raw_start))
        return max(bisect_right(self.lines, at, key=_line_at), 1)

    def cell_lines(self, cell: int) -> tuple[str, ...]:
        """The lines of a code cell as they were written; none for a cell without Python."""
        return tuple(line.written for line in self.lines if line.cell == cell)

    def fitted(self, splice: Splice, path: str) -> Splice:
        """A splice with its text as it stands in JSON. Raises EditError where it would touch more than one cell's code."""
        first = self._piece(path, splice.start)
        last = self._piece(path, splice.end)
        end = splice.end
        if last > first and end == self.pieces[last].raw_start and not self._is_next(last):
            last -= 1  # a line that is the last of its cell ends there, not where the next cell begins
            end = self.pieces[last].raw_end
        if not all(self._is_next(index) for index in range(first + 1, last + 1)):
            raise EditError(f"an edit of {path} goes beyond one cell")
        separator = self._separator(self.pieces[first])
        lines = [json.dumps(line, ensure_ascii=self.raw.isascii())[1:-1] for line in _LINE_END.split(splice.text)]
        if lines[-1] or end < self.pieces[last].raw_end:
            return Splice(splice.start, end, f"\\n{separator}".join(lines))
        return Splice(splice.start, end, f"\\n{separator}".join(lines[:-1]) + "\\n" * (len(lines) > 1))

    def _piece(self, path: str, offset: int) -> int:
        """The number of the string that an offset lies in."""
        index = bisect_right(self.pieces, offset, key=_piece_raw_start) - 1
        if index < 0 or offset > self.pieces[index].raw_end:
            raise EditError(f"an edit of {path} is not within the code of a cell")
        piece = self.pieces[index]
        escapes = _ANY_ESCAPE.finditer(self.raw, piece.raw_start, piece.raw_end)
        if any(one.start() < offset < one.end() for one in escapes):
            raise EditError(f"an edit of {path} would cut an escaped character")
        return index

    def _is_next(self, index: int) -> bool:
        """True where a string follows the one before it in the same cell."""
        between = self.raw[self.pieces[index - 1].raw_end : self.pieces[index].raw_start]
        return _NEXT_STRING.fullmatch(between) is not None

    def _separator(self, piece: Piece) -> str:
        """What stands between two lines of a cell: where lines are strings of their own, all from quote to quote."""
        quote = before = piece.raw_start - 1
        while before > 0 and self.raw[before - 1] in _JSON_SPACE:
            before -= 1
        return f'",{self.raw[before:quote]}"' if self.raw[before - 1 : before] in {"[", ","} else ""

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


def _piece_at(piece: Piece) -> int:
    return piece.at


def _piece_line(piece: Piece) -> int:
    return piece.line


def _piece_raw_start(piece: Piece) -> int:
    return piece.raw_start


def _line_at(line: CodeLine) -> int:
    return line.at
