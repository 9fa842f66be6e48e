"""Datasets and data loaders: the sample that stands for all of a dataset, and the batches that a loader makes of such samples.

A dataset of the program runs its `__getitem__` with an index that stands for every index, one of a library gives what its row says.
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from losslint.domain.lattice import choice, element_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    NONE,
    BoundMethod,
    Choice,
    Const,
    Constant,
    Entries,
    FunctionValue,
    Instance,
    LibraryObject,
    ListValue,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.binding import bind_row
from losslint.interp.class_bodies import class_attribute, library_bases
from losslint.interp.collate import BATCH, collate, each_part, without_ranges
from losslint.interp.frame import Frame
from losslint.interp.iteration import iterate, new_list
from losslint.interp.labelled import labelled_attribute, labelled_sample
from losslint.interp.scalars import every_index, is_every
from losslint.interp.subscripts import item_of
from losslint.knowledge.data_effects import Batches, Draws, Joined, Labelled, Rows, SomeOf
from losslint.knowledge.schema import LayerRow
from losslint.names.definitions import FunctionDefinition

GIVEN = "given to the loader"
"""The cell of an object with the arguments of a library's dataset or loader that its class builds on."""
RANDOMLY = Unknown("drawn at random", ("drawn at random",))
METHODS = frozenset({"__getitem__", "__iter__"})
_DATA = Batches | Rows | SomeOf | Joined | Labelled


def row_of_data(value: Value, frame: Frame) -> tuple[LayerRow, _DATA] | None:
    """The row of a library's dataset or loader that an object is, or that its class builds on."""
    if isinstance(value, LibraryObject):
        names: tuple[str, ...] = (value.name,)
    elif isinstance(value, Instance):
        names = library_bases(value.class_, frame.run)
    else:
        return None
    for name in names:
        row = frame.run.knowledge.layer(name)
        if row is not None and isinstance(row.effect, _DATA):
            return row, row.effect
    return None


