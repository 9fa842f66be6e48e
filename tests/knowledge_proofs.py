"""Numeric proofs that rows of knowledge tell the truth about torch: one proof for each effect."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Any

import torch
from torch import nn

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
from losslint.knowledge import schema
from losslint.knowledge.schema import LayerRow, Motion, Opaque, OpRow, Reduction, Result, Same
from losslint.knowledge.signature import REQUIRED, parameters

Shape = tuple[int, ...]
MATRIX: Shape = (64, 3)
CLASS_AXIS = 1


def sample(kind: type[Kind], shape: Shape = MATRIX) -> torch.Tensor:
    """A tensor of a kind, as a careful user would make one; axes with a sum stand on the class axis."""
    scores = 3 * torch.randn(shape, dtype=torch.float64)
    axis = min(CLASS_AXIS, len(shape) - 1)
    makers: dict[type[Kind], Callable[[], torch.Tensor]] = {
        Logits: lambda: scores,
        Probs: lambda: scores.softmax(axis),
        LogProbs: lambda: scores.log_softmax(axis),
        SigmoidProbs: lambda: scores.sigmoid(),
        LogSigmoid: lambda: nn.functional.logsigmoid(scores),
        NonNegative: lambda: scores.abs(),
        Bounded: lambda: scores.tanh(),
        Unit: lambda: torch.rand(shape, dtype=torch.float64),
        OneHot: lambda: (scores == scores.amax(axis, keepdim=True)).double(),
        ClassIndex: lambda: torch.randint(0, 3, shape),
        Truth: lambda: scores > 0,
    }
    return makers[kind]()


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


def resolve(name: str) -> Any:
    """The object of a dotted name."""
    found: Any = torch
    if not name.startswith("torch"):
        found = __import__(name.partition(".")[0])
    for part in name.split(".")[1:]:
        found = getattr(found, part) if hasattr(found, part) else _submodule(found, part)
    return found


def _submodule(parent: Any, part: str) -> Any:
    module = __import__(f"{parent.__name__}.{part}", fromlist=["_"])
    assert inspect.ismodule(module)
    return module


# What to give parameters that have no default: by name, and for some names by the operation's short name.
def _vector() -> torch.Tensor:
    return torch.randn(3, dtype=torch.float64)


def _three() -> torch.Tensor:
    return torch.randn(3, 3, dtype=torch.float64)


VALUES: dict[str, Callable[[], Any]] = {
    "dim": lambda: 1,
    "dim0": lambda: 0,
    "dim1": lambda: 1,
    "axis0": lambda: 0,
    "axis1": lambda: 1,
    "exponent": lambda: 2.0,
    "weight": lambda: torch.full((1,), 0.25, dtype=torch.float64),
    "mask": lambda: torch.arange(192).reshape(MATRIX) % 2 == 0,
    "value": lambda: -9.0,
    "threshold": lambda: 0.1,
    "negative_slope": lambda: 0.1,
    "shape": lambda: (3, 64),
    "sizes": lambda: (3, 1),
    "source": lambda: 0,
    "destination": lambda: 1,
    "k": lambda: 2,
    "chunks": lambda: 2,
    "split_size_or_sections": lambda: 2,
    "split_size": lambda: 2,
    "indices_or_sections": lambda: 2,
    "index": lambda: torch.tensor([2, 0]),
    "indices": lambda: torch.zeros(MATRIX, dtype=torch.long),
    "start": lambda: 0,
    "length": lambda: 2,
    "shifts": lambda: 1,
    "dims": lambda: (1, 0),
    "repeats": lambda: 2,
    "num_samples": lambda: 2,
    "boundaries": lambda: torch.tensor([0.0, 1.0], dtype=torch.float64),
    "p": lambda: 0.5,
    "train": lambda: False,
    "kernel_size": lambda: 2,
    "output_size": lambda: 2,
    "upscale_factor": lambda: 2,
    "downscale_factor": lambda: 2,
    "groups": lambda: 1,
    "normalized_shape": lambda: (3,),
    "num_groups": lambda: 1,
    "padding": lambda: 1,
    "pad": lambda: (1, 1),
    "grid": lambda: torch.zeros(2, 4, 4, 2, dtype=torch.float64),
    "input": lambda: torch.randn(MATRIX, dtype=torch.float64),
    "running_mean": lambda: torch.zeros(4, dtype=torch.float64),
    "running_var": lambda: torch.ones(4, dtype=torch.float64),
    "src": lambda: torch.zeros(MATRIX, dtype=torch.float64),
    "lambd": lambda: 0.5,
    "in_features": lambda: 3,
    "out_features": lambda: 7,
    "in1_features": lambda: 3,
    "in2_features": lambda: 3,
    "in_channels": lambda: 4,
    "out_channels": lambda: 7,
    "num_embeddings": lambda: 3,
    "embedding_dim": lambda: 7,
    "num_features": lambda: 4,
    "num_channels": lambda: 4,
    "input_size": lambda: 3,
    "hidden_size": lambda: 7,
    "d_model": lambda: 4,
    "nhead": lambda: 2,
    "embed_dim": lambda: 3,
    "num_heads": lambda: 1,
    "size": lambda: 2,
    "min": lambda: 0.1,
    "max": lambda: 0.9,
    "num_layers": lambda: 1,
    "encoder_layer": lambda: nn.TransformerEncoderLayer(4, 2),
    "decoder_layer": lambda: nn.TransformerDecoderLayer(4, 2),
    "n_classes": lambda: 6,
    "cutoffs": lambda: [2, 4],
    "lengths": lambda: torch.full((64,), 3),
}
SPECIAL: dict[tuple[str, str], Callable[[], Any]] = {
    ("linear", "weight"): lambda: torch.randn(7, 3, dtype=torch.float64),
    ("bilinear", "weight"): lambda: torch.randn(7, 3, 3, dtype=torch.float64),
    ("bilinear", "input2"): lambda: torch.randn(MATRIX, dtype=torch.float64),
    ("embedding", "weight"): lambda: torch.randn(3, 7, dtype=torch.float64),
    ("embedding_bag", "weight"): lambda: torch.randn(3, 7, dtype=torch.float64),
    ("layer_norm", "normalized_shape"): lambda: (6,),
    ("rms_norm", "normalized_shape"): lambda: (6,),
    ("LayerNorm", "normalized_shape"): lambda: (6,),
    ("RMSNorm", "normalized_shape"): lambda: (6,),
    ("take_along_dim", "dim"): lambda: 1,
    ("gather", "index"): lambda: torch.tensor([[2, 0]] * 64),
    ("select", "index"): lambda: 2,
    ("take", "index"): lambda: torch.tensor([5, 0]),
    ("unflatten", "dim"): lambda: 1,
    ("flip", "dims"): lambda: (1,),
    ("Threshold", "value"): lambda: 0.0,
    ("Unflatten", "unflattened_size"): lambda: (1, 3),
    ("clamp", "min"): lambda: -100,
    ("clamp", "max"): lambda: 1,
    ("clip", "min"): lambda: -100,
    ("clip", "max"): lambda: 1,
    ("tile", "dims"): lambda: (2, 1),
    ("type", "dtype"): lambda: torch.float64,
    ("Transformer", "d_model"): lambda: 4,
    ("Transformer", "nhead"): lambda: 2,
    ("broadcast_to", "size"): lambda: (2, 64, 3),
    ("ChannelShuffle", "groups"): lambda: 2,
    ("channel_shuffle", "groups"): lambda: 2,
    ("ConstantPad1d", "value"): lambda: 0.0,
    ("ConstantPad2d", "value"): lambda: 0.0,
    ("ConstantPad3d", "value"): lambda: 0.0,
    ("scatter", "dim"): lambda: 1,
    ("roll", "dims"): lambda: 1,
    ("fill_", "value"): lambda: 2.5,
    ("Upsample", "scale_factor"): lambda: 2,
    ("UpsamplingBilinear2d", "scale_factor"): lambda: 2,
    ("UpsamplingNearest2d", "scale_factor"): lambda: 2,
    ("interpolate", "scale_factor"): lambda: 2,
    ("upsample", "scale_factor"): lambda: 2,
    ("upsample_bilinear", "scale_factor"): lambda: 2,
    ("upsample_nearest", "scale_factor"): lambda: 2,
    ("FractionalMaxPool2d", "output_size"): lambda: 2,
    ("FractionalMaxPool3d", "output_size"): lambda: 2,
    ("LSTMCell", "hidden_size"): lambda: 3,
    ("scatter", "index"): lambda: torch.zeros(64, 1, dtype=torch.long),
    ("scatter_", "index"): lambda: torch.zeros(64, 1, dtype=torch.long),
    ("scatter", "value"): lambda: 1.0,
    ("scatter_", "value"): lambda: 1.0,
    ("scatter_add", "index"): lambda: torch.zeros(64, 3, dtype=torch.long),
    ("scatter_add_", "index"): lambda: torch.zeros(64, 3, dtype=torch.long),
    ("index_add", "source"): lambda: torch.zeros(64, 2, dtype=torch.float64),
    ("index_add_", "source"): lambda: torch.zeros(64, 2, dtype=torch.float64),
    ("index_copy", "source"): lambda: torch.zeros(64, 2, dtype=torch.float64),
    ("index_copy_", "source"): lambda: torch.zeros(64, 2, dtype=torch.float64),
    ("index_put", "indices"): lambda: (torch.tensor([0]),),
    ("index_put_", "indices"): lambda: (torch.tensor([0]),),
    ("index_put", "values"): lambda: torch.tensor(0.0, dtype=torch.float64),
    ("index_put_", "values"): lambda: torch.tensor(0.0, dtype=torch.float64),
    ("masked_scatter", "source"): lambda: torch.zeros(MATRIX, dtype=torch.float64),
    ("masked_scatter_", "source"): lambda: torch.zeros(MATRIX, dtype=torch.float64),
    ("poisson", "input"): lambda: torch.rand(MATRIX, dtype=torch.float64),
}
STARS: dict[str, tuple[Any, ...]] = {
    "view": (3, 64),
    "reshape": (3, 64),
    "expand": (2, 64, 3),
    "permute": (1, 0),
    "repeat": (2, 1),
    "tile": (2, 1),
    "flip": (1,),
    "to": (torch.float64,),
}
"""What the star parameter of a method gets."""

SIZED: dict[int, Shape] = {1: (8, 4, 6), 2: (8, 4, 6, 6), 3: (8, 4, 6, 6, 6)}
IMAGES = ("pixel_shuffle", "pixel_unshuffle", "PixelShuffle", "PixelUnshuffle", "channel_shuffle", "ChannelShuffle")
PLANES = ("Softmax2d", "interpolate", "upsample", "Upsample", "batch_norm", "group_norm", "instance_norm", "GroupNorm")


def shape_for(name: str) -> Shape:
    """A shape of input that an operation takes."""
    short = name.rpartition(".")[2]
    for spatial in (1, 2, 3):
        if short.lower().endswith(f"{spatial}d"):
            return SIZED[spatial]
    if (
        short in IMAGES
        or short.startswith(PLANES)
        or short in ("local_response_norm", "LocalResponseNorm", "SyncBatchNorm")
    ):
        return SIZED[2]
    if short == "grid_sample":
        return (2, 4, 6, 6)
    if short in ("layer_norm", "rms_norm", "LayerNorm", "RMSNorm"):
        return (8, 4, 6)
    if short.lower() == "glu":
        return (64, 4)
    if short == "Flatten":
        return (8, 4, 6)
    if short.startswith("Transformer"):
        return (8, 4, 4)
    if short in ("RNN", "GRU", "LSTM", "MultiheadAttention"):
        return (5, 64, 3)
    return MATRIX


def fitting(short: str, name: str) -> Any:
    """A value for a parameter."""
    if (short, name) in SPECIAL:
        return SPECIAL[short, name]()
    stem = short.rstrip("_")
    return SPECIAL[stem, name]() if (stem, name) in SPECIAL else VALUES[name]()


def has_value(short: str, name: str) -> bool:
    """True where a parameter is given although it has a default."""
    return (short, name) in SPECIAL or (short.rstrip("_"), name) in SPECIAL


def call_op(name: str, row: OpRow, given: Any, **options: Any) -> Any:
    """Call a function or method on `given`, filling in what it requires; the receiver is copied, for in-place forms."""
    short = name.rpartition(".")[2]
    if row.attribute:
        return getattr(given, short)
    positional: list[Any] = [given.clone() if isinstance(given, torch.Tensor) else given]
    keywords: dict[str, Any] = {}
    for parameter in parameters(row.params)[1:]:
        if parameter.name in options:
            keywords[parameter.name] = options[parameter.name]
        elif parameter.kind == "star":
            positional.extend(STARS[short.rstrip("_")])
        elif parameter.kind == "double_star":
            continue
        elif parameter.default is REQUIRED or has_value(short, parameter.name):
            value = fitting(short, parameter.name)
            if keywords or parameter.kind == "keyword" or parameter.default is not REQUIRED:
                keywords[parameter.name] = value
            else:
                positional.append(value)
    return resolve(name)(*positional, **keywords)


def build_layer(name: str, row: LayerRow, **options: Any) -> nn.Module:
    """Build a layer with what it requires, in evaluation, in double precision."""
    short = name.rpartition(".")[2]
    keywords = {
        parameter.name: fitting(short, parameter.name)
        for parameter in parameters(row.params)
        if (parameter.default is REQUIRED and parameter.kind == "positional") or has_value(short, parameter.name)
    }
    if short in ("RNN", "GRU", "LSTM"):
        keywords = {"input_size": 3, "hidden_size": 7}
    layer: nn.Module = resolve(name)(**(keywords | options))
    return layer.double().eval()


def run_layer(name: str, row: LayerRow, given: torch.Tensor, **options: Any) -> Any:
    """Build a layer and call it; second inputs are of the same shape."""
    layer = build_layer(name, row, **options)
    extra = [
        given.clone()
        for parameter in parameters(row.call)[1:]
        if parameter.default is REQUIRED and parameter.kind == "positional"
    ]
    if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d):
        layer.train()
    return layer(given.clone(), *extra)


def run(name: str, row: OpRow | LayerRow, given: Any, **options: Any) -> Any:
    """Call an operation or a layer."""
    if isinstance(row, OpRow):
        return call_op(name, row, given, **options)
    return run_layer(name, row, given, **options)


def claims_nothing(row: OpRow | LayerRow) -> bool:
    """True where a row only says that it knows the name, so that nothing is left to prove."""
    effect = row.effect
    if isinstance(effect, schema.Forget):
        return True
    if isinstance(effect, schema.Transfer):
        return not effect.cases and isinstance(effect.otherwise, Opaque) and effect.resized is None
    return isinstance(effect, schema.Outputs) and all(isinstance(kind, Opaque) for kind in effect.kinds)


def prove_make(name: str, row: OpRow | LayerRow, effect: schema.Make) -> None:
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


def _assert_left_out(name: str, row: OpRow | LayerRow, effect: schema.Make) -> None:
    """What the axis is where the call does not name it: required, one of torch's choice, or a number."""
    default = next(one.default for one in parameters(row.params) if one.name == effect.dim)
    assert effect.implicit is (default is None), "torch chooses the axis where its default is None, and only there"
    if isinstance(default, int):
        assert_kind(with_dim(effect.kind, default), run(name, row, sample(Logits, (4, 3, 5))))


