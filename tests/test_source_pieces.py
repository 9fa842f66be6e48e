"""Texts parsed anew around a change: the tree is that of the whole text, or there is none."""

from __future__ import annotations

import random
import sysconfig
from pathlib import Path

import libcst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losslint.source.pieces import Pieces, pieces

LINES = (
    "import os\n", "\n", "# a comment\n", "x = 1\n", "x = 1; y = 2\n", "def f(a):\n", "    return a\n", "    # a tail\n", "  # odd\n",
    "class A:\n", "    def g(self):\n", "        pass\n", "if x:\n", "    pass\n", "else:\n", "elif y:\n", "@wraps\n", "z = (1,\n", "     2)\n",
    's = """\n', '"""\n', "for i in x:\n", "\tpass\n", "try:\n", "except E:\n", "x = 1 \\\n", "async def h(): pass\n", "\f\n", "pass",
)  # fmt: skip


def pieces_of(text: str) -> Pieces | None:
    try:
        return pieces(text, libcst.parse_module(text))
    except libcst.ParserSyntaxError:
        return None


def agrees(old: Pieces, text: str) -> bool:
    """Whether there was an answer; if so, that it is the tree of the whole text."""
    found = old.around(text)
    if found is None:
        return False
    whole = libcst.parse_module(text, config=old.module.config_for_parsing)
    assert found.module.code == text
    assert found.module.deep_equals(whole)
    again = pieces(text, found.module)
    assert again is not None
    assert (again.codes, again.before) == (found.codes, found.before)
    return True


def corpus() -> list[str]:
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = [file for file in sorted(folder.glob("*.py")) if 2_000 < file.stat().st_size < 30_000]
    return [file.read_text(encoding="utf-8") for file in random.Random(5).sample(files, 25)]


def test_real_files_changed_here_and_there():
    chosen, answered, tried = random.Random(9), 0, 0
    for text in corpus():
        old = pieces_of(text)
        if old is None:
            continue
        for _ in range(8):
            lines = text.splitlines(keepends=True)
            at = chosen.randrange(len(lines))
            lines[at : at + chosen.randrange(3)] = chosen.sample(LINES, chosen.randrange(3))
            new = "".join(lines)
            tried += pieces_of(new) is not None
            answered += agrees(old, new)
    assert tried > 40
    assert answered > 0.7 * tried


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=14),
    st.integers(0, 14),
    st.integers(0, 3),
    st.lists(st.sampled_from(LINES), max_size=4),
)
def test_any_change_of_any_text(lines, at, gone, put):
    old = pieces_of("".join(["import sys\n", *lines, "last = 1\n"]))
    if old is not None:
        agrees(old, "".join(["import sys\n", *lines[:at], *put, *lines[at + gone :], "last = 1\n"]))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n", "a = 1\nb = 2\nc = 30\nd = 4\ne = 5\n"),
        ("a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n", "a = 1\nb = 2\nd = 4\ne = 5\n"),
        ("a = 1\nb = 2\nc = 3\n", "a = 1\nb = 2\nc = 3\n\n# end\n"),
        (
            "a = 1\nb = 2\ndef f():\n    pass\nc = 3\nd = 4\n",
            "a = 1\nb = 2\ndef f():\n    pass\n    # tail\nc = 3\nd = 4\n",
        ),
        (
            "a = 1\nb = 2\nif a:\n    pass\nc = 3\nd = 4\n",
            "a = 1\nb = 2\nif a:\n    pass\nelse:\n    pass\nc = 3\nd = 4\n",
        ),
    ],
)
def test_what_is_parsed_around_the_change(before, after):
    old = pieces_of(before)
    assert agrees(old, after)
    assert old.around(after).module.body[0] is old.module.body[0]


@pytest.mark.parametrize(
    "after", ["b = 2\nc = 3\n", "a = 1\nb = (\nc = 3\n", "a = 1\nb = 2\nc = 3", "a = 1\n  b = 2\nc = 3\n", '"""\n', ""]
)
def test_what_is_left_to_a_whole_parse(after):
    assert pieces_of("a = 1\nb = 2\nc = 3\n").around(after) is None


def test_a_tree_of_another_text_has_no_pieces():
    assert pieces("a = 1\n", libcst.parse_module("a = 2\n")) is None
    assert pieces("a = 1", libcst.parse_module("a = 1")) is None
