"""Fixing: which fixes are made, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing_tools import DISPLAY, SAFE, UNSAFE, Mark, Toy, failing_replace, fix, reasons, text, write

from losslint.config import Settings
from losslint.engine.fixing import fix_all
from losslint.finding import Applicability, Severity


def test_what_is_fixed_is_written_and_counted(folder):
    write(a="bad\r\nx = bad\r\n", b="worse\n", c="x = 1\n")
    done = fix(Mark("bad", "LL101", "good"), Mark("worse", "LL103", "good"))
    assert (text("a"), text("b"), text("c")) == ("good\r\nx = good\r\n", "good\n", "x = 1\n")
    assert done.fixed == {"a.py": {"LL101": 2}, "b.py": {"LL103": 1}}
    assert (done.count, done.outcome.findings, done.refused, done.settled) == (3, (), (), True)
    assert [one.path for one in done.changes] == ["a.py", "b.py"]


def test_without_write_nothing_is_written(folder):
    write(a="bad\n")
    Path("a.py").chmod(0o444)
    done = fix(Mark("bad", "LL101", "good"), write=False)
    assert text("a") == "bad\n"
    assert [(one.old, one.new) for one in done.changes] == [(b"bad\n", b"good\n")]
    assert (done.count, done.outcome.findings) == (1, ())
    assert sorted(file.name for file in folder.iterdir()) == ["a.py", "pyproject.toml"]


@pytest.mark.parametrize("level", list(Applicability))
def test_safe_fixes_are_made_on_every_level(folder, level):
    write(a="bad\n")
    fix(Mark("bad", "LL101", "safe"), level=level)
    assert text("a") == "safe\n"


@pytest.mark.parametrize(("level", "new"), [(SAFE, "bad\n"), (UNSAFE, "good\n")])
def test_unsafe_fixes_are_made_where_wanted(folder, level, new):
    write(a="bad\n")
    done = fix(Mark("bad", "LL101", "good", UNSAFE), level=level)
    assert text("a") == new
    assert done.refused == ()


@pytest.mark.parametrize("level", list(Applicability))
def test_what_is_for_display_is_never_made(folder, level):
    write(a="bad\n")
    done = fix(Mark("bad", "LL101", "good", DISPLAY), level=level)
    assert text("a") == "bad\n"
    assert (done.changes, done.refused, len(done.outcome.findings)) == ((), (), 1)


def test_a_second_run_changes_nothing(folder):
    write(a="bad = worse\n")
    marks = Mark("bad", "LL101", "x"), Mark("worse", "LL103", "1")
    fix(*marks)
    before = Path("a.py").stat().st_mtime_ns
    assert fix(*marks).changes == ()
    assert Path("a.py").stat().st_mtime_ns == before


def test_one_fix_may_lead_to_the_next(folder):
    write(a="bad\n")
    toy = Toy(Mark("bad", "LL101", "poor"), Mark("poor", "LL102", "good", severity=Severity.ADVICE))
    done = fix_all((".",), Settings(), SAFE, analyse=toy)
    assert text("a") == "good\n"
    assert done.fixed == {"a.py": {"LL101": 1}}
    assert toy.runs == 3


def test_rounds_come_to_an_end(folder):
    write(a="bad\n")
    ring = (
        Mark("bad", "LL102", "poor", severity=Severity.ADVICE),
        Mark("poor", "LL104", "bad", severity=Severity.ADVICE),
    )
    done = fix(*ring)
    assert not done.settled
    assert text("a") == "bad\n"
    assert done.changes == ()


def test_overlapping_fixes_wait_for_the_next_round(folder):
    write(a="f(bad)\n")
    toy = Toy(Mark("f(bad)", "LL101", "g(bad)"), Mark("bad", "LL103", "x"))
    done = fix_all((".",), Settings(), SAFE, analyse=toy)
    assert text("a") == "g(x)\n"
    assert done.fixed == {"a.py": {"LL101": 1, "LL103": 1}}


def test_what_an_overlapping_fix_mended_by_the_way_is_not_mended_again(folder):
    write(a="f(bad)\n")
    fix(Mark("f(bad)", "LL101", "g(1)"), Mark("bad", "LL103", "x"))
    assert text("a") == "g(1)\n"


def test_fixes_share_an_edit(folder):
    write(a="import x\na = bad\nb = worse\n")
    shared = (("a.py", "import x", "import y"),)
    done = fix(Mark("bad", "LL101", "1", elsewhere=shared), Mark("worse", "LL103", "2", elsewhere=shared))
    assert text("a") == "import y\na = 1\nb = 2\n"
    assert done.count == 2


def test_a_fix_of_several_files_is_made_whole(folder):
    write(model="softmax\n", train="loss\n")
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)))
    assert (text("model"), text("train")) == ("x\n", "good\n")
    assert [one.path for one in done.changes] == ["model.py", "train.py"]


def test_fixes_that_share_a_file_are_written_together(folder):
    write(model="softmax, sigmoid\n", train="loss\n", score="bad\n")
    done = fix(
        Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)),
        Mark("bad", "LL103", "good", elsewhere=(("model.py", "sigmoid", "y"),)),
    )
    assert (text("model"), text("train"), text("score")) == ("x, y\n", "good\n", "good\n")
    assert [one.path for one in done.changes] == ["model.py", "score.py", "train.py"]


def test_a_file_that_may_not_be_written_costs_only_its_own_fixes(folder):
    write(model="softmax\n", train="loss\nbad\n")
    Path("model.py").chmod(0o444)
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good"))
    assert (text("model"), text("train")) == ("softmax\n", "loss\ngood\n")
    assert reasons(done) == ["model.py is read-only"]


def test_all_that_was_not_written_is_told_even_where_lines_moved(folder, monkeypatch):
    write(a="f(bad)\n")
    failing_replace(monkeypatch, {"a.py"}, PermissionError(1, "Operation not permitted"))
    done = fix(Mark("f(bad)", "LL101", "g(\n    bad)"), Mark("bad", "LL103", "x"))
    assert text("a") == "f(bad)\n"
    assert [one.finding.code for one in done.refused] == ["LL101", "LL103"]
    assert (done.fixed, done.changes, len(done.outcome.findings)) == ({}, (), 2)


def test_a_fix_that_another_made_needless_is_not_made(folder):
    write(a="one\n", b="two\n", c="keep\n", d="stuck\n")
    done = fix(
        Mark("one", "LL101", "1", elsewhere=(("b.py", "two", "2"),)),
        Mark("two", "LL103", elsewhere=(("c.py", "keep", "lost"),)),
        Mark("stuck", "LL121", "(stuck)"),
    )
    assert [text(name) for name in "abcd"] == ["1\n", "2\n", "keep\n", "stuck\n"]
    assert done.fixed == {"a.py": {"LL101": 1}, "b.py": {"LL103": 1}}
    assert reasons(done) == ["LL121 would still be found in d.py"]


def test_a_fix_of_several_files_is_not_made_in_part(folder):
    write(model="softmax\n", train="loss\n", other="bad\n")
    Path("model.py").chmod(0o444)
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good"))
    assert (text("model"), text("train"), text("other")) == ("softmax\n", "loss\n", "good\n")
    assert reasons(done) == ["model.py is read-only"]
    assert [finding.code for finding in done.outcome.findings] == ["LL101"]


def test_where_one_file_cannot_be_replaced_the_fixes_of_others_stand(folder, monkeypatch):
    write(a="bad\n", model="softmax\n", train="loss\n")
    failing_replace(monkeypatch, {"train.py"}, PermissionError(1, "Operation not permitted"))
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good"))
    assert (text("a"), text("model"), text("train")) == ("good\n", "softmax\n", "loss\n")
    assert reasons(done) == ["train.py cannot be written: operation not permitted"]
    assert done.fixed == {"a.py": {"LL103": 1}}
    assert [finding.code for finding in done.outcome.findings] == ["LL101"]
    assert [one.path for one in done.changes] == ["a.py"]


def test_a_file_changed_while_fixes_are_tried_is_left_alone(folder):
    write(a="bad\n", b="bad\n")
    toy = Toy(Mark("bad", "LL101", "good"))

    def analyse(*asked, **more):
        found = toy(*asked, **more)
        write(a="bad  # edited meanwhile\n")
        return found

    done = fix_all((".",), Settings(), SAFE, analyse=analyse)
    assert (text("a"), text("b")) == ("bad  # edited meanwhile\n", "good\n")
    assert reasons(done) == ["a.py was changed on disk since it was read"]
    assert [finding.span.path for finding in done.outcome.findings] == ["a.py"]