def _limits(row: OpRow | LayerRow) -> dict[str, Any]:
    return {"other": sample(Logits)} if "other" in row.params and isinstance(row, OpRow) else {}


def prove_transfer(name: str, row: OpRow | LayerRow, effect: schema.Transfer) -> None:
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
    kind: Kind = given() if isinstance(result, Same) else result  # type: ignore[assignment]
    if isinstance(kind, Probs | LogProbs) and kind.whole and given in (Probs, LogProbs):
        return replace(kind, dim=min(CLASS_AXIS, rank - 1))
    return replace(kind, dim=1) if isinstance(kind, OneHot) else kind


def _same_axes(resized: int | None, given: torch.Tensor, result: torch.Tensor) -> None:
    if resized is None:
        return
    kept = 2 if resized < 0 else given.dim() - resized
    assert result.dim() == given.dim(), "the rank stays"
    assert result.shape[:kept] == given.shape[:kept], "all axes stay but those named"


def prove_keep(name: str, row: OpRow | LayerRow, effect: schema.Keep) -> None:
    whole = effect.dtype is not None and not getattr(torch, effect.dtype).is_floating_point
    given = sample(ClassIndex if whole else Unit)
    options = {"training": False} if "training" in row.params else {}
    result = run(name, row, given, **options | ({"other": given} if "other" in row.params else {}))
    if effect.dtype:
        assert result.dtype is getattr(torch, effect.dtype)
        assert torch.allclose(result.double(), given.double(), atol=1e-2)
    else:
        same_numbers(result, given)


