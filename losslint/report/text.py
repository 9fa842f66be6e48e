"""Findings for people: in full with the source around them, or one line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from losslint.finding import Applicability, Finding, Severity, Span
from losslint.report.cells import clip, lay_out
from losslint.report.report import Report, advice, in_cell, said
from losslint.report.sources import Sources
from losslint.report.style import Style

_SHOWN_LINES = 4


def place(span: Span, sources: Sources) -> str:
    """Where a span begins, as editors and terminals read it."""
    line, column = sources.start(span)
    cell = "" if span.cell is None else f"cell {span.cell}:"
    return f"{clean(span.path)}:{cell}{line}:{column}"


def head(finding: Finding, style: Style) -> str:
    """Severity and code."""
    return style.severity(f"{finding.severity.value}[{finding.code}]", finding.severity)


def concise(finding: Finding, sources: Sources, style: Style) -> str:
    """One line."""
    return f"{style.bold(place(finding.span, sources))}: {head(finding, style)} {_said(finding)}"


def full(finding: Finding, sources: Sources, style: Style) -> str:
    """The finding with its source, the way of the value, notes, and what to do."""
    numbered = _excerpt(finding.span, sources)
    indent = " " * max((len(str(number)) for number, _ in numbered), default=1)
    parts = [
        f"{head(finding, style)} {style.bold(f'{finding.name}: {_said(finding)}')}",
        f"{indent}{style.frame('-->')} {place(finding.span, sources)}",
    ]
    if numbered:
        parts.append(f"{indent} {style.frame('|')}")
        parts += _frame(finding, numbered, sources, style)
    mark = f"{indent} {style.frame('=')} "
    parts += [mark + line for line in (*_trace(finding, sources), *map(clean, finding.notes))]
    parts += [f"{indent}{style.bold(word)}: {clean(text)}" for word, text in advice(finding)]
    return "\n".join(parts)


def write_full(report: Report) -> str:
    """All findings in full, and a summary."""
    shown = (full(one, report.sources, report.style) for one in report.findings)
    return "\n\n".join([*shown, _summary(report)])


def write_concise(report: Report) -> str:
    """One line for each finding, and a summary."""
    shown = (concise(one, report.sources, report.style) for one in report.findings)
    return "\n".join([*shown, _summary(report)])


def write_grouped(report: Report) -> str:
    """The findings below the names of their files, and a summary."""
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_file.setdefault(finding.span.path, []).append(finding)
    parts = []
    for path, found in by_file.items():
        places = [place(one.span, report.sources).removeprefix(f"{clean(path)}:") for one in found]
        width = max(map(len, places))
        lines = (
            f"  {where.ljust(width)}  {head(one, report.style)} {_said(one)}"
            for where, one in zip(places, found, strict=True)
        )
        parts.append("\n".join([f"{report.style.bold(clean(path))}:", *lines]))
    return "\n\n".join([*parts, _summary(report)])


def write_pylint(report: Report) -> str:
    """One line for each finding, in pylint's form."""
    return "\n".join(
        f"{clean(one.span.path)}:{one.span.line}: [{one.code}({one.name})] {_said(one)}{in_cell(one.span)}"
        for one in report.findings
    )


def write_statistics(report: Report) -> str:
    """How often each rule spoke, and a summary."""
    rows = [(str(count).rjust(5), code, name) for count, code, name in statistics(report.findings)]
    return "\n".join([*([table(rows)] if rows else []), _summary(report)])


def _summary(report: Report) -> str:
    return summary(report.findings, report.files, report.files - report.read, report.style)


def summary(findings: Sequence[Finding], files: int, unread: int, style: Style) -> str:
    """The last line: what was found in how many files, and how many could not be read."""
    left = f" {_count(unread, 'file')} could not be read." if unread else ""
    read = files - unread
    if findings:
        counts = {severity: sum(one.severity is severity for one in findings) for severity in Severity}
        named = [_count(number, severity.value) for severity, number in counts.items() if number]
        return style.bold(f"Found {', '.join(named)} in {_count(read, 'file')}.{left}")
    if not files:
        return "No files to check."
    if not read:
        return f"None of {_count(files, 'file')} could be read."
    return style.good("1 file clean." if read == 1 else f"All {read} files clean.") + left


