"""Definitions: functions and classes of the program as the interpreter refers to them."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from losslint.names.project import Unit


@dataclass(frozen=True, slots=True, eq=False)
class ParameterSpec:
    """One parameter of a function of the program. `kind` is positional, star, keyword or double_star."""

    name: str
    kind: str
    default: cst.BaseExpression | None
    annotation: cst.BaseExpression | None
    positional_only: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class FunctionDefinition:
    """A function, method or lambda. Equal only to itself."""

    name: str
    node: cst.FunctionDef | cst.Lambda
    unit: Unit
    parameters: tuple[ParameterSpec, ...]
    is_generator: bool
    kind: str = "function"
    """function, static, class or property: how the name behaves when it is taken from an object."""
    qualified: str = ""
    gradients: bool | None = None
    """False where a decorator switches the recording of gradients off."""

    @property
    def shown(self) -> str:
        """The name for a trace: ``Net.forward``."""
        return self.qualified or self.name


@dataclass(frozen=True, slots=True, eq=False)
class ClassDefinition:
    """A class of the program. Equal only to itself."""

    name: str
    node: cst.ClassDef
    unit: Unit
    fields: tuple[ParameterSpec, ...] = ()
    """The annotated fields, for dataclasses and named tuples."""
    is_record: bool = False


def parameters_of(node: cst.Parameters) -> tuple[ParameterSpec, ...]:
    """The parameters of a function in the order in which arguments bind to them."""
    found = [_spec(param, "positional", True) for param in node.posonly_params]
    found += [_spec(param, "positional") for param in node.params]
    if isinstance(node.star_arg, cst.Param):
        found.append(_spec(node.star_arg, "star"))
    found += [_spec(param, "keyword") for param in node.kwonly_params]
    if node.star_kwarg is not None:
        found.append(_spec(node.star_kwarg, "double_star"))
    return tuple(found)


def _spec(param: cst.Param, kind: str, positional_only: bool = False) -> ParameterSpec:
    annotation = param.annotation.annotation if param.annotation is not None else None
    return ParameterSpec(param.name.value, kind, param.default, annotation, positional_only)


def holds_yield(body: cst.CSTNode) -> bool:
    """True where a function's own body holds a yield (nested functions apart)."""
    from losslint.source.tree import CODE_FIELDS

    pending: list[object] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Yield):
            return True
        if isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef) and node is not body:
            continue
        for name in CODE_FIELDS.get(type(node), ()):  # type: ignore[arg-type]
            child = getattr(node, name)
            if isinstance(child, cst.CSTNode):
                pending.append(child)
            elif isinstance(child, list | tuple):
                pending.extend(child)
    return False
