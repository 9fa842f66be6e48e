"""Comments by which users let a finding stand: `# noqa`, `# losslint: ignore[...]` and `# losslint: skip-file`."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_DIRECTIVE = re.compile(
    r"\#\s*(?:[nN][oO][qQ][aA](?![\w-])(?P<noqa>\s*:\s*)?"
    r"|losslint\s*:\s*(?:(?P<skip>skip-file)(?![\w-])|ignore(?![\w-])(?:\s*\[(?P<entries>[^\]]*)\])?))"
)
_ENTRY = re.compile(r"[A-Za-z]{1,5}[0-9]{1,6}\b|[A-Z]{1,5}\b(?!-)|[a-z]+(?:-[a-z0-9]+)+")
_SEPARATOR = re.compile(r"[\s,]+")
_WORD = re.compile(r"[^\s,]+")
_LINE_END = re.compile(r"\r\n?|\n")
_OURS = re.compile(rb"losslint|(?i:noqa)[^\n\r]*(?:[lL][lL]|-)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A code, prefix of codes, or name of a rule in a directive, and where it stands (all 1-based, end exclusive)."""

    text: str
    line: int
    column: int
    end_column: int

    def allows(self, code: str, name: str) -> bool:
        """True where a finding of this rule may stand."""
        return self.text == name or code.startswith(self.text.upper())


@dataclass(frozen=True, slots=True)
class Comment:
    """One directive: where it stands in the text (all 1-based, end exclusive), which lines it is for, and what it allows.

    `listed` are its codes and names; None allows everything. `is_noqa` tells the form that other linters read as well.
    """

    line: int
    column: int
    end_column: int
    lines: range
    listed: tuple[Entry, ...] | None
    is_noqa: bool = False

    @property
    def entries(self) -> tuple[str, ...] | None:
        """The codes and names as they are written."""
        return None if self.listed is None else tuple(entry.text for entry in self.listed)

    def allows(self, code: str, name: str) -> bool:
        """True where a finding of this rule may stand."""
        return self.listed is None or any(entry.allows(code, name) for entry in self.listed)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The directives of one text, by the text's own lines, and whether it is to be skipped whole."""

    comments: tuple[Comment, ...] = ()
    skip_file: bool = False

    def allows(self, line: int, code: str, name: str) -> bool:
        """True where a comment lets a finding of this rule on this line stand."""
        return self.matching((line,), code, name) is not None

    def matching(self, lines: Iterable[int], code: str, name: str) -> int | None:
        """The line of the first comment that lets a finding on one of these lines stand."""
        return next((comment.line for comment in self.allowing(lines, code, name)), None)

    def allowing(self, lines: Iterable[int], code: str, name: str) -> Iterator[Comment]:
        """The comments that let a finding on one of these lines stand."""
        wanted = tuple(lines)
        for comment in self.comments:
            if comment.allows(code, name) and any(line in comment.lines for line in wanted):
                yield comment


def may_hold(data: bytes) -> bool:
    """False for the bytes of a file that certainly holds no directive; a quick look."""
    return b"losslint" in data or b"noqa" in data.lower()


def may_name(data: bytes) -> bool:
    """False for the bytes of a file that certainly holds no directive of ours, and names none of our rules; a quick look."""
    return _OURS.search(data) is not None


def find(text: str) -> Suppressions:
    """The directives in the comments of a Python text, which need not parse.

    On the first or the last line of a statement, or of the head of a block, a comment is for all lines of it.
    """
    lowered = text.lower()
    if "noqa" not in lowered and "losslint" not in lowered:
        return Suppressions()
    comments = []
    skip_file = False
    for comment in _comments(_LINE_END.sub("\n", text) + "\n"):
        for directive in _DIRECTIVE.finditer(comment.text):
            if directive.group("skip"):
                skip_file = skip_file or comment.alone
            else:
                comments.append(_as_comment(comment, directive))
    return Suppressions(tuple(comments), skip_file)


@dataclass(frozen=True, slots=True)
class _Found:
    """A comment of the text; `statement` are the lines of the statement that it stands in or after."""

    text: str
    line: int
    column: int
    alone: bool
    statement: range


def _as_comment(found: _Found, directive: re.Match[str]) -> Comment:
    entries: tuple[Entry, ...] | None = None
    end = directive.end()
    if directive.group("noqa") is not None:
        entries, end = _leading_entries(found, end)
    elif directive.group("entries") is not None:
        start = directive.start("entries")
        words = _WORD.finditer(directive.group("entries"))
        entries = tuple(_entry(found, word.group(), start + word.start()) for word in words)
    statement = found.statement
    at_its_edge = found.line in (statement.start, statement.stop - 1)
    lines = statement if at_its_edge else range(found.line, found.line + 1)
    is_noqa = not directive.group().partition("#")[2].lstrip().startswith("losslint")
    return Comment(found.line, found.column + directive.start(), found.column + end, lines, entries, is_noqa)


def _entry(found: _Found, text: str, start: int) -> Entry:
    return Entry(text, found.line, found.column + start, found.column + start + len(text))


def _leading_entries(found: _Found, start: int) -> tuple[tuple[Entry, ...] | None, int]:
    """The codes after `noqa:` and where they end; None where there are none, so that all is allowed, as elsewhere."""
    entries = []
    end, position = start, start
    while entry := _ENTRY.match(found.text, position):
        entries.append(_entry(found, entry.group(), position))
        end = entry.end()
        separator = _SEPARATOR.match(found.text, end)
        if separator is None:
            break
        position = separator.end()
    return (tuple(entries), end) if entries else (None, start)


def _comments(text: str) -> Iterator[_Found]:
    try:
        return iter(list(_tokenized_comments(text)))
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, MemoryError):
        return _scanned_comments(text)


def _tokenized_comments(text: str) -> Iterator[_Found]:
    pending: list[tokenize.TokenInfo] = []
    start: int | None = None
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            pending.append(token)
        elif token.type == tokenize.NEWLINE:
            yield from _placed(pending, range(start or token.start[0], token.start[0] + 1))
            pending, start = [], None
        elif start is None and token.type == tokenize.NL:
            yield from _placed(pending, None)
            pending = []
        elif start is None and token.type not in (tokenize.INDENT, tokenize.DEDENT, tokenize.NL):
            start = token.start[0]
    yield from _placed(pending, None)


def _placed(tokens: list[tokenize.TokenInfo], statement: range | None) -> Iterator[_Found]:
    for token in tokens:
        line, column = token.start
        alone = not token.line[:column].strip()
        yield _Found(token.string, line, column + 1, alone, statement or range(line, line + 1))


def _scanned_comments(text: str) -> Iterator[_Found]:
    """Comments of a text that has no tokens: what stands after the last mark of each line that holds a directive."""
    for number, line in enumerate(text.split("\n"), start=1):
        directive = _DIRECTIVE.search(line)
        if directive:
            alone = not line[: directive.start()].strip()
            yield _Found(line[directive.start() :], number, directive.start() + 1, alone, range(number, number + 1))
