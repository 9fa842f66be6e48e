"""Where a project begins."""

from __future__ import annotations

import os
from collections.abc import Sequence

ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "losslint.toml", ".losslint.toml")


def root_of(paths: Sequence[str]) -> str:
    """The root of the project that absolute paths lie in: the nearest folder at or above them that bears a root's mark.

    The user's home and the root of the file system are never it, unless they are the folder asked for. Where nothing
    bears a mark it is the folder that all the paths share, or, within a package, the folder that the package lies in.
    """
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in paths] or [os.path.abspath(".")]
    try:
        shared = os.path.commonpath(folders)
    except ValueError:  # on different drives
        shared = folders[0]
    if shared == os.path.dirname(shared) and shared != folders[0]:
        shared = folders[0]  # nothing in common: the whole file system is no project
    while os.path.lexists(os.path.join(shared, "__init__.py")) and shared != os.path.dirname(shared):
        shared = os.path.dirname(shared)  # a package is imported by its name, from the folder that it lies in
    home = os.path.expanduser("~")
    folder = shared
    while folder == shared or folder not in (home, os.path.dirname(folder)):
        if is_marked(folder):
            return folder
        if folder == os.path.dirname(folder):
            break
        folder = os.path.dirname(folder)
    return shared


def is_marked(folder: str) -> bool:
    """True where a folder bears the mark of a project's root."""
    return any(os.path.lexists(os.path.join(folder, mark)) for mark in ROOT_MARKS)
