"""Binding arguments of a call to the parameters that a row of knowledge states."""

from __future__ import annotations

from losslint.domain.value import Const, Constant, Repeated, TupleValue, Unknown, Value
from losslint.facts import Argument, BoundCall
from losslint.interp.frame import Frame
from losslint.interp.functions import spread
from losslint.interp.iteration import iterate
from losslint.knowledge.signature import Parameter, parameters

ALSO_CALLED = {"axis": "dim", "keepdims": "keepdim"}
"""Names under which operations on tensors take some of their parameters as well."""


def bind_row(params: str, arguments: tuple[Argument, ...], frame: Frame) -> BoundCall:
    """Arguments by parameter name; what was left out stays absent, what fits nowhere is surplus."""
    stated = parameters(params)
    bound: dict[str, Argument] = {}
    surplus: list[Argument] = []
    flat = _flat(arguments, frame)
    positional = [argument for argument in flat if argument.keyword is None]
    slots = [parameter for parameter in stated if parameter.kind == "positional"]
    star = next((parameter for parameter in stated if parameter.kind == "star"), None)
    for parameter, argument in zip(slots, positional, strict=False):
        bound[parameter.name] = argument
    rest = positional[len(slots) :]
    if star is not None and rest:
        bound[star.name] = Argument(TupleValue(tuple(argument.value for argument in rest)), rest[0].site)
    elif rest:
        surplus += rest
    names = {parameter.name for parameter in stated}
    for argument in flat:
        if argument.keyword is not None:
            name = argument.keyword if argument.keyword in names else ALSO_CALLED.get(argument.keyword)
            if name in names and name is not None:
                bound[name] = argument
            else:
                surplus.append(argument)
    return BoundCall(bound, tuple(surplus), any(_is_open(argument, frame) for argument in arguments))


def _is_open(argument: Argument, frame: Frame) -> bool:
    """True for a star whose length, or a double star whose keys, are not known."""
    if not argument.starred:
        return False
    if argument.starred == "*":
        return isinstance(iterate(argument.value, frame), Repeated)
    return spread((argument,), frame)[2] is not None


def _flat(arguments: tuple[Argument, ...], frame: Frame) -> list[Argument]:
    """Arguments with stars spread out; after a star of unknown length nothing positional can be told."""
    flat: list[Argument] = []
    for argument in arguments:
        if argument.starred == "*":
            held = iterate(argument.value, frame)
            if isinstance(held, Repeated):
                flat.append(Argument(Unknown("one of an unknown number of arguments"), argument.site))
                break
            flat += [Argument(value, argument.site) for value in held.items]
        elif argument.starred == "**":
            _, keywords, _ = spread((argument,), frame)
            flat += [Argument(value, argument.site, name) for name, value in keywords.items()]
        else:
            flat.append(argument)
    return flat


def default_value(params: str, name: str) -> Value | None:
    """The default that a row states for a parameter, where it is a literal."""
    for parameter in parameters(params):
        if parameter.name == name:
            return _literal(parameter)
    return None


def _literal(parameter: Parameter) -> Value | None:
    default = parameter.default
    if default is None or isinstance(default, bool | int | float | str):
        constant: Constant = default
        return Const(constant)
    return None
