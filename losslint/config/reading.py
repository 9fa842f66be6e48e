"""From a table to what it says, with every mistake in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from losslint.config.choice import Choice, normalise
from losslint.config.error import ConfigError, Place, nearest
from losslint.config.keys import EXTEND, TABLES, Key, keys
from losslint.config.kinds import WrongValueError
from losslint.config.settings import Tables

Rules = Sequence[tuple[str, str]]
"""Code and name of each rule there is."""


def read(file: str | Place, table: Mapping[str, Any], rules: Rules | None = None) -> Choice:
    """What a table says, names of rules turned to codes where `rules` are given.

    Raises ConfigError with a line for each mistake. Tables on the user's own layers, functions and losses are looked at when
    their rows are asked for, or here where there is a mistake already.
    """
    place = file if isinstance(file, Place) else Place(str(file))
    known = keys()
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, value in table.items():
        if name in known:
            _read_one(known[name], value, place, values, wrong)
        elif name not in TABLES:
            wrong.append(f"{place.of(f'has no key {name!r}')}{nearest(name, (*known, *TABLES))}")
    tables = {name: table[name] for name in TABLES if name in table}
    choice = Choice(**values, tables=(Tables(place.file, place.home, tables),) if tables else ())
    if rules is not None:
        choice = _collected(wrong, choice, rules, place)
    if wrong:
        raise ConfigError("\n".join([*wrong, *_wrong_rows(choice.tables)]))
    return choice


def _read_one(key: Key, value: object, place: Place, values: dict[str, Any], wrong: list[str]) -> None:
    try:
        found = key.kind.read(value, place.folder)
    except WrongValueError as error:
        wrong.append(place.of(f"{key.name} {error}"))
        return
    if key.name == EXTEND:
        return
    values[key.field] = (*values.get("ignore", ()), *found) if key.field == "ignore" else found


def _collected(wrong: list[str], choice: Choice, rules: Rules, place: Place) -> Choice:
    try:
        return normalise(choice, rules, place)
    except ConfigError as error:
        wrong.append(str(error))
        return choice


def _wrong_rows(tables: Iterable[Tables]) -> list[str]:
    from losslint.config.tables import rows_of

    try:
        rows_of(tuple(tables))
    except ConfigError as error:
        return [str(error)]
    return []
