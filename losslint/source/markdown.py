"""Blocks of code in Markdown: fences, as CommonMark, MyST and Quarto write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt

from losslint.source.block import Block, is_python, language_of

_NESTED = 8  # directives within directives that are looked into
_BRACED = re.compile(r"\{\s*\.?([\w:+-]+)[^}]*\}?\s*(\S*)")
_CODE_DIRECTIVES = {
    "code": "text", "code-block": "text", "code-cell": "python", "jupyter-execute": "python", "sourcecode": "text",
    "testcode": "python",
}  # fmt: skip
"""Directives that hold code, and the language where they name none."""


def blocks(lines: Sequence[str]) -> list[Block]:
    """All fenced blocks of a document, whatever their language, also those within MyST's directives."""
    parser = MarkdownIt("commonmark", {"maxNesting": 100})
    parser.core.ruler.enableOnly(["normalize", "block"])
    return list(_blocks(parser, "\n".join(lines), 0, 0))


def _blocks(parser: MarkdownIt, text: str, first: int, depth: int) -> Iterator[Block]:
    for token in parser.parse(text):
        if token.type != "fence" or token.map is None:
            continue
        begin = first + token.map[0] + 1
        content = token.content.removesuffix("\n")
        directive, language = _meaning(token.info.strip())
        if language:
            yield Block(
                language, begin, tuple(content.split("\n")) if token.content else (), has_options=bool(directive)
            )
        elif directive and depth < _NESTED:
            yield from _blocks(parser, content, begin, depth + 1)


def _meaning(info: str) -> tuple[str, str]:
    """The directive and the language that the words after a fence name; no language for directives that hold text."""
    braced = _BRACED.match(info)
    if braced is None:
        return "", language_of(info)
    name, argument = braced.group(1).lower(), braced.group(2)
    if name in _CODE_DIRECTIVES:
        return name, language_of(argument) or _CODE_DIRECTIVES[name]
    return ("", name) if is_python(name) else (name, "")