def prove_affine(name: str, row: OpRow | LayerRow, effect: schema.Affine) -> None:
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


def prove_move(name: str, row: OpRow | LayerRow, effect: schema.Move) -> None:
    shape = shape_for(name)
    given = torch.randperm(reduce(operator.mul, shape)).reshape(shape).double()
    if effect.motion is Motion.SQUEEZE:
        given = given.unsqueeze(1)
    options = {"other": torch.zeros(_other_shape(effect.motion), dtype=torch.float64)} if "other" in row.params else {}
    result = run(name, row, given, **options)
    pieces = list(result) if isinstance(result, tuple | list) else [result]
    got = torch.cat([piece.flatten() for piece in pieces])
    if effect.motion in (Motion.SELECT, Motion.GATHER, Motion.EXPAND):
        assert set(got.tolist()) <= set(given.flatten().tolist())
    else:
        assert torch.equal(got.sort().values, given.flatten().sort().values)
    _assert_motion(effect, name, given, pieces)


def _other_shape(motion: Motion) -> Shape:
    return (3, 64) if motion is Motion.VIEW_AS else (2, 64, 3)


def _assert_motion(effect: schema.Move, name: str, given: torch.Tensor, pieces: list[torch.Tensor]) -> None:
    first = pieces[0]
    match effect.motion:
        case Motion.FLATTEN:
            assert first.dim() < given.dim()
        case Motion.SQUEEZE:
            assert first.shape == (64, 3)
        case Motion.UNSQUEEZE:
            assert first.shape == (64, 1, 3)
        case Motion.TRANSPOSE | Motion.MATRIX_TRANSPOSE | Motion.PERMUTE:
            assert torch.equal(first, given.transpose(0, 1))
        case Motion.PERMUTE_WITHIN:
            assert first.shape == given.shape
        case Motion.EXPAND:
            assert torch.equal(first[0], given)
        case Motion.VIEW_AS:
            assert first.shape == (3, 64)
        case Motion.SPLIT | Motion.SELECT if effect.drops or ("mask" not in name and "take" not in name):
            assert first.dim() == given.dim() - effect.drops
        case _:
            assert torch.equal(first.flatten(), given.flatten()) or effect.motion is not Motion.VIEW


