"""Every operation on tensors, gathered from the tables by theme."""

from __future__ import annotations

from losslint.knowledge.activations import ACTIVATIONS

OPS = (*ACTIVATIONS,)
