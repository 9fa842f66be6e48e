"""Operations that carry numbers on unchanged: moved, reshaped, cut into parts, put together, written into."""

from __future__ import annotations

from losslint.domain.kind import (
    ClassIndex,
    Logits,
    Truth,
)
from losslint.knowledge.data_effects import Unboxed
from losslint.knowledge.elementwise import CHANGED, DIAGONAL, RESHAPED
from losslint.knowledge.object_effects import Differentiate, Forget
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import (
    OPAQUE,
    SAME,
    Gather,
    Keep,
    Make,
    Measure,
    Measured,
    Motion,
    Move,
    Outputs,
    Place,
    Transfer,
    Typed,
)

KEEPERS = (
    OpRow(
        names=("torch.detach", "torch.detach_", "torch.Tensor.detach", "torch.Tensor.detach_"),
        params="input",
        effect=Keep(),
        cuts="detach",
    ),
    OpRow(names=("torch.clone", "torch.Tensor.clone"), params="input, *, memory_format=None", effect=Keep()),
    OpRow(names=("torch.Tensor.contiguous",), params="input, memory_format=...", effect=Keep()),
    OpRow(names=("torch.Tensor.requires_grad_",), params="input, requires_grad=True", effect=Keep()),
    OpRow(names=("torch.Tensor.pin_memory",), params="input, device=None", effect=Keep()),
    OpRow(names=("torch.Tensor.share_memory_",), params="input", effect=Keep()),
    OpRow(
        names=("torch.Tensor.to",),
        params="input, *args, device=None, dtype=None, non_blocking=False, copy=False, memory_format=None",
        effect=Keep(recasts=True),
    ),
    OpRow(
        names=("torch.Tensor.type",),
        params="input, dtype=None, non_blocking=False, **kwargs",
        effect=Keep(recasts=True),
    ),
    OpRow(names=("torch.Tensor.type_as",), params="input, other", effect=Keep(recasts=True)),
    OpRow(
        names=("torch.Tensor.cuda",), params="input, device=None, non_blocking=False, memory_format=...", effect=Keep()
    ),
    OpRow(names=("torch.Tensor.cpu",), params="input, memory_format=...", effect=Keep()),
    OpRow(names=("torch.Tensor.numpy",), params="input, *, force=False", effect=Keep(), cuts="numpy"),
    OpRow(names=("torch.Tensor.to_dense",), params="input, dtype=None, *, masked_grad=True", effect=Keep()),
    OpRow(
        names=("torch.resolve_conj", "torch.Tensor.resolve_conj", "torch.resolve_neg", "torch.Tensor.resolve_neg"),
        params="input",
        effect=Keep(),
    ),
    OpRow(names=("torch.Tensor.float",), params="input, memory_format=...", effect=Keep(dtype="float32")),
    OpRow(names=("torch.Tensor.double",), params="input, memory_format=...", effect=Keep(dtype="float64")),
    OpRow(names=("torch.Tensor.half",), params="input, memory_format=...", effect=Keep(dtype="float16")),
    OpRow(names=("torch.Tensor.bfloat16",), params="input, memory_format=...", effect=Keep(dtype="bfloat16")),
    OpRow(names=("torch.Tensor.long",), params="input, memory_format=...", effect=Keep(dtype="int64")),
    OpRow(names=("torch.Tensor.int",), params="input, memory_format=...", effect=Keep(dtype="int32")),
    OpRow(names=("torch.Tensor.short",), params="input, memory_format=...", effect=Keep(dtype="int16")),
    OpRow(names=("torch.Tensor.char",), params="input, memory_format=...", effect=Keep(dtype="int8")),
    OpRow(names=("torch.Tensor.byte",), params="input, memory_format=...", effect=Keep(dtype="uint8")),
    OpRow(names=("torch.Tensor.bool",), params="input, memory_format=...", effect=Make(Truth()), verb="bool"),
    OpRow(names=("torch.Tensor.item",), params="input", effect=Unboxed(nested=False)),
    OpRow(names=("torch.Tensor.tolist",), params="input", effect=Unboxed(nested=True)),
    OpRow(
        names=(
            "torch.Tensor.data_ptr",
            "torch.Tensor.retain_grad",
            "torch.Tensor.storage_offset",
        ),
        params="input",
        effect=Forget(),
    ),
    OpRow(
        names=("torch.Tensor.backward",),
        params="input, gradient=None, retain_graph=None, create_graph=False, inputs=None",
        effect=Differentiate(),
    ),
    OpRow(names=("torch.Tensor.register_hook",), params="input, hook", effect=Forget()),
)