def prove_fold(name: str, row: OpRow | LayerRow, effect: schema.Fold) -> None:
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


def prove_gather(name: str, row: OpRow | LayerRow, effect: schema.Gather) -> None:
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


def prove_operate(name: str, row: OpRow | LayerRow, effect: schema.Operate) -> None:
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
        return _vector(), _vector()
    if short == "mv":
        return _three(), _vector()
    if short == "bmm":
        return _three().expand(2, 3, 3), _three().expand(2, 3, 3)
    return _three(), _three()


def prove_encode(name: str, row: OpRow | LayerRow, effect: schema.Encode) -> None:
    given = torch.tensor([[2, 0], [1, 2]])
    for result in (resolve(name)(given), resolve(name)(given, num_classes=3)):
        assert result.shape == (2, 2, 3)
        assert_kind(OneHot(-1), result)
        assert torch.equal(result.argmax(-1), given)


def prove_fill(name: str, row: OpRow | LayerRow, effect: schema.Fill) -> None:
    value: Any = 2.5 if isinstance(effect.value, str) else effect.value
    options = {effect.value: 2.5} if isinstance(effect.value, str) else {}
    names = [parameter.name for parameter in parameters(row.params)]
    lead = [sample(Logits)] if names[0] == "input" else []
    size = [] if effect.like else [(4, 2)]
    result = resolve(name)(*lead, *size, *options.values())
    assert result.shape == (lead[0].shape if effect.like else (4, 2))
    assert_kind(Filled(value), result)


