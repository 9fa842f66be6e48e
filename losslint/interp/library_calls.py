"""Calls of library functions, layers and methods: the row is looked up, arguments are bound, its effect does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from losslint.domain.lattice import choice
from losslint.domain.origin import Origin, Site
from losslint.domain.value import (
    Choice,
    Const,
    DictValue,
    Instance,
    Library,
    LibraryMethod,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument, Backward, BoundCall, LossBuilt, LossCase, OpCall, OpCase
from losslint.interp import datasets, supervised, wrapped
from losslint.interp.attributes import OWN_SETTER, PLAIN_SETTER, call_dict_method, owner_of
from losslint.interp.binding import bind_row
from losslint.interp.builtin_functions import BUILTINS, call_builtin
from losslint.interp.builtin_methods import call_container_method
from losslint.interp.class_bodies import library_bases
from losslint.interp.comparisons import noted
from losslint.interp.containers import build_container, call_container, container_method, fold_layers, set_mode
from losslint.interp.effects import arrays
from losslint.interp.effects.carrying import carried
from losslint.interp.effects.creation import count, fill, literal, pictured, sample
from losslint.interp.effects.distributions import build_distribution, draw
from losslint.interp.effects.effect_call import Built, EffectCall
from losslint.interp.effects.folds import fold, gather, order
from losslint.interp.effects.kinds import affine, encode, keep, make, operate, outputs, produce, transfer
from losslint.interp.effects.measures import combine, measure, place
from losslint.interp.effects.motions import move
from losslint.interp.effects.wrappers import (
    bundle,
    collate_samples,
    differentiate,
    expect,
    forget,
    hooks,
    invoke,
    is_tensor,
    named,
    pass_all,
    pass_through,
    split_at_random,
    supervise,
    through,
)
from losslint.interp.fitting import fit
from losslint.interp.formulas import applied
from losslint.interp.frame import Frame
from losslint.interp.functions import hand_over
from losslint.interp.instances import call_forward, role_of
from losslint.interp.losses import call_loss, inherited_loss, loss_of, note_loss_call
from losslint.interp.networks import build_network, call_network, rehead
from losslint.interp.option_parsers import PARSER, option_method
from losslint.interp.stand_ins import stand_in
from losslint.interp.terms import agreed
from losslint.interp.uses import PRODUCTS, note_check, note_product, note_sizes
from losslint.knowledge import data_effects, object_effects, schema, tensor_effects
from losslint.knowledge.object_effects import Container, Mode, Network
from losslint.knowledge.schema import LayerRow, LossRow, OpRow
from losslint.knowledge.signature import parameters
from losslint.knowledge.tensor_effects import Fold, Make, Transfer

HANDLERS: Mapping[type[schema.Effect], Callable[[Any, EffectCall, Value | None], Value]] = {
    tensor_effects.Make: make,
    tensor_effects.Produce: produce,
    tensor_effects.Transfer: transfer,
    tensor_effects.Keep: keep,
    tensor_effects.Affine: affine,
    tensor_effects.Encode: encode,
    tensor_effects.Operate: operate,
    tensor_effects.Outputs: outputs,
    tensor_effects.Move: move,
    tensor_effects.Fold: fold,
    tensor_effects.Gather: gather,
    tensor_effects.Order: order,
    tensor_effects.Combine: combine,
    tensor_effects.Measure: measure,
    tensor_effects.Place: place,
    tensor_effects.Fill: fill,
    tensor_effects.Sample: sample,
    tensor_effects.Draw: draw,
    tensor_effects.Count: count,
    tensor_effects.Literal: literal,
    object_effects.PassThrough: pass_through,
    object_effects.PassAll: pass_all,
    object_effects.Invoke: invoke,
    data_effects.Split: split_at_random,
    data_effects.Fits: fit,
    data_effects.ArrayOf: arrays.array_of,
    data_effects.Canvas: arrays.canvas,
    data_effects.JoinedArrays: arrays.joined_arrays,
    data_effects.Integers: arrays.integers,
    data_effects.Picked: arrays.picked,
    data_effects.Floats: arrays.floats,
    data_effects.Recast: arrays.recast,
    data_effects.Table: arrays.table,
    data_effects.EachSplit: arrays.each_split,
    data_effects.Encoded: arrays.encoded,
    data_effects.Unboxed: arrays.unboxed,
    data_effects.Through: through,
    data_effects.Pictured: pictured,
    data_effects.Collate: collate_samples,
    data_effects.IsTensor: is_tensor,
    object_effects.Supervise: supervise,
    object_effects.Hooks: hooks,
    object_effects.Bundle: bundle,
    object_effects.Expect: expect,
    object_effects.Forget: forget,
    object_effects.Differentiate: differentiate,
    object_effects.Named: named,
    object_effects.Rehead: rehead,
}
_BY_VALUE = (
    tensor_effects.Literal,
    tensor_effects.Gather,
    object_effects.PassThrough,
    object_effects.PassAll,
    object_effects.Invoke,
    object_effects.Supervise,
    object_effects.Named,
    object_effects.Bundle,
    data_effects.Split,
    data_effects.Collate,
    data_effects.ArrayOf,
    data_effects.JoinedArrays,
    data_effects.Picked,
    data_effects.EachSplit,
)
"""Effects that look at their arguments themselves, instead of being applied to each alternative of the first."""


def call_library(name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call something of a library by its dotted name."""
    if name in BUILTINS:
        return call_builtin(name, arguments, site, frame)
    if name.endswith(f".{OWN_SETTER}"):
        return call_builtin(PLAIN_SETTER, arguments, site, frame)
    if loss_of(Library(name), frame) is not None:
        return _direct_loss(Library(name), arguments, site, frame)
    row = frame.run.knowledge.row(name)
    match row:
        case OpRow():
            return apply_row(row, arguments, site, frame, name=name.rpartition(".")[2])
        case LossRow():
            return _build_loss(row, name, arguments, site, frame)
        case LayerRow() if isinstance(row.effect, object_effects.Supervise):
            return apply_row(row, arguments, site, frame)
        case LayerRow() if isinstance(row.effect, Container):
            return build_container(row.effect.role, name, arguments, site, frame)
        case LayerRow():
            return _build_layer(row, name, arguments, site, frame)
    hand_over(arguments, site, frame)
    return Unknown(f"no row for {name}", ("call", id(site.node)))


