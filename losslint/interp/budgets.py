"""Budgets: what bounds the work of an analysis. They cut what would explode; `losses` names what they cut."""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from losslint.names.definitions import FunctionDefinition

STEPS_PER_ROOT = 12_000
PATIENCE = 1_500
"""Steps that a root may take without coming upon a statement that no root has run, or seeing something new at a loss: it
only goes again where others went before."""
STEPS_PER_MODULE = 30_000
"""Steps for the top level of a module, which runs once."""
STEPS_IN_ALL = 500_000
"""Steps of a whole analysis after which each root gets a smaller budget."""
RUNS_PER_ROOT = 8
"""Different ways in which one function's body is run below one root."""
RUNS_IN_ALL = 24
LOOSE_RUNS = 3
"""How often a function that used these up is run once more with arguments of which nothing is known."""
CHEAP = 1_500
"""Steps that may be spent in one function before the number of its runs counts."""
CELLS_PER_STEP = 24
"""How many cells of the store are read, copied or joined in the time of one step."""
STEPS_OF_WATCHING = 100_000
"""Steps of a whole run that looks for readers; one that needs more has not seen them all."""
LINES_OF_WATCHING = 20_000
"""Lines that such a run may read beyond those that were read before."""
REMEMBERED_CELLS = 200_000
"""How many cells that remembered calls read and wrote are kept; some 100 bytes each."""


@dataclass(slots=True, eq=False)
class Work:
    """How much work was done, and how much is left of the budget of the root at work."""

    steps_left: int = STEPS_PER_ROOT
    budget: int = STEPS_PER_ROOT
    stop_at: int = 0
    """So many steps are left when patience ends."""
    steps_in_all: int = 0
    covered: set[cst.CSTNode] = field(default_factory=set)
    """Statements that some root has run."""
    runs_in_root: dict[FunctionDefinition, int] = field(default_factory=dict)
    loose_runs: dict[FunctionDefinition, int] = field(default_factory=dict)
    runs_in_all: dict[FunctionDefinition, int] = field(default_factory=dict)
    spent: dict[FunctionDefinition, int] = field(default_factory=dict)
    """Steps spent in each function, those of its callees included."""

    def begin_root(self) -> None:
        """A new budget; a smaller one once very many steps were taken."""
        self.steps_in_all += max(self.budget - self.steps_left, 0)
        self.budget = STEPS_PER_ROOT if self.steps_in_all < STEPS_IN_ALL else STEPS_PER_ROOT // 6
        self.steps_left = self.budget
        self.find_new()
        self.runs_in_root.clear()

    def find_new(self) -> None:
        """Something new was seen: patience begins anew."""
        self.stop_at = max(self.steps_left - PATIENCE, 0)

    def enter(self, statement: cst.CSTNode) -> bool:
        """Use up one step for a statement; False when nothing is left."""
        self.steps_left -= 1
        if statement not in self.covered:
            self.covered.add(statement)
            self.find_new()
        return self.steps_left > self.stop_at

    def spend(self) -> bool:
        """Use up one step of the root's budget; False when nothing is left."""
        self.steps_left -= 1
        return self.steps_left > self.stop_at

    @property
    def is_used_up(self) -> bool:
        """True where nothing is left, so that what the root sees now is cut short."""
        return self.steps_left <= self.stop_at

    def begin_module(self) -> int:
        """A budget of its own for the top level of a module; gives what was left before, for `end_module`."""
        left, self.steps_left = self.steps_left, STEPS_PER_MODULE
        self.find_new()
        return left

    def end_module(self, left: int) -> None:
        """Go on with the budget of the root that asked for the module."""
        self.steps_left = left
        self.find_new()

    def charge(self, cells: int) -> None:
        """Use up steps for work on many cells at once, so that no root grows past its budget by copying."""
        self.steps_left -= cells // CELLS_PER_STEP

    def may_run(self, definition: FunctionDefinition) -> bool:
        """Count one more way to run a function's body; False where it ran in enough different ways already."""
        here = self.runs_in_root.get(definition, 0) + 1
        ever = self.runs_in_all.get(definition, 0) + 1
        if (here > RUNS_PER_ROOT or ever > RUNS_IN_ALL) and self.spent.get(definition, 0) > CHEAP:
            return False
        self.runs_in_root[definition], self.runs_in_all[definition] = here, ever
        return True

    def may_run_loosely(self, definition: FunctionDefinition) -> bool:
        """Count one more run with loose arguments of a function that ran in too many ways with exact ones."""
        times = self.loose_runs[definition] = self.loose_runs.get(definition, 0) + 1
        return times <= LOOSE_RUNS

    def note(self, definition: FunctionDefinition, left_before: int) -> None:
        """A run of a function has ended that began with so many steps left."""
        self.spent[definition] = self.spent.get(definition, 0) + max(left_before - self.steps_left, 0)
