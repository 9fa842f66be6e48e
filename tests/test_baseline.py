"""The baseline: known findings are left out, new ones are not, and nothing in the file is lost."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from fixing_tools import notebook

from losslint.cli import main
from losslint.config import Settings
from losslint.engine import check
from losslint.engine.baseline import BaselineError, read
from losslint.engine.fixing import fix_all
from losslint.finding import Applicability, Severity

WRONG = "import torch.nn.functional as F\n\n\ndef step(x, y):\n    return F.cross_entropy(F.softmax(x, 1), y)\n"
LINE = WRONG.splitlines()[-1]
HEAD = b'{"version": 1, "certainty": "likely", "severity": "advice", "findings": '
OTHER = "import torch.nn.functional as F\n\n\ndef step(x, y):\n    return F.nll_loss(F.softmax(x, 1), y)\n"


@pytest.fixture
def project(folder):
    (folder / "train.py").write_text(WRONG)
    return folder


@dataclass(frozen=True)
class Result:
    stdout: str
    stderr: str


def run(*arguments, code=0):
    """The command as users run it, in this process."""
    with (
        redirect_stdout(StringIO()) as stdout,
        redirect_stderr(StringIO()) as stderr,
        pytest.raises(SystemExit) as left,
    ):
        main([*arguments, "--no-cache"])
    assert left.value.code == code, stdout.getvalue() + stderr.getvalue()
    return Result(stdout.getvalue(), stderr.getvalue())


def new(*paths, file="losslint-baseline.json", **settings):
    outcome = check(paths or (".",), Settings(baseline=Path(file).absolute(), **settings))
    return [(one.code, one.span.path, one.span.line) for one in outcome.findings], outcome.known, outcome.stale


def test_known_findings_are_left_out_and_new_ones_fail(project):
    result = run("baseline")
    assert result.stdout == "losslint-baseline.json holds 1 known finding (1 added, 0 removed).\n"
    assert run("check", "--baseline", "losslint-baseline.json").stdout == "1 file clean.\n"
    run("check", code=1)
    (project / "other.py").write_text(OTHER)
    shown = run("check", "--baseline", "losslint-baseline.json", "--output-format", "concise", code=1).stdout
    assert "other.py:5:12: error[LL111]" in shown
    assert "LL101" not in shown


def test_the_file_is_for_people_too(project):
    (project / "sub").mkdir()
    (project / "sub" / "ä b.py").write_text(OTHER)
    run("baseline")
    text = (project / "losslint-baseline.json").read_text()
    held = json.loads(text)
    assert (held["version"], held["certainty"], held["severity"]) == (1, "likely", "advice")
    assert list(held["findings"]) == ["sub/ä b.py", "train.py"]
    (entry,) = held["findings"]["train.py"]
    assert (entry["code"], entry["source"]) == ("LL101", "return F.cross_entropy(F.softmax(x, 1), y)")
    assert text.count("\n") == 13
    run("baseline")
    assert (project / "losslint-baseline.json").read_text() == text


def test_moved_lines_and_other_changes_keep_it_known(project):
    run("baseline")
    file = project / "train.py"
    file.write_text(
        WRONG.replace("\n\n\ndef", "\n\nX  =  [ 1,\n2 ]\n\n\n\ndef").replace("    return", "        return")
    )
    assert new() == ([], 1, 0)
    file.write_text("# é\n" + WRONG)
    assert new() == ([], 1, 0)
    file.write_text(WRONG.replace("F.softmax(x, 1)", "F.softmax(x, dim=1)"))
    assert new() == ([("LL101", "train.py", 5)], 0, 1)


def test_equal_findings_count(project):
    twice = WRONG + f"\n\ndef again(x, y):\n{LINE}\n"
    run("baseline")
    (project / "train.py").write_text(twice)
    assert new() == ([("LL101", "train.py", 9)], 1, 0)
    run("baseline")
    assert new() == ([], 2, 0)
    (project / "train.py").write_text(WRONG)
    assert new() == ([], 1, 1)


def test_in_notebooks(folder):
    (folder / "n.ipynb").write_text(notebook(WRONG.splitlines(keepends=True), indent=1))
    run("baseline")
    (folder / "n.ipynb").write_text(notebook("x = 1", WRONG))
    assert new() == ([], 1, 0)
    (folder / "n.ipynb").write_text(notebook(WRONG, "import torch\n" + WRONG, indent=1))
    found, known, stale = new()
    assert ([(code, path) for code, path, _ in found], known, stale) == ([("LL101", "n.ipynb")], 1, 0)


def test_it_may_lie_elsewhere(project, tmp_path):
    (project / "ci").mkdir()
    run("baseline", "--output", "ci/known.json")
    assert list(json.loads((project / "ci" / "known.json").read_text())["findings"]) == ["../train.py"]
    assert new(file="ci/known.json") == ([], 1, 0)
    assert new(str(project / "train.py"), file="ci/known.json") == ([], 1, 0)


def test_what_is_gone_is_told_and_taken_out(project):
    (project / "other.py").write_text(OTHER)
    run("baseline")
    (project / "train.py").write_text("x = 1\n")
    (project / "other.py").unlink()
    result = run("check", "--baseline", "losslint-baseline.json")
    assert result.stderr == (
        "losslint: losslint-baseline.json: 2 known findings are gone; `losslint baseline --prune` takes them out\n"
    )
    (project / "newer.py").write_text(OTHER)
    assert "holds 0 known findings (0 added, 2 removed)" in run("baseline", "--prune").stdout
    assert new() == ([("LL111", "newer.py", 5)], 0, 0)


def test_what_a_run_could_not_see_stays(project):
    (project / "other.py").write_text(OTHER)
    run("baseline")
    before = (project / "losslint-baseline.json").read_text()
    assert new("other.py") == ([], 1, 0)
    assert new(ignore=("LL101",)) == ([], 1, 0)
    assert new(severity=Severity.ERROR) == ([], 2, 0)
    run("baseline", "other.py")
    run("baseline", "--prune", "--select", "LL111")
    run("baseline", "--prune", "--certainty", "certain")
    assert (project / "losslint-baseline.json").read_text() == before
    (project / "train.py").write_text(WRONG + "def (\n")
    assert new() == ([], 1, 0)
    run("baseline", "--prune")
    assert (project / "losslint-baseline.json").read_text() == before


def test_a_wider_run_writes_a_wider_file(project):
    run("baseline")
    run("baseline", "--certainty", "possible")
    assert read(project / "losslint-baseline.json").certainty.label == "possible"
    (project / "train.py").write_text("x = 1\n")
    assert new() == ([], 0, 0)  # at this certainty it might only be hidden


def test_known_findings_are_not_fixed(project):
    run("baseline")
    new_one = "\n\ndef again(x, y, z):\n    return F.cross_entropy(F.softmax(z, 1), y)\n"
    (project / "train.py").write_text(WRONG + new_one)
    done = fix_all(["."], Settings(baseline=project / "losslint-baseline.json"), Applicability.UNSAFE)
    assert done.fixed == {"train.py": {"LL101": 1}}
    assert (project / "train.py").read_text() == WRONG + new_one.replace("F.softmax(z, 1)", "z")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "does not exist; `losslint baseline` writes it"),
        (b"", "is not JSON"),
        (b"\xff\xfe{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is no baseline that losslint wrote"),
        (b'{"version": 1}', "is no baseline that losslint wrote"),
        (b'{"version": 0, "findings": {}}', "is no baseline that losslint wrote"),
        (b'{"version": "1", "findings": {}}', "is no baseline that losslint wrote"),
        (b'{"version": 2}', "was written by a newer version of losslint (format 2)"),
        (HEAD + b"[]}", "is no baseline"),
        (HEAD + b'{"a": [1]}}', "is no baseline"),
        (b'{"version": 1, "certainty": "sure", "severity": "advice", "findings": {}}', "is no baseline"),
        (HEAD + b'{"a.py": [{"code": 1, "source": "", "fingerprint": ""}]}}', "is no baseline"),
    ],
)
def test_a_file_that_is_none_is_one_clear_error(project, data, said):
    file = project / "known.json"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(BaselineError, match=r"known\.json: "):
        check(["."], Settings(baseline=file))
    result = run("check", "--baseline", "known.json", code=2)
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    if data is not None:
        assert said in run("baseline", "--output", "known.json", code=2).stderr
        assert file.read_bytes() == data


def test_a_folder_is_no_baseline(project):
    assert "is a directory" in run("check", "--baseline", ".", code=2).stderr
    assert "it is a folder" in run("baseline", "--output", ".", code=2).stderr
    assert "its folder does not exist" in run("baseline", "--output", "a/b.json", code=2).stderr


def test_nothing_is_written_where_nothing_could_be_read(folder):
    (folder / "train.py").write_text("def (\nF.cross_entropy")
    run("baseline", code=2)
    assert not (folder / "losslint-baseline.json").exists()
