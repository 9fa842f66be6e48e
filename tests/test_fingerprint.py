"""Fingerprints stay while other lines move, and tell findings apart."""

from __future__ import annotations

from losslint.finding import Certainty, Finding, Severity, Span
from losslint.fingerprint import fingerprint, fingerprints

LINE = "loss = criterion(out, y)"


def finding(line, column=8, code="LL101", path="train.py", **other):
    return Finding(
        code, "softmax-before-cross-entropy", "message", "label", Span(path, line, column, line, column + 4, **other),
        Severity.ERROR, Certainty.CERTAIN,
    )  # fmt: skip


def prints(findings, *lines, path="train.py"):
    return fingerprints(findings, {path: lines}, {})


def test_stored_fingerprints_stay_valid():
    assert fingerprint("LL101", "src/tränen.py", LINE, 0) == "6da9b7f4c14ffde79e9a1ebae9d0ec7c"


def test_moved_and_indented_lines_keep_theirs():
    before = prints([finding(1)], LINE)
    assert prints([finding(3, column=12)], "import torch", "", f"    {LINE}\r") == before


def test_rule_path_and_line_tell_findings_apart():
    found = {
        *prints([finding(1), finding(1, code="LL103")], LINE),
        *prints([finding(1)], LINE + "  # changed"),
        *prints([finding(1, path="other.py")], LINE, path="other.py"),
    }
    assert len(found) == 4


def test_equal_lines_are_counted_from_the_top_whatever_the_order():
    first, second, third = finding(1), finding(3, column=4), finding(3, column=9)
    lines = (LINE, "other", LINE)
    straight = prints([first, second, third], *lines)
    assert len(set(straight)) == 3
    assert prints([third, first, second], *lines) == (straight[2], straight[0], straight[1])
    assert straight[0] == prints([first], LINE)[0]


def test_notebooks_are_read_by_cell():
    at = finding(40, path="n.ipynb", cell=2, cell_line=2)
    cells = {("n.ipynb", 2): ("import torch", LINE)}
    assert fingerprints([at], {"n.ipynb": ('"loss = \\u0041"',) * 50}, cells) == (
        fingerprint("LL101", "n.ipynb", LINE, 0),
    )


def test_lines_that_are_not_there_count_as_empty():
    missing = [finding(9), finding(9, column=20)]
    assert fingerprints(missing, {}, {}) == tuple(fingerprint("LL101", "train.py", "", number) for number in range(2))


def test_any_path_has_one():
    assert len(fingerprint("LL101", "a\udcff.py", "x = '\ud800'", 0)) == 32
