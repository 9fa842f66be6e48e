"""Attributes of tensors that give a tensor, or tell something of one."""

from __future__ import annotations

from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import Keep, Measure, Measured, Motion, Move, Place

ATTRIBUTES: tuple[OpRow, ...] = (
    OpRow(("torch.Tensor.data",), "input", Keep(), attribute=True, cuts="data"),
    OpRow(("torch.Tensor.real",), "input", Keep(), attribute=True),
    OpRow(
        ("torch.Tensor.T", "torch.Tensor.mT", "torch.Tensor.H"), "input", Move(Motion.MATRIX_TRANSPOSE), attribute=True
    ),
    OpRow(("torch.Tensor.shape",), "input", Measure(Measured.SIZES), attribute=True),
    OpRow(("torch.Tensor.ndim",), "input", Measure(Measured.RANK), attribute=True),
    OpRow(("torch.Tensor.dtype",), "input", Measure(Measured.DTYPE), attribute=True),
    OpRow(("torch.Tensor.device",), "input", Place(), attribute=True),
)
