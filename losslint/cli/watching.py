"""`losslint check --watch`: again whenever a file changes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from losslint.cli import checking
from losslint.cli import options as shared
from losslint.config import ConfigError

if TYPE_CHECKING:
    from losslint.engine import Kept

_ENDINGS = (".py", ".pyi", ".ipynb", ".md", ".markdown", ".rst", ".qmd", ".toml", ".gitignore")
_PAUSE = 100
"""Milliseconds of quiet before files are looked at."""
_TURN = 200
"""Milliseconds after which a wait without changes begins anew."""


def refuse(options: Mapping[str, Any]) -> None:
    """Raise UsageError for options that do not go with watching."""
    for other in ("fix", "fix_only", "diff", "add_noqa"):
        if options[other]:
            raise click.UsageError(f"--watch and --{other.replace('_', '-')} do not go together")


def run(paths: Sequence[str], options: Mapping[str, Any], colour: bool) -> int:
    """Check, and check again whenever something changes, until somebody interrupts; the exit code."""
    try:
        from watchfiles import watch
    except ImportError as error:
        raise click.ClickException("--watch needs watchfiles: python -m pip install 'torch-losslint[watch]'") from error
    from losslint import engine
    from losslint.source.root import root_of

    kept = engine.Kept()
    root = root_of([os.path.abspath(path) for path in paths if os.path.exists(path)])
    begun = False
    changes = watch(
        root, watch_filter=_matters, debounce=_PAUSE, step=20, rust_timeout=_TURN, yield_on_timeout=True, raise_interrupt=False
    )  # fmt: skip
    try:
        for changed in changes:
            if changed or not begun:  # the first turn shows that it is watching: no change is missed from then on
                begun = True
                _show(paths, options, colour, kept)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        raise click.ClickException(f"{root} cannot be watched: {(error.strerror or str(error)).lower()}") from error
    return 0


def _matters(_change: Any, path: str) -> bool:
    return path.endswith(_ENDINGS) and ".losslint_cache" not in path


def _show(paths: Sequence[str], options: Mapping[str, Any], colour: bool, kept: Kept) -> None:
    if sys.stdout.isatty():
        click.clear()
    try:
        settings = shared.settings_for(paths, options)
        found = checking.analysed(paths, settings, options, colour, kept)
    except (ConfigError, click.ClickException) as error:  # it may be half written
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"Error: {message}", err=True)
    else:
        shared.say(found.asides)
        if found.text:
            click.echo(found.text, color=colour or None)
    click.echo("Watching for changes; interrupt to end.", err=True)
    sys.stdout.flush()
