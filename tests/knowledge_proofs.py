"""Numeric proofs that rows of knowledge tell the truth about torch: one proof for each effect."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
import torch
from data_proofs import DATA_PROOFS
from distribution_proofs import DISTRIBUTION_PROOFS
from knowledge_samples import (
    CLASS_AXIS,
    Shape,
    a_square,
    a_vector,
    call_op,
    fitting,
    resolve,
    run,
    sample,
    shape_for,
)
from torch import nn

from losslint.domain.dtype import floated, summed, with_number
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
from losslint.knowledge import object_effects, tensor_effects
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.signature import parameters
from losslint.knowledge.tensor_effects import Guarded, Motion, Opaque, Reduction, Result, Same


def assert_kind(kind: Kind, tensor: torch.Tensor) -> None:
    """The numbers of `tensor` are of `kind`, and show the width that the kind allows where that is its meaning."""
    numbers = tensor.detach().double()
    match kind:
        case Logits():
            assert numbers.min() < 0, "scores go below 0"
            assert numbers.max() - numbers.min() > 1, "scores do not fit into [0, 1]"
        case Probs(dim, whole):
            _between(numbers, 0, 1)
            if whole and dim is not None:
                assert torch.allclose(numbers.sum(dim), torch.ones(()).double()), f"sums to 1 over {dim}"
        case LogProbs(dim, whole):
            _between(numbers, float("-inf"), 0)
            if whole and dim is not None:
                assert torch.allclose(numbers.exp().sum(dim), torch.ones(()).double()), f"exp sums to 1 over {dim}"
        case SigmoidProbs() | Unit():
            _between(numbers, 0, 1)
        case LogSigmoid():
            _between(numbers, float("-inf"), 0)
        case NonNegative():
            _between(numbers, 0, float("inf"))
        case Bounded():
            _between(numbers, -1, 1)
        case OneHot(dim):
            assert set(numbers.unique().tolist()) <= {0.0, 1.0}
            assert dim is None or (numbers.sum(dim) == 1).all()
        case ClassIndex(low, high):
            assert torch.equal(numbers, numbers.round()), "whole numbers"
            assert low is None or numbers.min() >= low
            assert high is None or numbers.max() <= high
        case Truth():
            assert tensor.dtype is torch.bool or set(numbers.unique().tolist()) <= {0.0, 1.0}
        case Filled(value):
            assert value is None or (numbers == value).all()
        case Unspecified():
            pass


def _between(numbers: torch.Tensor, low: float, high: float) -> None:
    assert low - 1e-9 <= numbers.min(), f"not below {low}"
    assert numbers.max() <= high + 1e-9, f"not above {high}"


def same_numbers(left: Any, right: Any) -> None:
    """Equal numbers, whatever the dtype and the wrapper."""
    one, two = torch.as_tensor(left).double(), torch.as_tensor(right).double()
    assert one.shape == two.shape
    assert torch.allclose(one, two, atol=1e-6, equal_nan=True)


def claims_nothing(row: OpRow | LayerRow) -> bool:
    """True where a row only says that it knows the name, so that nothing is left to prove."""
    effect = row.effect
    if isinstance(effect, object_effects.Forget | object_effects.Named):
        return True
    if isinstance(effect, tensor_effects.Transfer):
        return not effect.cases and isinstance(effect.otherwise, Opaque) and effect.resized is None
    return isinstance(effect, tensor_effects.Outputs) and all(isinstance(kind, Opaque) for kind in effect.kinds)


def prove_make(name: str, row: OpRow | LayerRow, effect: tensor_effects.Make) -> None:
    for kind in (Probs, Unit) if "bernoulli" in name else (Logits, Probs, NonNegative):
        given = sample(kind, shape_for(name))
        if effect.dim is None:
            result = run(name, row, given, **_limits(row))
            assert result.shape == given.shape
            assert_kind(effect.kind, result)
            continue
        for dim in (0, 1, -1):
            assert_kind(with_dim(effect.kind, dim), run(name, row, given, **{effect.dim: dim}))
            if effect.hard:
                assert_kind(OneHot(dim), run(name, row, given, **{effect.dim: dim, effect.hard: True}))
    if effect.dim is not None:
        _assert_left_out(name, row, effect)
    if effect.implicit:
        for rank in (1, 2, 3, 4):
            given = sample(Logits, (4, 3, 5, 2)[:rank])
            assert_kind(with_dim(effect.kind, 0 if rank in (1, 3) else 1), run(name, row, given))
    for parameter in effect.unless:
        if "/" in row.params:
            voided = resolve(name)(sample(Logits), -5.0, 5.0)
        else:
            voided = run(name, row, sample(Logits), **{parameter: -5.0 if "min" in parameter else 5.0})
        assert voided.abs().max() > 1, f"{parameter} voids the row"


def _assert_left_out(name: str, row: OpRow | LayerRow, effect: tensor_effects.Make) -> None:
    """What the axis is where the call does not name it: required, one of torch's choice, or a number."""
    default = next(one.default for one in parameters(row.params) if one.name == effect.dim)
    assert effect.implicit is (default is None), "torch chooses the axis where its default is None, and only there"
    if isinstance(default, int):
        assert_kind(with_dim(effect.kind, default), run(name, row, sample(Logits, (4, 3, 5))))


