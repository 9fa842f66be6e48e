"""Objects of program classes: making them, calling them, and reading attributes of everything."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import (
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    Entries,
    FunctionValue,
    Instance,
    Library,
    LibraryMethod,
    LibraryObject,
    ModuleValue,
    Partial,
    Super,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp import datasets, stand_ins, supervised, wrapped
from losslint.interp.attributes import OWN_SETTER, PLAIN_SETTER, owner_of, perhaps
from losslint.interp.branches import each
from losslint.interp.class_bodies import class_attribute, has_unknown_base, library_bases, lineage
from losslint.interp.frame import ANY_ATTRIBUTE, LEAVES, PATCHED, Frame, Run
from losslint.interp.functions import call_function, spread
from losslint.interp.gradients import from_attribute
from losslint.interp.importing import module_member
from losslint.interp.iteration import contents
from losslint.interp.registries import namespace
from losslint.interp.subscripts import look_up
from losslint.knowledge.object_effects import Container, Network, Role
from losslint.knowledge.schema import LayerRow
from losslint.names.definitions import ClassDefinition, FunctionDefinition

DELEGATE = "__getattr__"
MAX_INSTANCES = 4
"""Instances of one class that are kept for methods nobody calls."""


def role_of(class_: ClassValue, run: Run) -> Role | None:
    """What the library bases of a class make of its objects."""
    for name in library_bases(class_, run):
        row = run.knowledge.row(name)
        if isinstance(row, LayerRow) and isinstance(row.effect, Container):
            return row.effect.role
        if isinstance(row, LayerRow) and isinstance(row.effect, Network):
            return Role.MODULE
    return None


def instantiate(class_: ClassValue, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call a class of the program."""
    run = frame.run
    instance = Instance(run.fresh(), class_)
    if role_of(class_, run) is not None:
        frame.store.write((instance.identity, "training"), Const(True))
    creator = class_attribute(class_, "__init__", run, frame.store)
    if isinstance(creator, FunctionValue):
        me = Argument(instance, site)
        call_function(creator, (me, *arguments), site, frame, instance)
    elif isinstance(class_.definition, ClassDefinition) and class_.definition.is_record:
        _fill_record(class_, instance, arguments, frame)
    elif role_of(class_, run) in (Role.SEQUENTIAL, Role.MODULE_LIST, Role.MODULE_DICT):
        run.machine.fill(instance, arguments, frame)
    if run.knowledge.own:
        stand_ins.build(instance, arguments, site, frame)
    if not isinstance(creator, FunctionValue):
        wrapped.take(instance, arguments, frame)
        datasets.take(instance, arguments, frame)
    supervised.finish(instance, arguments, site, frame)
    for one in lineage(class_, run):
        if isinstance(one, ClassValue):
            kept = run.created.setdefault(one, [])
            if len(kept) < MAX_INSTANCES:
                kept.append((instance, run.top))
    return instance


