"""A text that has changed in one place, parsed anew around that place alone: the other statements of the module stay what they were.

A module is the statements of its top level, one after the other. Those before and after the change are taken over, but for the
one next to it on either side: a comment or an `else` behind a statement belongs to it. Wherever that does not come out even there is no
answer, and the whole text is to be parsed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import libcst

from losslint.source.nesting import nesting

_DEPTH = 50
"""Brackets and blocks within one another, above which a text is left to a parser that is careful about the stack."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """A text with its tree, and the code of each statement of the top level, what stands before the statement included."""

    text: str
    module: libcst.Module
    codes: tuple[str, ...]
    before: int
    """How many characters stand before the first statement."""

    def around(self, text: str) -> Pieces | None:
        """The pieces of a text that differs from this one in one place; None where it has to be parsed as a whole."""
        same = _common(self.text, text)
        same_behind = min(_common_behind(self.text, text), min(len(self.text), len(text)) - same)
        ends = list(accumulate(self.codes, lambda end, code: end + len(code), initial=self.before))
        first = sum(end <= same for end in ends[1:]) - 1
        last = len(self.codes) - sum(len(self.text) - end <= same_behind for end in ends[:-1]) + 1
        if first < 1 or last <= first:
            return None
        last = min(last, len(self.codes))
        until = len(text) - (len(self.text) - ends[last]) if last < len(self.codes) else len(text)
        middle = _parsed(text[ends[first] : until], self.module)
        if middle is None or (last < len(self.codes) and middle.footer):
            return None
        return self._with(text, first, middle, last)

    def _with(self, text: str, first: int, middle: libcst.Module, last: int) -> Pieces | None:
        head, *rest = middle.body
        head = head.with_changes(leading_lines=[*middle.header, *head.leading_lines])
        body = [*self.module.body[:first], head, *rest, *self.module.body[last:]]
        is_end = last == len(self.codes)
        module = self.module.with_changes(body=body, footer=middle.footer if is_end else self.module.footer)
        codes = (*self.codes[:first], *(module.code_for_node(one) for one in (head, *rest)), *self.codes[last:])
        found = Pieces(text, module, codes, self.before)
        return found if found._is_whole() else None

    def _is_whole(self) -> bool:
        """True where the code of all pieces is the text."""
        footer = "".join(map(self.module.code_for_node, self.module.footer))
        return f"{self.text[: self.before]}{''.join(self.codes)}{footer}" == self.text


def pieces(text: str, module: libcst.Module) -> Pieces | None:
    """The pieces of a text and its tree; None where the tree is not that of just this text."""
    if not module.has_trailing_newline or not text.endswith("\n"):
        return None
    before = sum(len(module.code_for_node(line)) for line in module.header)
    found = Pieces(text, module, tuple(map(module.code_for_node, module.body)), before)
    return found if found._is_whole() else None


def _parsed(text: str, old: libcst.Module) -> libcst.Module | None:
    depth = nesting(text)
    if depth.excessive or depth.depth > _DEPTH or not text.endswith("\n"):
        return None
    try:
        found = libcst.parse_module(text, config=old.config_for_parsing)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of the native parser is no Exception
        return None
    return found if found.body else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many characters two texts have in common from their begin."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low


def _common_behind(one: str, other: str) -> int:
    """How many characters two texts have in common up to their end."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        same = one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]
        low, high = (middle, high) if same else (low, middle - 1)
    return low
