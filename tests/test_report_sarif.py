"""SARIF: its structure as a second reader sees it, its places, and fixes that can be carried out by what is written alone."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from report_samples import ASTRAL, LINES, SAMPLES, as_notebook, reports
from sarif_pydantic import Sarif

from losslint import __version__
from losslint.cli import rendering
from losslint.config import Settings
from losslint.engine import check
from losslint.engine.fixing import fix_all
from losslint.finding import Applicability
from losslint.report import sarif
from losslint.report.style import PLAIN
from losslint.rules import _registry

BAD = """\
import torch
from torch import nn


def step(x, y):
    s = '\U0001f600'; return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)
"""
KEPT = """\
import torch
from torch import nn

layer = nn.Linear(8, 3)


def step(x, y):
    probs = torch.softmax(layer(x), dim=1)  # \U0001f600
    print(probs)
    return nn.CrossEntropyLoss()(probs, y)
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
OPTIONS = {"output_format": "sarif", "statistics": False, "unsafe_fixes": None, "diff": False}


def run_of(report):
    return json.loads(sarif.write(report))["runs"][0]


def check_structure(report):
    text = sarif.write(report)
    assert text.isascii()
    Sarif.model_validate(json.loads(text))
    run = json.loads(text)["runs"][0]
    assert len(run["results"]) == len(report.findings)
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == len(report.problems)
    for result, finding in zip(run["results"], report.findings, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (finding.span.line, finding.span.column)
        assert len(result.get("relatedLocations", [])) == len(finding.trace)
    marks = [result["partialFingerprints"]["losslint/v1"] for result in run["results"]]
    assert len(set(marks)) == len(marks)
    return run


@pytest.mark.parametrize("name", SAMPLES)
def test_a_second_reader_takes_it(name):
    check_structure(SAMPLES[name])


@given(reports())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_second_reader_takes_any(report):
    check_structure(report)


def test_the_second_reader_would_mind():
    broken = json.loads(sarif.write(SAMPLES["plain"]))
    broken["runs"][0]["results"][0]["level"] = "advice"
    with pytest.raises(ValueError, match="level"):
        Sarif.model_validate(broken)


def test_rules_come_with_their_pages():
    run = run_of(SAMPLES["plain"])
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("losslint", __version__)
    assert [one["id"] for one in driver["rules"]] == [rule.code for rule in _registry.load()]
    for rule, one in zip(_registry.load(), driver["rules"], strict=True):
        assert one["help"]["markdown"] == f"# {rule.page}"
        assert one["help"]["text"].startswith(f"{rule.code} {rule.name}\n\nWhat it does:\n")
        assert "```" not in one["help"]["text"]
        assert one["defaultConfiguration"]["enabled"] is rule.by_default
        assert one["fullDescription"]["text"] != one["shortDescription"]["text"] == rule.summary
    result = run["results"][0]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "LL101"
    assert [one["level"] for one in run["results"]] == ["error", "note"]
    assert "ruleIndex" not in run_of(SAMPLES["unknown"])["results"][0]


def test_the_way_of_the_value_is_told_twice():
    result = run_of(SAMPLES["plain"])["results"][0]
    assert [one["message"]["text"] for one in result["relatedLocations"]] == ["softmax makes probabilities"]
    (flow,) = result["codeFlows"][0]["threadFlows"]
    steps = [one["location"] for one in flow["locations"]]
    assert [one["message"]["text"] for one in steps] == [
        "softmax makes probabilities", "probabilities reach CrossEntropyLoss, which expects logits"
    ]  # fmt: skip
    assert [one["physicalLocation"]["region"]["snippet"]["text"] for one in steps] == [
        "softmax(out)", "criterion(softmax(out), y)"
    ]  # fmt: skip


def test_columns_count_code_points():
    run = run_of(SAMPLES["plain"])
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert LINES[1][region["startColumn"] - 1 : region["endColumn"] - 1] == "criterion(softmax(out), y)"
    assert ASTRAL in LINES[1][: region["startColumn"]]


def test_addresses():
    results = run_of(SAMPLES["nasty"])["results"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in results]
    first = places[0]
    assert re.fullmatch(r"[A-Za-z0-9/%._~-]+", first["uri"])
    assert first["uriBaseId"] == "%SRCROOT%"
    assert unquote(first["uri"], errors="surrogateescape") == SAMPLES["nasty"].findings[0].span.path
    assert [one["uri"] for one in places[1:]] == [
        "file:///C:/Users/%C3%A9%20x/train.py", "file:///abs/%C3%BC.py", "file://host/share/x.py", "a%3Ab.py"
    ]  # fmt: skip
    assert ["uriBaseId" in one for one in places[1:]] == [False, False, False, True]


def test_files_that_could_not_be_read_are_notifications():
    (invocation,) = run_of(SAMPLES["unreadable"])["invocations"]
    assert invocation["executionSuccessful"] is False
    told = invocation["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in told][:2] == ["cannot be parsed: '(' was never closed", "is no notebook"]
    places = [one["locations"][0]["physicalLocation"] for one in told]
    assert places[0] == {"artifactLocation": {"uri": "a.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 2}}
    assert "region" not in places[1]
    assert run_of(SAMPLES["nasty"])["invocations"][0]["executionSuccessful"] is True
    assert run_of(SAMPLES["empty"])["invocations"][0]["executionSuccessful"] is True


def test_fixes_that_are_advice_alone_are_left_out():
    assert all("fixes" not in one for one in run_of(SAMPLES["unknown"])["results"])
    assert run_of(SAMPLES["plain"])["results"][0]["fixes"][0]["description"]["text"].startswith("unsafe fix: ")


def test_a_fix_may_touch_several_files():
    (fix,) = run_of(SAMPLES["two files"])["results"][0]["fixes"]
    changes = {one["artifactLocation"]["uri"]: one["replacements"] for one in fix["artifactChanges"]}
    assert list(changes) == ["model.py", "train.py"]
    assert [one["deletedRegion"]["startLine"] for one in changes["train.py"]] == [2, 1]
    assert changes["model.py"][0]["insertedContent"] == {"text": ""}


def carried_out(folder, run):
    """The files after all fixes of a log, done by the log alone."""
    texts = {}
    for result in run["results"]:
        for change in result["fixes"][0]["artifactChanges"]:
            file = folder / unquote(change["artifactLocation"]["uri"])
            text = texts.get(file) or file.read_bytes().decode()
            for one in change["replacements"]:
                region = one["deletedRegion"]
                start = offset(text, region["startLine"], region["startColumn"])
                end = offset(text, region["endLine"], region["endColumn"])
                text = text[:start] + one["insertedContent"]["text"] + text[end:]
            texts[file] = text
    return texts


def offset(text, line, column):
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]
    return starts[line - 1] + column - 1


def logged(names, docs=False):
    """A log of what is found in these files, with all that a run of the command adds to it."""
    outcome = check(names, Settings(docs=docs))
    return json.loads(rendering.shown(outcome, None, OPTIONS, PLAIN, []))["runs"][0]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["my träin.py", "my träin.ipynb", "my träin.md"])
@pytest.mark.parametrize("code", [BAD, KEPT], ids=["one edit", "several edits"])
def test_fixes_do_what_the_engine_does(folder, name, code, line_end):
    text = as_notebook(code) if name.endswith(".ipynb") else code
    if name.endswith(".md"):
        text = "\n".join(["> ```python", *(f"> {line}" for line in code.splitlines()), "> ```", ""])
    (folder / name).write_bytes(text.replace("\n", line_end).encode())
    log = logged([name], docs=True)
    inserted = [one for change in log["results"][0]["fixes"][0]["artifactChanges"] for one in change["replacements"]]
    assert len(inserted) == (1 if code == BAD else 3)
    texts = carried_out(folder, log)
    assert fix_all([name], Settings(docs=True), Applicability.UNSAFE, write=True).count == 1
    assert texts == {folder / name: (folder / name).read_bytes().decode()}
    assert check([name], Settings(docs=True)).findings == ()


def test_a_fix_in_another_file_is_carried_out_there(folder):
    (folder / "model.py").write_bytes(MODEL.replace("\n", "\r\n").encode())
    (folder / "train.py").write_text(TRAIN)
    texts = carried_out(folder, logged(["train.py"]))
    assert fix_all(["train.py"], Settings(), Applicability.UNSAFE, write=True).count == 1
    assert texts == {folder / "model.py": (folder / "model.py").read_bytes().decode()}


def test_a_place_in_a_notebook_names_its_cell():
    (place,) = run_of(SAMPLES["notebook"])["results"][0]["locations"]
    assert place["logicalLocations"] == [{"fullyQualifiedName": "cell 1:2:13"}]
    assert place["physicalLocation"]["region"]["startLine"] == 3
