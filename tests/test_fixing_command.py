"""Fixing: what the command says."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from fixing_tools import DISPLAY, UNSAFE, Mark, Toy, fix, text, write

from losslint import cli, engine
from losslint.engine import fixing
from losslint.report.diff import unified
from losslint.report.style import Style


@pytest.fixture
def toy(folder, monkeypatch):
    """The command with a toy for an engine: `bad` can be mended safely, `risky` unsafely, `shown` not at all."""
    toy = Toy(
        Mark("bad", "LL101", "good"), Mark("risky", "LL103", "tame", UNSAFE), Mark("shown", "LL105", "x", DISPLAY),
        Mark("stuck", "LL121", "(stuck)"),
    )  # fmt: skip
    monkeypatch.setattr(fixing, "check", toy)
    monkeypatch.setattr(engine, "check", toy)
    return folder


def run(*arguments):
    return CliRunner().invoke(cli.losslint, ["check", *arguments], catch_exceptions=False)


def test_a_report_says_what_can_be_fixed(toy):
    write(a="bad\nrisky\nrisky\n")
    result = run()
    assert result.exit_code == 1
    assert result.stdout.endswith("Found 3 errors in 1 file.\n1 fixable with --fix, 2 more with --unsafe-fixes.\n")
    assert "fix (unsafe): put tame\n" in result.stdout
    assert run("--unsafe-fixes").stdout.endswith("3 fixable with --fix --unsafe-fixes.\n")
    assert run("--no-unsafe-fixes").stdout.endswith("1 fixable with --fix.\n")
    assert text("a") == "bad\nrisky\nrisky\n"


def test_advice_without_a_fix_is_no_fix(toy):
    write(a="shown\n")
    shown = run().stdout
    assert "no fix: put x\n" in shown
    assert "fixable" not in shown
    assert run("--fix", "--unsafe-fixes").stdout.endswith("Fixed 0 findings (1 remaining).\n")
    assert text("a") == "shown\n"


def test_fix(toy):
    write(a="bad\n")
    result = run("--fix")
    assert (result.exit_code, text("a")) == (0, "good\n")
    assert result.stdout == "1 file clean.\nFixed 1 finding (0 remaining).\n"
    assert run("--fix").stdout == "1 file clean.\n"


def test_fix_reports_what_remains(toy):
    write(a="bad\nrisky\nstuck\n")
    result = run("--fix", "--output-format", "concise")
    assert (result.exit_code, text("a")) == (1, "good\nrisky\nstuck\n")
    assert result.stdout.splitlines() == [
        "a.py:2:1: error[LL103] risky is found",
        "a.py:3:1: error[LL121] stuck is found",
        "Found 2 errors in 1 file.",
        "Fixed 1 finding (2 remaining).",
        "1 more fixable with --unsafe-fixes.",
    ]
    assert result.stderr == "losslint: a.py:3:1: LL121 was not fixed: LL121 would still be found in a.py\n"
    assert run("--fix", "--unsafe-fixes", "--exit-zero").exit_code == 0
    assert text("a") == "good\ntame\nstuck\n"


def test_fix_in_json_prints_findings_alone(toy):
    write(a="bad\nrisky\n")
    result = run("--fix", "--show-fixes", "--output-format", "json")
    assert [one["code"] for one in json.loads(result.stdout)] == ["LL103"]
    assert "Fixed 1 finding (1 remaining)." in result.stderr


def test_fixes_are_shown(toy):
    write(a="bad\nbad\n", b="bad\n")
    assert run("--fix", "--show-fixes").stdout.splitlines() == [
        "All 2 files clean.",
        "a.py",
        "    2  LL101  softmax-before-cross-entropy",
        "b.py",
        "    1  LL101  softmax-before-cross-entropy",
        "Fixed 3 findings (0 remaining).",
    ]


def test_files_that_changed_for_findings_in_others_are_named(folder, monkeypatch):
    write(model="softmax\n", train="loss\n")
    toy = Toy(Mark("loss", "LL101", elsewhere=(("model.py", "softmax", "x"),)))

    def analyse(*asked, overlay, **more):
        found = toy(*asked, overlay=overlay, **more)
        mended = "softmax" not in toy.document(Path("model.py").absolute(), overlay).text
        return replace(found, findings=()) if mended else found

    monkeypatch.setattr(fixing, "check", analyse)
    assert run("--fix", "--show-fixes").stdout.splitlines() == [
        "All 2 files clean.",
        "train.py",
        "    1  LL101  softmax-before-cross-entropy",
        "Changed model.py.",
        "Fixed 1 finding (0 remaining).",
    ]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--fix-only",), 0, "Fixed 1 finding (1 remaining).\n1 more fixable with --unsafe-fixes.\n"),
        (("--fix-only", "--no-unsafe-fixes"), 0, "Fixed 1 finding (1 remaining).\n"),
        (("--fix-only", "--unsafe-fixes"), 0, "Fixed 2 findings (0 remaining).\n"),
        (("--fix-only", "--unsafe-fixes", "--exit-non-zero-on-fix"), 1, "Fixed 2 findings (0 remaining).\n"),
        (("--fix-only", "--output-format", "json"), 0, "[]\n"),
    ],
)
def test_fix_only(toy, options, code, said):
    write(a="bad\nrisky\n")
    result = run(*options)
    assert (result.exit_code, result.stdout) == (code, said)
    assert text("a").startswith("good\n")


def test_exit_codes_tell_of_fixes_where_asked(toy):
    write(a="bad\n")
    assert run("--fix", "--exit-non-zero-on-fix").exit_code == 1
    assert run("--fix", "--exit-non-zero-on-fix").exit_code == 0
    write(a="bad\n")
    assert run("--fix", "--exit-non-zero-on-fix", "--exit-zero").exit_code == 0


def test_diff(toy):
    write(a="x = 1\nbad\nrisky\n", b="x = 1\n")
    result = run("--diff")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "--- a.py",
        "+++ a.py",
        "@@ -1,3 +1,3 @@",
        " x = 1",
        "-bad",
        "+good",
        " risky",
    ]
    assert result.stderr == "losslint: would fix 1 finding (1 remaining)\n"
    assert text("a") == "x = 1\nbad\nrisky\n"
    assert "+tame" in run("--diff", "--unsafe-fixes", "--fix").stdout
    assert text("a") == "x = 1\nbad\nrisky\n"
    assert run("--diff", "--exit-zero").exit_code == 0


def test_diff_of_nothing_is_nothing(toy):
    write(a="risky\n")
    result = run("--diff")
    assert (result.exit_code, result.stdout) == (0, "")


def test_diff_into_a_file(toy):
    write(a="bad\n")
    assert run("--diff", "--output-file", "out.patch", "--color", "auto").stdout == ""
    assert Path("out.patch").read_text() == "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-bad\n+good\n"


def test_colour_of_a_diff():
    shown = unified("a.py", "a\n", "b\n", Style(colour=True))
    assert "\x1b[1;31m-a\x1b[0m\n" in shown
    assert "\x1b[32m+b\x1b[0m\n" in shown


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nbad\nc\n", "a\ngood\nc\n"),
        ("a\r\nbad\r\nc\r\n", "a\r\ngood\r\nc\r\n"),
        ("a\nbad", "a\ngood"),
        ("a\rbad\rc\r", "a\rgood\rc\r"),
        ("\ufeffbad\n", "\ufeffgood\n"),
        ("'\x0c\x0b\u2028\x85'\nbad\n", "'\x0c\x0b\u2028\x85'\ngood\n"),
    ],
)
def test_a_diff_can_be_applied(folder, old, new):
    write(a=old)
    (change,) = fix(Mark("bad", "LL101", "good"), write=False).changes
    patch = unified(change.path, *change.texts, Style()).encode()
    subprocess.run(["git", "apply", "-p0", "--whitespace=nowarn"], input=patch, check=True, cwd=folder)
    assert text("a") == new


def test_nothing_read_is_2_with_fixes_too(toy):
    write(a="x = (\n")
    for options in (("--fix",), ("--diff",), ("--fix-only",)):
        assert run(*options, "--exit-zero").exit_code == 2
