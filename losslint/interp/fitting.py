"""Trainers that go through loaders and call methods of a model with each batch."""

from __future__ import annotations

from losslint.domain.lattice import element_of
from losslint.domain.origin import Site
from losslint.domain.value import NONE, BoundMethod, Const, FunctionValue, Instance, Scalar, Unknown, Value
from losslint.facts import Argument
from losslint.interp.branches import each
from losslint.interp.class_bodies import class_attribute
from losslint.interp.collate import BATCH
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.frame import GRADIENTS, Frame
from losslint.interp.iteration import iterate
from losslint.knowledge.data_effects import Fits, Phase
from losslint.names.definitions import FunctionDefinition


def fit(effect: Fits, call: EffectCall, given: Value | None) -> Value:
    """Each phase of training, once."""
    model = call.value(effect.model)
    if model is not None and not call.bound.open:
        each(call.frame, model, lambda one: _fit_one(effect, one, call))
    return Unknown("made by a trainer", ("call", id(call.site.node)))


def _fit_one(effect: Fits, model: Value, call: EffectCall) -> Value:
    if not isinstance(model, Instance):
        return NONE
    frame = call.frame
    makers = [
        one for one in (call.value(effect.module), *_modules_in(effect, call), model) if isinstance(one, Instance)
    ]
    for maker in makers:
        _call(maker, effect.prepares, (Const(effect.stage),), frame)
    for phase in effect.phases:
        if not isinstance(class_attribute(model.class_, phase.step, frame.run, frame.store), FunctionValue):
            continue
        batch = _batch(phase, makers, call)
        before = frame.store.read(GRADIENTS)
        if not phase.gradients:
            frame.store.write(GRADIENTS, Const(False))
        _call(model, phase.step, (batch, Scalar("int", 0)), frame)
        if not phase.gradients:
            frame.store.write(GRADIENTS, before if before is not None else Const(True))
    return NONE


def _modules_in(effect: Fits, call: EffectCall) -> list[Value]:
    """A data module given where loaders stand."""
    names = [name for phase in effect.phases for name in phase.given[:1]]
    values = [call.value(name) for name in names]
    return [one for one in values if isinstance(one, Instance) and _makes_loaders(effect, one, call.frame)]


def _makes_loaders(effect: Fits, value: Instance, frame: Frame) -> bool:
    found = (class_attribute(value.class_, phase.loader, frame.run, frame.store) for phase in effect.phases)
    return any(isinstance(one, FunctionValue) for one in found)


def _batch(phase: Phase, makers: list[Instance], call: EffectCall) -> Value:
    """A batch of the loader of a phase."""
    frame = call.frame
    loader = next((value for name in phase.given if (value := call.value(name)) is not None and value != NONE), None)
    if loader is None or (isinstance(loader, Instance) and loader in makers):
        made = (_call(maker, phase.loader, (), frame) for maker in makers)
        loader = next((one for one in made if one is not None), None)
    if loader is None or isinstance(loader, Unknown):
        return BATCH
    return element_of((iterate(loader, frame),))


def _call(owner: Instance, name: str, values: tuple[Value, ...], frame: Frame) -> Value | None:
    """Call a method of the program with as many of these arguments as it takes; None where there is no such method."""
    method = class_attribute(owner.class_, name, frame.run, frame.store)
    if not isinstance(method, FunctionValue):
        return None
    definition = method.definition
    assert isinstance(definition, FunctionDefinition)
    count = sum(one.kind == "positional" for one in definition.parameters[1:])
    site = Site(None, frame.unit)
    arguments = tuple(Argument(value, site) for value in values[:count])
    return frame.run.machine.call(BoundMethod(owner, method), arguments, site, frame)
