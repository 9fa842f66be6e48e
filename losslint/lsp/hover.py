"""Hovers: what is known of the value under the cursor, and the page of a rule that is named or found there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from losslint.engine.values import Known, Place, ValueAt
from losslint.lsp.actions import touches
from losslint.lsp.notebooks import Place as CellPlace
from losslint.lsp.places import Places
from losslint.lsp.shares import Share
from losslint.rules._registry import by_code_or_name
from losslint.rules._rule import Rule
from losslint.source.suppress import Entry, find

if TYPE_CHECKING:
    from losslint.lsp.session import Session

RULE_OFF = "\n\n---\n\n"


class Hovers:
    """Answers for one session."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        """What there is to say of a place; None where that is nothing."""
        uri = params.text_document.uri
        entry = self._named(uri, params.position)
        if entry is not None:
            return entry
        file = self._session.file(uri)
        share = None if file is None else self._session.checker.shares.owner(file)
        if file is None or share is None or not await self._session.checker.settle(share):
            return None
        if file in share.broken or file not in share.opened:
            return None
        value = await self._value(uri, params.position, file, share)
        here = lsp.Range(params.position, params.position)
        found = [finding.code for finding, one in share.published.get(uri, ()) if touches(one.range, here)]
        pages = [_page(rule) for code in dict.fromkeys(found) if (rule := by_code_or_name(code)) is not None]
        if value is None and not pages:
            return None
        sources = {} if value is None else {value.span.path: value.lines}
        places = Places(share.folder, share.opened, sources, self._session.server.documents.position_codec)
        texts = ([] if value is None else [self._told(value, places)]) + pages
        return lsp.Hover(
            self._content(RULE_OFF.join(texts)), None if value is None else places.location(value.span).range
        )

    async def _value(self, uri: str, position: lsp.Position, file: Path, share: Share) -> ValueAt | None:
        place = self._place(uri, position, file, share)
        workspace = share.workspace
        if place is None or workspace is None:
            return None
        return await self._session.checker.worker.do(partial(workspace.value_at, file, place))

    def _place(self, uri: str, position: lsp.Position, file: Path, share: Share) -> Place | None:
        """A place of the client as one of the file's bytes."""
        found = self._session.server.documents.get_text_document(uri).position_from_client_units(position)
        notebook = share.opened[file].notebook
        if notebook is not None:
            return notebook.at(CellPlace(uri, found.line, found.character))
        return found.line + 1, found.character + 1

    def _named(self, uri: str, position: lsp.Position) -> lsp.Hover | None:
        """The page of a rule that a comment names at this place."""
        if uri not in self._session.server.documents.text_documents:
            return None
        text = self._session.server.documents.get_text_document(uri)
        place = text.position_from_client_units(position)
        for entry in _entries(text.source):
            if entry.line == place.line + 1 and entry.column <= place.character + 1 <= entry.end_column:
                rule = by_code_or_name(entry.text)
                if rule is not None:
                    return lsp.Hover(self._content(_page(rule)))
        return None

    def _told(self, value: ValueAt, places: Places) -> str:
        return "\n\n*or*\n\n".join(_known(one, places) for one in value.known)

    def _content(self, text: str) -> lsp.MarkupContent:
        """The text, as Markdown where the client shows that."""
        features = self._session.server.client_capabilities.text_document
        hover = features.hover if features is not None else None
        formats = (hover.content_format if hover is not None else None) or ()
        kind = lsp.MarkupKind.Markdown if lsp.MarkupKind.Markdown in formats else lsp.MarkupKind.PlainText
        return lsp.MarkupContent(
            kind, text if kind is lsp.MarkupKind.Markdown else text.replace("**", "").replace("*or*", "or")
        )


def _entries(text: str) -> Iterator[Entry]:
    return (entry for comment in find(text).comments for entry in comment.listed or ())


def _page(rule: Rule) -> str:
    title, _, rest = rule.page.partition("\n")
    return f"**{title}**\n{rest}"


def _known(one: Known, places: Places) -> str:
    """One alternative, with the way of its numbers."""
    lines = [f"**{_literal(one.text)}**"]
    lines += [
        f"- {_literal(places.text(f'{step.span.path}:{step.span.line}'))}  {_literal(step.message)}"
        for step in one.steps
    ]
    return "\n".join([lines[0], "", *lines[1:]]) if one.steps else lines[0]


def _literal(text: str) -> str:
    """A text that Markdown shows as it is."""
    return "".join(f"\\{character}" if character in "\\`*_<>[]#" else character for character in text)
