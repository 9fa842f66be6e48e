"""Configuration files: which counts where, what they extend, and what is said of broken ones. Through the command."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner

from losslint import cli

WRONG = """\
import torch
from torch import nn


def step(x, y):
    probabilities = nn.Linear(10, 3)(x).softmax(1)
    return nn.CrossEntropyLoss()(probabilities, y)
"""
MODEL = "from torch import nn\n\nmodel = nn.Sequential(nn.Linear(10, 3), nn.Softmax(1))\n"
TRAIN = """\
from torch import nn

from {module} import model


def train(loader):
    for x, y in loader:
        nn.CrossEntropyLoss()(model(x), y).backward()
"""


def write(files):
    for name, text in files.items():
        file = Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())


def run(*arguments):
    return CliRunner().invoke(cli.losslint, ["check", "--output-format", "json", "--no-cache", *arguments])


def found(*arguments):
    """What is found: file, code and severity."""
    result = run(*arguments)
    assert result.exit_code in {0, 1}, result.output
    return [(one["filename"].replace(os.sep, "/"), one["code"], one["severity"]) for one in _parsed(result.stdout)]


def _parsed(text):
    shown = json.loads(text)
    here = os.getcwd() + os.sep
    return [{**one, "filename": one["filename"].removeprefix(here)} for one in shown]


def files(*arguments):
    return [file for file, _, _ in found(*arguments)]


def refused(*arguments):
    """What the command says where it does nothing."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        cli.main(["check", "--no-cache", *arguments])
    assert left.value.code == 2
    assert out.getvalue() == ""
    return err.getvalue().removeprefix("Error: ").strip()


OFF, ADVICE = 'ignore = ["LL101"]\n', '[severities]\nLL101 = "advice"\n'
TOOL_ADVICE = '[tool.losslint.severities]\nLL101 = "advice"\n'


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ({}, [("a/train.py", "LL101", "error")]),
        ({"a/pyproject.toml": TOOL_ADVICE}, [("a/train.py", "LL101", "advice")]),
        ({"a/pyproject.toml": TOOL_ADVICE, "a/losslint.toml": OFF}, []),
        ({"a/losslint.toml": OFF, "a/.losslint.toml": ADVICE}, [("a/train.py", "LL101", "advice")]),
        ({"a/pyproject.toml": "[project]\nname = 'losslint'\n", "losslint.toml": OFF}, []),
        ({"losslint.toml": OFF, "a/losslint.toml": ""}, [("a/train.py", "LL101", "error")]),
        ({"losslint.toml": ADVICE, "a/b/losslint.toml": OFF}, [("a/train.py", "LL101", "advice")]),
    ],
)
def test_the_nearest_file_counts_and_in_one_folder_the_first(folder, inner, expected):
    write({"a/train.py": WRONG, **inner})
    assert found(".") == expected
    assert found("a") == expected
    assert found("a/train.py") == expected


def test_each_file_follows_the_nearest_configuration(folder):
    write({
        "losslint.toml": 'severity = "warning"\n' + ADVICE, "train.py": WRONG, "a/train.py": WRONG, "b/train.py": WRONG,
        "b/losslint.toml": '[severities]\nLL101 = "warning"\n', "b/deep/train.py": WRONG, "c/train.py": WRONG, "c/losslint.toml": OFF,
    })  # fmt: skip
    warned = [("b/deep/train.py", "LL101", "warning"), ("b/train.py", "LL101", "warning")]
    assert found(".") == warned
    assert found("b", "c") == warned
    assert found(".", "--severity", "advice") == [
        ("a/train.py", "LL101", "advice"),
        *warned,
        ("train.py", "LL101", "advice"),
    ]
    assert files(".", "--isolated") == [
        "a/train.py", "b/deep/train.py", "b/train.py", "c/train.py", "train.py",
    ]  # fmt: skip


def test_what_is_shown_follows_the_file_of_the_finding(folder):
    write({"model.py": MODEL, "app/train.py": TRAIN.format(module="model"), "app/losslint.toml": OFF})
    assert found("model.py") == []
    write({"app/losslint.toml": ADVICE})
    assert found("model.py") == [("app/train.py", "LL101", "advice")]


def test_a_broken_configuration_of_other_files_does_not_count(folder):
    write({"model.py": MODEL, "app/train.py": TRAIN.format(module="model"), "app/losslint.toml": "selct = []\n"})
    assert found("model.py") == [("app/train.py", "LL101", "error")]
    assert "app" + os.sep + "losslint.toml: has no key 'selct'" in refused(".")


