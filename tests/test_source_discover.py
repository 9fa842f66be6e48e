"""Finding files: roots, explicit paths, ignored folders."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from losslint.finding import Problem
from losslint.source.discover import expand, find_root, project_files, show


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test works in a folder of its own, below a home of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def lay(*files: str, **contents: str) -> Path:
    """Make empty files, and files named by keyword with contents (`_` for a dot)."""
    here = Path.cwd()
    for name in [*files, *(key.replace("_", ".") for key in contents)]:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).touch()
    for key, content in contents.items():
        (here / key.replace("_", ".")).write_text(content)
    return here


def names(files: list[Path]) -> list[str]:
    assert all(file.is_absolute() for file in files)
    return [file.relative_to(Path.cwd()).as_posix() for file in files]


@pytest.mark.parametrize("mark", [".git", "pyproject.toml", "setup.py", "setup.cfg", "losslint.toml"])
def test_the_root_is_the_nearest_folder_with_a_mark(mark: str) -> None:
    here = lay(f"project/{mark}", "project/a/b/c.py", "project/a/d.py")
    for paths in (["project"], ["project/a"], ["project/a/b/c.py"], ["project/a/b/c.py", "project/a/d.py"]):
        assert find_root([here / path for path in paths]) == here / "project"
    assert find_root([Path("project/a/b")]) == here / "project"


def test_without_a_mark_the_root_is_the_shared_folder() -> None:
    here = lay("a/b/c.py", "a/d/e.py", "f.py")
    assert find_root([here / "a/b/c.py", here / "a/d/e.py"]) == here / "a"
    assert find_root([here / "a/b"]) == here / "a/b"
    assert find_root([]) == here


def test_the_home_is_no_root_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    here = lay("a/b.py")
    assert find_root([here / "a"]) == here / "a"
    assert find_root([tmp_path]) == tmp_path


def test_the_file_system_is_no_root() -> None:
    here = lay("a.py")
    assert find_root([here, Path("/nonexistent/b.py")]) == here


def test_folders_are_searched_and_files_are_taken() -> None:
    lay("a.py", "b.pyi", "c.ipynb", "d.txt", "e/f.py", "e/g.PY", "script", "build/h.py")
    files, problems = expand(["."])
    assert (names(files), problems) == (["a.py", "b.pyi", "c.ipynb", "e/f.py"], [])
    assert names(expand(["script", "d.txt", "e", "e/f.py", "./e/../e/f.py"])[0]) == ["d.txt", "e/f.py", "script"]
    assert names(expand(["build"])[0]) == ["build/h.py"]


def test_missing_paths_are_problems() -> None:
    lay("a.py")
    files, problems = expand(["a.py", "no.py", "no/way", "a\0b"])
    assert names(files) == ["a.py"]
    assert problems == [Problem(path, "does not exist") for path in ("no.py", "no/way", "a\0b")]


def test_the_project_is_python_without_what_is_not_ours() -> None:
    lay("a.py", "b.pyi", "c.ipynb", "pkg/d.py", "my-venv/pyvenv.cfg", "my-venv/e.py", ".hidden/f.py")
    lay(
        *(
            f"{folder}/x.py"
            for folder in (".git", ".venv", "node_modules", "__pycache__", "build", "dist", ".tox", ".eggs")
        )
    )
    lay("lib/site-packages/y.py", ".ipynb_checkpoints/c.ipynb", "env/z.py")
    assert names(project_files(Path.cwd())) == [".hidden/f.py", "a.py", "c.ipynb", "env/z.py", "pkg/d.py"]


def test_links_to_folders_are_not_followed() -> None:
    here = lay("a/b.py")
    os.symlink(here, here / "a/loop")
    os.symlink(here / "a", here / "other")
    os.symlink(here / "nowhere", here / "dangling.py")
    os.symlink("self.py", here / "self.py")
    os.symlink(here / "a/b.py", here / "linked.py")
    assert names(project_files(here)) == ["a/b.py", "linked.py"]
    assert names(expand(["other"])[0]) == ["other/b.py"]


def test_a_folder_that_ends_like_a_file_is_searched() -> None:
    lay("odd.py/a.py")
    assert names(project_files(Path.cwd())) == ["odd.py/a.py"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the super-user may read everything")
def test_a_closed_folder_is_passed_over() -> None:
    here = lay("a.py", "closed/b.py")
    os.chmod(here / "closed", 0)
    try:
        assert names(project_files(here)) == ["a.py"]
    finally:
        os.chmod(here / "closed", 0o700)


def test_ignored_files_are_left_out() -> None:
    here = lay("a.py", "data/b.py", "pkg/c.py", "pkg/d.py", "pkg/keep/e.py", "pkg/deep/data/f.py", "gen_x.py")
    (here / ".gitignore").write_text("# a comment\n\n/data/\ngen_*.py\n!\n*.tmp\n")
    (here / "pkg/.gitignore").write_text("*.py\n!d.py\n!/keep/*.py\n")
    (here / "pkg/deep/.gitignore").write_bytes(b"\xff\xfe\n!*.py\n")
    assert names(project_files(here)) == ["a.py", "pkg/d.py", "pkg/deep/data/f.py", "pkg/keep/e.py"]
    assert names(expand(["."])[0]) == names(project_files(here))


def test_patterns_above_hold_in_the_same_work_tree_only() -> None:
    here = lay("top/.git/config", "top/pkg/a.py", "top/pkg/b.py", "other/b.py")
    (here / ".gitignore").write_text("a.py\n")
    (here / "top/.gitignore").write_text("b.py\nignored/\n")
    lay("top/ignored/b.py", "top/ignored/c.py")
    assert names(project_files(here / "top/pkg")) == ["top/pkg/a.py"]
    assert names(expand(["top/pkg/b.py"])[0]) == ["top/pkg/b.py"]
    assert names(expand(["top/ignored"])[0]) == ["top/ignored/b.py", "top/ignored/c.py"]


def test_git_agrees() -> None:
    here = lay("a.py", "x/a.py", "x/y/b.py", "x/y/c.py", "z/c.py", "z/q/d.py")
    (here / ".gitignore").write_text("/a.py\nx/**/b.py\nz/*\n!z/c.py\n")
    (here / "x/.gitignore").write_text("c.py\n")
    (here / "x/y/.gitignore").write_text("!c.py\n")
    git = subprocess.run(["git", "init", "-q", "."], check=False, capture_output=True)
    if git.returncode:
        pytest.skip("git is absent")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", "*.py"], check=True, capture_output=True, text=True
    )
    assert names(project_files(here)) == sorted(listed.stdout.split())


def test_pathspec_is_imported_only_where_patterns_are() -> None:
    lay("a.py")
    script = (
        "import sys\nfrom pathlib import Path\nfrom losslint.source.discover import project_files\n"
        "project_files(Path('.'))\nprint('pathspec' in sys.modules)\n"
    )
    package = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(package)}
    for ignored, imported in (("", "False\n"), ("x\n", "True\n")):
        Path(".gitignore").write_text(ignored)
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout == imported


def test_paths_are_shown_from_here() -> None:
    here = lay("a/b.py")
    assert show(here / "a/b.py") == "a/b.py"
    assert show(Path("a/../a/b.py")) == "a/b.py"
    assert show(here.parent / "c.py") == (here.parent / "c.py").as_posix()
