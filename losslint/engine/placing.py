"""From sites to spans: one pass over each file that has something to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from losslint.domain.origin import Site
from losslint.finding import Finding, Problem, Span
from losslint.names.project import Unit
from losslint.source.document import Document
from losslint.source.spans import spans
from losslint.source.suppress import Comment, Entry, Suppressions, find
from losslint.source.tree import readable


class Placer:
    """Collects the nodes whose places are wanted, and gives their spans."""

    __slots__ = ("_documents", "_spans", "_suppressions", "_wanted")

    def __init__(self) -> None:
        self._wanted: dict[Unit, dict[cst.CSTNode, None]] = {}
        self._spans: dict[cst.CSTNode, Span] = {}
        self._documents: dict[str, Document] = {}
        self._suppressions: dict[str, Suppressions] = {}

    def want(self, sites: Iterable[Site]) -> None:
        """Ask for the places of these sites; all should be asked for before the first is looked at."""
        for site in sites:
            if isinstance(site.node, cst.CSTNode) and isinstance(site.module, Unit) and site.node not in self._spans:
                self._wanted.setdefault(site.module, {})[site.node] = None

    def span(self, site: Site) -> Span | None:
        """The place of a site, or None for a site without a node."""
        if isinstance(site.node, Comment | Entry):
            return self._in_text(site.node, site.module)
        if not isinstance(site.node, cst.CSTNode):
            return None
        if site.node not in self._spans:
            self.want((site,))
            self._resolve()
        return self._spans.get(site.node)

    def _in_text(self, place: Comment | Entry, unit: object) -> Span | None:
        document = unit.document if isinstance(unit, Unit) else None
        if not isinstance(document, Document):
            return None
        self._documents[document.path] = document
        return document.span((place.line, place.column), (place.line, place.end_column))

    def document(self, path: str) -> Document | None:
        """The document shown under a path, once a span of it was asked for."""
        return self._documents.get(path)

    def suppressions(self, path: str) -> Suppressions:
        """The directives in the comments of the document shown under a path."""
        found = self._suppressions.get(path)
        if found is None:
            document = self._documents.get(path)
            found = self._suppressions[path] = Suppressions() if document is None else find(readable(document))
        return found

    def _resolve(self) -> None:
        for unit, nodes in self._wanted.items():
            document, tree = unit.document, unit.tree
            if isinstance(document, Problem) or isinstance(tree, Problem):
                continue
            self._documents[document.path] = document
            self._spans.update(spans(document, tree, nodes))
        self._wanted.clear()

    def sources_of(
        self, findings: Sequence[Finding]
    ) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, int], tuple[str, ...]]]:
        """The lines to show for findings: of files, and of notebooks' cells."""
        sources: dict[str, tuple[str, ...]] = {}
        cells: dict[tuple[str, int], tuple[str, ...]] = {}
        for finding in findings:
            for span in (finding.span, *(step.span for step in finding.trace)):
                self._add_source(span, sources, cells)
        return sources, cells

    def _add_source(
        self, span: Span, sources: dict[str, tuple[str, ...]], cells: dict[tuple[str, int], tuple[str, ...]]
    ) -> None:
        document = self._documents.get(span.path)
        if document is None:
            return
        if span.cell is not None:
            cells.setdefault((span.path, span.cell), document.cell_lines(span.cell))
        if span.path not in sources:
            sources[span.path] = _lines(document.raw)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
