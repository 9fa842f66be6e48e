"""A user's file as text: read, decoded, and ready to be parsed; positions in it lead back to the file on disk."""

from __future__ import annotations

import codecs
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from losslint.finding import Problem, Span
from losslint.source.extract import Extract

SOURCE_LIMIT = 5_000_000
NOTEBOOK_LIMIT = (
    50_000_000  # pictures in the outputs make notebooks large; their code is held to the limit of a source file
)

PROSE_ENDINGS = (".md", ".markdown", ".qmd", ".rst")
"""Documents that may hold blocks of code."""

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One file as it stands on disk or in an editor, with the Python source that is in it.

    `path` is what users see, `file` is absolute. `text` is what the parser gets: of a notebook all code cells, one after
    the other, with magics masked, of Markdown and reStructuredText all blocks of Python; `extract` then leads back to the
    file. `encoding` decodes `data` (a byte order mark included).
    """

    path: str
    file: Path
    data: bytes
    text: str
    encoding: str = "utf-8"
    extract: Extract | None = None

    @property
    def is_notebook(self) -> bool:
        """True where `text` is what was found in a notebook's cells."""
        return self.extract is not None and not is_prose(self.file)

    @property
    def raw(self) -> str:
        """The whole file as text, which spans count lines and columns of; a byte order mark is left out."""
        return self.data.decode(self.encoding, "surrogatepass")

    def span(self, start: tuple[int, int], end: tuple[int, int]) -> Span:
        """The span on disk between two places of `text`, each a 1-based line and a 1-based column."""
        if self.extract is None:
            return Span(self.path, *start, *end)
        first, last = self.extract.place(*start), self.extract.place(*end, is_end=True)
        return Span(self.path, first.line, first.column, last.line, last.column, first.cell, first.cell_line)

    def text_lines(self, span: Span) -> range:
        """The lines of `text` that a span touches; suppressions are kept by these."""
        if self.extract is None:
            return range(span.line, span.end_line + 1)
        first = self.extract.text_line(span.line, span.column)
        return range(first, max(first, self.extract.text_line(span.end_line, span.end_column)) + 1)

    def cell_lines(self, cell: int) -> tuple[str, ...]:
        """The lines of a notebook's code cell, counted from 1, as its author sees them."""
        return () if self.extract is None else self.extract.cell_lines(cell)


def is_prose(file: Path) -> bool:
    """True for a file whose name says that it is a document with code in it: Markdown or reStructuredText."""
    return file.suffix.lower() in PROSE_ENDINGS


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
    limit = NOTEBOOK_LIMIT if _names_notebook(file) else SOURCE_LIMIT
    if len(data) > limit:
        return Problem(shown, _too_large(limit))
    if b"\0" in data:
        return Problem(shown, "is binary (contains a NUL byte)")
    encoding = _declared(data) if _is_source(file) else _bom_or("utf-8", data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        return Problem(shown, _undecodable(data, error, encoding))
    except (LookupError, ValueError, Warning):  # no such codec or none for text; a codec's own refusal or complaint
        return Problem(shown, f"is not text: the encoding {encoding!r} is unknown")
    return _document(text, data, encoding, file, shown)


def from_text(text: str, file: Path, shown: str) -> Document | Problem:
    """The document of an unsaved buffer or of standard input, as if it stood in `file`."""
    text = text.removeprefix("\ufeff")
    limit = NOTEBOOK_LIMIT if _names_notebook(file) else SOURCE_LIMIT
    if len(text) > limit:
        return Problem(shown, _too_large(limit))
    return _document(text, text.encode("utf-8", "surrogatepass"), "utf-8", file, shown)


def encoded(text: str, file: Path) -> bytes:
    """The bytes as which an editor would save a text: in the encoding that it declares, else UTF-8. Characters come one for one, those
    that the encoding lacks as question marks."""
    data = text.encode("utf-8", "surrogatepass")
    encoding = _declared(data) if _is_source(file) else "utf-8"
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}:
        return data
    try:
        return text.encode(encoding, "replace")
    except (LookupError, ValueError, TypeError):  # no such codec, or none for text: reading says so
        return data


def _document(text: str, data: bytes, encoding: str, file: Path, shown: str) -> Document | Problem:
    if _is_source(file):
        return Document(shown, _absolute(file), data, text, encoding)
    extract = _extract(text, file, shown)
    if isinstance(extract, Problem):
        return extract
    if len(extract.text) > SOURCE_LIMIT:
        return Problem(shown, f"holds more than {SOURCE_LIMIT // 1_000_000} MB of code")
    return Document(shown, _absolute(file), data, extract.text, encoding, extract)


def _extract(text: str, file: Path, shown: str) -> Extract | Problem:
    # imported here: these bring json and parsers of documents, which most runs do without
    if is_prose(file):
        from losslint.source.markup import MarkupError, read_markup

        try:
            return read_markup(text, file.suffix.lower())
        except MarkupError as error:
            return Problem(shown, str(error))
    from losslint.source.notebook import NotebookError, read_notebook

    try:
        return read_notebook(text)
    except NotebookError as error:
        return Problem(shown, f"is not a notebook: {error}", error.line)


def _too_large(limit: int) -> str:
    return f"is larger than {limit // 1_000_000} MB"


def _names_notebook(file: Path) -> bool:
    return file.suffix.lower() == ".ipynb"


def _is_source(file: Path) -> bool:
    return not is_prose(file) and not _names_notebook(file)


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
