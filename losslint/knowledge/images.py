"""Pools, paddings and resampling: operations over space that keep what each place's numbers mean, or part of it."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.kind import Bounded, Logits, NonNegative, OneHot, Probs, SigmoidProbs, Unit
from losslint.knowledge.elementwise import RESHAPED
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import SAME, Motion, Move, Transfer, Typed, Window

_AVERAGES = (
    (Logits, SAME),
    (Probs, SAME),
    (SigmoidProbs, SAME),
    (NonNegative, SAME),
    (Bounded, SAME),
    (Unit, SAME),
    (OneHot, Unit()),
)
_LARGEST = (
    (Logits, SAME),
    (Probs, Unit()),
    (SigmoidProbs, SAME),
    (NonNegative, SAME),
    (Bounded, SAME),
    (Unit, SAME),
    (OneHot, Unit()),
)
_ELEMENTWISE = (
    (Logits, SAME),
    (Probs, Unit()),
    (SigmoidProbs, SAME),
    (NonNegative, SAME),
    (Bounded, SAME),
    (Unit, SAME),
    (OneHot, Unit()),
)
AVERAGED_1D = Transfer(_AVERAGES, resized=1, dtype=Typed.KEPT, window=Window.POOL)
ADAPTED_AVERAGED_1D = replace(AVERAGED_1D, window=Window.ADAPTIVE)
AVERAGED_2D = Transfer(_AVERAGES, resized=2, dtype=Typed.KEPT, window=Window.POOL)
ADAPTED_AVERAGED_2D = replace(AVERAGED_2D, window=Window.ADAPTIVE)
AVERAGED_3D = Transfer(_AVERAGES, resized=3, dtype=Typed.KEPT, window=Window.POOL)
ADAPTED_AVERAGED_3D = replace(AVERAGED_3D, window=Window.ADAPTIVE)
LARGEST_1D = Transfer(_LARGEST, resized=1, dtype=Typed.KEPT, window=Window.POOL)
ADAPTED_LARGEST_1D = replace(LARGEST_1D, window=Window.ADAPTIVE)
LARGEST_2D = Transfer(_LARGEST, resized=2, dtype=Typed.KEPT, window=Window.POOL)
ADAPTED_LARGEST_2D = replace(LARGEST_2D, window=Window.ADAPTIVE)
LARGEST_3D = Transfer(_LARGEST, resized=3, dtype=Typed.KEPT, window=Window.POOL)
ADAPTED_LARGEST_3D = replace(LARGEST_3D, window=Window.ADAPTIVE)
RESAMPLED = Transfer(((Logits, SAME), (Probs, SAME), (SigmoidProbs, SAME)), resized=-2, dtype=Typed.KEPT)
SAMPLED = Transfer(
    ((Logits, SAME), (Probs, Unit()), (SigmoidProbs, Unit()), (Unit, SAME)), resized=-2, dtype=Typed.KEPT
)
PADDED = Transfer(_ELEMENTWISE, resized=None, dtype=Typed.KEPT)
PADDED_ANYHOW = Transfer(((Logits, SAME),), resized=None, dtype=Typed.KEPT)
SHUFFLED = Transfer(_ELEMENTWISE, resized=3, dtype=Typed.KEPT)

IMAGES = (
    OpRow(
        names=(
            "torch.nn.functional.avg_pool1d",
            "torch.avg_pool1d",
        ),
        params="input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
        effect=AVERAGED_1D,
    ),
    OpRow(names=("torch.nn.functional.adaptive_avg_pool1d",), params="input, output_size", effect=ADAPTED_AVERAGED_1D),
    OpRow(
        names=("torch.nn.functional.max_pool1d",),
        params="input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
        effect=LARGEST_1D,
    ),
    OpRow(
        names=("torch.nn.functional.adaptive_max_pool1d",),
        params="input, output_size, return_indices=False",
        effect=ADAPTED_LARGEST_1D,
    ),
    OpRow(
        names=("torch.nn.functional.max_unpool1d",),
        params="input, indices, kernel_size, stride=None, padding=0, output_size=None",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.nn.functional.avg_pool2d",),
        params="input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
        effect=AVERAGED_2D,
    ),
    OpRow(names=("torch.nn.functional.adaptive_avg_pool2d",), params="input, output_size", effect=ADAPTED_AVERAGED_2D),
    OpRow(
        names=("torch.nn.functional.max_pool2d",),
        params="input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
        effect=LARGEST_2D,
    ),
    OpRow(
        names=("torch.nn.functional.adaptive_max_pool2d",),
        params="input, output_size, return_indices=False",
        effect=ADAPTED_LARGEST_2D,
    ),
    OpRow(
        names=("torch.nn.functional.max_unpool2d",),
        params="input, indices, kernel_size, stride=None, padding=0, output_size=None",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.nn.functional.avg_pool3d",),
        params="input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
        effect=AVERAGED_3D,
    ),
    OpRow(names=("torch.nn.functional.adaptive_avg_pool3d",), params="input, output_size", effect=ADAPTED_AVERAGED_3D),
    OpRow(
        names=("torch.nn.functional.max_pool3d",),
        params="input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
        effect=LARGEST_3D,
    ),
    OpRow(
        names=("torch.nn.functional.adaptive_max_pool3d",),
        params="input, output_size, return_indices=False",
        effect=ADAPTED_LARGEST_3D,
    ),
    OpRow(
        names=("torch.nn.functional.max_unpool3d",),
        params="input, indices, kernel_size, stride=None, padding=0, output_size=None",
        effect=RESHAPED,
    ),
    OpRow(
        names=(
            "torch.nn.functional.lp_pool1d",
            "torch.nn.functional.lp_pool2d",
            "torch.nn.functional.lp_pool3d",
        ),
        params="input, norm_type, kernel_size, stride=None, ceil_mode=False",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.nn.functional.interpolate",),
        params="input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
        effect=RESAMPLED,
    ),
    OpRow(
        names=("torch.nn.functional.upsample",),
        params="input, size=None, scale_factor=None, mode='nearest', align_corners=None",
        effect=RESAMPLED,
    ),
    OpRow(
        names=(
            "torch.nn.functional.upsample_bilinear",
            "torch.nn.functional.upsample_nearest",
        ),
        params="input, size=None, scale_factor=None",
        effect=RESAMPLED,
    ),
    OpRow(
        names=("torch.nn.functional.grid_sample",),
        params="input, grid, mode='bilinear', padding_mode='zeros', align_corners=None",
        effect=SAMPLED,
    ),
    OpRow(names=("torch.nn.functional.pad",), params="input, pad, mode='constant', value=None", effect=PADDED_ANYHOW),
    OpRow(
        names=(
            "torch.nn.functional.pixel_shuffle",
            "torch.pixel_shuffle",
        ),
        params="input, upscale_factor",
        effect=SHUFFLED,
    ),
    OpRow(
        names=(
            "torch.nn.functional.pixel_unshuffle",
            "torch.pixel_unshuffle",
        ),
        params="input, downscale_factor",
        effect=SHUFFLED,
    ),
    OpRow(names=("torch.nn.functional.channel_shuffle",), params="input, groups", effect=Move(Motion.PERMUTE_WITHIN)),
    OpRow(
        names=("torch.nn.functional.fold",),
        params="input, output_size, kernel_size, dilation=1, padding=0, stride=1",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.nn.functional.unfold",),
        params="input, kernel_size, dilation=1, padding=0, stride=1",
        effect=RESHAPED,
    ),
)
