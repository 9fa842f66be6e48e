"""`losslint check`."""

from __future__ import annotations

import sys
from typing import Any

import click

from losslint.cli import checking, fixing, in_force, noting, output
from losslint.cli import options as shared


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
@click.option("--stdin-filename", metavar="FILE", help="Check a text from stdin as if it stood in this file.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@noting.options
@shared.selection_options
@shared.file_options
@shared.fix_options
@shared.run_options
def check(paths: tuple[str, ...], output_file: str | None, **options: Any) -> None:
    """Check the files below PATHS (default: the current folder).

    The project around PATHS is read as needed. Exits with 0 where nothing is found, with 1 where something is, and with 2
    where the command line or the settings are wrong or no file could be read.
    """
    colour = options["color"] == "always" if output_file else shared.coloured(options["color"], sys.stdout)
    leave = click.get_current_context().exit
    if "-" in paths or options["stdin_filename"] is not None:
        from losslint.cli import from_stdin

        from_stdin.refuse(paths, options)
        output.refuse_unwritable(output_file)
        leave(from_stdin.run(options, colour, lambda text: output.write(text, output_file, colour)))
    paths = paths or (".",)
    if in_force.show(paths, options):
        return
    noting.refuse(options)
    if options["watch"]:
        from losslint.cli import watching

        watching.refuse(options)
        leave(watching.run(paths, options, colour))
    if options["add_noqa"]:
        leave(noting.run(paths, shared.settings_for(paths, options), options["reason"]))
    output.refuse_unwritable(output_file)
    found = (
        fixing.printed(paths, options, colour) if fixing.wanted(options) else checking.printed(paths, options, colour)
    )
    shared.say(found.asides)
    if found.text or output_file:
        output.write(found.text, output_file, colour)
    leave(found.code)
