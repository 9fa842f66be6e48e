"""Remembered calls by function and arguments, within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field

from losslint.interp.budgets import REMEMBERED_CELLS
from losslint.interp.store import Remembered

MAX_OF_ONE = 6
"""How many runs of one function with the same arguments are kept: they differ in what they read."""


@dataclass(slots=True, eq=False)
class Memory:
    """What calls read, wrote and gave. `trim` forgets all of it once it holds very many cells, but for the number of runs."""

    _kept: dict[object, list[Remembered]] = field(default_factory=dict)
    _forgotten: dict[object, int] = field(default_factory=dict)
    _cells: int = 0

    def of(self, key: object) -> list[Remembered]:
        """The runs of a function with these arguments."""
        return self._kept.get(key, [])

    def keep(self, key: object, run: Remembered) -> None:
        """Remember one more run, unless there are enough."""
        kept = self._kept.setdefault(key, [])
        if len(kept) < MAX_OF_ONE:
            kept.append(run)
            self._cells += len(run.reads) + len(run.writes)

    def trim(self) -> None:
        """Make room, if need be; called between roots."""
        if self._cells <= REMEMBERED_CELLS:
            return
        for key, kept in self._kept.items():
            self._forgotten[key] = self._forgotten.get(key, 0) + len(kept)
        self._kept.clear()
        self._cells = 0

    def runs_again(self, key: object) -> bool:
        """True where a run to come was known before and forgotten, so that it is none of the new ways to run a function."""
        times = self._forgotten.get(key, 0)
        if times:
            self._forgotten[key] = times - 1
        return times > 0
