"""What fixing changes in the fixtures, and what it refuses and why: `fixes.diff` beside the programs. `--bless` renews them.

Every rule's fixture is held against its file; a project is, once it has one.
"""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest
from test_fixtures import split

from losslint.config import Settings
from losslint.engine.fixing import fix_all
from losslint.finding import Applicability

FIXTURES = Path(__file__).parent.parent / "fixtures"
RULES = sorted(one for one in (FIXTURES / "rules").iterdir() if (one / "bad.py").exists())
PROJECTS = sorted(one.parent for one in (FIXTURES / "projects").rglob("fixes.diff"))
OFF_BY_DEFAULT = ("LL124",)


def name(folder: Path) -> str:
    return folder.relative_to(FIXTURES).as_posix()


def copied(folder: Path, to: Path) -> None:
    """A project of its own, so that other fixtures have no say in it."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    (to / "pyproject.toml").touch()


def outcome(folder: Path):
    extra = OFF_BY_DEFAULT if folder.name == "bce-after-sigmoid" else ()
    settings = Settings(isolated=True, cache=False, extend_select=extra)
    return fix_all(["."], settings, Applicability.UNSAFE, write=False)


def told(found) -> str:
    """The changes as a diff without the marks of the fixtures, then what was not fixed and why."""
    parts = []
    for change in found.changes:
        old, new = (lines(data.decode(change.encoding)) for data in (change.old, change.new))
        parts += difflib.unified_diff(old, new, change.path, change.path, n=1)
    for one in found.outcome.findings:
        if one.fix is not None:
            parts.append(f"{one.span.path}: {one.code}: {one.fix.message}\n")
    parts += [f"{one.finding.span.path}: {one.finding.code}: withdrawn: {one.reason}\n" for one in found.refused]
    return "".join(parts)


def lines(text: str) -> list[str]:
    return [split(line)[0] + "\n" for line in text.splitlines()]


@pytest.mark.parametrize("folder", [*RULES, *PROJECTS], ids=name)
def test_fixes_are_as_they_were(folder, bless, tmp_path, monkeypatch):
    copied(folder, tmp_path)
    monkeypatch.chdir(tmp_path)
    snapshot = folder / "fixes.diff"
    now = told(outcome(folder))
    if bless:
        snapshot.write_text(now, encoding="utf-8")
    assert snapshot.exists(), "run with --bless once"
    assert now == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", RULES, ids=name)
def test_a_second_time_changes_nothing(folder, tmp_path, monkeypatch):
    copied(folder, tmp_path)
    monkeypatch.chdir(tmp_path)
    settings = Settings(isolated=True, cache=False)
    fix_all(["."], settings, Applicability.UNSAFE)
    assert not fix_all(["."], settings, Applicability.UNSAFE).changes
