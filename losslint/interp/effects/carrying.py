"""What the result of an operation inherits from its input, besides numbers and sizes: where the batch stands, and cuts."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.dim import exact
from losslint.domain.kind import Unspecified
from losslint.domain.value import Const, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.gradients import with_cut
from losslint.knowledge.tensor_effects import Affine, Keep, Make, Motion, Move, Operate, Outputs, Transfer

_IN_PLACE = (Make, Keep, Affine)
"""Effects that leave each axis where it is."""
_ROWS = 2
"""The number of axes from which on the first one holds rows."""

_STEPS = 3
"""The number of axes of what a recurrent layer takes: steps, samples, features."""


def carried(call: EffectCall, given: Value | None, result: Value) -> Value:
    """The result, with the axis of the batch where that stays."""
    if isinstance(call.row.effect, Outputs) and isinstance(result, TupleValue):
        return _of_recurrent(call.row.effect, call, result)
    if isinstance(call.row.effect, Operate) and call.row.effect.batched and isinstance(result, Unknown):
        return Tensor(Unspecified(result.why), exact(None, None, None), batch=0)
    if not isinstance(result, Tensor):
        return result
    batch = _batch(call, given, result)
    return with_cut(call, given, result if batch == result.batch else replace(result, batch=batch))


def _batch(call: EffectCall, given: Value | None, result: Tensor) -> int | None:
    effect = call.row.effect
    if isinstance(effect, Operate):
        return 0 if effect.batched else result.batch
    if not isinstance(given, Tensor) or given.batch is None:
        return None
    if isinstance(effect, _IN_PLACE) or (isinstance(effect, Transfer) and effect.resized is not None):
        return given.batch
    if not isinstance(effect, Move):
        return None
    rank = result.shape.rank
    if given.batch == 1:  # as many axes as before: those in front are nearly always the same
        same = effect.motion is Motion.VIEW and rank == len(given.shape.front) == _STEPS
        return 1 if same else None
    if effect.motion is Motion.VIEW:  # rows stay in their order: those of one sample follow one another
        return 0 if rank is not None and rank >= _ROWS else None
    if effect.motion is Motion.FLATTEN:
        start = call.integer("start_dim")
        return 0 if start is not None and start > 0 else None
    return None


def _of_recurrent(effect: Outputs, call: EffectCall, result: TupleValue) -> Value:
    """The results of a recurrent layer: unless told otherwise its batch stands behind the steps."""
    if effect.batch_first is None:
        return result
    told = call.value(effect.batch_first)
    first = result.items[0]
    if told not in (None, Const(False)) or not isinstance(first, Tensor):
        return result
    return replace(result, items=(replace(first, batch=1), *result.items[1:]))
