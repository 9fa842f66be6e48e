"""What the values of keys may be: each kind reads a value, and says the same as a JSON schema."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from losslint.config.error import nearest
from losslint.config.settings import FileIgnores
from losslint.finding import Certainty, Severity
from losslint.source.patterns import Pattern, fault

CERTAINTIES = tuple((certainty.label, certainty) for certainty in Certainty)
SEVERITIES = tuple((severity.value, severity) for severity in Severity)
OUTPUT_FORMATS = (
    "full", "concise", "grouped", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "pylint", "azure",
)  # fmt: skip
_LIST_OF_RULES: Mapping[str, Any] = {"type": "array", "items": {"$ref": "#/definitions/selector"}}


class WrongValueError(Exception):
    """A value that makes no sense: what was expected of it, as the end of a sentence that starts with the key."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What a value may be: in a few words, as a function that reads it, and as a JSON schema.

    `read` is given the value and the folder that paths and patterns start from, and gives the value as settings hold it. It
    raises WrongValueError where the value makes no sense.
    """

    title: str
    read: Callable[[object, str], Any]
    schema: Mapping[str, Any]


def word(words: tuple[tuple[str, Any], ...]) -> Kind:
    """One of some words, each with what it stands for."""
    meanings = dict(words)
    title = ", ".join(f'"{one}"' for one in meanings)
    return Kind(title, lambda value, _: _meaning(value, meanings), {"enum": list(meanings)})


def _meaning(value: object, meanings: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value in meanings:
        return meanings[value]
    near = nearest(value, tuple(meanings)) if isinstance(value, str) else ""
    raise WrongValueError(f"must be one of {', '.join(meanings)}, not {_shown(value)}{near}")


def _flag(value: object, _folder: str) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError(f"must be true or false, not {_shown(value)}")
    return value


def _count(value: object, _folder: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise WrongValueError(f"must be a whole number above 0, not {_shown(value)}")
    return value


def _selectors(value: object, _folder: str) -> tuple[str, ...]:
    return _strings(value, "LL101")


def _patterns(value: object, folder: str) -> tuple[Pattern, ...]:
    return tuple(_pattern(text, folder) for text in _strings(value, "legacy/"))


def _path(value: object, folder: str) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise WrongValueError(f"must be a path, not {_shown(value)}")
    return Path(os.path.abspath(os.path.join(folder, os.path.expanduser(value))))


def _per_file(value: object, folder: str) -> tuple[FileIgnores, ...]:
    if not isinstance(value, Mapping):
        raise WrongValueError(f'must be a table, such as {{"tests/**" = ["LL1"]}}, not {_shown(value)}')
    return tuple(FileIgnores(_pattern(text, folder, "!"), _strings_of(text, found)) for text, found in value.items())


def _severities(value: object, _folder: str) -> tuple[tuple[str, Severity], ...]:
    if not isinstance(value, Mapping):
        raise WrongValueError(f'must be a table, such as {{LL304 = "advice"}}, not {_shown(value)}')
    return tuple((selector, _severity(selector, word)) for selector, word in value.items())


def _severity(selector: str, word: object) -> Severity:
    try:
        found: Severity = _meaning(word, dict(SEVERITIES))
    except WrongValueError as wrong:
        raise WrongValueError(f"{selector} {wrong}") from wrong
    return found


def _strings(value: object, example: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise WrongValueError(f'must be a list of strings, such as ["{example}"], not {_shown(value)}')
    return tuple(value)


def _strings_of(key: str, value: object) -> tuple[str, ...]:
    try:
        return _strings(value, "LL101")
    except WrongValueError as wrong:
        raise WrongValueError(f"{key!r} {wrong}") from wrong


def _pattern(text: str, folder: str, sign: str = "") -> Pattern:
    """A pattern that counts from a folder; `sign` may stand before it."""
    why = fault(text.removeprefix(sign))
    if why is not None:
        raise WrongValueError(f"holds {text!r}, which {why}")
    return Pattern(folder, text)


def _shown(value: object) -> str:
    """A value in an error: short, and as TOML has it where that is easy."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    text = repr(value)
    if isinstance(value, list):
        return "a list" if len(text) > 60 else text
    return text if len(text) <= 60 else text[:57] + "..."


FLAG = Kind("true or false", _flag, {"type": "boolean"})
COUNT = Kind("number", _count, {"type": "integer", "minimum": 1})
SELECTORS = Kind("list of rules", _selectors, _LIST_OF_RULES)
PATTERNS = Kind("list of patterns", _patterns, {"type": "array", "items": {"$ref": "#/definitions/pattern"}})
LOCATION = Kind("path", _path, {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"})
PER_FILE = Kind(
    "table: pattern = list of rules",
    _per_file,
    {"type": "object", "propertyNames": {"$ref": "#/definitions/pattern"}, "additionalProperties": _LIST_OF_RULES},
)
SEVERITY_TABLE = Kind(
    "table: rule = severity",
    _severities,
    {
        "type": "object",
        "propertyNames": {"$ref": "#/definitions/selector"},
        "additionalProperties": {"enum": [severity for severity, _ in SEVERITIES]},
    },
)
