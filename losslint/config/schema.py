"""The configuration as a JSON schema, for editors and other checkers: made from the same definitions as the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from losslint.config.keys import keys
from losslint.config.reading import Rules
from losslint.knowledge.user_rows import KEYS, LIKE, OUTPUTS, SHAPES

_NAMES = {
    "type": "array",
    "items": {"type": "string", "pattern": r"^[^\W\d]\w*(\.[^\W\d]\w*)+$"},
}
_PATTERN = r"^(?=[\s\S]*\S)(?:[^\\\u0000]|\\[^\u0000])*$"
_NUMBER_OR_NAME = {"type": ["integer", "string"]}
_MUTE = ("same", "unknown")
"""Outputs of which there is nothing more to say."""
_ROW_KEYS: Mapping[str, Mapping[str, Any]] = {
    "names": _NAMES,
    "functions": _NAMES,
    "params": {"type": "string"},
    "call": {"type": "string"},
    "constructor": {"type": "string"},
    "function": {"type": "string"},
    "input": {"type": "string"},
    "target": {"type": "string"},
    "output": {"enum": list(OUTPUTS)},
    "shape": {"enum": list(SHAPES)},
    "dim": _NUMBER_OR_NAME,
    "classes": _NUMBER_OR_NAME,
    "like": {"enum": list(LIKE)},
}
_SAY = {
    "layers": "what classes of yours do, or of a library, whose objects are called",
    "functions": "what functions of yours do, or of a library",
    "losses": "losses of yours, or of a library",
}


def schema(rules: Rules) -> dict[str, Any]:
    """The schema of a `losslint.toml`, which is that of the table `[tool.losslint]`; `rules` are all there are.

    It wants selectors as `losslint rules` shows them, while the reader takes them in any case. What it cannot say (that a
    parameter exists, that two rows do not describe one name) the reader checks alone.
    """
    own = {key.name: {"description": _sentence(key.says, key.default), **key.kind.schema} for key in keys().values()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "losslint",
        "description": "Configuration of losslint: a losslint.toml, or the table [tool.losslint] of a pyproject.toml.",
        "type": "object",
        "properties": {**own, **{name: _rows(name) for name in KEYS}},
        "additionalProperties": False,
        "definitions": {
            "selector": {"description": "A code, a prefix of codes, a name, or ALL.", "enum": _selectors(rules)},
            "pattern": {
                "description": "A name, or a path from the folder of this file; * stands for any text.",
                "type": "string",
                "pattern": _PATTERN,
            },
        },
    }


def _sentence(says: str, default: str) -> str:
    text = says[0].upper() + says[1:].replace("`", "")
    return f"{text}. Default: {default.replace('`', '')}." if default else f"{text}."


def _selectors(rules: Rules) -> list[str]:
    codes = [code for code, _ in rules]
    prefixes = sorted({code[:length] for code in codes for length in range(1, len(code))})
    return ["ALL", *prefixes, *codes, *(name for _, name in rules)]


def _rows(section: str) -> dict[str, Any]:
    table = _loss() if section == "losses" else _callable(KEYS[section])
    return {"description": _sentence(_SAY[section], ""), "type": "array", "items": table}


def _callable(allowed: Sequence[str]) -> dict[str, Any]:
    more = [{"required": [key]} for key in ("dim", "classes", "shape")]
    return {
        "type": "object",
        "properties": {key: _ROW_KEYS[key] for key in allowed} | {"names": {**_NAMES, "minItems": 1}},
        "required": ["names", "output"],
        "additionalProperties": False,
        "if": {"properties": {"output": {"enum": list(_MUTE)}}},
        "then": {"not": {"anyOf": more}},
    }


def _loss() -> dict[str, Any]:
    given = [{"required": [key], "properties": {key: {"minItems": 1}}} for key in ("names", "functions")]
    return {
        "type": "object",
        "properties": {key: _ROW_KEYS[key] for key in KEYS["losses"]} | {"dim": {"type": "integer"}},
        "required": ["like"],
        "additionalProperties": False,
        "anyOf": given,
    }


def text(rules: Rules) -> str:
    """The schema as the package ships it."""
    import json

    return json.dumps(schema(rules), indent=2) + "\n"
