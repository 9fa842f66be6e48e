"""Containers of layers: Sequential, ModuleList, ModuleDict, and what all modules can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from losslint.domain.lattice import choice, element_of
from losslint.domain.origin import Origin, Site
from losslint.domain.value import (
    Choice,
    Const,
    Constant,
    DictValue,
    Entries,
    Instance,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp import module_trees
from losslint.interp.assignment import layer_key, with_last
from losslint.interp.branches import alternatives
from losslint.interp.frame import Frame
from losslint.interp.functions import spread
from losslint.interp.instances import role_of
from losslint.interp.iteration import contents, iterate
from losslint.knowledge.object_effects import Container, Role
from losslint.knowledge.schema import LayerRow

MAX_MODE_DEPTH = 6


def build_container(role: Role, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Make a container of a library."""
    made = LibraryObject(frame.run.fresh(), name, (), Origin(site, f"{name} is made here"))
    if role in (Role.SEQUENTIAL, Role.MODULE_LIST, Role.MODULE_DICT):
        fill(made, arguments, frame)
    return made


def fill(owner: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
    """Put the layers that a constructor was given into a container."""
    held = _initial(owner, arguments, frame)
    frame.store.write((owner.identity, "items"), held)


def _initial(owner: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    several = _alternatives(arguments, frame)
    if several is not None:
        return several
    positional: list[Value] = []
    for argument in arguments:
        if argument.starred == "*":
            held = iterate(argument.value, frame)
            if isinstance(held, Repeated):
                before = (TupleValue(tuple(positional)),) if positional else ()
                rest = spread(arguments[arguments.index(argument) + 1 :], frame)[0]
                return Repeated(element_of((*before, Repeated(held.element))), (*held.tail, *rest))
            positional += held.items
        elif argument.keyword is None:
            positional.append(argument.value)
        elif argument.keyword == "modules":
            positional = [argument.value]
    if len(positional) == 1:
        first = frame.store.narrowed(positional[0])
        inner = contents(first, frame) if isinstance(first, DictValue | ListValue | Repeated | TupleValue) else None
        if isinstance(inner, Entries):
            return inner
        if isinstance(inner, TupleValue):
            pairs = _pairs(inner.items, frame)
            return Entries(pairs) if pairs else numbered(_unpaired(inner.items))
        if isinstance(inner, Repeated):
            return inner
        if isinstance(first, Unknown):
            return Repeated(first)
    return numbered(tuple(positional))


def _alternatives(arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """One of several lists of layers, where all layers are given as one such list: a last layer that a setting adds."""
    if len(arguments) != 1:
        return None
    held = contents(frame.store.narrowed(arguments[0].value), frame)
    if not isinstance(held, Choice) or not all(isinstance(option.value, TupleValue) for option in held.options):
        return None
    return choice(
        Option(option.guard, TupleValue(_unpaired(option.value.items)))
        for option in held.options
        if isinstance(option.value, TupleValue)
    )


def _pairs(items: tuple[Value, ...], frame: Frame) -> tuple[tuple[Constant, Value], ...]:
    """Layers by name, as a list of [name, layer] pairs gives them; nothing for any other list."""
    found: list[tuple[Constant, Value]] = []
    for item in items:
        match contents(item, frame):
            case TupleValue((Const(str() as name), layer)):
                found.append((name, layer))
            case _:
                return ()
    return tuple(found)


def _unpaired(items: tuple[Value, ...]) -> tuple[Value, ...]:
    """The layers of a list of layers, or of (name, layer) pairs as an OrderedDict is given."""
    if items and all(isinstance(item, TupleValue) and len(item.items) == 2 for item in items):
        return tuple(item.items[1] for item in items if isinstance(item, TupleValue))
    return items


def numbered(items: tuple[Value, ...]) -> Entries:
    """Layers under their numbers, as containers name them."""
    known: tuple[tuple[Constant, Value], ...] = tuple((str(number), item) for number, item in enumerate(items))
    return Entries(known)


def call_container(
    value: LibraryObject, role: Role, arguments: tuple[Argument, ...], site: Site, frame: Frame
) -> Value:
    """Call a container."""
    if role is Role.SEQUENTIAL:
        return fold_layers(value, arguments, site, frame)
    return Unknown(f"a {role.value} is not called")


def fold_layers(owner: LibraryObject | Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Give the input to the first layer, its output to the second, and so on."""
    held = contents(owner, frame)
    result = arguments[0].value if arguments else Unknown("no input was given")
    if isinstance(held, Entries) and held.rest is None:
        for _, layer in held.known:
            result = _through(layer, result, site, frame)
        return result
    if isinstance(held, Choice):
        sides = [(option.guard, _later_fold(option.value, result, site, frame)) for option in held.options]
        return alternatives(frame, sides)
    if isinstance(held, TupleValue):
        return _later_fold(held, result, site, frame)()
    items = iterate(owner, frame)
    if isinstance(items, Repeated):
        if isinstance(items.element, Unknown):
            result = Unknown(items.element.why)
        else:
            for _ in range(2):
                result = _perhaps(_through(items.element, result, site, frame), result, frame)
        for layer in items.tail:
            result = _through(layer, result, site, frame)
        return result
    return Unknown("a container whose layers are not known")


def _later_fold(layers: Value, given: Value, site: Site, frame: Frame) -> Callable[[], Value]:
    """Run one of several lists of layers, when it is its turn."""

    def work() -> Value:
        if not isinstance(layers, TupleValue):
            return Unknown("a container whose layers are not known")
        result = given
        for layer in layers.items:
            result = _through(layer, result, site, frame)
        return result

    return work


def _perhaps(value: Value, otherwise: Value, frame: Frame) -> Value:
    """One of two values: whether a list of unknown length holds one more layer is a question of its own."""
    test = ("fresh", frame.run.fresh())
    return choice((Option(frozenset({(test, True)}), value), Option(frozenset({(test, False)}), otherwise)))


def _through(layer: Value, given: Value, site: Site, frame: Frame) -> Value:
    layer = frame.store.narrowed(layer)
    if layer == Const(None):
        return given
    at = layer.origin.site if isinstance(layer, LibraryObject) and layer.origin is not None else site
    return frame.run.machine.call(layer, (Argument(given, at),), at, frame)


def set_mode(module: Value, training: Value, frame: Frame, depth: int = 0) -> None:
    """Switch a module and the modules in it between training and evaluation."""
    if depth > MAX_MODE_DEPTH or not isinstance(module, Instance | LibraryObject):
        return
    frame.store.write((module.identity, "training"), training)
    for name in frame.run.module_attributes(module.identity, frame.store):
        held = frame.store.read((module.identity, name))
        for inner in _modules_in(held):
            set_mode(inner, training, frame, depth + 1)


def _modules_in(value: Value | None) -> list[Value]:
    match value:
        case Entries(known, _):
            return [item for _, item in known]
        case TupleValue(items):
            return list(items)
        case Repeated(element, tail):
            return [element, *tail]
        case Choice(options):
            return [option.value for option in options]
        case None:
            return []
        case _:
            return [value]


def container_method(
    receiver: LibraryObject | Instance, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame
) -> Value | None:
    """A method that fills a container or goes through it; None where it is no such method."""
    handler = _METHODS.get(name)
    return None if handler is None else handler(receiver, arguments, frame)


def _held(receiver: LibraryObject | Instance, frame: Frame) -> Value:
    held = contents(receiver, frame)
    return held if held is not None else Entries()


def _append(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    held, layer = _held(receiver, frame), arguments[0].value if arguments else Unknown("nothing")
    if isinstance(held, Entries):
        new: Value = Entries((*held.known, (str(len(held.known)), layer)), held.rest)
    elif isinstance(held, Repeated):
        new = Repeated(held.element, (*held.tail, layer))
    elif isinstance(held, Choice) and all(isinstance(option.value, TupleValue) for option in held.options):
        new = with_last(held, layer)
    else:
        new = Repeated(Unknown("layers that are not known"), (layer,))
    frame.store.write((receiver.identity, "items"), new)
    return receiver


def _add_module(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    positional, keywords, _ = spread(arguments, frame)
    name = keywords.get("name", positional[0] if positional else Unknown("a name"))
    layer = keywords.get("module", positional[1] if len(positional) > 1 else Unknown("a layer"))
    held = _held(receiver, frame)
    is_container = contents(receiver, frame) is not None or _role(receiver, frame) is Role.SEQUENTIAL
    if isinstance(name, Const) and isinstance(name.value, str):
        frame.store.write((receiver.identity, name.value), layer)
        if is_container and isinstance(held, Entries):
            known = tuple((key, item) for key, item in held.known if key != name.value)
            frame.store.write((receiver.identity, "items"), Entries((*known, (name.value, layer)), held.rest))
            return receiver
    if is_container:
        _append(receiver, (Argument(layer, Site(None, None)),), frame)
    return receiver


def _role(receiver: LibraryObject | Instance, frame: Frame) -> Role | None:
    if isinstance(receiver, Instance):
        return role_of(receiver.class_, frame.run)
    row = frame.run.knowledge.layer(receiver.name)
    return row.effect.role if isinstance(row, LayerRow) and isinstance(row.effect, Container) else None


def _extend(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    more = iterate(arguments[0].value, frame) if arguments else TupleValue(())
    _held(receiver, frame)
    if isinstance(more, TupleValue):
        for item in more.items:
            _append(receiver, (Argument(item, Site(None, None)),), frame)
        return receiver
    start = iterate(receiver, frame)
    known = (start,) if isinstance(start, Repeated) or start.items else ()
    frame.store.write((receiver.identity, "items"), Repeated(element_of((*known, Repeated(more.element))), more.tail))
    return receiver


def _update(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    held, more = _held(receiver, frame), contents(arguments[0].value, frame) if arguments else None
    if isinstance(held, Entries) and isinstance(more, Entries):
        merged = tuple({**dict(held.known), **dict(more.known)}.items())
        frame.store.write((receiver.identity, "items"), Entries(merged, more.rest or held.rest))
    return Const(None)


def _values(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    return (
        iterate(receiver, frame) if contents(receiver, frame) is not None else Repeated(Unknown("a layer of a module"))
    )


def _items(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    held = contents(receiver, frame)
    if isinstance(held, Entries) and held.rest is None:
        return TupleValue(tuple(TupleValue((Const(key), item)) for key, item in held.known))
    return Repeated(TupleValue((Unknown("a name"), Unknown("a layer"))))


def _pop(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    held, index = _held(receiver, frame), arguments[0].value if arguments else Const(-1)
    key = layer_key(held, index)
    if isinstance(held, Entries) and isinstance(key, Const) and any(name == key.value for name, _ in held.known):
        left = tuple((name, item) for name, item in held.known if name != key.value)
        frame.store.write((receiver.identity, "items"), Entries(left, held.rest))
        return dict(held.known)[key.value]
    frame.store.write((receiver.identity, "items"), Repeated(Unknown("what is left of a container")))
    return Unknown("a layer that is not known")


def _insert(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    held, values = _held(receiver, frame), [argument.value for argument in arguments]
    if isinstance(held, Entries) and held.rest is None and len(values) == 2 and isinstance(values[0], Const):
        layers = [item for _, item in held.known]
        if isinstance(values[0].value, int):
            layers.insert(values[0].value, values[1])
            frame.store.write((receiver.identity, "items"), numbered(tuple(layers)))
            return receiver
    frame.store.write((receiver.identity, "items"), Repeated(Unknown("what is left of a container")))
    return receiver


def _nothing(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    return Const(None)


def _build(receiver: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    if _role(receiver, frame) in (Role.SEQUENTIAL, Role.MODULE_LIST, Role.MODULE_DICT):
        fill(receiver, arguments, frame)
    return Const(None)


_METHODS: Mapping[str, Callable[[LibraryObject | Instance, tuple[Argument, ...], Frame], Value | None]] = {
    "append": _append,
    "add_module": _add_module,
    "register_module": _add_module,
    "extend": _extend,
    "pop": _pop,
    "insert": _insert,
    "update": _update,
    "values": _values,
    "items": _items,
    "children": module_trees.children,
    "named_children": module_trees.named_children,
    "modules": module_trees.modules,
    "named_modules": module_trees.named_modules,
    "get_submodule": module_trees.get_submodule,
    "apply": module_trees.apply,
    "__init__": _build,
    "register_buffer": _nothing,
    "register_parameter": _nothing,
}


def is_container_method(name: str) -> bool:
    """True for a method that fills a container or goes through it."""
    return name in _METHODS