def _limits(row: OpRow | LayerRow) -> dict[str, Any]:
    return {"other": sample(Logits)} if "other" in row.params and isinstance(row, OpRow) else {}


def prove_transfer(name: str, row: OpRow | LayerRow, effect: tensor_effects.Transfer) -> None:
    shape = shape_for(name)
    cases: list[tuple[type[Kind], Result]] = list(effect.cases)
    named = {kind for kind, _ in cases}
    if not isinstance(effect.otherwise, Opaque) or not cases:
        cases.append((next(kind for kind in (Logits, NonNegative, Bounded) if kind not in named), effect.otherwise))
    for given_kind, result_kind in cases:
        given = _given(name, given_kind, shape)
        result = run(name, row, given)
        if isinstance(result, nn.utils.rnn.PackedSequence):
            result = result.data
        _same_axes(effect.resized, given, result)
        if not isinstance(result_kind, Opaque):
            assert_kind(_expected(given_kind, result_kind, given.dim()), result)
    _assert_types(name, row, effect, shape)


def _assert_types(name: str, row: OpRow | LayerRow, effect: tensor_effects.Transfer, shape: Shape) -> None:
    """The element type follows from that of the input as the row says, wherever torch takes the input at all."""
    if effect.dtype is tensor_effects.Typed.UNKNOWN or name.endswith("_"):
        return
    tried = (torch.float64, torch.float32, torch.int64, torch.int32, torch.uint8, torch.bool)
    for dtype in tried[:1] if effect.dtype is tensor_effects.Typed.PROMOTED else tried:
        given = _given(name, Unit if dtype.is_floating_point else ClassIndex, shape).to(dtype)
        try:
            result = run(name, row, given)
        except (RuntimeError, TypeError, ValueError):
            assert dtype is not torch.float64, "fractions are taken everywhere"
            continue
        result = result.data if isinstance(result, nn.utils.rnn.PackedSequence) else result
        assert str(result.dtype) == f"torch.{_expected_type(effect.dtype, str(dtype).removeprefix('torch.'))}"


def _expected_type(rule: str | tensor_effects.Typed, before: str) -> str | None:
    if rule is tensor_effects.Typed.FLOATED:
        return floated(before)
    if rule is tensor_effects.Typed.SQUARED:
        return with_number(before, 2)
    return (
        summed(before)
        if rule is tensor_effects.Typed.SUMMED
        else before
        if isinstance(rule, tensor_effects.Typed)
        else rule
    )


