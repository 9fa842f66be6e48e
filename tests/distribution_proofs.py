"""Numeric proofs of what rows say of distributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from knowledge_samples import resolve

from losslint.knowledge import tensor_effects
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.signature import REQUIRED, parameters


def adds_up(numbers: torch.Tensor) -> bool:
    """True where rows sum to 1."""
    return torch.allclose(numbers.sum(-1), torch.ones(()).double())


def is_within(numbers: torch.Tensor) -> bool:
    """True for numbers of [0, 1]."""
    return bool(((numbers >= 0) & (numbers <= 1)).all())


def is_wide(numbers: torch.Tensor) -> bool:
    """True where numbers of either sign are among them."""
    return bool(numbers.min() < 0) and bool(numbers.max() > 0)


def made(class_: Any, params: str, **given: torch.Tensor) -> Any:
    """A distribution, with a number for what it requires besides."""
    required = {one.name: torch.tensor(0.5) for one in parameters(params) if one.default is REQUIRED}
    return class_(**required, **given)


def scores() -> torch.Tensor:
    """Rows of scores of either sign."""
    return 2 * torch.randn(50, 4, dtype=torch.double)


def prove_distribution(name: str, row: OpRow | LayerRow, effect: tensor_effects.Distribution) -> None:
    """Both attributes are what they are called, whichever was given; softmax or sigmoid stands between them."""
    given, class_ = scores(), resolve(name)
    squeezed = torch.sigmoid(given) if effect.each else given.softmax(-1)
    for found in (made(class_, row.params, logits=given), made(class_, row.params, probs=squeezed)):
        assert torch.allclose(found.probs, squeezed)
        assert is_within(found.probs)
        assert is_wide(found.logits) if effect.each else (adds_up(found.logits.exp()) and adds_up(found.probs))


def prove_draw(name: str, row: OpRow | LayerRow, effect: tensor_effects.Draw) -> None:
    """What is drawn are indices of the last axis."""
    drawn = resolve(name)(scores().softmax(-1), 3)
    assert drawn.dtype is torch.int64
    assert 0 <= drawn.min() <= drawn.max() < 4


def prove_produce(name: str, row: OpRow | LayerRow, effect: tensor_effects.Produce) -> None:
    """What a method of a distribution draws is of the kind that its row says."""
    owner, _, method = name.rpartition(".")
    required = made(resolve(owner), "temperature" if "Relaxed" in owner else "", logits=scores())
    drawn = getattr(required, method)().double()
    if effect.axis is None:
        assert torch.equal(drawn, drawn.round())
        assert 0 <= drawn.min() <= drawn.max() < 4
        return
    assert is_within(drawn)
    assert adds_up(drawn)
    assert ((drawn == 1).sum(-1) == 1).all() == ("OneHot" in type(effect.kind).__name__)


DISTRIBUTION_PROOFS: Mapping[type[Any], Callable[[str, Any, Any], None]] = {
    tensor_effects.Distribution: prove_distribution,
    tensor_effects.Draw: prove_draw,
    tensor_effects.Produce: prove_produce,
}
