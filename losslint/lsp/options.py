"""What the client wants: `initializationOptions`, and the same under `losslint` in its configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from losslint.config import ConfigError, Settings, nearest
from losslint.finding import Certainty, Severity

_KEYS = {"configuration": "configuration", "unsafeFixes": "unsafe_fixes", "certainty": "certainty", "severity": "severity", "run": "run"}  # fmt: skip
ON_TYPE, ON_SAVE = "onType", "onSave"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "certainty": tuple(one.label for one in Certainty),
    "severity": tuple(one.value for one in Severity),
    "run": (ON_TYPE, ON_SAVE),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the editor asks for; None leaves it to the project's settings.

    `configuration` is a file with settings that stands in for those found beside the code, `run` says when unsaved texts are checked.
    """

    configuration: Path | None = None
    unsafe_fixes: bool = False
    certainty: str | None = None
    severity: str | None = None
    run: str = ON_TYPE


def read_options(given: object) -> tuple[Options, list[str]]:
    """The options, and what is wrong with them: what cannot be understood is left at its default."""
    if isinstance(given, Mapping) and "losslint" in given:
        given = given["losslint"]
    if given is None:
        return Options(), []
    if not isinstance(given, Mapping):
        return Options(), ["the options of losslint must be an object"]
    options, problems = Options(), []
    for key, value in given.items():
        if key not in _KEYS:
            if not _is_for_the_client(key):
                problems.append(f"losslint has no option {key!r}{nearest(str(key), tuple(_KEYS))}")
            continue
        try:
            if value is not None:
                options = replace(options, **{_KEYS[key]: _value(key, value)})
        except ConfigError as error:
            problems.append(str(error))
    return options, problems


def _is_for_the_client(key: object) -> bool:
    # an editor's plugin keeps its own options in the same place
    return key in {"enable", "path", "interpreter", "importStrategy", "trace", "args", "settings"}


def _value(key: str, value: Any) -> Any:
    words = _WORDS.get(key)
    if words is not None:
        if value in words:
            return value
        near = nearest(value, words) if isinstance(value, str) else ""
        raise ConfigError(f"the option {key} of losslint must be one of {', '.join(words)}, not {value!r}{near}")
    if key == "unsafeFixes":
        if isinstance(value, bool):
            return value
        raise ConfigError(f"the option {key} of losslint must be true or false, not {value!r}")
    if isinstance(value, str):
        return Path(value).expanduser() if value else None
    raise ConfigError(f"the option {key} of losslint must be a path, not {value!r}")


def settings_in(folder: Path, options: Options) -> Settings:
    """The settings of a folder, with the editor's laid over them. Raises ConfigError."""
    import click

    from losslint.cli.options import settings_for

    given: dict[str, Any] = {"certainty": options.certainty, "severity": options.severity}
    if options.configuration is not None:
        given["config"] = (str(options.configuration),)
    try:
        return settings_for((str(folder),), given)
    except click.ClickException as error:
        raise ConfigError(error.message) from error