def _direct_loss(value: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    cases: list[LossCase] = []
    result = call_loss(value, arguments, site, frame, cases)
    note_loss_call(site, cases, frame)
    return result


def _build_loss(row: LossRow, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    bound = bind_row(row.constructor, arguments, frame)
    if name not in frame.run.knowledge.own:  # what the constructor of a user's class may be given we do not judge
        frame.run.note_fact(LossBuilt(site, row, name, arguments, bound, False))
    return LibraryObject(
        frame.run.fresh(), name, _options(row.constructor, bound), Origin(site, f"{name} is made here")
    )


def _build_layer(row: LayerRow, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    bound = bind_row(row.params, arguments, frame)
    note_sizes(bound, site, frame)
    options = _options(row.params, bound, hides=not isinstance(row.effect, Network))
    made = LibraryObject(frame.run.fresh(), name, options, Origin(site, f"{name} is made here"))
    if isinstance(row.effect, tensor_effects.Distribution):
        build_distribution(made, row.effect, row, bound, site, frame)
    if isinstance(row.effect, Network):
        starred = any(one.kind == "star" and one.name in bound.arguments for one in parameters(row.params))
        build_network(made, row.effect, row, frame, bound.open or starred)
    return made


def _options(params: str, bound: BoundCall, hides: bool = True) -> tuple[tuple[str, Value], ...]:
    """What an object was built with; where arguments were spread out, each that was not seen may be among them."""
    given = tuple((key, argument.value) for key, argument in bound.arguments.items())
    if not (bound.open and hides):
        return given
    hidden = (one.name for one in parameters(params) if one.name not in bound.arguments)
    return (*given, *((name, Unknown("one of an unknown number of arguments")) for name in hidden))


def call_object(value: LibraryObject, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call what a library class made."""
    own = frame.store.read((value.identity, "forward")) if value.identity in frame.run.attributes else None
    if own is not None:
        return frame.run.machine.call(frame.store.narrowed(own), arguments, site, frame)
    if loss_of(value, frame) is not None:
        return _direct_loss(value, arguments, site, frame)
    row = frame.run.knowledge.layer(value.name)
    if row is None:
        return Unknown(f"no row for objects of {value.name}")
    if isinstance(row.effect, Container):
        return call_container(value, row.effect.role, arguments, site, frame)
    if isinstance(row.effect, Network):
        return call_network(value, row.effect, row, arguments, site, frame)
    built_at = value.origin.site if value.origin is not None else site
    return apply_row(row, arguments, site, frame, Built(dict(value.arguments), built_at))


def call_as_library(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value | None:
    """Call an object whose class adds nothing to the calling of a library class."""
    if loss_of(instance, frame) is not None:
        return _direct_loss(instance, arguments, site, frame)
    for name in library_bases(instance.class_, frame.run):
        row = frame.run.knowledge.layer(name)
        if row is not None and not isinstance(row.effect, Container):
            return apply_row(row, arguments, site, frame)
    inner = wrapped.wrapped_by(instance, frame)
    return None if inner is None else frame.run.machine.call(inner, arguments, site, frame)


def call_method(receiver: Value, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call a method of a tensor, a module, a list, a dict or a string."""
    if isinstance(receiver, ListValue | DictValue | TupleValue | Repeated | Const):
        return call_container_method(receiver, name, arguments, site, frame)
    if isinstance(receiver, LibraryMethod) and owner_of(receiver) is not None:
        return call_dict_method(receiver, name, arguments, site, frame)
    me = Argument(receiver, site)
    if isinstance(receiver, LibraryObject) and receiver.name == PARSER:
        return option_method(receiver, name, arguments, frame)
    if isinstance(receiver, LibraryObject | Instance):
        if name in ("forward", "__call__"):
            return _forward(receiver, name, arguments, site, frame)
        if name == "__init__" and isinstance(receiver, Instance):
            supervised.take(receiver, arguments, frame)
            wrapped.take(receiver, arguments, frame)
            datasets.take(receiver, arguments, frame)
        found = datasets.method(receiver, name, arguments, frame)
        if found is None:
            found = container_method(receiver, name, arguments, site, frame)
        if found is not None:
            return found
        row = _own_method(receiver, name, frame) or frame.run.knowledge.module_method(name)
        if row is None:
            hand_over(arguments, site, frame)
            return Unknown(f"no row for the method {name}")
        if isinstance(row.effect, Mode):
            return _switch(row, (me, *arguments), receiver, frame)
        return apply_row(row, (me, *arguments), site, frame, name=name)
    method = frame.run.knowledge.method(name)
    if method is not None:
        return apply_row(method, (me, *arguments), site, frame, name=name)
    hand_over(arguments, site, frame)
    return Unknown(f"no row for the method {name}", ("call", id(site.node)))


def _own_method(receiver: LibraryObject | Instance, name: str, frame: Frame) -> OpRow | None:
    """The row of a method by the class that its receiver is of, as `Accelerator.prepare` has one."""
    classes = (receiver.name,) if isinstance(receiver, LibraryObject) else library_bases(receiver.class_, frame.run)
    rows = (frame.run.knowledge.op(f"{class_}.{name}") for class_ in classes)
    return next((row for row in rows if row is not None), None)


def _forward(
    receiver: LibraryObject | Instance, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame
) -> Value:
    """`forward` or `__call__` as a library class gives it."""
    if isinstance(receiver, LibraryObject):
        return frame.run.machine.call(receiver, arguments, site, frame)
    if name == "__call__":
        return call_forward(receiver, arguments, site, frame)
    described = stand_in(receiver, frame)
    if described is not None:
        return call_object(described, arguments, site, frame)
    if role_of(receiver.class_, frame.run) is object_effects.Role.SEQUENTIAL:
        return fold_layers(receiver, arguments, site, frame)
    loss = inherited_loss(receiver.class_, frame)
    if loss is not None:
        return _direct_loss(LibraryObject(receiver.identity, loss), arguments, site, frame)
    result = call_as_library(receiver, arguments, site, frame)
    return result if result is not None else Unknown("forward of a base class")


def _switch(row: OpRow, arguments: tuple[Argument, ...], receiver: Value, frame: Frame) -> Value:
    assert isinstance(row.effect, Mode)
    stated = bind_row(row.params, arguments, frame).value("mode")
    training: Value = Const(row.effect.training)
    if row.effect.training and stated is not None:
        training = stated
    set_mode(receiver, training, frame)
    return receiver


def _result(call: EffectCall, given: Value | None, handler: Callable[[Any, EffectCall, Value | None], Value]) -> Value:
    """What one alternative of the input gives."""
    return applied(call, given, carried(call, given, handler(call.row.effect, call, given)))


def apply_row(
    row: OpRow | LayerRow,
    arguments: tuple[Argument, ...],
    site: Site,
    frame: Frame,
    layer: Built | None = None,
    name: str = "",
) -> Value:
    """Bind arguments and apply the effect; operations that make kinds leave a fact. `name` is that of a method."""
    stated = row.call if isinstance(row, LayerRow) and layer is not None else row.params
    bound = bind_row(stated, arguments, frame)
    call = EffectCall(row, bound, site, frame, layer, name)
    first = next((parameter.name for parameter in parameters(stated)), None)
    held = call.value(first)
    given = agreed(held) if isinstance(held, Choice) else held
    handler = HANDLERS.get(type(row.effect))
    if handler is None:
        return Unknown(f"what {row.names[0]} does is not followed")
    if isinstance(row.effect, _BY_VALUE) or not isinstance(given, Choice):
        result = _result(call, given, handler)
        cases: tuple[OpCase, ...] = (OpCase(given, result),) if given is not None else ()
    else:
        found = [
            OpCase(
                option.value,
                _result(call, option.value, handler),
                option.guard,
                frame.run.is_plain(option.guard) and frame.is_usual(),
            )
            for option in given.options
        ]
        cases = tuple(found)
        result = choice(Option(case.guard, case.result) for case in found)
    if isinstance(row.effect, object_effects.Differentiate):
        frame.run.note_fact(Backward(site, cases, bound))
    if row.verb and cases and _is_told(row.effect):
        written_at, built = (site, None) if layer is None else (layer.site, layer.arguments)
        frame.run.note_fact(OpCall(site, row, bound, cases, written_at, built, frame.run.elsewhere))
    if isinstance(row.effect, tensor_effects.Operate) and row.effect.operator in PRODUCTS and given is not None:
        note_product(given, call.second() or given, frame)
    if isinstance(row.effect, tensor_effects.Operate) and given is not None and "other" in bound.arguments:
        return noted(row.effect.operator, Argument(given, site), bound.arguments["other"], result, site, frame)
    if isinstance(row.effect, Fold) and row.effect.reduction is tensor_effects.Reduction.TRUTH and given is not None:
        note_check(given, frame)
    return result


def _is_told(effect: schema.Effect) -> bool:
    """True for operations that rules judge; of those that fold an axis, for the ones that give an index."""
    if isinstance(effect, Fold):
        return effect.pair or effect.reduction is tensor_effects.Reduction.INDEX
    return isinstance(effect, Make | Transfer | tensor_effects.Draw)


def tensor_attribute(tensor: Tensor, name: str, site: Site, frame: Frame) -> Value:
    """An attribute of a tensor: its shape, its transpose, or a method."""
    row = frame.run.knowledge.attribute(name)
    if row is not None:
        return apply_row(row, (Argument(tensor, site),), site, frame)
    return LibraryMethod(tensor, name)


def is_tensor_method(name: str, frame: Frame) -> bool:
    """True where the name of a method alone tells that its receiver is a tensor, in a module that uses torch."""
    row = frame.run.knowledge.method(name)
    return row is not None and row.distinctive and frame.run.uses_tensors(frame.unit)
