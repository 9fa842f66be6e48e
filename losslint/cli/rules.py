"""`losslint rule` and `losslint rules`."""

from __future__ import annotations

import click

from losslint.cli.options import json_option


def _complete(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Codes and names of rules, for shells that complete them."""
    from losslint.rules._codes import CODES

    return [word for pair in CODES for word in pair if word.lower().startswith(begun.lower())]


@click.command()
@click.argument("name", metavar="CODE|NAME", shell_complete=_complete)
def rule(name: str) -> None:
    """Explain one rule."""
    from losslint.config import nearest
    from losslint.rules import _registry

    found = _registry.by_code_or_name(name)
    if found is None:
        words = [word for one in _registry.load() for word in (one.code, one.name)]
        raise click.ClickException(f"there is no rule {name!r}{nearest(name, words)}")
    click.echo(found.page)


@click.command()
@json_option
def rules(output_format: str) -> None:
    """List all rules."""
    from losslint.rules import _registry

    found = _registry.load()
    if output_format == "json":
        from losslint.report import json

        click.echo(json.dump([
            {"code": one.code, "name": one.name, "summary": one.summary, "severity": one.severity.value, "default": one.by_default}
            for one in found
        ]))  # fmt: skip
        return
    from losslint.report.text import table

    click.echo(table([
        (one.code, one.name, one.severity.value, one.summary + ("" if one.by_default else " (off by default)")) for one in found
    ]))  # fmt: skip
