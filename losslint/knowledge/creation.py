"""Operations that make tensors: of one number, at random, from Python data, by counting."""

from __future__ import annotations

from losslint.domain.kind import ClassIndex, Filled, Logits, OneHot, Unit, Unspecified
from losslint.knowledge.elementwise import UNTRACKED
from losslint.knowledge.object_effects import Forget
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import Count, Encode, Fill, Literal, Make, Sample

CANVASES = (
    OpRow(
        names=("torch.zeros",),
        params="*size, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Fill(0.0),
    ),
    OpRow(
        names=("torch.ones",),
        params="*size, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Fill(1.0),
    ),
    OpRow(
        names=("torch.empty",),
        params="*size, out=None, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Sample(Filled()),
    ),
    OpRow(
        names=("torch.full",),
        params="size, fill_value, *, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Fill("fill_value"),
    ),
    OpRow(
        names=("torch.zeros_like",),
        params="input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Fill(0.0, like=True),
    ),
    OpRow(
        names=("torch.ones_like",),
        params="input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Fill(1.0, like=True),
    ),
    OpRow(
        names=("torch.empty_like",),
        params="input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Sample(Filled(), like=True),
    ),
    OpRow(
        names=("torch.full_like",),
        params="input, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Fill("fill_value", like=True),
    ),
    OpRow(
        names=("torch.Tensor.new_zeros",),
        params="input, *size, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Fill(0.0),
    ),
    OpRow(
        names=("torch.Tensor.new_ones",),
        params="input, *size, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Fill(1.0),
    ),
    OpRow(
        names=("torch.Tensor.new_empty",),
        params="input, *size, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Sample(Filled()),
    ),
    OpRow(
        names=("torch.Tensor.new_full",),
        params="input, size, fill_value, *, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Fill("fill_value"),
    ),
    OpRow(names=("torch.Tensor.zero_",), params="input", effect=Fill(0.0, like=True)),
    OpRow(names=("torch.Tensor.fill_",), params="input, value", effect=Fill("value", like=True)),
    OpRow(
        names=("torch.eye",),
        params="n, m=None, *, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Sample(OneHot(1), sizes=("n", "m")),
        verb="eye",
    ),
)


RANDOM = (
    OpRow(
        names=("torch.rand",),
        params="*size, generator=None, out=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False",
        effect=Sample(Unit()),
        verb="rand",
    ),
    OpRow(
        names=("torch.randn",),
        params="*size, generator=None, out=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False",
        effect=Sample(Logits()),
        verb="randn",
    ),
    OpRow(
        names=("torch.rand_like",),
        params="input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Sample(Unit(), like=True),
        verb="rand",
    ),
    OpRow(
        names=("torch.randn_like",),
        params="input, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Sample(Logits(), like=True),
        verb="randn",
    ),
    OpRow(
        names=("torch.randint",),
        params="low, high=None, size=None, *, generator=None, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Sample(ClassIndex(), bounded=True),
        verb="randint",
    ),
    OpRow(
        names=("torch.randint_like",),
        params="input, low, high=None, *, dtype=None, layout=None, device=None, requires_grad=False, memory_format=...",
        effect=Sample(ClassIndex(), bounded=True, like=True),
        verb="randint",
    ),
    OpRow(
        names=("torch.randperm",),
        params="n, *, generator=None, out=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False",
        effect=Sample(ClassIndex(0), sizes=("n",), dtype="int64"),
        verb="randperm",
    ),
    OpRow(
        names=("torch.normal",),
        params="mean, std=1.0, size=None, *, generator=None, out=None",
        effect=Sample(Logits()),
        verb="normal",
    ),
    OpRow(
        names=("torch.Tensor.uniform_",),
        params="input, low=0, high=1, /, *, generator=None",
        effect=Make(Unit(), unless=("low", "high")),
        verb="uniform",
    ),
    OpRow(
        names=("torch.Tensor.normal_",),
        params="input, mean=0, std=1, *, generator=None",
        effect=Make(Logits()),
        verb="normal",
    ),
    OpRow(
        names=("torch.Tensor.random_",),
        params="input, low=0, high=None, /, *, generator=None",
        effect=Sample(ClassIndex(), bounded=True, like=True),
        verb="random",
    ),
    OpRow(
        names=("torch.Tensor.bernoulli_",),
        params="input, p=0.5, *, generator=None",
        effect=Make(Unit()),
        verb="bernoulli",
    ),
    OpRow(
        names=("torch.bernoulli", "torch.Tensor.bernoulli"),
        params="input, *, generator=None",
        effect=Make(Unit()),
        verb="bernoulli",
    ),
    OpRow(names=("torch.poisson",), params="input, generator=None", effect=UNTRACKED),
)


LITERALS = (
    OpRow(
        names=("torch.tensor",),
        params="data, *, dtype=None, device=None, requires_grad=False, pin_memory=False",
        effect=Literal(),
        cuts="torch.tensor",
    ),
    OpRow(names=("torch.as_tensor",), params="data, dtype=None, device=None", effect=Literal()),
    OpRow(names=("torch.from_numpy",), params="data, /", effect=Literal(), cuts="from_numpy"),
    OpRow(
        names=("torch.asarray",),
        params="data, /, *, dtype=None, device=None, copy=None, requires_grad=False",
        effect=Literal(),
    ),
    OpRow(
        names=("torch.Tensor.new_tensor",),
        params="input, data, *, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Forget("data of its own"),
    ),
    OpRow(
        names=("torch.Tensor", "torch.FloatTensor", "torch.cuda.FloatTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="float32", sized=True),
    ),
    OpRow(
        names=("torch.DoubleTensor", "torch.cuda.DoubleTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="float64", sized=True),
    ),
    OpRow(
        names=("torch.HalfTensor", "torch.cuda.HalfTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="float16", sized=True),
    ),
    OpRow(
        names=("torch.BFloat16Tensor", "torch.cuda.BFloat16Tensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="bfloat16", sized=True),
    ),
    OpRow(
        names=("torch.LongTensor", "torch.cuda.LongTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="int64", sized=True),
    ),
    OpRow(
        names=("torch.IntTensor", "torch.cuda.IntTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="int32", sized=True),
    ),
    OpRow(
        names=("torch.ShortTensor", "torch.cuda.ShortTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="int16", sized=True),
    ),
    OpRow(
        names=("torch.CharTensor", "torch.cuda.CharTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="int8", sized=True),
    ),
    OpRow(
        names=("torch.ByteTensor", "torch.cuda.ByteTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="uint8", sized=True),
    ),
    OpRow(
        names=("torch.BoolTensor", "torch.cuda.BoolTensor"),
        params="data=(), /, *size",
        effect=Literal(dtype="bool", sized=True),
    ),
)


RANGES = (
    OpRow(
        names=("torch.arange",),
        params="start, end=None, step=1, *, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Count(),
        verb="arange",
    ),
    OpRow(
        names=("torch.linspace",),
        params="start, end, steps, *, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Sample(Unspecified(), sizes=("steps",)),
    ),
    OpRow(
        names=("torch.logspace",),
        params="start, end, steps, base=10.0, *, out=None, dtype=None, layout=None, device=None, requires_grad=False",
        effect=Sample(Unspecified(), sizes=("steps",)),
    ),
    OpRow(names=("torch.nn.functional.one_hot",), params="tensor, num_classes=-1", effect=Encode(), verb="one_hot"),
)

CREATION = (
    *CANVASES,
    *RANDOM,
    *LITERALS,
    *RANGES,
)
