"""Objects of program classes that build on a wrapper of modules (DataParallel): called, they call what they wrap."""

from __future__ import annotations

from losslint.domain.value import Instance, Value
from losslint.facts import Argument
from losslint.interp.binding import bind_row
from losslint.interp.class_bodies import library_bases
from losslint.interp.frame import Frame
from losslint.knowledge.object_effects import PassThrough


def take(instance: Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
    """The constructor of the wrapper: keep the module that it is given where the wrapper would."""
    for name in library_bases(instance.class_, frame.run):
        row = frame.run.knowledge.op(name)
        if row is not None and isinstance(row.effect, PassThrough):
            given = bind_row(row.params, arguments, frame).value(row.effect.of)
            if given is not None:
                frame.store.write((instance.identity, row.effect.of), given)


def wrapped_by(instance: Instance, frame: Frame) -> Value | None:
    """The module that an object wraps because its class builds on a wrapper; None for any other object."""
    for name in library_bases(instance.class_, frame.run):
        row = frame.run.knowledge.op(name)
        if row is not None and isinstance(row.effect, PassThrough):
            return frame.store.read((instance.identity, row.effect.of))
    return None
