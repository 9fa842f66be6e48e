"""`losslint symptom`: a stuck loss value read backwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from losslint.symptom import Reading


# without this a value such as -0.98 would be taken for an option
@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("value")
@click.option("--classes", type=click.IntRange(min=2), help="How many classes the model has.")
def symptom(value: str, classes: int | None) -> None:
    """List the mistakes that hold a loss at VALUE, such as 1.4612, -0.98 or nan."""
    from losslint.symptom import landmarks, parse, readings

    try:
        observed = parse(value)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    found = readings(observed, classes)
    if found:
        click.echo(_lines(found))
        return
    held = f" for {classes} classes" if classes else ""
    click.echo(f"No mistake known here holds a loss at {value}{held}.")
    if classes:
        click.echo(f"Tell-tale values for {classes} classes:\n{_lines(landmarks(classes))}")


def _lines(found: Sequence[Reading]) -> str:
    from losslint.report.text import table
    from losslint.rules._registry import load

    there = {rule.code for rule in load()}
    rows = []
    for reading in found:
        causes = [(cause.code, cause.name) if cause.code in there else ("-", "no rule") for cause in reading.causes]
        rows += [(*cause, _classes(reading), _meaning(reading)) for cause in dict.fromkeys(causes)]
    return table(rows)


def _meaning(reading: Reading) -> str:
    return reading.meaning if reading.expected is None else f"{reading.meaning} = {reading.expected:.4f}"


def _classes(reading: Reading) -> str:
    from losslint.symptom import MOST_CLASSES

    if reading.classes is None:
        return "any"
    if reading.most == MOST_CLASSES:
        return f"{reading.fewest} classes or more"
    span = f" ({reading.fewest} to {reading.most})" if reading.fewest != reading.most else ""
    return f"{reading.classes} classes{span}"
