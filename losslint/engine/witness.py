"""What had a say in the outcome of a check: the files that were read, and the folders that were searched for more."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from losslint.config import Settings
from losslint.finding import Problem
from losslint.names.project import Project, Unit
from losslint.source.discover import expand, project_files


@dataclass(frozen=True, slots=True)
class Witness:
    """Files with the digest of what was read, None for those that could not be read, and folders."""

    files: Mapping[str, bytes | None]
    folders: Sequence[str]


def witness(paths: Sequence[str], settings: Settings, project: Project) -> Witness | None:
    """What had a say in a check of these paths; None where files came or went meanwhile."""
    folders: list[str] = []
    named = {file.absolute() for file in expand(paths, settings.scope, folders)[0]}
    around = project_files(project.root, respect_gitignore=settings.respect_gitignore, seen=folders)
    if named.union(around) != project.units.keys():
        return None
    files = {unit.key: _digest(unit) for unit in project.units.values()}
    if settings.baseline is not None:
        with open(settings.baseline, "rb") as stream:
            files[os.fspath(settings.baseline)] = digest(stream.read())
    return Witness(files, tuple(dict.fromkeys(folders)))


def _digest(unit: Unit) -> bytes | None:
    return None if isinstance(unit.document, Problem) else digest(unit.document.data)


def digest(data: bytes) -> bytes:
    """Stands for what was read."""
    return blake2b(data, digest_size=16).digest()
