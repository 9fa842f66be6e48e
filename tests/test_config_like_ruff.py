"""Patterns, precedence and extending mean what they mean to ruff: both programs are run on one tree."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from click.testing import CliRunner
from ruff import find_ruff_bin
from test_config_files import WRONG, files, write

from losslint import cli

TREE = (
    "a.py",
    "b/c.py",
    "b/d/e.py",
    "old/f.py",
    "src/old/h.py",
    "src/x_test.py",
    "tests/test_a.py",
    "z.pyi",
    "n.ipynb",
)
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
    {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": WRONG + "import os\n"}
]}  # fmt: skip


@pytest.fixture
def tree(folder):
    write({name: json.dumps(NOTEBOOK) if name.endswith("ipynb") else WRONG + "\n\nimport os\n" for name in TREE})
    return folder


def of_ruff(*arguments):
    """The files in which ruff finds the import that nobody uses."""
    command = [find_ruff_bin(), "check", "--no-cache", "--output-format", "json", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode in {0, 1}, result.stderr
    found = [one for one in json.loads(result.stdout) if one["code"] == "F401"]
    return sorted({one["filename"].removeprefix(os.getcwd() + os.sep).replace(os.sep, "/") for one in found})


def of_losslint(*arguments):
    return sorted(set(files(*arguments)))


def shown_by_ruff(*arguments):
    command = [find_ruff_bin(), "check", "--no-cache", "--show-files", *arguments]
    return _relative(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines())


def shown_by_losslint(*arguments):
    result = CliRunner().invoke(cli.losslint, ["check", "--show-files", *arguments])
    assert result.exit_code == 0, result.output
    return _relative(result.stdout.splitlines())


def _relative(paths):
    here = os.getcwd() + os.sep
    found = {path.removeprefix(here).replace(os.sep, "/") for path in paths}
    return sorted(path for path in found if not path.endswith(".toml"))


def configure(text):
    """One configuration for both."""
    write({"losslint.toml": text, "ruff.toml": text})


PATTERNS = [
    "b/*.py", "b/**", "b/*", "*.py", "old/*.py", "*_test.py", "b/d/**/*.py", "**/d/*", "t*/*", "b/c.py", "**/*_test.py",
    "src/**/h.py", "n.ipynb", "{0}/b/*.py", "**/[b-d]/?.py", "{{src,old}}/**", "old/{{f,g}}.p[xy]", "?/[!x]*/*.py", "*/**/*.py",
]  # fmt: skip
FOLDERS = ["old", "./b", "src/old", "**/old", "tests", "t*", "b/d", "../*/b", "{0}/b", "old/", "{0}"]
NAMES = ["c.py", "?.py", "[ab].py", "[!ab].py"]


@pytest.mark.parametrize("pattern", [*PATTERNS, *FOLDERS, *NAMES])
def test_excluded(tree, pattern):
    configure(f"extend-exclude = ['{pattern.format(tree)}']\n")
    assert shown_by_losslint(".") == shown_by_ruff(".")


@pytest.mark.parametrize("pattern", [*PATTERNS, *FOLDERS])
def test_included(tree, pattern):
    configure(f"include = ['{pattern.format(tree)}']\n")
    assert shown_by_losslint(".") == shown_by_ruff(".")


@pytest.mark.parametrize("pattern", [*PATTERNS, *NAMES, "!b/**", "!*.py"])
def test_rules_ignored_in_files(tree, pattern):
    ignored_alike(pattern.format(tree), pattern.format(tree))


@pytest.mark.parametrize(
    ("pattern", "spelled_out"),
    [("old", "**/old/**"), ("./b", "b/**"), ("src/old/", "src/old/**"), ("!old", "!**/old/**"), ("{0}/b", "b/**")],
)
def test_a_folder_stands_for_what_is_in_it(tree, pattern, spelled_out):
    ignored_alike(pattern.format(tree), spelled_out)


def ignored_alike(ours, theirs):
    write({"losslint.toml": f"per-file-ignores = {{'{ours}' = ['LL1']}}"})
    write({"ruff.toml": f"lint.per-file-ignores = {{'{theirs}' = ['F4']}}"})
    assert of_losslint(".") == of_ruff(".")


@pytest.mark.parametrize("paths", [["old"], ["old/f.py", "a.py"], ["src"], ["src/old", "b/c.py"], ["tests/test_a.py"]])
@pytest.mark.parametrize("force", ["--force-exclude", "--no-force-exclude"])
def test_paths_on_the_command_line(tree, paths, force):
    configure("extend-exclude = ['old', 'b/*.py', 'tests/']\n")
    assert shown_by_losslint(*paths, force) == shown_by_ruff(*paths, force)


@pytest.mark.parametrize(
    "texts",
    [
        {"base-": "extend-exclude = ['old']\n[lint]\nignore = ['LL1']", "": "extend = 'base-{0}'\n[lint]\nextend-select = ['LL101']"},
        {"": "[lint]\nignore = ['LL101']", "b/": "[lint]\nextend-select = ['LL101']", "b/d/": "extend = '../../{0}'"},
        {"": "[lint]\nselect = []", "b/": "[lint]\nselect = ['LL101']\nignore = ['LL1']", "src/": "[lint]\nselect = ['LL1']\nignore = ['LL101']"},
        {"x/base-": "[lint.per-file-ignores]\n'b/*' = ['LL101']", "": "extend = 'x/base-{0}'\n[lint.extend-per-file-ignores]\n'old/*' = ['LL101']"},
    ],
)  # fmt: skip
def test_hierarchies(tree, texts):
    for name, text in texts.items():
        ours, theirs = (text.format(f"{tool}.toml") for tool in ("losslint", "ruff"))
        write({f"{name}losslint.toml": ours.replace("[lint]\n", "").replace("[lint.", "[")})
        write({f"{name}ruff.toml": theirs.replace("LL101", "F401").replace("LL1", "F4")})
    assert of_losslint(".") == of_ruff(".")
    assert of_losslint("b", "src") == of_ruff("b", "src")
