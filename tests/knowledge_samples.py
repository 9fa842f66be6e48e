"""Tensors of each kind, and calls of whatever a row names with arguments that fit."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from losslint.domain.kind import (
    Bounded,
    ClassIndex,
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
)
from losslint.knowledge.schema import LayerRow, OpRow
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
def a_vector() -> torch.Tensor:
    return torch.randn(3, dtype=torch.float64)


def a_square() -> torch.Tensor:
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
    "resize": (3, 64),
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
