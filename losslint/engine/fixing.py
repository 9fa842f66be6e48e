"""Fixes: chosen, tried in memory, kept where the analysis then finds less and nothing new, and written all at once.

Nothing is written before the last round: every try is an analysis with the changed files laid over those on disk.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from losslint.config import Settings, governed
from losslint.engine.analysis import concerns
from losslint.engine.around import project_around, with_unsaved
from losslint.engine.check import check
from losslint.engine.kept import Kept
from losslint.engine.outcome import Outcome
from losslint.engine.sharing import Progress
from losslint.engine.snapshot import Snapshot
from losslint.engine.splicing import EditError, Page, Splice, page, sound, spliced
from losslint.engine.writing import Change, WriteError, refusal, write_together
from losslint.finding import Applicability, Finding, Fix, Problem, Severity
from losslint.rules._codes import CODES
from losslint.rules._registry import load as load_rules
from losslint.source.discover import expand, show
from losslint.source.document import Document

Analyse = Callable[..., Outcome]
"""`check`, or what stands in for it: called with paths, settings, progress and the keyword `overlay`."""

ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding whose fix was not applied, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class FixOutcome:
    """What fixing came to.

    `outcome` holds what is found now; `fixed` counts what is gone, by path and code; `changes` are the files that were
    written, or would be. `settled` is False where the last round still left something to fix.
    """

    outcome: Outcome
    fixed: dict[str, dict[str, int]]
    refused: tuple[Refusal, ...]
    changes: tuple[Change, ...]
    settled: bool

    @property
    def count(self) -> int:
        """How many findings are gone."""
        return sum(sum(codes.values()) for codes in self.fixed.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A fix by offsets in files, and the findings that all ask for just this."""

    splices: tuple[tuple[Path, Splice], ...]
    findings: tuple[Finding, ...]

    @property
    def files(self) -> frozenset[Path]:
        return frozenset(file for file, _ in self.splices)


def fix_all(
    paths: Sequence[str],
    settings: Settings,
    level: Applicability,
    *,
    write: bool = True,
    progress: Progress | None = None,
    analyse: Analyse | None = None,
    unsaved: Mapping[Path, bytes] | None = None,
) -> FixOutcome:
    """Fix what the check of `paths` finds, as far as fixes are safe, or with `level` unsafe also where they are not.

    Without `write` all is done but the writing; then files may be taken as they are in `unsaved`, by absolute path. A fix that
    would leave its finding in place, bring an error, or break a file is not applied; nor is one of a file that cannot be
    written or was changed meanwhile. That raises no error: it is told.
    """
    fixer = _Fixer(paths, settings, level, write, progress, analyse or check)
    fixer.start_from(unsaved or {})
    return fixer.run()


