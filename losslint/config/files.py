"""Configuration files: where they are, and what they and those that they extend say."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from losslint.config.choice import Choice
from losslint.config.error import HOME, ConfigError, Place
from losslint.config.keys import EXTEND, keys
from losslint.config.kinds import WrongValueError
from losslint.config.reading import Rules, read

PYPROJECT = "pyproject.toml"
NAMES = (".losslint.toml", "losslint.toml", PYPROJECT)
"""Names of configuration files; in one folder the first counts."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one place says: its name, its table as written, and what that means."""

    place: str
    table: Mapping[str, Any]
    choice: Choice


def nearest_file(folder: str, known: dict[str, str | None]) -> str | None:
    """The configuration file that counts in a folder: the nearest upward. `known` keeps what was found, by folder."""
    if folder not in known:
        here = next((file for name in NAMES if _counts(file := os.path.join(folder, name))), None)
        parent = os.path.dirname(folder)
        known[folder] = here if here is not None or parent == folder else nearest_file(parent, known)
    return known[folder]


def _counts(file: str) -> bool:
    """Whether a file is there and, if it is a pyproject.toml, has a table for losslint."""
    if os.path.basename(file) != PYPROJECT:
        return os.path.lexists(file)
    return os.path.isfile(file) and table_in(file) is not None


def common_folder(paths: Sequence[str]) -> str:
    """The folder that all paths lie in; where there is none, that of the first."""
    roots = [os.path.abspath(path) for path in paths if "\0" not in path] or [os.getcwd()]
    try:
        shared = os.path.commonpath(roots)
    except ValueError:  # on different drives
        shared = roots[0]
    return shared if os.path.isdir(shared) else os.path.dirname(shared)


def table_in(file: str) -> Mapping[str, Any] | None:
    """The table of a file; None where a pyproject.toml has none. Raises ConfigError where it cannot be read."""
    try:
        with open(file, "rb") as stream:
            data = stream.read()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror or error}") from error
    is_shared = os.path.basename(file) == PYPROJECT
    if is_shared and b"losslint" not in data:
        return None
    table = parse(data, file)
    if not is_shared:
        return table
    tool = table.get("tool", {})
    found = tool.get("losslint") if isinstance(tool, dict) else None
    if found is not None and not isinstance(found, dict):
        raise ConfigError(f"{file}: tool.losslint must be a table")
    return found


def parse(data: bytes, file: str) -> Mapping[str, Any]:
    """TOML. Raises ConfigError, which names `file`, where it is none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        found: Mapping[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    return found


def layers(file: str, rules: Rules, folder: str | None = None, below: Iterable[str] = ()) -> tuple[Layer, ...]:
    """What a file says, after what the files say that it extends.

    Paths and patterns start from the folder of the file that has them, or from `folder`. Raises ConfigError where a file
    cannot be read or makes no sense, or extends itself.
    """
    chain = (*below, os.path.realpath(file))
    if len(set(chain)) < len(chain):
        raise ConfigError(f"{file}: extends itself: {' -> '.join(chain)}")
    table = table_in(file)
    if table is None:
        raise ConfigError(f"{file}: has no table [tool.losslint]")
    home = HOME if os.path.basename(file) == PYPROJECT else ""
    place = Place(file, os.path.dirname(os.path.abspath(file)) if folder is None else folder, home)
    layer = Layer(file, table, read(place, table, rules))
    if EXTEND not in table:
        return (layer,)
    return (*layers(_extended(table[EXTEND], place), rules, None, chain), layer)


def _extended(value: object, place: Place) -> str:
    """The file that a table extends."""
    folder = os.path.dirname(os.path.abspath(place.file))
    try:
        target = str(keys()[EXTEND].kind.read(value, folder))
    except WrongValueError as error:
        raise ConfigError(place.of(f"{EXTEND} {error}")) from error
    if not os.path.isfile(target):
        raise ConfigError(place.of(f"{EXTEND}: there is no file {Path(target)}"))
    return target
