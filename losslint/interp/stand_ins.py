"""Objects of program classes that build on what the user describes: a library object stands in for them where they are called."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import ClassValue, FunctionValue, Instance, Library, LibraryObject, Unknown
from losslint.facts import Argument
from losslint.interp.class_bodies import class_attribute, lineage
from losslint.interp.frame import Frame

_CELL = "what stands in for it"


def build(instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> None:
    """Build what stands in for a new object, with the arguments of its class where that hands them on unchanged."""
    for one in lineage(instance.class_, frame.run):
        if isinstance(one, Library) and one.name in frame.run.knowledge.own:
            made = frame.run.machine.call(one, arguments, site, frame)
            if isinstance(made, LibraryObject):
                frame.store.write((instance.identity, _CELL), made)
            return
        if isinstance(one, ClassValue) and frame.store.read((one.identity, "__init__")) is not None:
            arguments = (Argument(Unknown("what a subclass hands on"), site, starred="**"),)


def stand_in(instance: Instance, frame: Frame) -> LibraryObject | None:
    """What stands in for an object wherever a described class has its say; None where there is no such class."""
    found = frame.store.read((instance.identity, _CELL)) if frame.run.knowledge.own else None
    return found if isinstance(found, LibraryObject) else None


def called_as(instance: Instance, frame: Frame) -> LibraryObject | None:
    """What stands in for an object when it is called; None where a subclass has a `forward` of its own."""
    found = stand_in(instance, frame)
    if found is None:
        return None
    own = (class_attribute(instance.class_, name, frame.run, frame.store) for name in ("forward", "__call__"))
    return None if any(isinstance(one, FunctionValue) for one in own) else found
