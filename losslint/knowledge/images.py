"""Pools, paddings and resampling: operations over space that keep what each place's numbers mean, or part of it."""

from __future__ import annotations

from losslint.domain.kind import Bounded, Logits, NonNegative, OneHot, Probs, SigmoidProbs, Unit
from losslint.knowledge.schema import SAME, Transfer

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
AVERAGED_1D = Transfer(_AVERAGES, resized=1)
AVERAGED_2D = Transfer(_AVERAGES, resized=2)
AVERAGED_3D = Transfer(_AVERAGES, resized=3)
LARGEST_1D = Transfer(_LARGEST, resized=1)
LARGEST_2D = Transfer(_LARGEST, resized=2)
LARGEST_3D = Transfer(_LARGEST, resized=3)
RESAMPLED = Transfer(((Logits, SAME), (Probs, SAME), (SigmoidProbs, SAME)), resized=3)
PADDED = Transfer(_ELEMENTWISE, resized=None)
PADDED_ANYHOW = Transfer(((Logits, SAME),), resized=None)
SHUFFLED = Transfer(_ELEMENTWISE, resized=3)
