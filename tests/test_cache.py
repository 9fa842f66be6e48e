"""What is kept between runs: it prints the same bytes, notices every change, and never stands in the way."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from two_files import PLAIN, SOFT, TRAIN

from losslint import cli
from losslint.cache.results import Cache

ROOT = Path(__file__).parent.parent
ALONE = "import torch\nloss = torch.nn.functional.nll_loss(torch.randn(2, 3).softmax(1), torch.tensor([0, 1]))\n"


def run(*arguments, cwd=".", **environment):
    """The command, in this process."""
    with _inside(cwd):
        return CliRunner(env=environment).invoke(cli.losslint, arguments or ("check", "."), prog_name="losslint")


@contextlib.contextmanager
def _inside(cwd):
    before = os.getcwd()
    os.chdir(cwd)
    try:
        yield
    finally:
        os.chdir(before)


def apart(*arguments):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "losslint", "check", *arguments, "."]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )


def printed(result):
    return result.exit_code, result.stdout, result.stderr


def counts(*arguments, cwd="."):
    """Findings by code, and what was kept or not when they were looked for."""
    found = run("check", "--output-format", "json", *arguments, ".", cwd=cwd)
    assert found.exit_code in (0, 1), found.stderr
    return sorted(one["code"] for one in json.loads(found.stdout))


def commands(folder):
    return sorted((folder / ".losslint_cache/commands").glob("*.json"))


@pytest.fixture
def project(folder):
    for name, text in (("model.py", PLAIN), ("train.py", TRAIN), ("alone.py", ALONE)):
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("output_format", ["full", "json", "sarif", "junit"])
def test_cold_and_warm_print_the_same_bytes(project, output_format):
    ask = ("check", ".", "--output-format", output_format)
    cold, warm, without = run(*ask), run(*ask), run(*ask, "--no-cache")
    assert cold.exit_code == 1
    assert printed(cold) == printed(warm) == printed(without)
    assert len(commands(project)) == 1


def test_a_warm_run_imports_no_analysis(project):
    run()
    script = "import sys; sys.argv[1:] = ['check', '.']\nfrom losslint.cli import main\ntry: main()\nfinally: print(sorted(set(sys.modules) & {'libcst', 'losslint.engine', 'losslint.config', 'sqlite3'}), file=sys.stderr)"
    warm = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
    assert (warm.returncode, warm.stderr) == (1, "[]\n")


@pytest.mark.usefixtures("project")
def test_a_change_is_noticed_wherever_it_matters():
    assert counts() == counts() == ["LL111"]
    Path("model.py").write_text(SOFT)
    assert counts() == ["LL101", "LL111"]
    Path("train.py").write_text(TRAIN.replace("y)\n", "y)  # noqa: LL101\n", 1))
    assert counts() == ["LL111"]
    Path("alone.py").unlink()
    assert counts() == []
    Path("deep/er").mkdir(parents=True)
    assert counts() == []
    Path("deep/er/more.py").write_text(ALONE)
    assert counts() == ["LL111"]
    Path("pyproject.toml").write_text('[tool.losslint]\nignore = ["LL111"]\n')
    assert counts() == []
    Path("deep/losslint.toml").write_text("")
    assert counts() == ["LL111"]
    Path(".gitignore").write_text("er/\n")
    subprocess.run(["git", "init", "-q"], check=True)
    assert counts() == []


def test_a_configuration_above_the_project_is_noticed(project):
    inner = project / "inner"
    inner.mkdir()
    (inner / ".git").mkdir()
    (inner / "alone.py").write_text(ALONE)
    assert counts(cwd=inner) == counts(cwd=inner) == ["LL111"]
    (project / "losslint.toml").write_text('ignore = ["LL111"]\n')
    assert counts(cwd=inner) == []


@pytest.mark.usefixtures("project")
def test_a_configuration_that_another_extends_is_noticed():
    Path("losslint.toml").write_text('extend = "base.ini"\n')
    Path("base.ini").write_text("")
    assert counts() == counts() == ["LL111"]
    Path("base.ini").write_text('ignore = ["LL111"]\n')
    assert counts() == []


@pytest.mark.usefixtures("project")
def test_nothing_is_kept_when_the_configuration_changes_while_it_counts(project, monkeypatch):
    """What was printed went by the old one."""
    engine = importlib.import_module("losslint.engine")
    check = engine.check

    def changing(*given, **more):
        found = check(*given, **more)
        (project / "losslint.toml").write_text('ignore = ["LL111"]\n')
        return found

    monkeypatch.setattr(engine, "check", changing)
    assert counts() == ["LL111"]
    monkeypatch.setattr(engine, "check", check)
    assert counts() == []


@pytest.mark.usefixtures("project")
def test_a_baseline_is_noticed():
    run("baseline", ".")
    ask = ("check", ".", "--baseline", "losslint-baseline.json")
    assert [run(*ask).exit_code for _ in range(2)] == [0, 0]
    known = json.loads(Path("losslint-baseline.json").read_text())
    Path("losslint-baseline.json").write_text(json.dumps({**known, "findings": {}}))
    assert run(*ask).exit_code == 1


def test_options_and_folders_have_results_of_their_own(project):
    assert counts("--ignore", "LL111") == []
    assert counts() == ["LL111"]
    assert run("check", "..", cwd=_below(project)).stdout.startswith("error[LL111]")


def _below(project):
    (project / "sub").mkdir(exist_ok=True)
    return project / "sub"


@pytest.mark.usefixtures("project")
def test_what_has_not_changed_is_not_analysed_again():
    """An island that is as it was comes from the file; there a lie is told about it, to see that it is used."""
    assert counts() == ["LL111"]
    with sqlite3.connect(".losslint_cache/results.db") as connection:
        rows = connection.execute("select key, value from results").fetchall()
        for key, value in rows:
            connection.execute("update results set value = ? where key = ?", (value.replace(b"LL111", b"LL112"), key))
    assert counts() == ["LL111"]  # nothing changed at all: what was printed is printed again
    Path("model.py").write_text(SOFT)
    assert counts() == ["LL101", "LL112"]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    "damage", [b"", b"nonsense", b"SQLite format 3\0" + b"\xff" * 4000], ids=["empty", "text", "torn"]
)
def test_damaged_files_are_made_anew(project, damage):
    counts()
    for file in (project / ".losslint_cache/results.db", *commands(project)):
        file.write_bytes(damage)
    assert counts() == ["LL111"]
    assert counts("--severity", "error") == ["LL111"]
    Path("model.py").write_text(SOFT)
    assert counts() == ["LL101", "LL111"]
    with sqlite3.connect(project / ".losslint_cache/results.db") as connection:
        assert connection.execute("select count(*) from results").fetchone()[0] > 0


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"folders": {}, "files": {}, "printed": ["x", [], 99]}', '{"folders": 3}']
)
def test_files_that_make_no_sense_count_for_nothing(project, text):
    counts()
    for file in commands(project):
        file.write_text(text)
    assert counts() == ["LL111"]


def test_a_cache_that_cannot_be_written_is_done_without(project):
    (project / ".losslint_cache").write_text("a file where the folder would be")
    assert counts() == counts() == ["LL111"]
    assert (project / ".losslint_cache").read_text() == "a file where the folder would be"


def test_runs_at_the_same_time_do_not_harm_each_other(project):
    asked = [("--severity", severity) for severity in ("advice", "warning", "error")] * 2
    with ThreadPoolExecutor(4) as pool:
        results = [result.returncode for result in pool.map(lambda options: apart(*options), asked)]
    assert results == [1] * 6
    assert counts() == ["LL111"]


def test_nothing_is_kept_where_nobody_wants_it(project):
    assert counts("--no-cache") == ["LL111"]
    assert not (project / ".losslint_cache").exists()
    Path("pyproject.toml").write_text("[tool.losslint]\ncache = false\n")
    assert counts() == ["LL111"]
    assert not (project / ".losslint_cache").exists()


def test_the_place_may_be_chosen(project, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("kept")
    for arguments, environment in (
        (("--cache-dir", str(elsewhere / "a")), {}),
        ((), {"LOSSLINT_CACHE_DIR": str(elsewhere / "b")}),
    ):
        run("check", ".", *arguments, **environment)
    Path("pyproject.toml").write_text(f"[tool.losslint]\ncache-dir = {str(elsewhere / 'c')!r}\n")
    run()
    assert not (project / ".losslint_cache").exists()
    assert all((elsewhere / name / "results.db").exists() for name in "abc")
    assert run("clean").stdout == f"Removed {elsewhere / 'c'}.\n"


def test_clean_removes_the_cache_and_nothing_else(project):
    counts()
    assert run("clean").stdout == f"Removed {project / '.losslint_cache'}.\n"
    assert not (project / ".losslint_cache").exists()
    assert run("clean").stdout == "Nothing is kept.\n"
    refused = run("clean", "--cache-dir", ".")
    assert "no cache of losslint" in refused.output
    assert (project / "model.py").exists()


def test_the_cache_is_hidden_from_git_and_marked(project):
    counts()
    subprocess.run(["git", "init", "-q"], check=True)
    status = subprocess.run(["git", "status", "--short"], capture_output=True, text=True, check=True).stdout
    assert ".losslint_cache" not in status
    assert (
        (project / ".losslint_cache/CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )


def test_what_was_not_used_goes_when_there_is_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("losslint.cache.results._MOST", 3_000)
    for number in range(3):
        with Cache(str(tmp_path / "kept")) as cache:
            cache.get(b"0")
            cache.put(str(number).encode(), b"x" * 1_400)
    with Cache(str(tmp_path / "kept")) as cache:
        assert [cache.get(str(number).encode()) is not None for number in range(3)] == [True, False, True]


def test_another_layout_starts_anew(tmp_path):
    with Cache(str(tmp_path)) as cache:
        cache.put(b"a", b"b")
    with sqlite3.connect(tmp_path / "results.db") as connection:
        connection.execute("pragma user_version = 99")
    with Cache(str(tmp_path)) as cache:
        assert cache.get(b"a") is None
        cache.put(b"c", b"d")
    with Cache(str(tmp_path)) as cache:
        assert cache.get(b"c") == b"d"
