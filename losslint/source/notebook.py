"""Notebooks."""

from __future__ import annotations

from dataclasses import dataclass


class NotADocument(Exception):
    """The text is not a notebook; says why, and in which line."""

    line: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    line: int
    column: int
    cell: int
    cell_line: int


@dataclass(frozen=True, slots=True, eq=False)
class NotebookLines:
    text: str

    def place(self, line: int, column: int) -> Place:
        return Place(line, column, 1, line)

    def text_line(self, line: int, column: int) -> int:
        return line


def read_notebook(raw: str) -> NotebookLines:
    """The code of a notebook with the way back to where it stands."""
    raise NotADocument("reading notebooks is not finished")
