"""Directives that keep nothing back: which are told of, which are left alone, and how they are removed."""

from __future__ import annotations

import pytest
from fixing_tools import notebook, sources

from losslint.config import Settings
from losslint.engine import check
from losslint.engine.fixing import fix_all
from losslint.engine.remote import Task, _given_up
from losslint.finding import Applicability, Certainty, Severity

MODEL = "import torch.nn.functional as F\n\n\ndef forward(x):\n    return F.softmax(x, dim=1)\n"
TRAIN = (
    "import torch.nn.functional as F\n\nfrom model import forward\n\n\n"
    "def step(x, y):\n    return F.cross_entropy(forward(x), y)\n"
)
RIGHT = "import torch.nn.functional as F\n\n\ndef step(x, y):\n    return F.cross_entropy(x, y){}\n"


def told(*paths, **settings):
    found = check(paths or (".",), Settings(**settings)).findings
    return [(one.code, one.span.path, one.span.line) for one in found]


def messages(text, folder, **settings):
    (folder / "train.py").write_text(text)
    return [one.message for one in check(["train.py"], Settings(**settings)).findings]


def at_end(text, comment):
    return text.rstrip("\n") + f"  {comment}\n"


@pytest.mark.parametrize("given", ["model.py", "train.py", "."])
@pytest.mark.parametrize("file", ["model.py", "train.py"])
def test_what_keeps_a_finding_of_another_file_back_is_used(folder, file, given):
    (folder / "model.py").write_text(MODEL)
    (folder / "train.py").write_text(TRAIN)
    (folder / file).write_text(at_end((folder / file).read_text(), "# noqa: LL101"))
    assert told(given) == []


def test_it_is_unused_once_the_other_file_is_right(folder):
    (folder / "model.py").write_text(at_end(MODEL, "# noqa: LL101"))
    (folder / "train.py").write_text(TRAIN.replace("cross_entropy(forward(x)", "nll_loss(forward(x).log()"))
    assert ("LL001", "model.py", 5) in told("model.py")
    assert ("LL001", "model.py", 5) not in told("train.py")


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# noqa: LL101", "no finding is kept back by LL101"),
        ("# NOQA:ll101,E501", "no finding is kept back by ll101"),
        ("# noqa: LL101, LL303", "no finding is kept back by LL101, LL303"),
        ("# noqa: logits-into-nll-loss", "no finding is kept back by logits-into-nll-loss"),
        ("# losslint: ignore", "this directive keeps no finding back"),
        ("# losslint: ignore[]", "this directive names no rule"),
        ("# losslint: ignore[E501]", "no rule is called E501"),
        ("# noqa: LL999", "no rule is called LL999"),
    ],
)
def test_what_is_told(folder, comment, message):
    assert messages(RIGHT.format(f"  {comment}"), folder) == [message]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: it is fine",
        "# noqa: E501, B008",
        "# noqa: LLM001",
        "# noqa: E501 made-by-hand",
        "# noqa: LL124",
        "# losslint: ignore[bce-after-sigmoid]",
        "# losslint: ignore[unused-suppression]",
        "# noqa: LL101, LL001",
        "# noqa: LL101  # losslint: ignore[LL001]",
        "# ruff: noqa: LL101",
    ],
)
def test_what_is_left_alone(folder, comment):
    assert messages(RIGHT.format(f"  {comment}"), folder) == []


def test_a_broad_directive_does_not_speak_for_itself(folder):
    assert len(messages(RIGHT.format("  # noqa: LL101  # noqa"), folder)) == 1
    assert len(messages(RIGHT.format("  # noqa: LL  # losslint: ignore"), folder)) == 2


def test_the_near_match_is_named(folder):
    (folder / "train.py").write_text(RIGHT.format("  # losslint: ignore[softmax-before-crossentropy]"))
    (finding,) = check(["train.py"], Settings()).findings
    assert finding.help == "did you mean softmax-before-cross-entropy?"
    assert (finding.span.column, finding.span.end_column) == (54, 81)
    assert finding.fix is None


@pytest.mark.parametrize("comment", ["# noqa: LL101", "# noqa: LL1", "# losslint: ignore"])
def test_rules_that_are_off_have_no_say(folder, comment):
    text = RIGHT.format(f"  {comment}")
    assert len(messages(text, folder)) == 1
    assert messages(text, folder, ignore=("LL101",)) == []
    assert messages(text, folder, select=("LL001", "LL303")) == []
    assert messages(text, folder, ignore=("LL001",)) == []


def test_a_rule_that_is_switched_on_has_its_say(folder):
    assert len(messages(RIGHT.format("  # noqa: LL124"), folder, extend_select=("LL124",))) == 1


def test_fixing_leaves_alone_what_speaks_of_rules_that_are_off(folder):
    text = RIGHT.format("  # noqa: LL101")
    (folder / "train.py").write_text(text)
    fix_all(["."], Settings(ignore=("LL101",)), Applicability.SAFE)
    assert (folder / "train.py").read_text() == text
    fix_all(["."], Settings(), Applicability.SAFE)
    assert (folder / "train.py").read_text() == RIGHT.format("")


