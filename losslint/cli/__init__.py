"""The command: arguments, exit codes and what goes where. What it needs is imported in the commands, when they run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from losslint import __version__
from losslint.cli.check import check
from losslint.cli.config import config
from losslint.cli.known import baseline
from losslint.cli.losses import losses
from losslint.cli.rules import rule, rules
from losslint.cli.server import server
from losslint.cli.stuck import symptom

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(context_settings=_HELP)
@click.version_option(__version__, message="losslint %(version)s")
def losslint() -> None:
    """Follow tensors from the layer that makes them to the loss that takes them, and say where the two do not fit."""


losslint.add_command(baseline)
losslint.add_command(check)
losslint.add_command(config)
losslint.add_command(losses)
losslint.add_command(rule)
losslint.add_command(rules)
losslint.add_command(server)
losslint.add_command(symptom)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave: 0 for clean, 1 for findings, 2 where it could not do its work."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = losslint.main(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("losslint: interrupted", err=True)
        return 130
    except BrokenPipeError:
        # whoever read the output has left; without this the interpreter would complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except Exception as error:
        from losslint.config import ConfigError

        if isinstance(error, ConfigError):
            click.ClickException(str(error)).show()
            return 2
        import traceback

        traceback.print_exc()
        click.echo("losslint: internal error; the lines above say where", err=True)
        return 2
    return code if isinstance(code, int) else 0
