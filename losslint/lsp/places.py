"""From spans of findings to places as the client counts them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp
from pygls.uris import from_fs_path
from pygls.workspace import PositionCodec

from losslint.finding import Span
from losslint.lsp.documents import Open, lines_of


@dataclass(frozen=True, slots=True)
class Places:
    """Spans of one outcome as places of the client. `sources` are the lines of files as the analysis saw them; `folder` goes without
    saying in texts."""

    folder: Path
    opened: Mapping[Path, Open]
    sources: Mapping[str, Sequence[str]]
    codec: PositionCodec

    def file(self, span: Span) -> Path:
        """The file of a span."""
        return Path(os.path.abspath(span.path))

    def text(self, text: str) -> str:
        """A text for the user, with paths as short as they can be."""
        return text.replace(f"{self.folder.as_posix().rstrip('/')}/", "")

    def location(self, span: Span) -> lsp.Location:
        """Where a span lies: within a cell where its notebook is open."""
        file = self.file(span)
        found = self.opened.get(file)
        if found is not None and found.notebook is not None:
            start = found.notebook.place(span.line, span.column)
            end = found.notebook.place(span.end_line, span.end_column)
            if start is not None:
                last = end if end is not None and end.cell == start.cell else start
                lines = lines_of(dict(found.notebook.texts)[start.cell])
                begin = self._position(lines, start.line, start.column)
                return lsp.Location(start.cell, lsp.Range(begin, self._position(lines, last.line, last.column)))
        lines_on_disk = self.sources.get(span.path, ())
        return lsp.Location(
            address(file) if found is None else found.uri,
            lsp.Range(
                self._position(lines_on_disk, span.line - 1, span.column - 1),
                self._position(lines_on_disk, span.end_line - 1, span.end_column - 1),
            ),
        )

    def _position(self, lines: Sequence[str], line: int, column: int) -> lsp.Position:
        """A place in code points as the client counts; a line that is not known counts as plain ASCII."""
        before = lines[line][:column] if 0 <= line < len(lines) else ""
        units = self.codec.client_num_units(before)
        return lsp.Position(max(line, 0), max(units + column - len(before), 0))


def address(file: Path) -> str:
    """The address of a file that is not open."""
    return from_fs_path(str(file)) or file.as_uri()
