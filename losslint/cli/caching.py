"""Where results are kept between runs, and `losslint clean`, which removes them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import click

VARIABLE = "LOSSLINT_CACHE_DIR"


def folder_of(paths: Sequence[str], options: Mapping[str, Any]) -> str | None:
    """The folder in which results for these paths are kept, as far as command line and environment tell; None for none at all.

    It lies in the project, or in the user's own cache where nothing marks a project.
    """
    if options.get("no_cache"):
        return None
    chosen = options.get("cache_dir") or os.environ.get(VARIABLE)
    if chosen:
        return os.path.abspath(chosen)
    from losslint.source.root import is_marked, root_of

    root = root_of([os.path.abspath(path) for path in paths if "\0" not in path and os.path.exists(path)])
    if is_marked(root):
        from losslint.cache.folder import FOLDER

        return os.path.join(root, FOLDER)
    from platformdirs import user_cache_dir

    return user_cache_dir("losslint", appauthor=False)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--cache-dir", type=click.Path(), help="Where they are kept, if not in the project.")
def clean(paths: tuple[str, ...], cache_dir: str | None) -> None:
    """Remove what is kept between runs for the project that PATHS lie in (default: the current folder)."""
    import shutil

    from losslint.cache.folder import is_cache

    options: dict[str, Any] = {"cache_dir": cache_dir}
    folder = folder_of(paths or (".",), options)
    if cache_dir is None:
        from losslint.cli.settings import settings_from

        configured = settings_from(paths or (".",), {}).cache_dir
        folder = folder if configured is None else str(configured)
    if folder is None or not os.path.isdir(folder):
        click.echo("Nothing is kept.")
        return
    if not is_cache(folder):
        raise click.ClickException(f"{folder} is no cache of losslint: nothing was removed")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be removed: {(error.strerror or str(error)).lower()}") from error
    click.echo(f"Removed {folder}.")
