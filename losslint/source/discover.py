"""Which files to read: the project's root, the files to report on, and those that give them context."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from losslint.finding import Problem
from losslint.source.document import PROSE_ENDINGS, is_prose
from losslint.source.gitignore import FILE_NAME as GITIGNORE
from losslint.source.gitignore import ignores_above

ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "losslint.toml")
REPORTED_ENDINGS = (".py", ".pyi", ".ipynb")
CONTEXT_ENDINGS = (".py", ".ipynb")
SKIPPED_FOLDERS = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pycache__",
        "__pypackages__",
        "_build",
        "build",
        "dist",
        "node_modules",
        "site-packages",
    }
)
VENV_MARK = "pyvenv.cfg"
MAX_UNMARKED = 4_000
"""Files that are read as context below a folder which nothing marks as a project."""


def find_root(paths: Sequence[Path]) -> Path:
    """The root of the project that the paths lie in: the nearest folder at or above them that bears a root's mark.

    The user's home and the root of the file system are never it, unless they are the folder asked for. Where nothing
    bears a mark it is the folder that all the paths share, or, within a package, the folder that the package lies in.
    """
    folders = [_folder_of(path) for path in paths] or [Path(os.path.abspath("."))]
    try:
        shared = Path(os.path.commonpath(folders))
    except ValueError:  # on different drives
        shared = folders[0]
    if shared == shared.parent and shared != folders[0]:
        shared = folders[0]  # nothing in common: the whole file system is no project
    while os.path.lexists(shared / "__init__.py") and shared != shared.parent:
        shared = shared.parent  # a package is imported by its name, from the folder that it lies in
    home = Path(os.path.expanduser("~"))
    for folder in (shared, *shared.parents):
        if folder != shared and folder in (home, folder.parent):
            break
        if any(os.path.lexists(folder / mark) for mark in ROOT_MARKS):
            return folder
    return shared


def expand(paths: Sequence[str], docs: bool = False) -> tuple[list[Path], list[Problem]]:
    """The files to report on, absolute, sorted and once each, with a problem for each path that does not exist.

    Folders are searched for Python files and notebooks, with `docs` for Markdown and reStructuredText, too; a file that is
    named is taken whatever its ending, but for such documents without `docs`.
    """
    files: set[str] = set()
    problems = []
    for path in paths:
        absolute = os.path.abspath(path)
        if os.path.isdir(absolute):
            files.update(_below(absolute, (*REPORTED_ENDINGS, *PROSE_ENDINGS) if docs else REPORTED_ENDINGS))
        elif not docs and is_prose(Path(absolute)) and _exists(absolute):
            problems.append(Problem(path, "is a document: --docs checks the code in it"))
        elif _exists(absolute):
            files.add(absolute)
        else:
            problems.append(Problem(path, "does not exist"))
    return [Path(file) for file in sorted(files)], problems


def project_files(root: Path) -> list[Path]:
    """Every Python file and notebook of a project, absolute and sorted: what may be read as context.

    Where nothing marks the root of a project (a script in a home folder) the search ends after some thousand files.
    """
    is_marked = any(os.path.lexists(root / mark) for mark in ROOT_MARKS)
    files = _below(os.path.abspath(root), CONTEXT_ENDINGS)
    return [Path(file) for file in sorted(files if is_marked else islice(files, MAX_UNMARKED))]


def show(file: Path) -> str:
    """A path as users see it: relative to the working directory where it lies below, else absolute."""
    try:
        return Path(os.path.abspath(file)).relative_to(os.getcwd()).as_posix()
    except (ValueError, OSError):  # OSError: the working directory is gone
        return Path(os.path.abspath(file)).as_posix()


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)
    except ValueError:  # a NUL in the path
        return False


def _folder_of(path: Path) -> Path:
    absolute = Path(os.path.abspath(path))
    return absolute if absolute.is_dir() else absolute.parent


def _below(top: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Files below a folder that git would not ignore. Links to folders are not followed, so loops and copies do no harm."""
    pending = deque([(top, ignores_above(top))])
    while pending:
        folder, ignores = pending.popleft()  # near ones first
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if VENV_MARK in names and folder != top:
            continue
        if GITIGNORE in names:
            ignores = ignores.within(folder)
        for entry in entries:
            is_wanted = entry.name.endswith(endings) and _is_file(entry)
            if not is_wanted and (entry.name in SKIPPED_FOLDERS or not _is_folder(entry)):
                continue
            if ignores.ignore(entry.path, is_folder=not is_wanted):
                continue
            if is_wanted:
                yield entry.path
            else:
                pending.append((entry.path, ignores))


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