class _Fixer:
    """The state of one run: files as changed so far, and what was applied and refused."""

    __slots__ = (
        "_analyse_with", "_applied", "_by_default", "_kept", "_level", "_originals", "_pages", "_paths", "_progress", "_refused",
        "_reported", "_scope", "_settings", "_snapshot", "_write",
    )  # fmt: skip

    def __init__(
        self,
        paths: Sequence[str],
        settings: Settings,
        level: Applicability,
        write: bool,
        progress: Progress | None,
        analyse: Analyse,
    ) -> None:
        self._paths, self._settings, self._level, self._write = paths, settings, level, write
        self._progress, self._analyse_with = progress, analyse
        self._kept = Kept()  # what a fix does not touch is not looked at again
        self._reported: set[str] = set()
        self._scope = dict.fromkeys(paths)
        self._by_default = {rule.code: rule.by_default for rule in load_rules()}
        self._snapshot = Snapshot()
        self._pages: dict[Path, Page] = {}
        self._originals: dict[Path, Document] = {}
        self._applied: list[_Unit] = []
        self._refused: dict[tuple[object, ...], Refusal] = {}

    def start_from(self, unsaved: Mapping[Path, bytes]) -> None:
        """Look for the files to report on; take files as they are in `unsaved`, in place of those on disk."""
        files, _ = with_unsaved(*expand(self._paths, self._settings.scope), self._paths, unsaved)
        others = project_around(self._paths, files, None, self._settings.respect_gitignore).units
        self._settings = governed(self._settings, files, others, CODES)
        self._reported = {show(file) for file in files}
        self._snapshot = Snapshot(unsaved)

    def run(self) -> FixOutcome:
        """Rounds of fixes until there is none left to apply, then the writing."""
        first = current = self._analyse(self._snapshot)
        rounds = 0
        while (units := self._plan(current)) and rounds < ROUNDS:
            rounds += 1
            if self._widened(units):
                current = self._analyse(self._snapshot)
            taken: list[_Unit] = []
            current = self._settle(current, taken, units)
            self._snapshot = self._with(taken)
            self._applied += taken
        changes, failed = self._written()
        if failed:
            current = self._analyse(Snapshot(), only_asked=True)
        elif len(self._scope) > len(dict.fromkeys(self._paths)):
            current = self._analyse(self._snapshot, only_asked=True)
        before, after = self._narrowed(first), self._narrowed(current)
        # places have moved where files on disk are not as they were here
        same = _identity if failed else _key
        remaining = {same(finding) for finding in after.findings}
        refused = tuple(one for one in self._refused.values() if same(one.finding) in remaining)
        return FixOutcome(after, _gone(before, after) if changes else {}, refused, changes, not units)

    def _analyse(self, snapshot: Snapshot, *, only_asked: bool = False) -> Outcome:
        """With the rules that are on by default as well: an error that the user does not care to see is one all the same."""
        paths = self._paths if only_asked else tuple(self._scope)
        return self._analyse_with(
            paths, replace(self._settings, trial=True), self._progress, overlay=snapshot, kept=self._kept
        )

    def _narrowed(self, outcome: Outcome) -> Outcome:
        """The outcome with the findings alone that the user asked for, each as severe as the user takes it."""
        asked = filter(self._asked_for, outcome.findings)
        return replace(outcome, findings=tuple(replace(one, severity=self._severity(one)) for one in asked))

    def _asked_for(self, finding: Finding) -> bool:
        default = self._by_default.get(finding.code, True)
        severity = self._severity(finding)
        if not self._settings_of(finding).shows(finding.code, finding.name, severity, finding.certainty, default):
            return False
        return concerns(finding, self._reported)

    def _severity(self, finding: Finding) -> Severity:
        return self._settings_of(finding).severity_of(finding.code, finding.name, finding.severity)

    def _settings_of(self, finding: Finding) -> Settings:
        return self._settings.for_file(os.path.abspath(finding.span.path))

    def _plan(self, current: Outcome) -> list[_Unit]:
        """Fixes that may be applied together, in order of place; one that touches what an earlier one touches waits."""
        self._pages = {}
        alike: dict[tuple[tuple[Path, Splice], ...], list[Finding]] = {}
        for finding in filter(self._asked_for, current.findings):
            if finding.fix is None or not self._allows(finding.fix) or _key(finding) in self._refused:
                continue
            try:
                alike.setdefault(self._located(finding.fix), []).append(finding)
            except EditError as error:
                self._refuse((finding,), str(error))
        units: list[_Unit] = []
        busy: dict[Path, list[Splice]] = {}
        for splices, findings in alike.items():
            if not any(one.conflicts(other) for file, one in splices for other in busy.get(file, ())):
                units.append(_Unit(splices, tuple(findings)))
                for file, one in splices:
                    busy.setdefault(file, []).append(one)
        return units

    def _allows(self, fix: Fix) -> bool:
        allowed = {Applicability.SAFE, self._level} - {Applicability.DISPLAY}
        return bool(fix.edits) and fix.applicability in allowed

    def _located(self, fix: Fix) -> tuple[tuple[Path, Splice], ...]:
        found: dict[tuple[Path, Splice], None] = {}
        for edit in fix.edits:
            file = Path(os.path.abspath(edit.span.path))
            found[self._snapshot.target(file), self._page(file, edit.span.path).splice(edit)] = None
        return tuple(found)

    def _page(self, file: Path, shown: str) -> Page:
        """The file as it is in this round. Raises EditError where it cannot be had, or would not be written."""
        target = self._snapshot.target(file)
        if target not in self._pages:
            document = self._snapshot.document(file, shown)
            if isinstance(document, Problem):
                raise EditError(f"{shown} {document.reason}")
            reason = refusal(target) if self._write else None
            if reason is not None:
                raise EditError(f"{shown} {reason}")
            self._pages[target] = page(document)
            self._originals.setdefault(target, document)
        return self._pages[target]

    def _widened(self, units: Iterable[_Unit]) -> bool:
        """True where files are about to be changed that were not looked at: what they break elsewhere must be seen."""
        names = {self._originals[file].path for unit in units for file in unit.files}
        strangers = names - self._reported - self._scope.keys()
        self._scope.update(dict.fromkeys(sorted(strangers)))
        return bool(strangers)

    def _settle(self, current: Outcome, taken: list[_Unit], units: Sequence[_Unit]) -> Outcome:
        """Take what of `units` holds, on top of what is taken: all at once, else each half by itself. What is found then."""
        present = {_identity(finding) for finding in current.findings}
        # what one fix mended by the way needs no other
        units = [unit for unit in units if any(_identity(finding) in present for finding in unit.findings)]
        if not units:
            return current
        try:
            trial = self._analyse(self._with([*taken, *units]))
            objection = _objection(current, trial, units)
        except EditError as error:
            trial, objection = current, str(error)
        if objection is None:
            taken += units
            return trial
        if len(units) == 1:
            self._refuse(units[0].findings, objection)
            return current
        middle = len(units) // 2
        current = self._settle(current, taken, units[:middle])
        return self._settle(current, taken, units[middle:])

    def _with(self, units: Iterable[_Unit]) -> Snapshot:
        """The files of this round with these fixes. Raises EditError where one of them would not be sound."""
        splices: dict[Path, list[Splice]] = {}
        for unit in units:
            for file, splice in unit.splices:
                splices.setdefault(file, []).append(splice)
        changes = {}
        for file, found in splices.items():
            changes[file] = spliced(self._pages[file], found)
            sound(self._pages[file].document, changes[file])
        return self._snapshot.changed(changes)

    def _refuse(self, findings: Iterable[Finding], reason: str) -> None:
        for finding in findings:
            self._refused[_key(finding)] = Refusal(finding, reason)

    def _written(self) -> tuple[tuple[Change, ...], bool]:
        """The changes that were made, or would be, and whether some could not be."""
        done: list[Change] = []
        failed = False
        for units in _connected(self._applied):
            changes = self._changes(frozenset().union(*(unit.files for unit in units)))
            try:
                if self._write:
                    write_together(changes)
                done += changes
            except WriteError as error:
                failed = True
                for unit in units:
                    self._refuse(unit.findings, str(error))
        return tuple(sorted(done, key=_path)), failed

    def _changes(self, files: Iterable[Path]) -> list[Change]:
        found = []
        for file in files:
            old = self._originals[file]
            found.append(Change(old.path, file, old.data, self._snapshot[file], old.encoding))
        return sorted((change for change in found if change.old != change.new), key=_path)


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.code, finding.span, finding.fix


