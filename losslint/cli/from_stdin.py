"""`losslint check -`: a text that an editor hands over, in the place of a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from losslint.cli import checking, fixing, known, rendering
from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.config import Settings
    from losslint.engine import Outcome
    from losslint.engine.fixing import FixOutcome
    from losslint.finding import Finding
    from losslint.report.style import Style

NAME = "stdin.py"
"""The name of a text that none is given for."""


def refuse(paths: Sequence[str], options: Mapping[str, Any]) -> None:
    """Raise UsageError for what does not go together with a text from stdin."""
    if [path for path in paths if path != "-"]:
        raise click.UsageError("a text from stdin and PATHS do not go together")
    for other in ("add_noqa", "watch"):
        if options[other]:
            raise click.UsageError(f"--{other.replace('_', '-')} needs files, not a text from stdin")


def run(options: Mapping[str, Any], colour: bool, write: Callable[[str], None]) -> int:
    """Check or fix the text, and write what comes out; the exit code.

    With --fix that is the text as fixed, and the report goes to stderr.
    """
    name = options["stdin_filename"] or NAME
    settings = shared.settings_for((name,), options)
    options = shared.with_settings(options, settings)
    from losslint import engine
    from losslint.report.style import Style

    file, data, style = Path(os.path.abspath(name)), sys.stdin.buffer.read(), Style(colour)
    if not fixing.wanted(options):
        outcome = engine.check((name,), settings, overlay={file: data})
        asides = [*shared.complaints(outcome.problems), *known.complaints(outcome, settings.baseline)]
        text = rendering.shown(outcome, None, options, style, asides, {file: data})
        shared.say(asides)
        if text:
            write(text)
        return checking.exit_code(outcome, options)
    fixed = _fixed(name, file, data, settings, options)
    text, asides = _told(fixed, settings, options, style)
    shared.say(asides)
    if options["diff"]:
        if text:
            write(text)
    else:
        sys.stdout.buffer.write(next((change.new for change in fixed.changes), data))
        sys.stdout.buffer.flush()
        if text:
            click.echo(text, err=True)
    return checking.exit_code(fixed.outcome, options, changed=bool(fixed.changes))


def _told(fixed: FixOutcome, settings: Settings, options: Mapping[str, Any], style: Style) -> tuple[str, list[str]]:
    asides = [*shared.complaints(fixed.outcome.problems), *known.complaints(fixed.outcome, settings.baseline)]
    asides += fixing.complaints(fixed)
    return rendering.shown(fixed.outcome, fixed, options, style, asides), asides


def _fixed(name: str, file: Path, data: bytes, settings: Settings, options: Mapping[str, Any]) -> FixOutcome:
    from losslint import engine
    from losslint.engine.fixing import fix_all
    from losslint.finding import Applicability
    from losslint.source.discover import show

    level = Applicability.UNSAFE if options["unsafe_fixes"] else Applicability.SAFE
    shown = show(file)

    def analyse(*given: Any, **more: Any) -> Outcome:
        outcome = engine.check(*given, **more)
        return replace(outcome, findings=tuple(_within(one, shown) for one in outcome.findings))

    return fix_all((name,), settings, level, write=False, analyse=analyse, unsaved={file: data})


def _within(finding: Finding, path: str) -> Finding:
    """The finding, with a fix that would change other files as advice only: there is but one text to give back."""
    from losslint.finding import Applicability

    if finding.fix is None or all(edit.span.path == path for edit in finding.fix.edits):
        return finding
    return replace(finding, fix=replace(finding.fix, applicability=Applicability.DISPLAY, edits=()))
