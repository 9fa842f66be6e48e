"""Rows that users write: the tables of their settings, checked, and turned into the rows that built-in knowledge consists of."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from losslint.domain.kind import (
    Bounded,
    Kind,
    Logits,
    LogProbs,
    LogSigmoid,
    NonNegative,
    Probs,
    SigmoidProbs,
)
from losslint.knowledge.index import load
from losslint.knowledge.losses import LOSSES
from losslint.knowledge.schema import Effect, LayerRow, LossFamily, LossRow, OpRow, Row
from losslint.knowledge.signature import REQUIRED, Parameter, Written, parameters
from losslint.knowledge.tensor_effects import Keep, Produce, Transfer

_KINDS: Mapping[str, Kind] = {
    "logits": Logits(),
    "probabilities": Probs(),
    "log-probabilities": LogProbs(),
    "sigmoid": SigmoidProbs(),
    "log-sigmoid": LogSigmoid(),
    "bounded": Bounded(),
    "non-negative": NonNegative(),
}
OUTPUTS = (*_KINDS, "same", "unknown")
SHAPES = ("same", "unknown")
_OF_CALLABLES = ("names", "params", "output", "dim", "classes", "shape")
KEYS: Mapping[str, tuple[str, ...]] = {
    "layers": (*_OF_CALLABLES, "call"),
    "functions": _OF_CALLABLES,
    "losses": ("names", "functions", "constructor", "call", "function", "like", "input", "target", "dim"),
}
"""The keys that each kind of table may have."""
_NAMED = ("torch.nn", "torch.nn.functional")
_UNLIKE = frozenset({LossFamily.LINEAR_CROSS_ENTROPY})


class RowError(ValueError):
    """A table that makes no sense. `word` is one that was looked for among `words` and is not there, if that is the matter."""

    def __init__(self, message: str, word: str = "", words: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.word = word
        self.words = tuple(words)


def rows_of(tables: Mapping[str, object], home: str = "tool.losslint.") -> tuple[Row, ...]:
    """The rows of all tables; RowError where one makes no sense, or two speak of one name. `home` is where their names start."""
    rows: list[Row] = []
    taken: dict[str, str] = {}
    for section, entries in tables.items():
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise RowError(f"{section} must be tables, each under [[{home}{section}]]")
        for number, table in enumerate(entries, 1):
            entry = _Entry(f"[[{home}{section}]] entry {number}", table)
            entry.allow(KEYS[section])
            rows.append(_BUILDERS[section](entry))
            for name in entry.described:
                if name in taken:
                    raise entry.error(f"{name!r} is described already, by {taken[name]}")
                taken[name] = entry.place
    return tuple(rows)


@dataclass(slots=True)
class _Entry:
    """One table: where it stands, and its keys as they are asked for."""

    place: str
    table: Mapping[str, object]
    described: list[str] = field(default_factory=list)

    def error(self, message: str, word: str = "", words: Sequence[str] = ()) -> RowError:
        return RowError(f"{self.place}: {message}", word, words)

    def allow(self, keys: Sequence[str]) -> None:
        for key in self.table:
            if key not in keys:
                raise self.error(f"no key {key!r}", key, keys)

    def names(self, key: str) -> tuple[str, ...]:
        """Dotted names, each as rows know it."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(f'{key} must be a list of dotted names, such as ["mylib.heads.SoftHead"]')
        for name in value:
            parts = name.split(".")
            if len(parts) < 2 or not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
                raise self.error(f"{key}: {name!r} is no dotted name such as 'mylib.heads.SoftHead'")
        found = tuple(dict.fromkeys(load().canonical(name) for name in value))
        self.described += found
        return found

    def text(self, key: str) -> str | None:
        value = self.table.get(key)
        if value is not None and not isinstance(value, str):
            raise self.error(f"{key} must be a string, not {value!r}")
        return value

    def word(self, key: str, words: Sequence[str], otherwise: str | None = None, choice: str = "") -> str:
        """One of the words that a key may hold; `choice` is how an error names them where they are many."""
        value, choice = self.table.get(key, otherwise), choice or ", ".join(words)
        if value is None:
            raise self.error(f"{key} is missing: one of {choice}")
        if not isinstance(value, str) or value not in words:
            near = value if isinstance(value, str) else ""
            raise self.error(f"{key} must be one of {choice}, not {value!r}", near, words)
        return value

    def signature(self, key: str, otherwise: str) -> str:
        """A parameter list as Python has it, without annotations."""
        text = self.text(key)
        if text is None:
            return otherwise
        try:
            return _signature(text)
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
            raise self.error(f'{key} must be parameters as in Python, such as "input, dim=-1", not {text!r}') from error

    def number_or_parameter(self, key: str, signatures: Sequence[str]) -> int | str | None:
        """A whole number, or the name of a parameter that holds one."""
        value = self.table.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if not isinstance(value, str):
            raise self.error(f"{key} must be a whole number or the name of a parameter, not {value!r}")
        default = self.parameter(key, value, signatures).default
        if default is not REQUIRED and (isinstance(default, bool) or not isinstance(default, int | Written | None)):
            raise self.error(f"{key}: the parameter {value!r} is {default!r} by default, which is no whole number")
        return value

    def parameter(self, key: str, name: str, signatures: Sequence[str]) -> Parameter:
        """A parameter by its name."""
        stated = {one.name: one for params in signatures for one in _plain(params)}
        if name not in stated:
            shown = " and ".join(f"({params})" for params in signatures)
            raise self.error(f"{key}: no parameter {name!r} in {shown}", name, tuple(stated))
        return stated[name]