def _identity(finding: Finding) -> tuple[object, ...]:
    """What stays the same of a finding when lines above it come or go."""
    return finding.code, finding.span.path, finding.message


def _path(change: Change) -> str:
    return change.path


def _objection(before: Outcome, after: Outcome, units: Iterable[_Unit]) -> str | None:
    """Why these fixes should not be made, seen from what is found before and after, or None."""
    known = {(problem.path, problem.reason) for problem in before.problems}
    for problem in after.problems:
        if (problem.path, problem.reason) not in known:
            return f"{problem.path} then {problem.reason}"
    errors, now_errors = _counts(before.findings, errors_only=True), _counts(after.findings, errors_only=True)
    for (path, code), count in now_errors.items():
        if count > errors[path, code]:
            return f"it would bring {code} in {path}"
    present = {_identity(finding) for finding in before.findings}
    meant = [finding for unit in units for finding in unit.findings if _identity(finding) in present]
    counts, now = _counts(before.findings), _counts(after.findings)
    for (path, code), count in _counts(meant).items():
        if counts[path, code] - now[path, code] < count:
            return f"{code} would still be found in {path}"
    return None


def _counts(findings: Iterable[Finding], *, errors_only: bool = False) -> Counter[tuple[str, str]]:
    return Counter(
        (finding.span.path, finding.code)
        for finding in findings
        if not errors_only or finding.severity is Severity.ERROR
    )


def _gone(before: Outcome, after: Outcome) -> dict[str, dict[str, int]]:
    gone: dict[str, dict[str, int]] = {}
    for (path, code), count in sorted((_counts(before.findings) - _counts(after.findings)).items()):
        gone.setdefault(path, {})[code] = count
    return gone


def _connected(units: Iterable[_Unit]) -> list[list[_Unit]]:
    """Fixes in groups that share files: what must be written together."""
    groups: list[tuple[frozenset[Path], list[_Unit]]] = []
    for unit in units:
        joined = [group for group in groups if group[0] & unit.files]
        groups = [group for group in groups if not group[0] & unit.files]
        files = unit.files.union(*(files for files, _ in joined))
        groups.append((files, [*(one for _, members in joined for one in members), unit]))
    return [members for _, members in groups]
