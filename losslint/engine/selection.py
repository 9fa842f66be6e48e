"""Which modules to run: those that can hold a loss or an activation, and those that bring them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from losslint.finding import Problem
from losslint.names.import_lines import Imports, closure
from losslint.names.project import Project, Unit


def relevant(units: Iterable[Unit], terms: tuple[bytes, ...]) -> list[Unit]:
    """The modules whose text holds one of the terms."""
    return [unit for unit in units if unit.mentions_any(terms)]


def roots(
    project: Project,
    imports: Imports,
    reported: set[Path],
    terms: tuple[tuple[bytes, ...], tuple[bytes, ...]],
    excluded: Collection[Path] = (),
) -> list[Unit]:
    """The modules to run, in the order of their paths. `terms` are those of files worth a look, and those of files with a loss.

    Asked for a whole project these are the relevant modules, and those that import a module with a loss, or one in
    which it registers its loss, and so may bring a model to it; asked for some files it is these files and whatever imports them, near or far. Files that are excluded are none of them.
    """
    gates, sinks = terms
    units = [project.units[file] for file in sorted(project.units) if file not in excluded]
    everything = reported.issuperset(unit.file for unit in units)
    useful = set(relevant(units, gates))
    if not useful:
        return []
    importers = imports.importers(units)
    losses = _with_subclasses(relevant(useful, sinks), importers, imports)
    known_by = {*losses, *(registry for unit in losses for registry in imports.registries(unit))}
    wanted = useful | {one for unit in known_by for one in importers.get(unit, ())}
    if not everything:
        near = _dependents({project.units[file] for file in reported if file in project.units}, importers)
        wanted = {unit for unit in near if unit in wanted or imports.of(unit) & useful}
    return [unit for unit in units if unit in wanted and not isinstance(unit.document, Problem)]


def roots_around(project: Project, imports: Imports, sources: set[Unit], also: set[Unit]) -> list[Unit]:
    """The modules from which code in `sources` can be reached, whatever they hold, and those of `also`, in the order of paths."""
    units = [project.units[file] for file in sorted(project.units)]
    wanted = also | _dependents(sources, imports.importers(units))
    return [unit for unit in units if unit in wanted and not isinstance(unit.document, Problem)]


def _with_subclasses(losses: list[Unit], importers: dict[Unit, set[Unit]], imports: Imports) -> set[Unit]:
    """Modules with a loss, and those that build a class on one of theirs: whoever builds such an object may be anywhere."""

    def built_on(module: Unit) -> Iterator[Unit]:
        return (unit for unit in importers.get(module, ()) if imports.builds_on(unit, module))

    return closure(losses, built_on)


def _dependents(start: set[Unit], importers: dict[Unit, set[Unit]]) -> set[Unit]:
    return closure(start, lambda unit: importers.get(unit, set()))
