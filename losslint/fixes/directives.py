"""Taking directives, or some of their codes, out of comments."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from losslint.finding import Edit, Fix
from losslint.fixes.code import RefusedError
from losslint.names.project import Unit
from losslint.remedy import RemoveDirective
from losslint.source.document import Document
from losslint.source.suppress import Comment, Entry, find
from losslint.source.tree import readable

_BEFORE_REST = re.compile(r"[\s:;,.\-\u2013\u2014]*")
_LINE_END = re.compile(r"\r\n?|\n")


def remove_directive(remedy: RemoveDirective) -> Fix:
    """The fix that removes entries, the directive, or the comment, as much as nothing is left of. Raises RefusedError."""
    unit, comment = remedy.site.module, remedy.comment
    document = unit.document if isinstance(unit, Unit) else None
    if not isinstance(document, Document):
        raise RefusedError("the file cannot be read")
    lines = _LINE_END.split(readable(document))
    line = lines[comment.line - 1]
    left = [entry for entry in comment.listed or () if entry not in remedy.entries]
    changed = _with_entries(line, comment, left) if left else _without(line, comment)
    _check_others(lines, remedy, changed)
    said = f"remove {', '.join(entry.text for entry in remedy.entries)}" if left else "remove the directive"
    return Fix(remedy.applicability, said, (_edit(document, comment.line, line, changed),))


def _with_entries(line: str, comment: Comment, left: list[Entry]) -> str:
    """The line with these entries alone, each but the first with what separates it from the one before it."""
    listed = comment.listed or ()
    texts = [left[0].text]
    for before, entry in pairwise(listed):
        if entry in left[1:]:
            texts.append(line[before.end_column - 1 : entry.end_column - 1])
    return line[: listed[0].column - 1] + "".join(texts) + line[listed[-1].end_column - 1 :]


def _without(line: str, comment: Comment) -> str:
    """The line without the directive; what else its comment says stays a comment."""
    before, rest = line[: comment.column - 1], line[comment.end_column - 1 :]
    rest = rest[_end(_BEFORE_REST, rest) :]
    if not rest:
        return before.rstrip()
    return before + (rest if rest.startswith("#") else f"# {rest}")


def _end(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text)
    return found.end() if found else 0


def _check_others(lines: list[str], remedy: RemoveDirective, changed: str) -> None:
    """Refuse where what is left would be a directive that was none, or would no longer be one."""
    comment = remedy.comment
    text = "\n".join([*lines[: comment.line - 1], changed, *lines[comment.line :]])
    wanted = Counter((one.line, one.entries) for one in find("\n".join(lines)).comments if one != comment)
    left = tuple(entry.text for entry in comment.listed or () if entry not in remedy.entries)
    if left:
        wanted[comment.line, left] += 1
    if Counter((one.line, one.entries) for one in find(text).comments) != wanted:
        raise RefusedError("the rest of the comment would read as another directive")


def _edit(document: Document, number: int, line: str, changed: str) -> Edit:
    kept = len(_common(line, changed))
    tail = len(_common(line[kept:][::-1], changed[kept:][::-1]))
    if not changed.strip() and not (document.is_notebook and document.text.count("\n") == number):
        return Edit(document.span((number, 1), (number + 1, 1)), "")
    span = document.span((number, kept + 1), (number, len(line) - tail + 1))
    return Edit(span, changed[kept : len(changed) - tail])


def _common(one: str, other: str) -> str:
    """The longest text with which both begin."""
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return one[:index]
    return min(one, other, key=len)
