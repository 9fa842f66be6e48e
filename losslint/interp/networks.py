"""Ready-made models of libraries: their heads, which programs look into and replace, and what calling them gives."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, exact
from losslint.domain.kind import Unspecified
from losslint.domain.lattice import choice, options_of
from losslint.domain.origin import Origin, Site
from losslint.domain.value import (
    ALWAYS,
    NONE,
    Const,
    Constant,
    Entries,
    LibraryObject,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.binding import bind_row, default_value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents, new_dict, with_step
from losslint.knowledge.object_effects import Chosen, Network, Part, Rehead, Returned
from losslint.knowledge.schema import LayerRow
from losslint.knowledge.signature import REQUIRED, parameters
from losslint.knowledge.tensor_effects import Affine

AS_BUILT = "as built"
"""The cell of a network that holds its parts as they were at first."""
_ALL_MODULES = "_modules"


def network_of(value: Value, frame: Frame) -> tuple[Network, LayerRow] | None:
    """The effect and the row of a ready-made model; None for other values."""
    if isinstance(value, LibraryObject):
        row = frame.run.knowledge.layer(value.name)
        if row is not None and isinstance(row.effect, Network):
            return row.effect, row
    return None


def build_network(made: LibraryObject, effect: Network, row: LayerRow, frame: Frame, is_open: bool) -> None:
    """Put the parts of a new network where programs look for them. `is_open` tells that some arguments are not known."""
    given = dict(made.arguments)
    classes = given.get(effect.classes or "")
    if classes is None:
        classes = None if is_open or effect.classes is None else default_value(row.params, effect.classes)
    frame.store.write((made.identity, "training"), Const(True))
    set_parts(made, effect, classes if classes is not None else Unknown("a number of classes"), frame)
    if any(not _is_as_said(given.get(name), wanted, is_open) for name, wanted in effect.only_with):
        forget_parts(made, frame)


def _is_as_said(value: Value | None, wanted: Constant, is_open: bool) -> bool:
    return not is_open if value is None else value == Const(wanted)


def set_parts(made: LibraryObject, effect: Network, classes: Value, frame: Frame) -> None:
    """Give a network affine heads."""
    without = classes == Const(0)
    parts: tuple[Value, ...] = tuple(
        Unknown("features: the model was built without a head") if without else _part(part, made, classes, frame)
        for part in effect.parts
    )
    for part, value in zip(effect.parts, parts, strict=True):
        frame.store.write((made.identity, part.attribute), value)
    frame.store.write((made.identity, AS_BUILT), TupleValue(parts))


def _part(part: Part, owner: LibraryObject, classes: Value, frame: Frame) -> Value:
    whole = _layer(part.row, classes, owner, frame)
    if part.layers or part.last:
        layers: list[tuple[Constant, Value]] = []
        final = max((at for at, (_, row) in enumerate(part.layers) if _size_of(row, frame) is not None), default=-1)
        for at, (name, row) in enumerate(part.layers):
            layers.append((name, _layer(row, classes if at == final else Unknown("a size"), owner, frame)))
        if part.last is not None:
            layers.append((str(len(layers)), _chosen(part.last, owner, frame)))
        frame.store.write((whole.identity, "items"), Entries(tuple(layers)))
    return whole


def _size_of(name: str, frame: Frame) -> str | None:
    """The parameter of a layer with its number of outputs."""
    row = frame.run.knowledge.layer(name)
    match row.effect if row is not None else None:
        case Affine(size):
            return size
        case Network(_, classes):
            return classes
        case _:
            return None


def _layer(name: str, classes: Value, owner: LibraryObject, frame: Frame) -> LibraryObject:
    """A layer of a network; what has a number of outputs gets that of the network's classes."""
    size, row = _size_of(name, frame), frame.run.knowledge.layer(name)
    arguments = tuple(
        (one.name, classes if one.name == size else Unknown(f"{one.name} of a ready-made model"))
        for one in (parameters(row.params) if row is not None else ())
        if one.kind == "positional" and (one.default is REQUIRED or one.name == size)
    )
    made = LibraryObject(frame.run.fresh(), name, arguments, owner.origin)
    found = network_of(made, frame)
    if found is not None:
        build_network(made, *found, frame, False)
    return made


