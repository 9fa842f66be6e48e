"""Operations that fold an axis away, pick from it or put it in order."""

from __future__ import annotations

from losslint.domain.kind import ClassIndex
from losslint.knowledge.elementwise import RESHAPED
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import Draw, Fold, Order, Reduction, Transfer, Typed

SPREAD = Fold(Reduction.SPREAD)

FOLDS = (
    OpRow(
        names=("torch.mean", "torch.Tensor.mean", "torch.nanmean", "torch.Tensor.nanmean"),
        params="input, dim=None, keepdim=False, *, dtype=None",
        effect=Fold(Reduction.MEAN),
        verb="mean",
    ),
    OpRow(
        names=("torch.sum", "torch.Tensor.sum", "torch.nansum", "torch.Tensor.nansum"),
        params="input, dim=None, keepdim=False, *, dtype=None",
        effect=Fold(Reduction.SUM),
        verb="sum",
    ),
    OpRow(
        names=("torch.max", "torch.Tensor.max", "torch.min", "torch.Tensor.min"),
        params="input, dim=None, keepdim=False",
        effect=Fold(Reduction.LARGEST, pair=True),
        verb="max",
    ),
    OpRow(
        names=("torch.median", "torch.Tensor.median"),
        params="input, dim=None, keepdim=False",
        effect=Fold(Reduction.LARGEST, pair=True),
        verb="median",
    ),
    OpRow(
        names=("torch.mode", "torch.Tensor.mode"),
        params="input, dim=-1, keepdim=False",
        effect=Fold(Reduction.LARGEST, pair=True),
        verb="mode",
    ),
    OpRow(
        names=("torch.kthvalue", "torch.Tensor.kthvalue"),
        params="input, k, dim=-1, keepdim=False",
        effect=Fold(Reduction.LARGEST, pair=True),
        verb="kthvalue",
    ),
    OpRow(
        names=("torch.amax", "torch.Tensor.amax", "torch.amin", "torch.Tensor.amin"),
        params="input, dim=(), keepdim=False",
        effect=Fold(Reduction.LARGEST),
        verb="amax",
    ),
    OpRow(
        names=("torch.logsumexp", "torch.Tensor.logsumexp", "torch.special.logsumexp"),
        params="input, dim, keepdim=False",
        effect=Fold(Reduction.LOGSUMEXP),
        verb="logsumexp",
    ),
    OpRow(
        names=("torch.argmax", "torch.Tensor.argmax", "torch.argmin", "torch.Tensor.argmin"),
        params="input, dim=None, keepdim=False",
        effect=Fold(Reduction.INDEX),
        verb="argmax",
    ),
    OpRow(
        names=("torch.any", "torch.Tensor.any", "torch.all", "torch.Tensor.all"),
        params="input, dim=None, keepdim=False",
        effect=Fold(Reduction.TRUTH),
        verb="any",
    ),
)


ORDERS = (
    OpRow(
        names=("torch.topk", "torch.Tensor.topk"),
        params="input, k, dim=-1, largest=True, sorted=True",
        effect=Order(count="k"),
        verb="topk",
    ),
    OpRow(
        names=("torch.sort", "torch.Tensor.sort"),
        params="input, dim=-1, descending=False, *, stable=False",
        effect=Order(),
        verb="sort",
    ),
    OpRow(
        names=("torch.argsort", "torch.Tensor.argsort"),
        params="input, dim=-1, descending=False, *, stable=False",
        effect=Order(indices=True),
        verb="argsort",
    ),
    OpRow(
        names=("torch.multinomial", "torch.Tensor.multinomial"),
        params="input, num_samples, replacement=False, *, generator=None",
        effect=Draw(),
        verb="multinomial",
    ),
    OpRow(
        names=("torch.bucketize",),
        params="input, boundaries, *, out_int32=False, right=False",
        effect=Transfer((), otherwise=ClassIndex(0), dtype=Typed.UNKNOWN),
        verb="bucketize",
    ),
    OpRow(
        names=("torch.searchsorted",),
        params="sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None",
        effect=Transfer((), otherwise=ClassIndex(0), resized=None, dtype=Typed.UNKNOWN),
        verb="searchsorted",
    ),
    OpRow(
        names=("torch.count_nonzero", "torch.Tensor.count_nonzero"),
        params="input, dim=None",
        effect=Transfer((), otherwise=ClassIndex(0), resized=None, dtype="int64"),
        verb="count_nonzero",
    ),
    OpRow(
        names=("torch.bincount", "torch.Tensor.bincount"), params="input, weights=None, minlength=0", effect=RESHAPED
    ),
    OpRow(names=("torch.nonzero", "torch.Tensor.nonzero"), params="input, *, as_tuple=False", effect=RESHAPED),
    OpRow(names=("torch.Tensor.norm",), params="input, p='fro', dim=None, keepdim=False, dtype=None", effect=SPREAD),
    OpRow(names=("torch.norm",), params="input, p='fro', dim=None, keepdim=False, out=None, dtype=None", effect=SPREAD),
    OpRow(names=("torch.linalg.norm",), params="A, ord=None, dim=None, keepdim=False, *, dtype=None", effect=SPREAD),
    OpRow(
        names=("torch.std", "torch.Tensor.std", "torch.var", "torch.Tensor.var"),
        params="input, dim=None, unbiased=True, keepdim=False",
        effect=SPREAD,
    ),
    OpRow(
        names=("torch.prod", "torch.Tensor.prod"),
        params="input, dim=None, keepdim=False, *, dtype=None",
        effect=Fold(Reduction.PRODUCT),
    ),
    OpRow(
        names=("torch.quantile", "torch.Tensor.quantile"),
        params="input, q, dim=None, keepdim=False, *, interpolation='linear'",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.unique",),
        params="input, sorted=True, return_inverse=False, return_counts=False, dim=None",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.Tensor.unique",),
        params="input, sorted=True, return_inverse=False, return_counts=False, dim=None",
        effect=RESHAPED,
    ),
)

REDUCTIONS = (
    *FOLDS,
    *ORDERS,
)
