"""The project around the paths of a request, and the text of files in it, unsaved ones included."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from losslint.config import Settings, governed
from losslint.engine.outcome import Request
from losslint.finding import Finding, Problem
from losslint.names.project import Parser, Project
from losslint.rules._codes import CODES
from losslint.source.discover import REPORTED_ENDINGS, expand, find_root, project_files, show
from losslint.source.document import Document, from_bytes, read
from losslint.source.tree import parse


def prepared(
    paths: Sequence[str],
    settings: Settings,
    overlay: Mapping[Path, bytes] | None = None,
    *,
    mend: bool = True,
    map_losses: bool = False,
    parser: Parser = parse,
) -> tuple[Project, Request, list[Problem]]:
    """The project around paths, what is asked of it, and the paths that could not be had. Raises ConfigError."""
    files, problems = with_unsaved(*expand(paths, settings.scope), paths, overlay or {})
    reported = frozenset(file.absolute() for file in files)
    project = project_around(paths, files, overlay, settings.respect_gitignore, parser)
    settings = governed(settings, reported, project.units, CODES)
    excluded = frozenset(settings.scope.excluded(project.units.keys() - reported, project.root))
    return project, Request(settings, reported, excluded, mend, map_losses), problems


def with_unsaved(
    files: list[Path], problems: list[Problem], paths: Sequence[str], overlay: Mapping[Path, bytes]
) -> tuple[list[Path], list[Problem]]:
    """What `expand` gave, with the files in or below `paths` that are so far in `overlay` alone."""
    tops = {Path(os.path.abspath(path)): path for path in paths if "\0" not in path}
    known = set(files)
    new = [file for file in overlay if file not in known and tops.keys() & {file, *file.parents}]
    new = [file for file in new if file.suffix in REPORTED_ENDINGS and not os.path.exists(file)]
    there = {tops[file] for file in new if file in tops}
    return sorted([*files, *new]), [problem for problem in problems if problem.path not in there]


def project_around(
    paths: Sequence[str],
    files: Sequence[Path],
    overlay: Mapping[Path, bytes] | None = None,
    respect_gitignore: bool = True,
    parser: Parser = parse,
) -> Project:
    """The project that paths lie in, with these files in it whatever it is."""
    root = find_root([Path(path) for path in paths if "\0" not in path and os.path.exists(path)] or files)
    everything = dict.fromkeys(
        (*project_files(root, respect_gitignore=respect_gitignore), *(file.absolute() for file in files))
    )
    overlay = {} if overlay is None else overlay  # an empty one may fill while it is asked
    return Project(root, everything, lambda file: _read(file, overlay), parser)


def _read(file: Path, overlay: Mapping[Path, bytes]) -> Document | Problem:
    data = overlay.get(file)
    return read(file, show(file)) if data is None else from_bytes(data, file, show(file))


def sources_of(
    findings: Sequence[Finding], project: Project
) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, int], tuple[str, ...]]]:
    """The lines to show for findings: of files, and of notebooks' cells."""
    sources: dict[str, tuple[str, ...]] = {}
    cells: dict[tuple[str, int], tuple[str, ...]] = {}
    for span in {span for one in findings for span in (one.span, *(step.span for step in one.trace))}:
        unit = project.units.get(Path(os.path.abspath(span.path)))
        if unit is None or isinstance(unit.document, Problem):
            continue
        if span.path not in sources:
            sources[span.path] = tuple(unit.document.raw.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        if span.cell is not None and (span.path, span.cell) not in cells:
            cells[span.path, span.cell] = unit.document.cell_lines(span.cell)
    return sources, cells
