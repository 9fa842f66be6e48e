"""Edits as they stand in files: what touches becomes one, what will not go is left out, unsaved text counts."""

from __future__ import annotations

import pytest

from losslint.engine.fitting import fitted
from losslint.finding import Applicability, Edit, Fix, Span


def edit(line, column, end_column, content, path="a.py", end_line=None):
    return Edit(Span(path, line, column, end_line or line, end_column), content)


def fix(*edits):
    return Fix(Applicability.SAFE, "say it so", edits)


@pytest.fixture
def file(folder):
    (folder / "a.py").write_bytes("x = '\U0001f600'\r\ny = f(x)\r\n".encode())
    return folder / "a.py"


def written(*edits, overlay=None):
    one = fix(*edits)
    return fitted([one], overlay).get(one)


def test_edits_come_in_order_with_the_line_ends_of_the_file(file):
    first, second = edit(1, 5, 8, "1"), edit(2, 5, 9, "g(\n)")
    assert written(second, first) == (first, edit(2, 5, 9, "g(\r\n)"))


def test_edits_that_touch_are_one(file):
    insertion, replaced, after = edit(2, 5, 5, "a\n"), edit(2, 5, 6, "g"), edit(2, 6, 6, "h")
    assert written(insertion, replaced, after) == (edit(2, 5, 6, "a\r\ngh"),)
    assert written(edit(2, 5, 5, "a"), edit(2, 5, 5, "b")) == (edit(2, 5, 5, "ab"),)
    assert written(insertion, insertion) == (edit(2, 5, 5, "a\r\n"),)


def test_whole_lines_go(file):
    assert written(edit(2, 1, 1, "", end_line=3)) == (edit(2, 1, 1, "", end_line=3),)


def test_what_will_not_go_is_left_out(file):
    (file.parent / "latin.py").write_bytes("# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    assert written(edit(2, 5, 8, "a"), edit(2, 6, 9, "b")) is None
    assert written(edit(7, 1, 1, "")) is None
    assert written(edit(1, 1, 2, "", path="gone.py")) is None
    assert written(edit(2, 1, 2, "z", path="latin.py")) == (edit(2, 1, 2, "z", path="latin.py"),)
    good, bad = fix(edit(2, 1, 2, "z")), fix(edit(2, 1, 2, "z"), edit(1, 1, 2, "", path="gone.py"))
    assert list(fitted([bad, good])) == [good]


def test_unsaved_text_counts(file):
    assert written(edit(4, 1, 2, "z")) is None
    assert written(edit(4, 1, 2, "z\n"), overlay={file: b"1\n2\n3\n4\n"}) == (edit(4, 1, 2, "z\n"),)
