"""One client's session: what it opens, changes, saves and closes, and how it wants things."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from losslint.config import ConfigError
from losslint.lsp import progress
from losslint.lsp.actions import OPTIONS, Actions
from losslint.lsp.checking import PAUSE, Checker
from losslint.lsp.documents import Documents, file_of
from losslint.lsp.hover import Hovers
from losslint.lsp.options import ON_TYPE, Options, read_options
from losslint.lsp.publishing import Publisher
from losslint.lsp.shares import Share

if TYPE_CHECKING:
    from losslint.lsp.server import Server

Feature = tuple[str, Callable[..., Any], Any]
CONFIGURATION_FILES = frozenset({"pyproject.toml", "losslint.toml", ".losslint.toml", ".gitignore"})
WATCHED = ("**/*.py", "**/*.pyi", "**/*.ipynb", *(f"**/{name}" for name in sorted(CONFIGURATION_FILES)))


class Session:
    """Handlers; all run on the event loop."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.options = Options()
        self.publisher = Publisher(server)
        self.checker = Checker(self._documents, self._publish, partial(progress.watch, server), self._report)
        self.actions, self.hovers = Actions(self), Hovers(self)
        self._told: frozenset[str] = frozenset()
        self._wrong_options: list[str] = []

    def features(self) -> list[Feature]:
        """What the server answers to."""
        plain: list[tuple[str, Callable[..., Any]]] = [
            (lsp.INITIALIZE, self._initialize),
            (lsp.INITIALIZED, self._initialized),
            (lsp.SHUTDOWN, self._shutdown),
            (lsp.TEXT_DOCUMENT_DID_OPEN, lambda params: self._opened(params.text_document.uri)),
            (lsp.TEXT_DOCUMENT_DID_CHANGE, lambda params: self._changed(params.text_document.uri)),
            (lsp.TEXT_DOCUMENT_DID_CLOSE, lambda params: self._opened(params.text_document.uri)),
            (lsp.NOTEBOOK_DOCUMENT_DID_OPEN, lambda params: self._opened(params.notebook_document.uri)),
            (lsp.NOTEBOOK_DOCUMENT_DID_CHANGE, lambda params: self._changed(params.notebook_document.uri)),
            (lsp.NOTEBOOK_DOCUMENT_DID_SAVE, lambda params: self._saved(params.notebook_document.uri)),
            (lsp.NOTEBOOK_DOCUMENT_DID_CLOSE, lambda params: self._opened(params.notebook_document.uri)),
            (lsp.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, lambda _: self._set_folders()),
            (lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._watched_files),
            (lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, self._configuration),
        ]
        saved = (lsp.TEXT_DOCUMENT_DID_SAVE, lambda params: self._saved(params.text_document.uri), lsp.SaveOptions())
        actions = (lsp.TEXT_DOCUMENT_CODE_ACTION, self.actions.offered, OPTIONS)
        hover = (lsp.TEXT_DOCUMENT_HOVER, self.hovers.hover, None)
        resolve = (lsp.CODE_ACTION_RESOLVE, self.actions.resolved, None)
        return [*((method, handler, None) for method, handler in plain), saved, actions, resolve, hover]

    def _publish(self, share: Share, changed: set[Path]) -> None:
        self.publisher.publish(share, changed, self.checker.shares)

    def _documents(self) -> Documents:
        return self.server.documents

    def file(self, uri: str) -> Path | None:
        """The file of a text, or of the notebook that a cell belongs to."""
        notebook = self._documents().get_notebook_document(cell_uri=uri)
        return file_of(uri if notebook is None else notebook.uri)

    def _initialize(self, params: lsp.InitializeParams) -> None:
        self.options, self._wrong_options = read_options(params.initialization_options)

    async def _initialized(self, _: lsp.InitializedParams) -> None:
        self.checker.start()
        self._set_folders()
        capabilities = self.server.client_capabilities.workspace
        watched = capabilities.did_change_watched_files if capabilities is not None else None
        if watched is not None and watched.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(pattern) for pattern in WATCHED]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = lsp.Registration("losslint-files", method, options)
            with contextlib.suppress(JsonRpcException):  # a client that refuses sends no such changes
                await self.server.client_register_capability_async(lsp.RegistrationParams([registration]))

    def _shutdown(self, _: object = None) -> None:
        self.checker.stop()

    def _set_folders(self) -> None:
        """Look after the folders that the client has open, or the one that it began in."""
        documents = self._documents()
        uris = [folder.uri for folder in documents.folders.values()]
        if not uris and documents.root_uri:
            uris = [documents.root_uri]
        self.publisher.clear(
            self.checker.shares.set_folders(file for uri in uris if (file := file_of(uri)) is not None)
        )
        self._look_after_open()
        self._configure()
        self.checker.note_all(PAUSE)  # what is opened right after comes first

    def _look_after_open(self) -> None:
        self.publisher.clear(self.checker.shares.keep_lonely(self._documents().taken()))

    def _configure(self) -> None:
        for share in self.checker.shares:
            share.configure(self.options)
        self._tell_of_settings()

    def _tell_of_settings(self) -> None:
        """Show what is wrong with settings and options, each problem once until it is gone."""
        wrong = (share.config_error for share in self.checker.shares)
        now = frozenset((*self._wrong_options, *(one for one in wrong if one is not None)))
        for problem in sorted(now - self._told):
            self.server.show(problem)
        self._told = now

    def _opened(self, uri: str) -> None:
        """A document was opened or closed."""
        if (file := file_of(uri)) is None:
            return
        self._look_after_open()
        self._configure_new()
        self.checker.note([file], 0.0, all_of_it=not file.exists())  # it comes or goes with its text

    def _configure_new(self) -> None:
        if any(share.workspace is None for share in self.checker.shares):
            self._configure()

    def _changed(self, uri: str) -> None:
        if (file := file_of(uri)) is not None and self._documents().is_ours(uri):
            self.checker.note([file], PAUSE, due=self.options.run == ON_TYPE)

    def _saved(self, uri: str) -> None:
        if (file := file_of(uri)) is None:
            return
        if file.name in CONFIGURATION_FILES:
            self._configure()
            self.checker.note_all()
        else:
            self.checker.note([file], 0.0)

    def _watched_files(self, params: lsp.DidChangeWatchedFilesParams) -> None:
        files = [file for change in params.changes if (file := file_of(change.uri)) is not None]
        if any(file.name in CONFIGURATION_FILES for file in files):
            self._configure()
            self.checker.note_all()
        elif files:
            same = all(change.type is lsp.FileChangeType.Changed for change in params.changes)
            self.checker.note(files, all_of_it=not same)

    async def _configuration(self, params: lsp.DidChangeConfigurationParams) -> None:
        """The client's configuration changed: it comes with the message, or is to be asked for."""
        given = params.settings
        workspace = self.server.client_capabilities.workspace
        if not given and workspace is not None and workspace.configuration:
            item = lsp.ConfigurationItem(section="losslint")
            given = (await self.server.workspace_configuration_async(lsp.ConfigurationParams([item])))[0]
        self.options, self._wrong_options = read_options(given)
        self._configure()
        self.checker.note_all()

    def _report(self, share: Share, error: Exception) -> None:
        """Tell of what went wrong in a check."""
        if isinstance(error, ConfigError):
            share.config_error = str(error)
            self._tell_of_settings()
            return
        self.server.log(f"internal error, please report: {type(error).__name__}: {error}", lsp.MessageType.Error)
