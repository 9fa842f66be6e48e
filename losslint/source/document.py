"""A user's file as text: read, decoded, and ready to be parsed; positions in it lead back to the file on disk."""

from __future__ import annotations

import codecs
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from losslint.finding import Problem, Span
from losslint.source.cell_map import CellMap

SOURCE_LIMIT = 5_000_000
NOTEBOOK_LIMIT = (
    50_000_000  # pictures in the outputs make notebooks large; their code is held to the limit of a source file
)

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file as it stands on disk or in an editor, with the Python source that is in it.

    `path` is what users see, `file` is absolute. `text` is what the parser gets: for a notebook all code cells, one after
    the other, with magics masked. `encoding` decodes `data` (a byte order mark included).
    """

    path: str
    file: Path
    data: bytes
    text: str
    encoding: str = "utf-8"
    lines: CellMap | None = None

    @property
    def is_notebook(self) -> bool:
        """True where `text` is not what stands in the file, but what was found in a notebook's cells."""
        return self.lines is not None

    @property
    def raw(self) -> str:
        """The whole file as text, which spans count lines and columns of; a byte order mark is left out."""
        return self.data.decode(self.encoding, "surrogatepass")

    def span(self, start: tuple[int, int], end: tuple[int, int]) -> Span:
        """The span on disk between two places of `text`, each a 1-based line and a 1-based column."""
        if self.lines is None:
            return Span(self.path, *start, *end)
        first, last = self.lines.place(*start), self.lines.place(*end, is_end=True)
        return Span(self.path, first.line, first.column, last.line, last.column, first.cell, first.cell_line)

    def text_lines(self, span: Span) -> range:
        """The lines of `text` that a span touches; suppressions are kept by these."""
        if self.lines is None:
            return range(span.line, span.end_line + 1)
        first = self.lines.text_line(span.line, span.column)
        return range(first, max(first, self.lines.text_line(span.end_line, span.end_column)) + 1)

    def cell_lines(self, cell: int) -> tuple[str, ...]:
        """The lines of a notebook's code cell, counted from 1, as its author sees them."""
        return () if self.lines is None else self.lines.cell_lines(cell)


def read(file: Path, shown: str) -> Document | Problem:
    """The document in `file`, or why there is none. An empty file is a document."""
    limit = NOTEBOOK_LIMIT if _names_notebook(file) else SOURCE_LIMIT
    try:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            return Problem(shown, f"cannot be read: is {kind}")
        if status.st_size > limit:
            return Problem(shown, _too_large(limit))
        with open(file, "rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError:
        return Problem(shown, "does not exist")
    except OSError as error:
        return Problem(shown, f"cannot be read: {(error.strerror or type(error).__name__).lower()}")
    except ValueError:
        return Problem(shown, "cannot be read: its path contains a NUL character")
    return from_bytes(data, file, shown)


def from_bytes(data: bytes, file: Path, shown: str) -> Document | Problem:
    """The document that these bytes make, as if they stood in `file`."""
    notebook = _names_notebook(file)
    limit = NOTEBOOK_LIMIT if notebook else SOURCE_LIMIT
    if len(data) > limit:
        return Problem(shown, _too_large(limit))
    if b"\0" in data:
        return Problem(shown, "is binary (contains a NUL byte)")
    encoding = _bom_or("utf-8", data) if notebook else _declared(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        return Problem(shown, _undecodable(data, error, encoding))
    except (LookupError, ValueError, Warning):  # no such codec or none for text; a codec's own refusal or complaint
        return Problem(shown, f"is not text: the encoding {encoding!r} is unknown")
    if not notebook:
        return Document(shown, _absolute(file), data, text, encoding)
    return _notebook_document(text, data, encoding, file, shown)


def from_text(text: str, file: Path, shown: str) -> Document | Problem:
    """The document of an unsaved buffer or of standard input, as if it stood in `file`."""
    text = text.removeprefix("\ufeff")
    notebook = _names_notebook(file)
    limit = NOTEBOOK_LIMIT if notebook else SOURCE_LIMIT
    if len(text) > limit:
        return Problem(shown, _too_large(limit))
    data = text.encode("utf-8", "surrogatepass")
    if notebook:
        return _notebook_document(text, data, "utf-8", file, shown)
    return Document(shown, _absolute(file), data, text)


def _notebook_document(text: str, data: bytes, encoding: str, file: Path, shown: str) -> Document | Problem:
    from losslint.source.notebook import NotebookError, read_notebook  # brings json, which most runs do without

    try:
        lines = read_notebook(text)
    except NotebookError as error:
        return Problem(shown, f"is not a notebook: {error}", error.line)
    if len(lines.text) > SOURCE_LIMIT:
        return Problem(shown, f"holds more than {SOURCE_LIMIT // 1_000_000} MB of code")
    return Document(shown, _absolute(file), data, lines.text, encoding, lines)


def _too_large(limit: int) -> str:
    return f"is larger than {limit // 1_000_000} MB"


def _names_notebook(file: Path) -> bool:
    return file.suffix.lower() == ".ipynb"


def _absolute(file: Path) -> Path:
    return file if file.is_absolute() else Path(os.path.abspath(file))


def _bom_or(encoding: str, data: bytes) -> str:
    return "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else encoding


def _declared(data: bytes) -> str:
    """The encoding that a source file declares in its first two lines; a byte order mark wins over it."""
    head = _LINE_END.split(data[:1000].removeprefix(codecs.BOM_UTF8), maxsplit=2)[:2]
    for number, line in enumerate(head):
        if number == 1 and not _BLANK.match(head[0]):
            break
        cookie = _COOKIE.match(line)
        if cookie:
            return _bom_or(cookie.group(1).decode("ascii"), data)
    return _bom_or("utf-8", data)


def _undecodable(data: bytes, error: UnicodeDecodeError, encoding: str) -> str:
    if not 0 <= error.start < len(data):
        return f"is not text: it is not {encoding}"
    offset = error.start + (len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
    return f"is not text: byte 0x{data[offset]:02x} at offset {offset} is not {encoding.removesuffix('-sig')}"
