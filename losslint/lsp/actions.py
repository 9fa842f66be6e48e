"""Code actions: the fix of a finding, a comment that lets it stand, and all safe fixes of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os.path import abspath
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from losslint.engine.fixing import fix_all
from losslint.engine.noting import commented
from losslint.engine.preview import document_in, preview
from losslint.engine.splicing import EditError
from losslint.engine.writing import Change
from losslint.finding import Applicability, Finding
from losslint.lsp.diagnostics import FADED
from losslint.lsp.edits import Editor, takes_versions
from losslint.lsp.shares import Share
from losslint.lsp.worker import Job

if TYPE_CHECKING:
    from losslint.lsp.session import Session

FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.losslint"
FIX_ALL_IN_NOTEBOOK = f"notebook.{FIX_ALL}"
QUICK_FIX = lsp.CodeActionKind.QuickFix
OPTIONS = lsp.CodeActionOptions(
    code_action_kinds=[QUICK_FIX, FIX_ALL, FIX_ALL_IN_NOTEBOOK],
    resolve_provider=True,
)

Changes = Callable[[Mapping[Path, bytes]], Sequence[Change]]
"""What changes files, given unsaved bytes that count for those on disk."""


class Actions:
    """Answers for one session."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def offered(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """What can be done at a place; the analysis is brought up to date first."""
        uri, only = params.text_document.uri, params.context.only
        file = self._session.file(uri)
        share = None if file is None else self._session.checker.shares.owner(file)
        if (
            file is None
            or share is None
            or not await self._session.checker.settle(share, fixes=True)
            or file in share.broken
        ):
            return []
        found: list[lsp.CodeAction] = []
        if is_wanted(QUICK_FIX, only):
            for finding, diagnostic in share.published.get(uri, []):
                if touches(diagnostic.range, params.range):
                    found += await self._for(finding, diagnostic, share)
        kind = FIX_ALL if self._is_text(uri) else FIX_ALL_IN_NOTEBOOK
        if is_wanted(kind, only):
            found += await self._all(uri, file, share, kind, at_once=only is not None)
        return found

    async def resolved(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """An action with the edit that was left out when it was offered."""
        uri = action.data.get("uri") if isinstance(action.data, Mapping) else None
        file = self._session.file(uri) if isinstance(uri, str) else None
        share = None if file is None else self._session.checker.shares.owner(file)
        if file is not None and share is not None and await self._session.checker.settle(share, fixes=True):
            action.edit = await self._edit_of_all(file, share)
        return action

    async def _for(self, finding: Finding, diagnostic: lsp.Diagnostic, share: Share) -> list[lsp.CodeAction]:
        """The fix of one finding, and the comment that lets it stand."""
        found = []
        fix = finding.fix
        if fix is not None and fix.edits and fix.applicability is not Applicability.DISPLAY:
            safe = fix.applicability is Applicability.SAFE
            title = self._session.publisher.places(share).text(fix.message)
            title = f"{finding.code}: {title}{'' if safe else ' (unsafe: changes what is trained)'}"
            found += await self._quick(title, diagnostic, share, partial(preview, fix))
            if safe and found:
                found[0].is_preferred = True
        if finding.code in FADED:
            return found  # a comment about a comment helps nobody
        comment = f"{finding.code}: let this line stand (# noqa: {finding.code})"
        return found + await self._quick(comment, diagnostic, share, partial(_commented, finding))

    async def _quick(
        self, title: str, diagnostic: lsp.Diagnostic, share: Share, changes: Changes
    ) -> list[lsp.CodeAction]:
        """A quick fix; none where its edit cannot be made."""
        try:
            edit = await self._edit(share, changes)
        except EditError:
            return []
        return [lsp.CodeAction(title, kind=QUICK_FIX, diagnostics=[diagnostic], edit=edit)]

    async def _all(self, uri: str, file: Path, share: Share, kind: str, *, at_once: bool) -> list[lsp.CodeAction]:
        """All fixes of a file; only offered, with the edit to be asked for, where nobody asked for just this."""
        pairs = (pair for found in share.published.values() for pair in found)
        if not any(Path(abspath(finding.span.path)) == file and self._applies(finding) for finding, _ in pairs):
            return []
        title = "Fix all that losslint can fix" + ("" if self._session.options.unsafe_fixes else " safely")
        action = lsp.CodeAction(title, kind=kind, data={"uri": uri})
        if at_once or not self._resolves():
            action.edit = await self._edit_of_all(file, share)
            return [] if action.edit is None else [action]
        return [action]

    def _applies(self, finding: Finding) -> bool:
        fix = finding.fix
        return fix is not None and bool(fix.edits) and fix.applicability in {Applicability.SAFE, self._level()}

    def _level(self) -> Applicability:
        return Applicability.UNSAFE if self._session.options.unsafe_fixes else Applicability.SAFE

    async def _edit_of_all(self, file: Path, share: Share) -> lsp.WorkspaceEdit | None:
        settings, level = share.settings, self._level()

        def fixed(texts: Mapping[Path, bytes]) -> Sequence[Change]:
            return fix_all([str(file)], settings, level, write=False, unsaved=texts, progress=Job()).changes

        edit = await self._edit(share, fixed)
        return edit if edit.changes or edit.document_changes else None

    async def _edit(
        self, share: Share, changes: Callable[[Mapping[Path, bytes]], Sequence[Change]]
    ) -> lsp.WorkspaceEdit:
        """The edit that the changes of the texts as they were checked come to."""
        opened = share.opened
        texts = {path: one.data for path, one in opened.items()}
        done = await self._session.checker.worker.do(partial(changes, texts))
        server = self._session.server
        codec = server.documents.position_codec
        return Editor(opened, codec, takes_versions(server.client_capabilities)).edit(done)

    def _is_text(self, uri: str) -> bool:
        return self._session.server.documents.get_notebook_document(cell_uri=uri) is None

    def _resolves(self) -> bool:
        """True where the client asks for an edit when it needs it."""
        text = self._session.server.client_capabilities.text_document
        action = text.code_action if text is not None else None
        support = action.resolve_support if action is not None else None
        return support is not None and "edit" in support.properties


def _commented(finding: Finding, texts: Mapping[Path, bytes]) -> Sequence[Change]:
    return (commented(document_in(Path(abspath(finding.span.path)), texts), [finding]),)


def is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """True for a kind that the client asks for: it names the kind, one above it, or nothing."""
    return only is None or any(kind == one or kind.startswith(one + ".") or not one for one in only)


def touches(one: lsp.Range, other: lsp.Range) -> bool:
    """True where two ranges share a place; an empty one is a place."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(position: lsp.Position) -> tuple[int, int]:
    return position.line, position.character
