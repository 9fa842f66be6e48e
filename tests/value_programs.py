"""Random small programs of tensor operations, each run under torch while it is written, so that every statement of it works.

A program is a list of statements that each bind one name; what the names held is kept beside it. `blur(x)` gives back what it
got, and is a function that the analysis does not find: what comes out of it is unknown.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

HEADER = """import torch
import torch.nn.functional as F
from torch import nn

from elsewhere import blur
"""
MOST_NUMBERS = 3000
MOST_AXES = 5
TRIES = 60


@dataclass
class Program:
    """The statements of a program, and what each name held at its end."""

    name: str
    lines: list[str] = field(default_factory=list)
    held: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The program as a function that reveals each of its values."""
        body = "".join(f"    {line}\n" for line in self.lines)
        return f"def {self.name}():\n{body}" + "".join(f"    reveal({name})\n" for name in self.held)


STARTS = (
    "torch.randn({sizes})",
    "torch.randn({sizes})",
    "torch.rand(({sizes}))",
    "torch.randint(0, {k}, ({sizes}))",
    "torch.randint({k}, size=({sizes}))",
    "torch.arange({n})",
    "torch.arange(1, {n}, 2)",
    "torch.arange(0.0, {n})",
    "torch.zeros({sizes})",
    "torch.ones(({sizes}), dtype=torch.{dtype})",
    "torch.full(({sizes}), {number})",
    "torch.eye({n})",
    "torch.linspace(0, 1, {n})",
    "torch.randperm({n})",
    "torch.tensor([[1, 2, 3], [4, 5, 6]])",
    "torch.tensor([0.5, 1.5, 2.0])",
    "torch.tensor([True, False, True])",
    "torch.tensor({number})",
    "torch.LongTensor([2, 0, 1])",
    "torch.as_tensor([[0.1], [0.2]], dtype=torch.float64)",
    "torch.empty({sizes}).uniform_()",
    "torch.randn({sizes}).softmax({d})",
    "torch.randn({sizes}).log_softmax(-1)",
    "torch.sigmoid(torch.randn({sizes}))",
    "F.one_hot(torch.randint(0, {k}, ({sizes})), {k})",
    "nn.Linear({n}, {k})(torch.randn({m}, {n}))",
    "nn.Conv2d({m}, {k}, {n}, padding={one}, stride={two})(torch.randn(2, {m}, 7, 6))",
    "nn.Conv1d({m}, {k}, 3, padding='same')(torch.randn(2, {m}, 7))",
    "nn.Conv2d({m}, {k}, 2)(torch.randn({m}, 4, 5))",
)
SHAPES = (
    "{a}.view({view})",
    "{a}.reshape({view})",
    "{a}.reshape(({view}))",
    "torch.reshape({a}, ({view},))",
    "{a}.view({a}.size(0), -1)",
    "{a}.reshape(-1, {a}.shape[-1])",
    "{a}.reshape(-1)",
    "{a}.permute({order})",
    "{a}.permute({order}).contiguous()",
    "{a}.transpose({d}, {e})",
    "{a}.swapaxes({d}, {e})",
    "{a}.t()",
    "{a}.T",
    "{a}.mT",
    "{a}.squeeze()",
    "{a}.squeeze({d})",
    "{a}.unsqueeze({f})",
    "{a}.unsqueeze({f}).squeeze({f})",
    "{a}.flatten()",
    "{a}.flatten({d})",
    "{a}.flatten({d}, {e})",
    "nn.Flatten()({a})",
    "{a}.ravel()",
    "{a}.movedim({d}, {e})",
    "{a}.expand({two}, *{a}.shape)",
    "{a}.unsqueeze(0).expand({n}, *(-1,) * {a}.dim())",
    "{a}.expand_as({b})",
    "{a}.view_as({b})",
    "{a}.repeat({repeats})",
    "{a}.repeat_interleave({two}, dim={d})",
    "{a}.repeat_interleave({two})",
    "{a}.tile({repeats})",
    "{a}.chunk({two}, {d})[0]",
    "{a}.chunk({k}, dim={d})[-1]",
    "{a}.split({two}, {d})[0]",
    "torch.split({a}, [1, {a}.size({d}) - 1], dim={d})[1]",
    "{a}.unbind({d})[0]",
    "{a}.narrow({d}, 0, {two})",
    "{a}.select({d}, 0)",
    "{a}.index_select({d}, torch.tensor([0, 0, 1]))",
    "{a}.flip({d})",
    "{a}.roll(1, {d})",
    "{a}.unflatten({d}, (-1, {two}))",
    "{a}.gather({d}, {a}.argsort({d}))",
    "{a}.take_along_dim({a}.argmax({d}, keepdim=True), {d})",
    "torch.masked_select({a}, {a} > 0)",
)
SUBSCRIPTS = (
    "{a}[0]",
    "{a}[-1]",
    "{a}[:, 0]",
    "{a}[:, -1:]",
    "{a}[:, :{two}]",
    "{a}[{one}:{k}]",
    "{a}[::2]",
    "{a}[..., 0]",
    "{a}[..., :{two}]",
    "{a}[..., None]",
    "{a}[None]",
    "{a}[:, None]",
    "{a}[0, ..., 0]",
    "{a}[{a} > 0]",
    "{a}[:, torch.tensor([0, 1, 0])]",
    "{a}[torch.tensor([[0, 0], [1, 0]])]",
    "{a}[[0, 1]]",
    "{a}[torch.arange({two}), torch.zeros({two}, dtype=torch.long)]",
    "{a}[torch.tensor([0, 1]), :, 0]",
    "{a}[:, 0, torch.tensor([0, 1])]",
    "{a}[{a}.sum(tuple(range(1, {a}.dim()))) > 0]",
    "{a}[: blur({two})]",
    "{a}[blur(0)]",
    "{a}[blur(slice(None)), 0]",
    "{a}[{two} - 1 :, ..., {one} :]",
)
TYPES = (
    "{a}.long()",
    "{a}.float()",
    "{a}.double()",
    "{a}.half()",
    "{a}.int()",
    "{a}.bool()",
    "{a}.to(torch.{dtype})",
    "{a}.to(torch.device('cpu'), torch.{dtype})",
    "{a}.to('cpu')",
    "{a}.type(torch.{dtype})",
    "{a}.type_as({b})",
    "{a}.to({b}.dtype)",
    "{a}.to({b})",
    "{a}.clone().detach()",
    "torch.zeros_like({a})",
    "torch.ones_like({a}, dtype=torch.{dtype})",
    "torch.randn_like({a})",
    "torch.full_like({a}, {number})",
    "{a}.new_zeros({two}, {n})",
    "{a}.new_full(({n},), {number})",
)
NUMBERS = (
    "{a} + {b}",
    "{a} - {b}",
    "{a} * {b}",
    "{a} / {b}",
    "{a} // {number}",
    "{a} % {k}",
    "{a} ** 2",
    "{a} + {number}",
    "{a} - {number}",
    "{number} - {a}",
    "1 - {a}",
    "{a} * {number}",
    "{a} / {number}",
    "-{a}",
    "~({a} > 0)",
    "{a} > {b}",
    "{a} == {number}",
    "({a} > 0) & ({b} > 0)",
    "({a} > 0) + ({a} < 1)",
    "torch.add({a}, {b}, alpha=2)",
    "torch.maximum({a}, {b})",
    "torch.where({a} > 0, {a}, {b})",
    "torch.where({a} > 0, 1.0, 0.0)",
    "{a}.eq({b})",
    "{a} @ {b}",
    "torch.matmul({a}, {b}.transpose(-1, -2))",
    "torch.bmm({a}, {b})",
    "{a} @ {b}.mT",
    "torch.outer({a}, {b})",
    "{a}.clamp(min=0)",
    "{a}.clamp(1e-6, 1 - 1e-6)",
    "{a}.masked_fill({a} > 0, 0)",
    "{a}.scatter(-1, torch.zeros_like({a}, dtype=torch.long), 1)",
    "{a}.exp()",
    "{a}.log()",
    "{a}.abs()",
    "{a}.sqrt()",
    "{a}.square()",
    "{a}.round()",
    "{a}.sign()",
    "{a}.relu()",
    "{a}.sigmoid()",
    "{a}.tanh()",
    "{a}.softmax({d})",
    "F.softmax({a}, dim={d})",
    "{a}.log_softmax({d})",
    "F.leaky_relu({a})",
    "F.gelu({a})",
    "F.softplus({a})",
    "F.normalize({a}, dim={d})",
    "{a}.cumsum({d})",
    "{a}.exp() / {a}.exp().sum({d}, keepdim=True)",
    "{a} - {a}.logsumexp({d}, keepdim=True)",
    "{a}.isnan()",
    "torch.logical_and({a}, {b})",
)
FOLDS = (
    "{a}.{fold}()",
    "{a}.{fold}({d})",
    "{a}.{fold}(dim={d}, keepdim=True)",
    "{a}.{fold}(({d}, {e}))",
    "{a}.mean((2, 3))",
    "torch.{fold}({a}, {d})",
    "{a}.max({d})[0]",
    "{a}.max({d}).indices",
    "{a}.min(dim={d}, keepdim=True)[1]",
    "{a}.max()",
    "torch.max({a}, {b})",
    "{a}.argmax({d})",
    "{a}.argmax({d}, keepdim=True)",
    "{a}.argmax()",
    "{a}.topk({two}, {d})[0]",
    "{a}.topk({two}).indices",
    "{a}.sort({d})[0]",
    "{a}.sort(dim={d}, descending=True).indices",
    "{a}.argsort({d})",
    "{a}.logsumexp({d})",
    "{a}.std({d})",
    "{a}.norm(dim={d})",
    "{a}.any({d})",
    "({a} > 0).sum({d})",
    "({a} > 0).float().mean()",
    "({a} > 0).all()",
    "{a}.prod({d})",
    "{a}.var({d}, keepdim=True)",
    "{a}.sum({d}, dtype=torch.{dtype})",
    "{a}.amax({d})",
    "{a}.median({d})[0]",
    "torch.cummax({a}, {d})[0]",
    "torch.multinomial({a}.softmax(-1), {two}, replacement=True)",
    "torch.bincount({a}.flatten())",
    "{a}.count_nonzero()",
)
JOINS = (
    "torch.cat([{a}, {b}])",
    "torch.cat([{a}, {b}], dim={d})",
    "torch.cat([{a}, {a}], {d})",
    "torch.cat(({a}, {a}.flip(0)), dim=-1)",
    "torch.stack([{a}, {b}])",
    "torch.stack([{a}, {a}], dim={f})",
    "torch.stack([{a}])",
    "torch.cat([{a}] * {two}, dim={d})",
    "torch.cat([part for part in {a}])",
    "torch.stack([row for row in {a}], 1)",
    "torch.cat([1 - {a}, {a}], dim={d})",
    "torch.cat([{a} for _ in range(blur({two}))])",
    "torch.vstack([{a}, {a}])",
    "{a} if blur(True) else {b}",
)
LAYERS = (
    "nn.Linear({last}, {k})({a})",
    "nn.Linear({last}, {k})({a}).softmax(-1)",
    "nn.Linear({last}, 1)({a}).squeeze(-1)",
    "nn.Conv1d({second}, {k}, {two}, stride={two}, dilation={one} + 1)({lines})",
    "nn.Conv2d({second}, {k}, {two}, padding={one})({batched})",
    "nn.Conv2d({second}, {k}, ({two}, 1), stride=({two}, 1))({batched})",
    "nn.ConvTranspose2d({second}, {k}, {two}, stride={two})({batched})",
    "nn.MaxPool2d({two})({a})",
    "nn.MaxPool2d({two}, ceil_mode=True)({a})",
    "F.max_pool1d({a}, {two})",
    "nn.AvgPool2d({two}, stride=1, padding={one})({a})",
    "nn.AdaptiveAvgPool2d({two})({a})",
    "F.adaptive_avg_pool2d({a}, (1, 1)).flatten(1)",
    "nn.AdaptiveMaxPool1d({n})({a})",
    "nn.BatchNorm1d({second})({a})",
    "nn.BatchNorm2d({second})({a})",
    "nn.LayerNorm({last})({a})",
    "nn.Embedding({k} + 9, {n})({a})",
    "F.one_hot({a})",
    "F.one_hot({a}, 12)",
    "F.one_hot({a}, 12).float()",
    "nn.LSTM({last}, {n}, batch_first=True)({a})[0]",
    "nn.GRU({last}, {n})({a})[0]",
    "nn.Sequential(nn.Linear({last}, {k}), nn.ReLU(), nn.Linear({k}, {n}), nn.Softmax(dim={d}))({a})",
    "F.interpolate({a}, scale_factor={two})",
    "F.pad({a}, (1, 1))",
    "F.linear({a}, torch.randn({k}, {last}))",
    "nn.Upsample(scale_factor=2)({a})",
    "F.dropout({a}, training=False)",
    "nn.Identity()({a})",
)
UNKNOWN = (
    "blur({a})",
    "blur({a}).view({view})",
    "blur({a}).float()",
    "blur({a}).unsqueeze({f})",
    "blur({a}).flatten(1)",
    "blur({a}).permute({order})",
    "nn.Linear({last}, {k})(blur({a}))",
    "nn.Conv2d({second}, {k}, 1)(blur({batched}))",
    "nn.Linear({last}, {k})(blur({a})).softmax(-1)",
    "torch.softmax(blur({a}), dim={d})",
    "blur({a}).argmax({d})",
    "blur({a}) + {b}",
    "{a} * blur({b})",
)
NUMBER_READS = (
    "{a}.size()",
    "{a}.shape",
    "{a}.size({d})",
    "{a}.shape[{d}]",
    "{a}.dim()",
    "{a}.ndim",
    "{a}.numel()",
    "len({a})",
    "{a}.size(0) * 2",
    "{a}.dtype",
    "{a}.is_floating_point()",
    "{a}.max({d})",
    "{a}.topk(1)",
    "{a}.chunk({two}, {d})",
    "{a}.shape[0] == {n}",
)
GROUPS: tuple[tuple[tuple[str, ...], int], ...] = (
    (STARTS, 2),
    (SHAPES, 7),
    (SUBSCRIPTS, 4),
    (TYPES, 3),
    (NUMBERS, 6),
    (FOLDS, 5),
    (JOINS, 3),
    (LAYERS, 4),
    (UNKNOWN, 2),
    (NUMBER_READS, 1),
)
DTYPES = ("float32", "float64", "float16", "int64", "int32", "uint8", "bool")
FOLD_NAMES = ("sum", "mean", "amax", "argmax", "any", "sum", "mean")


