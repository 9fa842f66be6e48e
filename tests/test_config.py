"""Settings: where they are found, what they say, and how errors are worded."""

from __future__ import annotations

import dataclasses
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from losslint.config import Choice, ConfigError, FileIgnores, Pattern, Place, Settings, merge, nearest, normalise, read
from losslint.config.settings import Tables
from losslint.finding import Certainty, Severity

RULES = [
    ("LL101", "softmax-before-cross-entropy"),
    ("LL102", "log-softmax-before-cross-entropy"),
    ("LL124", "bce-after-sigmoid"),
    ("LL201", "labels-from-one"),
]
BY_DEFAULT = {"LL101", "LL102", "LL201"}


def on(settings):
    return {code for code, name in RULES if settings.selects(code, name, code in BY_DEFAULT)}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), BY_DEFAULT),
        (Settings(select=("LL2",)), {"LL201"}),
        (Settings(select=("ALL",)), {code for code, _ in RULES}),
        (Settings(select=("LL101", "LL2")), {"LL101", "LL201"}),
        (Settings(select=("bce-after-sigmoid",)), {"LL124"}),
        (Settings(extend_select=("LL124",)), {"LL101", "LL102", "LL124", "LL201"}),
        (Settings(ignore=("LL1",)), {"LL201"}),
        (Settings(ignore=("ALL",)), set()),
        (Settings(ignore=("softmax-before-cross-entropy",)), {"LL102", "LL201"}),
        (Settings(select=("LL1",), ignore=("LL10",)), {"LL124"}),
        (Settings(select=("LL101",), ignore=("LL1",)), {"LL101"}),
        (Settings(select=("LL1",), ignore=("LL1",)), set()),
        (Settings(extend_select=("LL101",), ignore=("LL",)), {"LL101"}),
        (Settings(select=("ALL",), ignore=("bce-after-sigmoid", "LL2")), {"LL101", "LL102"}),
    ],
)
def test_the_most_specific_selector_wins(settings, expected):
    assert on(settings) == expected


def shown(settings, severity=Severity.ERROR, certainty=Certainty.CERTAIN, code="LL101"):
    return settings.shows(code, dict(RULES)[code], severity, certainty, code in BY_DEFAULT)


def test_severity_and_certainty_are_least_values():
    assert shown(Settings(), Severity.ADVICE, Certainty.LIKELY)
    assert not shown(Settings(), Severity.ERROR, Certainty.POSSIBLE)
    assert shown(Settings(certainty=Certainty.POSSIBLE), certainty=Certainty.POSSIBLE)
    assert not shown(Settings(certainty=Certainty.CERTAIN), certainty=Certainty.LIKELY)
    assert not shown(Settings(severity=Severity.WARNING), Severity.ADVICE)
    assert shown(Settings(severity=Severity.WARNING), Severity.WARNING)
    assert not shown(Settings(severity=Severity.ERROR), Severity.WARNING)
    assert not shown(Settings(), code="LL124")


@pytest.mark.parametrize(
    ("first", "later", "expected"),
    [
        (Choice(ignore=("LL101",)), Choice(select=("LL1",)), {"LL101", "LL102", "LL124"}),
        (Choice(select=("LL2",)), Choice(extend_select=("LL101",)), {"LL201", "LL101"}),
        (Choice(ignore=("LL101",)), Choice(extend_select=("LL1",)), {"LL101", "LL102", "LL124", "LL201"}),
        (Choice(select=("LL101", "LL2")), Choice(ignore=("LL1",)), {"LL201"}),
        (Choice(select=("LL101",)), Choice(ignore=("ALL",)), set()),
        (Choice(select=("LL1",)), Choice(select=()), set()),
        (Choice(select=()), Choice(extend_select=("LL101",)), {"LL101"}),
        (Choice(extend_select=("LL124",)), Choice(ignore=("LL1",)), {"LL201"}),
    ],
)
def test_the_later_place_outweighs_the_earlier(first, later, expected):
    assert on(merge(merge(Settings(), first), later)) == expected


