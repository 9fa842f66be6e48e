"""Which modules to run: those that can hold a loss or an activation, and those that bring them together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from losslint.finding import Problem
from losslint.names.project import Project, Unit

_IMPORT = re.compile(
    rb"^[ \t\"]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.MULTILINE
)
_NAME = re.compile(rb"\w+|\*")
_MODULE = re.compile(rb"[\w.]+")


def relevant(units: Iterable[Unit], terms: tuple[bytes, ...]) -> list[Unit]:
    """The modules whose text holds one of the terms."""
    return [unit for unit in units if any(term in unit.data for term in terms)]


class Imports:
    """Which modules each module imports, as far as a look at the lines of its text tells."""

    __slots__ = ("_lines", "_project")

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lines: dict[Unit, tuple[tuple[Unit, str], ...]] = {}

    def lines(self, unit: Unit) -> tuple[tuple[Unit, str], ...]:
        """Imported modules, each with the name that is taken from it: ``*`` for all, nothing for the module itself."""
        found = self._lines.get(unit)
        if found is None:
            found = self._lines[unit] = tuple(dict.fromkeys(_import_lines(unit, self._project)))
        return found

    def of(self, unit: Unit) -> set[Unit]:
        """The modules that a module imports; a name that a package re-exports stands for the module that it comes from."""
        found: set[Unit] = set()
        for module, name in self.lines(unit):
            self._follow(module, name, found, 0)
        found.discard(unit)
        return found

    def _follow(self, module: Unit, name: str, found: set[Unit], depth: int) -> None:
        if (module in found and not module.is_package) or depth > 4:
            return
        found.add(module)
        if not name or not module.is_package:
            return
        for inner, taken in self.lines(module):
            if name in ("*", taken) or taken == "*":
                self._follow(inner, taken if name == "*" else name, found, depth + 1)


def _import_lines(unit: Unit, project: Project) -> Iterator[tuple[Unit, str]]:
    for match in _IMPORT.finditer(unit.data):
        dots, module, names, plain = match.groups()
        if plain is not None:
            for name in _MODULE.findall(plain):
                target = project.resolve(unit, _parts(name), 0)
                if target is not None:
                    yield target, ""
            continue
        level, parts = len(dots), _parts(module)
        target = project.resolve(unit, parts, level)
        for taken in _NAME.findall(names):
            name = taken.decode(errors="replace")
            inner = project.resolve(unit, (*parts, name), level)
            if inner is not None:
                yield inner, ""
            elif target is not None:
                yield target, name


def _parts(dotted: bytes) -> tuple[str, ...]:
    return tuple(part for part in dotted.decode(errors="replace").split(".") if part)


def roots(project: Project, reported: set[Path], terms: tuple[bytes, ...], sinks: tuple[bytes, ...]) -> list[Unit]:
    """The modules to run, in the order of their paths.

    Asked for a whole project these are the relevant modules, and those that import a module with a loss (`sinks`) and so may
    bring a model to it; asked for some files it is these files and whatever imports them, near or far.
    """
    units = [project.units[file] for file in sorted(project.units)]
    everything = reported.issuperset(project.units)
    useful = set(relevant(units, terms))
    if not useful:
        return []
    imports = Imports(project)
    importers: dict[Unit, set[Unit]] = {}
    for unit in units:
        if unit in useful or unit.mentions(b"import"):
            for other in imports.of(unit):
                importers.setdefault(other, set()).add(unit)
    if everything:
        wanted = useful | {one for unit in relevant(useful, sinks) for one in importers.get(unit, ())}
    else:
        wanted = _dependents({project.units[file] for file in reported if file in project.units}, importers)
        wanted = {unit for unit in wanted if unit in useful or imports.of(unit) & useful}
    return [unit for unit in units if unit in wanted and not isinstance(unit.document, Problem)]


def _dependents(start: set[Unit], importers: dict[Unit, set[Unit]]) -> set[Unit]:
    seen, pending = set(start), list(start)
    while pending:
        for unit in importers.get(pending.pop(), ()):
            if unit not in seen:
                seen.add(unit)
                pending.append(unit)
    return seen