def _given(name: str, kind: type[Kind], shape: Shape) -> torch.Tensor:
    """A sample that the operation takes: some want numbers within [0, 1], sorted ones, or at least floats."""
    short = name.rpartition(".")[2].rstrip("_")
    if short in ("multinomial", "poisson") and kind is Logits:
        return sample(Unit, shape)
    if "max" in short.lower():
        return sample(kind, shape) - (6 if kind is Logits else 0)
    if short == "pack_padded_sequence":
        return sample(kind, (3, 64, 2))
    if short == "searchsorted":
        return sample(kind, shape).sort(-1).values
    return sample(kind, shape)


def _expected(given: type[Kind], result: Result, rank: int) -> Kind:
    kind: Kind = given() if isinstance(result, Same | Guarded) else result  # type: ignore[assignment]
    if isinstance(result, Guarded) and isinstance(kind, Probs | LogProbs):
        return replace(kind, whole=False)
    if isinstance(kind, Probs | LogProbs) and kind.whole and given in (Probs, LogProbs):
        return replace(kind, dim=min(CLASS_AXIS, rank - 1))
    return replace(kind, dim=1) if isinstance(kind, OneHot) else kind


def _same_axes(resized: int | None, given: torch.Tensor, result: torch.Tensor) -> None:
    if resized is None:
        return
    kept = 2 if resized < 0 else given.dim() - resized
    assert result.dim() == given.dim(), "the rank stays"
    assert result.shape[:kept] == given.shape[:kept], "all axes stay but those named"


def prove_keep(name: str, row: OpRow | LayerRow, effect: tensor_effects.Keep) -> None:
    whole = effect.dtype is not None and not getattr(torch, effect.dtype).is_floating_point
    given = sample(ClassIndex if whole else Unit)
    options = {"training": False} if "training" in row.params else {}
    result = run(name, row, given, **options | ({"other": given} if "other" in row.params else {}))
    if effect.dtype:
        assert result.dtype is getattr(torch, effect.dtype)
        assert torch.allclose(result.double(), given.double(), atol=1e-2)
    else:
        same_numbers(result, given)


def prove_affine(name: str, row: OpRow | LayerRow, effect: tensor_effects.Affine) -> None:
    given = _affine_input(name, row)
    if isinstance(row, LayerRow):
        assert effect.size is not None, "a layer knows its size"
        result = run(name, row, given)
        size = fitting(name.rpartition(".")[2], effect.size)
    else:
        size, short = 7, name.rpartition(".")[2]
        weights = {"conv_transpose": lambda r: (4, 7, *(2,) * r), "conv": lambda r: (7, 4, *(2,) * r)}
        form = next((make for stem, make in weights.items() if short.startswith(stem)), None)
        options = {"weight": torch.randn(form(given.dim() - 2), dtype=torch.float64)} if form else {}
        result = run(name, row, given, **options)
    assert result.shape[effect.axis] == size
    assert_kind(Logits(), result)
    bag = "bag" in name.lower()
    assert result.dim() == given.dim() + effect.adds
    assert bag or not effect.adds or result.shape[:-1] == given.shape
    if effect.rank is not None:
        assert given.dim() == effect.rank


def _affine_input(name: str, row: OpRow | LayerRow) -> torch.Tensor:
    return sample(ClassIndex) if "mbedding" in name else sample(Logits, shape_for(name))


def prove_move(name: str, row: OpRow | LayerRow, effect: tensor_effects.Move) -> None:
    shape = shape_for(name)
    given = torch.randperm(reduce(operator.mul, shape)).reshape(shape).double()
    if effect.motion is Motion.SQUEEZE:
        given = given.unsqueeze(1)
    options = {"other": torch.zeros(_other_shape(effect.motion), dtype=torch.float64)} if "other" in row.params else {}
    result = run(name, row, given, **options)
    pieces = list(result) if isinstance(result, tuple | list) else [result]
    got = torch.cat([piece.flatten() for piece in pieces])
    if effect.motion in (
        Motion.SELECT,
        Motion.TAKE,
        Motion.GATHER,
        Motion.EXPAND,
        Motion.REPEAT,
        Motion.REPEAT_EACH,
    ):
        assert set(got.tolist()) <= set(given.flatten().tolist())
    else:
        assert torch.equal(got.sort().values, given.flatten().sort().values)
    _assert_motion(row, effect, given, pieces)


