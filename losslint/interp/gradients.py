"""Which numbers surely take no gradients, since they were cut from the graph on their way; all else counts as not known."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.kind import ClassIndex, Filled, Truth
from losslint.domain.origin import Cut, Site
from losslint.domain.value import Choice, Const, Library, Scalar, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.frame import GRADIENTS, Frame
from losslint.knowledge.schema import GRADIENT_FLAG, LossRow, OpRow, WantsTarget
from losslint.knowledge.tensor_effects import Fold, Keep, Literal, Make, Move, Operate, Reduction, Transfer

_CASTS = (Make, Keep)
_ALONE = (Make, Keep, Move)
"""Effects whose result hangs on their first argument alone."""
_FOLLOWED = (*_ALONE, Transfer, Fold)
_OPERATORS = (Operate, Literal)
_LABELS = (WantsTarget.INDEX, WantsTarget.INDEX_OR_PROBS)
UNRECORDED = "no_grad"


def is_whole(tensor: Tensor) -> bool:
    """True for integers and truths, which take no gradients."""
    dtype = tensor.dtype or ""
    return "int" in dtype or dtype == "bool" or isinstance(tensor.kind, ClassIndex | Truth)


def takes_none(value: Value) -> bool:
    """True for what surely takes no gradients: plain numbers, integers and truths, and what was cut off."""
    if isinstance(value, Tensor):
        return is_whole(value) or (value.cut is not None and not value.cut.flat)
    if isinstance(value, TupleValue):
        return all(takes_none(item) for item in value.items)
    return isinstance(value, Const | Scalar | Library)


def from_attribute(value: Value) -> Value:
    """What an object holds: another method may have put it there at another time, so that nothing tells whether it takes gradients."""
    if isinstance(value, Tensor):
        return value if value.cut is None else replace(value, cut=None)
    if isinstance(value, Choice) and any(isinstance(one.value, Tensor) and one.value.cut for one in value.options):
        return Choice(tuple(replace(one, value=from_attribute(one.value)) for one in value.options))
    return value


def unrecorded(site: Site, frame: Frame) -> Cut | None:
    """The cut that a context without gradients makes."""
    return Cut(UNRECORDED, site) if frame.store.read(GRADIENTS) == Const(False) else None


def with_cut(call: EffectCall, given: Value | None, result: Tensor) -> Tensor:
    """The result of an operation, with the cut that it makes or that came to it."""
    cut = _cut(call, given, result)
    return result if cut == result.cut else replace(result, cut=cut)


def _cut(call: EffectCall, given: Value | None, result: Tensor) -> Cut | None:
    row, before = call.row, given.cut if isinstance(given, Tensor) else None
    index = isinstance(row.effect, Fold) and row.effect.reduction is Reduction.INDEX
    makes = index or (isinstance(row, OpRow) and row.cuts and isinstance(given, Tensor))
    off = None if isinstance(row.effect, Move) else unrecorded(call.site, call.frame)
    whole = isinstance(row.effect, _CASTS) and is_whole(result) and not (isinstance(given, Tensor) and is_whole(given))
    if before is None and not makes and off is None and not whole:
        return result.cut if isinstance(row.effect, _OPERATORS) else None
    if call.value(GRADIENT_FLAG) not in (None, Const(False)):
        return None  # a new leaf, of which gradients are taken from here on
    if index:
        return Cut(row.verb, call.site)
    if isinstance(row, OpRow) and makes and not (row.flat and before is not None):
        return Cut(row.cuts, call.site, row.flat)
    if whole:
        return Cut("a comparison" if isinstance(result.kind, Truth) else "a cast to integers", call.site)
    if isinstance(row.effect, _OPERATORS):
        return result.cut
    return before or off if _is_followed(call) or off is not None else None


def _is_followed(call: EffectCall) -> bool:
    """True where nothing but what was given decides whether gradients are taken of a result: layers may have weights."""
    effect = call.row.effect
    if not isinstance(effect, _FOLLOWED) or not (isinstance(call.row, OpRow) or isinstance(effect, Make | Move)):
        return False
    others = list(call.bound.arguments.values())[1:]
    return isinstance(effect, _ALONE) or all(takes_none(other.value) for other in (*others, *call.bound.surplus))


def of_operator(left: Value, right: Value, result: Value, site: Site, frame: Frame) -> Value:
    """What an operator gives, with the cut that both sides have in common."""
    if not isinstance(result, Tensor):
        return result
    cut = next((one.cut for one in (left, right) if isinstance(one, Tensor) and one.cut is not None), None)
    if cut is not None and not (_is_cut(left) and _is_cut(right)):
        cut = None
    cut = cut or unrecorded(site, frame)
    return result if cut == result.cut else replace(result, cut=cut)


def _is_cut(value: Value) -> bool:
    return takes_none(value) or (isinstance(value, Tensor) and value.cut is not None)


def cut_of_loss(row: LossRow, given: Value, target: Value | None, site: Site, frame: Frame) -> Cut | None:
    """The cut of a loss, where neither what it is given nor its target takes gradients."""
    off = unrecorded(site, frame)
    if off is not None:
        return off
    if isinstance(given, Choice):
        cuts = [cut_of_loss(row, option.value, target, site, frame) for option in given.options]
        return cuts[0] if cuts and all(one is not None for one in cuts) else None
    if not isinstance(given, Tensor) or given.cut is None:
        return None
    if target is None or _is_cut(target) or (isinstance(target, Tensor) and isinstance(target.kind, Filled)):
        return given.cut  # a target of zeros or ones is hardly ever a leaf that is trained
    if isinstance(target, Unknown) and row.wants_target in _LABELS:
        return replace(given.cut, sure=False)
    return None
