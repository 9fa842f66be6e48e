"""losslint from a script: what may be relied on between versions is what `__all__` names.

    from losslint.api import check_paths

    for finding in check_paths(["src"]).findings:
        print(finding.span.path, finding.span.line, finding.code, finding.message)

No function here prints, writes, or runs the code that it checks. Every one raises what it says it raises and nothing else:
files that cannot be read or followed are problems of the result.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from losslint.config import ConfigError, Settings
from losslint.finding import (
    Applicability,
    Certainty,
    Edit,
    Finding,
    Fix,
    Problem,
    Severity,
    Span,
    TraceStep,
)

__all__ = [
    "Applicability",
    "Certainty",
    "CheckResult",
    "ConfigError",
    "Edit",
    "Finding",
    "Fix",
    "PathLike",
    "Problem",
    "Settings",
    "Severity",
    "Span",
    "TraceStep",
    "check_paths",
    "check_source",
    "load_settings",
]

PathLike: TypeAlias = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Findings and problems, each in order of place. Paths are relative to the working directory where they lie below it."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def load_settings(
    paths: Iterable[PathLike] = (".",),
    *,
    isolated: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    certainty: Certainty | None = None,
    severity: Severity | None = None,
) -> Settings:
    """What `losslint check` would hold to for these paths: what the project says, with what is given here laid over it.

    `select` and `ignore` take codes, prefixes of codes, names, and "ALL"; `certainty` and `severity` are the least to report;
    with `isolated` no file of settings is read. `jobs` is 1, whatever the project says. Raises ConfigError where a file of settings, or a selector, makes no sense.
    """
    import click

    from losslint.cli.options import settings_for

    options = {
        "isolated": isolated,
        "jobs": 1,
        "no_cache": False,
        "select": tuple(select),
        "ignore": tuple(ignore),
        "certainty": None if certainty is None else certainty.label,
        "severity": None if severity is None else severity.value,
    }
    try:
        return settings_for(_texts(paths), options)
    except click.ClickException as error:
        raise ConfigError(error.message) from error


def check_paths(
    paths: Iterable[PathLike] = (".",),
    settings: Settings | None = None,
    *,
    unsaved: Mapping[PathLike, str | bytes] | None = None,
) -> CheckResult:
    """Check files and folders as `losslint check` does; the project around them is read as needed.

    A finding is reported where it, or a step of its trace, lies in one of the paths. `unsaved` holds files whose text is taken
    from there and not from disk. Without `settings` those of the project count. All is done in this process unless `settings.jobs`
    asks for more. Raises ConfigError where the settings make no sense.
    """
    from losslint.engine import check

    texts = _texts(paths)
    settings = settings or load_settings(texts)
    outcome = check(texts, replace(settings, jobs=settings.jobs or 1), overlay=_overlay(unsaved or {}))
    return CheckResult(outcome.findings, outcome.problems)


def check_source(
    text: str | bytes, filename: PathLike = "<source>.py", settings: Settings | None = None
) -> CheckResult:
    """Check a text as if it stood in a file, which need not exist.

    What the text imports is looked for around `filename`. Bytes are decoded as Python would decode them. Without `settings` those of
    the project count. Raises ConfigError where these make no sense, and ValueError where the name does not end in
    .py, .pyi or .ipynb.
    """
    from losslint.source.discover import REPORTED_ENDINGS

    name = os.fspath(filename)
    if not name.endswith(REPORTED_ENDINGS) or "\0" in name:
        raise ValueError(f"the name of a text must end in {', '.join(REPORTED_ENDINGS)}, not {name!r}")
    return check_paths([name], settings, unsaved={name: text})


def _texts(paths: Iterable[PathLike]) -> tuple[str, ...]:
    if isinstance(paths, str | os.PathLike):
        paths = [paths]  # one path is meant, not its letters
    return tuple(os.fspath(path) for path in paths)


def _overlay(unsaved: Mapping[PathLike, str | bytes]) -> dict[Path, bytes]:
    from losslint.source.document import encoded

    found: dict[Path, bytes] = {}
    for path, text in unsaved.items():
        file = Path(os.path.abspath(path))
        found[file] = text if isinstance(text, bytes) else encoded(text, file)
    return found
