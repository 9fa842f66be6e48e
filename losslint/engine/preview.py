"""What one fix would change, and nothing written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from losslint.engine.splicing import EditError, Splice, page, sound, spliced
from losslint.engine.writing import Change
from losslint.finding import Fix, Problem
from losslint.source.discover import show
from losslint.source.document import Document, from_bytes, read


def preview(fix: Fix, unsaved: Mapping[Path, bytes]) -> tuple[Change, ...]:
    """The files that a fix changes, before and after; `unsaved` are bytes, by absolute path, that count for those on disk.

    Raises EditError where the fix cannot be made, or would leave a file that is not sound.
    """
    pages = {}
    splices: dict[Path, list[Splice]] = {}
    for edit in fix.edits:
        file = Path(os.path.abspath(edit.span.path))
        if file not in pages:
            pages[file] = page(document_in(file, unsaved))
        splices.setdefault(file, []).append(pages[file].splice(edit))
    changes = []
    for file, found in splices.items():
        old = pages[file].document
        new = sound(old, spliced(pages[file], found))
        changes.append(Change(old.path, file, old.data, new.data, old.encoding))
    return tuple(changes)


def document_in(file: Path, unsaved: Mapping[Path, bytes]) -> Document:
    """A file as it is in `unsaved`, else on disk. Raises EditError where it cannot be read."""
    shown = show(file)
    data = unsaved.get(file)
    document = read(file, shown) if data is None else from_bytes(data, file, shown)
    if isinstance(document, Problem):
        raise EditError(f"{shown} {document.reason}")
    return document
