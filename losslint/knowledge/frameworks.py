"""Libraries around torch: base classes that are modules, trainers that call a loss themselves, losses of their own."""

from __future__ import annotations

from losslint.knowledge.schema import LayerRow, LossRow, OpRow

FRAMEWORKS: tuple[OpRow | LayerRow | LossRow, ...] = ()
