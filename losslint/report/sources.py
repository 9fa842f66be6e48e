"""The source text around spans, and where a span lies as its reader counts.

Spans count lines and columns of the file on disk. In a notebook that file is JSON, but readers count lines and columns of a
cell: the way back goes through the string token in which a line of a cell stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from losslint.finding import Span

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sources:
    """Lines on disk by path, and lines of notebook cells by path and cell. What is missing is merely not shown."""

    files: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cells: Mapping[tuple[str, int], Sequence[str]] = field(default_factory=dict)

    def lines(self, span: Span) -> Sequence[str]:
        """The lines that `start` and `end` count in."""
        if span.cell is not None:
            return self.cells.get((span.path, span.cell), ())
        return self.files.get(span.path, ())

    def start(self, span: Span) -> Position:
        """Line and column of a span's begin, in its cell where it lies in one."""
        if span.cell is None:
            return span.line, span.column
        return span.cell_line or 1, self._within(span, span.line, span.column)[1]

    def end(self, span: Span) -> Position:
        """Line and column just past a span, in its cell where it lies in one."""
        if span.cell is None:
            return span.end_line, span.end_column
        breaks, column = self._within(span, span.end_line, span.end_column)
        if span.end_line == span.line:
            breaks -= self._within(span, span.line, span.column)[0]
        else:
            breaks = span.end_line - span.line
        return (span.cell_line or 1) + breaks, column

    def _within(self, span: Span, row: int, column: int) -> Position:
        lines = self.files.get(span.path, ())
        return unquote(lines[row - 1], column) if 1 <= row <= len(lines) else (0, column)


def unquote(line: str, column: int) -> Position:
    """How many line breaks stand before a column within its JSON string, and its column after the last of them."""
    breaks, within, index, inside = 0, 1, _opening(line, column - 1), False
    while index < column - 1 and index < len(line):
        if not inside:
            inside = line[index] == '"'
            breaks, within, index = 0, 1, index + 1
        elif line[index] == '"':
            inside, index = False, index + 1
        elif line.startswith("\\n", index):
            breaks, within, index = breaks + 1, 1, index + 2
        else:
            within, index = within + 1, index + _length(line, index)
    return breaks, within


def _opening(line: str, index: int) -> int:
    """Where the string that holds what stands before an index begins: at the last quote before it that is not escaped."""
    while (quote := line.rfind('"', 0, index)) > 0:
        before = line[max(quote - 100, 0) : quote]
        if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            return quote
        index = quote
    return 0


def _length(line: str, index: int) -> int:
    """How many characters of JSON stand for the one character at `index`."""
    if line[index] != "\\":
        return 1
    if not line.startswith("\\u", index):
        return 2
    high, low = line[index + 2 : index + 4].lower(), line[index + 6 : index + 10].lower()
    paired = high in {"d8", "d9", "da", "db"} and low[:2] == "\\u" and low[2:4] in {"dc", "dd", "de", "df"}
    return 12 if paired else 6
