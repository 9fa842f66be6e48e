"""What the values of keys may be: each kind reads a value, and says the same as a JSON schema."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from losslint.config.error import nearest
from losslint.config.settings import FileIgnores
from losslint.finding import Certainty, Severity
from losslint.source.patterns import Pattern, fault

CERTAINTIES = tuple((certainty.label, certainty) for certainty in Certainty)
SEVERITIES = tuple((severity.value, severity) for severity in Severity)
OUTPUT_FORMATS = (
    "full", "concise", "grouped", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "pylint", "azure",
)  # fmt: skip


class WrongValueError(Exception):
    """A value that makes no sense: what was expected of it, as the end of a sentence that starts with the key."""


class Kind(Protocol):
    """What a value may be."""

    @property
    def title(self) -> str:
        """What it is, in a few words."""

    def read(self, value: object, folder: str) -> Any:
        """The value as settings hold it; paths and patterns start from `folder`. Raises WrongValueError where it makes no sense."""

    def schema(self) -> dict[str, Any]:
        """The same as a JSON schema."""


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    title: str = "true or false"

    def read(self, value: object, folder: str) -> bool:
        """The value itself."""
        if not isinstance(value, bool):
            raise WrongValueError(f"must be true or false, not {shown(value)}")
        return value

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, at least one."""

    title: str = "number"

    def read(self, value: object, folder: str) -> int:
        """The value itself."""
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise WrongValueError(f"must be a whole number above 0, not {shown(value)}")
        return value

    def schema(self) -> dict[str, Any]:
        """An integer."""
        return {"type": "integer", "minimum": 1}


@dataclass(frozen=True, slots=True)
class Word:
    """One of some words, each with what it stands for."""

    words: tuple[tuple[str, Any], ...]

    @property
    def title(self) -> str:
        """The words."""
        return ", ".join(f'"{word}"' for word, _ in self.words)

    def read(self, value: object, folder: str) -> Any:
        """What the word stands for."""
        meanings = dict(self.words)
        if isinstance(value, str) and value in meanings:
            return meanings[value]
        near = nearest(value, tuple(meanings)) if isinstance(value, str) else ""
        raise WrongValueError(f"must be one of {', '.join(meanings)}, not {shown(value)}{near}")

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"enum": [word for word, _ in self.words]}


@dataclass(frozen=True, slots=True)
class Selectors:
    """Codes, prefixes and names of rules; whether there are such rules is asked elsewhere."""

    title: str = "list of rules"

    def read(self, value: object, folder: str) -> tuple[str, ...]:
        """The selectors as written."""
        return strings(value, "LL101")

    def schema(self) -> dict[str, Any]:
        """An array of selectors."""
        return {"type": "array", "items": {"$ref": "#/definitions/selector"}}


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns of files, as in a `.gitignore`."""

    title: str = "list of patterns"

    def read(self, value: object, folder: str) -> tuple[Pattern, ...]:
        """The patterns, which count from `folder`."""
        return tuple(pattern(text, folder) for text in strings(value, "legacy/"))

    def schema(self) -> dict[str, Any]:
        """An array of patterns."""
        return {"type": "array", "items": {"$ref": "#/definitions/pattern"}}


@dataclass(frozen=True, slots=True)
class Location:
    """The path of a file or folder."""

    title: str = "path"

    def read(self, value: object, folder: str) -> Path:
        """The absolute path; `~` is the user's home."""
        if not isinstance(value, str) or not value or "\0" in value:
            raise WrongValueError(f"must be a path, not {shown(value)}")
        return Path(os.path.abspath(os.path.join(folder, os.path.expanduser(value))))

    def schema(self) -> dict[str, Any]:
        """A string."""
        return {"type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$"}


@dataclass(frozen=True, slots=True)
class PerFile:
    """Selectors by pattern."""

    title: str = "table: pattern = list of rules"

    def read(self, value: object, folder: str) -> tuple[FileIgnores, ...]:
        """The rules that are left out, by pattern."""
        if not isinstance(value, Mapping):
            raise WrongValueError(f'must be a table, such as {{"tests/**" = ["LL1"]}}, not {shown(value)}')
        return tuple(FileIgnores(pattern(text, folder), _strings_of(text, found)) for text, found in value.items())

    def schema(self) -> dict[str, Any]:
        """An object of arrays."""
        return {
            "type": "object",
            "propertyNames": {"$ref": "#/definitions/pattern"},
            "additionalProperties": Selectors().schema(),
        }


@dataclass(frozen=True, slots=True)
class Severities:
    """Severities by selector."""

    title: str = "table: rule = severity"

    def read(self, value: object, folder: str) -> tuple[tuple[str, Severity], ...]:
        """The severities, by the selectors as written."""
        if not isinstance(value, Mapping):
            raise WrongValueError(f'must be a table, such as {{LL304 = "advice"}}, not {shown(value)}')
        return tuple((selector, self._read(selector, word)) for selector, word in value.items())

    def _read(self, selector: str, word: object) -> Severity:
        try:
            found: Severity = Word(SEVERITIES).read(word, "")
        except WrongValueError as wrong:
            raise WrongValueError(f"{selector} {wrong}") from wrong
        return found

    def schema(self) -> dict[str, Any]:
        """An object of words."""
        return {
            "type": "object",
            "propertyNames": {"$ref": "#/definitions/selector"},
            "additionalProperties": Word(SEVERITIES).schema(),
        }


def strings(value: object, example: str) -> tuple[str, ...]:
    """A list of strings. Raises WrongValueError where it is none."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise WrongValueError(f'must be a list of strings, such as ["{example}"], not {shown(value)}')
    return tuple(value)


def _strings_of(key: str, value: object) -> tuple[str, ...]:
    try:
        return strings(value, "LL101")
    except WrongValueError as wrong:
        raise WrongValueError(f"{key!r} {wrong}") from wrong


def pattern(text: str, folder: str) -> Pattern:
    """A pattern that counts from a folder. Raises WrongValueError where it is none."""
    why = fault(text.removeprefix("!"))
    if why is not None:
        raise WrongValueError(f"holds {text!r}, which {why}")
    return Pattern(folder, text)


def shown(value: object) -> str:
    """A value in an error: short, and as TOML has it where that is easy."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list" if len(repr(value)) > 60 else repr(value)
    return repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