SHAPES = (
    OpRow(
        names=("torch.Tensor.view", "torch.Tensor.reshape"),
        params="input, *size",
        effect=Move(Motion.VIEW),
    ),
    OpRow(names=("torch.Tensor.resize",), params="input, *sizes", effect=Move(Motion.VIEW)),
    OpRow(names=("torch.reshape",), params="input, shape", effect=Move(Motion.VIEW)),
    OpRow(
        names=("torch.Tensor.view_as", "torch.Tensor.reshape_as"), params="input, other", effect=Move(Motion.VIEW_AS)
    ),
    OpRow(
        names=("torch.unflatten", "torch.Tensor.unflatten"), params="input, dim, sizes", effect=Move(Motion.UNFLATTEN)
    ),
    OpRow(
        names=("torch.flatten", "torch.Tensor.flatten"),
        params="input, start_dim=0, end_dim=-1",
        effect=Move(Motion.FLATTEN),
    ),
    OpRow(names=("torch.ravel", "torch.Tensor.ravel"), params="input", effect=Move(Motion.FLATTEN)),
    OpRow(
        names=("torch.squeeze", "torch.Tensor.squeeze", "torch.Tensor.squeeze_"),
        params="input, dim=None",
        effect=Move(Motion.SQUEEZE),
    ),
    OpRow(
        names=("torch.unsqueeze", "torch.Tensor.unsqueeze", "torch.Tensor.unsqueeze_"),
        params="input, dim",
        effect=Move(Motion.UNSQUEEZE),
    ),
    OpRow(names=("torch.Tensor.permute",), params="input, *dims", effect=Move(Motion.PERMUTE)),
    OpRow(names=("torch.permute",), params="input, dims", effect=Move(Motion.PERMUTE)),
    OpRow(
        names=("torch.movedim", "torch.Tensor.movedim", "torch.moveaxis", "torch.Tensor.moveaxis"),
        params="input, source, destination",
        effect=Move(Motion.MOVE),
    ),
    OpRow(
        names=("torch.swapaxes", "torch.Tensor.swapaxes", "torch.Tensor.swapaxes_"),
        params="input, axis0, axis1",
        effect=Move(Motion.TRANSPOSE),
    ),
    OpRow(
        names=(
            "torch.transpose",
            "torch.Tensor.transpose",
            "torch.Tensor.transpose_",
            "torch.swapdims",
            "torch.Tensor.swapdims",
            "torch.Tensor.swapdims_",
        ),
        params="input, dim0, dim1",
        effect=Move(Motion.TRANSPOSE),
    ),
    OpRow(names=("torch.t", "torch.Tensor.t", "torch.Tensor.t_"), params="input", effect=Move(Motion.MATRIX_TRANSPOSE)),
    OpRow(names=("torch.Tensor.expand",), params="input, *size", effect=Move(Motion.EXPAND)),
    OpRow(names=("torch.Tensor.expand_as",), params="input, other", effect=Move(Motion.EXPAND)),
    OpRow(names=("torch.broadcast_to", "torch.Tensor.broadcast_to"), params="input, size", effect=Move(Motion.EXPAND)),
    OpRow(names=("torch.Tensor.repeat",), params="input, *repeats", effect=Move(Motion.REPEAT)),
    OpRow(names=("torch.Tensor.tile",), params="input, *dims", effect=Move(Motion.REPEAT)),
    OpRow(names=("torch.tile",), params="input, dims", effect=Move(Motion.REPEAT)),
    OpRow(
        names=("torch.repeat_interleave", "torch.Tensor.repeat_interleave"),
        params="input, repeats, dim=None, *, output_size=None",
        effect=Move(Motion.REPEAT_EACH),
    ),
)


