"""The hooks as pre-commit and prek run them: each builds its environment from this project and takes part in real commits.

They need a package index for these environments: run with `-m clients`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from fixing_tools import notebook
from hook_tools import ALONE, MODEL, PACKAGED, ROOT, SQUASHED, TRAIN, environment, git, repository, write

pytestmark = pytest.mark.clients

MANY = 2_600
FOLDERS = {"PRE_COMMIT_HOME": "many", "PREK_HOME": "/".join(["many" * 50] * 4)}
"""prek gives a hook as many characters as the system allows, pre-commit fewer."""


@dataclass(frozen=True)
class Runner:
    """One of the two programs that run hooks, with the folder in which it keeps environments."""

    command: tuple[str, ...]
    home: str
    folder: Path
    source: Path
    sha: str

    def environment(self):
        return environment(**{self.home: str(self.folder), "PRE_COMMIT_COLOR": "never", "NO_COLOR": "1"})

    def __call__(self, project, *arguments):
        command = [*self.command, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=self.environment(), check=False)
        return done.returncode, done.stdout + done.stderr

    def run(self, project):
        """The hooks on what is staged."""
        return self(project, "run")

    def commit(self, project):
        """A commit as users make it, with the installed hooks; the exit code and what was said."""
        command = ["git", "commit", "--message", "more"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=self.environment(), check=False)
        return done.returncode, done.stdout + done.stderr

    def configure(self, project, *hooks):
        """Write the configuration with these hooks, each its id or its id and arguments, and commit it."""
        lines = ["repos:", f"  - repo: {self.source.as_posix()}", f"    rev: {self.sha}", "    hooks:"]
        for hook in hooks:
            name, *arguments = hook.split()
            lines += [f"      - id: {name}", f"        args: [{', '.join(arguments)}]"]
        write(project, {".pre-commit-config.yaml": "\n".join([*lines, ""])})
        git(project, "add", ".")
        git(project, "commit", "--quiet", "--message", "hooks")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """This project as it stands, in a repository of its own from which runners may clone."""
    folder = tmp_path_factory.mktemp("source")
    for name in PACKAGED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder


@pytest.fixture(scope="module", params=["pre-commit", "prek"])
def runner(request, source, tmp_path_factory):
    home = {"pre-commit": "PRE_COMMIT_HOME", "prek": "PREK_HOME"}[request.param]
    program = shutil.which(request.param, path=str(Path(sys.executable).parent))
    assert program is not None, f"{request.param} is not installed beside {sys.executable}"
    sha = git(source, "rev-parse", "HEAD")
    return Runner((program,), home, tmp_path_factory.mktemp(request.param), source, sha)


@pytest.fixture
def project(tmp_path):
    return repository(tmp_path / "ein projekt \u00e9")


def test_a_commit_that_breaks_another_file_is_stopped_until_it_is_mended(runner, project):
    runner.configure(project, "losslint")
    code, said = runner(project, "install", "--install-hooks")
    assert code == 0, said
    before = git(project, "rev-parse", "HEAD")

    write(project, {"model.py": SQUASHED})
    git(project, "add", "model.py")
    code, said = runner.commit(project)
    assert code == 1, said
    assert "error[LL101] softmax-before-cross-entropy" in said
    assert "--> train.py:7:12" in said
    assert "model.py:11:16" in said
    assert git(project, "rev-parse", "HEAD") == before

    write(project, {"model.py": MODEL + "\n"})
    git(project, "add", "model.py")
    code, said = runner.commit(project)
    assert code == 0, said
    assert git(project, "rev-parse", "HEAD^") == before


def test_the_fixing_hook_mends_and_asks_to_stage(runner, project):
    runner.configure(project, "losslint-fix --unsafe-fixes", "losslint")
    write(project, {"model.py": SQUASHED + "\n"})
    git(project, "add", "model.py")
    code, said = runner.run(project)
    assert code == 1, said
    assert "iles were modified by this hook" in said
    assert (project / "model.py").read_text() == MODEL + "\n"
    git(project, "add", "model.py")
    code, said = runner.run(project)
    assert code == 0, said


def test_only_what_concerns_the_staged_files_is_told(runner, project):
    runner.configure(project, "losslint")
    write(project, {"model.py": SQUASHED})
    git(project, "commit", "--quiet", "--all", "--message", "broken")
    write(project, {"apart.py": "import torch\nfrom model import Net\n\nnet = Net()\n", "scratch.py": ALONE})
    git(project, "add", "apart.py")
    code, said = runner.run(project)
    assert code == 0, said
    runner.configure(project, "losslint-project")
    write(project, {"other.py": "x = 1\n"})
    git(project, "add", "other.py")
    code, said = runner.run(project)
    assert code == 1, said
    assert "--> train.py:7:12" in said


def test_notebooks_and_names_of_all_kinds(runner, project):
    runner.configure(project, "losslint")
    write(project, {"run it.ipynb": notebook(TRAIN, indent=1)})
    git(project, "add", ".")
    assert runner.run(project)[0] == 0
    git(project, "commit", "--quiet", "--message", "notebook")
    write(project, {"model.py": SQUASHED, "ein modell \u00e9.py": ALONE, "\u7a7a \u767d/x.ipynb": notebook(ALONE)})
    git(project, "add", ".")
    code, said = runner.run(project)
    assert code == 1, said
    for place in (
        "run it.ipynb:cell 1:7:12",
        "train.py:7:12",
        "ein modell \u00e9.py:5:12",
        "\u7a7a \u767d/x.ipynb:cell 1:5:12",
    ):
        assert f"--> {place}" in said


def test_deleted_and_renamed_files(runner, project):
    runner.configure(project, "losslint")
    git(project, "rm", "--quiet", "train.py")
    write(project, {"model.py": SQUASHED})
    git(project, "add", "model.py")
    assert runner.run(project)[0] == 0
    git(project, "reset", "--quiet", "--hard")
    git(project, "mv", "model.py", "net.py")
    write(project, {"net.py": SQUASHED, "train.py": TRAIN.replace("from model", "from net")})
    git(project, "add", ".")
    code, said = runner.run(project)
    assert code == 1, said
    assert "--> train.py:7:12" in said
    assert "net.py:11:16" in said


def test_an_unstaged_cure_does_not_count(runner, project):
    runner.configure(project, "losslint")
    write(project, {"model.py": SQUASHED})
    git(project, "add", "model.py")
    write(project, {"model.py": MODEL})
    assert runner.run(project)[0] == 1
    assert (project / "model.py").read_text() == MODEL


def test_so_many_files_that_they_come_in_batches(runner, project):
    runner.configure(project, "losslint")
    folder = FOLDERS[runner.home]
    write(project, {f"{folder}/{'a_long_name_of_a_module' * 4}_{number}.py": "x = 1\n" for number in range(MANY)})
    write(project, {"model.py": SQUASHED})
    git(project, "add", ".")
    code, said = runner.run(project)
    assert code == 1, said
    assert said.count("--> train.py:7:12") == 1
    assert said.count("files clean") + said.count("file clean") >= 1
