"""Classes of the program that build on a framework's trainer: the trainer calls a loss on a model's output out of sight."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import ClassValue, FunctionValue, Instance, TupleValue, Unknown
from losslint.facts import Argument
from losslint.interp.binding import bind_row
from losslint.interp.class_bodies import class_attribute, library_bases
from losslint.interp.frame import Frame
from losslint.knowledge.schema import LossRow, Row, Supervise

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
    found = trainer_of(instance.class_, frame)
    if found is None or isinstance(found[1], LossRow):
        return
    bound = bind_row(found[1].params, arguments, frame)
    model, loss = bound.value(found[2].model), bound.value(found[2].loss)
    nothing = Unknown("not given to the trainer")
    frame.store.write((instance.identity, _GIVEN), TupleValue((model or nothing, loss or nothing)))


def finish(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> None:
    """The object is made: run the model and the loss that its trainer was given, as calling the trainer itself would."""
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
