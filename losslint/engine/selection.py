"""Which modules to run: those that can hold a loss or an activation, and those that bring them together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from losslint.finding import Problem
from losslint.names.project import Project, Unit

_IMPORT = re.compile(
    rb"^[ \t\"]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.MULTILINE
)
_NAME = re.compile(rb"\w+")
_MODULE = re.compile(rb"[\w.]+")


def relevant(units: Iterable[Unit], terms: tuple[bytes, ...]) -> list[Unit]:
    """The modules whose text holds one of the terms."""
    return [unit for unit in units if any(term in unit.data for term in terms)]


class Imports:
    """Which modules each module imports, looked up once."""

    __slots__ = ("_direct", "_project")

    def __init__(self, project: Project) -> None:
        self._project = project
        self._direct: dict[Unit, set[Unit]] = {}

    def direct(self, unit: Unit) -> set[Unit]:
        """The modules that the text of a module names."""
        found = self._direct.get(unit)
        if found is None:
            found = self._direct[unit] = imported_by(unit, self._project)
        return found

    def of(self, unit: Unit) -> set[Unit]:
        """The modules that a module imports; a package stands for what its ``__init__`` brings together."""
        found = set(self.direct(unit))
        pending = [one for one in found if one.is_package]
        while pending:
            for inner in self.direct(pending.pop()):
                if inner not in found:
                    found.add(inner)
                    if inner.is_package:
                        pending.append(inner)
        found.discard(unit)
        return found


def imported_by(unit: Unit, project: Project) -> set[Unit]:
    """The modules that a module's text imports, as far as a look at its lines tells."""
    found: set[Unit] = set()
    for match in _IMPORT.finditer(unit.data):
        dots, module, names, plain = match.groups()
        if plain is not None:
            for name in _MODULE.findall(plain):
                _add(found, project.resolve(unit, _parts(name), 0))
            continue
        level, parts = len(dots), _parts(module)
        _add(found, project.resolve(unit, parts, level))
        for name in _NAME.findall(names):
            _add(found, project.resolve(unit, (*parts, name.decode()), level))
    found.discard(unit)
    return found


def _parts(dotted: bytes) -> tuple[str, ...]:
    return tuple(part for part in dotted.decode(errors="replace").split(".") if part)


def _add(found: set[Unit], unit: Unit | None) -> None:
    if unit is not None:
        found.add(unit)


def roots(project: Project, reported: set[Path], terms: tuple[bytes, ...]) -> list[Unit]:
    """The modules to run, in the order of their paths.

    Asked for a whole project these are the relevant modules and those that import them; asked for some files it is these
    files and whatever imports them, near or far.
    """
    units = [project.units[file] for file in sorted(project.units)]
    everything = reported.issuperset(project.units)
    useful = set(relevant(units if everything else units, terms))
    if not useful:
        return []
    imports = Imports(project)
    importers: dict[Unit, set[Unit]] = {}
    for unit in units:
        if unit in useful or unit.mentions(b"import"):
            for other in imports.of(unit):
                importers.setdefault(other, set()).add(unit)
    if everything:
        wanted = useful | {one for unit in useful for one in importers.get(unit, ())}
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
