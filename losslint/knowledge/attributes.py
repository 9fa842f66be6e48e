"""Attributes of tensors that give a tensor."""

from __future__ import annotations

from losslint.knowledge.schema import Keep, Motion, Move, OpRow

ATTRIBUTES: tuple[OpRow, ...] = (
    OpRow(("torch.Tensor.data", "torch.Tensor.real"), "input", Keep(), attribute=True),
    OpRow(
        ("torch.Tensor.T", "torch.Tensor.mT", "torch.Tensor.H"), "input", Move(Motion.MATRIX_TRANSPOSE), attribute=True
    ),
)
