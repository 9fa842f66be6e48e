"""The folder in which results are kept between runs, and what makes them hold for this program alone."""

from __future__ import annotations

import os
import sys

from losslint import __version__

FOLDER = ".losslint_cache"
RESULTS = "results.db"
COMMANDS = "commands"
_TAG = """Signature: 8a477f597d28d172789f06886806bc55
# This file marks a folder whose content can be made again: see https://bford.info/cachedir/
"""


def prepare(folder: str) -> None:
    """Make the folder, marked as a cache for backup programs, and as nothing of interest to git. Raises OSError."""
    if os.path.isdir(folder):
        return
    os.makedirs(folder, exist_ok=True)
    for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
            stream.write(text)


def is_cache(folder: str) -> bool:
    """True for a folder that holds what this program keeps, and nothing else."""
    try:
        names = set(os.listdir(folder))
    except OSError:
        return False
    return all(name.startswith(RESULTS) or name in {"CACHEDIR.TAG", ".gitignore", COMMANDS} for name in names)


def stamp() -> bytes:
    """Stands for the program itself: another version of it, of its parsers or of Python may find something else."""
    from importlib.util import find_spec

    specs = [find_spec(name) for name in ("libcst", "docutils", "markdown_it")]
    files = [spec.origin for spec in specs if spec is not None and spec.origin]
    for folder, _, names in os.walk(os.path.dirname(os.path.dirname(__file__))):
        files += [os.path.join(folder, name) for name in names if name.endswith(".py")]
    marks = [f"{__version__} {sys.version}"]
    for file in sorted(files):
        try:
            status = os.stat(file)
        except OSError:
            continue
        marks.append(f"{file} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(marks).encode("utf-8", "surrogatepass")
