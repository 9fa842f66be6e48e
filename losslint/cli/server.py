"""`losslint server`: findings in editors."""

from __future__ import annotations

import click

HINT = "the server needs the extra lsp: python -m pip install 'torch-losslint[lsp]'"


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over standard input and output (this is the default).")
@click.option("--tcp", is_flag=True, help="Speak over a port, to one client.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --tcp: where to listen.")
@click.option("--port", type=click.IntRange(0, 65535), default=2087, show_default=True, help="With --tcp: the port.")
def server(stdio: bool, tcp: bool, host: str, port: int) -> None:
    """Start the language server, which editors speak to."""
    if stdio and tcp:
        raise click.UsageError("--stdio and --tcp exclude each other")
    try:
        from losslint.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] in {"pygls", "lsprotocol", "attrs", "cattrs"}:
            raise click.ClickException(HINT) from error
        raise
    click.get_current_context().exit(serve(host, port) if tcp else serve())
