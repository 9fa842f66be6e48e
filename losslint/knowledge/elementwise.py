"""Functions applied to each number of a tensor."""

from __future__ import annotations

from losslint.domain.kind import (
    Bounded,
    ClassIndex,
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
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import GUARDED, SAME, Keep, Make, Order, Transfer, Typed

UNTRACKED = Transfer(())
"""Fractions that mean nothing we track, in the shape of the input."""

CHANGED = Transfer((), dtype=Typed.KEPT)
"""Numbers of the same type that mean nothing we track, in the shape of the input."""

RESHAPED = Transfer((), resized=None, dtype=Typed.UNKNOWN)
"""Numbers that mean nothing we track, in a shape of their own."""

_WITHIN = ((Probs, Unit()), (SigmoidProbs, Unit()), (Unit, SAME), (NonNegative, SAME), (OneHot, SAME))
ROOT = Transfer(_WITHIN)
SQUARED = Transfer(_WITHIN, dtype=Typed.SQUARED)
"""sqrt and square: what lies within [0, 1] stays there."""

ROUNDED = Transfer(
    ((ClassIndex, SAME), (OneHot, SAME), (Probs, Unit()), (SigmoidProbs, Unit()), (Unit, SAME)), dtype=Typed.KEPT
)
"""round, floor and their like: only whole numbers stay what they are."""

CLAMPED = Transfer(
    (
        (Probs, GUARDED),
        (SigmoidProbs, GUARDED),
        (LogProbs, GUARDED),
        (LogSigmoid, SAME),
        (Unit, SAME),
        (OneHot, Unit()),
        (ClassIndex, ClassIndex()),
    ),
    dtype=Typed.PROMOTED,
)
"""clamp: nearly always a guard against the ends, which changes no meaning; of scores it makes anything."""

DIAGONAL = Transfer(
    ((Probs, Unit()), (SigmoidProbs, Unit()), (Unit, SAME), (NonNegative, SAME), (Bounded, SAME)),
    resized=None,
    dtype=Typed.KEPT,
)
"""diag: some of the numbers, or all of them with zeros around."""

ELEMENTWISE = (
    OpRow(
        names=("torch.exp", "torch.exp_", "torch.Tensor.exp", "torch.Tensor.exp_"),
        params="input",
        effect=Transfer(((LogProbs, Probs()), (LogSigmoid, SigmoidProbs()), (Logits, NonNegative()))),
        verb="exp",
    ),
    OpRow(
        names=("torch.log", "torch.log_", "torch.Tensor.log", "torch.Tensor.log_"),
        params="input",
        effect=Transfer(((Probs, LogProbs()), (SigmoidProbs, LogSigmoid()))),
        verb="log",
    ),
    OpRow(
        names=(
            "torch.log2",
            "torch.log2_",
            "torch.Tensor.log2",
            "torch.Tensor.log2_",
            "torch.log10",
            "torch.log10_",
            "torch.Tensor.log10",
            "torch.Tensor.log10_",
            "torch.expm1",
            "torch.expm1_",
            "torch.Tensor.expm1",
            "torch.Tensor.expm1_",
            "torch.exp2",
            "torch.exp2_",
            "torch.Tensor.exp2",
            "torch.Tensor.exp2_",
        ),
        params="input",
        effect=UNTRACKED,
    ),
    OpRow(
        names=(
            "torch.log1p",
            "torch.log1p_",
            "torch.Tensor.log1p",
            "torch.Tensor.log1p_",
            "torch.special.log1p",
        ),
        params="input",
        effect=UNTRACKED,
        verb="log1p",
    ),
    OpRow(names=("torch.special.expm1",), params="input", effect=UNTRACKED),
    OpRow(names=("torch.sqrt", "torch.sqrt_", "torch.Tensor.sqrt", "torch.Tensor.sqrt_"), params="input", effect=ROOT),
    OpRow(
        names=("torch.square", "torch.square_", "torch.Tensor.square", "torch.Tensor.square_"),
        params="input",
        effect=SQUARED,
    ),
    OpRow(
        names=(
            "torch.rsqrt",
            "torch.rsqrt_",
            "torch.Tensor.rsqrt",
            "torch.Tensor.rsqrt_",
            "torch.reciprocal",
            "torch.reciprocal_",
            "torch.Tensor.reciprocal",
            "torch.Tensor.reciprocal_",
        ),
        params="input",
        effect=Transfer(
            ((NonNegative, SAME), (Probs, NonNegative()), (SigmoidProbs, NonNegative()), (Unit, NonNegative()))
        ),
    ),
    OpRow(
        names=(
            "torch.abs",
            "torch.abs_",
            "torch.Tensor.abs",
            "torch.Tensor.abs_",
            "torch.absolute",
            "torch.Tensor.absolute",
            "torch.Tensor.absolute_",
        ),
        params="input",
        effect=Transfer(
            (
                (Probs, SAME),
                (SigmoidProbs, SAME),
                (Unit, SAME),
                (NonNegative, SAME),
                (OneHot, SAME),
                (LogProbs, NonNegative()),
                (LogSigmoid, NonNegative()),
                (Bounded, Unit()),
            ),
            dtype=Typed.KEPT,
        ),
        verb="abs",
    ),
    OpRow(
        names=(
            "torch.neg",
            "torch.neg_",
            "torch.Tensor.neg",
            "torch.Tensor.neg_",
            "torch.negative",
            "torch.negative_",
            "torch.Tensor.negative",
            "torch.Tensor.negative_",
        ),
        params="input",
        effect=Transfer(
            ((Logits, SAME), (Bounded, SAME), (LogProbs, NonNegative()), (LogSigmoid, NonNegative())), dtype=Typed.KEPT
        ),
        verb="neg",
    ),
    OpRow(
        names=(
            "torch.sin",
            "torch.sin_",
            "torch.Tensor.sin",
            "torch.Tensor.sin_",
            "torch.cos",
            "torch.cos_",
            "torch.Tensor.cos",
            "torch.Tensor.cos_",
            "torch.tan",
            "torch.tan_",
            "torch.Tensor.tan",
            "torch.Tensor.tan_",
            "torch.atan",
            "torch.atan_",
            "torch.Tensor.atan",
            "torch.Tensor.atan_",
            "torch.asin",
            "torch.asin_",
            "torch.Tensor.asin",
            "torch.Tensor.asin_",
            "torch.acos",
            "torch.acos_",
            "torch.Tensor.acos",
            "torch.Tensor.acos_",
            "torch.sinh",
            "torch.sinh_",
            "torch.Tensor.sinh",
            "torch.Tensor.sinh_",
            "torch.cosh",
            "torch.cosh_",
            "torch.Tensor.cosh",
            "torch.Tensor.cosh_",
            "torch.asinh",
            "torch.asinh_",
            "torch.Tensor.asinh",
            "torch.Tensor.asinh_",
            "torch.acosh",
            "torch.acosh_",
            "torch.Tensor.acosh",
            "torch.Tensor.acosh_",
            "torch.atanh",
            "torch.atanh_",
            "torch.Tensor.atanh",
            "torch.Tensor.atanh_",
            "torch.erf",
            "torch.erf_",
            "torch.Tensor.erf",
            "torch.Tensor.erf_",
            "torch.erfc",
            "torch.erfc_",
            "torch.Tensor.erfc",
            "torch.Tensor.erfc_",
            "torch.erfinv",
            "torch.Tensor.erfinv",
            "torch.Tensor.erfinv_",
            "torch.sinc",
            "torch.sinc_",
            "torch.Tensor.sinc",
            "torch.Tensor.sinc_",
            "torch.frac",
            "torch.frac_",
            "torch.Tensor.frac",
            "torch.Tensor.frac_",
        ),
        params="input",
        effect=UNTRACKED,
    ),
    OpRow(
        names=(
            "torch.lgamma",
            "torch.Tensor.lgamma",
            "torch.Tensor.lgamma_",
            "torch.digamma",
            "torch.Tensor.digamma",
            "torch.Tensor.digamma_",
        ),
        params="input",
        effect=UNTRACKED,
    ),
    OpRow(
        names=("torch.special.entr", "torch.special.ndtr", "torch.special.log_ndtr"), params="input", effect=UNTRACKED
    ),
    OpRow(
        names=("torch.round", "torch.round_", "torch.Tensor.round", "torch.Tensor.round_"),
        params="input, *, decimals=0",
        effect=ROUNDED,
        verb="round",
        cuts="round",
        flat=True,
    ),
    OpRow(
        names=(
            "torch.floor",
            "torch.floor_",
            "torch.Tensor.floor",
            "torch.Tensor.floor_",
            "torch.ceil",
            "torch.ceil_",
            "torch.Tensor.ceil",
            "torch.Tensor.ceil_",
            "torch.trunc",
            "torch.trunc_",
            "torch.Tensor.trunc",
            "torch.Tensor.trunc_",
            "torch.fix",
            "torch.fix_",
            "torch.Tensor.fix",
            "torch.Tensor.fix_",
        ),
        params="input",
        effect=ROUNDED,
        cuts="rounding",
        flat=True,
    ),
    OpRow(
        names=(
            "torch.sign",
            "torch.Tensor.sign",
            "torch.Tensor.sign_",
            "torch.sgn",
            "torch.Tensor.sgn",
            "torch.Tensor.sgn_",
        ),
        params="input",
        effect=CHANGED,
        cuts="sign",
        flat=True,
    ),
    OpRow(
        names=(
            "torch.clamp",
            "torch.clamp_",
            "torch.Tensor.clamp",
            "torch.Tensor.clamp_",
            "torch.clip",
            "torch.clip_",
            "torch.Tensor.clip",
            "torch.Tensor.clip_",
        ),
        params="input, min=None, max=None",
        effect=CLAMPED,
        verb="clamp",
    ),
    OpRow(
        names=("torch.clamp_min", "torch.clamp_min_", "torch.Tensor.clamp_min", "torch.Tensor.clamp_min_"),
        params="input, min",
        effect=Transfer((), dtype=Typed.PROMOTED),
    ),
    OpRow(
        names=("torch.clamp_max", "torch.clamp_max_", "torch.Tensor.clamp_max", "torch.Tensor.clamp_max_"),
        params="input, max",
        effect=Transfer((), dtype=Typed.PROMOTED),
    ),
    OpRow(
        names=("torch.nan_to_num", "torch.nan_to_num_", "torch.Tensor.nan_to_num", "torch.Tensor.nan_to_num_"),
        params="input, nan=None, posinf=None, neginf=None",
        effect=Keep(),
    ),
    OpRow(names=("torch.positive", "torch.Tensor.positive"), params="input", effect=Keep()),
    OpRow(
        names=("torch.masked_fill", "torch.Tensor.masked_fill", "torch.Tensor.masked_fill_"),
        params="input, mask, value",
        effect=Transfer(((Logits, SAME), (ClassIndex, ClassIndex())), dtype=Typed.KEPT),
    ),
    OpRow(
        names=("torch.masked_scatter", "torch.Tensor.masked_scatter", "torch.Tensor.masked_scatter_"),
        params="input, mask, source",
        effect=CHANGED,
    ),
    OpRow(
        names=(
            "torch.cumsum",
            "torch.Tensor.cumsum",
            "torch.Tensor.cumsum_",
            "torch.cumprod",
            "torch.Tensor.cumprod",
            "torch.Tensor.cumprod_",
        ),
        params="input, dim, *, dtype=None",
        effect=Transfer((), dtype=Typed.SUMMED),
    ),
    OpRow(names=("torch.logcumsumexp", "torch.Tensor.logcumsumexp"), params="input, dim", effect=UNTRACKED),
    OpRow(
        names=("torch.cummax", "torch.Tensor.cummax", "torch.cummin", "torch.Tensor.cummin"),
        params="input, dim",
        effect=Order(same=False),
    ),
    OpRow(
        names=(
            "torch.tril",
            "torch.Tensor.tril",
            "torch.Tensor.tril_",
            "torch.triu",
            "torch.Tensor.triu",
            "torch.Tensor.triu_",
        ),
        params="input, diagonal=0",
        effect=Transfer(((Logits, SAME),), dtype=Typed.KEPT),
    ),
    OpRow(
        names=(
            "torch.isnan",
            "torch.Tensor.isnan",
            "torch.isinf",
            "torch.Tensor.isinf",
            "torch.isfinite",
            "torch.Tensor.isfinite",
            "torch.isneginf",
            "torch.Tensor.isneginf",
            "torch.isposinf",
            "torch.Tensor.isposinf",
        ),
        params="input",
        effect=Make(Truth()),
        verb="test",
    ),
    OpRow(
        names=("torch.logical_not", "torch.Tensor.logical_not", "torch.Tensor.logical_not_"),
        params="input",
        effect=Make(Truth()),
        verb="not",
    ),
)

ELEMENTS = (*ELEMENTWISE,)
