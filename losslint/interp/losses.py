"""Loss calls: which values are losses, and the facts that calling them leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from losslint.domain.lattice import options_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    ALWAYS,
    ClassValue,
    FunctionValue,
    Guard,
    Instance,
    Library,
    LibraryObject,
    Partial,
    Tensor,
    TestKey,
    Unknown,
    Value,
)
from losslint.facts import Argument, BoundCall, LossBuilt, LossCall, LossCase, settled
from losslint.interp.binding import bind_row
from losslint.interp.class_bodies import class_attribute, library_bases
from losslint.interp.described import described_by
from losslint.interp.frame import Frame
from losslint.interp.gradients import cut_of_loss
from losslint.interp.likelihoods import of_loss
from losslint.interp.reductions import loss_result
from losslint.interp.stand_ins import stand_in
from losslint.interp.uses import note_taken
from losslint.knowledge.schema import LossRow

MAX_CASES = 24


@dataclass(frozen=True, slots=True, eq=False)
class LossValue:
    """A value that is a loss: its row, whether it is the functional form, and what was given before the call."""

    row: LossRow
    functional: bool
    built: BoundCall
    built_at: Site | None


def loss_of(value: Value, frame: Frame) -> LossValue | None:
    """The loss that a value is, or None."""
    match value:
        case Library(name):
            found = frame.run.knowledge.loss(name)
            if found is not None and not found[1]:
                return LossValue(found[0], True, BoundCall({}), None)
        case FunctionValue() if described_by(value):
            return loss_of(Library(described_by(value)), frame)
        case LibraryObject(identity, name, arguments, origin):
            found = frame.run.knowledge.loss(name)
            if found is not None:
                site = origin.site if origin is not None else Site(None, None)
                given = (*arguments, *_set_later(identity, frame))
                built = BoundCall({key: Argument(item, site) for key, item in given})
                return LossValue(found[0], False, built, site if site.node is not None else None)
        case Partial(function, _, keywords):
            inner = loss_of(function, frame)
            if inner is not None:
                more = {key: Argument(item, Site(None, None), key) for key, item in keywords}
                return LossValue(
                    inner.row, inner.functional, BoundCall({**inner.built.arguments, **more}), inner.built_at
                )
        case Instance(_, class_):
            if isinstance(class_attribute(class_, "forward", frame.run, frame.store), FunctionValue):
                return None
            described = stand_in(value, frame)
            if described is not None:
                return loss_of(described, frame)
            base = inherited_loss(class_, frame)
            found = frame.run.knowledge.loss(base) if base is not None else None
            if found is not None:
                return LossValue(found[0], False, BoundCall({}, open=bool(found[0].switches)), None)
    return None


def _set_later(identity: int, frame: Frame) -> Iterator[tuple[str, Value]]:
    """The options that the program set on a loss after it was built: `criterion.weight = weights`."""
    for name in frame.run.attributes.get(identity, ()):
        value = frame.store.read((identity, name))
        if value is not None:
            yield name, value


def inherited_loss(class_: ClassValue, frame: Frame) -> str | None:
    """The loss of a library that a class of the program builds on."""
    for base in library_bases(class_, frame.run):
        found = frame.run.knowledge.loss(base)
        if found is not None and found[1]:
            return base
    return None


def call_loss(
    value: Value,
    arguments: tuple[Argument, ...],
    site: Site,
    frame: Frame,
    cases: list[LossCase],
    guard: Guard = ALWAYS,
) -> Value:
    """Call a loss: its cases are added to `cases`, the loss value comes back."""
    loss = loss_of(value, frame)
    assert loss is not None
    row = loss.row
    if isinstance(value, Partial):
        arguments = (*(Argument(item, site) for item in value.arguments), *arguments)
    bound = bind_row(row.function if loss.functional else row.call, arguments, frame)
    made, called = (
        loss.built.arguments,
        bound.arguments,
    )  # of one name (log_input), that of the constructor is the option
    merged = {**made, **called} if loss.functional else {**called, **made}
    options = BoundCall(merged, bound.surplus, bound.open or loss.built.open)
    if loss.functional and row.functions[0] not in frame.run.knowledge.own:
        frame.run.note_fact(LossBuilt(site, row, row.functions[0], arguments, bound, True))
    row = settled(row, options)
    given = bound.value(row.input)
    target = bound.value(row.target)
    fallback = Unknown("no input was given") if given is None else given
    is_usual, in_mode = frame.is_usual(), frame.in_mode()
    for option in options_of(frame.store.narrowed(fallback)):
        for second in options_of(frame.store.narrowed(target)) if target is not None else (None,):
            both = guard | option.guard | (second.guard if second is not None else ALWAYS)
            if len(cases) < MAX_CASES:
                cases.append(
                    LossCase(
                        row,
                        option.value,
                        None if second is None else second.value,
                        options,
                        loss.built_at,
                        both,
                        is_usual and frame.run.is_plain(both),
                        is_selected(both, frame),
                        loss.functional,
                        in_mode,
                    )
                )
    narrowed = frame.store.narrowed(fallback)
    result = of_loss(row, options, narrowed, target, loss_result(row, options, narrowed, site), site, frame)
    cut = cut_of_loss(row, narrowed, None if target is None else frame.store.narrowed(target), site, frame)
    return replace(result, cut=cut) if cut is not None and isinstance(result, Tensor) else result


def is_selected(guard: Guard, frame: Frame) -> bool:
    """True where the tests of a guard choose among models, and the way to this place asks nothing that might exclude them."""
    run = frame.run
    if not guard or any(test not in run.selecting or run.usual(test) is not None for test, _ in guard):
        return False  # where there is a default, its model is the one that is meant
    chosen_by = {about for test, _ in guard for about in _about(test)}
    asked = (test for test in frame.store.answers if test[0] in ("==", "in", "and", "or", "not"))
    return not any(about in chosen_by for test in asked for about in _about(test))


def _about(test: TestKey) -> list[TestKey]:
    """The unknown things that a test asks about."""
    if test[0] in ("and", "or", "not"):
        return [about for part in test[1:] if isinstance(part, tuple) for about in _about(part)]
    return [part for part in test[1:] if isinstance(part, tuple)][:1]


def note_loss_call(site: Site, cases: list[LossCase], frame: Frame, by: str | None = None) -> None:
    """Leave one fact for a loss call."""
    for case in cases:
        note_taken(case, frame)
    if cases:
        frame.run.note_fact(
            LossCall(site, tuple(cases), frame.run.mode_of(frame.store), by, site.node in frame.run.negated)
        )
