"""`losslint config`, `--show-settings` and `--show-files`: what is in force, and where it comes from."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_config_files import WRONG, write

from losslint import cli, config
from losslint.config.keys import TABLES, keys
from losslint.config.schema import text
from losslint.rules import _registry
from losslint.rules._codes import CODES


def run(*arguments):
    result = CliRunner().invoke(cli.losslint, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def parsed(*arguments):
    return json.loads(run("config", "--output-format", "json", *arguments))


def setting(key, *arguments):
    """Value and places of one key."""
    found = parsed(*arguments)["settings"][key]
    here = os.getcwd() + os.sep
    return found["value"], [place.removeprefix(here) for place in found["from"]]


def toml(text):
    if sys.version_info < (3, 11):
        import tomli as tomllib
    else:
        import tomllib
    return tomllib.loads(text)


BASE = """\
ignore = ["LL3"]
jobs = 3
extend-exclude = ['a "b"', 'x\\y']
[per-file-ignores]
"tests/**" = ["LL1"]
[severities]
LL1 = "warning"
"""
NEAR = """\
extend = "base.toml"
extend-ignore = ["LL101"]
severity = "warning"
cache-dir = "~/kept"
per-file-ignores = { "!a b/**" = ["LL2", "all"] }
[severities]
labels-from-one = "advice"
[[layers]]
names = ["a.B"]
output = "logits"
classes = 3
"""


@pytest.fixture
def project(folder):
    write({"base.toml": BASE, "losslint.toml": NEAR, "tests/a.py": WRONG, "b/c.py": WRONG})
    return folder


@pytest.mark.parametrize(
    ("key", "value", "places"),
    [
        ("select", [], ["default"]),
        ("ignore", ["LL3", "LL101"], ["base.toml", "losslint.toml"]),
        ("jobs", 3, ["base.toml"]),
        ("certainty", "likely", ["default"]),
        ("severity", "warning", ["losslint.toml"]),
        ("baseline", None, ["default"]),
        ("cache-dir", os.path.expanduser("~/kept"), ["losslint.toml"]),
        ("extend-exclude", ['a "b"', "x\\y"], ["base.toml"]),
        ("per-file-ignores", {"!a b/**": ["LL2", "ALL"]}, ["losslint.toml"]),
        ("severities", {"LL1": "warning", "LL201": "advice"}, ["base.toml", "losslint.toml"]),
        ("layers", [{"names": ["a.B"], "output": "logits", "classes": 3}], ["losslint.toml"]),
        ("losses", [], ["default"]),
    ],
)
def test_each_value_says_where_it_comes_from(project, key, value, places):
    assert setting(key) == (value, places)
    assert setting(key, "b/c.py") == (value, places)


def test_the_command_line_comes_last(project):
    assert setting("severity", "--severity", "error") == ("error", ["command line"])
    assert setting("severity", "--config", 'severity = "error"') == ("error", ["--config 'severity = \"error\"'"])
    assert setting("ignore", "--select", "LL1") == ([], ["default"])
    assert setting("ignore", "--ignore", "LL2") == (
        ["LL3", "LL101", "LL2"],
        ["base.toml", "losslint.toml", "command line"],
    )
    assert setting("extend-exclude", "--extend-exclude", "z")[0] == ['a "b"', "x\\y", "z"]
    assert setting("severity", "--isolated") == ("advice", ["default"])


def test_the_nearest_file_and_the_rules_that_are_on(project):
    on = {rule.code for rule in _registry.load() if rule.by_default and not rule.code.startswith("LL3")} - {"LL101"}
    assert set(parsed()["rules"]) == on
    assert (
        parsed("b/c.py")["rules"] == []
    )  # the pattern of its per-file ignores matches all files but those in another folder
    assert parsed("b")["files"] == [str(project / "base.toml"), str(project / "losslint.toml")]
    write({"base.toml": "", "losslint.toml": 'per-file-ignores = {"c.py" = ["LL1"]}'})
    assert {code for code in parsed()["rules"] if code.startswith("LL1")}
    assert not {code for code in parsed("b/c.py")["rules"] if code.startswith("LL1")}
    assert parsed("--isolated")["files"] == []


def test_the_text_is_a_configuration_that_says_the_same(project):
    shown = run("config")
    assert shown.startswith(
        f"# configuration file: {project / 'losslint.toml'}\n# which extends: {project / 'base.toml'}\n"
    )
    assert 'severity = "warning"  # ' + str(project / "losslint.toml") in shown
    before = parsed()["settings"]
    (project / "again.toml").write_text(shown, encoding="utf-8")
    after = parsed("--config", "again.toml")["settings"]
    assert {key: one["value"] for key, one in after.items()} == {key: one["value"] for key, one in before.items()}


def test_every_key_is_shown(folder):
    shown = run("config", "--isolated")
    there = set(toml(shown)) | {line[2:].partition(":")[0] for line in shown.splitlines() if line.startswith("# ")}
    folded = {"extend", "extend-ignore", "extend-per-file-ignores", "extend-fixable", "extend-include"}
    assert {*keys(), *TABLES} - folded <= there
    assert shown.startswith("# no configuration file was read (--isolated)\n")


def test_check_shows_settings_and_files(project):
    assert run("check", "--show-settings") == run("config")
    assert run("check", "--show-settings", "--severity", "error") == run("config", "--severity", "error")
    assert run("check", "--show-files") == "b/c.py\ntests/a.py\n"
    assert run("check", "--show-files", "tests", "--extend-exclude", "a.py") == ""
    assert run("check", "--show-files", "b/c.py", "--exclude", "b", "--force-exclude") == ""


@pytest.mark.parametrize("command", [["config"], ["check", "--show-settings"], ["check", "--show-files"]])
def test_mistakes_end_with_2(folder, command):
    write({"losslint.toml": "selct = []\n"})
    assert told(command).endswith("losslint.toml: has no key 'selct'; did you mean 'select'?\n")


def test_mistakes_in_rows_are_told_by_the_command_that_shows_them(folder):
    write({"losslint.toml": '[[losses]]\nnames = ["a.B"]\nlike = "cros_entropy"\n'})
    assert "[[losses]] entry 1: like must be one of" in told(["config"])


def told(command):
    err = StringIO()
    with redirect_stderr(err), pytest.raises(SystemExit) as left:
        cli.main(command)
    assert left.value.code == 2
    return err.getvalue()


def test_the_schema_is_printed():
    assert run("config", "--schema") == text(CODES)
    assert Path(config.__file__).with_name("losslint.schema.json").read_text(encoding="utf-8") == text(CODES)
