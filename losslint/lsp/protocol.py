"""The protocol's own rules where the library leaves them open: order of life, answers to what cannot be understood, line ends."""

from __future__ import annotations

import json
from collections.abc import Generator
from typing import Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.protocol import LanguageServerProtocol, lsp_method

from losslint.lsp.documents import Documents

_BEFORE = frozenset({lsp.INITIALIZE, lsp.EXIT})


class Protocol(LanguageServerProtocol):
    """Speaks with one client."""

    def has_shut_down(self) -> bool:
        """True once the client has asked to shut down."""
        return bool(self._shutdown)

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """Begin, with documents of our own kind."""
        result: lsp.InitializeResult = yield from super().lsp_initialize(params)
        plain = self.workspace
        self._workspace = Documents(
            plain.root_uri,
            self._server._text_document_sync_kind,
            list(plain.folders.values()),
            plain.position_encoding,
        )
        return result

    def handle_message(self, message: Any) -> None:
        """Pass a message on, unless it comes before the beginning or after the end."""
        method, number = getattr(message, "method", None), getattr(message, "id", None)
        if getattr(message, "jsonrpc", None) is None:
            self.refuse(None, lsp.ErrorCodes.InvalidRequest, "not a message of JSON-RPC 2.0")
        elif method is not None and self._workspace is None and method not in _BEFORE:
            self.refuse(number, lsp.ErrorCodes.ServerNotInitialized, "initialize comes first")
        elif method == lsp.INITIALIZE and self._workspace is not None:
            self.refuse(number, lsp.ErrorCodes.InvalidRequest, "initialize comes once")
        elif method is not None and self._shutdown and method != lsp.EXIT:
            self.refuse(number, lsp.ErrorCodes.InvalidRequest, "the server has shut down")
        else:
            super().handle_message(message)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message from plain data; a request that makes no sense is answered at once."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and data.get("id") is not None:
                self.refuse(data["id"], error.code, error.message)
            raise

    def refuse(self, number: object, code: int, message: str) -> None:
        """Answer a request with an error; notifications get no answer."""
        if number is None and code not in (lsp.ErrorCodes.ParseError, lsp.ErrorCodes.InvalidRequest):
            return
        error = {"code": int(code), "message": message}
        self._send_data({"jsonrpc": "2.0", "id": number, "error": error})

    def refuse_text(self, error: Exception) -> None:
        """Answer something that is no JSON."""
        if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
            self.refuse(None, lsp.ErrorCodes.ParseError, "not JSON")
