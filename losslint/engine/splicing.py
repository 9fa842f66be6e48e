"""From edits to new bytes: where an edit stands in its file, what it puts there, and what may not be put there.

All that no edit touches keeps its bytes: encoding, byte order mark, line ends, and in a notebook every string but the edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from losslint.finding import Edit, Problem
from losslint.source.document import Document, from_bytes
from losslint.source.splice import EditError, Splice
from losslint.source.tree import parse

_LINE_END = re.compile(r"\r\n?|\n")

__all__ = ["EditError", "Page", "Splice", "page", "sound", "spliced"]


@dataclass(frozen=True, slots=True)
class Page:
    """A document ready for edits: `starts` are the offsets of its lines."""

    document: Document
    raw: str
    starts: tuple[int, ...]

    def splice(self, edit: Edit) -> Splice:
        """An edit of this document by offsets, its content as it will stand in the file. Raises EditError."""
        span = edit.span
        start = self._offset(span.line, span.column)
        end = self._end(span.end_line, span.end_column)
        if end < start:
            raise EditError(f"an edit of {self.document.path} ends before it begins")
        if self.document.extract is not None:
            return self.document.extract.fitted(Splice(start, end, edit.content), self.document.path)
        return Splice(start, end, _LINE_END.sub(self._line_end(span.line), edit.content))

    def _offset(self, line: int, column: int) -> int:
        """Where a place begins; not past what its line holds before the line end."""
        if 1 <= line <= len(self.starts):
            begin = self.starts[line - 1]
            found = _LINE_END.search(self.raw, begin)
            if 1 <= column <= (found.start() if found else len(self.raw)) - begin + 1:
                return begin + column - 1
        raise EditError(f"{self.document.path} has no line {line}, column {column}")

    def _end(self, line: int, column: int) -> int:
        # a last line without line end is removed up to the begin of a line that is not there
        if (line, column) == (len(self.starts) + 1, 1):
            return len(self.raw)
        return self._offset(line, column)

    def _line_end(self, line: int) -> str:
        """The line end of a line; the last line takes that of the line before it."""
        found = _LINE_END.search(self.raw, self.starts[line - 1])
        if found is None and line > 1:
            found = _LINE_END.search(self.raw, self.starts[line - 2])
        return found.group() if found else "\n"


def page(document: Document) -> Page:
    """A document ready for edits. Raises EditError where its bytes could not be written back as they are."""
    raw = document.raw
    if _encoded(document, raw) != document.data:
        raise EditError(f"{document.path} does not keep its bytes when it is written as {document.encoding}")
    return Page(document, raw, (0, *(end.end() for end in _LINE_END.finditer(raw))))


def spliced(page: Page, splices: Iterable[Splice]) -> bytes:
    """The bytes of the file with the splices made; of the same splice one. Raises EditError."""
    parts: list[str] = []
    at = 0
    for one in sorted(dict.fromkeys(splices), key=_place):  # insertions at one place stay in order
        if one.start < at:
            raise EditError(f"two edits of {page.document.path} touch the same text")
        parts += [page.raw[at : one.start], one.text]
        at = one.end
    return _encoded(page.document, "".join([*parts, page.raw[at:]]))


def sound(old: Document, data: bytes) -> Document:
    """The document with its new bytes. Raises EditError where it cannot be read or parsed as well as the old one could."""
    new = from_bytes(data, old.file, old.path)
    if isinstance(new, Problem):
        raise EditError(f"{new.path} then {new.reason}")
    if new.encoding != old.encoding:
        raise EditError(f"{new.path} would be read as {new.encoding}, not {old.encoding}")
    tree = parse(new)
    if isinstance(tree, Problem):
        raise EditError(f"{new.path} then {tree.reason}")
    # the parser forgives a lot (old syntax, form feeds, single cells); what it had not to forgive before must not come now
    if not _as_written(tree.code, new.text) and _forgiven(new) > _forgiven(old):
        raise EditError(f"{new.path} would no longer be sound Python")
    return new


def _place(splice: Splice) -> tuple[int, int]:
    return splice.start, splice.end


def _forgiven(document: Document) -> int:
    """How many parts of a document are read otherwise than they stand there: cells, blocks, or the file as a whole."""
    if document.extract is None:
        return int(_is_forgiven(document, document.text))
    lines = document.text.split("\n")
    texts = ("\n".join([*lines[part.start - 1 : part.stop - 1], ""]) for part in document.extract.parts)
    return sum(_is_forgiven(document, text) for text in texts)


def _is_forgiven(document: Document, text: str) -> bool:
    tree = parse(replace(document, text=text, extract=None))
    return isinstance(tree, Problem) or not _as_written(tree.code, text)


def _as_written(code: str, text: str) -> bool:
    # libcst drops the line end of a last line that ends in a carriage return alone
    return code.rstrip("\r\n") == text.rstrip("\r\n")


def _encoded(document: Document, text: str) -> bytes:
    encoding = document.encoding
    if encoding.lower().replace("_", "-") == "utf-8-sig" and not document.data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8"  # declared so, but without the mark that the codec would add
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        unfit = error.object[error.start]
        raise EditError(f"{document.path} is {encoding}, which has no {unfit!r}") from error
