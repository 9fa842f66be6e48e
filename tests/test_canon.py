"""The canon as a whole: every rule has a program that breaks it, and heads and marks are of one piece."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from canon_programs import CANON, programs

from losslint.rules._registry import load

ABOUT_COMMENTS = {"unused-suppression"}
"""Rules that are about no loss call."""


@pytest.mark.parametrize("rule", [rule.name for rule in load() if rule.name not in ABOUT_COMMENTS])
def test_every_rule_has_a_wrong_program(rule):
    assert [program for program in programs() if program.wrong and program.about == rule and program.lines("error")]


def test_names_are_unique_and_plain():
    names = Counter(program.path.stem for program in programs())
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


def test_every_program_stands_in_a_folder_of_the_canon():
    assert {path.parent.name for path in CANON.rglob("*.py")} == {"wrong", "right"}


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_marks_fit_the_folder(program):
    lines = program.path.read_text(encoding="utf-8").splitlines()
    if program.wrong:
        assert program.lines("error", "todo-error")
        assert not re.search(r"# todo-ok:", "\n".join(lines))
    else:
        assert not re.search(r"# (error|todo-error):", "\n".join(lines))
    assert len(program.code.splitlines()) <= 32
