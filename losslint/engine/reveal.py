"""What is known of values, and what a check reads: for tests, benchmarks and whoever works on the analysis."""

from __future__ import annotations

from collections.abc import Sequence

from losslint.domain.dim import describe_shape
from losslint.domain.kind import describe_kind
from losslint.domain.value import Tensor, Value
from losslint.engine.analysis import run_roots
from losslint.engine.around import project_around
from losslint.engine.judging import describe_value
from losslint.engine.placing import Placer
from losslint.engine.selection import roots
from losslint.interp.frame import Run
from losslint.interp.run import new_run
from losslint.knowledge.index import gate_terms, load, sink_terms
from losslint.names.import_lines import Imports
from losslint.source.discover import expand


def run_of(paths: Sequence[str]) -> Run:
    """A run of all that a check of `paths` runs, as one island."""
    files, _ = expand(paths)
    project, knowledge = project_around(paths, files), load()
    imports = Imports(project)
    terms = (gate_terms(knowledge), sink_terms(knowledge))
    units = roots(project, imports, {file.absolute() for file in files}, terms)
    run = new_run(project, knowledge, imports)
    run_roots(run, units)
    return run


def parsed_files(paths: Sequence[str]) -> list[str]:
    """The files that a check of `paths` parses."""
    return sorted(unit.key for unit in run_of(paths).project.units.values() if unit.parsed)


def reveal(path: str) -> list[tuple[int, str]]:
    """Line and text of each `reveal(x)` in a file: what is known of the value."""
    run = run_of([path])
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
    if isinstance(value, Tensor):
        return f"{describe_kind(value.kind)} {describe_shape(value.shape)}".strip()
    return describe_value(value)
