"""What `losslint check` does without fixing: it prints what it printed before, or analyses and remembers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from losslint.cli import caching
from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.cli.remembered import Memory, Printed
    from losslint.config import Settings
    from losslint.engine import Kept, Outcome


def printed(paths: Sequence[str], options: Mapping[str, Any], colour: bool) -> Printed:
    """What a check of these paths prints. Raises ConfigError and ClickException."""
    folder = caching.folder_of(paths, options)
    before = None if folder is None else _recalled(folder, paths, options, colour)
    if before is not None:
        return before
    begun = time.time_ns()
    settings = shared.settings_for(paths, options)
    if folder is None or not settings.cache:
        from losslint.engine import Kept

        return analysed(paths, settings, options, colour, Kept())
    if settings.cache_dir is not None and str(settings.cache_dir) != folder:
        folder = str(settings.cache_dir)
        before = _recalled(folder, paths, options, colour)
        if before is not None:
            return before
    return _fresh(paths, settings, options, colour, folder, begun)


def _recalled(folder: str, paths: Sequence[str], options: Mapping[str, Any], colour: bool) -> Printed | None:
    return _memory(folder, paths, options, colour).recall()


def _memory(folder: str, paths: Sequence[str], options: Mapping[str, Any], colour: bool) -> Memory:
    from losslint.cli.remembered import Memory, command_of

    return Memory(folder, command_of(paths, options, colour))


def _fresh(
    paths: Sequence[str], settings: Settings, options: Mapping[str, Any], colour: bool, folder: str, begun: int
) -> Printed:
    """What is printed after an analysis; it is kept for the next run."""
    from losslint import engine
    from losslint.cache.results import Cache

    with Cache(folder) as cache:
        kept = engine.Kept(cache)
        found = analysed(paths, settings, options, colour, kept)
    seen = None if kept.project is None or options["config"] else engine.witness(paths, settings, kept.project)
    if seen is not None:
        _memory(folder, paths, options, colour).keep(found, seen, begun)
    return found


def analysed(paths: Sequence[str], settings: Settings, options: Mapping[str, Any], colour: bool, kept: Kept) -> Printed:
    """What is printed after an analysis of what is not kept."""
    from losslint import engine
    from losslint.cli import known, rendering
    from losslint.cli.progress import Progress
    from losslint.cli.remembered import Printed
    from losslint.report.style import Style

    with Progress() as progress:
        outcome = engine.check(paths, settings, progress, kept=kept)
    asides = [*shared.complaints(outcome.problems), *known.complaints(outcome, settings.baseline)]
    options = shared.with_settings(options, settings)
    text = rendering.shown(outcome, None, options, Style(colour), asides)
    return Printed(text, tuple(asides), exit_code(outcome, options))


def exit_code(outcome: Outcome, options: Mapping[str, Any], *, changed: bool = False) -> int:
    """0 for clean, 1 for findings (with `diff`, for changes), 2 where nothing could be read."""
    if outcome.read == 0 and (outcome.files or outcome.problems):
        return 2
    if options["exit_zero"]:
        return 0
    if options["diff"] or (changed and options["exit_non_zero_on_fix"]):
        return int(changed)
    return int(bool(outcome.findings) and not options["fix_only"])
