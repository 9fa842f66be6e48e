"""Notebooks: the code cells of a Jupyter file, with the place of each string, read without losing a byte of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from losslint.source.cell_map import CellMap, CodeLine, Piece
from losslint.source.magics import left_out, masked

_SPACE = re.compile(r"[ \t\r\n]*")
_LINE_END = re.compile(r"\r\n?|\n")
_OTHER_KERNELS = (
    "ir",
    "julia",
    "scala",
    "javascript",
    "bash",
    "c++",
    "xcpp",
    "sas",
    "octave",
    "matlab",
    "ruby",
    "rust",
    "go",
)


class NotebookError(Exception):
    """The text is no notebook: says why, and in which line where that is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(slots=True)
class _Cell:
    """One cell while it is read: values of the keys that matter, and its source as strings with their raw bounds."""

    values: dict[str, Any] = field(default_factory=dict)
    strings: list[tuple[str, int, int]] = field(default_factory=list)


def read_notebook(raw: str) -> CellMap:
    """The code of a notebook of format 2, 3 or 4; no code at all where its language is not Python.

    Raises NotebookError.
    """
    if not raw.strip(" \t\r\n"):
        return CellMap(raw, "", (), (), ())
    try:
        cells, metadata = _Reader(raw).notebook()
    except json.JSONDecodeError as error:
        raise NotebookError(f"not JSON ({error.msg.lower()})", error.lineno) from error
    except RecursionError as error:
        raise NotebookError("nested too deeply") from error
    if not _is_python(metadata):
        return CellMap(raw, "", (), (), ())
    return _map_of(raw, cells)


def _map_of(raw: str, cells: list[_Cell]) -> CellMap:
    lines: list[CodeLine] = []
    pieces: list[Piece] = []
    text: list[str] = []
    ranges = []
    at = 0
    for number, cell in enumerate(cells, start=1):
        strings = [string for string in cell.strings if string[0]] if _is_code(cell) else []
        if not strings:
            continue
        start = at
        for value, raw_start, raw_end in strings:
            piece = Piece(at, len(value), raw_start, raw_end)
            pieces.append(_with_line(raw, piece, pieces[-1] if pieces else None))
            at += len(value)
        found = _lines_of("".join(value for value, _, _ in strings), start, number)
        ranges.append(range(len(text) + 1, len(text) + 1 + len(found)))
        text += [shown for shown, _ in found]
        lines += [line for _, line in found]
        at += 1
    return CellMap(raw, "".join(f"{line}\n" for line in text), tuple(ranges), tuple(lines), tuple(pieces))


def _with_line(raw: str, piece: Piece, before: Piece | None) -> Piece:
    """A piece with the line that it stands on, counted from the piece before it."""
    start, line, line_start = (before.raw_end, before.line, before.line_start) if before is not None else (0, 1, 0)
    stop = piece.raw_start
    line += raw.count("\n", start, stop) + raw.count("\r", start, stop) - raw.count("\r\n", start, stop)
    end = max(raw.rfind("\n", start, stop), raw.rfind("\r", start, stop))
    return replace(piece, line=line, line_start=line_start if end < 0 else end + 1)


def _lines_of(code: str, start: int, cell: int) -> list[tuple[str, CodeLine]]:
    """The lines of one cell as the parser gets them, each with its origin."""
    ends = [*_LINE_END.finditer(code)]
    starts = [0, *(end.end() for end in ends)]
    stops = [*(end.start() for end in ends), len(code)]
    if starts[-1] == len(code):
        del starts[-1], stops[-1]
    written = [code[begin:stop] for begin, stop in zip(starts, stops, strict=True)]
    left = left_out(written)
    shown = masked([line[count:] for line, count in zip(written, left, strict=True)])
    lines = (
        CodeLine(start + begin, line, cell, number, count)
        for number, (begin, line, count) in enumerate(zip(starts, written, left, strict=True), start=1)
    )
    return list(zip(shown, lines, strict=True))


def _is_code(cell: _Cell) -> bool:
    if cell.values.get("cell_type") != "code":
        return False
    language = cell.values.get("language") or _at(cell.values, "metadata", "vscode", "languageId")
    return not isinstance(language, str) or _names_python(language)