PARTS = (
    OpRow(
        names=("torch.index_select", "torch.Tensor.index_select"),
        params="input, dim, index",
        effect=Move(Motion.SELECT),
    ),
    OpRow(
        names=("torch.narrow", "torch.Tensor.narrow"), params="input, dim, start, length", effect=Move(Motion.SELECT)
    ),
    OpRow(
        names=("torch.select", "torch.Tensor.select"),
        params="input, dim, index",
        effect=Move(Motion.SELECT, drops=True),
    ),
    OpRow(names=("torch.masked_select", "torch.Tensor.masked_select"), params="input, mask", effect=Move(Motion.TAKE)),
    OpRow(names=("torch.take", "torch.Tensor.take"), params="input, index", effect=Move(Motion.TAKE)),
    OpRow(names=("torch.chunk", "torch.Tensor.chunk"), params="input, chunks, dim=0", effect=Move(Motion.SPLIT)),
    OpRow(names=("torch.split",), params="tensor, split_size_or_sections, dim=0", effect=Move(Motion.SPLIT)),
    OpRow(names=("torch.Tensor.split",), params="input, split_size, dim=0", effect=Move(Motion.SPLIT)),
    OpRow(
        names=("torch.tensor_split", "torch.Tensor.tensor_split"),
        params="input, indices_or_sections, dim=0",
        effect=Move(Motion.SPLIT),
    ),
    OpRow(names=("torch.unbind", "torch.Tensor.unbind"), params="input, dim=0", effect=Move(Motion.SPLIT, drops=True)),
    OpRow(
        names=("torch.gather", "torch.Tensor.gather"),
        params="input, dim, index, *, sparse_grad=False",
        effect=Move(Motion.GATHER),
    ),
    OpRow(
        names=("torch.take_along_dim", "torch.Tensor.take_along_dim"),
        params="input, indices, dim=None",
        effect=Move(Motion.GATHER),
    ),
    OpRow(names=("torch.flip",), params="input, dims", effect=Move(Motion.PERMUTE_WITHIN)),
    OpRow(names=("torch.Tensor.flip",), params="input, *dims", effect=Move(Motion.PERMUTE_WITHIN)),
    OpRow(
        names=("torch.fliplr", "torch.Tensor.fliplr", "torch.flipud", "torch.Tensor.flipud"),
        params="input",
        effect=Move(Motion.PERMUTE_WITHIN),
    ),
    OpRow(
        names=("torch.roll", "torch.Tensor.roll"), params="input, shifts, dims=()", effect=Move(Motion.PERMUTE_WITHIN)
    ),
    OpRow(
        names=("torch.diagonal", "torch.Tensor.diagonal"),
        params="input, offset=0, dim1=0, dim2=1",
        effect=Move(Motion.SELECT),
    ),
    OpRow(names=("torch.rot90", "torch.Tensor.rot90"), params="input, k=1, dims=(0, 1)", effect=Move(Motion.SELECT)),
    OpRow(names=("torch.Tensor.unfold",), params="input, dimension, size, step", effect=RESHAPED),
    OpRow(names=("torch.diag", "torch.Tensor.diag"), params="input, diagonal=0", effect=DIAGONAL),
    OpRow(
        names=("torch.diag_embed", "torch.Tensor.diag_embed"),
        params="input, offset=0, dim1=-2, dim2=-1",
        effect=RESHAPED,
    ),
)


