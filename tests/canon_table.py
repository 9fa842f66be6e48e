"""What each tool finds in `fixtures/canon`, as a table: kept in `canon.json` beside it, written there by `benchmarks/canon.py`.

A program that has changed since the tools ran over it is not counted until they run again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from canon_programs import Program, programs

from losslint import engine
from losslint.config import Settings
from losslint.rules._registry import by_code_or_name

KEPT = Path(__file__).parent / "benchmarks" / "canon.json"
OWN = "losslint"
GROUPS = {
    "LL1": "what a loss takes: activations, logarithms, distributions",
    "LL2": "labels and targets: range, type, shape, encoding",
    "LL3": "softmax and sigmoid, thresholds, losses by hand, cut graphs",
    "LL4": "options: weights, reductions, ignored labels",
    "": "mistakes that no rule is about",
}


@dataclass(frozen=True)
class Tool:
    """What a tool said: names of wrong programs whose mistake it found, and of right ones that it complained of."""

    version: str
    found: frozenset[str]
    alarms: frozenset[str]


@dataclass(frozen=True)
class Kept:
    """All that was measured: the day, the tools, and the programs as they were then, by a digest."""

    day: str
    tools: Mapping[str, Tool]
    digests: Mapping[str, str]

    def counted(self) -> list[Program]:
        """The programs that are as they were."""
        return [program for program in programs() if self.digests.get(program.name) == digest(program)]


def digest(program: Program) -> str:
    """Of all that the results of a tool depend on: the code, what it is about, and the marked lines."""
    told = f"{program.about} {program.lines('error', 'todo-error')}\n{program.plain()}"
    return blake2b(told.encode(), digest_size=6).hexdigest()


def load() -> Kept:
    raw = json.loads(KEPT.read_text(encoding="utf-8"))
    tools = {
        name: Tool(one["version"], frozenset(one["found"]), frozenset(one["alarms"]))
        for name, one in raw["tools"].items()
    }
    return Kept(raw["day"], tools, raw["programs"])


def save(kept: Kept) -> None:
    tools = {
        name: {"version": tool.version, "found": sorted(tool.found), "alarms": sorted(tool.alarms)}
        for name, tool in kept.tools.items()
    }
    text = json.dumps({"day": kept.day, "tools": tools, "programs": dict(sorted(kept.digests.items()))}, indent=1)
    KEPT.write_text(text + "\n", encoding="utf-8")


def write(those: Sequence[Program], folder: Path) -> None:
    """Write programs to a folder as tools should see them."""
    for program in those:
        file = folder / f"{program.name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(program.plain(), encoding="utf-8")


def own() -> Tool:
    """What losslint says with its settings as they come: the rule in question for wrong programs, any rule for right ones."""
    with TemporaryDirectory() as holder:
        folder = Path(holder).resolve()
        (folder / "pyproject.toml").touch()
        seen = programs()
        write(seen, folder)
        findings = engine.check([str(folder)], Settings(isolated=True, cache=False), mend=False).findings
    said = {(Path(one.span.path).relative_to(folder).with_suffix("").as_posix(), one.name) for one in findings}
    found = frozenset(program.name for program in seen if program.wrong and (program.name, program.about) in said)
    named = {name for name, _ in said}
    return Tool("", found, frozenset(program.name for program in seen if not program.wrong and program.name in named))


def group(program: Program) -> str:
    rule = by_code_or_name(program.about)
    return GROUPS[rule.code[:3] if rule else ""]


def table(kept: Kept) -> str:
    """The table of the README."""
    counted = kept.counted()
    wrong, right = ([one for one in counted if one.wrong is side] for side in (True, False))
    tools = list(kept.tools.values())
    rows = [_row(name, [one for one in wrong if group(one) == name], tools) for name in GROUPS.values()]
    rows.append(_line("**all wrong programs**", len(wrong), [f"**{_count(tool.found, wrong)}**" for tool in tools]))
    rows.append(
        _line("right programs, and those complained of", len(right), [_count(tool.alarms, right) for tool in tools])
    )
    names = [f"{name} {tool.version}".strip() for name, tool in kept.tools.items()]
    head = ["| | programs |" + "".join(f" {name} |" for name in names), "| --- |" + " ---: |" * (1 + len(tools))]
    return "\n" + "\n".join([*head, *rows]) + f"\n\nMeasured on {kept.day}.\n\n"


def _row(name: str, those: Sequence[Program], tools: Sequence[Tool]) -> str:
    return _line(name, len(those), [_count(tool.found, those) for tool in tools])


def _line(name: str, total: int, cells: Sequence[object]) -> str:
    return f"| {name} | {total} |" + "".join(f" {cell} |" for cell in cells)


def _count(names: Collection[str], those: Sequence[Program]) -> int:
    return sum(program.name in names for program in those)
