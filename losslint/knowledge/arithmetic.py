"""Functions of several tensors, above all those that stand for operators."""

from __future__ import annotations

from losslint.domain.kind import Truth
from losslint.knowledge.elementwise import RESHAPED
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import Combine, Make, Operate

BINARY_FORMS = (
    OpRow(
        names=("torch.add", "torch.Tensor.add", "torch.Tensor.add_"),
        params="input, other, *, alpha=1",
        effect=Operate("+"),
    ),
    OpRow(
        names=(
            "torch.sub",
            "torch.Tensor.sub",
            "torch.Tensor.sub_",
            "torch.subtract",
            "torch.Tensor.subtract",
            "torch.Tensor.subtract_",
        ),
        params="input, other, *, alpha=1",
        effect=Operate("-"),
    ),
    OpRow(
        names=(
            "torch.mul",
            "torch.Tensor.mul",
            "torch.Tensor.mul_",
            "torch.multiply",
            "torch.Tensor.multiply",
            "torch.Tensor.multiply_",
        ),
        params="input, other",
        effect=Operate("*"),
    ),
    OpRow(
        names=(
            "torch.div",
            "torch.Tensor.div",
            "torch.Tensor.div_",
            "torch.divide",
            "torch.Tensor.divide",
            "torch.Tensor.divide_",
        ),
        params="input, other, *, rounding_mode=None",
        effect=Operate("/"),
    ),
    OpRow(
        names=("torch.true_divide", "torch.Tensor.true_divide", "torch.Tensor.true_divide_"),
        params="input, other",
        effect=Operate("/"),
    ),
    OpRow(
        names=("torch.floor_divide", "torch.Tensor.floor_divide", "torch.Tensor.floor_divide_"),
        params="input, other",
        effect=Operate("//"),
    ),
    OpRow(
        names=("torch.remainder", "torch.Tensor.remainder", "torch.Tensor.remainder_"),
        params="input, other",
        effect=Operate("%"),
    ),
    OpRow(names=("torch.pow", "torch.Tensor.pow", "torch.Tensor.pow_"), params="input, exponent", effect=Operate("**")),
    OpRow(
        names=("torch.float_power", "torch.Tensor.float_power", "torch.Tensor.float_power_"),
        params="input, exponent",
        effect=Operate("**", dtype="float64"),
    ),
    OpRow(names=("torch.matmul", "torch.Tensor.matmul"), params="input, other", effect=Operate("@")),
    OpRow(
        names=("torch.mm", "torch.Tensor.mm"),
        params="input, mat2",
        effect=Operate("@"),
    ),
    OpRow(
        names=("torch.bmm", "torch.Tensor.bmm"),
        params="input, mat2",
        effect=Operate("@", batched=True),
    ),
    OpRow(names=("torch.mv", "torch.Tensor.mv"), params="input, vec", effect=Operate("@")),
    OpRow(names=("torch.dot", "torch.Tensor.dot"), params="input, tensor", effect=Operate("@")),
    OpRow(names=("torch.eq", "torch.Tensor.eq", "torch.Tensor.eq_"), params="input, other", effect=Operate("==")),
    OpRow(
        names=(
            "torch.ne",
            "torch.Tensor.ne",
            "torch.Tensor.ne_",
            "torch.not_equal",
            "torch.Tensor.not_equal",
            "torch.Tensor.not_equal_",
        ),
        params="input, other",
        effect=Operate("!="),
    ),
    OpRow(
        names=(
            "torch.gt",
            "torch.Tensor.gt",
            "torch.Tensor.gt_",
            "torch.greater",
            "torch.Tensor.greater",
            "torch.Tensor.greater_",
        ),
        params="input, other",
        effect=Operate(">"),
    ),
    OpRow(
        names=(
            "torch.ge",
            "torch.Tensor.ge",
            "torch.Tensor.ge_",
            "torch.greater_equal",
            "torch.Tensor.greater_equal",
            "torch.Tensor.greater_equal_",
        ),
        params="input, other",
        effect=Operate(">="),
    ),
    OpRow(
        names=(
            "torch.lt",
            "torch.Tensor.lt",
            "torch.Tensor.lt_",
            "torch.less",
            "torch.Tensor.less",
            "torch.Tensor.less_",
        ),
        params="input, other",
        effect=Operate("<"),
    ),
    OpRow(
        names=(
            "torch.le",
            "torch.Tensor.le",
            "torch.Tensor.le_",
            "torch.less_equal",
            "torch.Tensor.less_equal",
            "torch.Tensor.less_equal_",
        ),
        params="input, other",
        effect=Operate("<="),
    ),
    OpRow(
        names=("torch.bitwise_and", "torch.Tensor.bitwise_and", "torch.Tensor.bitwise_and_"),
        params="input, other",
        effect=Operate("&"),
    ),
    OpRow(
        names=("torch.bitwise_or", "torch.Tensor.bitwise_or", "torch.Tensor.bitwise_or_"),
        params="input, other",
        effect=Operate("|"),
    ),
    OpRow(
        names=("torch.bitwise_xor", "torch.Tensor.bitwise_xor", "torch.Tensor.bitwise_xor_"),
        params="input, other",
        effect=Operate("^"),
    ),
    OpRow(
        names=(
            "torch.logical_and",
            "torch.Tensor.logical_and",
            "torch.Tensor.logical_and_",
            "torch.logical_or",
            "torch.Tensor.logical_or",
            "torch.Tensor.logical_or_",
            "torch.logical_xor",
            "torch.Tensor.logical_xor",
            "torch.Tensor.logical_xor_",
        ),
        params="input, other",
        effect=Make(Truth()),
        verb="test",
    ),
    OpRow(
        names=("torch.isclose", "torch.Tensor.isclose"),
        params="input, other, rtol=1e-05, atol=1e-08, equal_nan=False",
        effect=Make(Truth()),
        verb="test",
    ),
    OpRow(
        names=(
            "torch.maximum",
            "torch.Tensor.maximum",
            "torch.minimum",
            "torch.Tensor.minimum",
            "torch.fmax",
            "torch.Tensor.fmax",
            "torch.fmin",
            "torch.Tensor.fmin",
        ),
        params="input, other",
        effect=Combine(picks=("input", "other")),
    ),
    OpRow(names=("torch.fmod", "torch.Tensor.fmod", "torch.Tensor.fmod_"), params="input, other", effect=Combine()),
    OpRow(
        names=(
            "torch.inner",
            "torch.Tensor.inner",
            "torch.kron",
            "torch.Tensor.kron",
            "torch.logaddexp",
            "torch.Tensor.logaddexp",
            "torch.logaddexp2",
            "torch.Tensor.logaddexp2",
            "torch.xlogy",
            "torch.xlogy_",
            "torch.Tensor.xlogy",
            "torch.Tensor.xlogy_",
        ),
        params="input, other",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.outer", "torch.Tensor.outer", "torch.ger", "torch.Tensor.ger"),
        params="input, vec2",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.lerp", "torch.Tensor.lerp", "torch.Tensor.lerp_"), params="input, end, weight", effect=RESHAPED
    ),
    OpRow(
        names=(
            "torch.addcmul",
            "torch.Tensor.addcmul",
            "torch.Tensor.addcmul_",
            "torch.addcdiv",
            "torch.Tensor.addcdiv",
            "torch.Tensor.addcdiv_",
        ),
        params="input, tensor1, tensor2, *, value=1",
        effect=Combine(),
    ),
    OpRow(
        names=("torch.addmm", "torch.Tensor.addmm", "torch.Tensor.addmm_"),
        params="input, mat1, mat2, *, beta=1, alpha=1",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.addmv", "torch.addmv_", "torch.Tensor.addmv", "torch.Tensor.addmv_"),
        params="input, mat, vec, *, beta=1, alpha=1",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.addr", "torch.Tensor.addr", "torch.Tensor.addr_"),
        params="input, vec1, vec2, *, beta=1, alpha=1",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.baddbmm", "torch.Tensor.baddbmm", "torch.Tensor.baddbmm_"),
        params="input, batch1, batch2, *, beta=1, alpha=1",
        effect=RESHAPED,
    ),
    OpRow(names=("torch.rsub",), params="input, other, *, alpha=1", effect=RESHAPED),
    OpRow(
        names=("torch.where",),
        params="condition, input=None, other=None",
        effect=Combine(picks=("input", "other")),
    ),
    OpRow(names=("torch.Tensor.where",), params="input, condition, other", effect=Combine(picks=("input", "other"))),
    OpRow(names=("torch.einsum",), params="equation, *operands", effect=RESHAPED),
    OpRow(names=("torch.tensordot",), params="a, b, dims=2, out=None", effect=RESHAPED),
    OpRow(names=("torch.cross", "torch.Tensor.cross"), params="input, other, dim=None", effect=RESHAPED),
    OpRow(
        names=("torch.cdist",),
        params="x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary'",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.heaviside", "torch.Tensor.heaviside", "torch.Tensor.heaviside_"),
        params="input, values",
        effect=RESHAPED,
    ),
)

ARITHMETIC = (*BINARY_FORMS,)
