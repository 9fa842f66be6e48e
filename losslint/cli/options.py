"""Options that more than one command has, and how they become settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from losslint.config import Settings
    from losslint.finding import Problem

# the words of losslint.finding: importing it would cost each start more than the rest of this file
CERTAINTIES = ("possible", "likely", "certain")
SEVERITIES = ("advice", "warning", "error")
# the formats of losslint.report.formats
FORMATS = (
    "full", "concise", "grouped", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "pylint", "azure",
)  # fmt: skip

F = TypeVar("F", bound=Callable[..., Any])

paths_argument = click.argument("paths", nargs=-1, type=click.Path())
json_option = click.option(
    "--output-format", type=click.Choice(["full", "json"]), default="full", show_default=True, help="How to print."
)


def _split(_context: click.Context, _parameter: click.Parameter, values: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def selection_options(command: F) -> F:
    """The options that say which rules speak, and how sure they must be."""
    selector: dict[str, Any] = {"multiple": True, "callback": _split, "metavar": "RULES"}
    pairs: dict[str, Any] = {"multiple": True, "callback": _split, "metavar": "PATTERN:RULE"}
    for option in reversed((
        click.option("--select", **selector, help="Only these: codes, prefixes such as LL1, names, or ALL."),
        click.option("--ignore", **selector, help="All but these."),
        click.option("--extend-select", **selector, help="These as well."),
        click.option("--extend-ignore", **selector, hidden=True),
        click.option("--per-file-ignores", **pairs, help="Not these in files that a pattern matches."),
        click.option("--extend-per-file-ignores", **pairs, help="The same, added to those of the configuration."),
        click.option("--certainty", type=click.Choice(CERTAINTIES), help="The least to show."),
        click.option("--severity", type=click.Choice(SEVERITIES), help="The least to show."),
    )):  # fmt: skip
        command = option(command)
    return command


def file_options(command: F) -> F:
    """The options that say which files are looked at."""
    patterns: dict[str, Any] = {"multiple": True, "callback": _split, "metavar": "PATTERNS"}
    for option in reversed((
        click.option("--exclude", **patterns, help="Leave out what these match, instead of what is left out by default."),
        click.option("--extend-exclude", **patterns, help="Leave out these as well."),
        click.option("--force-exclude/--no-force-exclude", default=None, help="Leave them out even where PATHS name them."),
        click.option("--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out what git ignores (the default)."),
    )):  # fmt: skip
        command = option(command)
    return command


def fix_options(command: F) -> F:
    """The options that say what is mended."""
    selector: dict[str, Any] = {"multiple": True, "callback": _split, "metavar": "RULES"}
    for option in reversed((
        click.option("--fix/--no-fix", default=False, help="Mend what can be mended safely, and report the rest."),
        click.option("--unsafe-fixes/--no-unsafe-fixes", default=None, help="Count in fixes that change what is computed, as the loss asks for."),
        click.option("--fixable", **selector, help="Fix only these."),
        click.option("--unfixable", **selector, help="Fix all but these."),
        click.option("--diff", is_flag=True, help="Show what --fix would change and write nothing; exit with 1 if there is something."),
        click.option("--show-fixes", is_flag=True, help="List what was fixed."),
        click.option("--fix-only", is_flag=True, help="Mend and report nothing of the rest; exit with 0."),
        click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if something was fixed, even if nothing remains."),
    )):  # fmt: skip
        command = option(command)
    return command


def run_options(command: F) -> F:
    """The options that say how the work is done."""
    for option in reversed((
        click.option("--docs/--no-docs", default=None, help="Check blocks of Python in Markdown and reStructuredText, too."),
        click.option("--config", multiple=True, metavar="FILE|SETTING", help="A configuration file, or a setting such as 'severity = \"error\"'."),
        click.option("--isolated", is_flag=True, help="Read no configuration files."),
        click.option("--no-cache", is_flag=True, help="Neither use nor keep results of other runs."),
        click.option("--cache-dir", type=click.Path(file_okay=False), help="Where results are kept between runs."),
        click.option("--jobs", type=click.IntRange(min=1), help="How many processes; by default as many as are worth it."),
    )):  # fmt: skip
        command = option(command)
    return command


def settings_for(paths: Sequence[str], options: Mapping[str, Any]) -> Settings:
    """Settings of the project, with the command line's laid over them."""
    from losslint.cli.settings import settings_from

    return _ready(settings_from(paths, options))


def _ready(settings: Settings) -> Settings:
    """The settings, where all that they ask for is installed."""
    if settings.docs:
        from losslint.source.markup import EXTRA, missing_packages

        missing = missing_packages()
        if missing:
            said = f"--docs needs {' and '.join(missing)}: install torch-losslint[{EXTRA}]"
            raise click.ClickException(said)
    return settings


def coloured(wish: str, stream: IO[str]) -> bool:
    """Whether to colour: the option, then NO_COLOR, then FORCE_COLOR, then whether a terminal reads along."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def complaints(problems: Sequence[Problem]) -> list[str]:
    """A line for each file that could not be read."""
    places = (problem.path if problem.line is None else f"{problem.path}:{problem.line}" for problem in problems)
    return [f"losslint: {place}: {problem.reason}" for place, problem in zip(places, problems, strict=True)]


def complain(problems: Sequence[Problem]) -> None:
    """One line on stderr for each file that could not be read."""
    say(complaints(problems))


def say(lines: Iterable[str]) -> None:
    """Lines on stderr, beside the report."""
    for line in lines:
        click.echo(line, err=True)


def with_settings(options: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Options that settings may decide on as well, as these do."""
    return {**options, "output_format": settings.output_format, "unsafe_fixes": settings.unsafe_fixes}
