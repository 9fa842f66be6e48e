"""What a person found out about each error finding, and how a run compares with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wild.pins import Pin
from wild.scan import Scan, Seen
from wild.table import read_rows, write_rows

VERDICTS = Path(__file__).parent / "verdicts.tsv"
COLUMNS = ("package", "version", "file", "line", "column", "code", "certainty", "verdict", "why")
RIGHT, WRONG, UNCLEAR, OPEN = "right", "wrong", "unclear", "open"
DECISIONS = (RIGHT, WRONG, UNCLEAR, OPEN)

Place = tuple[str, str, str, int, int, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One error finding of a pinned package and whether it is true."""

    package: str
    version: str
    file: str
    line: int
    column: int
    code: str
    certainty: str
    verdict: str
    why: str

    @property
    def place(self) -> Place:
        """What makes it the same finding in another run. The certainty may change."""
        return (self.package, self.version, self.file, self.line, self.column, self.code)

    def row(self) -> tuple[str, ...]:
        """As it stands in the list."""
        return (*self.place[:3], str(self.line), str(self.column), self.code, self.certainty, self.verdict, self.why)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against the list."""

    known: tuple[Verdict, ...]
    new: tuple[Verdict, ...]
    """Found, but not in the list: rows for it, still open."""
    vanished: tuple[Verdict, ...]
    """In the list, but not found."""
    changed: tuple[tuple[Verdict, Verdict], ...]
    """The same finding with another certainty: as listed, as found."""

    @property
    def open(self) -> tuple[Verdict, ...]:
        """Findings that nobody has judged."""
        return tuple(one for one in self.known if one.verdict == OPEN)

    @property
    def is_clean(self) -> bool:
        """Whether the run says what the list says, and all of it is judged."""
        return not (self.new or self.vanished or self.changed or self.open)


def read_verdicts(path: Path = VERDICTS) -> list[Verdict]:
    """The list, in its order."""
    return [_verdict(row) for row in read_rows(path, COLUMNS)]


def write_verdicts(verdicts: Iterable[Verdict], path: Path = VERDICTS) -> None:
    """Write the list, sorted."""
    write_rows(path, COLUMNS, (one.row() for one in sorted(verdicts, key=lambda one: (one.place, one.row()))))


def compare(scans: Sequence[Scan], listed: Iterable[Verdict]) -> Comparison:
    """What the runs found against the rows of the same packages. A run that failed says nothing either way."""
    judged = {(one.package, one.version) for one in scans if one.failure is None}
    waiting: dict[Place, list[Verdict]] = defaultdict(list)
    for one in listed:
        if (one.package, one.version) in judged:
            waiting[one.place].append(one)
    known, new, changed = [], [], []
    for found in (opened(scan, seen) for scan in scans for seen in scan.errors):
        if not waiting[found.place]:
            new.append(found)
            continue
        row = _take(waiting[found.place], found.certainty)
        known.append(row)
        if row.certainty != found.certainty:
            changed.append((row, replace(row, certainty=found.certainty)))
    vanished = [one for rows in waiting.values() for one in rows]
    return Comparison(tuple(known), tuple(new), tuple(vanished), tuple(changed))


def updated(listed: Iterable[Verdict], compared: Comparison, pins: Iterable[Pin]) -> list[Verdict]:
    """The list brought up to date: verdicts that still stand are kept, new findings are open, what vanished is dropped.

    Rows of packages that are no longer pinned go too.
    """
    pinned = {(pin.package, pin.version) for pin in pins}
    remaining = [one for one in listed if (one.package, one.version) in pinned]
    for gone in compared.vanished:
        if gone in remaining:
            remaining.remove(gone)
    for before, after in compared.changed:
        remaining[remaining.index(before)] = after
    return [*remaining, *compared.new]


def opened(scan: Scan, seen: Seen) -> Verdict:
    """The row of a finding that is still to be judged, with losslint's words as a start."""
    words = " ".join(seen.message.split())
    return Verdict(
        scan.package, scan.version, seen.file, seen.line, seen.column, seen.code, seen.certainty, OPEN, words
    )


def _take(rows: list[Verdict], certainty: str) -> Verdict:
    """Take the row that fits best off the rows of one place."""
    alike = [at for at, one in enumerate(rows) if one.certainty == certainty]
    return rows.pop(alike[0] if alike else 0)


def _verdict(row: tuple[str, ...]) -> Verdict:
    package, version, file, line, column, code, certainty, verdict, why = row
    if verdict not in DECISIONS:
        raise ValueError(f"{package}: {file}:{line}: no such verdict: {verdict}")
    return Verdict(package, version, file, int(line), int(column), code, certainty, verdict, why)
