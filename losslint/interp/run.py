"""Assembles the parts of the interpreter and runs them over modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from losslint.domain.origin import Site
from losslint.domain.value import Instance, LibraryMethod, LibraryObject, Tensor, Unknown, Value
from losslint.interp import (
    assignment,
    builtin_functions,
    calls,
    containers,
    datasets,
    decorators,
    expressions,
    importing,
    instances,
    library_calls,
    networks,
    roots,
    statements,
)
from losslint.interp.axes import drop_axis
from losslint.interp.class_bodies import library_bases
from losslint.interp.described import locate
from losslint.interp.frame import Frame, Run
from losslint.interp.machine import Machine
from losslint.knowledge.index import Knowledge
from losslint.knowledge.object_effects import Role
from losslint.names.import_lines import Imports
from losslint.names.project import Project, Unit


class Parts:
    """The interpreter's parts, tied together; see `Machine` for what each is for."""

    evaluate = staticmethod(expressions.evaluate)
    execute = staticmethod(statements.execute)
    call = staticmethod(calls.call)
    attribute = staticmethod(instances.attribute)
    assign = staticmethod(assignment.assign)
    builtin = staticmethod(builtin_functions.builtin)
    method_kind = staticmethod(decorators.method_kind)
    decorate = staticmethod(decorators.decorate)
    from_stars = staticmethod(importing.from_stars)
    force = staticmethod(importing.force)
    load = staticmethod(importing.load)
    tensor_attribute = staticmethod(library_calls.tensor_attribute)
    is_tensor_method = staticmethod(library_calls.is_tensor_method)
    fill = staticmethod(containers.fill)
    fold_layers = staticmethod(containers.fold_layers)
    call_library = staticmethod(library_calls.call_library)
    call_as_library = staticmethod(library_calls.call_as_library)
    unknown_arguments = staticmethod(roots.unknown_arguments)
    generic = staticmethod(instances.generic_instance)
    elements = staticmethod(datasets.elements)
    sample_of = staticmethod(datasets.sample_of)

    def lose(self, value: Value, why: str, site: Site, frame: Frame) -> None:
        """Only a run that looks for readers asks what becomes of a value that nobody follows."""

    @staticmethod
    def base_method(instance: Instance, name: str, frame: Frame) -> Value | None:
        """A method that a library base class gives to an object."""
        run = frame.run
        if name in datasets.METHODS and datasets.row_of_data(instance, frame) is not None:
            return LibraryMethod(instance, name)
        if containers.is_container_method(name) or run.knowledge.module_method(name) is not None:
            return LibraryMethod(instance, name)
        if any(run.knowledge.op(f"{base}.{name}") for base in library_bases(instance.class_, run)):
            return LibraryMethod(instance, name)
        if name in ("forward", "__call__") and any(
            run.knowledge.row(base) for base in library_bases(instance.class_, run)
        ):
            return LibraryMethod(instance, name)
        return None

    @staticmethod
    def network_attribute(value: LibraryObject, name: str, frame: Frame) -> Value | None:
        """An attribute of a ready-made model that the program has not set; None where it is a method."""
        knowledge = frame.run.knowledge
        if name in ("forward", "__call__") or containers.is_container_method(name):
            return None
        if knowledge.module_method(name) is not None or knowledge.op(f"{value.name}.{name}") is not None:
            return None
        return networks.network_attribute(value, name, frame)

    @staticmethod
    def is_sequential(owner: Value, frame: Frame) -> bool:
        """True for an object whose layers run one after the other."""
        return isinstance(owner, Instance) and instances.role_of(owner.class_, frame.run) is Role.SEQUENTIAL

    @staticmethod
    def row_of(tensor: Value) -> Value:
        """What going through a tensor's first axis gives."""
        return drop_axis(tensor, 0) if isinstance(tensor, Tensor) else Unknown("a row")


def new_run(project: Project, knowledge: Knowledge, imports: Imports, machine: Machine | None = None) -> Run:
    """A run that has seen nothing yet; `machine` stands in for the interpreter's own parts."""
    return Run(project, knowledge, machine or Parts(), imports, described=locate(project, knowledge))


def pieces(
    run: Run, units: Sequence[Unit], sinks: Sequence[bytes]
) -> Iterator[tuple[int, int, Unit, Callable[[], None]]]:
    """The roots of these modules as pieces of work: how many modules were begun, of how many, whose it is, and the work."""
    terms = tuple(term.decode() for term in sinks)
    phases: tuple[Callable[[Run, Unit], Iterator[Callable[[], None]]], ...] = (
        roots.scripts,
        roots.classes,
        roots.unreached,
        partial(roots.left_out, terms=terms),
    )
    total = len(phases) * len(units)
    for phase, of_phase in enumerate(phases):
        for number, unit in enumerate(units):
            for work in of_phase(run, unit):
                yield phase * len(units) + number, total, unit, work
