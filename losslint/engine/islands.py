"""Islands: modules to run that have nothing to do with each other, so that each island is analysed, kept and forgotten alone.

Two modules to run belong together where one imports the other, near or far. A module that is not run on its own account does
not join those that import it: each of them runs it with what it brings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from losslint.names.import_lines import Imports
from losslint.names.project import Unit


@dataclass(frozen=True, slots=True, eq=False)
class Island:
    """Modules to run together, in the order of their paths, and those whose text may bear on what is found.

    `neighbours` are all modules that these import or that import them, and so on. A module that is imported only by a name
    made at run time is not among them.
    """

    roots: tuple[Unit, ...]
    neighbours: tuple[Unit, ...]


class _Groups:
    """Modules in groups that grow together (disjoint sets)."""

    __slots__ = ("_parents",)

    def __init__(self, units: Iterable[Unit]) -> None:
        self._parents = {unit: unit for unit in units}

    def of(self, unit: Unit) -> Unit:
        """The module that stands for the group of this one."""
        parents = self._parents
        while parents[unit] is not unit:
            parents[unit] = unit = parents[parents[unit]]
        return unit

    def join(self, one: Unit, others: Iterable[Unit]) -> None:
        """Make one group of these."""
        for other in others:
            self._parents[self.of(other)] = self.of(one)

    def members(self, units: Iterable[Unit]) -> dict[Unit, list[Unit]]:
        """The groups of these modules, by what stands for each, in the order of their first modules."""
        found: dict[Unit, list[Unit]] = {}
        for unit in units:
            found.setdefault(self.of(unit), []).append(unit)
        return found


def islands(roots: Sequence[Unit], everything: Sequence[Unit], imports: Imports) -> list[Island]:
    """The islands among the modules to run, by their first module; `everything` are all modules of the project in order."""
    wide, narrow = _Groups(everything), _Groups(roots)
    for unit in everything:
        wide.join(unit, imports.of(unit))
    wanted = set(roots)
    for unit in roots:
        narrow.join(unit, _reached(unit, wanted, imports))
    grounds = wide.members(everything)
    return [Island(tuple(group), tuple(grounds[wide.of(group[0])])) for group in narrow.members(roots).values()]


def _reached(start: Unit, roots: Collection[Unit], imports: Imports) -> set[Unit]:
    """The modules to run that this one imports, directly or through others that are not run themselves."""
    found: set[Unit] = set()
    seen = {start}
    pending = [start]
    while pending:
        for unit in imports.of(pending.pop()) - seen:
            seen.add(unit)
            if unit in roots:
                found.add(unit)
            else:
                pending.append(unit)
    return found
