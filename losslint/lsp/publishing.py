"""What is sent when a check is through: only what differs from what the client has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from losslint.lsp.diagnostics import Pair, by_address, told_to
from losslint.lsp.documents import Open
from losslint.lsp.places import Places
from losslint.lsp.shares import Share, Shares

if TYPE_CHECKING:
    from losslint.lsp.server import Server


class Publisher:
    """Sends diagnostics."""

    __slots__ = ("_server",)

    def __init__(self, server: Server) -> None:
        self._server = server

    def places(self, share: Share) -> Places:
        """Where the spans of a share's outcome lie for the client."""
        assert share.outcome is not None
        return Places(share.folder, share.opened, share.outcome.sources, self._server.documents.position_codec)

    def publish(self, share: Share, changed: set[Path], shares: Shares) -> None:
        """Send the findings of a share: where they differ from what was sent, and for open files that changed.

        A text that cannot be parsed right now keeps what it has: the client moves that along while somebody types.
        """
        assert share.outcome is not None
        places = self.places(share)
        own = [one for one in share.outcome.findings if shares.owner(places.file(one.span)) is share]
        found = by_address(own, places, told_to(self._server.client_capabilities))
        broken = {uri for file in share.broken & share.good.keys() for uri in _addresses(share.opened[file])}
        found = {uri: pairs for uri, pairs in found.items() if uri not in broken}
        found |= {uri: pairs for uri, pairs in share.published.items() if uri in broken}
        mine = [file for file in changed & share.opened.keys() if shares.owner(file) is share]
        fresh = {uri for file in mine for uri in _addresses(share.opened[file])} - broken
        for uri in dict.fromkeys((*share.published, *found, *fresh)):
            pairs = found.get(uri, [])
            if uri in fresh or _diagnostics(pairs) != _diagnostics(share.published.get(uri, [])):
                self._send(uri, pairs)
        share.published = found
        self._log(share)

    def clear(self, gone: Iterable[Share]) -> None:
        """Take back all that shares that are no more had sent."""
        for share in gone:
            if share.job is not None:
                share.job.cancel()
            for uri in share.published:
                self._send(uri, [])

    def _send(self, uri: str, pairs: Sequence[Pair]) -> None:
        version = self._server.documents.get_text_document(uri).version
        params = lsp.PublishDiagnosticsParams(uri, _diagnostics(pairs), version)
        self._server.text_document_publish_diagnostics(params)

    def _log(self, share: Share) -> None:
        """Tell once of each file that could not be read."""
        assert share.outcome is not None
        now = frozenset(share.outcome.problems)
        for problem in sorted(now - share.problems):
            line = "" if problem.line is None else f":{problem.line}"
            self._server.log(f"{problem.path}{line}: {problem.reason}", lsp.MessageType.Warning)
        share.problems = now


def _addresses(opened: Open) -> Iterable[str]:
    """Under which addresses the findings in an open file are published."""
    return (opened.uri,) if opened.notebook is None else tuple(cell for cell, _ in opened.notebook.texts)


def _diagnostics(pairs: Sequence[Pair]) -> list[lsp.Diagnostic]:
    return [diagnostic for _, diagnostic in pairs]
