"""From configuration files and the command line to settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from losslint.config import ConfigError, Place, Settings, found_layers, laid, read
from losslint.config.files import Layer, layers, parse
from losslint.config.keys import keys
from losslint.rules._codes import CODES

COMMAND_LINE = "command line"
_BY_PAIRS = ("per_file_ignores", "extend_per_file_ignores")


@dataclass(frozen=True, slots=True)
class Sources:
    """What configuration files say, the nearest last, and over them what the command line says.

    With `is_fixed` these files alone count, for all that is checked.
    """

    files: tuple[Layer, ...]
    command_line: tuple[Layer, ...]
    is_fixed: bool
    is_isolated: bool

    def settings(self) -> Settings:
        """All laid one over the other."""
        over = tuple(layer.choice for layer in self.command_line)
        found = laid([*(layer.choice for layer in self.files), *over])
        file = self.files[-1].place if self.files else None
        return replace(found, isolated=self.is_isolated, file=file, over=None if self.is_fixed else over)


def sources(paths: Sequence[str], options: Mapping[str, Any]) -> Sources:
    """What counts for these paths. Raises ConfigError."""
    isolated = bool(options.get("isolated"))
    given = [value for value in options.get("config") or () if not _is_inline(value)]
    inline = [value for value in options.get("config") or () if _is_inline(value)]
    if len(given) > 1:
        raise ConfigError(f"--config names more than one file: {', '.join(given)}")
    if given and isolated:
        raise ConfigError("--config names a file, and --isolated reads none")
    files: tuple[Layer, ...] = ()
    if given:
        files = layers(given[0], CODES, os.getcwd())
    elif not isolated:
        files = found_layers(paths, CODES)
    over = [_inline(value) for value in inline]
    table = _table(options)
    if table:
        over.append(Layer(COMMAND_LINE, table, read(Place(COMMAND_LINE, os.getcwd(), ""), table, CODES)))
    return Sources(files, tuple(over), bool(given) or isolated, isolated)


def settings_from(paths: Sequence[str], options: Mapping[str, Any]) -> Settings:
    """The settings of the project, with the command line's laid over them. Raises click.ClickException."""
    return sources_of(paths, options).settings()


def sources_of(paths: Sequence[str], options: Mapping[str, Any]) -> Sources:
    """What counts for these paths. Raises click.ClickException."""
    try:
        return sources(paths, options)
    except FileNotFoundError as error:
        raise click.ClickException("the current folder is gone") from error
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def _is_inline(value: str) -> bool:
    """True for a setting such as `severity = "error"`, false for a file."""
    return "=" in value and not os.path.lexists(value)


def _inline(text: str) -> Layer:
    place = f"--config {text!r}"
    table = parse(text.encode("utf-8", "surrogateescape"), place)
    if "extend" in table:
        raise ConfigError(f"{place}: extend has a meaning in files alone; name the file by --config FILE")
    return Layer(place, table, read(Place(place, os.getcwd(), ""), table, CODES))


def _table(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say, as a table of a configuration file would."""
    table: dict[str, Any] = {}
    for key in keys():
        option = key.replace("-", "_")
        value = options.get(option)
        if value is None or value == ():
            continue
        if option in _BY_PAIRS:
            table[key] = _pairs(value, key)
        else:
            table[key] = list(value) if isinstance(value, tuple) else value
    if options.get("no_cache"):
        table["cache"] = False
    return table


def _pairs(values: Sequence[str], key: str) -> dict[str, list[str]]:
    """`tests/**:LL1` and the like, by pattern."""
    found: dict[str, list[str]] = {}
    for value in values:
        pattern, colon, selector = value.rpartition(":")
        if not (pattern and colon and selector):
            raise ConfigError(f"{COMMAND_LINE}: --{key} takes PATTERN:RULE, such as 'tests/**:LL1', not {value!r}")
        found.setdefault(pattern, []).append(selector)
    return found
