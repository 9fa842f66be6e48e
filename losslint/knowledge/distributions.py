"""Distributions over classes: how they are given, and what is drawn from them."""

from __future__ import annotations

from losslint.domain.kind import ClassIndex, OneHot, Probs
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.tensor_effects import Distribution, Produce

_GIVEN = "probs=None, logits=None, validate_args=None"
_COUNTED = "total_count=1, probs=None, logits=None, validate_args=None"
_RELAXED = "temperature, probs=None, logits=None, validate_args=None"
_SAMPLE = "self, sample_shape=..."

OVER_CLASSES = (
    LayerRow(("torch.distributions.Categorical",), _GIVEN, Distribution(), verb="Categorical"),
    LayerRow(("torch.distributions.OneHotCategorical",), _GIVEN, Distribution(), verb="OneHotCategorical"),
    LayerRow(
        ("torch.distributions.OneHotCategoricalStraightThrough",),
        _GIVEN,
        Distribution(),
        verb="OneHotCategoricalStraightThrough",
    ),
    LayerRow(("torch.distributions.Multinomial",), _COUNTED, Distribution(), verb="Multinomial"),
    LayerRow(
        ("torch.distributions.RelaxedOneHotCategorical",), _RELAXED, Distribution(), verb="RelaxedOneHotCategorical"
    ),
)

OF_EACH = (
    LayerRow(("torch.distributions.Bernoulli",), _GIVEN, Distribution(each=True), verb="Bernoulli"),
    LayerRow(("torch.distributions.RelaxedBernoulli",), _RELAXED, Distribution(each=True), verb="RelaxedBernoulli"),
    LayerRow(("torch.distributions.Binomial",), _COUNTED, Distribution(each=True), verb="Binomial"),
)

DRAWN = (
    OpRow(("torch.distributions.Categorical.sample",), _SAMPLE, Produce(ClassIndex(0)), verb="sample"),
    OpRow(
        (
            "torch.distributions.OneHotCategorical.sample",
            "torch.distributions.OneHotCategoricalStraightThrough.sample",
            "torch.distributions.OneHotCategoricalStraightThrough.rsample",
        ),
        _SAMPLE,
        Produce(OneHot(), axis=-1),
        verb="sample",
    ),
    OpRow(
        (
            "torch.distributions.RelaxedOneHotCategorical.sample",
            "torch.distributions.RelaxedOneHotCategorical.rsample",
        ),
        _SAMPLE,
        Produce(Probs(), axis=-1),
        verb="sample",
    ),
)

DISTRIBUTIONS = (*OVER_CLASSES, *OF_EACH, *DRAWN)