def _other_shape(motion: Motion) -> Shape:
    return (3, 64) if motion is Motion.VIEW_AS else (2, 64, 3)


def _assert_motion(
    row: OpRow | LayerRow, effect: tensor_effects.Move, given: torch.Tensor, pieces: list[torch.Tensor]
) -> None:
    name = row.names[0]
    first = pieces[0]
    match effect.motion:
        case Motion.FLATTEN:
            assert first.dim() < given.dim()
        case Motion.SQUEEZE:
            assert first.shape == (64, 3)
        case Motion.UNSQUEEZE:
            assert first.shape == (64, 1, 3)
        case Motion.TRANSPOSE | Motion.MATRIX_TRANSPOSE | Motion.PERMUTE | Motion.MOVE:
            assert torch.equal(first, given.transpose(0, 1))
        case Motion.PERMUTE_WITHIN:
            assert first.shape == given.shape
        case Motion.EXPAND | Motion.REPEAT | Motion.REPEAT_EACH:
            assert set(first.flatten().tolist()) == set(given.flatten().tolist())
        case Motion.VIEW_AS:
            assert first.shape == (3, 64)
        case Motion.UNFLATTEN:
            assert first.shape == ((64, 1, 3) if isinstance(row, LayerRow) else (64, 3, 1))
        case Motion.SPLIT | Motion.SELECT if not any(word in name for word in ("mask", "take", "diagonal")):
            assert first.dim() == given.dim() - effect.drops
        case _:
            assert torch.equal(first.flatten(), given.flatten()) or effect.motion is not Motion.VIEW


def prove_fold(name: str, row: OpRow | LayerRow, effect: tensor_effects.Fold) -> None:
    given = sample(Logits)
    for keep in (False, True):
        result = run(name, row, given, dim=1, keepdim=keep)
        assert isinstance(result, tuple) is effect.pair, "a pair only where the row says so"
        folded = result[0] if effect.pair else result
        assert folded.shape == ((64, 1) if keep else (64,))
        rows = zip(folded.flatten().tolist(), given, strict=True)
        for value, numbers in rows:
            _assert_folded(effect.reduction, value, numbers)


def _assert_folded(reduction: Reduction, value: float, numbers: torch.Tensor) -> None:
    match reduction:
        case Reduction.MEAN:
            assert abs(value - sum(numbers.tolist()) / len(numbers)) < 1e-9
        case Reduction.SUM:
            assert abs(value - sum(numbers.tolist())) < 1e-9
        case Reduction.LARGEST:
            assert value in numbers.tolist()
        case Reduction.LOGSUMEXP:
            assert abs(value - numbers.exp().sum().log().item()) < 1e-9
        case Reduction.INDEX:
            assert value in range(len(numbers))
        case Reduction.TRUTH:
            assert isinstance(value, bool)
        case Reduction.PRODUCT:
            assert abs(value - reduce(operator.mul, numbers.tolist())) < 1e-9
        case Reduction.SPREAD:
            assert value >= 0


def prove_order(name: str, row: OpRow | LayerRow, effect: tensor_effects.Order) -> None:
    given = sample(Logits)
    for axis in (0, 1):
        result = run(name, row, given, dim=axis)
        wanted = 2 if effect.count else given.shape[axis]
        indices = result if effect.indices else result[1]
        assert indices.shape[axis] == wanted
        assert indices.dtype is torch.int64
        assert_kind(ClassIndex(0, given.shape[axis] - 1), indices)
        if effect.indices:
            continue
        assert torch.equal(result[0], given.gather(axis, indices))
        assert result.values is result[0]
        assert result.indices is result[1]
        if effect.same and not effect.count:
            assert torch.equal(result[0].sort(axis)[0], given.sort(axis)[0])


