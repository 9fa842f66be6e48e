"""Unpacking: source distributions and wheels to a folder of their own, safely."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

ENDINGS = (".py", ".ipynb")
KEPT_NAMES = ("pyproject.toml", "setup.cfg", "losslint.toml", ".gitignore")
LARGEST = 64 << 20


class UnreadableError(Exception):
    """No archive that can be unpacked here."""


def unpack(archive: Path, folder: Path) -> None:
    """Put what losslint reads of an archive into a folder: programs, notebooks and settings, without the one top folder.

    The folder appears when all is there, so that a run that is stopped leaves nothing half done.
    """
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, content in _members(archive):
        parts = PurePosixPath(name).parts
        if not name.endswith(ENDINGS) and parts[-1] not in KEPT_NAMES:
            continue
        if PurePosixPath(name).is_absolute() or ".." in parts:
            raise UnreadableError(f"{archive.name}: {name} lies outside")
        target = partial.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            shutil.copyfileobj(content, out)
    _without_top(partial).rename(folder)
    shutil.rmtree(partial, ignore_errors=True)


def count(folder: Path) -> int:
    """How many programs and notebooks lie below a folder."""
    return sum(name.endswith(ENDINGS) for _, _, names in os.walk(folder) for name in names)


def _without_top(folder: Path) -> Path:
    """The folder itself, or the only folder in it where there is nothing else: `package-1.0/` of source distributions."""
    entries = list(folder.iterdir())
    is_wrapped = len(entries) == 1 and entries[0].is_dir() and not (entries[0] / "__init__.py").exists()
    return entries[0] if is_wrapped else folder


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Plain files of an archive with their content; links and devices are left out."""
    if archive.name.endswith((".whl", ".zip")):
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                if not entry.is_dir() and entry.file_size <= LARGEST:
                    with packed.open(entry) as content:
                        yield entry.filename, content
    elif archive.name.endswith((".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")):
        with tarfile.open(archive) as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isfile() and member.size <= LARGEST else None
                if file is not None:
                    yield member.name, file
    else:
        raise UnreadableError(f"{archive.name}: neither a wheel nor a source distribution")
