"""What the user wants to see: settings from `[tool.losslint]` and from the command line.

Nothing here knows which rules exist; whoever does hands their codes and names in. Errors name the file, the key, and the
nearest thing that would have been right.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from losslint.finding import Certainty, Severity

if TYPE_CHECKING:
    from losslint.knowledge.schema import Row

_RANK = {Severity.ADVICE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_CODE = re.compile(r"[A-Z]{1,4}[0-9]{0,3}")
_CERTAINTIES = {certainty.label: certainty for certainty in Certainty}
_SEVERITIES = {severity.value: severity for severity in Severity}
_SELECTORS = ("select", "ignore", "extend-select")
_TABLES = ("layers", "functions", "losses")
_KEYS = (*_SELECTORS, "certainty", "severity", *_TABLES)


class ConfigError(Exception):
    """Settings that make no sense; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What to report, and how to go about it.

    Selectors are codes, prefixes of codes such as `LL1`, names, or `ALL`. An empty `select` means the rules that are on by
    default. `severity` and `certainty` are the least that is shown. `rows` are what the user says of layers, functions and losses.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    certainty: Certainty = Certainty.LIKELY
    severity: Severity = Severity.ADVICE
    jobs: int = 1
    isolated: bool = False
    cache: bool = True
    rows: tuple[Row, ...] = ()

    def shows(self, code: str, name: str, severity: Severity, certainty: Certainty, by_default: bool) -> bool:
        """Whether a finding is shown."""
        if certainty < self.certainty or _RANK[severity] < _RANK[self.severity]:
            return False
        return self.selects(code, name, by_default)

    def selects(self, code: str, name: str, by_default: bool) -> bool:
        """Whether a rule is on: of the selectors that match it the most specific wins, and `ignore` among equals."""
        wanted = max((_weight(one, code, name) for one in (*self.select, *self.extend_select)), default=-1)
        unwanted = max((_weight(one, code, name) for one in self.ignore), default=-1)
        if wanted < 0 and not self.select and by_default:
            return unwanted < 0
        return wanted > unwanted


@dataclass(frozen=True, slots=True)
class Choice:
    """Settings given in one place, None where that place is silent."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    certainty: Certainty | None = None
    severity: Severity | None = None
    rows: tuple[Row, ...] = ()

    def selectors(self) -> tuple[str, ...]:
        """All selectors of this place."""
        return (*(self.select or ()), *self.extend_select, *self.ignore)


def _weight(selector: str, code: str, name: str) -> int:
    """How specific a selector is about a rule; -1 where it does not speak of it."""
    if selector in {code, name}:
        return 100
    if selector == "ALL":
        return 0
    return len(selector) if _CODE.fullmatch(selector) and code.startswith(selector) else -1


def _covers(general: str, special: str) -> bool:
    return general in {"ALL", special} or (bool(_CODE.fullmatch(general)) and special.startswith(general))


def merge(settings: Settings, choice: Choice) -> Settings:
    """Lay a later choice over settings: its `select` replaces all selectors before it, its other selectors outweigh them."""
    select, extend, ignore = settings.select, settings.extend_select, settings.ignore
    if choice.select is not None:
        select, extend, ignore = choice.select, (), ()
    else:
        overruled = [old for old in (*select, *extend) if any(_covers(new, old) for new in choice.ignore)]
        ignore = tuple(old for old in ignore if not any(_covers(new, old) for new in choice.extend_select))
        ignore = (*ignore, *overruled)
    return replace(
        settings,
        select=select,
        extend_select=(*extend, *choice.extend_select),
        ignore=(*ignore, *choice.ignore),
        certainty=choice.certainty or settings.certainty,
        severity=choice.severity or settings.severity,
        rows=choice.rows or settings.rows,
    )


def normalise(choice: Choice, rules: Iterable[tuple[str, str]], place: str) -> Choice:
    """The choice with names turned to codes; `rules` are (code, name) of all there are, `place` is named in errors."""
    codes = {name: code for code, name in rules}

    def known(selector: str) -> str:
        upper = selector.upper()
        if upper == "ALL" or (_CODE.fullmatch(upper) and any(code.startswith(upper) for code in codes.values())):
            return upper
        if selector.lower() in codes:
            return codes[selector.lower()]
        near = nearest(selector, (*codes, *codes.values()))
        raise ConfigError(f"{place}: no rule matches {selector!r}{near}")

    return replace(
        choice,
        select=None if choice.select is None else tuple(map(known, choice.select)),
        extend_select=tuple(map(known, choice.extend_select)),
        ignore=tuple(map(known, choice.ignore)),
    )


def nearest(word: str, words: Sequence[str]) -> str:
    """`; did you mean ...?` for a word that was not found, or nothing."""
    import difflib

    exact = {one.lower(): one for one in words}
    found = difflib.get_close_matches(word.lower(), list(exact), n=1, cutoff=0.4)
    return f"; did you mean {exact[found[0]]!r}?" if found else ""


def find(paths: Sequence[str]) -> tuple[Path, dict[str, Any]] | None:
    """The nearest pyproject.toml with a `[tool.losslint]` table, from the folder that holds all `paths` upward."""
    roots = [os.path.abspath(path) for path in paths] or [os.getcwd()]
    start = Path(os.path.commonpath(roots)) if len({Path(root).anchor for root in roots}) == 1 else Path(roots[0])
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        table = _table(file) if file.is_file() else None
        if table is not None:
            return file, table
    return None


def _table(file: Path) -> dict[str, Any] | None:
    """The table of a file, or None where it has none."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error
    if b"losslint" not in data:
        return None
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    table = tool.get("losslint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{file}: tool.losslint must be a table")
    return table


def read(file: Path | str, table: Mapping[str, Any]) -> Choice:
    """What a `[tool.losslint]` table says."""
    for key in table:
        if key not in _KEYS:
            raise ConfigError(f"{file}: [tool.losslint] has no key {key!r}{nearest(key, _KEYS)}")
    for key in _SELECTORS:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ConfigError(f'{file}: [tool.losslint] {key} must be a list of strings, such as ["LL101"]')
    return Choice(
        select=tuple(table["select"]) if "select" in table else None,
        extend_select=tuple(table.get("extend-select", ())),
        ignore=tuple(table.get("ignore", ())),
        certainty=_one_of(_CERTAINTIES, file, table, "certainty"),
        severity=_one_of(_SEVERITIES, file, table, "severity"),
        rows=_rows(file, table),
    )


def _rows(file: Path | str, table: Mapping[str, Any]) -> tuple[Row, ...]:
    """What the table says of the user's own layers, functions and losses."""
    if not any(key in table for key in _TABLES):
        return ()
    from losslint.knowledge.user_rows import RowError, rows_of

    try:
        return rows_of({key: table[key] for key in _TABLES if key in table})
    except RowError as error:
        raise ConfigError(f"{file}: {error}{nearest(error.word, error.words) if error.word else ''}") from error


def _one_of(words: Mapping[str, Any], file: Path | str, table: Mapping[str, Any], key: str) -> Any:
    value = table.get(key)
    if value is None or (isinstance(value, str) and value in words):
        return None if value is None else words[value]
    near = nearest(value, tuple(words)) if isinstance(value, str) else ""
    raise ConfigError(f"{file}: [tool.losslint] {key} must be one of {', '.join(words)}, not {value!r}{near}")
