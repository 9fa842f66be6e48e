"""A notebook in an editor as the bytes of a file, so that the analysis reads it like any other.

Each line of a cell is a JSON string on a line of its own: a line of the bytes is a line of a cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from losslint.report.sources import unquote

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_HEAD = '{"nbformat": 4, "metadata": {}, "cells": ['
_CELL = '{"cell_type": "code", "source": ['


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a cell; line and column, in code points, count from 0."""

    cell: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Notebook:
    """The bytes of a notebook, and for each of their lines the cell and its line that stand there."""

    data: bytes
    texts: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, int] | None, ...]
    rows: tuple[str, ...]

    def place(self, line: int, column: int) -> Place | None:
        """Where in a cell a place of the bytes lies, by 1-based line and column; None where no cell stands."""
        if not 1 <= line <= len(self.lines) or (found := self.lines[line - 1]) is None:
            return None
        cell, row = found
        breaks, within = unquote(self.rows[line - 1], column)
        return Place(cell, row + breaks, within - 1)

    def at(self, place: Place) -> tuple[int, int] | None:
        """The 1-based line and column of the bytes where a place in a cell stands."""
        for number, found in enumerate(self.lines, start=1):
            if found == (place.cell, place.line):
                written = json.loads(self.rows[number - 1].removesuffix(","))
                before = json.dumps(written[: place.column], ensure_ascii=False)
                return number, len(before)  # with the quote before it, and counted from 1
        return None


def lay_out(cells: Iterable[tuple[str, str]]) -> Notebook:
    """The notebook of these code cells: address and text of each."""
    texts = tuple(cells)
    rows, lines = [_HEAD], [None]  # type: list[str], list[tuple[str, int] | None]
    for index, (cell, text) in enumerate(texts):
        rows.append(("," if index else "") + _CELL)
        lines.append(None)
        written = _LINE.findall(text)
        for number, line in enumerate(written):
            comma = "," if number < len(written) - 1 else ""
            rows.append(json.dumps(line, ensure_ascii=False) + comma)
            lines.append((cell, number))
        rows.append("]}")
        lines.append(None)
    rows.append("]}")
    lines.append(None)
    data = "\n".join(rows).encode("utf-8", "surrogatepass")
    return Notebook(data, texts, tuple(lines), tuple(rows))


def texts_in(data: bytes) -> tuple[str, ...]:
    """The texts of the code cells of bytes that `lay_out` made, after changes in them."""
    cells = json.loads(data.decode("utf-8", "surrogatepass"))["cells"]
    return tuple("".join(cell["source"]) for cell in cells)
