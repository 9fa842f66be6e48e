"""What the client has open: texts and notebooks, unsaved as they are, and the files that they stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp
from pygls.uris import to_fs_path, uri_scheme
from pygls.workspace import TextDocument
from pygls.workspace import Workspace as Store

from losslint.lsp.notebooks import Notebook, lay_out
from losslint.source.discover import REPORTED_ENDINGS
from losslint.source.document import PROSE_ENDINGS, encoded

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text with their ends, as the protocol counts them: form feeds and the like end none."""
    return tuple(_LINE.findall(text))


class Text(TextDocument):
    """A text that counts lines as the protocol does."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their ends."""
        return lines_of(self.source)


class Documents(Store):
    """All that is open."""

    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return Text(
            doc_uri, source, version, language_id, sync_kind=self._sync_kind, position_codec=self.position_codec
        )

    def cells(self, notebook: lsp.NotebookDocument) -> Iterator[TextDocument]:
        """The texts of a notebook's cells with Python, in order."""
        for cell in notebook.cells:
            text = self.get_text_document(cell.document)
            if cell.kind is lsp.NotebookCellKind.Code and text.language_id in {None, "", "python"}:
                yield text

    def is_ours(self, uri: str) -> bool:
        """True for notebooks, and for texts that may hold Python."""
        if self.get_notebook_document(notebook_uri=uri) is not None:
            return True
        text = self.get_text_document(uri)
        return text.language_id == "python" or text.path.lower().endswith((*REPORTED_ENDINGS, *PROSE_ENDINGS))

    def taken(self) -> Mapping[Path, Open]:
        """What is open right now, by file; cells are part of their notebook."""
        found: dict[Path, Open] = {}
        for text in self.text_documents.values():
            if self.get_notebook_document(cell_uri=text.uri) is not None or not self.is_ours(text.uri):
                continue
            if (file := file_of(text.uri)) is not None:
                found[file] = Open(text.uri, text.version, encoded(text.source, file))
        for document in self.notebook_documents.values():
            file = file_of(document.uri)
            if file is not None:
                notebook = lay_out([(cell.uri, cell.source) for cell in self.cells(document)])
                versions = {cell.uri: cell.version for cell in self.cells(document)}
                found[file] = Open(document.uri, document.version, notebook.data, notebook, versions)
        return found


@dataclass(frozen=True, slots=True)
class Open:
    """A file as it is open: the bytes that would be saved, and for a notebook, which cells they come from."""

    uri: str
    version: int | None
    data: bytes
    notebook: Notebook | None = None
    cell_versions: Mapping[str, int | None] | None = None


def file_of(uri: str) -> Path | None:
    """The file that an address means; for a text that was never saved a path that leads nowhere; None for other schemes."""
    path = to_fs_path(uri)
    if path and "\0" not in path:
        return Path(os.path.abspath(path))
    if uri_scheme(uri) == "untitled":
        name = re.sub(r"\W+", "-", uri.partition(":")[2]).strip("-") or "untitled"
        return Path(os.path.abspath(f"{os.sep}{UNSAVED}")) / f"{name}.py"
    return None


UNSAVED = "losslint-unsaved"
"""The folder, which does not exist, of texts that were never saved."""
