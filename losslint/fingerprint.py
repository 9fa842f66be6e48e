"""What makes a finding the same one after other lines were written: its rule, its file, its source line, and which of several.

Line numbers, columns and messages play no part, so that a finding keeps its fingerprint while the code around it moves. The
baseline and the reports for code hosts share this, and a stored fingerprint must stay valid: do not change what is hashed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from losslint.finding import Finding, Span

_LENGTH = 32


def fingerprint(code: str, path: str, source: str, occurrence: int) -> str:
    """32 hexadecimal digits for the finding of a rule in a file.

    `path` is relative with `/` where the result is to hold on other machines, `source` is the line on which the finding
    begins (blanks around it do not count), `occurrence` counts from 0 the findings that agree in all of these.
    """
    parts = "\0".join((code, path, source.strip(), str(occurrence)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def fingerprints(
    findings: Sequence[Finding],
    sources: Mapping[str, Sequence[str]],
    cells: Mapping[tuple[str, int], Sequence[str]],
) -> tuple[str, ...]:
    """A fingerprint for each finding, in the order given; no two are equal.

    `sources` are lines on disk by path, `cells` lines of notebook cells by path and number of the cell, as an outcome of the
    engine holds them. A line that is not there counts as empty.
    """
    found: dict[int, str] = {}
    seen: Counter[tuple[str, str, str]] = Counter()
    for index in sorted(range(len(findings)), key=lambda index: _position(findings[index].span)):
        finding = findings[index]
        key = finding.code, finding.span.path, source_line(finding.span, sources, cells).strip()
        found[index] = fingerprint(*key, seen[key])
        seen[key] += 1
    return tuple(found[index] for index in range(len(findings)))


def _position(span: Span) -> tuple[str, int, int, int, int]:
    return (span.path, span.line, span.column, span.end_line, span.end_column)


def source_line(
    span: Span,
    sources: Mapping[str, Sequence[str]],
    cells: Mapping[tuple[str, int], Sequence[str]],
) -> str:
    """The line on which a span begins, of its cell where it lies in a notebook; empty where it is not known."""
    if span.cell is not None:
        lines, number = cells.get((span.path, span.cell), ()), span.cell_line or 1
    else:
        lines, number = sources.get(span.path, ()), span.line
    return lines[number - 1] if 1 <= number <= len(lines) else ""
