"""What losslint says of the programs in `fixtures/`, against the marks at the ends of their lines."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from losslint.rules._registry import by_code_or_name

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
RULE_MARKS = ("error", "origin", "todo-error", "todo-ok")
MARK = re.compile(
    r"  # (error|origin|todo-error|todo-ok): ((?:\[[a-z0-9-]+\] ?)+?)(?=  # |$)|  # (reveal): (.*?)(?=  # |$)"
)
Place = tuple[Path, int]


@dataclass
class Marks:
    """The marks of one line: for each sort the rule names, or the revealed texts."""

    of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __str__(self) -> str:
        rules = [
            f"  # {sort}: {' '.join(f'[{name}]' for name in sorted(self.of[sort]))}"
            for sort in RULE_MARKS
            if self.of[sort]
        ]
        reveals = [f"  # reveal: {text}" for text in self.of["reveal"]]
        return "".join((*rules, *reveals))


@dataclass(frozen=True)
class Unit:
    """What is analysed together: a path, its files, and rules that are switched on for it."""

    path: Path
    files: tuple[Path, ...]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A finding, as marks know it: rule, place, and where its trace starts."""

    rule: str
    place: Place
    origin: Place | None


@cache
def copied() -> tuple[TemporaryDirectory[str], Path]:
    """A copy of the fixtures in which each rule and each project is a project of its own, so that a check reads no more than it."""
    holder = TemporaryDirectory()
    copy = Path(holder.name).resolve() / FIXTURES.name
    shutil.copytree(FIXTURES, copy)
    for folder in (*copy.glob("rules/*"), *copy.glob("projects/*"), *copy.glob("canon/*"), copy / "reveal"):
        if folder.is_dir():
            (folder / "pyproject.toml").touch()
    return holder, copy


def in_copy(path: Path) -> Path:
    """A path among the fixtures as it is in the copy; any other path as it is."""
    return copied()[1] / path.relative_to(FIXTURES) if path.is_relative_to(FIXTURES) else path


def from_copy(path: Path) -> Path:
    """A path in the copy as it is among the fixtures."""
    copy = copied()[1]
    return FIXTURES / path.relative_to(copy) if path.is_relative_to(copy) else path


def findings(path: Path, extra: tuple[str, ...] = ()):
    """All findings in a path: the one place in the tests of rules that knows how the engine is called."""
    path = in_copy(path)
    engine = pytest.importorskip("losslint.engine")
    config = pytest.importorskip("losslint.config")
    outcome = engine.check([str(path)], config.Settings(extend_select=extra, isolated=True, cache=False), mend=False)
    assert not outcome.problems
    return outcome.findings


def run(path: Path, extra: tuple[str, ...] = ()) -> list[Said]:
    """All findings in a path, as marks know them."""
    return [_said(finding) for finding in findings(path, extra)]


def _said(finding) -> Said:
    first = finding.trace[0].span if finding.trace else finding.span
    place, origin = _place(finding.span), _place(first)
    return Said(finding.name, place, None if origin == place else origin)


def _place(span) -> Place:
    return from_copy(Path(span.path).resolve()), span.line


def units() -> list[Unit]:
    """Files of rules, reveals and the canon on their own, projects whole."""
    rules = [Unit(file, (file,), _extra(file.parent.name)) for file in sorted((FIXTURES / "rules").rglob("*.py"))]
    reveals = [Unit(file, (file,)) for file in sorted((FIXTURES / "reveal").rglob("*.py"))]
    canon = [Unit(file, (file,), _extra(_about(file))) for file in sorted((FIXTURES / "canon").rglob("*.py"))]
    folders = sorted(path for path in (FIXTURES / "projects").glob("*") if path.is_dir())
    return [*rules, *reveals, *canon, *(Unit(folder, tuple(sorted(folder.rglob("*.py")))) for folder in folders)]


def _extra(name: str) -> tuple[str, ...]:
    """The rule of that name, where it must be switched on."""
    rule = by_code_or_name(name)
    return () if rule is None or rule.by_default else (rule.code,)