def fixable(findings: Sequence[Finding], unsafe: bool | None) -> str:
    """How many findings can be fixed and by which options; nothing where none can.

    `unsafe` says whether unsafe fixes are wanted; only who has not said so is told of them.
    """
    ready = Counter(one.fix.applicability for one in findings if one.fix is not None and one.fix.edits)
    safe, more = ready[Applicability.SAFE], ready[Applicability.UNSAFE]
    if unsafe:
        return f"{safe + more} fixable with --fix --unsafe-fixes." if safe + more else ""
    if unsafe is False or not more:
        return f"{safe} fixable with --fix." if safe else ""
    return (
        f"{safe} fixable with --fix, {more} more with --unsafe-fixes."
        if safe
        else f"{more} fixable with --fix --unsafe-fixes."
    )


def fixed(count: int, remaining: int) -> str:
    """How many findings are gone, and how many are not."""
    return f"Fixed {_count(count, 'finding')} ({remaining} remaining)."


def statistics(findings: Iterable[Finding]) -> list[tuple[int, str, str]]:
    """How often each rule spoke: (count, code, name), the most frequent first."""
    counts: dict[tuple[str, str], int] = {}
    for finding in findings:
        key = finding.code, finding.name
        counts[key] = counts.get(key, 0) + 1
    return sorted(((count, code, name) for (code, name), count in counts.items()), key=lambda row: (-row[0], row[1]))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns two spaces apart, the last one ragged."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def clean(text: str) -> str:
    """Text without characters that would break the line or steer the terminal."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def _said(finding: Finding) -> str:
    return clean(said(finding))


def _trace(finding: Finding, sources: Sources) -> list[str]:
    places = [place(step.span, sources) for step in finding.trace]
    width = max(map(len, places), default=0)
    return [f"{where.ljust(width)}  {clean(step.message)}" for where, step in zip(places, finding.trace, strict=True)]


def _excerpt(span: Span, sources: Sources) -> list[tuple[int, str]]:
    """The lines that a span covers, numbered; the middle of a long span is left out."""
    lines = sources.lines(span)
    first, (last, end_column) = sources.start(span)[0], sources.end(span)
    if last > first and end_column <= 1:
        last -= 1
    wanted = list(range(first, min(last, len(lines)) + 1))
    if len(wanted) > _SHOWN_LINES:
        wanted = [*wanted[: _SHOWN_LINES - 1], wanted[-1]]
    return [(number, lines[number - 1]) for number in wanted if number >= 1]


def _frame(finding: Finding, numbered: Sequence[tuple[int, str]], sources: Sources, style: Style) -> list[str]:
    """The numbered lines with carets under what the span covers, and the label after the last of them."""
    start, end = sources.start(finding.span), sources.end(finding.span)
    width = max(len(str(number)) for number, _ in numbered)
    bar = style.frame("|")
    parts: list[str] = []
    previous = numbered[0][0]
    for number, source in numbered:
        line = lay_out(source)
        first = line.cell(start[1]) if number == start[0] else line.begin
        last = line.cell(end[1]) if number == end[0] else line.starts[-1]
        text, first, last = clip(line, first, last)
        carets = style.severity("^" * max(last - first, 1), finding.severity)
        if number > previous + 1:
            parts.append(style.frame("..."))
        parts.append(f"{style.frame(str(number).rjust(width))} {bar} {text}".rstrip())
        parts.append(f"{' ' * width} {bar} {' ' * first}{carets}")
        previous = number
    if finding.label:
        parts[-1] += " " + style.severity(clean(finding.label), finding.severity)
    return parts


def _count(number: int, noun: str) -> str:
    plural = noun if number == 1 or noun == Severity.ADVICE.value else f"{noun}s"
    return f"{number} {plural}"
