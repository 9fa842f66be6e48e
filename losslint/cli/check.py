"""`losslint check`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from losslint.cli import fixing, in_force, known, noting, output
from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.engine import Outcome
    from losslint.engine.fixing import FixOutcome


@click.command()
@shared.paths_argument
@click.option(
    "--output-format",
    type=click.Choice(shared.FORMATS),
    help="How to print what is found (default: full).",
)
@click.option("--output-file", type=click.Path(dir_okay=False, readable=False), help="Write there instead of printing.")
@click.option("--statistics", is_flag=True, help="Count findings by rule.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--show-settings", is_flag=True, help="Show the settings in force instead of checking; see `losslint config`."
)
@click.option("--show-files", is_flag=True, help="List the files that would be checked instead of checking them.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option(
    "--baseline", type=click.Path(), help="Leave out the known findings in this file; see `losslint baseline`."
)
@noting.options
@shared.selection_options
@shared.file_options
@shared.fix_options
@shared.run_options
def check(
    paths: tuple[str, ...],
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
    if in_force.show(paths, options):
        return
    settings = shared.settings_for(paths, options)
    noting.refuse(options)
    if options["add_noqa"]:
        click.get_current_context().exit(noting.run(paths, settings, options["reason"]))
    options |= {"output_format": settings.output_format, "unsafe_fixes": settings.unsafe_fixes}
    output.refuse_unwritable(output_file)
    from losslint import engine
    from losslint.cli import rendering
    from losslint.cli.progress import Progress
    from losslint.report.style import Style

    with Progress() as progress:
        fixed = fixing.run(paths, settings, options, progress) if fixing.wanted(options) else None
        outcome = engine.check(paths, settings, progress) if fixed is None else fixed.outcome
    shared.complain(outcome.problems)
    known.complain(outcome, settings.baseline)
    if fixed is not None:
        fixing.complain(fixed)
    colour = options["color"] == "always" if output_file else shared.coloured(options["color"], sys.stdout)
    options |= {"statistics": statistics}
    shown = rendering.shown(outcome, fixed, options, Style(colour))
    if shown or output_file:
        output.write(shown, output_file, colour)
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