def _about(file: Path) -> str:
    """The rule that a program of the canon is about."""
    return re.search(r"^# about: ([a-z0-9-]+)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]


def split(line: str) -> tuple[str, Marks]:
    """A line without its marks, and the marks."""
    marks, first = Marks(), len(line)
    for found in MARK.finditer(line):
        first = min(first, found.start())
        if found[3]:
            marks.of["reveal"].append(found[4].strip())
        else:
            marks.of[found[1]] += re.findall(r"[a-z0-9-]+", found[2])
    return line[:first], marks


def expected(files: Iterable[Path]) -> dict[Place, Marks]:
    """The marks that stand in files."""
    lines = ((file.resolve(), number, line) for file in files for number, line in enumerate(read(file), 1))
    places = {(file, number): split(line)[1] for file, number, line in lines}
    return {place: marks for place, marks in places.items() if str(marks)}


def read(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split("\n")


def actual(unit: Unit, old: dict[Place, Marks]) -> dict[Place, Marks]:
    """The marks that would be right: known gaps stay known gaps as long as they are there."""
    new: dict[Place, Marks] = defaultdict(Marks)
    for said in run(unit.path, unit.extra):
        known = old.get(said.place, Marks()).of
        new[said.place].of["todo-ok" if said.rule in known["todo-ok"] else "error"].append(said.rule)
        if said.origin is not None and said.rule not in new[said.origin].of["origin"]:
            new[said.origin].of["origin"].append(said.rule)
    for place, marks in old.items():
        missing = [rule for rule in marks.of["todo-error"] if rule not in new[place].of["error"]]
        new[place].of["todo-error"] += missing
    for file in unit.files if (FIXTURES / "reveal") in unit.path.parents else ():
        for line, text in pytest.importorskip("losslint.engine").reveal(str(in_copy(file))):
            new[(file.resolve(), line)].of["reveal"].append(text)
    return {place: marks for place, marks in new.items() if str(marks)}


def rewrite(files: Iterable[Path], marks: dict[Place, Marks]) -> None:
    """Write marks into files in place of those that stand there."""
    for file in files:
        bare = [split(line)[0] for line in read(file)]
        marked = [f"{line}{marks.get((file.resolve(), number), '')}" for number, line in enumerate(bare, 1)]
        file.write_text("\n".join(marked), encoding="utf-8")


def shown(marks: dict[Place, Marks]) -> list[str]:
    return sorted(f"{file.relative_to(FIXTURES)}:{line:03}{marks}" for (file, line), marks in marks.items())


@pytest.mark.parametrize("unit", units(), ids=lambda unit: str(unit.path.relative_to(FIXTURES)))
def test_fixture(unit, bless):
    old = expected(unit.files)
    new = actual(unit, old)
    if bless:
        rewrite(unit.files, new)
    else:
        assert shown(new) == shown(old)


@pytest.mark.parametrize("unit", units(), ids=lambda unit: str(unit.path.relative_to(FIXTURES)))
def test_marks_are_written_as_they_are_read(unit):
    for file in unit.files:
        for line in read(file):
            bare, marks = split(line)
            assert f"{bare}{marks}" == line


def test_known_gaps_stay_until_they_are_closed(monkeypatch, tmp_path):
    file = tmp_path / "gaps.py"
    file.write_text("one()  # todo-error: [a]\ntwo()  # todo-ok: [b]\nthree()\n", encoding="utf-8")
    unit = Unit(file, (file,))
    here = file.resolve()
    old = expected(unit.files)
    monkeypatch.setitem(globals(), "run", lambda *_: [Said("b", (here, 2), None)])
    assert {place[1]: str(marks) for place, marks in actual(unit, old).items()} == {
        1: "  # todo-error: [a]",
        2: "  # todo-ok: [b]",
    }
    monkeypatch.setitem(globals(), "run", lambda *_: [Said("a", (here, 1), None), Said("c", (here, 3), (here, 2))])
    new = actual(unit, old)
    rewrite(unit.files, new)
    assert file.read_text(encoding="utf-8") == "one()  # error: [a]\ntwo()  # origin: [c]\nthree()  # error: [c]\n"
