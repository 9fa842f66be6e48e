"""What torch says of its own parameters, and whether a row agrees with it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import EllipsisType
from typing import Any

import torch

from losslint.knowledge.schema import LayerRow, LossRow, OpRow
from losslint.knowledge.signature import REQUIRED, Parameter, Written, parameters

HOUSEKEEPING = frozenset(
    {"out", "layout", "device", "pin_memory", "requires_grad", "memory_format", "generator", "names"}
)
"""Parameters of builtins that torch's own schemas leave out or list by turns; they carry nothing for us."""

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.VAR_POSITIONAL: "star",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_KEYWORD: "double_star",
}
Signature = tuple[Parameter, ...]


def from_inspect(signature: inspect.Signature) -> Signature:
    """A Python signature in our own form."""
    return tuple(
        Parameter(
            one.name,
            REQUIRED if one.default is inspect.Parameter.empty else one.default,
            KINDS[one.kind],  # type: ignore[arg-type]
        )
        for one in signature.parameters.values()
    )


def python_signature(thing: Any) -> Signature | None:
    """The signature of a function or class written in Python; classes without their receiver."""
    if isinstance(thing, type):
        made = from_inspect(inspect.signature(thing.__new__))[1:] if inspect.isfunction(thing.__new__) else ()
        stated = made and made[0].kind == "positional"
        return made if stated else from_inspect(inspect.signature(thing.__init__))[1:]
    if isinstance(thing, type(torch.relu)) or type(thing).__name__ in (
        "method_descriptor",
        "builtin_function_or_method",
    ):
        return None
    return from_inspect(inspect.signature(thing))


def dispatched(name: str, thing: Any) -> Any:
    """The function behind one that only chooses between two by a flag."""
    owner = getattr(torch.nn.functional, f"{name.rpartition('.')[2]}_with_indices", None)
    return owner if owner is not None and str(inspect.signature(thing)) == "(*args, **kwargs)" else thing


def builtin_signatures(name: str, thing: Any) -> Iterator[Signature]:
    """All forms of a builtin: from the operator's schemas, from its documentation, from torch's table of overrides."""
    short, is_method = name.rpartition(".")[2], name.startswith("torch.Tensor.")
    for prefix in ("aten::", "aten::special_"):
        for schema in torch._C._jit_get_schemas_for_operator(prefix + short):
            yield tuple(
                Parameter(
                    "input" if one.name == "self" else one.name,
                    one.default_value if one.has_default_value() else REQUIRED,
                    "keyword" if one.kwarg_only else "positional",
                )
                for one in schema.arguments
            )
    document = " ".join((getattr(thing, "__doc__", None) or "").split())
    for written in re.findall(rf"(?<![\w.]){re.escape(short)}\((.*?)\) ?->", document):
        plain = written.replace("\\*", "*").replace("Tensor ", "").replace("int ", "")
        try:
            yield parameters(f"input, {plain}" if is_method else plain)
        except ValueError:
            continue
    override = torch.overrides.get_testing_overrides().get(thing)
    if override is not None:
        yield tuple(_receiver(one) for one in from_inspect(inspect.signature(override)))


def _receiver(one: Parameter) -> Parameter:
    return Parameter("input", one.default, one.kind) if one.name == "self" else one


def disagreement(row: Signature, real: Signature, overloads: list[Signature] | None = None) -> str | None:
    """Why a row's parameters are not the real ones, or None. With `overloads` the row may cover several forms."""
    if overloads is not None:
        row, real = _relevant(row), _relevant(real)
    stated, actual = _order(row), _order(real)
    starred = overloads is not None and any(one.kind == "star" for one in row)
    if stated != actual and not (starred and stated[:-1] == actual[:-1]):
        return f"order: {stated} is really {actual}"
    known = {one.name: one for one in real}
    for one in row:
        other = known.get(one.name)
        if other is None:
            if overloads is not None and one.kind != "positional":
                continue
            return f"{one.name} does not exist"
        if overloads is None and one.kind != other.kind:
            return f"{one.name} is {other.kind}"
        if not _defaults_agree(one, other, overloads or []):
            return f"{one.name} is {one.default!r} by the row, {other.default!r} in truth"
    if overloads is None and [one.name for one in row] != [one.name for one in real]:
        return f"{[one.name for one in real]} are the real parameters"
    return None


def _relevant(signature: Signature) -> Signature:
    return tuple(one for one in signature if one.name not in HOUSEKEEPING)


def _order(signature: Signature) -> list[str]:
    return [one.name for one in signature if one.kind in ("positional", "star")]


def _defaults_agree(one: Parameter, other: Parameter, overloads: list[Signature]) -> bool:
    stated, actual = one.default, other.default
    if isinstance(stated, EllipsisType):
        return not isinstance(actual, int | float | str)
    if stated is REQUIRED:
        return actual is REQUIRED
    if actual is REQUIRED:
        absent = any(one.name not in {each.name for each in form} for form in overloads)
        return (absent and stated in (None, 0, False)) or "star" in (one.kind, other.kind)
    if isinstance(stated, Written):
        return getattr(actual, "__name__", None) == stated.text.rpartition(".")[2]
    return _plain(stated) == _plain(actual)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(value)
    return round(float(value), 12) if isinstance(value, int | float) and not isinstance(value, bool) else value


def check_signature(name: str, thing: Any, params: str) -> None:
    """AssertionError unless the parameters are those that torch states, in one of the places where it states them."""
    stated, real = parameters(params), python_signature(dispatched(name, thing) if callable(thing) else thing)
    if real is not None:
        if name.startswith("torch.Tensor."):
            real = tuple(_receiver(one) for one in real)
        problem = disagreement(stated, real)
        assert problem is None, f"{name}: {problem}"
        return
    forms = list(builtin_signatures(name, thing))
    problems = [disagreement(stated, form, forms) for form in forms]
    assert forms, f"{name}: torch states no parameters"
    assert None in problems, f"{name}: {problems}"


def check_row(name: str, thing: Any, row: OpRow | LayerRow) -> None:
    """The parameters of an operation, or those of a layer's constructor and of its call."""
    check_signature(name, thing, row.params)
    if isinstance(row, LayerRow) and hasattr(thing, "forward"):
        check_call(name, thing, row.call)


def check_call(name: str, thing: Any, call: str) -> None:
    """The parameters of calling an object are those of its forward method."""
    problem = disagreement(parameters(call), from_inspect(inspect.signature(thing.forward))[1:])
    assert problem is None, f"{name} called: {problem}"


def check_loss(name: str, thing: Any, row: LossRow) -> None:
    """Constructor and call of a loss class, or the parameters of a loss function."""
    if name in row.functions:
        check_signature(name, thing, row.function)
        return
    check_signature(name, thing, row.constructor)
    check_call(name, thing, row.call)