def _chosen(chosen: Chosen, owner: LibraryObject, frame: Frame) -> Value:
    value = frame.store.narrowed(dict(owner.arguments).get(chosen.by, NONE))
    options = []
    for option in options_of(value):
        layer: Value = Unknown(f"a layer that {chosen.by} chooses")
        for wanted, name, given in chosen.rows:
            if option.value == Const(wanted):
                options_given = tuple((key, Const(number)) for key, number in given)
                layer = LibraryObject(frame.run.fresh(), name, options_given, owner.origin)
        options.append(Option(option.guard, layer))
    return choice(options)


def forget_parts(value: LibraryObject, frame: Frame) -> None:
    """Note that a network was changed in ways that are not followed: what it gives is not known any more."""
    if network_of(value, frame) is not None:
        frame.store.write((value.identity, "items"), Repeated(Unknown("layers that are not known")))


def network_attribute(value: LibraryObject, name: str, frame: Frame) -> Value | None:
    """An attribute of a network that the program has not set; None where it can be a method."""
    if name == _ALL_MODULES and isinstance(contents(value, frame), Entries):
        return value  # what a container keeps by name is changed there as in the container itself
    if network_of(value, frame) is None:
        return None
    if name == _ALL_MODULES:
        forget_parts(value, frame)
    return Unknown(f"the attribute {name} of {_short(value)}", ("attr", value.identity, name))


def rehead(effect: Rehead, call: EffectCall, given: Value | None) -> Value:
    """A method that gives a network a new affine head."""
    found = network_of(given, call.frame) if given is not None else None
    if found is not None and isinstance(given, LibraryObject):
        classes = call.value(effect.classes)
        set_parts(given, found[0], classes if classes is not None else Unknown("a number of classes"), call.frame)
    return NONE


def call_network(
    value: LibraryObject, effect: Network, row: LayerRow, arguments: tuple[Argument, ...], site: Site, frame: Frame
) -> Value:
    """What a network gives: the outputs of its heads as they are now."""
    own = frame.store.read((value.identity, "forward"))
    if own is not None:
        return frame.run.machine.call(own, arguments, site, frame)
    built = frame.store.read((value.identity, AS_BUILT))
    if not isinstance(built, TupleValue) or contents(value, frame) is not None:
        return Unknown(f"{_short(value)} with parts that are not followed")
    features = _features(effect, arguments)
    outputs = _anywhere(value, effect, built, features, site, frame) if effect.anywhere else None
    if outputs is None:
        outputs = tuple(_head_output(value, part.attribute, features, site, frame) for part in effect.parts)
    step = Origin(site, f"called here: {_short(value)}")
    outputs = tuple(with_step(_settled(output, effect), step) if site.node else output for output in outputs)
    match effect.returned:
        case Returned.OUTPUT:
            return outputs[0]
        case Returned.NAMED:
            known: tuple[tuple[Constant, Value], ...] = tuple(zip(effect.names, outputs, strict=False))
            return new_dict(Entries(known), frame)
        case Returned.WHILE_TRAINING:
            return _while_training(value, effect, outputs, frame)
        case Returned.WITH_LOSS:
            return _with_loss(effect, row, outputs[0], arguments, frame)


def _settled(output: Value, effect: Network) -> Value:
    """The output of a head in the shape in which the network hands it on."""
    return replace(output, shape=UNKNOWN_SHAPE) if effect.reshaped and isinstance(output, Tensor) else output


def _features(effect: Network, arguments: tuple[Argument, ...]) -> Tensor:
    """What reaches the heads: numbers that are not followed, of the rank that the model makes."""
    given = arguments[0].value if arguments else None
    shape = exact(*(None,) * effect.rank) if effect.rank is not None else UNKNOWN_SHAPE
    if effect.rank is None and isinstance(given, Tensor):
        shape = given.shape
    return Tensor(Unspecified("features of a ready-made model"), shape, "float")


