"""Differences of texts: what difflib prints for short ones, and for long ones what makes one of the other."""

from __future__ import annotations

import difflib
import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from losslint.report import hunks
from losslint.report.diff import unified
from losslint.report.style import Style

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d d", "é"]), max_size=12)


def made(old, operations):
    """What the operations make of a text, with every line of it gone through just once."""
    found, at = [], 0
    for tag, i1, i2, j1, j2, new in operations:
        assert i1 == at
        at = i2
        found += old[i1:i2] if tag == "equal" else new[j1:j2]
    assert at == len(old)
    return found


@given(LINES, LINES, st.booleans())
def test_short_texts_are_compared_as_difflib_does(old, new, ends):
    texts = ["\n".join(lines) + "\n" * ends for lines in (old, new)]
    lines = [text.splitlines(keepends=True) for text in texts]
    expected = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(*lines, "a.py", "a.py")
    )
    assert unified("a.py", *texts, Style(False)) == expected


@settings(max_examples=300)
@given(LINES, LINES, st.integers(0, 5))
def test_operations_make_one_text_of_the_other(old, new, shared):
    same = [f"line {number}" for number in range(shared)]
    old, new = [*old, *same, *new], [*new, *same, *old]
    found = [(*one, new) for one in hunks.operations(old, new)]
    assert made(old, found) == new
    assert all(one[0] != other[0] or one[0] != "equal" for one, other in itertools.pairwise(found))


def test_a_long_text_that_changed_in_few_places():
    chosen = random.Random(4)
    old = [f'"{chosen.random()}",\n' if number % 3 else '"\\n",\n' for number in range(60_000)]
    new = [*old[:100], "new\n", *old[100:30_000], *old[30_002:59_999], "last\n"]
    found = list(hunks.hunks(old, new))
    assert [[one[0] for one in hunk] for hunk in found] == [
        ["equal", "insert", "equal"],
        ["equal", "delete", "equal"],
        ["equal", "replace"],
    ]
    assert made(old, [(*one, new) for one in hunks.operations(old, new)]) == new
