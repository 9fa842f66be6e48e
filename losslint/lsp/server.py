"""The server: which request goes where."""

from __future__ import annotations

import logging
import os
import sys
from functools import partial
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import FeatureRequestError
from pygls.lsp.server import LanguageServer

from losslint import __version__
from losslint.lsp.documents import Documents
from losslint.lsp.protocol import Protocol
from losslint.lsp.session import Session

_NOTEBOOKS = lsp.NotebookDocumentSyncOptions(
    notebook_selector=[
        lsp.NotebookDocumentFilterWithCells(cells=[lsp.NotebookCellLanguage("python")]),
    ],
    save=True,
)


class Server(LanguageServer):
    """A language server of its own kind of documents, which tells of what goes wrong without disturbing."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("losslint", __version__, notebook_document_sync=_NOTEBOOKS, protocol_cls=Protocol)

    @property
    def documents(self) -> Documents:
        """What the client has open."""
        documents = self.workspace
        assert isinstance(documents, Documents)
        return documents

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write what went wrong into the client's log; requests have had their answer."""
        if source == FeatureRequestError:
            return
        self.protocol.refuse_text(error)
        self.log(f"{type(error).__name__}: {error}", lsp.MessageType.Error)

    def log(self, text: str, kind: lsp.MessageType = lsp.MessageType.Info) -> None:
        """A line in the client's log."""
        self.window_log_message(lsp.LogMessageParams(kind, f"losslint: {text}"))

    def show(self, text: str, kind: lsp.MessageType = lsp.MessageType.Error) -> None:
        """A message that the user sees."""
        self.window_show_message(lsp.ShowMessageParams(kind, f"losslint: {text}"))


def build() -> Server:
    """A server with all that it can do."""
    server = Server()
    session = Session(server)
    for method, handler, options in session.features():
        server.feature(method, options)(partial(handler))  # the library marks what it is given, which methods refuse
    return server


def serve(host: str | None = None, port: int = 0) -> int:
    """Serve one client, on standard input and output or, given a host, on a port; gives the exit code that the protocol asks for."""
    logging.getLogger("pygls").addHandler(logging.NullHandler())
    server = build()
    if host is not None:
        server.start_tcp(host, port)
    else:
        # whatever else prints, prints to stderr: stdout belongs to the protocol
        sys.stdout.flush()
        with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            server.start_io(sys.stdin.buffer, stdout)
    return 0 if server.protocol.has_shut_down() else 1
