"""Every operation on tensors, gathered from the tables by theme."""

from __future__ import annotations

from losslint.knowledge.activations import ACTIVATIONS
from losslint.knowledge.arithmetic import ARITHMETIC
from losslint.knowledge.creation import CREATION
from losslint.knowledge.elementwise import ELEMENTS
from losslint.knowledge.functional import FUNCTIONAL
from losslint.knowledge.images import IMAGES
from losslint.knowledge.reductions import REDUCTIONS
from losslint.knowledge.shapes import SHAPING

OPS = (*ACTIVATIONS, *ELEMENTS, *ARITHMETIC, *REDUCTIONS, *SHAPING, *CREATION, *FUNCTIONAL, *IMAGES)