def prove_combine(name: str, row: OpRow | LayerRow, effect: tensor_effects.Combine) -> None:
    one, two = sample(NonNegative) + 0.5, sample(NonNegative, (3,)) + 0.5
    names = [parameter.name for parameter in parameters(row.params)]
    options: dict[str, Any] = {one: two for one in names[1:] if one != "value"}
    first: torch.Tensor = one
    if "condition" in names:
        condition = sample(Logits) > 0
        first, options = (
            (condition, {"input": one, "other": two})
            if names[0] == "condition"
            else (one, {"condition": condition, "other": two})
        )
    result = run(name, row, first, **options)
    assert result.shape == one.shape, "shapes are stretched to one another"
    assert result.dtype is one.dtype
    if effect.picks:
        assert ((result == one) | (result == two)).all()
    if not name.endswith("_"):
        spared = "input" if names[0] == "condition" else ""
        narrow = {
            key: value.float() if value.is_floating_point() and key != spared else value
            for key, value in options.items()
        }
        assert run(name, row, first, **narrow).dtype is torch.float64, "the wider type counts"


def prove_measure(name: str, row: OpRow | LayerRow, effect: tensor_effects.Measure) -> None:
    given = sample(Logits)
    told: dict[tensor_effects.Measured, Any] = {
        tensor_effects.Measured.SIZES: (64, 3),
        tensor_effects.Measured.RANK: 2,
        tensor_effects.Measured.COUNT: 192,
        tensor_effects.Measured.DTYPE: torch.float64,
        tensor_effects.Measured.FLOATING: True,
    }
    if "dim" in row.params:
        assert getattr(given, name.rpartition(".")[2])(1) == 3
        assert getattr(given, name.rpartition(".")[2])() == told[effect.what]
    else:
        assert run(name, row, given) == told[effect.what]


def prove_place(name: str, row: OpRow | LayerRow, effect: tensor_effects.Place) -> None:
    place = torch.zeros(1).device if getattr(row, "attribute", False) else resolve(name)("cpu")
    assert isinstance(place, torch.device)


def prove_gather(name: str, row: OpRow | LayerRow, effect: tensor_effects.Gather) -> None:
    one, two = sample(Logits), sample(Logits)
    result = resolve(name)((one, two), 0) if "dim" in row.params else resolve(name)((one, two))
    assert result.shape == ((2, 64, 3) if effect.stack else (128, 3))
    same_numbers(result.reshape(128, 3), [*one.tolist(), *two.tolist()])


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "@": operator.matmul,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}


def prove_operate(name: str, row: OpRow | LayerRow, effect: tensor_effects.Operate) -> None:
    one, two = sample(NonNegative) + 0.5, sample(Unit) + 0.5
    if effect.operator in ("&", "|", "^"):
        one, two = sample(ClassIndex), sample(ClassIndex)
    if effect.operator == "@":
        one, two = _operands(name)
    second = parameters(row.params)[1].name
    assert isinstance(row, OpRow)
    same_numbers(call_op(name, row, one, **{second: two}), OPERATORS[effect.operator](one, two))


def _operands(name: str) -> tuple[torch.Tensor, torch.Tensor]:
    short = name.rpartition(".")[2]
    if short == "dot":
        return a_vector(), a_vector()
    if short == "mv":
        return a_square(), a_vector()
    if short == "bmm":
        return a_square().expand(2, 3, 3), a_square().expand(2, 3, 3)
    return a_square(), a_square()


def prove_encode(name: str, row: OpRow | LayerRow, effect: tensor_effects.Encode) -> None:
    given = torch.tensor([[2, 0], [1, 2]])
    for result in (resolve(name)(given), resolve(name)(given, num_classes=3)):
        assert result.shape == (2, 2, 3)
        assert_kind(OneHot(-1), result)
        assert torch.equal(result.argmax(-1), given)


