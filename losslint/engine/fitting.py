"""What fixes write, as it stands in the files: for those who carry them out with nothing but a report in their hands.

A fix speaks of code. In a notebook that code stands escaped in strings, in a document behind the marks of a quotation, and line ends
are those of the file: `fitted` says what characters of the file give way to what others.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from losslint.engine.splicing import EditError, Page, Splice, page
from losslint.finding import Edit, Fix, Span
from losslint.source.document import Document, from_bytes, read


def fitted(fixes: Iterable[Fix], overlay: Mapping[Path, bytes] | None = None) -> dict[Fix, tuple[Edit, ...]]:
    """The edits of each fix in files on disk, or in `overlay` by absolute path, in order and parted by untouched characters.

    A fix that cannot be carried out, since a file changed or will not take it, is left out.
    """
    pages: dict[str, Page | None] = {}
    found: dict[Fix, tuple[Edit, ...]] = {}
    for fix in fixes:
        for path in {edit.span.path for edit in fix.edits} - pages.keys():
            pages[path] = _page(path, overlay or {})
        try:
            found[fix] = _edits(fix, pages)
        except EditError:
            continue
    return found


def _page(path: str, overlay: Mapping[Path, bytes]) -> Page | None:
    file = Path(os.path.abspath(path))
    data = overlay.get(file)
    document = read(file, path) if data is None else from_bytes(data, file, path)
    try:
        return page(document) if isinstance(document, Document) else None
    except EditError:
        return None


def _edits(fix: Fix, pages: Mapping[str, Page | None]) -> tuple[Edit, ...]:
    splices: dict[str, list[Splice]] = {}
    for edit in fix.edits:
        its = pages[edit.span.path]
        if its is None:
            raise EditError(f"{edit.span.path} cannot be edited")
        splices.setdefault(edit.span.path, []).append(its.splice(edit))
    return tuple(
        _as_edit(one, its) for path in sorted(splices) if (its := pages[path]) for one in _joined(splices[path])
    )


def _joined(splices: Sequence[Splice]) -> list[Splice]:
    """The splices in order, those that touch made one: readers do not agree on what comes first at one place."""
    joined: list[Splice] = []
    for one in sorted(dict.fromkeys(splices), key=lambda one: (one.start, one.end)):
        if joined and one.start < joined[-1].end:
            raise EditError("two edits touch the same text")
        if joined and one.start == joined[-1].end:
            last = joined.pop()
            one = Splice(last.start, one.end, last.text + one.text)
        joined.append(one)
    return joined


def _as_edit(splice: Splice, its: Page) -> Edit:
    (line, column), (end_line, end_column) = _place(splice.start, its), _place(splice.end, its)
    return Edit(Span(its.document.path, line, column, end_line, end_column), splice.text)


def _place(offset: int, its: Page) -> tuple[int, int]:
    line = bisect_right(its.starts, offset)
    return line, offset - its.starts[line - 1] + 1
