"""`losslint losses`: the map of every loss call, which lets a user trust silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from losslint.cli.options import complain, file_options, paths_argument, run_options, settings_for
from losslint.cli.output import write

if TYPE_CHECKING:
    from losslint.engine import LossReport, Outcome


@click.command()
@paths_argument
@click.option("--unknown", is_flag=True, help="Count the reasons why something is not known, the most frequent first.")
@file_options
@run_options
def losses(paths: tuple[str, ...], unknown: bool, **options: Any) -> None:
    """List every loss call below PATHS with what reaches it, or why that is not known."""
    paths = paths or (".",)
    settings = settings_for(paths, options)
    from losslint import engine
    from losslint.cli.progress import Progress

    with Progress() as progress:
        outcome = engine.check(paths, settings, progress, map_losses=True)
    complain(outcome.problems)
    write(_reasons(outcome.losses) if unknown else _map(outcome), None)
    if outcome.read == 0 and (outcome.files or outcome.problems):
        click.get_current_context().exit(2)


def _map(outcome: Outcome) -> str:
    from losslint.report.sources import Sources
    from losslint.report.text import clean, place

    sources = Sources(outcome.sources, outcome.cells)
    parts: list[str] = []
    for report in outcome.losses:
        parts.append(f"{place(report.span, sources)}  {report.loss}")
        parts += [f"    {clean(line)}" for line in report.lines]
    return "\n".join([*parts, _summary(outcome.losses)])


def _summary(reports: Sequence[LossReport]) -> str:
    if not reports:
        return "No loss calls."
    kinds = Counter(map(_standing, reports))
    named = ", ".join(f"{kinds[kind]} {kind}" for kind in ("known", "known in part", "unknown") if kinds[kind])
    return f"{len(reports)} loss call{'s' if len(reports) > 1 else ''}: {named}."


def _standing(report: LossReport) -> str:
    unknown = [line.startswith("unknown") for line in report.lines]
    if not any(unknown) and unknown:
        return "known"
    return "unknown" if all(unknown) else "known in part"


def _reasons(reports: Sequence[LossReport]) -> str:
    counts = Counter(reason for report in reports for reason in set(report.reasons))
    rows = [f"{count:5}  {reason}" for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return "\n".join([*rows, _summary(reports)])