MAYBE = """\
import torch.nn.functional as F


def step(x, y, flag):
    out = F.softmax(x, dim=1) if flag else F.log_softmax(x, dim=1)
    return F.cross_entropy(out, y)  # noqa: LL101{}
"""


def test_findings_that_are_not_shown_count(folder):
    assert "LL101" in [code for code, _, _ in _only(folder, MAYBE.replace("  # noqa: LL101{}", ""), Certainty.POSSIBLE)]
    assert not [one for one in messages(MAYBE.format(""), folder) if "LL101" in one]
    assert not [one for one in messages(MAYBE.format(""), folder, certainty=Certainty.CERTAIN) if "LL101" in one]
    text = "import torch.nn.functional as F\n\n\ndef f(x):\n    return F.log_softmax(x, 1).softmax(1).log(){}\n"
    shown = [one for one in _only(folder, text.format(""), Certainty.LIKELY) if one[0] == "LL303"]
    assert shown
    assert messages(text.format("  # noqa: LL303"), folder, severity=Severity.ERROR) == []


def _only(folder, text, certainty):
    (folder / "train.py").write_text(text)
    return told("train.py", certainty=certainty)


@pytest.mark.parametrize(
    "broken", ["from model import forward\nF.cross_entropy(forward(x), y\n", "# coding: latin-9000\nimport model\n"]
)
def test_what_cannot_be_analysed_may_be_the_reason(folder, broken):
    (folder / "model.py").write_text(at_end(MODEL, "# noqa: LL101"))
    (folder / "train.py").write_text(broken)
    (folder / "apart.py").write_text(RIGHT.format("  # noqa: LL101"))
    assert ("LL001", "model.py", 5) not in told(".")
    (folder / "train.py").write_text("x = 1\n")
    assert ("LL001", "model.py", 5) in told(".")


def test_what_a_worker_gave_up_may_be_the_reason(folder):
    files = (folder / "train.py",)
    part = _given_up(Task(files, frozenset(files)))
    assert part.seen.cut == {str(folder / "train.py")}
    assert [problem.path for problem in part.unread] == ["train.py"]


def test_a_file_with_a_problem_is_left_alone(folder):
    (folder / "train.py").write_text(RIGHT.format("  # noqa: LL101") + "(\n")
    (folder / "plain.py").write_text("x = 1  # noqa: LL101\n(\n")
    assert told(".") == []


def test_a_skipped_file_is_left_alone(folder):
    assert messages("# losslint: skip-file\n" + RIGHT.format("  # noqa: LL101"), folder) == []


def test_a_file_without_a_word_of_losses_is_looked_at(folder):
    assert messages("x = 1  # noqa: LL101\n", folder) == ["no finding is kept back by LL101"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # noqa: LL101\n", "x = 1\n"),
        ("x = 1 \t# noqa: LL101", "x = 1"),
        ("x = 1  # noqa: LL101   \ny = 2\n", "x = 1\ny = 2\n"),
        ("# noqa: LL101\nx = 1\n", "x = 1\n"),
        ("x = 1\n    # noqa: LL101", "x = 1\n"),
        ("x = 1  # why  # noqa: LL101\n", "x = 1  # why\n"),
        ("x = 1  # noqa: LL101  # type: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1  # noqa: LL101 because so\n", "x = 1  # because so\n"),
        ("x = 1  # noqa: LL101, E501\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa:E501,LL101,W291 so\n", "x = 1  # noqa:E501,W291 so\n"),
        ("x = 1  # noqa: E501 LL101\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: E501  # losslint: ignore[LL101]\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: LL101  # losslint: ignore[LL303]\n", "x = 1\n"),
        ("x = 1  # losslint: ignore[LL101, LL999]\n", "x = 1  # losslint: ignore[LL999]\n"),
        ("x = 'é'  # noqa: LL101\r\ny = 2\r\n", "x = 'é'\r\ny = 2\r\n"),
        ("x = 1  # losslint: ignore[LL101] noqa\n", "x = 1  # losslint: ignore[LL101] noqa\n"),
    ],
)
def test_removal(folder, before, after):
    file = folder / "train.py"
    file.write_bytes(before.encode())
    fix_all(["."], Settings(), Applicability.SAFE)
    assert file.read_bytes().decode() == after
    assert not fix_all(["."], Settings(), Applicability.SAFE).changes


def test_removal_in_a_notebook(folder):
    file = folder / "n.ipynb"
    file.write_text(
        notebook(
            ["# noqa: LL101\n", "%time x = 1  # noqa: LL101\n", "x = 'ü'  # losslint: ignore[LL303]"],
            "y = 2  # noqa: LL101, E501\n# noqa: LL999\n# noqa: LL303",
        )
    )
    outcome = check(["."], Settings())
    assert [(one.span.cell, one.span.cell_line) for one in outcome.findings] == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (2, 2),
        (2, 3),
    ]
    fix_all(["."], Settings(), Applicability.SAFE)
    assert sources(file.read_bytes()) == [
        ["%time x = 1\n", "x = 'ü'"],
        "y = 2  # noqa: E501\n# noqa: LL999\n",
    ]
