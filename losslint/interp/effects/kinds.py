"""Effects that make or change kinds."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, exact
from losslint.domain.kind import (
    Bounded,
    ClassIndex,
    Filled,
    Kind,
    Logits,
    LogProbs,
    LogSigmoid,
    NonNegative,
    OneHot,
    Probs,
    SigmoidProbs,
    Truth,
    Unit,
    Unspecified,
    with_dim,
)
from losslint.domain.value import Const, Tensor, TupleValue, Unknown, Value
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.operators import COMPARE_SYMBOLS, binary, compare, guarded, kind_of
from losslint.knowledge.operators import BY_LARGEST
from losslint.knowledge.schema import (
    Affine,
    Encode,
    Guarded,
    Keep,
    Make,
    Operate,
    Outputs,
    Produce,
    Result,
    Same,
    Transfer,
)

_NOUNS: dict[type[Kind], str] = {
    Probs: "makes probabilities",
    LogProbs: "makes log-probabilities",
    SigmoidProbs: "makes values between 0 and 1",
    LogSigmoid: "makes logarithms of values between 0 and 1",
    NonNegative: "makes values that are never negative",
    Bounded: "makes values between -1 and 1",
    Logits: "gives unbounded scores",
    OneHot: "makes one-hot rows",
    Unit: "makes values between 0 and 1",
    ClassIndex: "makes class indices",
}


def label_of(call: EffectCall, kind: Kind) -> str:
    """The words of a trace step: ``softmax over dim 1 makes probabilities``."""
    verb = call.row.verb or call.row.names[0].rpartition(".")[2]
    over = f" over dim {kind.dim}" if isinstance(kind, Probs | LogProbs) and kind.dim is not None else ""
    return f"{verb}{over} {_NOUNS.get(type(kind), 'changes the values')}"


def shape_of(value: Value | None) -> Shape:
    """The shape of a tensor, unknown for other values."""
    return value.shape if isinstance(value, Tensor) else UNKNOWN_SHAPE


def make(effect: Make, call: EffectCall, given: Value | None) -> Value:
    """A kind made whatever came in."""
    shape, kind = shape_of(given), effect.kind
    if (call.bound.open or any(call.given(name) for name in effect.unless)) and effect.unless:
        return Tensor(Unspecified(f"the result of {call.row.names[0]} with limits of its own"), shape)
    if effect.hard is not None and call.flag(effect.hard):
        kind = OneHot()
    if effect.dim is not None:
        kind = with_dim(kind, _dim(effect, call, shape))
    else:
        kind = with_dim(kind, shape.normal(kind.dim) if isinstance(kind, Probs | LogProbs | OneHot) else None)
    origin = call.made(label_of(call, kind), given)
    if effect.hard is not None:  # noise is drawn: no function of the input alone gives these numbers
        origin = replace(origin, mixes=True)
    return Tensor(kind, shape, "float", origin)


def _dim(effect: Make, call: EffectCall, shape: Shape) -> int | None:
    at = call.integer(effect.dim)
    if at is not None:
        return shape.normal(at)
    if effect.implicit and not call.given(effect.dim or "") and shape.rank is not None:
        return 0 if shape.rank in (0, 1, 3) else 1
    return None


def produce(effect: Produce, call: EffectCall, given: Value | None) -> Value:
    """A kind made in a shape of its own."""
    shape = shape_of(given) if effect.keeps_shape else UNKNOWN_SHAPE
    axis = call.integer(effect.axis) if isinstance(effect.axis, str) else effect.axis
    size = call.integer(effect.size) if isinstance(effect.size, str) else effect.size
    if size is not None and (axis is not None or effect.axis is None):
        shape = _with_classes(shape, -1 if axis is None else axis, size)
    kind = with_dim(effect.kind, shape.normal(axis))
    return Tensor(kind, shape, "float", call.made(label_of(call, kind), given))


def _with_classes(shape: Shape, axis: int, size: int) -> Shape:
    """A shape with `size` classes on an axis; of unknown rank nothing else of it is kept."""
    at = shape.normal(axis)
    if shape.exact:
        return shape if at is None else shape.with_axis(at, size)
    return Shape((*(None,) * axis, size)) if axis >= 0 else Shape((), (size, *(None,) * (-axis - 1)))


def transfer(effect: Transfer, call: EffectCall, given: Value | None) -> Value:
    """A kind that depends on the kind that came in."""
    kind: Kind = given.kind if isinstance(given, Tensor) else Unspecified("")
    result: Result = next((to for of, to in effect.cases if of is type(kind)), effect.otherwise)
    if isinstance(result, Same):
        if isinstance(given, Tensor) and effect.resized != 0:
            return replace(given, shape=resized(given.shape, effect.resized))
        return given if given is not None else Unknown("no input was given")
    if isinstance(result, Guarded) and isinstance(given, Tensor):
        return replace(given, kind=guarded(given.kind))
    made = kind_of(result, f"the result of {call.row.names[0]}")
    shape = resized(shape_of(given), effect.resized)
    if isinstance(made, Unspecified):
        return Tensor(made, shape)
    if isinstance(made, Probs | LogProbs) and made.dim is None and isinstance(kind, Probs | LogProbs):
        made = replace(made, dim=kind.dim, whole=kind.whole)
    origin = replace(call.made(label_of(call, made), given), by=call.row.verb, given=given)
    return Tensor(made, shape, "float", origin)


def resized(shape: Shape, axes: int | None) -> Shape:
    """The shape after its last `axes` axes got other lengths; a negative number keeps that many leading axes."""
    if axes == 0:
        return shape
    if axes is None or not shape.exact:
        return UNKNOWN_SHAPE if axes is None or axes > 0 else Shape(shape.front[:-axes])
    kept = shape.front[:-axes] if axes < 0 else shape.front[: max(len(shape.front) - axes, 0)]
    return exact(*kept, *(None,) * (len(shape.front) - len(kept)))


def keep(effect: Keep, call: EffectCall, given: Value | None) -> Value:
    """The same numbers."""
    if isinstance(given, Tensor):
        dtype = call.recast(given.dtype) if effect.recasts else effect.dtype or given.dtype
        kind = given.kind
        if dtype is not None and "int" in dtype and not isinstance(kind, ClassIndex | Truth | Filled | OneHot):
            kind = Unspecified("numbers cut down to integers")
        return replace(given, dtype=dtype, kind=kind)
    return given if given is not None else Unknown("no input was given")


def affine(effect: Affine, call: EffectCall, given: Value | None) -> Value:
    """An affine map."""
    size = call.integer(effect.size)
    shape = shape_of(given)
    if effect.adds:
        shape = exact(*shape.front, size) if shape.exact else Shape(shape.front, (size,))
    elif effect.axis == -1:
        shape = shape.with_last(size)
    else:
        rank = shape.rank
        shape = exact(None, size, *(None,) * (rank - 2)) if rank is not None and rank > 2 else Shape((None, size))
    verb = call.row.verb or call.row.names[0].rpartition(".")[2]
    many = "" if size is None else f" ({size} output{'' if size == 1 else 's'})"
    return Tensor(Logits(), shape, "float", call.made(f"{verb}{many} gives unbounded scores", given))


def encode(effect: Encode, call: EffectCall, given: Value | None) -> Value:
    """one_hot"""
    classes = call.integer("num_classes")
    shape = shape_of(given)
    size = classes if classes is not None and classes > 0 else None
    new = exact(*shape.front, size) if shape.exact else Shape(shape.front, (size,))
    origin = call.made("one_hot makes one-hot rows", given)
    if not call.given("num_classes") and not call.bound.open:
        origin = replace(origin, by=BY_LARGEST)
    return Tensor(OneHot(-1), new, "int64", origin)


def operate(effect: Operate, call: EffectCall, given: Value | None) -> Value:
    """The same as an operator."""
    other = call.value("other") or call.value("exponent") or call.value("mat2") or call.value("tensor2")
    if given is None or other is None:
        return Unknown("an operation without its operands")
    if call.given("alpha") or call.given("rounding_mode"):
        return Tensor(Unspecified("a scaled operation"), shape_of(given))
    if effect.operator in COMPARE_SYMBOLS.values():
        return compare(effect.operator, given, other, call.frame)
    return binary(effect.operator, given, other, call.site, call.frame)


def outputs(effect: Outputs, call: EffectCall, given: Value | None) -> Value:
    """Several results."""
    items: list[Value] = []
    for result in effect.kinds:
        if isinstance(result, Same):
            items.append(given if given is not None else Unknown("no input was given"))
            continue
        kind = kind_of(result, f"one of the results of {call.row.names[0]}")
        origin = None if isinstance(kind, Unspecified) else call.made(label_of(call, kind), given)
        items.append(Tensor(kind, UNKNOWN_SHAPE, "float", origin))
    return TupleValue(tuple(items), effect.names)


def constant_integer(value: Value | None) -> int | None:
    """A value that is a known integer."""
    if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return value.value
    return None