def _head_output(value: LibraryObject, attribute: str, features: Tensor, site: Site, frame: Frame) -> Value:
    head = frame.store.read((value.identity, attribute))
    return Unknown("a head that is not known") if head is None else _through(head, features, site, frame)


def _through(head: Value, features: Tensor, site: Site, frame: Frame) -> Value:
    head = frame.store.narrowed(head)
    at = head.origin.site if isinstance(head, LibraryObject) and head.origin is not None else site
    return frame.run.machine.call(head, (Argument(features, at),), at, frame)


def _anywhere(
    value: LibraryObject, effect: Network, built: TupleValue, features: Tensor, site: Site, frame: Frame
) -> tuple[Value, ...] | None:
    """What the heads that the program replaced give; None where it replaced none."""
    options: list[Option] = []
    for part, first in zip(effect.parts, built.items, strict=True):
        now = frame.store.read((value.identity, part.attribute))
        options += [
            Option(option.guard, _through(option.value, features, site, frame))
            for option in (options_of(frame.store.narrowed(now)) if now is not None else ())
            if option.value != first or _is_changed(first, frame)
        ]
    return tuple(choice(options) for _ in effect.names or ("",)) if options else None


def _is_changed(part: Value, frame: Frame) -> bool:
    """True for a part, itself a network, in which the program replaced a head."""
    found = network_of(part, frame)
    if found is None or not isinstance(part, LibraryObject):
        return False
    if contents(part, frame) is not None:
        return True
    built = frame.store.read((part.identity, AS_BUILT))
    items = built.items if isinstance(built, TupleValue) else ()
    return any(
        frame.store.read((part.identity, inner.attribute)) != first
        for inner, first in zip(found[0].parts, items, strict=False)
    )


def _while_training(value: LibraryObject, effect: Network, outputs: tuple[Value, ...], frame: Frame) -> Value:
    """In training a named tuple with the results of auxiliary heads, in evaluation the main one alone."""
    extras = _has_extras(value, effect, frame)
    mode = frame.store.narrowed(frame.store.read((value.identity, "training")) or Unknown("the mode"))
    many = TupleValue(outputs, effect.names)
    if extras is False or mode == Const(False):
        return outputs[0]
    if extras and mode == Const(True):
        return many
    return choice((Option(ALWAYS, outputs[0]), Option(ALWAYS, many)))


def _has_extras(value: LibraryObject, effect: Network, frame: Frame) -> bool | None:
    """Whether a network has auxiliary heads; None where that cannot be told."""
    given = dict(value.arguments)
    stated = frame.store.read((value.identity, effect.extras or "")) or given.get(effect.extras or "")
    if stated is not None:
        stated = frame.store.narrowed(stated)
        return bool(stated.value) if isinstance(stated, Const) else None
    against = [given[name] for name in effect.no_extras if name in given]
    if any(isinstance(one, Unknown) for one in against):
        return None
    return all(isinstance(one, Const) and not one.value for one in against)


def _with_loss(effect: Network, row: LayerRow, scores: Value, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    """An object that has the loss first where labels were given, and the scores by their names."""
    bound = bind_row(row.call, arguments, frame)
    labels = bound.value(effect.labels)
    several = tuple(scores for _ in effect.names)
    if labels == NONE or (labels is None and not bound.open and bound.value("args") is None):
        return TupleValue(several, effect.names)
    if labels is None or isinstance(labels, Unknown):
        first: Value = Unknown("a loss that the model computes where it is given labels")
    else:
        first = Tensor(Unspecified("a loss that the model computes"), UNKNOWN_SHAPE, "float")
    return TupleValue((first, *several), ("loss", *effect.names))


def _short(value: LibraryObject) -> str:
    names = [part for part in value.name.split(".") if not part.startswith(("from_", "__"))]
    return names[-1]
