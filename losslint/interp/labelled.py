"""Ready-made datasets: what a sample of theirs is, and what their attributes hold.

A program may change the labels of such a dataset after it was made, by setting the attribute that holds them; what is set then counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from losslint.domain.origin import COUNTED, Origin, Site
from losslint.domain.value import (
    NONE,
    Const,
    Instance,
    LibraryObject,
    Repeated,
    Scalar,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.frame import Frame
from losslint.interp.iteration import new_list
from losslint.interp.scalars import is_every, tensor_of_numbers
from losslint.interp.subscripts import item_of
from losslint.knowledge.data_effects import Labelled
from losslint.knowledge.schema import LayerRow
from losslint.knowledge.signature import parameters

CLASSES = "classes"
CHANGED = ("targets", "labels", "_labels", "samples", "_samples", "imgs", "data", "train_labels", "test_labels", "y")
"""Attributes of datasets that hold samples or labels: a program that sets one chooses samples of its own."""
Given = Callable[[str], Value | None]
"""An argument that a dataset was made with, by parameter."""


def labelled_sample(row: LayerRow, effect: Labelled, dataset: Value, index: Value, given: Given, frame: Frame) -> Value:
    """An input and its label."""
    if not _is_as_stated(row, effect, given):
        return Unknown("a sample of another form")
    label = _label(row, effect, dataset, index, given, frame)
    inputs = _through(given(effect.input), Unknown("an image"), frame)
    return TupleValue((inputs, _through(given(effect.label), label, frame)))


def _is_as_stated(row: LayerRow, effect: Labelled, given: Given) -> bool:
    for name, wanted in effect.only_with:
        value = given(name)
        if value is not None and value != Const(wanted):
            return False
    return True


def _through(transform: Value | None, value: Value, frame: Frame) -> Value:
    if transform is None or transform == NONE:
        return value
    site = Site(None, frame.unit)
    return frame.run.machine.call(transform, (Argument(value, site),), site, frame)


def _label(row: LayerRow, effect: Labelled, dataset: Value, index: Value, given: Given, frame: Frame) -> Value:
    assert isinstance(dataset, LibraryObject | Instance)
    held = None if effect.holds is None else frame.store.read((dataset.identity, effect.holds))
    if held is not None:
        one = item_of(frame.store.narrowed(held), index, frame)
        return Scalar("int") if isinstance(one, Unknown) else one
    if any(frame.store.read((dataset.identity, name)) is not None for name in CHANGED):
        return Scalar("int")
    number = range_of(row, effect, dataset, given)
    return number if is_every(index) else replace(number, low=None, high=None)


def range_of(row: LayerRow, effect: Labelled, dataset: Value, given: Given) -> Scalar:
    """The labels of all samples."""
    low, high = effect.low, effect.high
    if effect.by is not None:
        value = given(effect.by) or _usual(row, effect.by)
        chosen = value.value if isinstance(value, Const) else None
        low, high = next(((first, last) for name, first, last in effect.ranges if name == chosen), (None, None))
    if isinstance(high, str):
        count = given(high) or _usual(row, high)
        high = count.value - 1 if isinstance(count, Const) and isinstance(count.value, int) else None
    made = dataset.origin.site if isinstance(dataset, LibraryObject) and dataset.origin is not None else None
    name = row.names[0].rpartition(".")[2]
    label = f"{name} has labels from {low} to {'?' if high is None else high}"
    return Scalar("int", low, high, None if made is None else Origin(made, label, makes=True, by=COUNTED))


def _usual(row: LayerRow, name: str) -> Value | None:
    default = next((one.default for one in parameters(row.params) if one.name == name), None)
    return Const(default) if isinstance(default, str | int) else None


def labelled_attribute(
    row: LayerRow, effect: Labelled, dataset: LibraryObject | Instance, name: str, given: Given, frame: Frame
) -> Value | None:
    """The labels of all samples, or the names of the classes; None for other attributes."""
    if name == CLASSES and effect.classes is not None:
        return new_list(TupleValue((Unknown("the name of a class"),) * effect.classes), frame)
    if name != effect.holds:
        return None
    number = range_of(row, effect, dataset, given)
    if effect.dtype is not None:
        return tensor_of_numbers(number, effect.dtype, None)
    held = new_list(Repeated(number), frame)
    frame.store.write((dataset.identity, name), held)  # what the program writes into this list are labels
    return held