def _plain(params: str) -> list[Parameter]:
    """The parameters that hold one argument each."""
    return [one for one in parameters(params) if one.kind in ("positional", "keyword")]


def _signature(text: str) -> str:
    """The parameters that `text` states, annotations left out; an error of Python's parser, or ValueError, where it states none."""
    found = ast.parse(f"def f(\n{text}\n): ...").body
    function = found[0]
    if len(found) != 1 or not isinstance(function, ast.FunctionDef) or function.returns is not None:
        raise ValueError("more than parameters")
    if len(function.body) != 1 or ast.unparse(function.body[0]) != "...":
        raise ValueError("more than parameters")
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    written = ast.unparse(function.args)
    names = [one.name for one in parameters(written)]
    if len(set(names)) != len(names):
        raise ValueError("two parameters of one name")
    return written


def _layer(entry: _Entry) -> LayerRow:
    params, call = entry.signature("params", "*args, **kwargs"), entry.signature("call", "input")
    return LayerRow(_required(entry, "names"), params, _effect(entry, (call, params)), call)


def _function(entry: _Entry) -> OpRow:
    params = entry.signature("params", "input, *args, **kwargs")
    return OpRow(_required(entry, "names"), params, _effect(entry, (params,)))


def _required(entry: _Entry, key: str) -> tuple[str, ...]:
    names = entry.names(key)
    if not names:
        raise entry.error(f'{key} is missing: a list of dotted names, such as ["mylib.heads.SoftHead"]')
    return names


def _effect(entry: _Entry, signatures: Sequence[str]) -> Effect:
    """What a call does, by `output` and the keys that go with it."""
    output = entry.word("output", OUTPUTS)
    axis = entry.number_or_parameter("dim", signatures)
    size = entry.number_or_parameter("classes", signatures)
    keeps = entry.word("shape", SHAPES, "unknown") == "same"
    if output in _KINDS:
        return Produce(_KINDS[output], axis, size, keeps)
    for key in ("dim", "classes", "shape"):
        if key in entry.table:
            raise entry.error(f"{key} says nothing where output is {output!r}")
    return Keep() if output == "same" else Transfer((), resized=None)


def _loss(entry: _Entry) -> LossRow:
    like = LIKE[entry.word("like", tuple(LIKE), choice="torch's losses, such as cross_entropy")]
    classes, functions = entry.names("names"), entry.names("functions")
    if not classes and not functions:
        raise entry.error("neither names (of classes) nor functions are given")
    constructor = entry.signature("constructor", like.constructor)
    call = entry.signature("call", like.call or "input, target")
    function = entry.signature("function", call if "call" in entry.table else like.function or call)
    forms = [*([call] if classes else []), *([function] if functions else [])]
    given = _operand(entry, "input", like.input, 0, forms)
    if given is None:
        raise entry.error(f"input is missing, and ({forms[0]}) has no parameter to stand for it")
    class_dim = entry.table.get("dim", like.class_dim)
    if class_dim is not None and (not isinstance(class_dim, int) or isinstance(class_dim, bool)):
        raise entry.error(f"dim must be a whole number, not {class_dim!r}")
    return LossRow(
        classes=classes,
        functions=functions,
        constructor=constructor if classes else "",
        call=call if classes else "",
        function=function if functions else "",
        family=like.family,
        wants=like.wants,
        wants_target=like.wants_target,
        input=given,
        target=_operand(entry, "target", like.target, 1, forms),
        class_dim=class_dim,
        reductions=like.reductions,
        logits_twin=like.logits_twin,
    )


def _operand(entry: _Entry, key: str, usual: str | None, place: int, forms: Sequence[str]) -> str | None:
    """The parameter that is a loss's input or target: the one that is named, the usual one, or else the one at its place."""
    name = entry.text(key)
    if name is not None:
        for params in forms:
            entry.parameter(key, name, (params,))
        return name
    stated = [[one.name for one in _plain(params)] for params in forms]
    if usual is None or all(usual in names for names in stated):
        return usual
    found = dict.fromkeys(names[place] if len(names) > place else None for names in stated)
    if len(found) > 1:
        raise entry.error(f"{key} is missing: the classes and the functions name it differently")
    return next(iter(found))


def _like() -> Iterator[tuple[str, LossRow]]:
    """torch's losses by the short names of their functions and classes."""
    for row in LOSSES:
        for name in (*row.functions, *row.classes):
            home, _, short = name.rpartition(".")
            if home in _NAMED and row.family not in _UNLIKE:
                yield short, row


LIKE: Mapping[str, LossRow] = dict(_like())
_BUILDERS: Mapping[str, Callable[[_Entry], Row]] = {"layers": _layer, "functions": _function, "losses": _loss}
