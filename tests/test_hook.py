"""The hooks: what the manifest promises, and what a check of the staged files finds. `test_hook_runners.py` runs the runners."""

from __future__ import annotations

import shlex

import pytest
from fixing_tools import notebook
from hook_tools import ALONE, MODEL, ROOT, SQUASHED, TRAIN, git, repository, staged, write
from pre_commit.clientlib import load_manifest

from losslint.cli import main

HOOKS = {hook["id"]: hook for hook in load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))}


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = repository(tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def hook(project, capsys):
    """Runs a hook on what is staged; gives the exit code and where something was found."""

    def run(name="losslint", *arguments, files=None):
        words = shlex.split(HOOKS[name]["entry"])
        assert words[0] == "losslint"
        given = (staged(project) if files is None else files) if HOOKS[name]["pass_filenames"] else []
        with pytest.raises(SystemExit) as left:
            main([*words[1:], "--no-cache", "--output-format", "concise", *arguments, *given])
        lines = capsys.readouterr().out.splitlines()
        return left.value.code, [line.partition(": ")[0] for line in lines if "[LL" in line]

    return run


def stage(folder, **files):
    write(folder, {name.replace("__", "."): text for name, text in files.items()})
    git(folder, "add", ".")


def test_the_manifest():
    assert list(HOOKS) == ["losslint", "losslint-fix", "losslint-project"]
    for hook in HOOKS.values():
        assert hook["require_serial"]
        assert hook["types_or"] == ["python", "pyi", "jupyter"]
    assert [hook["pass_filenames"] for hook in HOOKS.values()] == [True, True, False]


def test_a_staged_model_that_breaks_an_unstaged_loss_is_found(project, hook):
    stage(project, model__py=SQUASHED)
    assert staged(project) == ["model.py"]
    assert hook() == (1, ["train.py:7:12"])
    stage(project, model__py=MODEL.replace("8, 10", "8, 12"))
    assert hook() == (0, [])


def test_the_fixing_hook_mends_it_in_the_staged_file(project, hook):
    stage(project, model__py=SQUASHED)
    assert hook("losslint-fix") == (1, ["train.py:7:12"])
    assert hook("losslint-fix", "--unsafe-fixes") == (0, [])
    assert (project / "model.py").read_text() == MODEL
    assert git(project, "diff", "--name-only") == "model.py"


def test_what_is_wrong_elsewhere_stays_quiet(project, hook):
    stage(project, model__py=SQUASHED)
    git(project, "commit", "--quiet", "--message", "broken")
    stage(project, apart__py="import torch\nx = torch.ones(3)\n", reader__py="from model import Net\nnet = Net()\n")
    assert hook() == (0, [])
    assert hook("losslint-project") == (1, ["train.py:7:12"])
    stage(project, alone__py=ALONE)
    assert hook() == (1, ["alone.py:5:12"])


def test_a_step_on_the_way_is_enough(project, hook):
    write(project, {"model.py": SQUASHED, "train.py": TRAIN.replace("Net()(x)", "through(Net()(x))")})
    write(
        project,
        {"train.py": (project / "train.py").read_text().replace("import Net", "import Net\nfrom way import through")},
    )
    write(project, {"way.py": "def through(x):\n    return x\n"})
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "broken")
    write(project, {"way.py": "def through(x):\n    y = x\n    return y\n"})
    git(project, "add", ".")
    assert staged(project) == ["way.py"]
    assert hook() == (1, ["train.py:8:12"])


@pytest.mark.parametrize("indent", [None, 1])
def test_notebooks(project, hook, indent):
    cells = ("x = y = None\n", TRAIN.splitlines(keepends=True), "# the end")
    stage(project, other__ipynb=notebook("import torch"), run__ipynb=notebook(*cells, indent=indent))
    git(project, "commit", "--quiet", "--message", "notebooks")
    stage(project, model__py=SQUASHED)
    assert hook() == (1, ["run.ipynb:cell 2:7:12", "train.py:7:12"])
    stage(project, model__py=MODEL + "\n", own__ipynb=notebook(ALONE))
    assert hook() == (1, ["own.ipynb:cell 1:5:12"])


def test_a_notebook_whose_cells_are_single_strings_is_seen_to_import(project, hook):
    stage(project, run__ipynb=notebook(TRAIN))
    git(project, "commit", "--quiet", "--message", "notebook")
    stage(project, model__py=SQUASHED)
    assert hook() == (1, ["run.ipynb:cell 1:7:12", "train.py:7:12"])


def test_deleted_and_renamed_files(project, hook):
    git(project, "rm", "--quiet", "train.py")
    stage(project, model__py=SQUASHED)
    assert staged(project) == ["model.py"]
    assert hook() == (0, [])
    git(project, "reset", "--quiet", "--hard")
    git(project, "mv", "model.py", "net.py")
    stage(project, net__py=SQUASHED)
    assert hook() == (0, [])  # nobody imports it by its new name
    stage(project, train__py=TRAIN.replace("from model", "from net"))
    assert hook() == (1, ["train.py:7:12"])


def test_untracked_files_are_read_as_they_stand(project, hook):
    stage(project, model__py=SQUASHED)
    write(project, {"scratch.py": TRAIN, "alone.py": ALONE})
    assert hook() == (1, ["scratch.py:7:12", "train.py:7:12"])
    write(project, {".gitignore": "scratch.py\n"})
    assert hook() == (1, ["train.py:7:12"])


def test_names_with_blanks_and_letters_of_all_kinds(project, hook):
    names = ["ein modell \u00e9.py", "mappe mit \u7a7a\u767d/lauf es.py", "neu\nzeile.py"]
    write(project, dict.fromkeys(names, ALONE))
    git(project, "add", ".")
    assert sorted(staged(project)) == sorted(names)
    code, places = hook()
    assert (code, len(places)) == (1, 3)
    assert hook(files=["--", *names])[0] == 1


def test_what_is_excluded_stays_quiet_though_it_is_staged(project, hook):
    stage(project, alone__py=ALONE, pyproject__toml='[tool.losslint]\nextend-exclude = ["alone.py"]\n')
    assert hook(files=["alone.py"]) == (0, [])
    stage(project, model__py=SQUASHED)
    assert hook(files=["alone.py", "model.py"]) == (1, ["train.py:7:12"])


def test_batches_find_what_one_call_finds(project, hook):
    stage(project, model__py=SQUASHED, a__py="x = 1\n", b__py="y = 2\n")
    assert hook(files=["a.py", "b.py"]) == (0, [])
    assert hook(files=["a.py", "model.py"]) == hook(files=["model.py", "b.py"]) == (1, ["train.py:7:12"])
    stage(project, train__py=TRAIN + "\n")
    assert hook(files=["train.py", "b.py"]) == (1, ["train.py:7:12"])
