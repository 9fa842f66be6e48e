"""Effects that make or change kinds."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, broadcast, exact, stretched
from losslint.domain.dtype import FLOATING, is_exact, is_floating, is_integer
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
from losslint.interp.axes import partial
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.effects.windows import convolved, pooled
from losslint.interp.operators import COMPARE_SYMBOLS, binary, compare
from losslint.interp.tensor_operators import guarded, kind_of
from losslint.knowledge.operators import BY_LARGEST
from losslint.knowledge.tensor_effects import (
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
    Typed,
    Window,
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


def dtype_of(value: Value | None) -> str | None:
    """The element type of a tensor, unknown for other values."""
    return value.dtype if isinstance(value, Tensor) else None


def trained_dtype(call: EffectCall, given: Value | None) -> str | None:
    """The element type of what a layer with weights gives: that of its input, which its weights share."""
    stated = call.value("dtype")
    if stated is not None and stated != Const(None):
        return call.dtype(FLOATING, None)
    before = dtype_of(given)
    return before if is_floating(before) else FLOATING


def make(effect: Make, call: EffectCall, given: Value | None) -> Value:
    """A kind made whatever came in."""
    shape, kind, other = shape_of(given), effect.kind, call.value("other")
    if other is not None and not call.in_place:
        shape = broadcast(shape, other.shape) if isinstance(other, Tensor) else stretched(shape)
    dtype = call.dtype("bool" if isinstance(kind, Truth) else Typed.FLOATED, dtype_of(given))
    if (call.bound.open or any(call.given(name) for name in effect.unless)) and effect.unless:
        return Tensor(Unspecified(f"the result of {call.row.names[0]} with limits of its own"), shape, dtype)
    if effect.hard is not None and call.flag(effect.hard):
        kind = OneHot()
    if effect.dim is not None:
        kind = with_dim(kind, _dim(effect, call, shape))
    else:
        kind = with_dim(kind, shape.normal(kind.dim) if isinstance(kind, Probs | LogProbs | OneHot) else None)
    origin = call.made(label_of(call, kind), given)
    if effect.hard is not None:  # noise is drawn: no function of the input alone gives these numbers
        origin = replace(origin, mixes=True)
    return Tensor(kind, shape, dtype, origin)


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
    dtype = None if isinstance(kind, ClassIndex | OneHot | Truth) else "float"
    return Tensor(kind, shape, dtype, call.made(label_of(call, kind), given))


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
    if call.value("return_indices") not in (None, Const(False)):
        return Unknown("values with the places at which they stood")
    dtype = call.dtype(effect.dtype, dtype_of(given))
    if isinstance(result, Same):
        if isinstance(given, Tensor) and (effect.resized != 0 or dtype != given.dtype):
            kind = _slid_over(given, effect, call)
            return replace(given, kind=kind, shape=_transferred(effect, call, given), dtype=dtype)
        return given if given is not None else Unknown("no input was given")
    if isinstance(result, Guarded) and isinstance(given, Tensor):
        return replace(given, kind=guarded(given.kind), dtype=dtype)
    made = kind_of(result, f"the result of {call.row.names[0]}")
    if isinstance(made, ClassIndex) and effect.dtype is Typed.PROMOTED and not is_exact(dtype):
        made = Unspecified("class indices that may be fractions by now")
    shape = _transferred(effect, call, given)
    if isinstance(made, Unspecified):
        return Tensor(made, shape, dtype)
    if isinstance(made, Probs | LogProbs) and made.dim is None and isinstance(kind, Probs | LogProbs):
        made = replace(made, dim=kind.dim, whole=kind.whole)
    origin = replace(call.made(label_of(call, made), given), by=call.row.verb, given=given)
    return Tensor(made, shape, dtype, origin)


def _slid_over(given: Tensor, effect: Transfer, call: EffectCall) -> Kind:
    """The kind after other lengths were given to the last axes: a sum over one of them, or of numbers padded with zeros, is broken."""
    kind, many = given.kind, effect.resized
    if not isinstance(kind, Probs | LogProbs | OneHot) or not many:
        return kind
    dim, rank = given.shape.normal(kind.dim), given.shape.rank
    touched = False
    if dim is not None:
        last = -dim if dim < 0 else 0 if rank is None else rank - dim
        touched = 0 < last <= many if many > 0 else (rank is None and dim < 0) or dim >= -many
    padded = call.given("padding") and call.integer("padding") != 0
    return partial(kind) if touched or padded else kind


def _transferred(effect: Transfer, call: EffectCall, given: Value | None) -> Shape:
    """The shape of what an operation gives: windows are counted where their sizes are known."""
    shape = resized(shape_of(given), effect.resized)
    if effect.window is None or effect.resized is None or not shape.exact:
        return shape
    return pooled(effect.window, call, shape_of(given), effect.resized)


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
        return cast(given, dtype)
    if isinstance(given, Unknown) and (effect.dtype is not None or effect.recasts):
        dtype = call.recast("") if effect.recasts else effect.dtype
        if dtype:  # nothing but tensors, and modules, have such methods
            return Tensor(Unspecified(given.why), UNKNOWN_SHAPE, dtype)
    return given if given is not None else Unknown("no input was given")


def cast(given: Tensor, dtype: str | None) -> Tensor:
    """The same numbers in another element type, as far as it can hold them."""
    if dtype == given.dtype:
        return given
    kind = given.kind
    if dtype == "bool":
        kind = Truth()
    elif is_integer(dtype):
        if isinstance(kind, ClassIndex) and dtype != "int64":
            kind = kind if _fits(kind, dtype or "") else ClassIndex()
        elif isinstance(kind, Filled):
            held = kind.value is not None and (0 if dtype == "uint8" else -128) <= kind.value < 128
            kind = Filled(float(int(kind.value)) if held and kind.value is not None else None)
        elif not isinstance(kind, ClassIndex | Truth | OneHot):
            kind = Unspecified("numbers cut down to integers")
    return replace(given, dtype=dtype, kind=kind)


def _fits(kind: ClassIndex, dtype: str) -> bool:
    """True where a narrow type surely holds a range of integers."""
    return kind.low is not None and kind.high is not None and kind.low >= 0 and kind.high < 128


def affine(effect: Affine, call: EffectCall, given: Value | None) -> Value:
    """An affine map."""
    size = call.integer(effect.size) if effect.size is not None else _outputs_of(effect, call)
    shape = shape_of(given)
    if effect.adds:
        shape = shape.with_new(-1, size)
    elif effect.rank is not None:
        shape = convolved(effect, call, given, size)
    else:
        shape = shape.with_last(size)
    verb = call.row.verb or call.row.names[0].rpartition(".")[2]
    many = "" if size is None else f" ({size} output{'' if size == 1 else 's'})"
    dtype = trained_dtype(call, given)
    made = replace(call.made(f"{verb}{many} gives unbounded scores", given), outputs=size)
    return Tensor(Logits(), shape, dtype, made)


def _outputs_of(effect: Affine, call: EffectCall) -> int | None:
    """How many outputs the weight has that a function is given."""
    weight = call.value("weight")
    if not isinstance(weight, Tensor):
        return None
    if effect.window is Window.TRANSPOSED:
        outputs, groups = weight.shape.at(1), call.integer("groups")
        return None if outputs is None or groups is None else outputs * groups
    return weight.shape.at(-1 if effect.adds or effect.rank == 2 else 0)


def encode(effect: Encode, call: EffectCall, given: Value | None) -> Value:
    """one_hot"""
    classes = call.integer("num_classes")
    shape = shape_of(given)
    size = classes if classes is not None and classes > 0 else None
    new = shape.with_new(-1, size)
    kind = OneHot(-1) if new.rank is None else OneHot(new.rank - 1)
    origin = call.made("one_hot makes one-hot rows", given)
    literal = isinstance(given, Tensor) and isinstance(given.kind, ClassIndex) and given.kind.high is not None
    if not call.given("num_classes") and not call.bound.open and not literal:
        origin = replace(origin, by=BY_LARGEST)
    return Tensor(kind, new, "int64", origin)


def operate(effect: Operate, call: EffectCall, given: Value | None) -> Value:
    """The same as an operator."""
    other = call.second()
    if given is None or other is None:
        return Unknown("an operation without its operands")
    if effect.operator in COMPARE_SYMBOLS.values():
        result = compare(effect.operator, given, other, call.frame)
    else:
        result = binary(effect.operator, given, other, call.site, call.frame)
    if call.given("alpha") or call.given("rounding_mode"):
        return _scaled(call, result, given)
    if isinstance(result, Tensor) and (effect.dtype is not None or call.in_place):
        dtype = dtype_of(given) if call.in_place else effect.dtype
        return replace(result, dtype=dtype, kind=_within(result.kind, dtype))
    return result


def _scaled(call: EffectCall, result: Value, given: Value | None) -> Value:
    """An operation with a factor of its own, or rounded: of its numbers nothing is known."""
    if not isinstance(result, Tensor):
        return Tensor(Unspecified("a scaled operation"))
    dtype: str | None = result.dtype
    if call.in_place:
        dtype = dtype_of(given)
    elif call.given("rounding_mode") or not is_floating(dtype):
        dtype = None
    return Tensor(Unspecified("a scaled operation"), result.shape, dtype)


def _within(kind: Kind, dtype: str | None) -> Kind:
    """The kind of numbers that were put back into a tensor of this type."""
    return Unspecified("numbers cut down to integers") if is_exact(dtype) and not isinstance(kind, ClassIndex) else kind


def outputs(effect: Outputs, call: EffectCall, given: Value | None) -> Value:
    """Several results."""
    items: list[Value] = []
    for result in effect.kinds:
        if isinstance(result, Same):
            items.append(given if given is not None else Unknown("no input was given"))
            continue
        kind = kind_of(result, f"one of the results of {call.row.names[0]}")
        origin = None if isinstance(kind, Unspecified) else call.made(label_of(call, kind), given)
        dtype = "int64" if isinstance(kind, ClassIndex) else trained_dtype(call, given)
        items.append(Tensor(kind, UNKNOWN_SHAPE, dtype, origin))
    return TupleValue(tuple(items), effect.names)
