"""Which configuration counts where: the one of a run, and those nearer to some of its files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from losslint.config.choice import Choice, merge
from losslint.config.error import ConfigError
from losslint.config.files import Layer, common_folder, layers, nearest_file
from losslint.config.reading import Rules
from losslint.config.settings import Settings


def found_layers(paths: Sequence[str], rules: Rules) -> tuple[Layer, ...]:
    """What the configuration nearest to these paths says, the files that it extends first; nothing where there is none."""
    file = nearest_file(common_folder(paths), {})
    return () if file is None else layers(file, rules)


def laid(choices: Iterable[Choice], settings: Settings | None = None) -> Settings:
    """Choices laid one over the other."""
    settings = Settings() if settings is None else settings
    for choice in choices:
        settings = merge(settings, choice)
    return settings


def governed(settings: Settings, reported: Collection[Path], others: Collection[Path], rules: Rules) -> Settings:
    """The settings with those of nearer configuration files, for reported files and for all that findings may lie in.

    The tables of all configurations that count for reported files join. What comes back is complete: asked again it stays.
    Raises ConfigError where one of these makes no sense; where that is so of one for other files alone, it does not count.
    """
    if settings.over is None:
        return settings
    known: dict[str, str | None] = {}
    folders = _folders(reported)
    needed = [file for folder in sorted(folders) if (file := nearest_file(folder, known)) is not None]
    nested = {file: _read(file, settings.over, rules) for file in needed if file != settings.file}
    extra = [one for inner in nested.values() for one in inner.tables]
    tables = tuple(one for place, one in enumerate(extra) if one not in (*settings.tables, *extra[:place]))
    elsewhere = _folders(others) - folders if len(others) > len(reported) else ()
    for folder in sorted(elsewhere):
        file = _nearest(folder, known)
        if file is not None and file != settings.file and file not in nested:
            try:
                nested[file] = _read(file, settings.over, rules)
            except ConfigError:
                continue
    if not nested:
        return replace(settings, over=None)
    if settings.file is not None:
        nested[settings.file] = settings
    inner = [(os.path.dirname(file), replace(one, over=None, tables=())) for file, one in nested.items()]
    tables = (*settings.tables, *tables)
    return replace(settings, over=None, tables=tables, nested=tuple(sorted(inner, key=_depth)))


def _folders(files: Iterable[Path]) -> set[str]:
    return {str(file).rpartition(os.sep)[0] or os.sep for file in files}


def _nearest(folder: str, known: dict[str, str | None]) -> str | None:
    try:
        return nearest_file(folder, known)
    except ConfigError:
        return None


def _read(file: str, over: Sequence[Choice], rules: Rules) -> Settings:
    return replace(laid([*(layer.choice for layer in layers(file, rules)), *over]), file=file)


def _depth(item: tuple[str, Settings]) -> tuple[int, str]:
    return -len(item[0]), item[0]
