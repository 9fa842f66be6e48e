"""Tab-separated lists with a header: read and written alike, so that a diff shows what changed and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path


def read_rows(path: Path, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows below the header. A list with other columns, or a row of another length, is an error that names its line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != tuple(columns):
        raise ValueError(f"{path}:1: the columns should be {', '.join(columns)}")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        row = tuple(line.split("\t"))
        if len(row) != len(columns):
            raise ValueError(f"{path}:{number}: {len(row)} columns, not {len(columns)}")
        rows.append(row)
    return rows


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a header and rows."""
    lines = ["\t".join(columns), *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