def _fill_record(class_: ClassValue, instance: Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
    positional, keywords, loose = spread(arguments, frame)
    items: list[Value] = []
    for one in reversed(lineage(class_, frame.run)):
        definition = one.definition if isinstance(one, ClassValue) else None
        for field in definition.fields if isinstance(definition, ClassDefinition) else ():
            default = frame.store.read((one.identity, field.name)) if isinstance(one, ClassValue) else None
            value = positional.pop(0) if positional else keywords.get(field.name, loose or default)
            if value is not None:
                frame.store.write((instance.identity, field.name), value)
                items.append(value)
    if any(name.endswith("NamedTuple") for name in library_bases(class_, frame.run)):
        frame.store.write((instance.identity, "items"), TupleValue(tuple(items)))


def attribute(value: Value, name: str, site: Site, frame: Frame) -> Value:
    """`value.name`"""
    match value:
        case Instance():
            return _instance_attribute(value, name, site, frame)
        case ClassValue(_, own_name) if name == "__name__":
            return Const(own_name)
        case FunctionValue(FunctionDefinition() as definition) if name == "__name__":
            return Const(definition.name)
        case ClassValue():
            return _class_member(value, name, frame)
        case Super(class_, receiver):
            return _super_attribute(class_, receiver, name, frame)
        case ModuleValue() if name == "__dict__":
            return namespace(value, frame)
        case ModuleValue():
            found = module_member(value, name, frame)
            return (
                found if found is not None else Unknown(f"{name} was not found in its module", ("member", value, name))
            )
        case Library(dotted):
            found = Library(frame.run.knowledge.canonical(f"{dotted}.{name}"))
            patched = frame.store.read((PATCHED, found.name)) if found.name in frame.run.patched else None
            return found if patched is None else frame.store.narrowed(patched)
        case LibraryObject():
            return _object_attribute(value, name, frame)
        case Tensor():
            return frame.run.machine.tensor_attribute(value, name, site, frame)
        case Unknown(why, symbol):
            return _unknown_attribute(value, why, symbol, name, frame)
        case TupleValue(items, names) if name in names:
            return items[names.index(name)]
        case Partial(function) if name == "func":
            return function
        case Choice():
            return each(frame, value, lambda one: attribute(one, name, site, frame))
        case _:
            return LibraryMethod(value, name)


def _unknown_attribute(value: Unknown, why: str, symbol: tuple[object, ...] | None, name: str, frame: Frame) -> Value:
    if symbol == LEAVES:
        return value
    if frame.run.machine.is_tensor_method(name, frame):
        return LibraryMethod(value, name)
    if symbol is None:
        return Unknown(why)
    written = frame.store.read((symbol, name))
    if written is not None:
        return written
    found = ("attr", symbol, name)
    known = frame.store.known_value(found)
    return known if known is not None else Unknown(why, found)


def _instance_attribute(instance: Instance, name: str, site: Site, frame: Frame) -> Value:
    store, run = frame.store, frame.run
    value = store.read((instance.identity, name))
    if value is not None:
        return from_attribute(store.narrowed(value))
    if name == "__class__":
        return instance.class_
    found = class_attribute(instance.class_, name, run, store)
    if found is not None:
        if not isinstance(found, FunctionValue):
            found = _overridden(found, instance, name, frame)
        return bind_member(found, instance, site, frame)
    held = contents(instance, frame)
    if isinstance(held, Entries) and any(key == name for key, _ in held.known):
        return look_up(held, Const(name), frame)
    of_data = datasets.attribute(instance, name, frame)
    if of_data is not None:
        return of_data
    role = role_of(instance.class_, run)
    if role is not None and run.knowledge.unwraps(name):
        return instance
    if role is not None or library_bases(instance.class_, run) or has_unknown_base(instance.class_, run):
        method = run.machine.base_method(instance, name, frame)
        if method is not None:
            return method
    if owner_of(LibraryMethod(instance, name)) is not None:
        return LibraryMethod(instance, name)
    delegate = class_attribute(instance.class_, DELEGATE, run, store) if DELEGATE in run.method_names else None
    if isinstance(delegate, FunctionValue):
        return run.machine.call(BoundMethod(instance, delegate), (Argument(Const(name), site),), site, frame)
    if _surely_lacks(instance, name, frame):
        return Unknown(f"{instance.class_.name} has no {name}", LEAVES)
    return Unknown(f"the attribute {name} was not set where we looked", ("attr", instance.identity, name))


def _overridden(found: Value, instance: Instance, name: str, frame: Frame) -> Value:
    """What the class holds, where no attribute that was set by a name made at run time may hide it."""
    newer = frame.store.read((instance.identity, ANY_ATTRIBUTE))
    return found if newer is None else perhaps(found, newer, ("attr", instance.identity, name))


def _surely_lacks(instance: Instance, name: str, frame: Frame) -> bool:
    """True for a method of other classes of the program that this class, all of it known, does not have: a call raises."""
    run = frame.run
    if name not in run.method_names or has_unknown_base(instance.class_, run):
        return False
    if any(not run.knowledge.is_closed(base) for base in library_bases(instance.class_, run)):
        return False
    return class_attribute(instance.class_, DELEGATE, run, frame.store) is None


def bind_member(found: Value, receiver: Value, site: Site, frame: Frame) -> Value:
    """What a class attribute is when it is taken from an object."""
    if not isinstance(found, FunctionValue):
        return found
    definition = found.definition
    kind = definition.kind if isinstance(definition, FunctionDefinition) else "function"
    if kind == "static":
        return found
    if kind == "class":
        return BoundMethod(receiver.class_ if isinstance(receiver, Instance) else receiver, found)
    if kind == "property":
        return call_function(found, (Argument(receiver, site),), Site(None, site.module), frame, receiver)
    return BoundMethod(receiver, found)


def _class_member(class_: ClassValue, name: str, frame: Frame) -> Value:
    found = class_attribute(class_, name, frame.run, frame.store)
    if found is None:
        bases = library_bases(class_, frame.run)
        if bases:
            return Library(frame.run.knowledge.canonical(f"{bases[0]}.{name}"))
        return Unknown(f"the class attribute {name} was not found", ("attr", class_.identity, name))
    definition = found.definition if isinstance(found, FunctionValue) else None
    if isinstance(definition, FunctionDefinition) and definition.kind == "class":
        return BoundMethod(class_, found)
    return found


def _super_attribute(class_: ClassValue, receiver: Value, name: str, frame: Frame) -> Value:
    own = (
        receiver.class_ if isinstance(receiver, Instance) else receiver if isinstance(receiver, ClassValue) else class_
    )
    found = class_attribute(own, name, frame.run, frame.store, after=class_)
    if found is not None:
        return bind_member(found, receiver, Site(None, frame.unit), frame)
    if isinstance(receiver, Instance):
        method = frame.run.machine.base_method(receiver, name, frame)
        if method is not None:
            return method
        if name == DELEGATE:
            return Unknown("the attribute is not there, or it would have been found", LEAVES)
        if name == OWN_SETTER:
            return Partial(Library(PLAIN_SETTER), (receiver,), ())
    return Unknown(f"{name} of a base class that is not followed")


def _object_attribute(value: LibraryObject, name: str, frame: Frame) -> Value:
    written = frame.store.read((value.identity, name))
    if written is not None:
        return frame.store.narrowed(written)
    held = contents(value, frame)
    if isinstance(held, Entries):
        for key, item in held.known:
            if key == name:
                return item
    is_loss = frame.run.knowledge.loss(value.name) is not None
    for parameter, item in value.arguments:
        if parameter == name and not is_loss:
            return item
    if frame.run.knowledge.unwraps(name):
        return value
    of_data = datasets.attribute(value, name, frame)
    if of_data is not None:
        return of_data
    unset = frame.run.machine.network_attribute(value, name, frame)
    return unset if unset is not None else LibraryMethod(value, name)


def call_instance(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """`instance(...)`: `__call__`, or `forward` where a base class turns calls into it."""
    described = stand_ins.called_as(instance, frame)
    if described is not None:
        return frame.run.machine.call(described, arguments, site, frame)
    method = class_attribute(instance.class_, "__call__", frame.run, frame.store)
    if isinstance(method, FunctionValue):
        return frame.run.machine.call(bind_member(method, instance, site, frame), arguments, site, frame)
    return call_forward(instance, arguments, site, frame)


def call_forward(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """What calling an object comes to where its class has no `__call__` of its own."""
    run = frame.run
    own = frame.store.read((instance.identity, "forward"))
    if own is not None:
        return run.machine.call(own, arguments, site, frame)
    method = class_attribute(instance.class_, "forward", run, frame.store)
    if isinstance(method, FunctionValue):
        return run.machine.call(bind_member(method, instance, site, frame), arguments, site, frame)
    if role_of(instance.class_, run) is Role.SEQUENTIAL:
        return run.machine.fold_layers(instance, arguments, site, frame)
    layer = run.machine.call_as_library(instance, arguments, site, frame)
    return (
        layer if layer is not None else Unknown(f"objects of {instance.class_.name} are not called in a way we follow")
    )


def generic_instance(class_: ClassValue, frame: Frame) -> Value:
    """An object of a class built with unknown arguments; defaults stand where the class gives them."""
    run = frame.run
    creator = class_attribute(class_, "__init__", run, frame.store)
    site = Site(None, frame.unit)
    if not isinstance(creator, FunctionValue) or not isinstance(creator.definition, FunctionDefinition):
        return instantiate(class_, (), site, frame)
    arguments = run.machine.unknown_arguments(creator, frame, skip_first=True)
    return instantiate(class_, arguments, site, frame)