def test_rows_of_all_configurations_join(folder):
    row = '[[layers]]\nnames = ["lib.{0}"]\noutput = "probabilities"\n'
    use = "from torch import nn\nimport lib\n\ndef f(x, y):\n    return nn.CrossEntropyLoss()(lib.{0}()(x), y)\n"
    write({"a/train.py": use.format("A"), "a/losslint.toml": row.format("A"), "losslint.toml": row.format("B")})
    write({"train.py": use.format("B"), "b/train.py": use.format("A")})
    assert files(".") == ["a/train.py", "b/train.py", "train.py"]
    assert files("train.py", "b") == ["train.py"]


def test_extended_files_come_first(folder):
    write({
        "train.py": WRONG, "shared/base.toml": 'extend = "../more.toml"\n' + OFF, "more.toml": 'certainty = "certain"\n' + ADVICE,
        "losslint.toml": 'extend = "shared/base.toml"\nextend-select = ["LL101"]\n',
    })  # fmt: skip
    assert found(".") == [("train.py", "LL101", "advice")]
    write({"losslint.toml": 'extend = "shared/base.toml"\n'})
    assert found(".") == []


def test_extended_paths_start_from_home_and_from_the_file(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("USERPROFILE", str(folder / "home"))
    write({"train.py": WRONG, "home/x.toml": OFF, "pyproject.toml": '[tool.losslint]\nextend = "~/x.toml"\n'})
    assert found("train.py") == []
    write({"home/x.toml": 'extend-exclude = ["old/"]\n', "old/a.py": WRONG, "home/old/a.py": WRONG})
    assert files(".") == ["old/a.py", "train.py"]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"losslint.toml": 'extend = "losslint.toml"'}, ["losslint.toml: extends itself"]),
        ({"losslint.toml": 'extend = "b.toml"', "b.toml": 'extend = "losslint.toml"'}, ["extends itself", "b.toml -> "]),
        ({"losslint.toml": 'extend = "b.toml"'}, ["losslint.toml: extend: there is no file", "b.toml"]),
        ({"losslint.toml": "extend = 3"}, ["losslint.toml: extend must be a path, not 3"]),
        ({"losslint.toml": 'extend = "pyproject.toml"'}, ["pyproject.toml: has no table [tool.losslint]"]),
        ({"losslint.toml": 'extend = "b.toml"', "b.toml": "jobs = 0"}, ["b.toml: jobs must be a whole number above 0, not 0"]),
        ({"losslint.toml": "select = ["}, ["losslint.toml: not valid TOML"]),
        ({"losslint.toml": b"# \xff\n"}, ["losslint.toml: not valid TOML"]),
        ({"losslint.toml/x": ""}, ["losslint.toml: cannot be read: Is a directory"]),
        ({"pyproject.toml": "[tool.losslint\n"}, ["pyproject.toml: not valid TOML"]),
        ({"pyproject.toml": "[tool]\nlosslint = 3\n"}, ["pyproject.toml: tool.losslint must be a table"]),
        ({"losslint.toml": "a = " + "[" * 5000}, ["losslint.toml: not valid TOML"]),
    ],
)  # fmt: skip
def test_broken_files_are_one_clear_error(folder, texts, words):
    write({"train.py": WRONG, **texts})
    told = refused(".")
    assert "\n" not in told
    assert all(word in told for word in words), told
    assert files(".", "--isolated") == ["train.py"]


def test_a_file_that_may_not_be_read_is_an_error(folder):
    write({"train.py": WRONG})
    Path("losslint.toml").symlink_to("nowhere.toml")
    assert refused(".").endswith("losslint.toml: cannot be read: No such file or directory")


