"""Class statements, and the order in which a class and its bases are looked through."""

from __future__ import annotations

import libcst as cst

from losslint.domain.value import Choice, ClassValue, Library, Unknown, Value
from losslint.interp.described import described_by, fill_in, qualified_name, row_of_class
from losslint.interp.frame import Frame, Run
from losslint.interp.store import Store
from losslint.names.definitions import ClassDefinition, ParameterSpec

_CALLS = ("forward", "__call__")
_RECORD_MAKERS = frozenset(
    {
        "dataclasses.dataclass",
        "typing.NamedTuple",
        "attr.s",
        "attr.attrs",
        "attrs.define",
        "attrs.frozen",
        "attr.dataclass",
    }
)


def exec_class(node: cst.ClassDef, frame: Frame) -> bool:
    """`class`: its body runs in a scope whose cells are the attributes of the class."""
    run = frame.run
    bases = tuple(_one(frame.evaluate(base.value)) for base in node.bases if not base.star)
    decorators = [frame.evaluate(decorator.decorator) for decorator in node.decorators]
    is_record = any(_makes_records(value) for value in (*bases, *decorators))
    identity = run.fresh()
    place = qualified_name(node.name.value, frame)
    described = row_of_class(place, frame)
    definition = ClassDefinition(node.name.value, node, frame.unit, _fields(node), is_record, place, described)
    value = ClassValue(identity, node.name.value, bases, definition)
    run.scope_parents[identity] = run.scope_parents.get(frame.scope) if frame.class_body else frame.scope
    body = Frame(
        run, frame.store, frame.unit, identity, owner=value, depth=frame.depth, path=frame.path, class_body=True
    )
    run.machine.execute(node.body, body)
    run.method_names.update(line.name.value for line in node.body.body if isinstance(line, cst.FunctionDef))
    if described:  # whatever its decorators made of it
        frame.bind(node.name.value, value)
    if run.described:
        fill_in(identity, place, body)
    run.classes.setdefault(frame.unit.key, []).append(value)
    decorated: Value = value
    for decorator in reversed(decorators):
        decorated = run.machine.decorate(decorator, decorated, frame.site(node), frame)
    frame.bind(node.name.value, decorated)
    return True


def _one(value: Value) -> Value:
    if isinstance(value, Choice):
        return next(
            (option.value for option in value.options if not isinstance(option.value, Unknown)), Unknown("a base")
        )
    return value


def _makes_records(value: Value) -> bool:
    if isinstance(value, ClassValue):
        definition = value.definition
        return isinstance(definition, ClassDefinition) and definition.is_record
    return isinstance(value, Library) and value.name in _RECORD_MAKERS


def _fields(node: cst.ClassDef) -> tuple[ParameterSpec, ...]:
    found = []
    for line in node.body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
                annotation = statement.annotation.annotation
                found.append(ParameterSpec(statement.target.value, "positional", statement.value, annotation))
    return tuple(found)


def lineage(class_: ClassValue, run: Run) -> tuple[Value, ...]:
    """The class and its bases in the order in which attributes are looked for; library bases are named as such."""
    known = run.lineages.get(class_.identity)
    if known is None:
        known = run.lineages[class_.identity] = tuple(_linear(class_, ()))
    return known


def _linear(class_: ClassValue, above: tuple[int, ...]) -> list[Value]:
    described = described_by(class_)
    order: list[Value] = [Library(described), class_] if described else [class_]
    if class_.identity in above or len(above) > 40:
        return order
    for base in class_.bases:
        part = _linear(base, (*above, class_.identity)) if isinstance(base, ClassValue) else [base]
        order = [one for one in order if one not in part or one is class_]
        order += part
    return order


def class_attribute(
    class_: ClassValue, name: str, run: Run, store: Store, after: ClassValue | None = None
) -> Value | None:
    """An attribute found on the class or its bases; with `after` only behind that class."""
    passed = after is None
    for one in lineage(class_, run):
        if not passed:
            passed = one == after
            continue
        if isinstance(one, ClassValue):
            value = store.read((one.identity, name))
            if value is not None:
                return store.narrowed(value)
        elif name in _CALLS and isinstance(one, Library) and one.name in run.knowledge.own:
            return None  # the user says what a call does
    return None


def library_bases(class_: ClassValue, run: Run) -> tuple[str, ...]:
    """The dotted names of the library classes that the class builds on."""
    return tuple(one.name for one in lineage(class_, run) if isinstance(one, Library))


def has_unknown_base(class_: ClassValue, run: Run) -> bool:
    """True where some base is not known at all."""
    return any(isinstance(one, Unknown) for one in lineage(class_, run))