def _is_python(metadata: object) -> bool:
    """True where a notebook's language is Python or not told."""
    for keys in (("language_info", "name"), ("kernelspec", "language")):
        language = _at(metadata, *keys)
        if isinstance(language, str) and language:
            return _names_python(language)
    kernel = _at(metadata, "kernelspec", "name")
    return not isinstance(kernel, str) or re.split(r"[-_\d]", kernel.lower())[0] not in _OTHER_KERNELS


def _names_python(language: str) -> bool:
    return language.lower().startswith(("python", "ipython"))


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


class _Reader:
    """Reads the JSON of a notebook: objects and arrays on the way to the sources by itself, the rest by the library."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        # Numbers do not matter, and an integer of many digits is refused by int.
        self._decoder = json.JSONDecoder(parse_int=float)

    def notebook(self) -> tuple[list[_Cell], object]:
        """The cells in order, markdown included, and the metadata. Raises JSONDecodeError, NotebookError."""
        found: dict[str, Any] = {}

        def member(key: str, at: int) -> int:
            if key in ("cells", "worksheets"):
                found[key] = []
                one = self._cell if key == "cells" else self._worksheet
                return self._array(at, lambda item: one(item, found[key]))
            if key == "metadata":
                found[key], at = self._value(at)
                return at
            return self._value(at)[1]

        start = self._after_space(0)
        if not self._raw.startswith("{", start):
            self._value(start)
            raise NotebookError("no JSON object")
        end = self._after_space(self._object(start, member))
        if end != len(self._raw):
            raise json.JSONDecodeError("Extra data", self._raw, end)
        if "cells" not in found and "worksheets" not in found:
            raise NotebookError("it has no cells")
        return found.get("cells", found.get("worksheets", [])), found.get("metadata")

    def _worksheet(self, at: int, cells: list[_Cell]) -> int:
        def member(key: str, at: int) -> int:
            return self._array(at, lambda item: self._cell(item, cells)) if key == "cells" else self._value(at)[1]

        return self._object(at, member)

    def _cell(self, at: int, cells: list[_Cell]) -> int:
        cell = _Cell()
        cells.append(cell)

        def member(key: str, at: int) -> int:
            if key in ("source", "input"):
                cell.strings.clear()
                if self._raw.startswith("[", at):
                    return self._array(at, lambda item: self._string(item, cell))
                return self._string(at, cell)
            value, end = self._value(at)
            if key in ("cell_type", "language", "metadata"):
                cell.values[key] = value
            return end

        return self._object(at, member)

    def _string(self, at: int, cell: _Cell) -> int:
        value, end = self._value(at)
        if isinstance(value, str):
            cell.strings.append((value, at + 1, end - 1))
        return end

    def _object(self, at: int, member: Callable[[str, int], int]) -> int:
        """Read an object; `member` gets each key and where its value begins, and says where that ends.

        A value of another kind is passed over.
        """
        if not self._raw.startswith("{", at):
            return self._value(at)[1]
        at = self._after_space(at + 1)
        if self._raw.startswith("}", at):
            return at + 1
        while True:
            if not self._raw.startswith('"', at):
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", self._raw, at)
            key, at = self._value(at)
            at = self._after_space(self._after(":", at))
            at = self._after_space(member(key, at))
            if self._raw.startswith("}", at):
                return at + 1
            at = self._after_space(self._after(",", at))

    def _array(self, at: int, item: Callable[[int], int]) -> int:
        """Read an array; `item` gets where each item begins, and says where it ends. Another value is passed over."""
        if not self._raw.startswith("[", at):
            return self._value(at)[1]
        at = self._after_space(at + 1)
        if self._raw.startswith("]", at):
            return at + 1
        while True:
            at = self._after_space(item(at))
            if self._raw.startswith("]", at):
                return at + 1
            at = self._after_space(self._after(",", at))

    def _after(self, mark: str, at: int) -> int:
        at = self._after_space(at)
        if not self._raw.startswith(mark, at):
            raise json.JSONDecodeError(f"Expecting {mark!r}", self._raw, at)
        return at + 1

    def _after_space(self, at: int) -> int:
        space = _SPACE.match(self._raw, at)
        return space.end() if space else at

    def _value(self, at: int) -> tuple[Any, int]:
        return self._decoder.raw_decode(self._raw, at)