def test_all_mistakes_are_told_at_once(folder):
    write({"pyproject.toml": """\
[tool.losslint]
selct = ["LL1"]
ignore = ["LX101", "softmax-before-crossentropy"]
jobs = "two"
severity = "eror"
cache = 1
exclude = ["", "ok"]
per-file-ignores = { "tests/**" = "LL1" }
losses = [{ names = ["a.B"], lik = "cross_entropy" }]

[tool.losslint.severities]
LL1 = "bad"
"""})  # fmt: skip
    file = str(folder / "pyproject.toml")
    assert refused(".").splitlines() == [
        f"{file}: [tool.losslint] has no key 'selct'; did you mean 'select'?",
        f"{file}: [tool.losslint] jobs must be a whole number above 0, not 'two'",
        f"{file}: [tool.losslint] severity must be one of error, warning, advice, not 'eror'; did you mean 'error'?",
        f"{file}: [tool.losslint] cache must be true or false, not 1",
        f"{file}: [tool.losslint] exclude holds '', which is no pattern",
        f"{file}: [tool.losslint] per-file-ignores 'tests/**' must be a list of strings, such as [\"LL101\"], not 'LL1'",
        f"{file}: [tool.losslint] severities LL1 must be one of error, warning, advice, not 'bad'; did you mean 'advice'?",
        f"{file}: [tool.losslint] ignore: no rule matches 'LX101'; did you mean 'LL101'?",
        f"{file}: [tool.losslint] ignore: no rule matches 'softmax-before-crossentropy'; did you mean 'softmax-before-cross-entropy'?",
        f"{file}: [[tool.losslint.losses]] entry 1: no key 'lik'; did you mean 'like'?",
    ]


def test_wrong_rows_name_the_file_and_its_own_keys(folder):
    write({"train.py": WRONG, "losslint.toml": '[[losses]]\nnames = ["a.B"]\nlik = "mse_loss"\n'})
    told = f"{folder / 'losslint.toml'}: [[losses]] entry 1: no key 'lik'; did you mean 'like'?"
    assert refused(".") == told


def test_config_names_a_file_that_counts_for_all(folder):
    write({"train.py": WRONG, "a/train.py": WRONG, "a/losslint.toml": OFF, "other/ci.toml": ADVICE + 'x.y = "z"\n'})
    assert "ci.toml: severities x must be one of" in refused("--config", "other/ci.toml")
    write({"other/ci.toml": ADVICE, "other/none/pyproject.toml": ""})
    assert found(".", "--config", "other/ci.toml") == [
        ("a/train.py", "LL101", "advice"),
        ("train.py", "LL101", "advice"),
    ]
    write({"other/ci.toml": 'exclude = ["a/*.py"]\n'})
    assert files(".", "--config", "other/ci.toml") == ["train.py"]
    assert "no.toml: cannot be read" in refused("--config", "no.toml")
    assert "has no table [tool.losslint]" in refused("--config", "other/none/pyproject.toml")
    assert "more than one file" in refused("--config", "a.toml", "--config", "b.toml")
    assert "--isolated reads none" in refused("--config", "other/ci.toml", "--isolated")


def test_config_takes_settings(folder):
    write({"train.py": WRONG, "a/train.py": WRONG, "a/losslint.toml": ADVICE})
    assert files(".", "--config", 'severity = "error"') == ["train.py"]
    assert files(".", "--config", 'severity = "error"', "--severity", "advice") == ["a/train.py", "train.py"]
    assert files(".", "--config", 'per-file-ignores = {"a/**" = ["LL1"]}', "--isolated") == ["train.py"]
    assert refused("--config", "severity = eror").startswith("--config 'severity = eror': not valid TOML")
    assert "--config 'sevrity = 1': has no key 'sevrity'; did you mean 'severity'?" in refused(
        "--config", "sevrity = 1"
    )
    assert "extend has a meaning in files alone" in refused("--config", 'extend = "x"')


def test_a_change_of_configuration_is_seen_whatever_is_kept(folder):
    def kept():
        arguments = ["check", "--output-format", "json", "--cache-dir", "kept", "."]
        first, again = (CliRunner().invoke(cli.losslint, arguments).stdout for _ in range(2))
        assert first == again
        return [(one["filename"].replace(os.sep, "/"), one["severity"]) for one in _parsed(first)]

    write({"a.py": WRONG, "b/c.py": WRONG, "losslint.toml": 'extend = "shared/base.toml"', "shared/base.toml": ""})
    assert kept() == [("a.py", "error"), ("b/c.py", "error")]
    write({"shared/base.toml": ADVICE})
    assert kept() == [("a.py", "advice"), ("b/c.py", "advice")]
    write({"b/losslint.toml": OFF})
    assert kept() == [("a.py", "advice")]
    write({"b/.losslint.toml": '[severities]\nLL101 = "warning"'})
    assert kept() == [("a.py", "advice"), ("b/c.py", "warning")]
    write({"shared/base.toml": 'extend-exclude = ["../b"]'})
    assert kept() == [("a.py", "error")]
    Path("losslint.toml").unlink()
    assert kept() == [("a.py", "error"), ("b/c.py", "warning")]
