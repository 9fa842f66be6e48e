"""What hosts and neighbours take: the action, the snippets of README, and ruff beside `# noqa: LL101`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
BAD = """\
import torch
from torch import nn


def step(x, y):
    return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)
"""
STUB = """\
#!/bin/sh
for one in "$@"; do printf '<%s>' "$one"; done >> "$RUNNER_TEMP/calls"
echo >> "$RUNNER_TEMP/calls"
"""


def conforms(kind, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{kind}", str(file)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode == 0, result.stdout + result.stderr


def snippets():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in re.finditer(r"(?s)(?<=```yaml\n)# (\S+)\n.*?(?=```)", text)}


def test_the_action_conforms(tmp_path):
    fine, told = conforms("github-actions", ACTION)
    assert fine, told
    broken = tmp_path / "action.yml"
    broken.write_text(ACTION.read_text().replace("using: composite", "using: nothing"))
    assert not conforms("github-actions", broken)[0]


@pytest.mark.parametrize(
    ("name", "kind"), [(".github/workflows/losslint.yml", "github-workflows"), (".gitlab-ci.yml", "gitlab-ci")]
)
def test_snippets_conform(tmp_path, name, kind):
    file = tmp_path / "snippet.yml"
    file.write_text(snippets()[name])
    fine, told = conforms(kind, file)
    assert fine, told
    file.write_text(snippets()[name].replace("losslint:\n", "losslint:\n  no-such-key: 1\n", 1))
    assert not conforms(kind, file)[0]


def test_the_workflow_gives_inputs_that_there_are():
    workflow = yaml.safe_load(snippets()[".github/workflows/losslint.yml"])
    given = workflow["jobs"]["losslint"]["steps"][-1]["with"]
    assert set(given) <= set(yaml.safe_load(ACTION.read_text())["inputs"])


def step(number):
    return yaml.safe_load(ACTION.read_text())["runs"]["steps"][number]


def test_no_input_stands_in_a_script():
    scripts = [one["run"] for one in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if "run" in one]
    assert len(scripts) == 2
    assert not any("${{" in script for script in scripts)


def bash(script, folder, **environment):
    """As a runner of GitHub starts it."""
    (folder / "temp").mkdir(exist_ok=True)
    environment = {**os.environ, "RUNNER_TEMP": str(folder / "temp"), **environment}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def calls(folder, **environment):
    programs = folder / "temp" / "losslint" / "bin"
    programs.mkdir(parents=True)
    (programs / "losslint").write_text(STUB)
    (programs / "losslint").chmod(0o755)
    values = {"LOSSLINT_PATHS": ".", "LOSSLINT_ARGS": "", "LOSSLINT_FORMAT": "github", "LOSSLINT_UPLOAD": "false"}
    assert set(values) == set(step(1)["env"])
    result = bash(step(1)["run"], folder, **{**values, **environment})
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    return (folder / "temp" / "calls").read_text().splitlines()


def test_inputs_become_arguments(tmp_path):
    assert calls(tmp_path) == ["<check><--output-format><github><--><.>"]


def test_inputs_that_would_be_commands_are_arguments(tmp_path):
    shown = calls(
        tmp_path,
        LOSSLINT_PATHS="my src\n\n--fix\n$(touch gone);`touch gone`\n*\n",
        LOSSLINT_ARGS="--select LL1,LL2\n\n --ignore  * \n$(touch gone)",
        LOSSLINT_FORMAT="json; touch gone",
    )
    assert len(shown) == 1
    assert shown[0] == (
        "<check><--select><LL1,LL2><--ignore><*><$(touch><gone)><--output-format><json; touch gone>"
        "<--><my src><--fix><$(touch gone);`touch gone`><*>"
    )
    assert not (tmp_path / "gone").exists()


def test_code_scanning_gets_a_file(tmp_path):
    first, second = calls(tmp_path, LOSSLINT_UPLOAD="true", LOSSLINT_ARGS="--certainty certain")
    file = tmp_path / "temp" / "losslint.sarif"
    assert first == (
        f"<check><--certainty><certain><--exit-zero><--output-format><sarif><--output-file><{file}><--><.>"
    )
    assert second == "<check><--certainty><certain><--output-format><github><--><.>"
    assert step(2)["with"]["sarif_file"] == "${{ runner.temp }}/losslint.sarif"


@pytest.mark.parametrize("version", ["1; touch gone", "$(touch gone)", "--index-url=x", "1 2"])
def test_versions_that_are_none_are_refused(tmp_path, version):
    result = bash(step(0)["run"], tmp_path, LOSSLINT_SOURCE=".", LOSSLINT_VERSION=version)
    assert (result.returncode, result.stdout) == (2, "::error::version is no version\n")
    assert [file.name for file in tmp_path.iterdir()] == ["temp"]


@pytest.mark.clients
def test_the_action_installs_itself_and_finds(tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    installed = bash(step(0)["run"], tmp_path, **environment, LOSSLINT_SOURCE=str(ROOT), LOSSLINT_VERSION="")
    assert installed.returncode == 0, installed.stderr
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "bad.py").write_text(BAD)
    (tmp_path / "click.py").write_text("raise SystemExit('the code of the project ran')")
    inputs = {"LOSSLINT_PATHS": "src", "LOSSLINT_ARGS": "", "LOSSLINT_FORMAT": "github", "LOSSLINT_UPLOAD": "true"}
    result = bash(step(1)["run"], tmp_path, PYTHONPATH="", **inputs)
    assert result.returncode == 1, result.stderr
    assert result.stdout.startswith(
        "::error title=losslint LL101,file=src/bad.py,line=6,endLine=6,col=12,endColumn=61::"
    )
    assert '"ruleId": "LL101"' in (tmp_path / "temp" / "losslint.sarif").read_text()


def ruff(folder, *arguments):
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--preview",
        "--select",
        "RUF100,RUF102",
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_ruff_leaves_our_comments_alone(tmp_path):
    text = "x = f()  # noqa: LL101\ny = f()  # losslint: ignore[softmax-before-cross-entropy]\n"
    (tmp_path / "train.py").write_text(text)
    assert ruff(tmp_path).returncode == 1
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(re.search(r"(?s)```toml\n(\[tool\.ruff\.lint\]\n.*?)```", readme)[1])
    result = ruff(tmp_path, "--fix")
    assert result.returncode == 0, result.stdout
    assert (tmp_path / "train.py").read_text() == text