class Generator:
    """Writes programs; `seed` decides which."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        torch.manual_seed(seed)

    def program(self, name: str) -> Program:
        """A program of a few statements."""
        program = Program(name)
        scope = {"torch": torch, "nn": nn, "F": nn.functional, "blur": lambda value: value}
        for _ in range(2):
            self._add(program, scope, STARTS)
        for _ in range(self.random.randint(3, 13)):
            groups, weights = zip(*GROUPS, strict=True)
            self._add(program, scope, self.random.choices(groups, weights)[0])
        return program

    def _add(self, program: Program, scope: dict[str, Any], templates: tuple[str, ...]) -> None:
        for _ in range(TRIES):
            text = self._filled(self.random.choice(templates), program)
            try:
                with warnings.catch_warnings(), torch.no_grad():
                    warnings.simplefilter("ignore")
                    value = eval(text, scope)
            except (RuntimeError, ValueError, TypeError, IndexError, AttributeError, SyntaxError):
                continue
            if not _is_modest(value) or (" if blur" in text and self._has_constant(text, program)):
                continue
            name = f"{program.name}_{len(program.lines)}"
            program.lines.append(f"{name} = {text}")
            program.held[name] = scope[name] = value
            return

    def _has_constant(self, text: str, program: Program) -> bool:
        """True where a tensor of one number is an alternative: such a canvas takes the kind of the other on purpose."""
        tensors = [
            value for name, value in program.held.items() if name in text.split() and isinstance(value, torch.Tensor)
        ]
        return any(tensor.unique().numel() < 2 for tensor in tensors)

    def _filled(self, template: str, program: Program) -> str:
        """The template with its holes filled in, mostly by what fits."""
        tensors = [name for name, value in program.held.items() if isinstance(value, torch.Tensor)]
        one, two = (self.random.choice(tensors[-6:]) if tensors else "", self.random.choice(tensors) if tensors else "")
        shape = tuple(program.held[one].shape) if one else (2, 3)
        fitting = [name for name in tensors if program.held[name].shape == program.held[one].shape]
        if fitting and self.random.random() < 0.6:
            two = self.random.choice(fitting)
        names = {"a": one, "b": two}
        for hole, rank in (("lines", 3), ("batched", 4)):  # a convolution takes it for granted that it is given a batch
            of_rank = [name for name in tensors if program.held[name].dim() == rank]
            names[hole] = self.random.choice(of_rank) if of_rank else ""
            if names[hole] and f"{{{hole}}}" in template:
                shape = tuple(program.held[names[hole]].shape)
        holes = _Holes(names, self._numbers(shape))
        return template.format_map(holes)

    def _numbers(self, shape: tuple[int, ...]) -> Mapping[str, Callable[[], Any]]:
        pick, rank = self.random.randint, max(len(shape), 1)
        return {
            "sizes": lambda: ", ".join(str(pick(1, 4)) for _ in range(pick(1, 4))) + ",",
            "d": lambda: pick(-rank, rank - 1),
            "e": lambda: pick(-rank, rank - 1),
            "f": lambda: pick(-rank - 1, rank),
            "k": lambda: pick(2, 6),
            "n": lambda: pick(2, 5),
            "m": lambda: pick(1, 4),
            "one": lambda: pick(0, 1),
            "two": lambda: pick(1, 3),
            "number": lambda: self.random.choice([0, 1, 2, -1, 0.5, 2.0, 1e-8]),
            "dtype": lambda: self.random.choice(DTYPES),
            "fold": lambda: self.random.choice(FOLD_NAMES),
            "view": lambda: ", ".join(map(str, self._view(shape))),
            "order": lambda: ", ".join(
                str(at - rank * self.random.randint(0, 1)) for at in self.random.sample(range(rank), rank)
            ),
            "repeats": lambda: ", ".join(str(pick(1, 2)) for _ in range(rank)),
            "last": lambda: shape[-1] if shape else 1,
            "second": lambda: shape[1] if len(shape) > 1 else 1,
        }

    def _view(self, shape: tuple[int, ...]) -> list[int]:
        """A shape of as many numbers, with one length left to torch now and then."""
        left = 1
        for size in shape:
            left *= size
        sizes: list[int] = []
        for _ in range(self.random.randint(0, 2)):
            divisors = [number for number in range(1, 13) if left % number == 0]
            sizes.append(self.random.choice(divisors))
            left //= sizes[-1] or 1
        sizes.insert(self.random.randint(0, len(sizes)), left)
        if self.random.random() < 0.4:
            sizes[self.random.randrange(len(sizes))] = -1
        return sizes


class _Holes(dict[str, Any]):
    """What stands in the holes of a template: names, or numbers that are drawn anew each time."""

    def __init__(self, names: Mapping[str, str], numbers: Mapping[str, Callable[[], Any]]) -> None:
        super().__init__(names)
        self.numbers = numbers

    def __missing__(self, hole: str) -> Any:
        drawn = self[hole] = self.numbers[hole]()
        return drawn


def _is_modest(value: Any) -> bool:
    """True for values that are small, and of whose numbers each is one."""
    return all(
        part.numel() and part.numel() <= MOST_NUMBERS and part.dim() <= MOST_AXES and bool(part.isfinite().all())
        for part in tensors_in(value)
    )


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in a value."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from tensors_in(item)
