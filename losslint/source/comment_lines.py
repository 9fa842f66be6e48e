"""Where a comment may be written in a Python text: not within a string of several lines, nor before a line that goes on by a backslash."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass

_LINE_END = re.compile(r"\r\n?|\n")
_BEGIN_STRING = {getattr(tokenize, name) for name in ("FSTRING_START", "TSTRING_START") if hasattr(tokenize, name)}
_END_STRING = {getattr(tokenize, name) for name in ("FSTRING_END", "TSTRING_END") if hasattr(tokenize, name)}
_LINE_IS_OVER = {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}


@dataclass(frozen=True, slots=True)
class CommentLines:
    """Lines of a text, from 1: those at whose end no comment can stand, and the last line of each statement that has several."""

    barred: frozenset[int]
    last: dict[int, int]

    def best(self, first: int, last: int) -> int:
        """The line for a comment on what stands on these lines: the first or the last of them, or that on which the statement ends."""
        return next((line for line in (first, last) if line not in self.barred), self.last.get(last, last))


def comment_lines(text: str) -> CommentLines | None:
    """Where comments may stand in a text; None where it has no tokens."""
    try:
        # with a line end of its own the last statement always ends in a token
        tokens = list(tokenize.generate_tokens(io.StringIO(_LINE_END.sub("\n", text) + "\n").readline))
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if any(token.type == tokenize.ERRORTOKEN and token.string.strip() for token in tokens):
        return None
    barred: set[int] = set()
    last: dict[int, int] = {}
    begun: int | None = None
    strings: list[int] = []
    before: tokenize.TokenInfo | None = None
    for token in tokens:
        if before is not None and before.type not in _LINE_IS_OVER:
            barred.update(range(before.end[0], token.start[0]))
        if token.type in _BEGIN_STRING:
            strings.append(token.start[0])
        elif token.type in _END_STRING:
            barred.update(range(strings.pop(), token.end[0]))
        barred.update(range(token.start[0], token.end[0]) if token.type == tokenize.STRING else ())
        if token.type == tokenize.NEWLINE:
            last.update(dict.fromkeys(range(begun or token.start[0], token.start[0]), token.start[0]))
            begun = None
        elif begun is None and token.type not in _LINE_IS_OVER:
            begun = token.start[0]
        before = token
    return CommentLines(frozenset(barred), last)
