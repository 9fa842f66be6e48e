"""The project: its files as modules, and which file an import means.

An import is looked for where Python would find it, and then where people make Python find it: beside the script, in each folder
above it up to the root, in `src` folders, and last anywhere in the project if just one file fits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import libcst as cst

from losslint.finding import Problem
from losslint.source.document import Document
from losslint.source.tree import parse

Reader = Callable[[Path], Document | Problem]
Parser = Callable[[Document], cst.Module | Problem]


class Unit:
    """One module of the project. Its text is read and parsed when it is first needed."""

    __slots__ = ("_code", "_document", "_mentions", "_project", "_tree", "file", "is_package", "parts")

    def __init__(self, project: Project, file: Path, parts: tuple[str, ...]) -> None:
        self._project = project
        self.file = file
        self.is_package = parts[-1:] == ("__init__",)
        self.parts = parts[:-1] if self.is_package else parts
        self._code: bytes | None = None
        self._document: Document | Problem | None = None
        self._mentions: dict[tuple[bytes, ...], bool] = {}
        self._tree: cst.Module | Problem | None = None

    @property
    def key(self) -> str:
        """Names the module: its file."""
        return str(self.file)

    @property
    def document(self) -> Document | Problem:
        """The text, or why it cannot be had."""
        if self._document is None:
            self._document = self._project.reader(self.file)
        return self._document

    @property
    def tree(self) -> cst.Module | Problem:
        """The syntax tree, or why there is none."""
        if self._tree is None:
            document = self.document
            self._tree = document if isinstance(document, Problem) else self._project.parser(document)
        return self._tree

    def forget_tree(self) -> None:
        """Give the memory of the syntax tree back; why there was none is kept."""
        if self.parsed:
            self._tree = None

    def reload(self) -> None:
        """Forget the text as well: it is another one now."""
        self._code = self._document = self._tree = None
        self._mentions.clear()

    @property
    def data(self) -> bytes:
        """The bytes of the file; none where it cannot be read."""
        document = self.document
        return b"" if isinstance(document, Problem) else document.data

    @property
    def code(self) -> bytes:
        """The bytes of the code in the file, which are those of the file itself unless it is a notebook or a document."""
        if self._code is None:
            document = self.document
            if isinstance(document, Problem) or document.extract is None:
                return self.data
            self._code = document.text.encode("utf-8", "surrogatepass")
        return self._code

    def mentions(self, word: bytes) -> bool:
        """True where the code holds `word`."""
        return word in self.code

    def mentions_any(self, words: tuple[bytes, ...]) -> bool:
        """True where the code holds one of the words."""
        known = self._mentions.get(words)
        if known is None:
            code = self.code
            known = self._mentions[words] = any(word in code for word in words)
        return known

    @property
    def problem(self) -> Problem | None:
        """Why the file could not be read or parsed, as far as that was tried."""
        if isinstance(self._document, Problem):
            return self._document
        return self._tree if isinstance(self._tree, Problem) else None

    @property
    def folder(self) -> tuple[str, ...]:
        """The package or folder that relative imports start from."""
        return self.parts if self.is_package else self.parts[:-1]

    @property
    def parsed(self) -> bool:
        """True once the file was parsed."""
        return isinstance(self._tree, cst.Module)


class Project:
    """All files below a root, by module path, and how imports find them."""

    __slots__ = ("_by_last", "_by_parts", "_folders", "parser", "reader", "root", "units")

    def __init__(self, root: Path, files: Iterable[Path], reader: Reader, parser: Parser = parse) -> None:
        self.root = root
        self.reader = reader
        self.parser = parser
        self.units: dict[Path, Unit] = {}
        self._by_parts: dict[tuple[str, ...], Unit] = {}
        self._by_last: dict[str, list[Unit]] = {}
        self._folders: set[tuple[str, ...]] = set()
        for file in files:
            self._add(file)

    def _add(self, file: Path) -> None:
        try:
            relative = PurePosixPath(file.relative_to(self.root).as_posix())
        except ValueError:
            relative = PurePosixPath(file.name)
        parts = (*relative.parts[:-1], relative.stem)
        unit = Unit(self, file, parts)
        self.units[file] = unit
        if relative.suffix == ".py" and unit.parts:
            self._by_parts.setdefault(unit.parts, unit)
            self._by_last.setdefault(unit.parts[-1], []).append(unit)
            self._folders.update(unit.folder[:length] for length in range(1, len(unit.folder) + 1))

    def resolve(self, importer: Unit, dotted: tuple[str, ...], level: int) -> Unit | None:
        """The module that an import of `dotted` in `importer` means; `level` counts leading dots."""
        if level:
            base = importer.folder
            if level > 1:
                base = base[: len(base) - (level - 1)]
            return self._by_parts.get(base + dotted)
        if not dotted or dotted[0] in sys.stdlib_module_names:
            return None
        folder = importer.folder if not importer.is_package else importer.parts
        for length in range(len(folder), -1, -1):
            found = self._by_parts.get(folder[:length] + dotted)
            if found is not None:
                return found
            found = self._by_parts.get((*folder[:length], "src", *dotted))
            if found is not None:
                return found
        return self._lonely(dotted)

    def _lonely(self, dotted: tuple[str, ...]) -> Unit | None:
        fits = [unit for unit in self._by_last.get(dotted[-1], ()) if unit.parts[-len(dotted) :] == dotted]
        return fits[0] if len(fits) == 1 else None

    def named(self, dotted: tuple[str, ...]) -> Unit | None:
        """The module that a dotted name means wherever it is written: below the root or `src`, or the only one whose path ends so."""
        return self._by_parts.get(dotted) or self._by_parts.get(("src", *dotted)) or self._lonely(dotted)

    def has_package(self, importer: Unit, dotted: tuple[str, ...], level: int) -> tuple[str, ...] | None:
        """The parts of a folder without ``__init__.py`` that an import means (a namespace package)."""
        folder = importer.folder
        if level:
            bases = [folder[: len(folder) - (level - 1)] if level > 1 else folder]
        else:
            bases = [folder[:length] for length in range(len(folder), -1, -1)]
        return next((base + dotted for base in bases if base + dotted in self._folders), None)

    def modules_in(self, folder: tuple[str, ...]) -> list[Unit]:
        """The modules that lie right in a folder, by name."""
        return [unit for _, unit in sorted(self._by_parts.items()) if unit.folder == folder and not unit.is_package]

    def by_parts(self, parts: tuple[str, ...]) -> Unit | None:
        """The module at exactly this path below the root."""
        return self._by_parts.get(parts)

    def is_folder(self, parts: tuple[str, ...]) -> bool:
        """True for a folder that holds modules."""
        return parts in self._folders
