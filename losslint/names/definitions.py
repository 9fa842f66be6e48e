"""Definitions: functions and classes of the program as the interpreter refers to them."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from losslint.names.project import Unit
from losslint.source.fields import CODE_FIELDS


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
    kind: str = "function"
    """function, static, class or property: how the name behaves when it is taken from an object."""
    qualified: str = ""
    gradients: bool | None = None
    """False where a decorator switches the recording of gradients off."""
    described: str = ""
    """The name under which a row of the user says what a call does."""
    manages: bool = False
    """True for a generator that a decorator makes a context manager of."""

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
    qualified: str = ""
    """Where it stands in its module: ``Outer.Inner``; nothing for one inside a function."""
    described: str = ""
    """The name under which a row of the user says what calling an object does."""


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


@dataclass(frozen=True, slots=True, eq=False)
class BodyFacts:
    """What one look at a function's body tells: the names that it binds, and whether it yields."""

    bound: frozenset[str]
    yields: bool


def look_at(node: cst.FunctionDef | cst.Lambda) -> BodyFacts:
    """Go through a function's own body once; functions and classes inside count as the names that they bind."""
    inside = _look_into(node.body)
    return BodyFacts(inside.bound | {parameter.name for parameter in parameters_of(node.params)}, inside.yields)


def names_of_module(node: cst.Module) -> frozenset[str]:
    """The names that the top level of a module binds, star imports apart."""
    return _look_into(node.body).bound


def _look_into(body: object) -> BodyFacts:
    found: set[str] = set()
    yields = False
    pending: list[object] = [*body] if isinstance(body, list | tuple) else [body]
    while pending:
        one = pending.pop()
        kind = type(one)
        if kind is cst.FunctionDef or kind is cst.ClassDef:
            _add_targets(one.name, found)  # type: ignore[attr-defined]
            continue
        if kind is cst.Lambda or kind is cst.Name:
            continue
        if kind in _BINDERS:
            _bind(one, found)
        elif kind is cst.Yield:
            yields = True
        for name in CODE_FIELDS.get(kind, ()):  # type: ignore[arg-type]
            child = getattr(one, name)
            if child is not None:
                pending.extend(child) if isinstance(child, list | tuple) else pending.append(child)
    return BodyFacts(frozenset(found), yields)


_BINDERS = frozenset(
    {
        cst.Import,
        cst.ImportFrom,
        cst.AssignTarget,
        cst.AnnAssign,
        cst.AugAssign,
        cst.For,
        cst.NamedExpr,
        cst.CompFor,
        cst.AsName,
        cst.MatchAs,
        cst.MatchStar,
    }
)


def _bind(node: object, found: set[str]) -> None:
    match node:
        case cst.Import() | cst.ImportFrom():
            _add_imports(node, found)
        case cst.AssignTarget() | cst.AnnAssign() | cst.AugAssign() | cst.For() | cst.NamedExpr() | cst.CompFor():
            _add_targets(node.target, found)
        case cst.AsName() | cst.MatchAs() | cst.MatchStar():
            _add_targets(node.name, found)
        case _:
            return


def _add_targets(target: cst.CSTNode | None, found: set[str]) -> None:
    match target:
        case cst.Name():
            found.add(target.value)
        case cst.Tuple() | cst.List():
            for element in target.elements:
                _add_targets(element.value, found)
        case cst.StarredElement():
            _add_targets(target.value, found)
        case _:
            return


def _add_imports(node: cst.Import | cst.ImportFrom, found: set[str]) -> None:
    for alias in node.names if not isinstance(node.names, cst.ImportStar) else ():
        name: cst.BaseExpression = alias.asname.name if alias.asname is not None else alias.name
        while isinstance(name, cst.Attribute):
            name = name.value
        _add_targets(name, found)
