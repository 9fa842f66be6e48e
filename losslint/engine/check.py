"""`check`: read, run, judge, place, suppress, sort."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from losslint.config import Settings
from losslint.domain.dim import describe_shape
from losslint.domain.kind import describe_kind
from losslint.domain.value import Tensor, Value
from losslint.engine.judging import judge, judge_directives, loss_reports
from losslint.engine.mending import with_fixes
from losslint.engine.outcome import Outcome
from losslint.engine.placing import Placer
from losslint.engine.selection import roots, roots_around
from losslint.engine.suppressing import directives
from losslint.finding import Finding, Problem
from losslint.interp.budgets import LINES_OF_WATCHING, STEPS_OF_WATCHING
from losslint.interp.frame import Machine, Run
from losslint.interp.run import new_run, pieces
from losslint.knowledge.index import Knowledge, gate_terms, load, sink_terms
from losslint.names.import_lines import Imports
from losslint.names.project import Project, Unit
from losslint.source.discover import REPORTED_ENDINGS, expand, find_root, project_files, show
from losslint.source.document import Document, from_bytes, read

Progress = Callable[[int, int], None]
RECURSION_LIMIT = 12_000


def check(
    paths: Sequence[str],
    settings: Settings,
    progress: Progress | None = None,
    *,
    map_losses: bool = False,
    mend: bool = True,
    overlay: Mapping[Path, bytes] | None = None,
) -> Outcome:
    """Analyse the project around `paths` and report on the files that `paths` name; the map of losses is made on request.

    With `mend` each finding gets its fix, or the reason why it has none; that may take a second run. Files in `overlay`, by absolute path, are read from there and not from disk.
    """
    files, problems = with_unsaved(*expand(paths, settings.docs), paths, overlay or {})
    reported = {file.absolute() for file in files}
    project = _project(paths, files, overlay)
    knowledge = load().extended(settings.rows) if settings.rows else load()
    run, failures = _run_all(project, reported, knowledge, progress)
    placer = Placer()
    shown_paths = {show(file) for file in reported}
    judged, used = judge(run.facts, settings, placer)
    found = [one for one in judged if concerns(one[0], shown_paths)]
    found += judge_directives(directives(run, reported, used, settings), settings, placer)
    if mend:
        found = with_fixes(found, run, _again)
    kept = tuple(sorted((finding for finding, _ in found), key=_order))
    unread = _problems(project, reported)
    losses = loss_reports(run.facts, placer, shown_paths) if map_losses else ()
    everything = tuple(sorted({*problems, *unread, *failures}))
    sources, cells = placer.sources_of(kept)
    return Outcome(kept, everything, losses, len(files), len(files) - len(unread), sources, cells)


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


def _project(paths: Sequence[str], files: Sequence[Path], overlay: Mapping[Path, bytes] | None = None) -> Project:
    root = find_root([Path(path) for path in paths if "\0" not in path and os.path.exists(path)] or files)
    everything = dict.fromkeys((*project_files(root), *(file.absolute() for file in files)))
    overlay = {} if overlay is None else overlay  # an empty one may fill while it is asked
    return Project(root, everything, lambda file: _read(file, overlay))


def _read(file: Path, overlay: Mapping[Path, bytes]) -> Document | Problem:
    data = overlay.get(file)
    return read(file, show(file)) if data is None else from_bytes(data, file, show(file))


def _run_all(
    project: Project, reported: set[Path], knowledge: Knowledge, progress: Progress | None = None
) -> tuple[Run, list[Problem]]:
    """Run all roots that these files ask for."""
    imports = Imports(project)
    units = roots(project, imports, reported, (gate_terms(knowledge), sink_terms(knowledge)))
    run = new_run(project, knowledge, imports)
    return run, _run(run, units, progress)


def _again(run: Run, machine: Machine, sources: set[Unit], sinks: set[object]) -> Run | None:
    """Run what reaches some modules, and what found these sinks, once more, with other parts of the interpreter; None where that is
    too much."""
    also = {unit for sink in sinks for unit in run.found_by.get(sink, ())}
    units = roots_around(run.project, run.imports, sources, also)
    if sum(unit.data.count(b"\n") for unit in units if not unit.parsed) > LINES_OF_WATCHING:
        return None
    again = new_run(run.project, run.knowledge, run.imports, machine)
    _run(again, units, most=STEPS_OF_WATCHING)
    return again if again.work.steps_in_all <= STEPS_OF_WATCHING else None


def _run(run: Run, units: Sequence[Unit], progress: Progress | None = None, most: int | None = None) -> list[Problem]:
    """Run the roots of these modules, until `most` steps were taken; what goes wrong in one costs that one alone."""
    failures: list[Problem] = []
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    collects = gc.isenabled()
    gc.disable()  # trees and values hold no cycles worth looking for, and there are many of them
    try:
        for done, total, unit, work in pieces(run, units, sink_terms(run.knowledge)):
            if progress is not None:
                progress(done, total)
            if most is not None and run.work.steps_in_all > most:
                break
            before = len(run.facts)
            try:
                work()
            except RecursionError:
                run.cut.add(unit)
                failures.append(Problem(show(unit.file), "is nested too deeply to follow"))
            except Exception as error:  # one wild file must not cost the run
                if wants_internal_errors():
                    raise
                run.cut.add(unit)
                failures.append(
                    Problem(show(unit.file), f"internal error, please report: {type(error).__name__}: {error}")
                )
            if run.work.steps_left <= 0:
                run.cut.add(unit)
            for fact in run.facts[before:]:
                run.found_by.setdefault(fact.site.node, set()).add(unit)
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            gc.enable()
    return failures


def wants_internal_errors() -> bool:
    """True where an internal error should come out as it is (tests)."""
    return bool(os.environ.get("LOSSLINT_RAISE"))


def _problems(project: Project, reported: set[Path]) -> list[Problem]:
    found = []
    for file in sorted(reported):
        unit = project.units.get(file)
        problem = unit.problem if unit is not None else None
        if problem is not None:
            found.append(problem)
    return found


def concerns(finding: Finding, shown: set[str]) -> bool:
    """True where a finding, or a step on the way to it, lies in one of the files shown under these paths."""
    return finding.span.path in shown or any(step.span.path in shown for step in finding.trace)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    return (finding.span.path, finding.span.line, finding.span.column, finding.code)


def parsed_files(paths: Sequence[str]) -> list[str]:
    """The files that a check of `paths` parses."""
    files, _ = expand(paths)
    project = _project(paths, files)
    _run_all(project, {file.absolute() for file in files}, load())
    return sorted(unit.key for unit in project.units.values() if unit.parsed)


def reveal(path: str) -> list[tuple[int, str]]:
    """Line and text of each `reveal(x)` in a file: what is known of the value."""
    files, _ = expand([path])
    run, _ = _run_all(_project([path], files), {file.absolute() for file in files}, load())
    placer = Placer()
    placer.want(site for site, _ in run.revealed)
    found: dict[int, dict[str, None]] = {}
    for site, value in run.revealed:
        span = placer.span(site)
        if span is not None:
            found.setdefault(span.line, {})[describe(value)] = None
    return [(line, " | ".join(texts)) for line, texts in sorted(found.items())]


def describe(value: Value) -> str:
    """A value as a user reads it."""
    from losslint.engine.judging import describe_value

    if isinstance(value, Tensor):
        return f"{describe_kind(value.kind)} {describe_shape(value.shape)}".strip()
    return describe_value(value)