def prove_fill(name: str, row: OpRow | LayerRow, effect: tensor_effects.Fill) -> None:
    value: Any = 2.5 if isinstance(effect.value, str) else effect.value
    options = {effect.value: 2.5} if isinstance(effect.value, str) else {}
    names = [parameter.name for parameter in parameters(row.params)]
    lead = [sample(Logits)] if names[0] == "input" else []
    size = [] if effect.like else [(4, 2)]
    result = resolve(name)(*lead, *size, *options.values())
    assert result.shape == (lead[0].shape if effect.like else (4, 2))
    assert_kind(Filled(value), result)


def prove_sample(name: str, row: OpRow | LayerRow, effect: tensor_effects.Sample) -> None:
    names = [parameter.name for parameter in parameters(row.params)]
    lead = [torch.zeros(400, 3)] if names[0] == "input" else []
    if effect.bounded:
        size = [] if effect.like else [(400, 3)]
        for low, limits in ((3, (3, 7)), (0, (7,))):
            result = resolve(name)(*lead, *limits, *size)
            assert_kind(ClassIndex(low, 6), result)
            assert result.shape == (400, 3)
        return
    short = name.rpartition(".")[2]
    forms: dict[str, tuple[Any, ...]] = {"eye": (5,), "randperm": (5,), "linspace": (0, 1, 5), "logspace": (0, 1, 5)}
    size = [] if effect.like else [(400, 3)]
    arguments = forms.get(short, (*lead, *size)) if short != "normal" else (0.0, 1.0, (400, 3))
    result = resolve(name)(*arguments)
    assert_kind(effect.kind, result)
    assert short in forms or result.shape == (400, 3)


def prove_count(name: str, row: OpRow | LayerRow, effect: tensor_effects.Count) -> None:
    for arguments in ((5,), (2, 9), (2, 9, 3)):
        assert resolve(name)(*arguments).tolist() == list(range(*arguments))


def prove_literal(name: str, row: OpRow | LayerRow, effect: tensor_effects.Literal) -> None:
    data: Any = [[1, 0], [1, 1]]
    if name.endswith("from_numpy"):
        data = torch.tensor(data).numpy()
    names = [parameter.name for parameter in parameters(row.params)]
    result = resolve(name)(*([torch.zeros(1)] if names[0] == "input" else []), data)
    assert result.tolist() == [[1, 0], [1, 1]]
    assert effect.dtype is None or result.dtype is getattr(torch, effect.dtype)


def prove_outputs(name: str, row: OpRow | LayerRow, effect: tensor_effects.Outputs) -> None:
    given = 20 * sample(Logits, shape_for(name))
    if "pad_packed" in name:
        given = nn.utils.rnn.pack_padded_sequence(sample(Logits, (3, 64, 2)), torch.full((64,), 3))  # type: ignore[assignment]
    result = run(name, row, given)
    assert isinstance(result, tuple)
    assert len(result) == len(effect.kinds)
    for kind, part in zip(effect.kinds, result, strict=True):
        if not isinstance(kind, Opaque | Same):
            assert_kind(kind, part)
    assert all(getattr(result, field) is result[place] for place, field in enumerate(effect.names))


def prove_pass_through(name: str, row: OpRow | LayerRow, effect: object_effects.PassThrough) -> None:
    names = [parameter.name for parameter in parameters(row.params)]
    assert names[0] == effect.of
    if effect.of == "dataset":
        data = torch.utils.data.TensorDataset(torch.arange(4))
        assert resolve(name)(data, [0, 2])[1] == data[2]
        return
    module, given = nn.Linear(3, 2), torch.randn(4, 3)
    before = module(given)
    extra: dict[str, tuple[Any, ...]] = {"apply": (lambda part: None,), "type": (torch.float32,), "trace": (given,)}
    short = name.rpartition(".")[2]
    result = resolve(name)(module, *extra.get(short, ()), **({"device": "cpu"} if short == "to_empty" else {}))
    if name.startswith("torch.nn.Module.") or short == "spectral_norm":
        assert result is module
    else:
        same_numbers(result(given), before)


