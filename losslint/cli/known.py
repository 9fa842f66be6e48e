"""`losslint baseline`: write down what is found now, so that `losslint check --baseline` reports what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from losslint.cli import options as shared
from losslint.cli import output

if TYPE_CHECKING:
    from pathlib import Path

    from losslint.engine import Outcome
    from losslint.engine.baseline import Baseline


@click.command()
@shared.paths_argument
@click.option(
    "--output", "file", type=click.Path(), help="The file; default: that of the settings, or losslint-baseline.json."
)
@click.option("--prune", is_flag=True, help="Take out what is no longer found, and add nothing.")
@shared.selection_options
@shared.file_options
@shared.run_options
def baseline(paths: tuple[str, ...], file: str | None, prune: bool, **options: Any) -> None:
    """Write the findings below PATHS to a file of known ones, which `losslint check --baseline` leaves out.

    What the file holds of other files, or of rules that are off in this run, stays in it.
    """
    from dataclasses import replace
    from pathlib import Path

    paths = paths or (".",)
    settings = shared.settings_for(paths, options)
    from losslint import engine
    from losslint.cli.progress import Progress
    from losslint.engine.baseline import FILE_NAME, encoded, gone, known_in, read, renewed
    from losslint.engine.baseline import Baseline as Holding

    target = Path(file).absolute() if file else settings.baseline or Path(FILE_NAME).absolute()
    output.refuse_unwritable(str(target))
    old = read(target) if prune or target.exists() else Holding(target, (), settings.certainty, settings.severity)
    with Progress() as progress:
        outcome = engine.check(paths, replace(settings, baseline=None), progress, mend=False)
    shared.complain(outcome.problems)
    if outcome.read == 0 and (outcome.files or outcome.problems):
        click.get_current_context().exit(2)
    scope = engine.scope_of(paths, settings, outcome)
    found = known_in(outcome, target.parent)
    new = renewed(old, found, scope, add=not prune)
    output.write_bytes(encoded(new), str(target))
    _tell(old, new, target, len(gone(old, found, scope)))


def _tell(old: Baseline, new: Baseline, target: Path, gone: int) -> None:
    from losslint.source.discover import show

    added = len(new.known) - (len(old.known) - gone)
    noun = "finding" if len(new.known) == 1 else "findings"
    click.echo(f"{show(target)} holds {len(new.known)} known {noun} ({added} added, {gone} removed).")


def complaints(outcome: Outcome, file: Path | None) -> list[str]:
    """A line where known findings are no longer there."""
    if file is None or not outcome.stale:
        return []
    from losslint.source.discover import show

    noun = "finding is" if outcome.stale == 1 else "findings are"
    return [f"losslint: {show(file)}: {outcome.stale} known {noun} gone; `losslint baseline --prune` takes them out"]
