"""Parameter lists as rows write them, read once into parameters that calls can be bound to."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final, Literal


class Required(Enum):
    """The default of a parameter that has none."""

    REQUIRED = "required"


REQUIRED: Final = Required.REQUIRED


@dataclass(frozen=True, slots=True)
class Written:
    """A default that is no literal, as the row writes it: often the dotted name of a library object."""

    text: str


ParameterKind = Literal["positional", "star", "keyword", "double_star"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, its default (REQUIRED where it has none) and how an argument reaches it."""

    name: str
    default: object
    kind: ParameterKind


@cache
def parameters(params: str) -> tuple[Parameter, ...]:
    """The parameters of a row's string, in order; ValueError where it does not read as a parameter list."""
    try:
        arguments = ast.parse(f"lambda {params}: 0", mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"not a parameter list: {params!r}") from error
    if not isinstance(arguments, ast.Lambda):
        raise ValueError(f"not a parameter list: {params!r}")
    return tuple(_read(arguments.args))


def _read(arguments: ast.arguments) -> list[Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    found = [
        Parameter(
            argument.arg, REQUIRED if place < without else _default(arguments.defaults[place - without]), "positional"
        )
        for place, argument in enumerate(positional)
    ]
    if arguments.vararg is not None:
        found.append(Parameter(arguments.vararg.arg, REQUIRED, "star"))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter(argument.arg, REQUIRED if default is None else _default(default), "keyword"))
    if arguments.kwarg is not None:
        found.append(Parameter(arguments.kwarg.arg, REQUIRED, "double_star"))
    return found


def _default(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return Written(ast.unparse(node))
