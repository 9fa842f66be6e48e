"""Builtins that look at attributes and types by name: getattr, hasattr, globals and their like."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from losslint.domain.lattice import choice
from losslint.domain.origin import Site
from losslint.domain.value import (
    NONE,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Library,
    ModuleValue,
    Option,
    Partial,
    Unknown,
    Value,
)
from losslint.interp.attributes import PLAIN_SETTER, dict_of, set_by_name, store_attribute
from losslint.interp.frame import Frame
from losslint.interp.importing import import_by_name
from losslint.interp.registries import namespace
from losslint.interp.subscripts import look_up


def _first(positional: list[Value]) -> Value:
    return positional[0] if positional else Unknown("no argument")


def _getattr(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if len(positional) >= 2 and isinstance(positional[1], Const) and isinstance(positional[1].value, str):
        found = frame.run.machine.attribute(positional[0], positional[1].value, site, frame)
        if isinstance(found, Unknown) and len(positional) > 2 and isinstance(positional[0], Instance):
            return choice((Option(frozenset(), found), Option(frozenset(), positional[2])))
        return found
    if len(positional) >= 2 and isinstance(positional[0], ModuleValue):
        return look_up(namespace(positional[0], frame), positional[1], frame)
    if len(positional) >= 2 and isinstance(positional[0], Library):
        anything = f"{positional[0].name}.__dict__"
        if frame.run.knowledge.row(anything) is not None:
            return Library(anything)
    return Unknown("an attribute whose name is made at run time")


def _globals(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return namespace(ModuleValue(frame.unit.key), frame)


def _vars(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if positional and isinstance(positional[0], ModuleValue):
        return namespace(positional[0], frame)
    return dict_of(_first(positional))


def _setattr(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if len(positional) == 3:
        set_by_name(positional[0], positional[1], positional[2], frame)
    return NONE


def _set_plainly(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """`object.__setattr__(owner, name, value)`"""
    if len(positional) == 3:
        owner, name = positional[0], positional[1]
        if isinstance(owner, Instance) and isinstance(name, Const) and isinstance(name.value, str):
            store_attribute(owner, name.value, positional[2], frame)
        else:
            set_by_name(owner, name, positional[2], frame)
    return NONE


def _hasattr(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if len(positional) == 2 and isinstance(positional[1], Const) and isinstance(positional[1].value, str):
        owner, name = positional[0], positional[1].value
        if isinstance(owner, Instance) and not isinstance(
            frame.run.machine.attribute(owner, name, site, frame), Unknown
        ):
            return Const(True)
        if isinstance(owner, Unknown) and owner.symbol is not None:
            return Unknown("whether an unknown thing has an attribute", ("truth", ("hasattr", owner.symbol, name)))
    return Unknown("whether there is such an attribute")


def _type(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    value = _first(positional)
    return value.class_ if isinstance(value, Instance) else Unknown("the type of a value")


def _callable(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    value = _first(positional)
    if isinstance(value, FunctionValue | ClassValue | Partial):
        return Const(True)
    return Const(False) if isinstance(value, Const) else Unknown("whether something can be called")


def _import_module(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return import_by_name(_first(positional), frame)


REFLECTION: Mapping[str, Callable[[list[Value], dict[str, Value], Site, Frame], Value]] = {
    "importlib.import_module": _import_module,
    "builtins.__import__": _import_module,
    "builtins.getattr": _getattr,
    "builtins.globals": _globals,
    "builtins.vars": _vars,
    "builtins.setattr": _setattr,
    PLAIN_SETTER: _set_plainly,
    "builtins.hasattr": _hasattr,
    "builtins.type": _type,
    "builtins.callable": _callable,
}