def take(instance: Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
    """`super().__init__(...)` of a library's dataset or loader: keep what it was given."""
    found = row_of_data(instance, frame)
    if found is None:
        return
    bound = bind_row(found[0].params, arguments, frame)
    rest = Unknown("one of an unknown number of arguments") if bound.open else None
    given = tuple((name, argument.value) for name, argument in bound.arguments.items())
    frame.store.write((instance.identity, GIVEN), Entries(given, rest))


def _given(value: Value, name: str, frame: Frame) -> Value | None:
    """An argument of a dataset or loader; None where it was left out."""
    if isinstance(value, LibraryObject):
        found = dict(value.arguments).get(name)
    else:
        held = frame.store.read((value.identity, GIVEN)) if isinstance(value, Instance) else None
        if not isinstance(held, Entries):
            return Unknown("not given where we looked")
        found = dict(held.known).get(name, held.rest)
    return None if found is None else frame.store.narrowed(found)


def sample_of(dataset: Value, index: Value, frame: Frame) -> Value:
    """`dataset[index]`"""
    dataset = frame.store.narrowed(dataset)
    if isinstance(dataset, Choice):
        return choice(Option(one.guard, sample_of(one.value, index, frame)) for one in dataset.options)
    if isinstance(dataset, Instance):
        own = class_attribute(dataset.class_, "__getitem__", frame.run, frame.store)
        if isinstance(own, FunctionValue):
            return _call(BoundMethod(dataset, own), index, frame)
        streamed = class_attribute(dataset.class_, "__iter__", frame.run, frame.store)
        if isinstance(streamed, FunctionValue):
            return element_of((iterate(dataset, frame),))
    found = row_of_data(dataset, frame)
    if found is not None:
        return _sample_by_row(found, dataset, index, frame)
    if isinstance(dataset, ListValue | TupleValue | Repeated | Tensor):
        return item_of(dataset, index, frame)
    return Unknown("a sample of a dataset that is not followed")


def _call(method: Value, index: Value, frame: Frame) -> Value:
    site = Site(None, frame.unit)
    return frame.run.machine.call(method, (Argument(index, site),), site, frame)


def _sample_by_row(found: tuple[LayerRow, _DATA], dataset: Value, index: Value, frame: Frame) -> Value:
    row, effect = found
    if isinstance(effect, Labelled):
        return labelled_sample(row, effect, dataset, index, lambda name: _given(dataset, name, frame), frame)
    of = _given(dataset, effect.of, frame)
    if of is None:
        return Unknown("a dataset of nothing")
    match effect:
        case Rows():
            tensors = of.items if isinstance(of, TupleValue) else ()
            return TupleValue(tuple(item_of(one, index, frame) for one in tensors)) if tensors else BATCH
        case SomeOf(indices=name):
            if _given(dataset, name, frame) == RANDOMLY:
                return sample_of(of, index, frame)
            return without_ranges(sample_of(of, every_index(), frame), frame)
        case Joined():
            parts = iterate(of, frame)
            held = parts.items if isinstance(parts, TupleValue) else (parts.element, *parts.tail)
            whole = index if is_every(index) else every_index()
            samples = [Option(frozenset(), sample_of(one, whole, frame)) for one in held]
            return choice(samples) if is_every(index) else without_ranges(choice(samples), frame)
        case Batches():
            return Unknown("a loader has no index")


def split(dataset: Value, part: str, count: int | None, frame: Frame) -> Value:
    """Parts of a dataset, each drawn at random."""
    arguments = (("dataset", dataset), ("indices", RANDOMLY))
    parts = [LibraryObject(frame.run.fresh(), part, arguments) for _ in range(count or 1)]
    return new_list(TupleValue(tuple(parts)) if count else Repeated(parts[0]), frame)


def elements(value: Value, frame: Frame) -> TupleValue | Repeated | None:
    """What going through an object gives, where it is a dataset, a loader, or says so itself; None for other objects."""
    if isinstance(value, Instance):
        own = class_attribute(value.class_, "__iter__", frame.run, frame.store)
        if isinstance(own, FunctionValue):
            return _own_elements(value, own, frame)
        if isinstance(class_attribute(value.class_, "__getitem__", frame.run, frame.store), FunctionValue):
            return Repeated(sample_of(value, every_index(), frame))
    found = row_of_data(value, frame)
    if found is None:
        return None
    if isinstance(found[1], Batches):
        return Repeated(batches_of(value, found[1], frame))
    return Repeated(sample_of(value, every_index(), frame))


def method(value: Value, name: str, arguments: tuple[Argument, ...], frame: Frame) -> Value | None:
    """What a method gives that a dataset or loader has from its library; None for other objects and methods."""
    found = row_of_data(value, frame) if name in METHODS else None
    if found is None:
        return None
    if name == "__getitem__":
        index = arguments[0].value if arguments else Unknown("no index")
        return _sample_by_row(found, value, index, frame)
    if isinstance(found[1], Batches):
        return Repeated(batches_of(value, found[1], frame))
    return Repeated(_sample_by_row(found, value, every_index(), frame))


def attribute(value: LibraryObject | Instance, name: str, frame: Frame) -> Value | None:
    """An attribute that a dataset or loader has from its library and that the program has not set; None for other attributes."""
    found = row_of_data(value, frame)
    if found is None:
        return None
    row, effect = found
    if isinstance(effect, Labelled):
        return labelled_attribute(row, effect, value, name, lambda one: _given(value, one, frame), frame)
    return (
        _given(value, name, frame)
        if isinstance(value, Instance) and name in ("dataset", "datasets", "tensors")
        else None
    )


def _own_elements(value: Instance, method: FunctionValue, frame: Frame) -> TupleValue | Repeated:
    site = Site(None, frame.unit)
    given = frame.run.machine.call(BoundMethod(value, method), (), site, frame)
    if given != value:
        return iterate(given, frame)
    following = class_attribute(value.class_, "__next__", frame.run, frame.store)
    if not isinstance(following, FunctionValue):
        return Repeated(BATCH)
    return Repeated(frame.run.machine.call(BoundMethod(value, following), (), site, frame))


def _of_size(batch: Value, size: Constant, frame: Frame) -> Value:
    """A batch of which the number of samples is known."""
    if isinstance(batch, Tensor):
        if batch.batch != 0 or not isinstance(size, int):
            return batch
        return replace(batch, shape=batch.shape.with_axis(0, size))
    return each_part(batch, lambda part: _of_size(part, size, frame), frame) or batch


def batches_of(loader: Value, effect: Batches, frame: Frame) -> Value:
    """A batch that a loader gives."""
    dataset = _given(loader, effect.of, frame)
    if dataset is None or isinstance(dataset, Unknown):
        return BATCH
    sample = sample_of(dataset, every_index(), frame)
    if isinstance(sample, Unknown):
        return BATCH
    if any(_chooses(_given(loader, name, frame), frame) for name in effect.samplers):
        sample = without_ranges(sample, frame)
    site = loader.origin.site if isinstance(loader, LibraryObject) and loader.origin else Site(None, frame.unit)
    how = _given(loader, effect.by, frame)
    if how is None or how == NONE:
        if _given(loader, effect.size, frame) == NONE and "batch_sampler" not in _names(loader):
            return sample
        batch = collate(sample, site, frame, _made_at(dataset, frame) or site)
        size = _given(loader, effect.size, frame)
        whole = _given(loader, effect.whole, frame) == Const(True) and isinstance(size, Const)
        return _of_size(batch, size.value, frame) if whole and isinstance(size, Const) else batch
    if isinstance(how, Unknown):
        return BATCH
    many = new_list(Repeated(sample), frame)
    return frame.run.machine.call(how, (Argument(many, site),), Site(None, frame.unit), frame)


def _made_at(dataset: Value, frame: Frame) -> Site | None:
    """Where a dataset of the program makes its samples."""
    found = row_of_data(dataset, frame)
    if found is not None and isinstance(found[1], SomeOf):
        return _made_at(_given(dataset, found[1].of, frame) or BATCH, frame)
    if not isinstance(dataset, Instance):
        return None
    own = class_attribute(dataset.class_, "__getitem__", frame.run, frame.store)
    definition = own.definition if isinstance(own, FunctionValue) else None
    if not isinstance(definition, FunctionDefinition) or not isinstance(definition.node, cst.FunctionDef):
        return None
    return Site(definition.node.name, definition.unit)


def _names(loader: Value) -> tuple[str, ...]:
    return tuple(name for name, _ in loader.arguments) if isinstance(loader, LibraryObject) else ()


def _chooses(sampler: Value | None, frame: Frame) -> bool:
    """True for a sampler that may leave samples out."""
    if sampler is None or sampler == NONE:
        return False
    if isinstance(sampler, Choice):
        return any(_chooses(option.value, frame) for option in sampler.options)
    row = frame.run.knowledge.layer(sampler.name) if isinstance(sampler, LibraryObject) else None
    return row is None or not isinstance(row.effect, Draws)