def test_names_become_codes_whatever_the_case():
    choice = normalise(Choice(select=("ll1", "Labels-From-One", "all"), ignore=("LL101",)), RULES, Place("here"))
    assert choice.select == ("LL1", "LL201", "ALL")
    assert choice.ignore == ("LL101",)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("LL121", "'LL"),
        ("softmax-before-crossentropy", "'softmax-before-cross-entropy'"),
        ("LL9", ""),
        ("L101", "'LL101'"),
    ],
)
def test_unknown_selectors_are_errors(wrong, near):
    with pytest.raises(ConfigError) as caught:
        normalise(Choice(extend_select=(wrong,)), RULES, Place("there"))
    assert str(caught.value).startswith(f"there: [tool.losslint] extend-select: no rule matches {wrong!r}")
    assert near in str(caught.value)


def test_nothing_near_is_not_named():
    assert nearest("zzzz", ["select", "ignore"]) == ""


def test_all_keys_are_read():
    choice = read("p", {
        "select": ["LL1"], "ignore": ["LL102"], "extend-select": ["LL2"], "certainty": "possible", "severity": "warning"
    })  # fmt: skip
    assert choice == Choice(("LL1",), ("LL2",), ("LL102",), Certainty.POSSIBLE, Severity.WARNING)
    assert read("p", {}) == Choice()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"selct": []}, ["'selct'", "'select'"]),
        ({"extend_select": []}, ["'extend-select'"]),
        ({"select": "LL1"}, ["select must be a list of strings"]),
        ({"ignore": [1]}, ["ignore must be a list of strings"]),
        ({"certainty": "likly"}, ["certainty must be one of", "'likely'"]),
        ({"certainty": 3}, ["certainty must be one of"]),
        ({"severity": ["error"]}, ["severity must be one of"]),
        ({"severity": "info"}, ["severity must be one of", "error, warning, advice"]),
    ],
)
def test_errors_name_file_key_and_neighbour(table, words):
    with pytest.raises(ConfigError) as caught:
        read("some/pyproject.toml", table)
    for word in ["some/pyproject.toml: ", *words]:
        assert word in str(caught.value)


RESULTS = Settings(
    ("LL1",), ("LL2",), ("LL3",), Certainty.CERTAIN, Severity.ERROR, (("LL1", Severity.ADVICE),),
    (FileIgnores(Pattern("/p", "a/*"), ("LL1",)),), extend_exclude=(Pattern("/p", "b"),),
    tables=(Tables("/p/losslint.toml", "", {"layers": [{"names": ["a.B"], "output": "logits"}]}),),
    nested=(("/p/a", Settings(ignore=("LL1",))),),
)  # fmt: skip


def digest_elsewhere(settings, seed):
    """The digest that another process gives, with another hash seed."""
    code = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()).digest())"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent)}
    result = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(settings), capture_output=True, check=True, env=environment
    )
    return result.stdout.decode().strip()


def test_settings_cross_processes():
    assert pickle.loads(pickle.dumps(RESULTS)) == RESULTS
    assert RESULTS.digest() == digest_elsewhere(RESULTS, "1") == digest_elsewhere(RESULTS, "2")


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Settings)])
def test_the_digest_stands_for_what_has_a_say_in_findings(field):
    changed = dataclasses.replace(RESULTS, **{field: getattr(Settings(), field)})
    if changed != RESULTS:
        assert changed.digest() != RESULTS.digest()


def test_the_digest_leaves_out_how_the_work_is_done():
    how = {
        "jobs": 4,
        "cache": False,
        "cache_dir": Path("/c"),
        "output_format": "json",
        "unsafe_fixes": True,
        "baseline": Path("/b"),
    }
    assert dataclasses.replace(RESULTS, **how, file="/p/x.toml", over=()).digest() == RESULTS.digest()
