"""The canon as a whole: every rule has a program that breaks it, and heads and marks are of one piece."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from canon_programs import CANON, programs
from canon_table import OWN, own, save, table
from canon_table import load as measured
from test_fixtures import split
from test_readme import hold

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


def test_what_losslint_finds_is_what_is_kept(bless):
    kept, now = measured(), own()
    if bless:
        save(replace(kept, tools={**kept.tools, OWN: now}))
    assert measured().tools[OWN] == now


def test_the_table_of_the_readme(bless):
    hold("canon", table(measured()), bless)


def test_other_tools_ran_over_nearly_all_programs():
    """Those that are new or changed since are counted for no tool: when they get many, it is time to measure again."""
    assert len(measured().counted()) >= 0.9 * len(programs())


def test_a_changed_program_is_not_counted():
    kept = measured()
    first = kept.counted()[0]
    changed = replace(kept, digests={**kept.digests, first.name: "another"})
    assert first.name not in {program.name for program in changed.counted()}
    assert len(changed.counted()) == len(kept.counted()) - 1
    assert table(changed) != table(kept)


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_programs_are_laid_out_without_what_gives_them_away(program):
    plain, lines = program.plain(), program.path.read_text(encoding="utf-8").splitlines()
    assert "error:" not in plain
    assert not re.search(r"^(reference\b|# )", plain, flags=re.MULTILINE)
    for number in program.lines("error", "todo-error"):
        assert plain.splitlines()[number - 1] == split(lines[number - 1])[0]


def test_there_are_many():
    sides = Counter(program.wrong for program in programs())
    assert sides[True] >= 150
    assert sides[False] >= 70
