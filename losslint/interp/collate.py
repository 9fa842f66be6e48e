"""What a data loader puts together: samples become batches, as the default of the loader does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from losslint.domain.dim import Shape, Size
from losslint.domain.kind import ClassIndex, LogProbs, OneHot, Probs
from losslint.domain.lattice import choice
from losslint.domain.origin import COUNTED, Origin, Site
from losslint.domain.value import (
    Choice,
    Const,
    DictValue,
    Entries,
    Guard,
    Instance,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.interp.frame import Frame
from losslint.interp.iteration import contents, new_dict, new_list
from losslint.interp.scalars import EVERY, is_look_up, joined_numbers, scalar_of, tensor_of_numbers

BATCH = Unknown("a batch of data")


def collate(sample: Value, site: Site, frame: Frame, made: Site | None = None) -> Value:
    """A batch of samples like this one: numbers become tensors, tensors are stacked, tuples and dicts are kept.

    `site` is where they are put together, `made` where numbers come from of which nothing else is known.
    """
    sample = frame.store.narrowed(sample)
    match sample:
        case Choice(options) if all(_is_text(option.value) for option in options):
            return new_list(Repeated(Unknown("a text")), frame)
        case Choice(options):
            return choice(Option(guard, collate(value, site, frame, made)) for guard, value in _together(options))
        case Tensor():
            return stacked(sample, site)
        case Scalar() | Const(int() | float()):
            number = scalar_of(sample)
            assert number is not None
            origin = _put_together(number, site, made or site)
            return replace(tensor_of_numbers(number, None, None), origin=origin, batch=0)
        case Const() if _is_text(sample):
            return new_list(Repeated(Unknown("a text")), frame)
    return each_part(sample, lambda part: collate(part, site, frame, made), frame) or BATCH


def _together(options: tuple[Option, ...]) -> list[tuple[Guard, Value]]:
    """Alternatives, with those that one batch mixes united: numbers under the same answers."""
    found: dict[Guard, Scalar] = {}
    others: list[tuple[Guard, Value]] = []
    for option in options:
        guard, number = lasting(option.guard), scalar_of(option.value)
        if number is None:
            others.append((guard, option.value))
            continue
        guard = frozenset(part for part in guard if not is_look_up(part))
        before = found.get(guard)
        united = number if before is None else joined_numbers(before, number)
        if united is None:
            others.append((guard, option.value))
        else:
            found[guard] = united
    return [*found.items(), *others]


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str | bytes)


def each_part(value: Value, work: Callable[[Value], Value], frame: Frame) -> Value | None:
    """Apply `work` to what a tuple, a list, a dict or a record holds; None for other values. A tuple becomes a list."""
    held = contents(value, frame)
    match held:
        case TupleValue(items, names):
            parts = TupleValue(tuple(work(item) for item in items), names)
            if isinstance(value, Instance):
                return TupleValue(parts.items, _fields(value, held, frame))
            return parts if names else new_list(parts, frame)
        case Repeated(element):
            return new_list(Repeated(work(element)), frame)
        case Entries(known, rest) if isinstance(value, DictValue | Entries):
            entries = tuple((key, work(item)) for key, item in known)
            return new_dict(Entries(entries, None if rest is None else work(rest)), frame)
        case _:
            return None


def _fields(record: Instance, held: TupleValue, frame: Frame) -> tuple[str, ...]:
    """The names of a record's fields, in their order."""
    names = frame.run.attributes.get(record.identity, ())
    return tuple(names) if len(names) == len(held.items) else ()


def stacked(tensor: Tensor, site: Site) -> Tensor:
    """Tensors like this one on a new first axis, whose length is not known: the last batch may be smaller."""
    kind = tensor.kind
    if isinstance(kind, Probs | LogProbs | OneHot) and kind.dim is not None and kind.dim >= 0:
        kind = replace(kind, dim=kind.dim + 1)
    front, back = _of_any_batch(tensor.shape.front), _of_any_batch(tensor.shape.back)
    shape = Shape((None, *front), back, tensor.shape.exact)
    origin = None if tensor.origin is None else Origin(site, "put into batches here", tensor.origin)
    return Tensor(kind, shape, tensor.dtype, origin, tensor.watched, batch=0)


def _of_any_batch(sizes: tuple[Size, ...]) -> tuple[Size, ...]:
    """Sizes without those that only have a name: the next batch may be of other lengths."""
    return tuple(size if isinstance(size, int) else None for size in sizes)


def _put_together(number: Scalar, site: Site, made: Site) -> Origin:
    if number.origin is not None:
        return Origin(site, "put into batches here", number.origin)
    known = number.low is not None and number.high is not None
    label = f"labels from {number.low} to {number.high} are made here" if known else "numbers are made here"
    return Origin(site, "put into batches here", Origin(made, label, makes=True, by=COUNTED))


def without_ranges(value: Value, frame: Frame) -> Value:
    """Samples of which not all may be drawn: the ends of a range of labels need not occur any more."""
    value = frame.store.narrowed(value)
    match value:
        case Choice(options):
            return choice(Option(option.guard, without_ranges(option.value, frame)) for option in options)
        case Tensor(ClassIndex()):
            return replace(value, kind=ClassIndex())
        case Scalar() | Const(int() | float()):
            number = scalar_of(value)
            assert number is not None
            return replace(number, low=None, high=None)
    parts = each_part(value, lambda part: without_ranges(part, frame), frame)
    return value if parts is None else parts


def lasting(guard: Guard) -> Guard:
    """What holds for a whole batch: a test of one sample does not."""
    return frozenset(part for part in guard if not _mentions_sample(part[0])) if guard else guard


def _mentions_sample(test: object) -> bool:
    return test == EVERY or (isinstance(test, tuple) and any(_mentions_sample(part) for part in test))
