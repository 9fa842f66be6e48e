"""`losslint config`: what is in force for a path, and where it comes from."""

from __future__ import annotations

from typing import Any

import click

from losslint.cli import options as shared


@click.command()
@click.argument("path", default=".", type=click.Path())
@shared.json_option
@click.option("--schema", is_flag=True, help="Print the JSON schema of a losslint.toml instead.")
@shared.selection_options
@shared.file_options
@shared.run_options
def config(path: str, output_format: str, schema: bool, **options: Any) -> None:
    """Show which settings are in force for PATH (default: the current folder), and where each comes from."""
    if schema:
        from losslint.config.schema import text
        from losslint.rules._codes import CODES

        click.echo(text(CODES), nl=False)
        return
    from losslint.cli.in_force import settings_shown

    click.echo(settings_shown([path], options, is_json=output_format == "json"))
