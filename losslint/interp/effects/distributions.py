"""Distributions: what they are given by, and what they give."""

from __future__ import annotations

from collections.abc import Mapping

from losslint.domain.dim import UNKNOWN_SHAPE
from losslint.domain.kind import ClassIndex, Kind, Logits, LogProbs, Probs, SigmoidProbs, with_dim
from losslint.domain.lattice import options_of
from losslint.domain.origin import Origin, Site
from losslint.domain.value import NONE, LibraryObject, Tensor, Value
from losslint.facts import BoundCall, OpCall, OpCase
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.effects.kinds import label_of, shape_of
from losslint.interp.frame import Frame
from losslint.knowledge.schema import LayerRow
from losslint.knowledge.tensor_effects import Distribution, Draw

_OVER_CLASSES: Mapping[str, Kind] = {"probs": Probs(-1), "logits": LogProbs(-1)}
_OF_EACH: Mapping[str, Kind] = {"probs": SigmoidProbs(), "logits": Logits()}


def build_distribution(
    made: LibraryObject, effect: Distribution, row: LayerRow, bound: BoundCall, site: Site, frame: Frame
) -> None:
    """Give a distribution its attributes, and note what it is given by."""
    given = [value for name in _OF_EACH if (value := bound.value(name)) is not None and value != NONE]
    first = frame.store.narrowed(given[0]) if len(given) == 1 and not bound.open else None
    for name, kind in (_OF_EACH if effect.each else _OVER_CLASSES).items():
        # of many numbers, so that no single function that could be left out gives them
        origin = Origin(site, f"{name} of a {row.verb}", makes=True, mixes=True)
        shape = shape_of(first)
        frame.store.write((made.identity, name), Tensor(with_dim(kind, shape.normal(-1)), shape, "float", origin))
    if first is None:
        return
    usual = frame.is_usual()
    cases = tuple(
        OpCase(option.value, made, option.guard, usual and frame.run.is_plain(option.guard))
        for option in options_of(first)
    )
    frame.run.note_fact(OpCall(site, row, bound, cases, site, elsewhere=frame.run.elsewhere))


def draw(effect: Draw, call: EffectCall, given: Value | None) -> Value:
    """Class indices drawn by chance."""
    kind = ClassIndex(0)
    return Tensor(kind, UNKNOWN_SHAPE, "int64", call.made(label_of(call, kind), given))
