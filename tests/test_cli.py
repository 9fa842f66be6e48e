"""The command: arguments, exit codes, what goes to which stream, and what is imported for it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import losslint as package
from losslint import cli, config
from losslint.cli import options, progress
from losslint.finding import Certainty, Finding, Problem, Severity, Span
from losslint.rules import _registry

ROOT = Path(__file__).parent.parent
FOUND = Finding(
    code="LL101",
    name="softmax-before-cross-entropy",
    message="probabilities reach CrossEntropyLoss, which expects logits",
    label="softmax is applied twice",
    span=Span("train.py", 1, 8, 1, 12),
    severity=Severity.ERROR,
    certainty=Certainty.CERTAIN,
)


class Engine:
    """Stands in for the engine: remembers what it was asked and answers what it was told."""

    def __init__(self):
        self.findings = ()
        self.problems = ()
        self.losses = ()
        self.files = 3
        self.read = 3
        self.asked = []

    def Kept(self, cache=None):  # noqa: N802 - stands in for a class
        return SimpleNamespace(project=None)

    def check(self, paths, settings, progress=None, *, map_losses=False, kept=None):
        self.asked.append((tuple(paths), settings))
        return SimpleNamespace(
            findings=self.findings, problems=self.problems, losses=self.losses, files=self.files, read=self.read,
            sources={"train.py": ("loss = f(x)",)}, cells={},
        )  # fmt: skip


@pytest.fixture
def engine(monkeypatch, tmp_path):
    engine = Engine()
    monkeypatch.setitem(sys.modules, "losslint.engine", engine)
    monkeypatch.setattr(package, "engine", engine, raising=False)
    monkeypatch.chdir(tmp_path)
    return engine


def run(*arguments, **environment):
    return CliRunner(env=environment).invoke(cli.losslint, arguments)


def whole(*arguments, cwd=ROOT, **environment):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "losslint", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, check=False)


def settings_of(engine, *arguments):
    result = run("check", *arguments)
    assert result.exit_code == 0, result.output
    return engine.asked[-1][1]


def test_clean_is_0(engine):
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout == "All 3 files clean.\n"
    assert engine.asked == [((".",), config.Settings(over=()))]


def test_findings_are_1(engine):
    engine.findings = (FOUND,)
    result = run("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith("error[LL101] softmax-before-cross-entropy: ")
    assert result.stdout.splitlines()[-1] == "Found 1 error in 3 files."
    assert run("check", "--exit-zero").exit_code == 0


def test_nothing_read_is_2(engine):
    engine.files, engine.read, engine.problems = 1, 0, (Problem("bad.py", "cannot be parsed", 3),)
    result = run("check", "--exit-zero")
    assert result.exit_code == 2
    assert result.stderr == "losslint: bad.py:3: cannot be parsed\n"


def test_one_bad_file_stops_nothing(engine):
    engine.findings, engine.read = (FOUND,), 2
    engine.problems = (Problem("bad.py", "is binary"),)
    result = run("check", "--output-format", "json")
    assert result.exit_code == 1
    assert result.stderr == "losslint: bad.py: is binary\n"
    assert len(json.loads(result.stdout)) == 1
    assert "1 file could not be read." in run("check").stdout


def test_no_files_are_clean(engine):
    engine.files = engine.read = 0
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "No files to check.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--no-such-option"],
        ["check", "--certainty", "sure"],
        ["check", "--select", "LL999"],
        ["check", "--jobs", "0"],
        ["check", "--output-file", "no/such/folder/out.txt"],
        ["rule", "LL999"],
        ["rule"],
        ["no-such-command"],
        ["symptom", "abc"],
    ],
)
def test_what_cannot_be_meant_is_2(engine, capsys, arguments):
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    assert left.value.code == 2
    assert "Error: " in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "losses"])
def test_a_missing_path_is_named_and_the_rest_goes_on(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.py").write_text("x = 1\n")
    with pytest.raises(SystemExit) as left:
        cli.main([command, "missing.py"])
    assert left.value.code == 2
    assert "losslint: missing.py: does not exist" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        cli.main([command, "missing.py", "there.py"])
    assert left.value.code == 0
    assert "losslint: missing.py: does not exist" in capsys.readouterr().err


def test_an_internal_error_is_2_and_says_so(engine, capsys, monkeypatch):
    monkeypatch.setattr(engine, "check", lambda *_: 1 / 0)
    with pytest.raises(SystemExit) as left:
        cli.main(["check"])
    assert left.value.code == 2
    assert capsys.readouterr().err.endswith("losslint: internal error; the lines above say where\n")


def test_an_interruption_is_130(engine, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "check", interrupted)
    with pytest.raises(SystemExit) as left:
        cli.main(["check"])
    assert left.value.code == 130


def test_concise(engine):
    engine.findings = (FOUND, FOUND)
    line = "train.py:1:8: error[LL101] probabilities reach CrossEntropyLoss, which expects logits"
    assert run("check", "--output-format", "concise").stdout == f"{line}\n{line}\nFound 2 errors in 3 files.\n"


def test_statistics(engine):
    engine.findings = (FOUND, FOUND)
    assert run("check", "--statistics").stdout.splitlines()[0] == "    2  LL101  softmax-before-cross-entropy"
    assert json.loads(run("check", "--statistics", "--output-format", "json").stdout) == [
        {"code": "LL101", "name": "softmax-before-cross-entropy", "count": 2}
    ]
    engine.findings = ()
    assert run("check", "--statistics").stdout == "All 3 files clean.\n"


def test_output_file(engine, tmp_path):
    engine.findings = (FOUND,)
    result = run("check", "--output-format", "json", "--output-file", "out.json", FORCE_COLOR="1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads((tmp_path / "out.json").read_text())[0]["code"] == "LL101"
    run("check", "--output-file", "out.txt", FORCE_COLOR="1")
    assert "\x1b" not in (tmp_path / "out.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "environment", "coloured"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always"), {}, True),
    ],
)
def test_colour(engine, arguments, environment, coloured):
    engine.findings = (FOUND,)
    environment = {"NO_COLOR": None, "FORCE_COLOR": None, **environment}
    assert ("\x1b[" in run("check", *arguments, **environment).stdout) is coloured


def test_options_become_settings(engine):
    settings = settings_of(
        engine, "--select", "LL1,labels-from-one", "--select", "ll301", "--ignore", "LL102", "--extend-select", "LL40",
        "--certainty", "possible", "--severity", "warning", "--jobs", "2", "--no-cache", "--isolated",
    )  # fmt: skip
    assert settings == config.Settings(
        select=("LL1", "LL201", "LL301"),
        extend_select=("LL40",),
        ignore=("LL102",),
        certainty=Certainty.POSSIBLE,
        severity=Severity.WARNING,
        jobs=2,
        isolated=True,
        cache=False,
    )


def test_the_project_is_heard(engine, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.losslint]\nignore = ["LL102"]\ncertainty = "certain"\n')
    assert settings_of(engine).ignore == ("LL102",)
    assert settings_of(engine).certainty is Certainty.CERTAIN
    assert settings_of(engine, "--certainty", "possible").certainty is Certainty.POSSIBLE
    assert settings_of(engine, "--select", "LL1").ignore == ()
    assert settings_of(engine, "--isolated") == config.Settings(isolated=True)


def test_wrong_settings_are_2(engine, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.losslint]\nselct = ["LL102"]\n')
    result = run("check")
    assert result.exit_code != 0
    assert "pyproject.toml: [tool.losslint] has no key 'selct'; did you mean 'select'?" in result.output
    (tmp_path / "pyproject.toml").write_text('[tool.losslint]\nselect = ["LL999"]\n')
    assert "pyproject.toml: [tool.losslint] select: no rule matches 'LL999'" in run("check").output


def test_words_of_options_are_those_of_findings():
    assert set(options.CERTAINTIES) == {one.label for one in Certainty}
    assert set(options.SEVERITIES) == {one.value for one in Severity}


def losses(engine):
    def loss(line, *lines, reasons=()):
        return SimpleNamespace(
            span=Span("train.py", line, 5, line, 9), loss="CrossEntropyLoss", lines=lines, reasons=reasons
        )

    engine.losses = (
        loss(1, "logits [?, 10] from Linear at model.py:9:9"),
        loss(2, "unknown: no such file", reasons=("no such file",)),
        loss(3, "logits", "unknown: too deep", reasons=("too deep", "no such file")),
    )


def test_losses(engine):
    losses(engine)
    result = run("losses")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "train.py:1:5  CrossEntropyLoss",
        "    logits [?, 10] from Linear at model.py:9:9",
        "train.py:2:5  CrossEntropyLoss",
        "    unknown: no such file",
        "train.py:3:5  CrossEntropyLoss",
        "    logits",
        "    unknown: too deep",
        "3 loss calls: 1 known, 1 known in part, 1 unknown.",
    ]


def test_losses_rank_what_is_not_known(engine):
    losses(engine)
    lines = run("losses", "--unknown").stdout.splitlines()
    assert lines[:2] == ["    2  no such file", "    1  too deep"]


def test_without_losses(engine):
    assert run("losses").stdout == "No loss calls.\n"
    engine.files, engine.read = 1, 0
    assert run("losses").exit_code == 2


def test_rule_prints_the_page():
    by_code, by_name = run("rule", "LL101"), run("rule", "Softmax-Before-Cross-Entropy")
    assert by_code.output == by_name.output
    assert by_code.output.startswith("LL101 softmax-before-cross-entropy\n")
    assert "## Use instead" in by_code.output


def test_unknown_rule_names_the_nearest():
    assert "did you mean 'softmax-before-cross-entropy'?" in run("rule", "softmax-before-crossentropy").output


def test_rules_lists_all():
    found = _registry.load()
    lines = run("rules").output.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in found]
    listed = json.loads(run("rules", "--output-format", "json").output)
    assert [(one["code"], one["name"], one["default"]) for one in listed] == [
        (rule.code, rule.name, rule.by_default) for rule in found
    ]


def test_version_is_the_constant():
    assert run("--version").output == f"losslint {package.__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["check", "--help"], ["rules"], ["symptom", "1.4612"], ["rule", "LL101"]]
)
def test_what_needs_no_parser_imports_none(arguments):
    code = (
        "import sys\nfrom losslint.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as left:\n    assert not left.code, left.code\n"
        "print([name for name in ('libcst', 'pathspec', 'tomllib', 'sqlite3') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_help_imports_neither_rules_nor_settings():
    code = (
        "import sys\nfrom losslint.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('losslint.') and 'cli' not in name))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_runs_as_a_module():
    result = whole("symptom", "-0.98")
    assert result.returncode == 0
    assert result.stdout.startswith("LL111")
    assert whole("rule", "LL999").returncode == 2


def test_a_narrow_encoding_is_no_obstacle():
    result = whole("symptom", "\N{MINUS SIGN}x", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_the_whole_way(tmp_path):
    """Nothing is stood in for: files, a setting, a broken file, a notebook, all formats."""
    pytest.importorskip("losslint.engine")
    (tmp_path / "pyproject.toml").write_text("[tool.losslint]\n")
    (tmp_path / "bad.py").write_text(
        "import torch\nfrom torch import nn\n\n\ndef step(x, y):\n"
        "    return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)\n"
    )
    (tmp_path / "broken.py").write_text("from torch import nn\nnn.CrossEntropyLoss((\n")
    result = whole("check", "--no-cache", cwd=tmp_path)
    assert result.returncode == 1
    assert result.stdout.startswith("error[LL101] softmax-before-cross-entropy: ")
    assert "\n6 |     return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)\n" in result.stdout
    assert result.stdout.endswith(
        "Found 1 error in 1 file. 1 file could not be read.\n1 fixable with --fix --unsafe-fixes.\n"
    )
    assert result.stderr.startswith("losslint: broken.py:")
    assert result.stderr.count("\n") == 1

    shown = json.loads(whole("check", "--no-cache", "--output-format", "json", cwd=tmp_path).stdout)
    assert [(one["code"], one["filename"], one["location"]["row"]) for one in shown] == [("LL101", "bad.py", 6)]
    assert whole("check", "--no-cache", "--ignore", "LL1", cwd=tmp_path).returncode == 0
    assert whole("check", "--no-cache", "broken.py", cwd=tmp_path).returncode == 2
    assert "1 loss call: 1 known." in whole("losses", "--no-cache", "bad.py", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("done", "total", "expected"),
    [
        (0, 8, f"[{'.' * 30}] 0 of 8 files"),
        (4, 8, f"[{'#' * 15}{'.' * 15}] 4 of 8 files"),
        (8, 8, f"[{'#' * 30}] 8 of 8 files"),
        (0, 0, f"[{'.' * 30}] 0 of 0 files"),
    ],
)
def test_a_bar_shows_how_far_a_run_has_come(done, total, expected):
    assert progress.bar(done, total) == expected


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "drawn"), [(Terminal(), True), (io.StringIO(), False)])
def test_a_bar_is_drawn_on_terminals_only_and_leaves_nothing_behind(monkeypatch, stream, drawn):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    with progress.Progress() as told:
        told(1, 2)
    assert ("1 of 2 files" in stream.getvalue()) == drawn
    assert stream.getvalue().split("\r")[-1] == ""


def test_a_folder_that_is_gone(tmp_path):
    script = "import os, sys; os.rmdir(os.getcwd()); sys.argv[1:] = ['check']; from losslint.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "Error: the current folder is gone\n")
