"""From the user's tables on layers, functions and losses to rows of knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from losslint.config.error import ConfigError, nearest
from losslint.config.settings import Tables

if TYPE_CHECKING:
    from losslint.knowledge.schema import Row


def rows_of(files: Sequence[Tables]) -> tuple[Row, ...]:
    """The rows of all files, those of later ones last: they win. Raises ConfigError where a table makes no sense."""
    return tuple(row for one in files for row in _rows_of(one))


def _rows_of(one: Tables) -> tuple[Row, ...]:
    from losslint.knowledge.user_rows import RowError, rows_of

    try:
        return rows_of(one.tables, one.home)
    except RowError as error:
        near = nearest(error.word, error.words) if error.word else ""
        raise ConfigError(f"{one.file}: {error}{near}") from error
