"""`losslint check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.engine import Outcome
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
        outcome = engine.check(paths, settings, progress)
    shared.complain(outcome.problems)
    colour = options["color"] == "always" if output_file else shared.coloured(options["color"], sys.stdout)
    shared.write(_render(outcome, output_format, statistics, Style(colour)), output_file, colour)
    if outcome.read == 0 and (outcome.files or outcome.problems):
        click.get_current_context().exit(2)
    if outcome.findings and not exit_zero:
        click.get_current_context().exit(1)


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
