"""What a run prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from wild.scan import Scan
from wild.verdicts import RIGHT, UNCLEAR, WRONG, Comparison, Verdict


def package_line(scan: Scan) -> str:
    """One package: files, seconds, findings by severity."""
    counts: Counter[str] = Counter()
    for (severity, _), count in scan.others.items():
        counts[severity] += count
    found = f"{len(scan.errors):4} error {counts['warning']:4} warning {counts['advice']:4} advice"
    name = f"{scan.package} {scan.version}"
    return f"{name:45} {scan.files:5} files {scan.seconds:6.1f} s  {scan.failure or found}"


def lines(scans: Sequence[Scan], compared: Comparison) -> Iterator[str]:
    """The totals, and each difference from the list."""
    yield ""
    yield from _totals(scans, compared)
    yield ""
    yield from _others(scans)
    yield from _named("new", compared.new)
    yield from _named("vanished", compared.vanished)
    yield from _named("open", compared.open)
    for before, after in compared.changed:
        yield f"changed: {where(after)} was {before.certainty}"
    for scan in scans:
        if scan.failure is not None:
            yield f"failed: {scan.package} {scan.version}: {scan.failure}"


def where(one: Verdict) -> str:
    """A finding in one line."""
    return f"{one.package} {one.version} {one.file}:{one.line}:{one.column} {one.code} {one.certainty}: {one.why}"


def _totals(scans: Sequence[Scan], compared: Comparison) -> Iterator[str]:
    files, errors = sum(scan.files for scan in scans), sum(len(scan.errors) for scan in scans)
    yield f"{len(scans)} packages, {files} files, {sum(scan.seconds for scan in scans):.0f} s"
    yield f"error findings: {errors} ({1000 * errors / max(files, 1):.2f} in 1,000 files)"
    for title, certainties in (("all", ("certain", "likely")), ("certain", ("certain",)), ("likely", ("likely",))):
        verdicts = Counter(one.verdict for one in compared.known if one.certainty in certainties)
        right, wrong = verdicts[RIGHT], verdicts[WRONG]
        share = f"{100 * right / (right + wrong):.1f} %" if right + wrong else "none decided"
        yield f"  {title:8} right {right:4}  wrong {wrong:4}  unclear {verdicts[UNCLEAR]:4}  right of decided: {share}"


def _others(scans: Sequence[Scan]) -> Iterator[str]:
    """Counts of what is not judged, by rule."""
    counts: Counter[tuple[str, str]] = Counter()
    for scan in scans:
        counts.update(scan.others)
    for (severity, code), count in sorted(counts.items(), key=lambda item: (item[0][0] != "warning", item[0][1])):
        yield f"{severity:8} {code} {count:5}"


def _named(title: str, verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield from (f"{title}: {where(one)}" for one in verdicts)
