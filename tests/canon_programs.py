"""The programs of `fixtures/canon`: what stands at their heads, and what stands at the ends of their lines."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from pathlib import Path

from test_fixtures import FIXTURES, split

CANON = FIXTURES / "canon"
SORTS = ("about", "harmless", "torch", "result", "reference")
HEAD = re.compile(r'(?P<doc>"""(?:.|\n)*?""")\n(?P<marks>(?:# .*\n)*)(?P<code>(?:.|\n)*)')


@dataclass(frozen=True)
class Program:
    """A program with the marks at its head: the rule it is about, why it does no harm (if so), what torch does, and the numbers."""

    path: Path
    doc: str
    about: str
    harmless: str
    torch: tuple[str, ...]
    result: str
    reference: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def wrong(self) -> bool:
        return self.path.parent.name == "wrong"

    @property
    def raises(self) -> str:
        """Class and message of what torch raises, or nothing."""
        return next((said.removeprefix("raises ") for said in self.torch if said.startswith("raises ")), "")

    def text(self) -> str:
        """The program as it is written."""
        marks = [f"about: {self.about}", *([f"harmless: {self.harmless}"] if self.harmless else [])]
        marks += [f"torch: {said}" for said in self.torch]
        marks += [f"{name}: {value}" for name, value in self.numbers() if value]
        return self.doc + "\n" + "".join(f"# {mark}\n" for mark in marks) + self.code

    def numbers(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("result", self.result), ("reference", self.reference)

    def lines(self, *sorts: str) -> list[int]:
        """The lines that are marked with the rule that the program is about."""
        lines = enumerate(self.path.read_text(encoding="utf-8").splitlines(), 1)
        return [number for number, line in lines if any(self.about in split(line)[1].of[sort] for sort in sorts)]

    def plain(self) -> str:
        """The program as a tool should see it: without marks and without the right form beside the wrong one, line for line."""
        lines = [split(line)[0] for line in self.path.read_text(encoding="utf-8").splitlines()]
        for number, line in enumerate(lines):
            if line.startswith("# "):
                lines[number] = ""
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "reference":
                lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
        return "\n".join(lines) + "\n"

    def observed(self, torch: tuple[str, ...], result: str, reference: str) -> Program:
        """The same program with other observations at its head."""
        return replace(self, torch=torch, result=result, reference=reference)


def read(path: Path) -> Program:
    found = HEAD.fullmatch(path.read_text(encoding="utf-8"))
    assert found, f"{path.name} has no head"
    marks = [line.removeprefix("# ").split(": ", 1) for line in found["marks"].splitlines()]
    of = {sort: [text for name, text in marks if name == sort] for sort in SORTS}
    assert len(of["about"]) == 1, f"{path.name} does not say which rule it is about"
    assert sum(map(len, of.values())) == len(marks), f"{path.name} has a mark that nobody knows"
    harmless, result, reference = (next(iter(of[name]), "") for name in ("harmless", "result", "reference"))
    return Program(path, found["doc"], of["about"][0], harmless, tuple(of["torch"]), result, reference, found["code"])


def programs() -> list[Program]:
    return [read(path) for path in sorted(CANON.glob("*/*.py"))]