JOINS = (
    OpRow(
        names=("torch.cat", "torch.concat", "torch.concatenate"),
        params="tensors, dim=0",
        effect=Gather(stack=False),
        verb="cat",
    ),
    OpRow(names=("torch.stack",), params="tensors, dim=0", effect=Gather(stack=True), verb="stack"),
    OpRow(
        names=("torch.vstack", "torch.row_stack"),
        params="tensors",
        effect=Gather(stack=False, rows=True),
        verb="cat",
    ),
    OpRow(names=("torch.hstack", "torch.dstack", "torch.column_stack"), params="tensors", effect=RESHAPED),
    OpRow(names=("torch.block_diag", "torch.cartesian_prod"), params="*tensors", effect=RESHAPED),
    OpRow(names=("torch.meshgrid",), params="*tensors, indexing=None", effect=RESHAPED),
    OpRow(
        names=("torch.nn.utils.rnn.pad_sequence",),
        params="sequences, batch_first=False, padding_value=0.0, padding_side='right'",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.nn.utils.rnn.pack_padded_sequence",),
        params="input, lengths, batch_first=False, enforce_sorted=True",
        effect=Transfer(((Logits, SAME),), resized=None, dtype=Typed.KEPT),
    ),
    OpRow(
        names=("torch.nn.utils.rnn.pad_packed_sequence",),
        params="sequence, batch_first=False, padding_value=0.0, total_length=None",
        effect=Outputs((OPAQUE, ClassIndex(1))),
    ),
)


WRITES = (
    OpRow(
        names=("torch.scatter", "torch.Tensor.scatter", "torch.Tensor.scatter_"),
        params="input, dim, index, src=None, *, value=None, reduce=None",
        effect=CHANGED,
    ),
    OpRow(
        names=("torch.scatter_add", "torch.Tensor.scatter_add", "torch.Tensor.scatter_add_"),
        params="input, dim, index, src",
        effect=CHANGED,
    ),
    OpRow(
        names=("torch.index_add", "torch.Tensor.index_add", "torch.Tensor.index_add_"),
        params="input, dim, index, source, *, alpha=1",
        effect=CHANGED,
    ),
    OpRow(
        names=("torch.index_fill", "torch.Tensor.index_fill", "torch.Tensor.index_fill_"),
        params="input, dim, index, value",
        effect=CHANGED,
    ),
    OpRow(
        names=("torch.index_copy", "torch.Tensor.index_copy", "torch.Tensor.index_copy_"),
        params="input, dim, index, source",
        effect=CHANGED,
    ),
    OpRow(
        names=("torch.index_put", "torch.index_put_", "torch.Tensor.index_put", "torch.Tensor.index_put_"),
        params="input, indices, values, accumulate=False",
        effect=CHANGED,
    ),
    OpRow(names=("torch.Tensor.copy_",), params="input, src, non_blocking=False", effect=CHANGED),
    OpRow(names=("torch.Tensor.resize_",), params="input, *size, memory_format=...", effect=RESHAPED),
    OpRow(names=("torch.Tensor.new",), params="input, *args, **kwargs", effect=RESHAPED),
)

MEASURES = (
    OpRow(names=("torch.Tensor.size",), params="input, dim=None", effect=Measure(Measured.SIZES)),
    OpRow(names=("torch.Tensor.dim", "torch.Tensor.ndimension"), params="input", effect=Measure(Measured.RANK)),
    OpRow(
        names=("torch.Tensor.numel", "torch.Tensor.nelement", "torch.numel"),
        params="input",
        effect=Measure(Measured.COUNT),
    ),
    OpRow(
        names=("torch.is_floating_point", "torch.Tensor.is_floating_point"),
        params="input",
        effect=Measure(Measured.FLOATING),
    ),
    OpRow(names=("torch.device",), params="*args, **kwargs", effect=Place()),
)

SHAPING = (
    *MEASURES,
    *KEEPERS,
    *SHAPES,
    *PARTS,
    *JOINS,
    *WRITES,
)
