"""A git repository with a model and a training script, as the tests of the hooks need it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGED = ("losslint", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")

MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(8, 10)

    def forward(self, x):
        return self.layer(x)
"""
SQUASHED = MODEL.replace("self.layer(x)\n", "torch.softmax(self.layer(x), dim=1)\n")
TRAIN = """\
from torch import nn

from model import Net


def step(x, y):
    return nn.CrossEntropyLoss()(Net()(x), y)
"""
ALONE = """\
import torch.nn.functional as F


def step(x, y):
    return F.cross_entropy(F.softmax(x, dim=1), y)
"""


def environment(**more):
    """Variables for git and what it starts: nobody's settings, and no git that runs these tests from a hook of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT", "PREK"))}
    kept.pop("PYTHONPATH", None)
    identity = {f"GIT_{who}_{what}": "tests" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**kept, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **more}


def git(folder, *arguments, **more):
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(**more))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def repository(folder, **files):
    """A git repository in which these files are committed."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    write(folder, {"model.py": MODEL, "train.py": TRAIN, **files})
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "begin")
    return folder


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def staged(folder):
    """The files that a runner would hand to a hook: those staged, as they will be, without those that go."""
    return git(folder, "diff", "--staged", "--name-only", "--diff-filter=ACMRTUXB", "-z").split("\0")[:-1]
