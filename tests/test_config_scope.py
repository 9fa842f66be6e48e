"""Which files are looked at, and which rules speak in which: excluding, including, per-file ignores, severities, fixable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_config_files import MODEL, TRAIN, WRONG, files, found, refused, run, write

from losslint import engine
from losslint.cli.options import settings_for
from losslint.finding import Severity

TREE = ("a.py", "b/c.py", "b/d/e.py", "old/f.py", "build/g.py")


@pytest.fixture
def tree(folder):
    write(dict.fromkeys(TREE, WRONG))
    return folder


ALL = ["a.py", "b/c.py", "b/d/e.py", "old/f.py"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", ALL),
        ('exclude = ["old"]', ["a.py", "b/c.py", "b/d/e.py", "build/g.py"]),
        ('extend-exclude = ["old"]', ["a.py", "b/c.py", "b/d/e.py"]),
        ('extend-exclude = ["old/"]', ["a.py", "b/c.py", "b/d/e.py"]),
        ('extend-exclude = ["b/*.py"]', ["a.py", "old/f.py"]),
        ('extend-exclude = ["b/**"]', ["a.py", "old/f.py"]),
        ('extend-exclude = ["b/*"]', ["a.py", "old/f.py"]),
        ('extend-exclude = ["/c.py", "d"]', ["a.py", "b/c.py", "old/f.py"]),
        ('extend-exclude = ["c.py", "[ef].py"]', ["a.py"]),
        ('extend-exclude = ["./b/c.py", "./old"]', ["a.py", "b/d/e.py"]),
        ('extend-exclude = ["./c.py"]', ALL),
        ('extend-exclude = ["././b"]', ["a.py", "old/f.py"]),
        ("exclude = []", ["a.py", "b/c.py", "b/d/e.py", "build/g.py", "old/f.py"]),
        ('include = ["b/**/*.py"]', ["b/c.py", "b/d/e.py"]),
        ('extend-include = ["*.pyw"]', [*ALL, "z.pyw"]),
    ],
)
def test_what_is_excluded_and_included(tree, settings, expected):
    write({"losslint.toml": settings, "z.pyw": WRONG})
    assert files(".") == expected


def test_the_command_line_excludes_from_where_it_runs(tree, monkeypatch):
    assert files(".", "--exclude", "old,b/d") == ["a.py", "b/c.py", "build/g.py"]
    assert files(".", "--extend-exclude", "old", "--extend-exclude", "b/d") == ["a.py", "b/c.py"]
    write({"losslint.toml": 'extend-exclude = ["b/c.py"]'})
    monkeypatch.chdir("b")
    assert files("..", "--extend-exclude", "d/*.py") == [str(tree / "a.py"), str(tree / "old/f.py")]


def test_patterns_may_name_one_place(tree, monkeypatch):
    assert files(".", "--extend-exclude", str(tree / "b")) == ["a.py", "old/f.py"]
    assert files(".", "--extend-exclude", f"{tree}/b/d/*.py,{tree}/a.py") == ["b/c.py", "old/f.py"]
    monkeypatch.setenv("HOME", str(tree))
    monkeypatch.setenv("USERPROFILE", str(tree))
    write({"losslint.toml": 'per-file-ignores = {"~/b/**" = ["LL1"], "!./[ab]*.py" = ["ALL"]}'})
    assert files(".") == ["a.py"]
    monkeypatch.chdir("old")
    assert files("..", "--isolated", "--extend-exclude", "../b,../../a.py") == [str(tree / "a.py"), "f.py"]


def test_patterns_count_from_the_file_that_has_them(tree):
    write({"b/base.toml": 'extend-exclude = ["d/e.py", "/a.py"]', "losslint.toml": 'extend = "b/base.toml"'})
    assert files(".") == ["a.py", "b/c.py", "old/f.py"]


def test_named_paths_are_taken_unless_forced(tree):
    write({"losslint.toml": 'extend-exclude = ["old", "b/*.py"]'})
    named = ("a.py", "b/c.py", "old", "build/g.py")
    assert files(*named) == ["a.py", "b/c.py", "build/g.py", "old/f.py"]
    assert files(*named, "--force-exclude") == ["a.py"]
    assert files("build", "--force-exclude") == []
    write({"losslint.toml": 'extend-exclude = ["old", "b/*.py"]\nforce-exclude = true'})
    assert files("old/f.py") == []
    assert files("old/f.py", "--no-force-exclude") == ["old/f.py"]


def test_a_nested_project_is_excluded_by_the_one_around_it(folder):
    write(
        {
            "losslint.toml": 'extend-exclude = ["vendored"]',
            "vendored/lib/x.py": WRONG,
            "vendored/lib/pyproject.toml": "",
        }
    )
    assert files("vendored/lib/x.py") == ["vendored/lib/x.py"]
    assert files("vendored/lib/x.py", "--force-exclude") == []


def test_a_project_below_an_excluded_name_is_not_excluded(folder, monkeypatch):
    write({"build/project/pyproject.toml": "[tool.losslint]", "build/project/a.py": WRONG})
    monkeypatch.chdir("build/project")
    assert files("a.py", "--force-exclude") == ["a.py"]
    assert files(".", "--force-exclude") == ["a.py"]


def test_imports_of_excluded_files_are_followed_but_they_start_nothing(folder):
    write({"lib/model.py": MODEL, "train.py": TRAIN.format(module="lib.model")})
    write({"lib/train.py": TRAIN.format(module="lib.model"), "own.py": MODEL, "lib/use.py": TRAIN.format(module="own")})
    assert files(".") == ["lib/train.py", "lib/use.py", "train.py"]
    assert files(".", "--extend-exclude", "lib") == ["train.py"]
    assert files("own.py") == ["lib/use.py"]
    assert files("own.py", "--extend-exclude", "lib") == []


def test_gitignore_can_be_left_out(folder):
    write({"a.py": WRONG, "made/b.py": WRONG, ".gitignore": "made/\n", ".git/x": ""})
    assert files(".") == ["a.py"]
    assert files(".", "--no-respect-gitignore") == ["a.py", "made/b.py"]
    write({"losslint.toml": "respect-gitignore = false"})
    assert files(".") == ["a.py", "made/b.py"]
    assert files(".", "--respect-gitignore") == ["a.py"]


@pytest.mark.parametrize(
    ("ignores", "expected"),
    [
        ('"a.py" = ["LL101"]', ["b/c.py", "b/d/e.py", "old/f.py"]),
        ('"b/*" = ["LL1"]\n"old" = ["ALL"]', ["a.py"]),
        ('"e.py" = ["softmax-before-cross-entropy"]\n"b/*.py" = ["LL2"]', ["a.py", "b/c.py", "old/f.py"]),
        ('"!b/**" = ["LL101"]', ["b/c.py", "b/d/e.py"]),
    ],
)
def test_rules_are_ignored_in_files_whatever_selects_them(tree, ignores, expected):
    write({"losslint.toml": f'select = ["LL101"]\n[per-file-ignores]\n{ignores}\n'})
    assert files(".") == expected
    assert files(".", "--extend-select", "LL101") == expected


def test_per_file_ignores_of_the_command_line(tree):
    write({"losslint.toml": 'per-file-ignores = {"a.py" = ["LL101"]}'})
    assert files(".", "--extend-per-file-ignores", "b/**:LL1,old:ALL") == []
    assert files(".", "--per-file-ignores", "b/**:LL1,b/**:LL2") == ["a.py", "old/f.py"]
    assert "--per-file-ignores takes PATTERN:RULE" in refused("--per-file-ignores", "LL1")
    assert "per-file-ignores: no rule matches 'XX'" in refused("--per-file-ignores", "a:XX")


@pytest.mark.parametrize(
    ("severities", "arguments", "expected"),
    [
        ('LL101 = "advice"', (), ["advice"]),
        ('LL101 = "advice"', ("--severity", "warning"), []),
        ('softmax-before-cross-entropy = "warning"', ("--severity", "warning"), ["warning"]),
        ('LL1 = "advice"\nLL10 = "warning"\nALL = "error"', (), ["warning"]),
        ('LL10 = "warning"\nll101 = "advice"', (), ["advice"]),
        ('LL2 = "advice"', (), ["error"]),
    ],
)
def test_severities_of_rules(folder, severities, arguments, expected):
    write({"a.py": WRONG, "pyproject.toml": f"[tool.losslint.severities]\n{severities}\n"})
    assert [severity for _, _, severity in found(".", *arguments)] == expected


def test_a_fix_is_tried_by_the_rules_own_severities_and_told_by_the_users(folder):
    write({"a.py": WRONG, "losslint.toml": '[severities]\nLL101 = "advice"\nLL122 = "error"'})
    settings = settings_for(["."], {})
    assert [one.severity for one in engine.check(["."], settings).findings] == [Severity.ADVICE]
    assert [one.severity for one in engine.check(["."], replace(settings, trial=True)).findings] == [Severity.ERROR]
    assert found(".", "--fix") == [("a.py", "LL101", "advice")]
    assert found(".", "--fix", "--severity", "warning") == []
    assert found(".", "--fix", "--config", 'severities = {LL101 = "warning"}', "--severity", "warning") == [
        ("a.py", "LL101", "warning")
    ]  # fmt: skip


FIXABLE = "import torch\n\n\ndef f(x):\n    return torch.log(torch.softmax(x, 1))\n"


@pytest.mark.parametrize(
    ("settings", "fixed"),
    [("", True), ('unfixable = ["LL303"]', False), ('fixable = ["LL1"]', False), ('fixable = ["LL3"]', True),
     ('unfixable = ["LL3"]\nfixable = ["log-of-softmax"]', True), ('unfixable = ["ALL"]', False)],
)  # fmt: skip
def test_what_may_be_fixed(folder, settings, fixed):
    write({"a.py": FIXABLE, "losslint.toml": settings})
    shown = run("a.py").stdout
    assert ('"applicability": "safe"' in shown) is fixed
    run("a.py", "--fix")
    assert ("log_softmax" in (folder / "a.py").read_text()) is fixed


def test_the_command_line_says_what_may_be_fixed(folder):
    write({"a.py": FIXABLE, "losslint.toml": 'unfixable = ["LL303"]'})
    run("a.py", "--fix", "--unfixable", "LL303")
    assert (folder / "a.py").read_text() == FIXABLE
    run("a.py", "--fix", "--fixable", "LL303")
    assert "log_softmax" in (folder / "a.py").read_text()


def test_nearer_configurations_govern_fixes(folder):
    write({"a.py": FIXABLE, "b/a.py": FIXABLE, "c/a.py": FIXABLE})
    write({"b/losslint.toml": 'ignore = ["LL303"]', "c/losslint.toml": 'unfixable = ["LL303"]'})
    run(".", "--fix")
    assert "log_softmax" in (folder / "a.py").read_text()
    assert (folder / "b/a.py").read_text() == (folder / "c/a.py").read_text() == FIXABLE


def test_unsafe_fixes_and_the_format_come_from_the_configuration(folder):
    write({"a.py": WRONG, "losslint.toml": 'unsafe-fixes = true\noutput-format = "concise"'})
    run("a.py", "--fix", "--no-unsafe-fixes")
    assert (folder / "a.py").read_text() == WRONG
    run("a.py", "--fix")
    assert "softmax" not in (folder / "a.py").read_text()
