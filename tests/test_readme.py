"""README says what is true: the finding, the table, the commands, the files it names. `--bless` renews what is generated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from losslint.cli import COMMANDS
from losslint.config import Place, Settings, merge, normalise, read
from losslint.config.keys import keys
from losslint.rules import _registry

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
MAIN = "fixtures/projects/perception"


def text():
    return README.read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"(?s)(<!-- {mark}: begin -->\n)(.*?)(<!-- {mark}: end -->)", text())


def hold(mark, wanted, bless):
    """The block is as wanted, or is made so."""
    if bless:
        found = block(mark)
        README.write_text(text()[: found.start(2)] + wanted + text()[found.end(2) :], encoding="utf-8")
    assert block(mark)[2] == wanted


def run(*arguments):
    command = [sys.executable, "-m", "losslint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_finding_is_real(bless):
    pytest.importorskip("losslint.engine")
    result = run("check", "--color", "never", "--no-cache", MAIN)
    assert result.returncode == 1, result.stderr
    first = result.stdout.split("\n\n")[0]
    hold("finding", f"```text\n{first}\n```\n", bless)
    assert "Found 1 error, 1 warning in 2 files.\n" in result.stdout


def test_the_symptom_is_real(bless):
    hold("symptom", f"```console\n$ losslint symptom 1.4612\n{run('symptom', '1.4612').stdout}```\n", bless)


def test_the_table_holds_all_rules(bless):
    rows = ["| code | name | severity | finds |", "| --- | --- | --- | --- |"]
    for rule in _registry.load():
        off = "" if rule.by_default else " (off by default)"
        rows.append(f"| {rule.code} | {rule.name} | {rule.severity.value} | {rule.summary}{off} |")
    hold("rules", "\n" + "\n".join(rows) + "\n\n", bless)


def test_the_table_holds_all_keys(bless):
    rows = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
    rows += [f"| `{key.name}` | {key.kind.title} | {key.default} | {key.says} |" for key in keys().values()]
    hold("keys", "\n" + "\n".join(rows) + "\n\n", bless)


def commands(language):
    return [line for found in re.findall(rf"(?s)```{language}\n(.*?)```", text()) for line in found.splitlines()]


def test_the_gate_runs_the_commands_of_the_readme():
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    setup = [line for line in commands("sh") if line.startswith("python -m pip install")]
    assert len(setup) == 2
    for line in setup:
        assert line in gate


def test_commands_exist():
    words = {line.split()[1] for line in commands("sh") if line.startswith("losslint ")}
    assert words == set(COMMANDS)


def test_settings_are_valid():
    if sys.version_info < (3, 11):
        import tomli as tomllib
    else:
        import tomllib
    table = tomllib.loads("\n".join(commands("toml")))["tool"]["losslint"]
    rules = [(rule.code, rule.name) for rule in _registry.load()]
    choice = normalise(read("README.md", table), rules, Place("README.md"))
    assert choice.ignore
    assert merge(Settings(), choice).rows


def test_named_files_exist():
    named = re.findall(r"`((?:losslint|fixtures|tests)/[\w./-]*)`", text())
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_named_parts_exist():
    for part in ("source", "names", "interp", "knowledge", "rules", "engine", "report", "cli"):
        assert f"`{part}/`" in text()
        assert (ROOT / "losslint" / part).is_dir()


def test_named_rules_exist():
    known = {rule.code for rule in _registry.load()}
    assert set(re.findall(r"LL\d{3}", text())) <= known
