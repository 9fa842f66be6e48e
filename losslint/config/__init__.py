"""What the user wants to see: settings from `[tool.losslint]` and from the command line.

Nothing here knows which rules exist; whoever does hands their codes and names in. Errors name the file, the key, and the
nearest thing that would have been right.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from losslint.config.choice import Choice, merge, normalise
from losslint.config.error import ConfigError, nearest
from losslint.config.settings import Settings, Tables
from losslint.finding import Certainty, Severity

_CERTAINTIES = {certainty.label: certainty for certainty in Certainty}
_SEVERITIES = {severity.value: severity for severity in Severity}
_SELECTORS = ("select", "ignore", "extend-select")
_TABLES = ("layers", "functions", "losses")
_KEYS = (*_SELECTORS, "certainty", "severity", *_TABLES)
__all__ = ["Choice", "ConfigError", "Settings", "find", "merge", "nearest", "normalise", "read"]


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
        tables=_tables(file, table),
    )


def _tables(file: Path | str, table: Mapping[str, Any]) -> tuple[Tables, ...]:
    found = {key: table[key] for key in _TABLES if key in table}
    return (Tables(str(file), "tool.losslint.", found),) if found else ()


def _one_of(words: Mapping[str, Any], file: Path | str, table: Mapping[str, Any], key: str) -> Any:
    value = table.get(key)
    if value is None or (isinstance(value, str) and value in words):
        return None if value is None else words[value]
    near = nearest(value, tuple(words)) if isinstance(value, str) else ""
    raise ConfigError(f"{file}: [tool.losslint] {key} must be one of {', '.join(words)}, not {value!r}{near}")
