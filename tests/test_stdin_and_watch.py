"""Texts from stdin, as editors hand them over, and checks that go on while files change."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from two_files import PLAIN, SOFT, TRAIN

ROOT = Path(__file__).parent.parent
LOGS = "import torch\nimport torch.nn.functional as F\n\n\ndef f(x):\n    return torch.log(F.softmax(x, 1))\n"
MENDED = "import torch\nimport torch.nn.functional as F\n\n\ndef f(x):\n    return F.log_softmax(x, 1)\n"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def given(text, *options):
    command = [sys.executable, "-m", "losslint", "check", *options]
    data = text if isinstance(text, bytes) else text.encode()
    return subprocess.run(command, input=data, capture_output=True, env=ENVIRONMENT, check=False)


def codes(result):
    return [(one["code"], one["filename"]) for one in json.loads(result.stdout)]


@pytest.fixture
def project(folder):
    for name, text in (("model.py", PLAIN), ("train.py", TRAIN)):
        (folder / name).write_text(text)
    return folder


def test_a_text_is_checked_in_the_place_of_its_file(project):
    found = given(SOFT, "--output-format", "json", "--stdin-filename", "model.py", "-")
    assert (found.returncode, codes(found)) == (1, [("LL101", "train.py")])
    assert (project / "model.py").read_text() == PLAIN


@pytest.mark.parametrize(
    "options", [("-",), ("-", "--stdin-filename", "new/fresh.py"), ("--stdin-filename", "fresh.py")]
)
def test_a_text_may_belong_to_no_file_yet(project, options):
    found = given(LOGS, "--output-format", "json", *options)
    name = options[-1] if len(options) > 1 else "stdin.py"
    assert (found.returncode, codes(found)) == (1, [("LL303", name)])
    assert sorted(file.name for file in project.iterdir()) == ["model.py", "pyproject.toml", "train.py"]


@pytest.mark.usefixtures("project")
def test_a_report_with_edits_speaks_of_the_text():
    found = given(LOGS, "-", "--output-format", "sarif", "--stdin-filename", "fresh.py")
    (fix,) = json.loads(found.stdout)["runs"][0]["results"][0]["fixes"]
    assert [change["replacements"][0]["insertedContent"]["text"] for change in fix["artifactChanges"]]


def test_settings_of_the_place_count(project):
    (project / "losslint.toml").write_text('per-file-ignores = { "fresh.py" = ["LL303"] }\n')
    assert given(LOGS, "-", "--stdin-filename", "fresh.py").returncode == 0
    assert given(LOGS, "-", "--stdin-filename", "other.py").returncode == 1


@pytest.mark.usefixtures("project")
def test_fixing_gives_the_text_back_and_the_report_beside_it():
    fixed = given(LOGS, "-", "--fix")
    assert (fixed.returncode, fixed.stdout.decode()) == (0, MENDED)
    assert fixed.stderr.decode() == "1 file clean.\nFixed 1 finding (0 remaining).\n"
    untouched = given(b"\xef\xbb\xbfx = 1\r\n", "-", "--fix")
    assert (untouched.returncode, untouched.stdout) == (0, b"\xef\xbb\xbfx = 1\r\n")


@pytest.mark.usefixtures("project")
def test_a_diff_of_a_text():
    shown = given(LOGS, "-", "--diff", "--stdin-filename", "logs.py")
    assert shown.returncode == 1
    assert b"+    return F.log_softmax(x, 1)" in shown.stdout
    assert shown.stdout.startswith(b"--- logs.py")


def test_a_fix_that_would_change_another_file_is_not_made(project):
    (project / "model.py").write_text(SOFT)
    fixed = given(TRAIN, "-", "--stdin-filename", "train.py", "--fix", "--unsafe-fixes")
    assert (fixed.returncode, fixed.stdout.decode()) == (1, TRAIN)
    assert (project / "model.py").read_text() == SOFT


@pytest.mark.usefixtures("project")
def test_a_notebook_from_stdin():
    cells = [
        {
            "cell_type": "code",
            "source": LOGS.splitlines(keepends=True),
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    fixed = given(text, "-", "--fix", "--stdin-filename", "a.ipynb")
    assert fixed.returncode == 0
    assert json.loads(fixed.stdout)["cells"][0]["source"] == MENDED.splitlines(keepends=True)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"def f(:\n", b"\0"])
def test_any_text_gets_a_clear_answer(text):
    result = given(text, "-")
    assert result.returncode in (0, 2)
    assert b"Traceback" not in result.stderr
    assert (result.returncode == 2) == (b"stdin.py" in result.stderr)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "options",
    [
        ("-", "model.py"),
        ("model.py", "--stdin-filename", "a.py"),
        ("-", "--add-noqa"),
        ("-", "--watch"),
        (".", "--watch", "--fix"),
    ],
)
def test_what_does_not_go_together(options):
    result = given("", *options)
    assert result.returncode == 2
    assert b"Error: " in result.stderr


def _hear_interrupts():
    """What a shell starts behind `&` ignores interrupts, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Watched:
    """A watching process; its lines come through a queue."""

    def __init__(self, *options):
        command = [sys.executable, "-m", "losslint", "check", ".", "--watch", "--output-format", "concise", *options]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
            preexec_fn=_hear_interrupts,
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until_quiet(self):
        found = []
        while not found or not found[-1].startswith("Watching"):
            found.append(self.lines.get(timeout=60))
        return found[:-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) == 0


def test_watching_checks_again_when_something_changes(project):
    with Watched() as watched:
        assert watched.until_quiet() == ["All 2 files clean."]
        (project / "model.py").write_text(SOFT)
        assert watched.until_quiet()[0].startswith("train.py:6:12: error[LL101]")
        (project / "losslint.toml").write_text("nonsense\n")
        assert "losslint.toml" in watched.until_quiet()[0]
        (project / "losslint.toml").write_text('ignore = ["LL101"]\n')
        assert watched.until_quiet() == ["All 2 files clean."]
