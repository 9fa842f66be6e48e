"""What is in force: for a run as a whole, and for what is reported of each file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losslint.finding import Certainty, Severity
from losslint.source.discover import EXCLUDED, INCLUDED, Scope
from losslint.source.patterns import Pattern, is_below, matches

if TYPE_CHECKING:
    from losslint.config.choice import Choice
    from losslint.knowledge.schema import Row

RANK = {Severity.ADVICE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
CODE = re.compile(r"[A-Z]{1,4}[0-9]{0,3}")
_HOW = ("jobs", "cache", "cache_dir", "output_format", "unsafe_fixes", "baseline", "isolated")


@dataclass(frozen=True, slots=True)
class FileIgnores:
    """Rules that are not reported in the files that a pattern matches; with a leading `!`, in all others."""

    pattern: Pattern
    selectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables on the user's own layers, functions and losses, as one file holds them; `home` is where keys of that file stand."""

    file: str
    home: str
    tables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What to report, and how to go about it: plain data, which may cross processes.

    Selectors are codes, prefixes of codes such as `LL1`, names, or `ALL`. An empty `select` means the rules that are on by
    default. `severity` and `certainty` are the least that is shown. What `severities` says of a rule replaces the rule's own
    severity. `baseline` and `cache_dir` are absolute. `jobs` is None where the number of processes is free.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    certainty: Certainty = Certainty.LIKELY
    severity: Severity = Severity.ADVICE
    severities: tuple[tuple[str, Severity], ...] = ()
    per_file_ignores: tuple[FileIgnores, ...] = ()
    fixable: tuple[str, ...] = ("ALL",)
    unfixable: tuple[str, ...] = ()
    unsafe_fixes: bool | None = None
    exclude: tuple[Pattern, ...] = EXCLUDED
    extend_exclude: tuple[Pattern, ...] = ()
    include: tuple[Pattern, ...] = INCLUDED
    force_exclude: bool = False
    respect_gitignore: bool = True
    output_format: str = "full"
    jobs: int | None = None
    isolated: bool = False
    cache: bool = True
    cache_dir: Path | None = None
    baseline: Path | None = None
    docs: bool = False
    tables: tuple[Tables, ...] = ()
    barred: tuple[str, ...] = ()
    """Rules that are off in the file at hand, whatever selects them."""
    file: str | None = None
    """The configuration file, if any."""
    over: tuple[Choice, ...] | None = None
    """What the command line says. Where it is set, configuration files nearer to a reported file count for that file."""
    trial: bool = False
    """True where the rules that are on by default are judged as well, selected or not: what a fix breaks must be seen."""
    nested: tuple[tuple[str, Settings], ...] = ()
    """What is in force below certain folders, the deepest first."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """What the user says of layers, functions and losses; made anew each time. Raises ConfigError where it makes no sense."""
        if not self.tables:
            return ()
        from losslint.config.tables import rows_of

        return rows_of(self.tables)

    @property
    def scope(self) -> Scope:
        """Which files are looked for."""
        return Scope(
            (*self.exclude, *self.extend_exclude), self.include, self.force_exclude, self.respect_gitignore, self.docs
        )

    def for_file(self, file: str | Path) -> Settings:
        """What is reported of a file, by its absolute path."""
        path = os.fspath(file)
        found = next((settings for folder, settings in self.nested if is_below(path, folder)), self)
        if found.trial != self.trial:
            found = replace(found, trial=self.trial)
        if not found.per_file_ignores:
            return found
        barred = (one.selectors for one in found.per_file_ignores if matches(one.pattern, path))
        return replace(found, barred=tuple(selector for selectors in barred for selector in selectors))

    def shows(self, code: str, name: str, severity: Severity, certainty: Certainty, by_default: bool) -> bool:
        """Whether a finding of this severity is shown."""
        if certainty < self.certainty or RANK[severity] < RANK[self.severity]:
            return False
        return self.judges(code, name, by_default)

    def judges(self, code: str, name: str, by_default: bool) -> bool:
        """Whether a rule is looked at."""
        return (self.trial and by_default) or self.selects(code, name, by_default)

    def selects(self, code: str, name: str, by_default: bool) -> bool:
        """Whether a rule is on: of the selectors that match it the most specific wins, and `ignore` among equals."""
        if any(weight(one, code, name) >= 0 for one in self.barred):
            return False
        wanted = max((weight(one, code, name) for one in (*self.select, *self.extend_select)), default=-1)
        unwanted = max((weight(one, code, name) for one in self.ignore), default=-1)
        if wanted < 0 and not self.select and by_default:
            return unwanted < 0
        return wanted > unwanted

    def severity_of(self, code: str, name: str, severity: Severity) -> Severity:
        """The severity to report, where the rule itself says `severity`: the most specific selector wins, the later among equals."""
        best = max(
            ((weight(one, code, name), place) for place, (one, _) in enumerate(self.severities)), default=(-1, 0)
        )
        return severity if best[0] < 0 else self.severities[best[1]][1]

    def fixes(self, code: str, name: str) -> bool:
        """Whether the rule's findings may be fixed: the most specific selector wins, and `unfixable` among equals."""
        wanted = max((weight(one, code, name) for one in self.fixable), default=-1)
        return wanted > max((weight(one, code, name) for one in self.unfixable), default=-1)

    def digest(self) -> str:
        """Stands for all that has a say in what is found, across processes and runs."""
        from hashlib import blake2b

        usual = Settings()
        found = replace(self, file=None, over=None, nested=(), **{name: getattr(usual, name) for name in _HOW})
        inner = [(folder, settings.digest()) for folder, settings in self.nested]
        text = repr([*((one.name, getattr(found, one.name)) for one in fields(found)), inner])
        return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def weight(selector: str, code: str, name: str) -> int:
    """How specific a selector is about a rule; -1 where it does not speak of it."""
    if selector in {code, name}:
        return 100
    if selector == "ALL":
        return 0
    return len(selector) if CODE.fullmatch(selector) and code.startswith(selector) else -1
