"""The plug-in, run by flake8 itself, which finds it as it would where losslint is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info < (3, 11):
    import tomli as tomllib
else:
    import tomllib

ROOT = Path(__file__).parent.parent
MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 10)

    def forward(self, x):
        return torch.softmax(self.layer(x), dim=1)
"""
TRAIN = """\
from torch import nn

from model import Net


def step(x, y):
    return '\N{GRINNING FACE}', nn.CrossEntropyLoss()(Net()(x), y)
"""
FOUND = "./train.py:7:17: LL101 probabilities reach CrossEntropyLoss, which expects logits"


@pytest.fixture
def project(folder):
    (folder / "model.py").write_text(MODEL, encoding="utf-8")
    (folder / "train.py").write_text(TRAIN, encoding="utf-8")
    return folder


@pytest.fixture
def flake8(project, tmp_path_factory):
    installed = tmp_path_factory.mktemp("installed")
    described = installed / "torch_losslint-0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: torch-losslint\nVersion: 0\n")
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    points = "\n".join(f"{name} = {value}" for name, value in table["flake8.extension"].items())
    (described / "entry_points.txt").write_text(f"[flake8.extension]\n{points}\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)]), "PYTHONUTF8": "1"}

    def run(*arguments, text=None):
        command = [sys.executable, "-m", "flake8", "--isolated", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=project, env=environment, check=False, input=text
        )

    return run


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_model_in_another_file_is_found_out(flake8, jobs):
    result = flake8("--select", "LL", "-j", jobs)
    assert (result.stdout.splitlines(), result.stderr, result.returncode) == ([FOUND], "", 1)


def test_one_file_is_checked_in_its_project(flake8):
    assert flake8("--select", "LL", "train.py").stdout == FOUND.removeprefix("./") + "\n"
    assert flake8("--select", "LL", "model.py").stdout == ""


def test_it_is_off_unless_asked_for(flake8):
    for arguments in ([], ["--select", "E,W,F"], ["--extend-ignore", "LL"]):
        assert "LL101" not in flake8(*arguments).stdout
    for arguments in (["--extend-select", "LL"], ["--select", "E,LL1"]):
        assert FOUND in flake8(*arguments).stdout.splitlines()
    assert flake8("--select", "LL", "--ignore", "LL101").stdout == ""


def test_it_costs_nothing_unless_asked_for(project, flake8):
    (project / "pyproject.toml").write_text("[tool.losslint]\nselct = []\n")
    assert flake8().returncode == 0
    result = flake8("--select", "LL")
    assert result.returncode == 1
    assert "losslint: " in result.stdout + result.stderr
    assert "'selct'" in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_the_settings_of_the_project_count(project, flake8):
    (project / "pyproject.toml").write_text('[tool.losslint]\nignore = ["LL1"]\n')
    assert flake8("--select", "LL").stdout == ""


@pytest.mark.parametrize("comment", ["# noqa: LL101", "# noqa", "# losslint: ignore[softmax-before-cross-entropy]"])
def test_comments_let_it_stand(project, flake8, comment):
    (project / "train.py").write_text(TRAIN.replace(", y)\n", f", y)  {comment}\n"), encoding="utf-8")
    assert flake8("--select", "LL").stdout == ""


def test_standard_input(project, flake8):
    good = MODEL.replace("torch.softmax(self.layer(x), dim=1)", "self.layer(x)")
    assert flake8("--select", "LL", "--stdin-display-name", "train.py", "-", text=TRAIN).stdout == FOUND[2:] + "\n"
    fixed = TRAIN.replace("Net()(x)", "Net().layer(x)")
    assert flake8("--select", "LL", "--stdin-display-name", "train.py", "-", text=fixed).stdout == ""
    unnamed = flake8("--select", "LL", "-", text=TRAIN).stdout
    assert unnamed == FOUND.replace("./train.py", "stdin") + "\n"
    (project / "model.py").write_text(good)
    assert flake8("--select", "LL", "--stdin-display-name", "train.py", "-", text=TRAIN).stdout == ""


def test_files_that_cannot_be_parsed_are_left_to_flake8(project, flake8):
    (project / "broken.py").write_text("def f(:\n")
    result = flake8("--select", "LL,E9")
    assert [line.split(" ")[1] for line in result.stdout.splitlines()] == ["E999", "LL101"]


def test_it_is_named(flake8):
    assert "losslint: 0" in flake8("--version").stdout
