"""The other formats for programs: read back by their readers, or held against what their readers say they take."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from junitparser import Error, Failure, JUnitXml
from report_samples import ASTRAL, CELL, CONTROL, DISK, LINES, SAMPLES, found, report, reports

from losslint.cli.options import FORMATS as WORDS
from losslint.config.kinds import OUTPUT_FORMATS
from losslint.finding import Applicability, Edit, Fix, Problem, Severity, Span
from losslint.fingerprint import fingerprint
from losslint.report import json as json_report
from losslint.report import junit, review, text, workflow
from losslint.report.formats import FORMATS

GITLAB_SEVERITIES = {"info", "minor", "major", "critical", "blocker"}
RDJSON_SEVERITIES = {"UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"}
ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_words_of_the_option_are_the_formats():
    assert set(WORDS) == set(FORMATS)
    assert set(OUTPUT_FORMATS) == set(FORMATS)


def test_the_readme_names_every_format():
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("| `--output-format` | for |") :].split("\n\n")[0]
    named = [word for row in table.splitlines()[2:] for word in re.findall("`([^`]*)`", row.split("|")[1])]
    assert sorted(named) == sorted(FORMATS)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("word", FORMATS)
def test_every_format_takes_every_report(word, name):
    shown = FORMATS[word].write(SAMPLES[name])
    counts = FORMATS[word].counts
    assert not set("\x00\x07\x1b\r") & set(shown + (counts(SAMPLES[name]) if counts else ""))
    assert FORMATS[word].for_people or shown.isascii() or word in {"github", "azure", "pylint"}


# JSON


def test_lines_of_json_are_the_entries_of_the_array():
    for one in SAMPLES.values():
        lines = json_report.write_lines(one).splitlines()
        assert [json.loads(line) for line in lines] == json.loads(json_report.write(one))
    counted = json.loads(json_report.write_statistics_lines(SAMPLES["plain"]))
    assert [counted] == json.loads(json_report.write_statistics(SAMPLES["plain"]))
    assert counted["count"] == 2


# GitLab


def check_gitlab(given_report):
    entries = json.loads(review.write_gitlab(given_report))
    assert len(entries) == len(given_report.findings) + len(given_report.problems)
    for entry in entries:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert isinstance(entry["description"], str)
        assert re.fullmatch("[0-9a-f]{32}", entry["fingerprint"])
        assert entry["severity"] in GITLAB_SEVERITIES
        assert not entry["location"]["path"].startswith("./")
        lines = entry["location"]["lines"]
        assert isinstance(lines["begin"], int)
        assert 1 <= lines["begin"] <= lines.get("end", lines["begin"])
    marks = [entry["fingerprint"] for entry in entries]
    assert len(set(marks)) == len(marks)
    return entries


@pytest.mark.parametrize("name", SAMPLES)
def test_gitlab_takes_it(name):
    check_gitlab(SAMPLES[name])


@given(reports())
@ANY
def test_gitlab_takes_any(one):
    check_gitlab(one)


def test_gitlab():
    first, second = check_gitlab(SAMPLES["plain"])
    assert first == {
        "description": "LL101 softmax-before-cross-entropy: probabilities reach CrossEntropyLoss, which expects logits",
        "check_name": "LL101",
        "fingerprint": fingerprint("LL101", "train.py", LINES[1], 0),
        "severity": "major",
        "location": {"path": "train.py", "lines": {"begin": 2, "end": 2}},
    }
    assert second["fingerprint"] == fingerprint("LL101", "train.py", LINES[1], 1)
    unread = check_gitlab(SAMPLES["unreadable"])
    assert [one["check_name"] for one in unread] == ["unreadable-file"] * 3
    assert unread[0]["location"]["lines"]["begin"] == 2


# reviewdog


def check_rdjson(given_report):
    shown = json.loads(review.write_rdjson(given_report))
    assert set(shown) == {"source", "diagnostics"}
    assert shown["source"] == {"name": "losslint"}
    assert len(shown["diagnostics"]) == len(given_report.findings) + len(given_report.problems)
    for one in shown["diagnostics"]:
        assert (
            {"message", "location", "severity"}
            <= set(one)
            <= {"message", "location", "severity", "code", "suggestions"}
        )
        assert one["severity"] in RDJSON_SEVERITIES
        for bounds in [one["location"].get("range"), *(each["range"] for each in one.get("suggestions", ()))]:
            check_range(bounds)
    return shown["diagnostics"]


def check_range(bounds):
    if bounds is not None:
        assert set(bounds) <= {"start", "end"}
        assert all(isinstance(number, int) and number >= 1 for point in bounds.values() for number in point.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_reviewdog_takes_it(name):
    check_rdjson(SAMPLES[name])


@given(reports())
@ANY
def test_reviewdog_takes_any(one):
    check_rdjson(one)


def in_bytes(lines, bounds):
    (start, end), row = (bounds["start"], bounds["end"]), bounds["start"]["line"]
    assert row == end["line"]
    return lines[row - 1].encode()[start["column"] - 1 : end["column"] - 1].decode()


def test_columns_for_reviewdog_are_bytes():
    one = check_rdjson(SAMPLES["plain"])[0]
    assert in_bytes(LINES, one["location"]["range"]) == "criterion(softmax(out), y)"
    (suggestion,) = one["suggestions"]
    assert (in_bytes(LINES, suggestion["range"]), suggestion["text"]) == ("softmax(out)", "out")
    assert one["code"] == {"value": "LL101"}
    assert one["message"].splitlines() == [
        "probabilities reach CrossEntropyLoss, which expects logits", "softmax is applied twice", "a note",
        "fix (unsafe): remove the softmax in train.py:2", f"train.py:2:{LINES[1].index('softmax') + 1}: softmax makes probabilities",
    ]  # fmt: skip


def test_reviewdog_is_given_whole_fixes_alone():
    assert "suggestions" not in check_rdjson(SAMPLES["two files"])[0]
    assert "suggestions" not in check_rdjson(SAMPLES["unknown"])[0]
    elsewhere = Fix(Applicability.SAFE, "there", (Edit(Span("model.py", 1, 1, 1, 2), ""),))
    assert "suggestions" not in check_rdjson(report([found(LINES, 2, fix=elsewhere)]))[0]
    (suggestion,) = check_rdjson(SAMPLES["notebook"])[0]["suggestions"]
    assert (in_bytes(DISK, suggestion["range"]), suggestion["text"]) == ("softmax(out)", r"f(\"\u00e9\")")


# JUnit


def check_junit(given_report):
    text = junit.write(given_report)
    assert text.isascii()
    assert text.startswith("<?xml version='1.0' encoding='us-ascii'?>\n<testsuites ")
    top = JUnitXml.fromstring(text.encode())
    cases = [case for suite in top for case in suite]
    failures = [case for case in cases if any(type(one) is Failure for one in case.result)]
    errors = [case for case in cases if any(type(one) is Error for one in case.result)]
    assert (len(failures), len(errors)) == (len(given_report.findings), len(given_report.problems))
    assert (top.tests, top.failures, top.errors) == (len(cases), len(failures), len(errors))
    for suite in top:
        counted = [sum(type(one) is kind for case in suite for one in case.result) for kind in (Failure, Error)]
        assert [suite.tests, suite.failures, suite.errors] == [len(list(suite)), *counted]
    return top


@pytest.mark.parametrize("name", SAMPLES)
def test_a_reader_of_junit_takes_it(name):
    check_junit(SAMPLES[name])


@given(reports())
@ANY
def test_a_reader_of_junit_takes_any(one):
    check_junit(one)


def test_junit():
    (suite,) = check_junit(SAMPLES["plain"])
    case = next(iter(suite))
    column = LINES[1].index("criterion") + 1
    assert suite.name == case.classname == "train.py"
    assert case.name == f"LL101 softmax-before-cross-entropy at train.py:2:{column}"
    assert (case._elem.get("file"), case._elem.get("line")) == ("train.py", "2")
    (failure,) = case.result
    assert (failure.message, failure.type) == ("probabilities reach CrossEntropyLoss, which expects logits", "error")
    assert failure.text.startswith(f"train.py:2:{column}: LL101 softmax-before-cross-entropy\n")
    assert failure.text.endswith(": softmax makes probabilities")


def test_a_clean_run_has_one_test_that_passed():
    (suite,) = check_junit(SAMPLES["empty"])
    (case,) = suite
    assert (case.name, case.result) == ("no findings", [])


def test_what_xml_cannot_hold_is_replaced():
    top = ElementTree.fromstring(junit.write(SAMPLES["nasty"]))
    message = next(top.iter("failure")).get("message")
    assert ASTRAL in message
    assert "&<\"'>]]>" in message
    assert message.count("\N{REPLACEMENT CHARACTER}") == len(set(CONTROL) - set("\t\n\r\x7f\x85\u2028")) + 1
    assert "cell 1:2:13" in junit.write(SAMPLES["notebook"])
    assert CELL[1].index("criterion") + 1 == 13


# GitHub and Azure


def test_github():
    first, second = workflow.write_github(SAMPLES["plain"]).splitlines()
    column = LINES[1].index("criterion") + 1
    place = f"title=losslint LL101,file=train.py,line=2,endLine=2,col={column},endColumn={column + 26}"
    said = (
        "probabilities reach CrossEntropyLoss, which expects logits%0Asoftmax is applied twice%0Aa note"
        "%0Afix (unsafe): remove the softmax in train.py:2"
    )
    assert first == f"::error {place}::{said}"
    assert second == f"::notice {place}::{said}"
    assert workflow.write_github(SAMPLES["unreadable"]).splitlines()[:2] == [
        "::error title=losslint,file=a.py,line=2::cannot be parsed: '(' was never closed",
        "::error title=losslint,file=b.ipynb::is no notebook",
    ]
    assert workflow.write_github(SAMPLES["empty"]) == ""
    assert workflow.write_github(SAMPLES["notebook"]).endswith("%0Acell 1")
    several = workflow.write_github(SAMPLES["unknown"]).splitlines()[0]
    assert several.startswith("::error title=losslint LL999,file=gone.py,line=7,endLine=9::")


def test_azure():
    first, second = workflow.write_azure(SAMPLES["plain"]).splitlines()
    column = LINES[1].index("criterion") + 1
    assert first == (
        f"##vso[task.logissue type=error;sourcepath=train.py;linenumber=2;columnnumber={column};code=LL101;]"
        "probabilities reach CrossEntropyLoss, which expects logits"
    )
    assert "type=warning;" in second
    assert workflow.write_azure(SAMPLES["unreadable"]).splitlines()[0] == (
        "##vso[task.logissue type=error;sourcepath=a.py;linenumber=2;]cannot be parsed: '(' was never closed"
    )


GITHUB = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
AZURE = re.compile(r"##vso\[task\.logissue ([^\]]*)\](.*)")


def decoded(text, codes):
    for code, character in codes:
        text = text.replace(code, character)
    return text


@given(reports())
@ANY
def test_commands_hold_any_text(one):
    expected = [*(problem.path for problem in one.problems), *(each.span.path for each in one.findings)]
    expected = [
        "".join(each if each.isprintable() or each in "\r\n" else "\ufffd" for each in path) for path in expected
    ]
    lines = workflow.write_github(one).split("\n") if expected else []
    paths = [re.search("file=([^,]*)", GITHUB.fullmatch(line)[2])[1] for line in lines]
    codes = (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%"))
    assert [decoded(path, codes) for path in paths] == expected
    lines = workflow.write_azure(one).split("\n") if expected else []
    paths = [re.search("sourcepath=([^;]*)", AZURE.fullmatch(line)[1])[1] for line in lines]
    codes = (("%5D", "]"), ("%3B", ";"), ("%0A", "\n"), ("%0D", "\r"), ("%AZP25", "%"))
    assert [decoded(path, codes) for path in paths] == expected


# for people


def test_grouped():
    shown = text.write_grouped(SAMPLES["plain"]).splitlines()
    column = LINES[1].index("criterion") + 1
    assert shown == [
        "train.py:",
        f"  2:{column}  error[LL101] probabilities reach CrossEntropyLoss, which expects logits",
        f"  2:{column}  advice[LL101] probabilities reach CrossEntropyLoss, which expects logits",
        "",
        "Found 1 error, 1 advice in 3 files.",
    ]
    assert text.write_grouped(SAMPLES["notebook"]).splitlines()[1].startswith("  cell 1:2:13  error")


def test_pylint():
    line = (
        "train.py:2: [LL101(softmax-before-cross-entropy)] probabilities reach CrossEntropyLoss, which expects logits"
    )
    assert text.write_pylint(SAMPLES["plain"]).splitlines() == [line, line]


def test_problems_are_told_apart():
    problems = (Problem("a.py", "x", 1), Problem("a.py", "x", 2), Problem("b.py", "x"))
    assert len(set(report([], problems).problem_fingerprints())) == 3


def test_every_severity_has_a_word_everywhere():
    for severity in Severity:
        one = report([found(LINES, 2, severity=severity)])
        assert len(check_gitlab(one)) == len(check_rdjson(one)) == 1
        assert severity.value in text.write_grouped(one)
