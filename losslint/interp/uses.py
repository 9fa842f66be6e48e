"""What a program does with numbers after they were made: noted by the place that made them, for rules that judge that place."""

from __future__ import annotations

from losslint.domain.kind import Probs, SigmoidProbs, Truth, Unit
from losslint.domain.lattice import options_of
from losslint.domain.origin import Site
from losslint.domain.value import Const, Tensor, Value
from losslint.facts import BoundCall, LossCase
from losslint.interp.frame import Frame

_WEIGHTS = Probs | SigmoidProbs | Unit
PRODUCTS = ("*", "@")
"""Operators by which numbers weigh others."""
_ONE = Const(1)
_FAR = 12
"""Steps that are followed back from weights to what made them."""


def note_check(value: Value, frame: Frame) -> None:
    """Take note that only whether a comparison holds everywhere, or anywhere, is asked."""
    for option in options_of(value):
        one = option.value
        if isinstance(one, Tensor) and isinstance(one.kind, Truth) and one.origin is not None:
            frame.run.elsewhere.checked.add(one.origin.site.node)


def note_sizes(built: BoundCall, site: Site, frame: Frame) -> None:
    """Take note of a layer that has a single output, or the like, only because nobody set a parameter."""
    for argument in built.arguments.values():
        value = argument.value
        if value != _ONE or not isinstance(value, Const):
            continue
        if value.usual:
            frame.run.elsewhere.adjustable.add(site.node)
        elif value.handed:
            frame.run.elsewhere.sized.add(site.node)


def note_product(left: Value, right: Value, frame: Frame) -> None:
    """Take note of the activations whose numbers are multiplied with other tensors."""
    if not isinstance(left, Tensor) or not isinstance(right, Tensor):
        return
    for one in (left, right):
        if isinstance(one.kind, _WEIGHTS) and one.origin is not None:
            frame.run.elsewhere.weighing.update(step.site.node for step in one.origin.steps(_FAR) if step.makes)


def note_taken(case: LossCase, frame: Frame) -> None:
    """Keep in mind which loss takes the numbers that were made at some place, as they were made or through a sigmoid."""
    if case.row is None or not isinstance(case.input, Tensor) or case.input.origin is None:
        return
    taken = frame.run.elsewhere.losses
    for step in case.input.origin.steps():
        if step.makes:
            taken.setdefault(step.site.node, set()).add(case.row)
            if taken is frame.run.elsewhere.squashed or not isinstance(case.input.kind, SigmoidProbs):
                return
            taken = frame.run.elsewhere.squashed
