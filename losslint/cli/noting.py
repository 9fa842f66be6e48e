"""What `losslint check --add-noqa` does, and how it tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from losslint.config import Settings
    from losslint.engine import Outcome

F = TypeVar("F", bound="Callable[..., Any]")
_OTHERS = ("fix", "fix_only", "diff")


def options(command: F) -> F:
    """The options that let all findings stand."""
    command = click.option("--reason", help="Write it behind the codes that --add-noqa writes.")(command)
    return click.option("--add-noqa", is_flag=True, help="Let all findings stand: write `# noqa` with their codes.")(
        command
    )


def refuse(given: Mapping[str, Any]) -> None:
    """Raise UsageError for options that do not go together."""
    if given["reason"] is not None and not given["add_noqa"]:
        raise click.UsageError("--reason says why --add-noqa lets findings stand: give both")
    for other in _OTHERS:
        if given["add_noqa"] and given[other]:
            raise click.UsageError(f"--add-noqa and --{other.replace('_', '-')} do not go together")
    if given["reason"] is not None:
        from losslint.engine.noting import is_fit

        if not is_fit(given["reason"]):
            raise click.UsageError("--reason must be one line of text without '#'")


def run(paths: Sequence[str], settings: Settings, reason: str | None) -> int:
    """Write a comment for each finding, or none of them; the exit code."""
    from losslint import engine
    from losslint.cli.options import complain
    from losslint.cli.progress import Progress
    from losslint.engine.noting import add_noqa
    from losslint.engine.splicing import EditError
    from losslint.engine.writing import WriteError

    with Progress() as progress:
        outcome = engine.check(paths, settings, progress, mend=False)
    complain(outcome.problems)
    if outcome.read == 0 and (outcome.files or outcome.problems):
        return 2
    meant = [finding for finding in outcome.findings if finding.name != _UNUSED]
    try:
        noted = add_noqa(meant, reason or "")
    except (EditError, WriteError) as error:
        raise click.ClickException(f"{error}; nothing was written") from error
    _tell(noted.findings, len(noted.changes), outcome)
    return 0


_UNUSED = "unused-suppression"


def _tell(findings: int, files: int, outcome: Outcome) -> None:
    left = len(outcome.findings) - findings
    if not findings:
        click.echo("No findings to write comments for.")
    else:
        click.echo(f"Wrote comments for {_count(findings, 'finding')} in {_count(files, 'file')}.")
    if left:
        click.echo(
            f"losslint: {_count(left, 'finding')} on comments left as they are; --fix removes unused ones", err=True
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
