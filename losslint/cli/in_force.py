"""What a check would go by: its settings, each with where it comes from, and its files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from losslint.cli import options as shared

if TYPE_CHECKING:
    from losslint.cli.settings import Sources
    from losslint.config.provenance import Entry


def show(paths: Sequence[str], options: Mapping[str, Any]) -> bool:
    """Show the settings or the files, where the options of `check` ask for that; whether they do."""
    if options["show_settings"]:
        click.echo(settings_shown(paths, options))
    elif options["show_files"]:
        _list_files(paths, options)
    return bool(options["show_settings"] or options["show_files"])


def _list_files(paths: Sequence[str], options: Mapping[str, Any]) -> None:
    from losslint.source.discover import expand, show

    files, problems = expand(paths, shared.settings_for(paths, options).scope)
    shared.complain(problems)
    for file in files:
        click.echo(show(file))


def settings_shown(paths: Sequence[str], options: Mapping[str, Any], *, is_json: bool = False) -> str:
    """The settings in force for these paths. Raises ConfigError or click.ClickException where they make no sense."""
    from losslint.cli.settings import sources_of
    from losslint.config.provenance import entries

    found = sources_of(paths, options)
    settings = found.settings()
    _ = settings.rows  # tables that make no sense are told here
    if len(paths) == 1 and os.path.isfile(paths[0]):
        settings = settings.for_file(os.path.abspath(paths[0]))
    from losslint.rules._registry import load

    on = [rule.code for rule in load() if settings.selects(rule.code, rule.name, rule.by_default)]
    told = entries(settings, (*found.files, *found.command_line))
    return _json(told, found, on) if is_json else _text(told, found, on)


def _text(told: Sequence[Entry], found: Sources, on: Sequence[str]) -> str:
    lines = [f"# {line}" for line in _head(found)]
    lines += ["", *(_line(entry) for entry in told if not isinstance(entry.value, dict) and not _is_table(entry))]
    for entry in told:
        if isinstance(entry.value, dict) and entry.value:
            lines += ["", f"[{entry.key}]  # {', '.join(entry.places)}"]
            lines += [f"{_toml(key)} = {_toml(value)}" for key, value in entry.value.items()]
        elif _is_table(entry):
            for row in entry.value:
                lines += ["", f"[[{entry.key}]]  # {', '.join(entry.places)}"]
                lines += [f"{key} = {_toml(value)}" for key, value in row.items()]
    return "\n".join([*lines, "", f"# rules that are on: {' '.join(on) or 'none'}"])


def _head(found: Sources) -> list[str]:
    if found.is_isolated:
        return ["no configuration file was read (--isolated)"]
    if not found.files:
        return ["no configuration file was found"]
    files = [layer.place for layer in found.files]
    return [f"configuration file: {files[-1]}", *(f"which extends: {file}" for file in reversed(files[:-1]))]


def _is_table(entry: Entry) -> bool:
    return isinstance(entry.value, list) and bool(entry.value) and isinstance(entry.value[0], dict)


def _line(entry: Entry) -> str:
    is_default = entry.places == ("default",)
    if entry.value is None or (entry.value == [] and is_default):
        return f"# {entry.key}: {entry.default or 'none'}"
    return f"{entry.key} = {_toml(entry.value)}  # {', '.join(entry.places)}"


def _toml(value: Any) -> str:
    """A value as TOML has it; where a string is one for JSON, it is one for TOML, too."""
    import json

    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def _json(told: Sequence[Entry], found: Sources, on: Sequence[str]) -> str:
    from losslint.report import json

    return json.dump(
        {
            "files": [layer.place for layer in found.files],
            "settings": {entry.key: {"value": entry.value, "from": list(entry.places)} for entry in told},
            "rules": list(on),
        }
    )
