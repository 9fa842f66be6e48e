"""`--add-noqa`: a comment for each finding, on a line where it counts, so that the findings stand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from losslint.engine.splicing import EditError, page, sound, spliced
from losslint.engine.writing import Change, real, write_together
from losslint.finding import Edit, Finding, Problem
from losslint.source.comment_lines import CommentLines, comment_lines
from losslint.source.document import Document, read
from losslint.source.suppress import Comment, Suppressions, find
from losslint.source.tree import readable

_LINE_END = re.compile(r"\r\n?|\n")
_UNFIT = re.compile(r"[#\x00-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Noted:
    """How many findings got a comment, and the files that were changed for it."""

    findings: int
    changes: tuple[Change, ...]


def is_fit(reason: str) -> bool:
    """True for a text that may stand in a comment and begins no other."""
    return bool(reason.strip()) and _UNFIT.search(reason) is None


def add_noqa(findings: Iterable[Finding], reason: str = "") -> Noted:
    """Write `# noqa` with the codes of these findings on their lines: all of them, or none.

    Raises EditError where a finding has no line for it, and WriteError where a file cannot be written.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.span.path, []).append(finding)
    changes = [_change(path, of_file, reason) for path, of_file in sorted(by_path.items())]
    write_together(changes)
    return Noted(sum(map(len, by_path.values())), tuple(changes))


def _change(path: str, findings: Sequence[Finding], reason: str) -> Change:
    document = read(Path(os.path.abspath(path)), path)
    if isinstance(document, Problem):
        raise EditError(f"{path} {document.reason}")
    return commented(document, findings, reason)


def commented(document: Document, findings: Sequence[Finding], reason: str = "") -> Change:
    """What comments for findings of a document make of it; nothing is written. Raises EditError where a finding has no line for it."""
    path = document.path
    text = readable(document)
    lines = comment_lines(text)
    if lines is None:
        raise EditError(f"{path} has no place for comments: it is not sound Python")
    ready = page(document)
    edits = _edits(document, text, _codes(document, findings, lines), reason)
    data = spliced(ready, [ready.splice(edit) for edit in edits])
    found = find(readable(sound(document, data)))
    for finding in findings:
        if not _is_kept_back(finding, document, found):
            raise EditError(f"{path}:{finding.span.line}: no comment can be written for {finding.code} there")
    return Change(path, real(document.file), document.data, data, document.encoding)


def _is_kept_back(finding: Finding, document: Document, found: Suppressions) -> bool:
    lines = document.text_lines(finding.span)
    return found.matching((lines.start, lines.stop - 1), finding.code, finding.name) is not None


def _codes(document: Document, findings: Iterable[Finding], lines: CommentLines) -> dict[int, list[str]]:
    """The codes to write, by the line for them."""
    codes: dict[int, set[str]] = {}
    for finding in findings:
        touched = document.text_lines(finding.span)
        codes.setdefault(lines.best(touched.start, touched.stop - 1), set()).add(finding.code)
    return {line: sorted(found) for line, found in codes.items()}


def _edits(document: Document, text: str, codes: Mapping[int, list[str]], reason: str) -> list[Edit]:
    """One edit for each line that gets codes."""
    written = _LINE_END.split(text)
    lists: dict[int, Comment] = {}
    for comment in find(text).comments:
        if comment.is_noqa and comment.listed:
            lists.setdefault(comment.line, comment)
    return [_edit(document, line, written[line - 1], (its, reason, lists.get(line))) for line, its in codes.items()]


def _edit(document: Document, number: int, line: str, what: tuple[list[str], str, Comment | None]) -> Edit:
    """An edit that puts codes at the end of a line, or into the list that is there."""
    codes, reason, comment = what
    said = f" - {reason.strip()}" if reason else ""
    if comment is None:
        start = len(line.rstrip())
        content = f"  # noqa: {', '.join(codes)}{said}"
        return Edit(document.span((number, start + 1), (number, len(line) + 1)), content)
    end = comment.end_column
    rest = line[end - 1 :].strip()
    content = "".join(f", {code}" for code in codes) + (said if not rest or rest.startswith("#") else "")
    return Edit(document.span((number, end), (number, end)), content)
