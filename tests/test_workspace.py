"""A workspace: after each change it says what a check from nothing says, and a call that is given up does no harm."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from two_files import PLAIN, SOFT, TRAIN

from losslint import engine
from losslint.config import Settings
from losslint.engine.kept import Kept
from losslint.engine.outcome import Part
from losslint.engine.workspace import Workspace
from losslint.source.tree import parse

OTHER = """import torch
import torch.nn.functional as F


def step(x, y):
    return F.cross_entropy(torch.sigmoid(torch.nn.Linear(4, 3)(x)), y)
"""


@pytest.fixture
def project(folder):
    for name, text in (("model.py", PLAIN), ("train.py", TRAIN), ("other.py", OTHER)):
        (folder / name).write_text(text)
    return folder


def told(outcome):
    return [(one.code, one.span, one.certainty, one.message) for one in outcome.findings], outcome.problems


def from_nothing(overlay):
    return told(engine.check(["."], Settings(), overlay=overlay))


def test_a_change_in_one_file_brings_a_finding_in_another(project):
    work, model = Workspace(project, Settings()), project / "model.py"
    assert [one.span.path for one in work.check({}).findings] == ["other.py"]
    found = work.check({model: SOFT.encode()}, [model]).findings
    assert [(one.span.path, one.code) for one in found] == [("other.py", "LL103"), ("train.py", "LL101")]
    assert [one.span.path for one in work.check({}, [model]).findings] == ["other.py"]


def test_without_fixes_what_is_not_touched_keeps_its_own(project):
    work, model = Workspace(project, Settings()), project / "model.py"
    work.check({})
    found = {one.span.path: one.fix for one in work.check({model: SOFT.encode()}, [model], mend=False).findings}
    assert found["other.py"] is not None
    assert found["train.py"] is None


def test_a_directive_that_is_needed_no_more_is_told_at_once(project):
    train = project / "train.py"
    work = Workspace(project, Settings())
    quiet = {train: TRAIN.replace("y)\n", "y)  # noqa: LL101\n", 1).encode(), project / "model.py": SOFT.encode()}
    assert [one.code for one in work.check(quiet).findings] == ["LL103"]
    quiet[train] = TRAIN.replace("y)\n", "y)  # noqa: LL103\n", 1).encode()
    found = work.check(quiet, [train]).findings
    assert [(one.code, one.span.path) for one in found] == [
        ("LL103", "other.py"),
        ("LL101", "train.py"),
        ("LL001", "train.py"),
    ]


def test_a_directive_in_a_file_that_imports_the_changed_one_is_told_too(project):
    train, model = project / "train.py", project / "model.py"
    train.write_text(TRAIN.replace("y)\n", "y)  # noqa: LL101\n", 1))
    work = Workspace(project, Settings())
    assert ("LL001", "train.py") not in _codes(work.check({model: SOFT.encode()}))
    mended = {model: model.read_bytes()}
    assert ("LL001", "train.py") in _codes(work.check(mended, [model]))
    mended[model] += b"# a comment\n"
    assert ("LL001", "train.py") in _codes(work.check(mended, [model]))
    assert ("LL001", "train.py") not in _codes(work.check({model: SOFT.encode()}, [model]))


def _codes(outcome):
    return [(one.code, one.span.path) for one in outcome.findings]


def test_a_new_file_and_a_file_that_is_gone(project):
    work, fresh = Workspace(project, Settings()), project / "fresh.py"
    work.check({})
    assert len(work.check({fresh: OTHER.encode()}, [fresh]).findings) == 2
    (project / "other.py").unlink()
    assert told(work.check({}, None)) == from_nothing({})


def test_a_call_that_is_given_up_does_no_harm(project):
    work, model = Workspace(project, Settings()), project / "model.py"
    work.check({})

    def give_up(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        work.check({model: SOFT.encode()}, [model], give_up)
    assert told(work.check({model: SOFT.encode()}, [model])) == from_nothing({model: SOFT.encode()})


def edits(count):
    """Texts of the three files, one changed at a time."""
    chosen = random.Random(11)
    choices = {
        "model.py": (PLAIN, SOFT, PLAIN.replace("self.fc(x)", "self.fc(x).tanh()"), "def ("),
        "train.py": (TRAIN, TRAIN.replace("CrossEntropyLoss", "NLLLoss"), "from model import Net\n", OTHER),
        "other.py": (OTHER, OTHER.replace("torch.sigmoid", ""), "import model\n" + OTHER, TRAIN, ""),
    }
    for _ in range(count):
        name = chosen.choice(sorted(choices))
        yield name, chosen.choice(choices[name])


def test_after_each_of_many_changes_it_says_what_a_check_from_nothing_says(project):
    work, overlay = Workspace(project, Settings()), {}
    work.check(overlay)
    for name, text in edits(40):
        file = Path(project / name)
        overlay = {**overlay, file: text.encode()}
        found, problems = told(work.check(overlay, [file]))
        expected, least = from_nothing(overlay)
        assert found == expected, (name, text)
        assert {*least} <= {*problems}  # it may know more: a file that it had to parse once and need not any more


def test_calls_that_are_given_up_on_the_way_leave_what_the_next_one_needs(project):
    work, overlay = Workspace(project, Settings()), {}
    work.check(overlay)
    chosen, pending = random.Random(5), set()
    for name, text in edits(40):
        file = Path(project / name)
        overlay, pending = {**overlay, file: text.encode()}, {*pending, file}
        left = chosen.randint(0, 6)

        def tell(done, total):
            nonlocal left
            left -= 1
            if left < 0:
                raise InterruptedError

        try:
            work.check(overlay, chosen.choice([pending, pending, None]), tell)
        except InterruptedError:
            continue
        pending = set()
        assert told(work.check(overlay, ()))[0] == from_nothing(overlay)[0]
    assert told(work.check(overlay, pending))[0] == from_nothing(overlay)[0]


def test_an_open_file_is_parsed_around_its_change_alone(project, monkeypatch):
    work, other = Workspace(project, Settings()), project / "other.py"
    text = OTHER + "\n\nepochs = 1\n\n\nwidth = 2\n"
    work.check({other: text.encode()})
    whole = []
    monkeypatch.setattr("losslint.engine.workspace.parse", lambda document: whole.append(document) or parse(document))
    more = text + "depth = 3\n"
    for new in (more, more.replace("torch.sigmoid", "torch.tanh"), OTHER, "# begins otherwise\n" + OTHER):
        overlay = {other: new.encode()}
        assert told(work.check(overlay, [other])) == from_nothing(overlay)
    assert [one.text for one in whole] == ["# begins otherwise\n" + OTHER]


def test_only_the_latest_parts_are_kept_in_memory(monkeypatch):
    monkeypatch.setattr("losslint.engine.kept.MOST", 2)
    kept = Kept()
    for name in (b"a", b"b", b"c"):
        kept.put(name, Part())
    assert [kept.get(name) is not None for name in (b"a", b"b", b"c")] == [False, True, True]
