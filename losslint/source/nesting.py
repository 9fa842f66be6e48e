"""How deep a text's syntax is nested, measured before anything recursive sees it.

The native parser recurses for each bracket and for each link of a chain of operators: without a bound, a hostile file
ends the process; and some shapes take it a time that is exponential in their depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BRACKETS = 200  # what CPython's own tokenizer allows
MAX_BRACKETS_IN_PATTERNS = 7  # each further one takes the parser about four times as long
MAX_CHAIN = 1_500
MAX_ELIFS = 20_000

_LONG_LINE = 200  # a line with fewer characters cannot hold a chain worth measuring
_STRING = r"""
    \"{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:\"{3})? | '{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'{3})?
    | "[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"? | '[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'?
"""
_STRINGS = rf"(?:(?<=[fFtT])|(?<=[fFtT][rR]))(?P<with_fields>{_STRING}) | {_STRING}"
# One of the alternatives fits wherever the run before it ends: the match never goes back, and time is linear.
_LEXEME = re.compile(
    rf"""[^()\[\]{{}}\r\n\#\\"']* (?: (?P<open>[(\[{{]) | (?P<close>[)\]}}]) | (?P<line_end>\r\n?|\n)
    | \#[^\r\n]* | \\(?:\r\n|.)? | {_STRINGS} | \Z )""",
    re.DOTALL | re.VERBOSE,
)
_LINK = re.compile(
    rf"[()\[\]{{}},] | \#[^\r\n]* | [-+*/%@&|^~<>=!:] | \.(?=\s*[^\W\d]) | {_STRINGS}"
    r"| \b(?:and|or|not|if|lambda|for|await|in|is|yield)\b",
    re.DOTALL | re.VERBOSE,
)
_PATTERN = re.compile(r"[ \t\f]*(?:case\b(?![ \t]*[=.,:)])|del\b)")


@dataclass(frozen=True, slots=True)
class Nesting:
    """The depth of a text: some levels at most, and whether that is `excessive`, more than can be parsed."""

    depth: int
    excessive: bool


def nesting(text: str) -> Nesting:
    """Measure a text. The depth may come out too high; a little too low only where strings stand within strings' fields."""
    depth = 0
    for start, end, brackets in _demanding_lines(text, 0, len(text)):
        chain = _longest_chain(text, start, end) if end - start > _LONG_LINE else 0
        depth = max(depth, brackets, chain)
        if brackets > MAX_BRACKETS or chain > MAX_CHAIN:
            return Nesting(depth, excessive=True)
        if brackets > MAX_BRACKETS_IN_PATTERNS and _PATTERN.match(text, start):
            return Nesting(depth, excessive=True)
    elifs = text.count("elif")
    return Nesting(depth + elifs, excessive=elifs > MAX_ELIFS)


def _demanding_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Start, end and depth of brackets of each logical line that is long or deep; a logical line goes on while brackets
    are open."""
    depth = deepest = 0
    for match in _LEXEME.finditer(text, start, end):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            if depth > deepest:
                deepest = depth
        elif kind == "close":
            depth = depth - 1 if depth else 0
        elif kind == "line_end":
            if not depth:
                if deepest > MAX_BRACKETS_IN_PATTERNS or match.end() - start > _LONG_LINE:
                    yield start, match.end(), deepest
                start, deepest = match.end(), 0
        elif kind == "with_fields":
            within = _demanding_lines(text, match.start(kind) + 1, match.end() - 1)
            deepest = max(deepest, depth + max(brackets for _, _, brackets in within))
    yield start, end, deepest


def _longest_chain(text: str, start: int, end: int) -> int:
    """The greatest number of operators, brackets and adjoining strings that can stand above one another in a tree.

    Commas end a chain: what stands between two of them is nested in the bracket around it, not in its neighbours.
    """
    counts = [0]
    total = longest = 0
    for match in _LINK.finditer(text, start, end):
        link = text[match.start()]
        if link in "([{":
            counts[-1] += 1
            counts.append(0)
            total += 1
        elif link in ")]}":
            if len(counts) > 1:
                total -= counts.pop()
        elif link == ",":
            total -= counts[-1]
            counts[-1] = 0
        elif link != "#":
            counts[-1] += 1
            total += 1
            within = _longest_chain(text, match.start() + 1, match.end() - 1) if match.lastgroup else 0
            longest = max(longest, total + within)
        longest = max(longest, total)
    return longest
