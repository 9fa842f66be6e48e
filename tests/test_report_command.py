"""Formats on the command line: with counts, with fixes, into files, and what happens to the files."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from losslint import cli
from losslint.cli.options import FORMATS

ROOT = Path(__file__).parent.parent
BAD = """\
import torch
from torch import nn


def step(x, y):
    return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)
"""
LEGACY = "from torch import nn\n\nloss = nn.CrossEntropyLoss(size_average=False)\n"
FOR_PEOPLE = {"full", "concise", "grouped"}
WITH_PROBLEMS = {"sarif", "github", "gitlab", "junit", "rdjson", "azure"}
WITH_COUNTS = {*FOR_PEOPLE, "json", "json-lines"}


@pytest.fixture
def project(folder):
    (folder / "bad.py").write_text(BAD)
    (folder / "broken.py").write_text("from torch import nn\nnn.CrossEntropyLoss((\n")
    return folder


def run(*arguments):
    return CliRunner().invoke(cli.losslint, ["check", *arguments])


@pytest.mark.parametrize("word", FORMATS)
def test_findings_and_problems(project, word):
    result = run("--output-format", word)
    assert result.exit_code == 1
    assert "LL101" in result.stdout
    assert ("was never closed" in result.stdout) is (word in WITH_PROBLEMS)
    assert "losslint: broken.py:2: cannot be parsed" in result.stderr
    assert run("--output-format", word, "--exit-zero").exit_code == 0
    assert run("--output-format", word, "broken.py").exit_code == 2


@pytest.mark.parametrize("word", FORMATS)
def test_counts(project, word):
    plain, counted = run("--output-format", word), run("--output-format", word, "--statistics")
    row = "    1  LL101  softmax-before-cross-entropy"
    assert counted.exit_code == 1
    assert (row in counted.stdout) is (word in FOR_PEOPLE)
    assert (row in counted.stderr) is (word not in WITH_COUNTS)
    assert (counted.stdout == plain.stdout) is (word not in WITH_COUNTS)


@pytest.mark.parametrize("word", FORMATS)
def test_files(project, word):
    printed = run("--output-format", word, "--color", "never")
    written = run("--output-format", word, "--output-file", "out.txt")
    assert (written.exit_code, written.stdout) == (1, "")
    assert (project / "out.txt").read_text(encoding="utf-8") == printed.stdout
    left = {file.name for file in project.iterdir()} - {".losslint_cache"}
    assert left == {"pyproject.toml", "bad.py", "broken.py", "out.txt"}


def test_an_empty_report_of_lines_is_empty(folder):
    (folder / "good.py").write_text("x = 1\n")
    for word in ("json-lines", "github", "azure", "pylint"):
        assert run("--output-format", word, "--output-file", "out.txt").exit_code == 0
        assert (folder / "out.txt").read_bytes() == b""
        assert run("--output-format", word).stdout == ""


@pytest.mark.parametrize("word", sorted(set(FORMATS) - FOR_PEOPLE))
def test_what_is_fixed_is_told_aside(folder, word):
    (folder / "old.py").write_text(LEGACY)
    result = run("--output-format", word, "--fix", "--show-fixes")
    assert result.exit_code == 0
    assert "LL403" not in result.stdout.replace('"id": "LL403"', "").replace("LL403 legacy-reduction-arguments\\n", "")
    assert "LL403" in result.stderr
    assert "Fixed 1 finding (0 remaining)." in result.stderr


@pytest.mark.parametrize("word", FORMATS)
def test_fix_only_reports_no_finding(project, word):
    result = run("--output-format", word, "--fix-only")
    assert result.exit_code == 0
    assert "bad.py" not in result.stdout
    assert ("was never closed" in result.stdout) is (word in WITH_PROBLEMS)


def test_a_missing_folder_is_named_before_the_work(project):
    result = run("--output-file", "no/such/out.txt")
    assert result.exit_code != 0
    assert "Error: no/such/out.txt cannot be written: its folder does not exist" in result.stderr
    assert "broken.py" not in result.stderr
    assert not (project / "no").exists()


def test_a_folder_is_no_file(project):
    (project / "out").mkdir()
    result = run("--output-file", "out")
    assert result.exit_code != 0
    assert "out" in result.stderr


def whole(*arguments, cwd, **options):
    command = [sys.executable, "-m", "losslint", "check", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, stderr=subprocess.PIPE, text=True, cwd=cwd, env=environment, check=False, **options
    )  # fmt: skip


def little_room():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_where_there_is_no_room_the_old_file_stays(project):
    (project / "out.sarif").write_text("old")
    result = whole(
        "--output-format", "sarif", "--output-file", "out.sarif", cwd=project, preexec_fn=little_room
    )  # fmt: skip
    assert result.returncode == 2
    assert "Error: out.sarif cannot be written: file too large\n" in result.stderr
    assert "Traceback" not in result.stderr
    assert (project / "out.sarif").read_text() == "old"
    assert [file.name for file in project.iterdir() if file.name.startswith(".losslint-")] == []


def test_a_full_device(project):
    result = whole("--output-file", "/dev/full", cwd=project)
    assert result.returncode == 2
    assert "Error: /dev/full cannot be written: no space left on device\n" in result.stderr
    with open("/dev/full", "w") as full:
        result = whole(cwd=project, stdout=full)
    assert result.returncode == 2
    assert "Error: the output cannot be written: no space left on device\n" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_read_only_file_stays(project):
    (project / "out.txt").write_text("old")
    (project / "out.txt").chmod(0o444)
    result = run("--output-file", "out.txt")
    assert "Error: out.txt cannot be written: permission denied" in result.stderr
    assert (project / "out.txt").read_text() == "old"


def test_a_link_stays_a_link_and_a_mode_stays(project):
    (project / "real.txt").write_text("old")
    (project / "real.txt").chmod(0o640)
    (project / "out.txt").symlink_to("real.txt")
    assert run("--output-format", "json", "--output-file", "out.txt").exit_code == 1
    assert (project / "out.txt").is_symlink()
    assert len(json.loads((project / "real.txt").read_text())) == 1
    assert stat.S_IMODE((project / "real.txt").stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(project):
    old = os.umask(0o027)
    try:
        run("--output-file", "out.txt")
    finally:
        os.umask(old)
    assert stat.S_IMODE((project / "out.txt").stat().st_mode) == 0o640
