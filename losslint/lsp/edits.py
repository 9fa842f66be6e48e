"""Changes of files as edits of what the client has open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from lsprotocol import types as lsp
from pygls.workspace import PositionCodec

from losslint.engine.writing import Change, real
from losslint.lsp.documents import Open, lines_of
from losslint.lsp.notebooks import texts_in
from losslint.lsp.places import address


@dataclass(frozen=True, slots=True)
class Editor:
    """How one client wants its edits: what it has open, in which units it counts, and whether it takes versions."""

    opened: Mapping[Path, Open]
    codec: PositionCodec
    versioned: bool

    def edit(self, changes: Iterable[Change]) -> lsp.WorkspaceEdit:
        """All changes as one edit; in an open notebook each cell has its own."""
        by_real = {real(file): one for file, one in self.opened.items()}
        parts = [part for change in changes for part in self._parts(change, by_real.get(real(change.file)))]
        if not self.versioned:
            return lsp.WorkspaceEdit(changes={uri: edits for uri, _, edits in parts})
        return lsp.WorkspaceEdit(
            document_changes=[
                lsp.TextDocumentEdit(lsp.OptionalVersionedTextDocumentIdentifier(uri, version), list(edits))
                for uri, version, edits in parts
            ]
        )

    def _parts(self, change: Change, opened: Open | None) -> Iterator[tuple[str, int | None, list[lsp.TextEdit]]]:
        if opened is None or opened.notebook is None:
            uri, version = (address(change.file), None) if opened is None else (opened.uri, opened.version)
            yield uri, version, self.text_edits(*change.texts)
            return
        versions = opened.cell_versions or {}
        for (cell, old), new in zip(opened.notebook.texts, texts_in(change.new), strict=True):
            if old != new:
                yield cell, versions.get(cell), self.text_edits(old, new)

    def text_edits(self, old: str, new: str) -> list[lsp.TextEdit]:
        """What turns one text into the other, as little as lines and their beginnings and ends can tell."""
        before, after = lines_of(old), lines_of(new)
        codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        return [
            self._replaced(before, (first, last), "".join(after[start:end]))
            for kind, first, last, start, end in codes
            if kind != "equal"
        ]

    def _replaced(self, lines: Sequence[str], bounds: tuple[int, int], new: str) -> lsp.TextEdit:
        """The edit that puts `new` in the place of some lines, without what both begin and end with."""
        first, last = bounds
        old = "".join(lines[first:last])
        head = _shared(old, new)
        tail = _shared(old[head:][::-1], new[head:][::-1])
        start = self._position(lines, first, head)
        end = self._position(lines, first, len(old) - tail)
        return lsp.TextEdit(lsp.Range(start, end), new[head : len(new) - tail])

    def _position(self, lines: Sequence[str], line: int, offset: int) -> lsp.Position:
        """The place some characters after the begin of a line, as the client counts."""
        while line < len(lines) and offset >= len(lines[line]) and lines[line].endswith(("\n", "\r")):
            offset, line = offset - len(lines[line]), line + 1
        before = lines[line][:offset] if line < len(lines) else ""
        return lsp.Position(line, self.codec.client_num_units(before))


def _shared(one: str, other: str) -> int:
    """How many characters two texts both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def takes_versions(capabilities: lsp.ClientCapabilities) -> bool:
    """True where the client takes edits of documents with their versions."""
    workspace = capabilities.workspace
    edit = workspace.workspace_edit if workspace is not None else None
    return edit is not None and bool(edit.document_changes)