def prove_invoke(name: str, row: OpRow | LayerRow, effect: object_effects.Invoke) -> None:
    assert parameters(row.params)[0].name == effect.function
    if effect.inputs is not None:
        prove_invoke_of_module(name, effect.inputs)
        return
    one, two = sample(Logits), sample(Unit)
    same_numbers(resolve(name)(torch.sub, one, two, use_reentrant=False), one - two)


def prove_invoke_of_module(name: str, inputs: str) -> None:
    module, given = nn.Sequential(nn.Linear(4, 3), nn.Tanh()), torch.randn(2, 4)
    extra: dict[str, tuple[Any, ...]] = {
        "functional_call": (dict(module.named_parameters()),),
        "checkpoint_sequential": (1,),
    }
    options = {"use_reentrant": False} if "checkpoint" in name else {}
    values = (given,) if inputs == "args" else given
    result = resolve(name)(module, *extra[name.rpartition(".")[2]], **{inputs: values}, **options)
    assert torch.allclose(result, module(given))


def prove_container(name: str, row: OpRow | LayerRow, effect: object_effects.Container) -> None:
    base = torch.utils.data.Dataset if effect.role is object_effects.Role.DATASET else nn.Module
    assert issubclass(resolve(name), base)


def prove_mode(name: str, row: OpRow | LayerRow, effect: object_effects.Mode) -> None:
    module = nn.Sequential(nn.Dropout()).train(not effect.training)
    assert resolve(name)(module) is module
    assert module[0].training is effect.training


def prove_gradients(name: str, row: OpRow | LayerRow, effect: object_effects.Gradients) -> None:
    weight = torch.ones(1, requires_grad=True)
    with torch.set_grad_enabled(not effect.recorded), resolve(name)():
        assert (weight * 2).requires_grad is effect.recorded


def prove_differentiate(name: str, row: OpRow | LayerRow, effect: object_effects.Differentiate) -> None:
    """One number has gradients, several have them where it is told how they are weighed."""
    take, weight = resolve(name), torch.ones(3, requires_grad=True)
    assert effect.of == parameters(row.params)[0].name
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
        take(2 * weight)
    take((2 * weight).sum())
    assert take(2 * weight, gradient=torch.ones(3)) is None
    assert torch.equal(weight.grad, torch.full((3,), 4.0))


PROOFS: dict[type[Any], Callable[[str, Any, Any], None]] = {
    tensor_effects.Make: prove_make,
    tensor_effects.Transfer: prove_transfer,
    tensor_effects.Keep: prove_keep,
    tensor_effects.Affine: prove_affine,
    tensor_effects.Move: prove_move,
    tensor_effects.Fold: prove_fold,
    tensor_effects.Gather: prove_gather,
    tensor_effects.Order: prove_order,
    tensor_effects.Combine: prove_combine,
    tensor_effects.Measure: prove_measure,
    tensor_effects.Place: prove_place,
    tensor_effects.Operate: prove_operate,
    tensor_effects.Encode: prove_encode,
    tensor_effects.Fill: prove_fill,
    tensor_effects.Sample: prove_sample,
    tensor_effects.Count: prove_count,
    tensor_effects.Literal: prove_literal,
    tensor_effects.Outputs: prove_outputs,
    object_effects.PassThrough: prove_pass_through,
    object_effects.Invoke: prove_invoke,
    **DATA_PROOFS,
    **DISTRIBUTION_PROOFS,
    object_effects.Container: prove_container,
    object_effects.Mode: prove_mode,
    object_effects.Gradients: prove_gradients,
    object_effects.Differentiate: prove_differentiate,
}


def prove(name: str, row: OpRow | LayerRow) -> None:
    """Run the proof of a row's effect for one of its names; AssertionError where the row is wrong."""
    torch.manual_seed(7)
    PROOFS[type(row.effect)](name, row, row.effect)
