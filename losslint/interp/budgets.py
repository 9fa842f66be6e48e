"""Budgets: what bounds the work of an analysis. They cut what would explode; `losses` names what they cut."""

from __future__ import annotations

STEPS_PER_ROOT = 12_000
STEPS_IN_ALL = 800_000
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
