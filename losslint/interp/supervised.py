"""Classes of the program that build on a framework's trainer: the trainer calls a loss on a model's output out of sight."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import BoundMethod, ClassValue, FunctionValue, Instance, TupleValue, Unknown
from losslint.facts import Argument
from losslint.interp.binding import bind_row
from losslint.interp.class_bodies import class_attribute, library_bases
from losslint.interp.frame import Frame
from losslint.knowledge.object_effects import Hooks, Supervise
from losslint.knowledge.schema import LossRow, Row

_GIVEN = "given to the trainer"
"""The cell of an object that keeps the model and the loss which its base class was given."""


def trainer_of(class_: ClassValue, frame: Frame) -> tuple[str, Row, Supervise] | None:
    """The trainer that a class builds on, unless the class computes the loss, or the output, in its own way."""
    for name in library_bases(class_, frame.run):
        row = frame.run.knowledge.row(name)
        if row is not None and not isinstance(row, LossRow) and isinstance(row.effect, Supervise):
            own = (class_attribute(class_, step, frame.run, frame.store) for step in row.effect.steps)
            return None if any(isinstance(one, FunctionValue) for one in own) else (name, row, row.effect)
    return None


def take(instance: Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
    """`super().__init__(...)` of a trainer: keep what matters until the object is made."""
    _keep_model(instance, arguments, frame)
    found = trainer_of(instance.class_, frame)
    if found is None or isinstance(found[1], LossRow):
        return
    bound = bind_row(found[1].params, arguments, frame)
    model, loss = bound.value(found[2].model), bound.value(found[2].loss)
    nothing = Unknown("not given to the trainer")
    frame.store.write((instance.identity, _GIVEN), TupleValue((model or nothing, loss or nothing)))


def finish(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> None:
    """The object is made: run the model and the loss that its trainer was given, as calling the trainer itself would."""
    _run_hooks(instance, arguments, site, frame)
    found = trainer_of(instance.class_, frame)
    if found is None:
        return
    name, _, effect = found
    if isinstance(class_attribute(instance.class_, "__init__", frame.run, frame.store), FunctionValue):
        given = frame.store.read((instance.identity, _GIVEN))
        if not isinstance(given, TupleValue):
            return
        pairs = zip((effect.model, effect.loss), given.items, strict=True)
        arguments = tuple(Argument(value, site, key) for key, value in pairs if not isinstance(value, Unknown))
    frame.run.machine.call_library(name, arguments, site, frame)


def _hooks_of(class_: ClassValue, frame: Frame) -> tuple[str, Hooks] | None:
    """The framework class that calls methods of its subclasses with a model, and its parameters."""
    for name in library_bases(class_, frame.run):
        row = frame.run.knowledge.row(name)
        if row is not None and not isinstance(row, LossRow) and isinstance(row.effect, Hooks):
            return row.params, row.effect
    return None


def _keep_model(instance: Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
    """The model that a framework class was given becomes an attribute."""
    found = _hooks_of(instance.class_, frame)
    model = bind_row(found[0], arguments, frame).value(found[1].model) if found is not None else None
    if found is not None and model is not None:
        frame.store.write((instance.identity, found[1].model), model)
        frame.run.attributes.setdefault(instance.identity, {})[found[1].model] = None


def _run_hooks(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> None:
    """Call the methods that the framework calls with its model; without one they wait for their turn as all methods do."""
    found = _hooks_of(instance.class_, frame)
    if found is None:
        return
    if not isinstance(class_attribute(instance.class_, "__init__", frame.run, frame.store), FunctionValue):
        _keep_model(instance, arguments, frame)
    model = frame.store.read((instance.identity, found[1].model))
    if model is None or isinstance(model, Unknown):
        return
    for name in found[1].methods:
        method = class_attribute(instance.class_, name, frame.run, frame.store)
        if isinstance(method, FunctionValue):
            given = (Argument(model, site), Argument(Unknown("a batch of data"), site))
            frame.run.machine.call(BoundMethod(instance, method), given, site, frame)