def prove_sample(name: str, row: OpRow | LayerRow, effect: schema.Sample) -> None:
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


def prove_count(name: str, row: OpRow | LayerRow, effect: schema.Count) -> None:
    for arguments in ((5,), (2, 9), (2, 9, 3)):
        assert resolve(name)(*arguments).tolist() == list(range(*arguments))


def prove_literal(name: str, row: OpRow | LayerRow, effect: schema.Literal) -> None:
    data: Any = [[1, 0], [1, 1]]
    if name.endswith("from_numpy"):
        data = torch.tensor(data).numpy()
    names = [parameter.name for parameter in parameters(row.params)]
    result = resolve(name)(*([torch.zeros(1)] if names[0] == "input" else []), data)
    assert result.tolist() == [[1, 0], [1, 1]]
    assert effect.dtype is None or result.dtype is getattr(torch, effect.dtype)


def prove_outputs(name: str, row: OpRow | LayerRow, effect: schema.Outputs) -> None:
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


def prove_pass_through(name: str, row: OpRow | LayerRow, effect: schema.PassThrough) -> None:
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


def prove_invoke(name: str, row: OpRow | LayerRow, effect: schema.Invoke) -> None:
    assert parameters(row.params)[0].name == effect.function
    one, two = sample(Logits), sample(Unit)
    same_numbers(resolve(name)(torch.sub, one, two, use_reentrant=False), one - two)


