"""The hook, run by pre-commit itself on a repository made for it, from the last commit of this one."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    return nn.CrossEntropyLoss()(Net()(x), y)
"""


def git(folder, *arguments):
    # variables of a git that runs these tests from a hook of its own would point elsewhere
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    identity = ["-c", "user.name=tests", "-c", "user.email=tests@localhost", "-c", "core.hooksPath=/dev/null"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed")
    try:
        sha = git(ROOT, "rev-parse", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ROOT.as_posix()}\n    rev: {sha}\n    hooks:\n      - id: losslint\n"
    )
    (folder / "train.py").write_text(TRAIN)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "train")
    return folder


@pytest.mark.slow
def test_a_staged_model_that_breaks_an_unstaged_loss_is_found(repository):
    environment = {**os.environ, "PRE_COMMIT_HOME": str(repository.parent / "home"), "PRE_COMMIT_COLOR": "never"}

    def run():
        command = [sys.executable, "-m", "pre_commit", "run"]
        return subprocess.run(command, capture_output=True, text=True, cwd=repository, env=environment, check=False)

    (repository / "model.py").write_text(MODEL)
    git(repository, "add", "model.py")
    result = run()
    assert result.returncode == 1, result.stdout + result.stderr
    assert "error[LL101] softmax-before-cross-entropy" in result.stdout
    assert "--> train.py:7:12" in result.stdout
    assert "exit code: 1" in result.stdout

    (repository / "model.py").write_text(MODEL.replace("torch.softmax(self.layer(x), dim=1)", "self.layer(x)"))
    git(repository, "add", "model.py")
    result = run()
    assert result.returncode == 0, result.stdout + result.stderr
