"""The command: arguments, exit codes and what goes where. What it needs is imported in the commands, when they run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from losslint import __version__

COMMANDS = {
    "baseline": ("known", "Write down known findings, which `check --baseline` leaves out."),
    "check": ("check", "Check files, and fix them on request."),
    "clean": ("caching", "Remove what is kept between runs."),
    "config": ("config", "Show the settings in force, and where they come from."),
    "losses": ("losses", "List every loss call with what reaches it."),
    "rule": ("rules", "Explain one rule."),
    "rules": ("rules", "List all rules."),
    "server": ("server", "Start the language server, which editors speak to."),
    "symptom": ("stuck", "List the mistakes that hold a loss at a value."),
}
"""Each command with its module and what it is for: only the one that runs is imported."""
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"losslint.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])


@click.group(cls=Commands, context_settings=_HELP)
@click.version_option(__version__, message="losslint %(version)s")
def losslint() -> None:
    """Follow tensors from the layer that makes them to the loss that takes them, and say where the two do not fit."""


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

        if isinstance(error, ConfigError) or _is_nowhere():
            click.ClickException(str(error) if isinstance(error, ConfigError) else "the current folder is gone").show()
            return 2
        import traceback

        traceback.print_exc()
        click.echo("losslint: internal error; the lines above say where", err=True)
        return 2
    return code if isinstance(code, int) else 0


def _is_nowhere() -> bool:
    """True where the current folder does not exist any more."""
    try:
        os.getcwd()
    except OSError:
        return True
    return False