def prove_batches(name: str, row: OpRow | LayerRow, effect: schema.Batches) -> None:
    data = torch.utils.data.TensorDataset(torch.randn(6, 3), torch.arange(6))
    features, labels = next(iter(resolve(name)(**{effect.of: data, "batch_size": 4})))
    assert torch.equal(features, torch.stack([data[place][0] for place in range(4)]))
    assert labels.tolist() == [0, 1, 2, 3]


def prove_container(name: str, row: OpRow | LayerRow, effect: schema.Container) -> None:
    base = torch.utils.data.Dataset if effect.role is schema.Role.DATASET else nn.Module
    assert issubclass(resolve(name), base)


def prove_mode(name: str, row: OpRow | LayerRow, effect: schema.Mode) -> None:
    module = nn.Sequential(nn.Dropout()).train(not effect.training)
    assert resolve(name)(module) is module
    assert module[0].training is effect.training


PROOFS: dict[type[Any], Callable[[str, Any, Any], None]] = {
    schema.Make: prove_make,
    schema.Transfer: prove_transfer,
    schema.Keep: prove_keep,
    schema.Affine: prove_affine,
    schema.Move: prove_move,
    schema.Fold: prove_fold,
    schema.Gather: prove_gather,
    schema.Operate: prove_operate,
    schema.Encode: prove_encode,
    schema.Fill: prove_fill,
    schema.Sample: prove_sample,
    schema.Count: prove_count,
    schema.Literal: prove_literal,
    schema.Outputs: prove_outputs,
    schema.PassThrough: prove_pass_through,
    schema.Invoke: prove_invoke,
    schema.Batches: prove_batches,
    schema.Container: prove_container,
    schema.Mode: prove_mode,
}


def prove(name: str, row: OpRow | LayerRow) -> None:
    """Run the proof of a row's effect for one of its names; AssertionError where the row is wrong."""
    torch.manual_seed(7)
    PROOFS[type(row.effect)](name, row, row.effect)
