"""A client of the language server for tests: what an editor does, in few words."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities, make_test_lsp_client

PATIENCE = 30
MODEL = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return self.fc(x){}
"""
TRAIN = """\
from torch import nn

from model import Net

net = Net()
criterion = nn.CrossEntropyLoss()


def step(x, y):
    return criterion(net(x), y)
"""
BOTH = """\
from torch import nn

net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(1))
criterion = nn.CrossEntropyLoss()


def step(x, y):
    return criterion(net(x), y)
"""


def _factory() -> LanguageClient:
    client = make_test_lsp_client()
    client.registered = []
    client.applied = []

    @client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
    def _(params: lsp.RegistrationParams):
        client.registered += params.registrations

    return client


def config() -> ClientServerConfig:
    return ClientServerConfig(server_command=[sys.executable, "-m", "losslint", "server"], client_factory=_factory)


async def start(client: LanguageClient, folders: Sequence[Path], profile: str = "visual-studio-code", options=None):
    """Initialise a session with these folders."""
    return await client.initialize_session(
        lsp.InitializeParams(
            capabilities=client_capabilities(profile),
            workspace_folders=[lsp.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
            initialization_options=options,
        )
    )


class Editor:
    """Texts in an editor."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client, self.folder = client, folder
        self._versions = count(2)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def write(self, name: str, text: str) -> None:
        """Put a file on disk."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))

    def open(self, name: str, text: str | None = None, version: int = 1, language: str = "python") -> None:
        if text is None:
            text = (self.folder / name).read_text(encoding="utf-8")
        item = lsp.TextDocumentItem(self.uri(name), language, version, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, name: str, *changes: str | lsp.TextDocumentContentChangePartial) -> int:
        version = next(self._versions)
        document = lsp.VersionedTextDocumentIdentifier(version, self.uri(name))
        events = [lsp.TextDocumentContentChangeWholeDocument(one) if isinstance(one, str) else one for one in changes]
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, events))
        return version

    def save(self, name: str) -> None:
        document = lsp.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(document))

    def close(self, name: str) -> None:
        document = lsp.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))

    def codes(self, name: str) -> list[str] | None:
        """The codes published for a file; None where nothing was ever published."""
        found = self.client.diagnostics.get(self.uri(name))
        return None if found is None else [one.code for one in found]

    def found(self, name: str) -> Sequence[lsp.Diagnostic]:
        return self.client.diagnostics.get(self.uri(name), ())

    async def until_codes(self, name: str, *codes: str) -> Sequence[lsp.Diagnostic]:
        """Wait until just these codes are published for a file."""
        await until(lambda: self.codes(name) == list(codes), lambda: f"{name}: {self.codes(name)}, wanted {codes}")
        return self.found(name)

    async def actions(self, name: str, only: Sequence[str] | None = None, at: lsp.Range | None = None):
        """The code actions of a range; by default of the whole file."""
        return await actions(self.client, self.uri(name), only, at)


async def actions(client: LanguageClient, uri: str, only: Sequence[str] | None = None, at: lsp.Range | None = None):
    everywhere = lsp.Range(lsp.Position(0, 0), lsp.Position(9999, 0))
    context = lsp.CodeActionContext(diagnostics=[], only=only)
    document = lsp.TextDocumentIdentifier(uri)
    return await client.text_document_code_action_async(lsp.CodeActionParams(document, at or everywhere, context)) or []


async def until(condition: Callable[[], bool], told: Callable[[], str] = lambda: "") -> None:
    """Wait until something is so; fails with what is told where it never is."""
    for _ in range(PATIENCE * 50):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(told())


def applied(text: str, edits: Sequence[lsp.TextEdit], encoding: str = "utf-16") -> str:
    """A text after edits, as a client would make them."""
    wide = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
    lines = [*text.splitlines(keepends=True), ""]

    def offset(position: lsp.Position) -> int:
        line = lines[position.line].encode(wide[0])
        return sum(map(len, lines[: position.line])) + len(line[: position.character * wide[1]].decode(wide[0]))

    spans = sorted(((offset(one.range.start), offset(one.range.end), one.new_text) for one in edits), reverse=True)
    for start, end, new in spans:
        text = text[:start] + new + text[end:]
    return text


def edits_of(action: lsp.CodeAction) -> dict[str, Sequence[lsp.TextEdit]]:
    """The edits of an action by address, in whichever form they came."""
    assert action.edit is not None
    if action.edit.document_changes is not None:
        return {one.text_document.uri: one.edits for one in action.edit.document_changes}
    return dict(action.edit.changes or {})
