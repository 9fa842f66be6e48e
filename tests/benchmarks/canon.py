"""What other tools find in `fixtures/canon`, beside losslint. Not a test; it needs a network and some minutes.

    python tests/benchmarks/canon.py [--environment FOLDER]

An environment is made (or the given one used) with the tools below; torch comes from the Python that runs this, so that those
who read types and signatures see it. Each tool runs with all that it has switched on over every program that is new to it, laid
out without marks and without the right form that stands beside the wrong one; a new version of a tool sees all of them again.
Results go to `canon.json`; `python -m pytest tests/test_canon.py --bless` then makes the table of the README.

What counts is written in `ABOUT`: a code that is about a mistake counts anywhere in a program that makes it, and in a right
program anywhere. `GENERAL` codes (types, signatures) count on the marked line of any wrong program, and in a right program anywhere.
All other codes (style, seeds, missing type hints) count neither for nor against a tool.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from canon_programs import Program, programs
from canon_table import KEPT, OWN, Kept, Tool, digest, load, own, save, write

TOOLS = {
    "torch-preflight": "torch-preflight",
    "TorchFix": "torchfix",
    "ruff": "ruff",
    "pylint": "pylint",
    "mypy": "mypy",
}
"""Names, and the packages that are installed."""

CLASSES = {
    "softmax-before-cross-entropy",
    "log-softmax-before-cross-entropy",
    "sigmoid-before-cross-entropy",
    "bounded-before-cross-entropy",
    "single-logit-cross-entropy",
    "probabilities-into-nll-loss",
    "logits-into-nll-loss",
    "softmax-over-batch",
}
BINARY = {
    "logits-into-bce-loss",
    "sigmoid-before-bce-with-logits",
    "softmax-before-bce-with-logits",
    "bce-after-sigmoid",
}
LOGARITHMS = {"handwritten-softmax", "handwritten-cross-entropy", "log-of-softmax", "log-of-sigmoid"}
ABOUT = {"TG005": CLASSES, "TG006": BINARY, "TOR106": LOGARITHMS, "TOR107": LOGARITHMS, "TOR108": LOGARITHMS}
GENERAL = {
    "arg-type",
    "call-arg",
    "call-overload",
    "operator",
    "index",
    "attr-defined",
    "type-var",
    "unexpected-keyword-arg",
    "no-value-for-parameter",
    "too-many-function-args",
    "redundant-keyword-arg",
    "not-callable",
    "no-member",
    "unsubscriptable-object",
    "unsupported-binary-operation",
    "expression-not-assigned",
    "pointless-statement",
}
Said = tuple[str, int, str]
"""Name of a program, line, code."""


def prepared(folder: Path) -> Path:
    """An environment with the tools, which sees the torch of this Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *TOOLS.values()], check=True)
    site = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, text=True, check=True
    )
    (Path(site.stdout.strip()) / "torch.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def output(*command: str, folder: Path) -> str:
    """What a tool prints; the exit code tells of findings only."""
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False).stdout


def name_of(path: str) -> str:
    file = Path(path)
    return f"{file.parent.name}/{file.stem}"


def torch_preflight(run: Callable[..., str]) -> Iterable[Said]:
    for one in json.loads(run("torch-preflight", "check", "--format", "json", "."))["diagnostics"]:
        yield name_of(one["path"]), one["line"], one["code"]


def torchfix(run: Callable[..., str]) -> Iterable[Said]:
    for path, line, code in re.findall(r"(?m)^(\S+\.py):(\d+):\d+: (TOR\d+)", run("torchfix", "--select", "ALL", ".")):
        yield name_of(path), int(line), code


def ruff(run: Callable[..., str]) -> Iterable[Said]:
    options = ("--isolated", "--no-cache", "--preview", "--select", "ALL", "--output-format", "json")
    for one in json.loads(run("ruff", "check", *options, ".")):
        yield name_of(one["filename"]), one["location"]["row"], one["code"] or ""


def pylint(run: Callable[..., str]) -> Iterable[Said]:
    options = ("--rcfile=", "--enable=all", "--output-format=json", "--recursive=y")
    for one in json.loads(run("pylint", *options, ".")):
        yield name_of(one["path"]), one["line"], one["symbol"]


def mypy(run: Callable[..., str]) -> Iterable[Said]:
    options = ("--config-file=", "--check-untyped-defs", "--no-incremental", "--scripts-are-modules")
    for side in ("wrong", "right"):
        said = run("mypy", *options, side)
        for path, line, code in re.findall(r"(?m)^(\S+\.py):(\d+): error: .*\[([a-z-]+)\]$", said):
            yield name_of(path), int(line), code


RUNNERS = {"torch-preflight": torch_preflight, "TorchFix": torchfix, "ruff": ruff, "pylint": pylint, "mypy": mypy}


def judged(version: str, said: Iterable[Said], programs: list[Program]) -> Tool:
    """What a tool found of what the programs are about, and where it complained of right ones."""
    by_name = {program.name: program for program in programs}
    found, alarms = set(), set()
    for name, line, code in said:
        program = by_name[name]
        if not program.wrong and (code in ABOUT or code in GENERAL):
            alarms.add(name)
        near = code in GENERAL and line in program.lines("error", "todo-error")
        if program.wrong and (near or program.about in ABOUT.get(code, ())):
            found.add(name)
    return Tool(version, frozenset(found), frozenset(alarms))


def versions(environment: Path) -> dict[str, str]:
    listed = output(str(environment / "bin" / "python"), "-m", "pip", "list", "--format", "json", folder=environment)
    return {one["name"].lower(): one["version"] for one in json.loads(listed)}


def joined(old: Tool, new: Tool, again: Iterable[Program]) -> Tool:
    """What is known of programs that did not change, and what was found now in the others."""
    those = {program.name for program in again}
    return Tool(new.version, (old.found - those) | new.found, (old.alarms - those) | new.alarms)


def due(known: dict[str, str]) -> tuple[Kept | None, list[Program]]:
    """What is kept, if the tools are the same, and the programs that they have not seen as they are."""
    if not KEPT.exists():
        return None, programs()
    kept = load()
    if any(known[package] != kept.tools[name].version for name, package in TOOLS.items()):
        return None, programs()
    seen = {program.name for program in kept.counted()}
    return kept, [program for program in programs() if program.name not in seen]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environment", type=Path, help="an environment that has the tools")
    given = parser.parse_args().environment
    with tempfile.TemporaryDirectory() as holder:
        environment = given.resolve() if given else prepared(Path(holder).resolve() / "environment")
        known, folder = versions(environment), Path(holder).resolve() / "programs"
        folder.mkdir()
        kept, those = due(known)
        write(those, folder)
        print(len(those), "programs are new to the tools or have changed")

        def run(command: str, *arguments: str) -> str:
            return output(str(environment / "bin" / command), *arguments, folder=folder)

        tools = {OWN: own()}
        for name, runner in RUNNERS.items():
            now = judged(known[TOOLS[name]], runner(run) if those else (), those)
            tools[name] = joined(kept.tools[name], now, those) if kept else now
            print(name, len(tools[name].found), "found,", len(tools[name].alarms), "complaints of right programs")
        save(Kept(datetime.date.today().isoformat(), tools, {program.name: digest(program) for program in programs()}))


if __name__ == "__main__":
    main()
