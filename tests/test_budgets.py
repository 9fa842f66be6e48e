"""Budgets bound the work of an analysis: what would explode is cut, and what is cut is said."""

from __future__ import annotations

import gc
import importlib

import pytest

from losslint.config import Settings
from losslint.domain.value import NONE
from losslint.interp import budgets, frame, importing
from losslint.interp.memory import Memory
from losslint.interp.store import ABSENT, Remembered, Store

check = importlib.import_module("losslint.engine.check").check

WRONG = """
import torch.nn as nn
import torch.nn.functional as F

def step(x, y):
    return F.cross_entropy(F.softmax(nn.Linear(4, 3)(x), dim=1), y)
"""


def project(folder, files):
    (folder / "setup.py").write_text("")
    for name, text in files.items():
        (folder / name).write_text(text)
    return check([str(folder)], Settings(isolated=True), map_losses=True)


def doubling(levels):
    """Objects that hold two objects of the level below: each call would make twice as many."""
    lines = [
        "import torch.nn as nn",
        "import torch.nn.functional as F",
        "class C0:",
        "    def __init__(self): self.a = nn.Linear(4, 3)",
    ]
    for level in range(1, levels):
        lines += [f"class C{level}:", f"    def __init__(self): self.a = C{level - 1}(); self.b = C{level - 1}()"]
    return "\n".join([*lines, f"top = C{levels - 1}()", "def f(x, y): return F.nll_loss(C0().a(x), y)", ""])


def test_what_doubles_at_each_level_is_cut_and_the_rest_goes_on(tmp_path, monkeypatch):
    made = []
    run_of = frame.Run.fresh
    monkeypatch.setattr(frame.Run, "fresh", lambda run: made.append(1) or run_of(run))
    outcome = project(tmp_path, {"a.py": doubling(26), "b.py": WRONG})
    assert len(made) < 60_000  # 2 ** 25 objects otherwise
    assert [finding.code for finding in outcome.findings] == ["LL112", "LL101"]


def test_modules_beyond_the_limit_of_lines_are_named_as_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "MAX_LINES", 3)
    files = {
        "plain.py": "import torch.nn as nn\n\ndef make():\n    return nn.Linear(4, 3)\n",
        "train.py": "from plain import make\nimport torch.nn.functional as F\n\ndef f(x, y):\n    return F.nll_loss(make()(x), y)\n",
    }
    outcome = project(tmp_path, files)
    assert outcome.findings == ()
    assert ["not read" in reason for loss in outcome.losses for reason in loss.reasons] == [True]


@pytest.mark.parametrize(
    ("used", "budget"), [(0, budgets.STEPS_PER_ROOT), (budgets.STEPS_IN_ALL, budgets.STEPS_PER_ROOT // 6)]
)
def test_roots_get_less_once_very_many_steps_were_taken(used, budget):
    run = frame.Run(None, None, None, None)  # type: ignore[arg-type]
    run.work.steps_in_all = used
    run.begin_root()
    assert run.work.steps_left == budget


def test_work_on_many_cells_counts():
    run = frame.Run(None, None, None, None)  # type: ignore[arg-type]
    run.begin_root()
    run.work.charge(budgets.CELLS_PER_STEP * 7 + 1)
    assert run.work.steps_left == budgets.STEPS_PER_ROOT - 7


def entry(cells):
    reads = {(number, "name"): ABSENT for number in range(cells)}
    return Remembered(dict(reads), {}, {}, NONE, 0, 0)


def test_memory_is_emptied_between_roots_once_it_holds_too_much():
    memory = Memory()
    memory.keep("way", entry(budgets.REMEMBERED_CELLS))
    memory.trim()
    assert len(memory.of("way")) == 1
    memory.keep("other", entry(1))
    memory.trim()
    assert memory.of("way") == memory.of("other") == []


def test_a_forgotten_run_is_no_new_way_to_run_a_function():
    memory = Memory()
    memory.keep("way", entry(budgets.REMEMBERED_CELLS))
    memory.keep("way", entry(1))
    assert not memory.runs_again("way")
    memory.trim()
    assert [memory.runs_again("way") for _ in range(3)] == [True, True, False]
    assert not memory.runs_again("other")


def test_layers_go_when_nobody_holds_them():
    """The collector is off during a run, so a cycle through a layer would keep all that its call read."""
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(one, Store) for one in gc.get_objects())
        layer = Store(Store(Store(), recording=True).fork(), recording=True)
        layer.look_up(("a test",))
        del layer
        assert sum(isinstance(one, Store) for one in gc.get_objects()) == before
    finally:
        gc.enable()


def test_a_root_ends_when_it_only_goes_where_others_went():
    work = budgets.Work()
    work.begin_root()
    statements = [object() for _ in range(3)]
    assert all(work.enter(one) for one in statements)  # type: ignore[arg-type]
    steps = 0
    while work.enter(statements[0]):  # type: ignore[arg-type]
        steps += 1
    assert steps == budgets.PATIENCE - 1
    assert work.is_used_up
    work.find_new()
    assert not work.is_used_up
