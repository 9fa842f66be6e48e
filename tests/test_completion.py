"""What shells are told to complete, through the real start of the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
START = "import sys; sys.argv[0] = 'losslint'; from losslint.cli import main; main()"


def completed(*words):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "_LOSSLINT_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("losslint", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, env=environment, check=True)
    return [line.removeprefix("plain,") for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("ch",), ["check"]),
        (("check", "--output-format", "git"), ["github", "gitlab"]),
        (("check", "--certainty", "l"), ["likely"]),
        (("rule", "LL40"), ["LL401", "LL402", "LL403", "LL404", "LL405", "LL406"]),
        (("rule", "softmax-before-c"), ["softmax-before-cross-entropy"]),
    ],
)
def test_completion(words, expected):
    assert completed(*words) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_LOSSLINT_COMPLETE": f"{shell}_source"}
    done = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, env=environment, check=False)
    assert "_LOSSLINT_COMPLETE" in done.stdout
