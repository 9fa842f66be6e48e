"""Which files to read: the project's root, the files to report on, and those that give them context."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from losslint.finding import Problem
from losslint.source.document import PROSE_ENDINGS, is_prose
from losslint.source.gitignore import FILE_NAME as GITIGNORE
from losslint.source.gitignore import Ignores, ignores_above
from losslint.source.patterns import Matcher, Pattern, matcher
from losslint.source.root import is_marked, root_of

CONTEXT_ENDINGS = (".py", ".ipynb")
SKIPPED_FOLDERS = (
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".losslint_cache", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache",
    ".svn", ".tox", ".venv", "__pycache__", "__pypackages__", "_build", "build", "dist", "node_modules", "site-packages",
)  # fmt: skip
EXCLUDED = tuple(Pattern("", name) for name in SKIPPED_FOLDERS)
"""What is excluded unless settings say otherwise: folders that hold no code of the project's own."""
REPORTED_ENDINGS = (".py", ".pyi", ".ipynb")
INCLUDED = tuple(Pattern("", f"*{ending}") for ending in REPORTED_ENDINGS)
"""What is searched for in folders unless settings say otherwise."""
VENV_MARK = "pyvenv.cfg"
MAX_UNMARKED = 4_000
"""Files that are read as context below a folder which nothing marks as a project."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which files are reported: `include` is searched for in folders, and `exclude`, and what git ignores, is passed over.

    Paths that are named are taken all the same, unless `force_exclude`.
    """

    exclude: tuple[Pattern, ...] = EXCLUDED
    include: tuple[Pattern, ...] = INCLUDED
    force_exclude: bool = False
    respect_gitignore: bool = True
    docs: bool = False
    """Whether documents with Python in them are searched for as well."""

    def excluded(self, files: Iterable[Path], root: Path) -> set[Path]:
        """Those of a project's files that are excluded by more than the usual names, which its search passes over anyway."""
        own = [pattern for pattern in self.exclude if pattern not in EXCLUDED]
        if not own:
            return set()
        excludes, top = matcher(own), os.path.abspath(root)
        paths = {file: os.fspath(file) for file in files}
        folders = {os.path.dirname(path) for path in paths.values()}
        hidden = {folder for folder in folders if excludes.matches_within(folder, top)}
        return {file for file, path in paths.items() if os.path.dirname(path) in hidden or excludes.matches(path)}


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """A scope made ready."""

    exclude: Matcher
    include: Matcher
    respect_gitignore: bool
    seen: list[str] | None = None
    """The folders that were searched."""


def find_root(paths: Sequence[Path]) -> Path:
    """The root of the project that the paths lie in; see `root_of`."""
    return Path(root_of([os.path.abspath(path) for path in paths]))


def expand(
    paths: Sequence[str], scope: Scope | None = None, seen: list[str] | None = None
) -> tuple[list[Path], list[Problem]]:
    """The files to report on, absolute, sorted and once each, with a problem for each path that does not exist.

    Folders are searched for Python files and notebooks, for Markdown and reStructuredText where the scope has `docs`; a file that is
    named is taken whatever its ending, but for such documents where it has not. `seen` is given the folders that were searched.
    """
    scope = Scope() if scope is None else scope
    prose = tuple(Pattern("", f"*{ending}") for ending in PROSE_ENDINGS if scope.docs)
    search = _Search(matcher(scope.exclude), matcher((*scope.include, *prose)), scope.respect_gitignore, seen)
    files: set[str] = set()
    problems = []
    named = {path: os.path.abspath(path) for path in paths}
    existing = [Path(path) for path in named.values() if _exists(path)]
    top = str(find_root(existing)) if scope.force_exclude and existing else ""
    for path, absolute in named.items():
        if not _exists(absolute):
            problems.append(Problem(path, "does not exist"))
        elif scope.force_exclude and search.exclude.matches_within(absolute, top):
            continue
        elif os.path.isdir(absolute):
            files.update(_below(absolute, search))
        elif is_prose(Path(absolute)) and not scope.docs:
            problems.append(Problem(path, "is a document: --docs checks the code in it"))
        else:
            files.add(absolute)
    return [Path(file) for file in sorted(files)], problems


def project_files(root: Path, *, respect_gitignore: bool = True, seen: list[str] | None = None) -> list[Path]:
    """Every Python file and notebook of a project, absolute and sorted: what may be read as context.

    Where nothing marks the root of a project (a script in a home folder) the search ends after some thousand files. `seen` is given the
    folders that were searched.
    """
    search = _Search(matcher(EXCLUDED), Matcher(endings=CONTEXT_ENDINGS), respect_gitignore, seen)
    files = _below(os.path.abspath(root), search)
    return [Path(file) for file in sorted(files if is_marked(str(root)) else islice(files, MAX_UNMARKED))]


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


def _below(top: str, search: _Search) -> Iterator[str]:
    """Files below a folder that a search looks for. Links to folders are not followed, so loops and copies do no harm."""
    pending = deque([(top, ignores_above(top) if search.respect_gitignore else Ignores())])
    while pending:
        folder, ignores = pending.popleft()  # near ones first
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        if search.seen is not None:
            search.seen.append(folder)
        names = {entry.name for entry in entries}
        if VENV_MARK in names and folder != top:
            continue
        if search.respect_gitignore and GITIGNORE in names:
            ignores = ignores.within(folder)
        for entry in entries:
            is_wanted = search.include.matches(entry.path) and _is_file(entry)
            if not is_wanted and not _is_folder(entry):
                continue
            if search.exclude.matches(entry.path):
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
