"""Real editors speak to the server, set up as `editors/` says: Neovim and Emacs, each without a screen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lsp_client import MODEL, TRAIN

pytestmark = pytest.mark.clients
SCRIPTS = Path(__file__).parent / "clients"
EDITORS = Path(__file__).parent.parent / "editors"
SAFE = """\
import torch


def step(x):
    cat = "\N{CAT FACE}"; return torch.log(torch.softmax(x, 1))
"""
FIXED = '    cat = "\N{CAT FACE}"; return torch.log_softmax(x, 1)'
CLIENTS = {
    "nvim": ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-S", str(SCRIPTS / "neovim.lua")],
    "emacs": ["emacs", "--batch", "-q", "-l", str(SCRIPTS / "eglot.el")],
}


@pytest.fixture
def session(tmp_path):
    """Run a client on a project; what it says that it saw."""
    folder = tmp_path / "project"
    folder.mkdir()
    files = {"pyproject.toml": "", "model.py": MODEL.format(".softmax(1)"), "train.py": TRAIN, "safe.py": SAFE}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = tmp_path / "losslint"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m losslint "$@"\n')
    command.chmod(0o755)

    def run(name):
        assert shutil.which(CLIENTS[name][0]), f"{CLIENTS[name][0]} is not installed"
        seen = tmp_path / "seen"
        given = {"LOSSLINT_EDITORS": str(EDITORS), "LOSSLINT_FOLDER": str(folder), "LOSSLINT_SEEN": str(seen)}
        given["PATH"] = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
        home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        result = subprocess.run(
            CLIENTS[name], env={**os.environ, **home, **given}, capture_output=True, text=True, timeout=300, check=False
        )
        assert seen.exists(), result.stdout + result.stderr
        lines = seen.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    return run


def test_neovim(session):
    seen = session("nvim")
    assert seen.pop("encoding") in {"utf-8", "utf-16"}
    assert seen == {
        "first": "LL101",
        "place": "9:11-31",
        "hover": "**an object of Net**",
        "typed": "        return self.fc(x)",
        "mended": "",
        "kind": "source.fixAll.losslint",
        "fixed": FIXED,
        "left": "",
    }


def test_emacs(session):
    assert session("emacs") == {
        "first": "losslint [LL101]: probabilities reach CrossEntropyLoss, which expects logits",
        "place": "10:11",
        "hover": "an object of Net",
        "mended": "0",
        "kind": "source.fixAll.losslint",
        "fixed": FIXED,
        "left": "0",
    }
