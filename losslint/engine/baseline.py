"""The baseline: findings that are known and accepted, in a file beside the code, so that only new ones are reported.

A finding is known by its fingerprint (`losslint.fingerprint`), with its path as it is seen from the folder of the file: it stays
known while lines move. What a run could not see (other files, rules that are off) is neither gone nor forgotten.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from losslint.config import ConfigError, Settings
from losslint.config.settings import RANK
from losslint.engine.outcome import Outcome
from losslint.finding import Certainty, Severity
from losslint.fingerprint import fingerprints, source_line
from losslint.rules._registry import by_code_or_name

FILE_NAME = "losslint-baseline.json"
VERSION = 1
_LONGEST_SOURCE = 200


class BaselineError(ConfigError):
    """A baseline that cannot be read; the message is for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A known finding: `path` is relative to the baseline, with `/`; the source line is for people, the fingerprint counts."""

    path: str
    code: str
    source: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """What `file` holds, and the least certainty and severity that it was written with."""

    file: Path
    known: tuple[Known, ...] = ()
    certainty: Certainty = Certainty.LIKELY
    severity: Severity = Severity.ADVICE

    def place(self, known: Known) -> Path:
        """The file, absolute, that a known finding lies in."""
        return Path(os.path.abspath(self.file.parent / known.path))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run could see: these files, absolute, by these settings."""

    files: Collection[Path]
    settings: Settings

    def sees(self, known: Known, baseline: Baseline) -> bool:
        """True where a known finding would have been found if it were there; in a file that is gone none can be."""
        settings, rule = self.settings, by_code_or_name(known.code)
        if settings.certainty > baseline.certainty or RANK[settings.severity] > RANK[baseline.severity]:
            return False
        file = baseline.place(known)
        if rule is None or (file not in self.files and os.path.lexists(file)):
            return False
        return settings.for_file(file).selects(rule.code, rule.name, rule.by_default)


def read(file: Path) -> Baseline:
    """The baseline in a file. Raises BaselineError."""
    try:
        data = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        raise BaselineError(f"{file}: does not exist; `losslint baseline` writes it") from error
    except OSError as error:
        raise BaselineError(f"{file}: cannot be read: {(error.strerror or type(error).__name__).lower()}") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{file}: is no baseline: it is not JSON") from error
    try:
        return _from_json(file, data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BaselineError(f"{file}: is no baseline that losslint wrote") from error


def _from_json(file: Path, data: dict[str, dict[str, list[dict[str, str]]]]) -> Baseline:
    version: object = data["version"]
    if isinstance(version, int) and version > VERSION:
        raise BaselineError(f"{file}: was written by a newer version of losslint (format {version})")
    if version != VERSION:
        raise ValueError(version)
    known = tuple(
        Known(path, _text(one["code"]), _text(one["source"]), _text(one["fingerprint"]))
        for path, found in data["findings"].items()
        for one in found
    )
    certainty = Certainty[_text(data["certainty"]).upper()]
    return Baseline(file, known, certainty, Severity(_text(data["severity"])))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def encoded(baseline: Baseline) -> bytes:
    """The text of a baseline: one line for each finding, in an order that does not depend on where they stand."""
    files: dict[str, list[Known]] = {}
    for known in sorted(baseline.known):
        files.setdefault(known.path, []).append(known)
    head = {"version": VERSION, "certainty": baseline.certainty.label, "severity": baseline.severity.value}
    lines = ["{", *(f"  {_json(key)}: {_json(value)}," for key, value in head.items()), '  "findings": {']
    for path, found in files.items():
        shown = [{"code": one.code, "source": one.source, "fingerprint": one.fingerprint} for one in found]
        rows = ",\n".join(f"      {_json(one)}" for one in shown)
        lines.append(f"    {_json(path)}: [\n{rows}\n    ]{'' if path == max(files) else ','}")
    # a lone surrogate is written as JSON escapes it
    return "\n".join([*lines, "  }", "}", ""]).encode("utf-8", "backslashreplace")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def known_in(outcome: Outcome, folder: Path) -> tuple[Known, ...]:
    """The findings of an outcome, in their order, as a baseline in this folder holds them."""
    paths = {path: _relative(path, folder) for path in {finding.span.path for finding in outcome.findings}}
    sources = {paths.get(path, path): lines for path, lines in outcome.sources.items()}
    cells = {(paths.get(path, path), cell): lines for (path, cell), lines in outcome.cells.items()}
    moved = [
        replace(finding, span=replace(finding.span, path=paths[finding.span.path])) for finding in outcome.findings
    ]
    found = zip(moved, fingerprints(moved, sources, cells), strict=True)
    return tuple(
        Known(one.span.path, one.code, source_line(one.span, sources, cells).strip()[:_LONGEST_SOURCE], print_)
        for one, print_ in found
    )


def _relative(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return Path(os.path.abspath(path)).as_posix()


def accepted(outcome: Outcome, baseline: Baseline, scope: Scope) -> Outcome:
    """The outcome without the findings that are known, and with the number of known ones that are no longer found."""
    found = known_in(outcome, baseline.file.parent)
    prints = {one.fingerprint for one in baseline.known}
    new = tuple(finding for finding, one in zip(outcome.findings, found, strict=True) if one.fingerprint not in prints)
    stale = len(gone(baseline, found, scope))
    return replace(outcome, findings=new, known=len(found) - len(new), stale=stale)


def gone(baseline: Baseline, found: Iterable[Known], scope: Scope) -> tuple[Known, ...]:
    """The known findings that are no longer found, though they could have been."""
    present = {one.fingerprint for one in found}
    return tuple(one for one in baseline.known if one.fingerprint not in present and scope.sees(one, baseline))


def renewed(baseline: Baseline, found: Iterable[Known], scope: Scope, *, add: bool) -> Baseline:
    """The baseline without what is gone, and with `add` with what is found besides."""
    found = tuple(found)
    left = set(baseline.known).difference(gone(baseline, found, scope))
    if not add:
        return replace(baseline, known=tuple(sorted(left)))
    present = {one.fingerprint for one in left}
    known = (*left, *(one for one in found if one.fingerprint not in present))
    return replace(
        baseline,
        known=tuple(sorted(known)),
        certainty=min(baseline.certainty, scope.settings.certainty),
        severity=min(baseline.severity, scope.settings.severity, key=RANK.__getitem__),
    )
