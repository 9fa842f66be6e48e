"""`losslint check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from losslint.cli import fixing
from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.engine import Outcome
    from losslint.engine.fixing import FixOutcome
    from losslint.report.style import Style


@click.command()
@shared.paths_argument
@click.option(
    "--output-format",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How to print what is found.",
)
@click.option("--output-file", type=click.Path(dir_okay=False), help="Write there instead of printing.")
@click.option("--statistics", is_flag=True, help="Count findings by rule.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@shared.selection_options
@shared.fix_options
@shared.run_options
def check(
    paths: tuple[str, ...],
    output_format: str,
    output_file: str | None,
    statistics: bool,
    exit_zero: bool,
    **options: Any,
) -> None:
    """Check the files below PATHS (default: the current folder).

    The project around PATHS is read as needed. Exits with 0 where nothing is found, with 1 where something is, and with 2
    where the command line or the settings are wrong or no file could be read.
    """
    paths = paths or (".",)
    settings = shared.settings_for(paths, options)
    from losslint import engine
    from losslint.cli.progress import Progress
    from losslint.report.style import Style

    with Progress() as progress:
        fixed = fixing.run(paths, settings, options, progress) if fixing.wanted(options) else None
        outcome = engine.check(paths, settings, progress) if fixed is None else fixed.outcome
    shared.complain(outcome.problems)
    if fixed is not None:
        fixing.complain(fixed)
    colour = options["color"] == "always" if output_file else shared.coloured(options["color"], sys.stdout)
    shown = _shown(outcome, fixed, {**options, "output_format": output_format, "statistics": statistics}, Style(colour))
    if shown or output_file:
        shared.write(shown, output_file, colour)
    click.get_current_context().exit(_exit_code(outcome, fixed, {**options, "exit_zero": exit_zero}))


def _exit_code(outcome: Outcome, fixed: FixOutcome | None, options: Mapping[str, Any]) -> int:
    if outcome.read == 0 and (outcome.files or outcome.problems):
        return 2
    if options["exit_zero"]:
        return 0
    changed = fixed is not None and bool(fixed.changes)
    if options["diff"] or (changed and options["exit_non_zero_on_fix"]):
        return int(changed)
    return int(bool(outcome.findings) and not options["fix_only"])


def _shown(outcome: Outcome, fixed: FixOutcome | None, options: Mapping[str, Any], style: Style) -> str:
    """All that goes to stdout, or to the file that is asked for."""
    is_json = options["output_format"] == "json"
    if fixed is None:
        from losslint.report.text import fixable

        tail = [] if is_json else [fixable(outcome.findings, options["unsafe_fixes"])]
    else:
        if options["diff"]:
            return fixing.diff(fixed, style)
        told = fixing.summary(fixed, options)
        tail = [] if is_json else told
        if is_json and options["show_fixes"]:
            click.echo("\n".join(told), err=True)
        if options["fix_only"]:
            return "[]" if is_json else "\n".join(tail)
    body = _render(outcome, options["output_format"], options["statistics"], style)
    return "\n".join([body, *filter(None, tail)])


def _render(outcome: Outcome, output_format: str, statistics: bool, style: Style) -> str:
    if output_format == "json":
        from losslint.report import json

        return json.statistics(_counts(outcome)) if statistics else json.findings(outcome.findings)
    from losslint.report import text
    from losslint.report.sources import Sources

    summary = text.summary(outcome.findings, outcome.files, outcome.files - outcome.read, style)
    if statistics:
        rows = [(str(count).rjust(5), code, name) for count, code, name in _counts(outcome)]
        return "\n".join([*([text.table(rows)] if rows else []), summary])
    sources = Sources(outcome.sources, outcome.cells)
    if output_format == "concise":
        return "\n".join([*(text.concise(one, sources, style) for one in outcome.findings), summary])
    return "\n\n".join([*(text.full(one, sources, style) for one in outcome.findings), summary])


def _counts(outcome: Outcome) -> list[tuple[int, str, str]]:
    from losslint.report.text import statistics

    return statistics(outcome.findings)
