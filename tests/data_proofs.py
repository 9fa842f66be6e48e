"""Proofs of the rows of datasets, loaders and samplers: each is run, and gives what its row says."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import torch

from losslint.knowledge import data_effects
from losslint.knowledge.schema import LayerRow, OpRow

FEATURES, LABELS = torch.randn(6, 3), torch.arange(6)
DATA = torch.utils.data.TensorDataset(FEATURES, LABELS)


def _resolve(name: str) -> Any:
    module, _, last = name.rpartition(".")
    return getattr(importlib.import_module(module), last)


def prove_batches(name: str, row: OpRow | LayerRow, effect: data_effects.Batches) -> None:
    loader = _resolve(name)
    features, labels = next(iter(loader(**{effect.of: DATA, effect.size: 4})))
    assert torch.equal(features, torch.stack([DATA[place][0] for place in range(4)]))
    assert labels.tolist() == [0, 1, 2, 3]
    assert next(iter(loader(**{effect.of: DATA, effect.size: 2, effect.by: lambda samples: len(samples)}))) == 2
    assert torch.equal(next(iter(loader(**{effect.of: DATA, effect.size: None})))[0], DATA[0][0])
    some = torch.utils.data.SubsetRandomSampler([1])
    assert [y.item() for _, y in loader(**{effect.of: DATA, effect.samplers[0]: some})] == [1]


def prove_rows(name: str, row: OpRow | LayerRow, effect: data_effects.Rows) -> None:
    features, label = _resolve(name)(FEATURES, LABELS)[2]
    assert torch.equal(features, FEATURES[2])
    assert (label.item(), label.dim()) == (2, 0)


def prove_some_of(name: str, row: OpRow | LayerRow, effect: data_effects.SomeOf) -> None:
    some = _resolve(name)(**{effect.of: DATA, effect.indices: [4, 1]})
    assert [label.item() for _, label in (some[0], some[1])] == [4, 1]


def prove_joined(name: str, row: OpRow | LayerRow, effect: data_effects.Joined) -> None:
    streams = [LABELS, LABELS + 10] if "Chain" not in name else [_Stream(0), _Stream(10)]
    joined = _resolve(name)(**{effect.of: streams})
    seen = list(joined) if "Chain" in name else [joined[place].item() for place in range(len(joined))]
    assert sorted(seen) == [*range(6), *range(10, 16)]


class _Stream(torch.utils.data.IterableDataset):
    def __init__(self, first: int) -> None:
        self.first = first

    def __iter__(self) -> Any:
        return iter(range(self.first, self.first + 6))


def prove_draws(name: str, row: OpRow | LayerRow, effect: data_effects.Draws) -> None:
    options: dict[str, Any] = {"num_replicas": 1, "rank": 0} if "Distributed" in name else {}
    first: Any = DATA
    if "Weighted" in name:
        first, options = [1.0] * 6, {"num_samples": 200}
    assert set(_resolve(name)(first, **options)) == set(range(6))


def prove_split(name: str, row: OpRow | LayerRow, effect: data_effects.Split) -> None:
    parts = _resolve(name)(**{effect.of: DATA, effect.lengths: [4, 2]})
    assert isinstance(parts, list)
    assert all(type(part) is _resolve(effect.part) for part in parts)
    assert sorted(label.item() for part in parts for _, label in part) == list(range(6))


def prove_collate(name: str, row: OpRow | LayerRow, effect: data_effects.Collate) -> None:
    samples = [(torch.ones(3), 1, 0.5, True, {"a": 2}, "x"), (torch.zeros(3), 4, 0.5, False, {"a": 3}, "y")]
    rows, labels, scores, truths, table, texts = _resolve(name)(samples)
    assert rows.shape == (2, 3)
    assert (labels.dtype, labels.tolist()) == (torch.int64, [1, 4])
    assert (scores.dtype, truths.dtype) == (torch.float64, torch.bool)
    assert table["a"].tolist() == [2, 3]
    assert tuple(texts) == ("x", "y")


def prove_is_tensor(name: str, row: OpRow | LayerRow, effect: data_effects.IsTensor) -> None:
    assert _resolve(name)(FEATURES) is True
    assert _resolve(name)([1.0]) is False


def prove_unboxed(name: str, row: OpRow | LayerRow, effect: data_effects.Unboxed) -> None:
    method = getattr(torch.Tensor, name.rpartition(".")[2])
    number = method(torch.tensor(3))
    assert (number, type(number)) == (3, int)
    assert not effect.nested or method(torch.tensor([[1, 2], [3, 4]])) == [[1, 2], [3, 4]]


DATA_PROOFS: dict[type[Any], Callable[[str, Any, Any], None]] = {
    data_effects.Batches: prove_batches,
    data_effects.Rows: prove_rows,
    data_effects.SomeOf: prove_some_of,
    data_effects.Joined: prove_joined,
    data_effects.Draws: prove_draws,
    data_effects.Split: prove_split,
    data_effects.Collate: prove_collate,
    data_effects.IsTensor: prove_is_tensor,
    data_effects.Unboxed: prove_unboxed,
}
