"""The way from the blocks of code in a document, as one Python source, back to where each character stands in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from losslint.source.extract import Place
from losslint.source.splice import EditError, Splice

_LINE_END = re.compile(r"\r\n?|\n")
_FENCE = re.compile(r"`{3}|~{3}")


@dataclass(frozen=True, slots=True)
class BlockLine:
    """One line of code in a block.

    `code` is the offset in the file at which it begins, behind indentation, marks of quotation or a prompt. `written` is the
    code; the first `lead` characters of it are spaces that stand for a tab in the file, of which a part belongs to the block.
    """

    number: int
    start: int
    code: int
    lead: int
    written: str

    @property
    def stop(self) -> int:
        """The offset of the line's end."""
        return self.code + len(self.written) - self.lead


@dataclass(frozen=True, slots=True, eq=False)
class BlockMap:
    """The code of all blocks of a document (`text`), and where it comes from in `raw`, the whole file.

    `parts` are the lines of `text`, from 1, that each block takes up. Magics are masked in `text` alone.
    """

    raw: str
    text: str
    parts: tuple[range, ...]
    lines: tuple[BlockLine, ...]

    @property
    def is_fragmentary(self) -> bool:
        """True: documents show excerpts, with dots for what is left out."""
        return True

    def place(self, line: int, column: int, *, is_end: bool = False) -> Place:
        """Where a place of `text` stands in the file. Within a masked line the columns are those of no node."""
        if not self.lines:
            return Place(1, 1)
        found = self.lines[min(line, len(self.lines)) - 1]
        offset = found.code + min(max(column - 1 - found.lead, 0), len(found.written) - found.lead)
        return Place(found.number, offset - found.start + 1)

    def text_line(self, line: int, column: int) -> int:
        """The line of `text` that a place in the file belongs to, or the nearest before it."""
        return max(bisect_right(self.lines, line, key=_number), 1)

    def cell_lines(self, cell: int) -> tuple[str, ...]:
        """Nothing: a document has no cells."""
        return ()

    def fitted(self, splice: Splice, path: str) -> Splice:
        """A splice with what its lines begin with in this block. Raises EditError where it would touch other than one block's code."""
        first, last = self._index(splice.start, path), self._index(splice.end, path)
        if splice.end == self.lines[last].start and last > first:
            last -= 1  # whole lines, up to the begin of the next
        if self._part(first) != self._part(last):
            raise EditError(f"an edit of {path} goes beyond one block of code")
        begin = self.lines[first]
        whole = splice.start == begin.start and splice.end in (self.lines[last].start, self._after(last))
        if not whole and not (self._holds(first, splice.start) and self._holds(last, splice.end)):
            raise EditError(f"an edit of {path} is not within a block of code")
        if _FENCE.search(splice.text):
            raise EditError(f"an edit of {path} would end a block of code")
        new = _LINE_END.split(splice.text)
        if len(new) == 1 and not (whole and begin.start < begin.code):
            return splice
        if not begin.written.strip() or any(line.lead for line in self.lines[first : last + 1]):
            raise EditError(f"an edit of {path} stands among tabs or empty lines")
        return Splice(splice.start, splice.end, self._joined(new, begin, whole))

    def _joined(self, new: list[str], begin: BlockLine, whole: bool) -> str:
        """Lines as they stand in the block of the line `begin`."""
        prefix = self.raw[begin.start : begin.code]
        ends = _LINE_END.match(self.raw, begin.stop)
        joined = [line if (number == 0 and not whole) else prefix + line for number, line in enumerate(new)]
        if whole and not new[-1]:
            joined[-1] = ""
        # the last one goes on with what stood behind the edit
        kept = [line.rstrip() if line == prefix else line for line in joined[:-1]]
        return (ends.group() if ends else "\n").join([*kept, joined[-1]])

    def _index(self, offset: int, path: str) -> int:
        """The number of the line that an offset lies in or right behind."""
        index = bisect_right(self.lines, offset, key=_start) - 1
        if index < 0 or offset > self._after(index):
            raise EditError(f"an edit of {path} is not within a block of code")
        return index

    def _holds(self, index: int, offset: int) -> bool:
        line = self.lines[index]
        return line.code <= offset <= line.stop

    def _after(self, index: int) -> int:
        """Where the line behind a line begins."""
        found = _LINE_END.match(self.raw, self.lines[index].stop)
        return found.end() if found else len(self.raw)

    def _part(self, index: int) -> int:
        return bisect_right(self.parts, index + 1, key=_first)


def _number(line: BlockLine) -> int:
    return line.number


def _start(line: BlockLine) -> int:
    return line.start


def _first(part: range) -> int:
    return part.start
