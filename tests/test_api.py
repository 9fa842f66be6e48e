"""The functions for scripts: what they give, what they raise, and that what README shows runs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from losslint import api
from losslint.engine import Outcome

ROOT = Path(__file__).parent.parent
BAD = """\
import torch
from torch import nn


def step(x, y):
    return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)
"""
MODEL = """\
import torch


def probabilities(x):
    return torch.softmax(x, dim=1)
"""
TRAIN = """\
from torch import nn

from model import probabilities


def step(x, y):
    return nn.CrossEntropyLoss()(probabilities(x), y)
"""


def places(result):
    return [(one.code, one.span.path, one.span.line) for one in result.findings]


def test_a_text_is_checked_without_a_file(folder):
    result = api.check_source(BAD)
    assert places(result) == [("LL101", "<source>.py", 6)]
    assert result.problems == ()
    assert result.findings[0].fix.applicability is api.Applicability.UNSAFE
    assert list(folder.iterdir()) == [folder / "pyproject.toml"]


def test_a_text_stands_in_its_project(folder):
    (folder / "model.py").write_text(MODEL)
    (folder / "src").mkdir()
    assert places(api.check_source(TRAIN, "train.py")) == [("LL101", "train.py", 7)]
    assert places(api.check_source(TRAIN, folder / "train.py")) == [("LL101", "train.py", 7)]
    (folder / "train.py").write_text("x = 1\n")
    assert places(api.check_source(TRAIN, "train.py")) == [("LL101", "train.py", 7)]
    assert places(api.check_source("x = 1\n", "train.py")) == []
    (folder / "train.py").write_text(TRAIN)
    broken = MODEL.replace("torch.softmax(x, dim=1)", "x")
    assert places(api.check_source(broken, "model.py")) == []
    assert places(api.check_source(MODEL, "model.py")) == [("LL101", "train.py", 7)]


def test_paths_are_checked_with_what_is_not_saved(folder):
    (folder / "model.py").write_text(MODEL)
    (folder / "train.py").write_text(TRAIN)
    expected = [("LL101", "train.py", 7)]
    assert places(api.check_paths()) == places(api.check_paths(["."])) == places(api.check_paths([folder])) == expected
    assert places(api.check_paths("train.py")) == places(api.check_paths(Path("train.py"))) == expected
    assert places(api.check_paths(one for one in ["train.py"])) == expected
    good = MODEL.replace("torch.softmax(x, dim=1)", "x")
    for unsaved in ({"model.py": good}, {folder / "model.py": good.encode()}):
        assert places(api.check_paths(unsaved=unsaved)) == []


def test_bytes_and_encodings(folder):
    declared = "# -*- coding: latin-1 -*-\n" + BAD.replace("return", "s = 'é'; return")
    for text in (declared, declared.encode("latin-1")):
        (one,) = api.check_source(text).findings
        assert (one.span.line, one.span.column) == (7, 21)
    (one,) = api.check_source("\ufeff" + BAD).findings
    assert (one.span.line, one.span.column) == (6, 12)


def test_settings(folder):
    (folder / "bad.py").write_text(BAD)
    (folder / "pyproject.toml").write_text('[tool.losslint]\nignore = ["LL101"]\n')
    assert places(api.check_paths()) == places(api.check_source(BAD)) == []
    alone = api.load_settings(isolated=True)
    assert places(api.check_paths(settings=alone)) == [("LL101", "bad.py", 6)]
    assert places(api.check_source(BAD, settings=alone)) == [("LL101", "<source>.py", 6)]
    assert places(api.check_paths(settings=api.load_settings(select=["softmax-before-cross-entropy"]))) != []
    assert places(api.check_paths(settings=api.load_settings(isolated=True, ignore=["LL1"]))) == []
    given = api.load_settings(certainty=api.Certainty.CERTAIN, severity=api.Severity.ERROR)
    assert (given.certainty, given.severity) == (api.Certainty.CERTAIN, api.Severity.ERROR)


def test_no_processes_are_started_unasked(folder, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "losslint.engine.check", lambda _paths, given, **_: asked.append(given.jobs) or Outcome((), (), (), 0, 0)
    )
    api.check_paths(settings=api.Settings())
    api.check_paths(settings=api.Settings(jobs=3))
    assert asked == [1, 3]


def test_settings_that_make_no_sense(folder):
    with pytest.raises(api.ConfigError, match="LL999"):
        api.load_settings(select=["LL999"])
    (folder / "pyproject.toml").write_text("[tool.losslint]\nselct = []\n")
    for call in (api.check_paths, api.load_settings, lambda: api.check_source(BAD)):
        with pytest.raises(api.ConfigError, match="selct"):
            call()


@pytest.mark.parametrize("name", ["train.txt", "train", "", "a\0.py"])
def test_names_that_a_text_cannot_have(folder, name):
    with pytest.raises(ValueError, match=r"must end in \.py"):
        api.check_source(BAD, name)


def test_what_cannot_be_read_is_a_problem(folder):
    (one,) = api.check_paths(["missing.py"]).problems
    assert (one.path, one.reason) == ("missing.py", "does not exist")
    (one,) = api.check_source("from torch import nn\nnn.CrossEntropyLoss((\n").problems
    assert (one.path, one.line) == ("<source>.py", 2)
    assert api.check_source("{", "n.ipynb").problems != ()
    assert api.check_source(b"from torch import nn\0").problems != ()


@given(
    st.text(st.characters(exclude_categories=())) | st.binary(), st.sampled_from(["a.py", "a.ipynb", "no/such/a.pyi"])
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_has_an_answer(folder, text, name):
    head = "import torch\n" if isinstance(text, str) else b"import torch\n"
    assert isinstance(api.check_source(head + text, name), api.CheckResult)


def test_what_is_promised_is_there_and_documented():
    assert sorted(api.__all__) == api.__all__
    for name in api.__all__:
        one = getattr(api, name)
        if name != "PathLike":
            assert (one.__doc__ or "").strip()
            assert inspect.isfunction(one) or is_dataclass(one) or issubclass(one, Enum | Exception)


def test_importing_it_imports_no_parser():
    code = "import sys, losslint.api\nprint([one for one in ('libcst', 'click', 'pathspec') if one in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert shown == "[]\n"


def test_the_script_of_the_readme_runs(folder):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    script = re.search(r"(?s)```python\n(from losslint\.api import .*?)```", text)[1]
    (folder / "src").mkdir()
    (folder / "src" / "bad.py").write_text(BAD)
    environment = {"PYTHONPATH": str(ROOT), "PATH": ""}
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )
    assert result.stderr == ""
    assert "src/bad.py:6: LL101 probabilities reach" in result.stdout
    assert set(re.findall(r"`(\w+)`", section(text))) >= {name for name in api.__all__ if name[0].islower()}


def section(text):
    return text[text.index("### From a script") :].split("\n### ")[0]
