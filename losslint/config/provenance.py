"""What is in force, key by key, and where each value comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from losslint.config.files import Layer
from losslint.config.keys import EXTEND, TABLES, keys
from losslint.config.settings import FileIgnores, Settings
from losslint.finding import Certainty
from losslint.source.patterns import Pattern

DEFAULT = "default"
_FOLDED = {
    "ignore": ("ignore", "extend-ignore"),
    "per-file-ignores": ("per-file-ignores", "extend-per-file-ignores"),
    "fixable": ("fixable", "extend-fixable"),
    "include": ("include", "extend-include"),
}
"""Keys whose values end up in another."""
_REPLACED_BY = {"extend-select": "select", "ignore": "select", "unfixable": "fixable"}
"""Lists that start anew where another key is given: what a file selects is what it means."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key: its value as TOML and JSON have it, None where nothing is set, and the places that it comes from."""

    key: str
    value: Any
    places: tuple[str, ...]
    default: str
    """The default in words."""


def entries(settings: Settings, layers: Sequence[Layer]) -> tuple[Entry, ...]:
    """All keys in force; `layers` are what files and the command line say, each over those before it."""
    hidden = {EXTEND, *(key for folded in _FOLDED.values() for key in folded[1:])}
    own = [
        Entry(key.name, _plain(getattr(settings, key.field)), _places(key.name, layers), key.default)
        for key in keys().values()
        if key.name not in hidden
    ]
    return (*own, *_tables(settings, layers))


def _tables(settings: Settings, layers: Sequence[Layer]) -> Iterable[Entry]:
    for name in TABLES:
        rows = [row for one in settings.tables for row in one.tables.get(name, ())]
        places = tuple(dict.fromkeys(one.file for one in settings.tables if name in one.tables))
        yield Entry(name, rows, places or (DEFAULT,), "")


def _places(key: str, layers: Sequence[Layer]) -> tuple[str, ...]:
    """Where the value of a key comes from: the last place that sets it and, for a list, those that add to it."""
    found: list[str] = []
    names = _FOLDED.get(key, (key,))
    for layer in layers:
        if _REPLACED_BY.get(key) in layer.table or (names[0] in layer.table and not _adds(key)):
            found = []
        if any(name in layer.table for name in names):
            found.append(layer.place)
    return tuple(dict.fromkeys(found)) or (DEFAULT,)


def _adds(key: str) -> bool:
    """Whether later values of a key are added to earlier ones."""
    return key.startswith("extend-") or key in {"ignore", "unfixable", "severities"}


def _plain(value: Any) -> Any:
    """A setting as TOML and JSON have it."""
    if isinstance(value, Certainty):
        return value.label
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Pattern):
        return value.text
    if isinstance(value, tuple):
        if value and isinstance(value[0], FileIgnores):
            return _by_pattern(value)
        if value and isinstance(value[0], tuple):
            return {selector: _plain(severity) for selector, severity in value}
        return [_plain(one) for one in value]
    return value


def _by_pattern(ignores: Iterable[FileIgnores]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in ignores:
        found.setdefault(one.pattern.text, []).extend(one.selectors)
    return found
