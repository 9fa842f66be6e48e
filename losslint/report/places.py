"""Spans as other programs count them, and paths as they write them."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from losslint.finding import Span
from losslint.report.sources import Sources

_DRIVE = re.compile(r"[A-Za-z]:/")


def uri(path: str) -> tuple[str, bool]:
    """A path with `/` as part of a URI reference, percent-quoted, and whether it is relative."""
    raw = os.fsencode(path)
    if path.startswith("//"):  # a share of another machine
        return f"file:{quote(raw)}", False
    if path.startswith("/"):
        return f"file://{quote(raw)}", False
    if _DRIVE.match(path):
        return f"file:///{path[:2]}{quote(raw[2:])}", False
    return quote(raw), True


def byte_column(span: Span, sources: Sources, *, of_end: bool = False) -> int:
    """A column of the file on disk in bytes of UTF-8, from 1; that in code points where the line is not known."""
    row, column = (span.end_line, span.end_column) if of_end else (span.line, span.column)
    lines = sources.files.get(span.path, ())
    if not 1 <= row <= len(lines):
        return column
    before = lines[row - 1][: column - 1]
    return column - len(before) + len(before.encode("utf-8", "surrogatepass"))


def text_of(span: Span, sources: Sources) -> str:
    """What a span covers on disk, with `\\n` as line end; empty where the lines are not known."""
    lines = sources.files.get(span.path, ())
    if not 1 <= span.line <= span.end_line <= len(lines):
        return ""
    covered = list(lines[span.line - 1 : span.end_line])
    covered[-1] = covered[-1][: span.end_column - 1]
    covered[0] = covered[0][span.column - 1 :]
    return "\n".join(covered)
