"""Python that was taken out of a file of another kind: what every such extract can tell of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from losslint.source.splice import Splice


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the file, and in a notebook the cell and line of the cell that it belongs to; all 1-based."""

    line: int
    column: int
    cell: int | None = None
    cell_line: int | None = None


class Extract(Protocol):
    """One Python source made of the parts of a file that hold Python, and the way back.

    `parts` are the lines of `text`, from 1, that each part takes up: cells of a notebook, blocks of a document.
    """

    @property
    def text(self) -> str: ...

    @property
    def parts(self) -> tuple[range, ...]: ...

    @property
    def is_fragmentary(self) -> bool:
        """True where parts are often no whole Python, so that it is no problem if none of them can be parsed."""
        ...

    def place(self, line: int, column: int, *, is_end: bool = False) -> Place:
        """Where a place of `text` stands in the file."""
        ...

    def text_line(self, line: int, column: int) -> int:
        """The line of `text` that a place in the file belongs to, or the nearest before it."""
        ...

    def cell_lines(self, cell: int) -> tuple[str, ...]:
        """The lines of a notebook's code cell as they were written."""
        ...

    def fitted(self, splice: Splice, path: str) -> Splice:
        """A splice of the file that puts plain code where `splice` says, written as that place asks for.

        Raises EditError, which names the file by `path`, where it would touch what is no code or more than one part.
        """
        ...
