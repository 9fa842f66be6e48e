"""`check`: read, share out, analyse, put together."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from losslint.config import Settings, governed
from losslint.engine.analysis import unread
from losslint.engine.around import prepared, sources_of
from losslint.engine.baseline import Baseline, Scope, accepted
from losslint.engine.baseline import read as read_baseline
from losslint.engine.kept import Kept
from losslint.engine.mending import allowed
from losslint.engine.outcome import Outcome, Part, Request
from losslint.engine.sharing import Analysis, Progress
from losslint.engine.together import together
from losslint.finding import Problem
from losslint.names.import_lines import Imports
from losslint.names.project import Project
from losslint.rules._codes import CODES
from losslint.source.discover import expand, show


def check(
    paths: Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    *,
    map_losses: bool = False,
    mend: bool = True,
    overlay: Mapping[Path, bytes] | None = None,
    kept: Kept | None = None,
) -> Outcome:
    """Analyse the project around `paths` and report on the files that `paths` name; the map of losses is made on request.

    With `mend` each finding gets its fix, or the reason why it has none; that may take a second run. Files in `overlay`, by
    absolute path, are read from there and not from disk. What `kept` holds and still holds true is not looked for again.
    What the baseline of the settings knows is left out. Raises ConfigError where that, or the user's rows, make no sense.
    """
    known = None if map_losses else baseline_of(settings)
    project, request, problems = prepared(paths, settings, overlay, mend=mend, map_losses=map_losses)
    if kept is not None:
        kept.project = project
    analysis = Analysis(project, Imports(project), request, progress)
    found = together(analysis.parts(kept))
    found = together((found, analysis.about_directives(found.seen, request)))
    return outcome_of(found, problems, project, request, known)


def baseline_of(settings: Settings) -> Baseline | None:
    """The findings that are known, where the settings name a file of such. Raises ConfigError where it makes no sense."""
    return None if settings.baseline is None else read_baseline(settings.baseline)


def outcome_of(
    found: Part, problems: Iterable[Problem], project: Project, request: Request, known: Baseline | None
) -> Outcome:
    """What was found that is not known, and what could not be read, as users are told of it."""
    files = len(request.reported)
    missing = {*found.unread, *unread(project, request.reported)}
    hidden = {show(file) for file in request.excluded}
    findings = allowed([one for one in found.findings if one.span.path not in hidden], request.settings)
    sources, cells = sources_of(findings, project)
    outcome = Outcome(
        findings,
        tuple(sorted({*problems, *missing, *found.failures})),
        found.losses,
        files,
        files - len({problem.path for problem in missing}),
        sources,
        cells,
    )
    return outcome if known is None else accepted(outcome, known, _scope(request.reported, request.settings, outcome))


def scope_of(paths: Sequence[str], settings: Settings, outcome: Outcome) -> Scope:
    """What a check of `paths` that came to this outcome could see."""
    files = frozenset(file.absolute() for file in expand(paths, settings.scope)[0])
    return _scope(files, governed(settings, files, (), CODES), outcome)


def _scope(files: frozenset[Path], settings: Settings, outcome: Outcome) -> Scope:
    return Scope(files - {Path(os.path.abspath(problem.path)) for problem in outcome.problems}, settings)
