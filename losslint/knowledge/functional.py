"""The layers of torch.nn as functions: affine maps, normalisation, dropout."""

from __future__ import annotations

from losslint.domain.kind import Logits
from losslint.knowledge.activations import SCORES_PASS, SCORES_STAY
from losslint.knowledge.elementwise import RESHAPED, UNTRACKED
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import SAME, Affine, Keep, Transfer, Window

AFFINE = (
    OpRow(
        names=("torch.nn.functional.linear",), params="input, weight, bias=None", effect=Affine(axis=-1), verb="linear"
    ),
    OpRow(
        names=("torch.nn.functional.bilinear", "torch.bilinear"),
        params="input1, input2, weight, bias=None",
        effect=Affine(axis=-1),
        verb="bilinear",
    ),
    OpRow(
        names=("torch.nn.functional.conv1d", "torch.conv1d"),
        params="input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
        effect=Affine(axis=1, rank=3, window=Window.CONVOLVE),
        verb="conv1d",
    ),
    OpRow(
        names=("torch.nn.functional.conv_transpose1d", "torch.conv_transpose1d"),
        params="input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
        effect=Affine(axis=1, rank=3, window=Window.TRANSPOSED),
        verb="conv_transpose1d",
    ),
    OpRow(
        names=("torch.nn.functional.conv2d", "torch.conv2d"),
        params="input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
        effect=Affine(axis=1, rank=4, window=Window.CONVOLVE),
        verb="conv2d",
    ),
    OpRow(
        names=("torch.nn.functional.conv_transpose2d", "torch.conv_transpose2d"),
        params="input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
        effect=Affine(axis=1, rank=4, window=Window.TRANSPOSED),
        verb="conv_transpose2d",
    ),
    OpRow(
        names=("torch.nn.functional.conv3d", "torch.conv3d"),
        params="input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
        effect=Affine(axis=1, rank=5, window=Window.CONVOLVE),
        verb="conv3d",
    ),
    OpRow(
        names=("torch.nn.functional.conv_transpose3d", "torch.conv_transpose3d"),
        params="input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
        effect=Affine(axis=1, rank=5, window=Window.TRANSPOSED),
        verb="conv_transpose3d",
    ),
    OpRow(
        names=("torch.nn.functional.embedding",),
        params="input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
        effect=Affine(axis=-1, adds=True),
        verb="embedding",
    ),
    OpRow(
        names=("torch.nn.functional.embedding_bag",),
        params="input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None",
        effect=Affine(axis=-1, rank=2),
        verb="embedding",
    ),
)


NORMS = (
    OpRow(
        names=("torch.nn.functional.batch_norm",),
        params="input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
        effect=Transfer((), otherwise=Logits()),
        verb="batch_norm",
    ),
    OpRow(
        names=("torch.nn.functional.instance_norm",),
        params="input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05",
        effect=Transfer((), otherwise=Logits()),
        verb="instance_norm",
    ),
    OpRow(
        names=("torch.nn.functional.layer_norm",),
        params="input, normalized_shape, weight=None, bias=None, eps=1e-05",
        effect=Transfer((), otherwise=Logits()),
        verb="layer_norm",
    ),
    OpRow(
        names=("torch.nn.functional.group_norm",),
        params="input, num_groups, weight=None, bias=None, eps=1e-05",
        effect=Transfer((), otherwise=Logits()),
        verb="group_norm",
    ),
    OpRow(
        names=("torch.nn.functional.rms_norm",),
        params="input, normalized_shape, weight=None, eps=None",
        effect=SCORES_STAY,
        verb="rms_norm",
    ),
    OpRow(
        names=("torch.nn.functional.local_response_norm",),
        params="input, size, alpha=0.0001, beta=0.75, k=1.0",
        effect=SCORES_STAY,
    ),
    OpRow(
        names=("torch.nn.functional.normalize",), params="input, p=2.0, dim=1, eps=1e-12, out=None", effect=UNTRACKED
    ),
    OpRow(
        names=("torch.nn.functional.cosine_similarity", "torch.cosine_similarity"),
        params="x1, x2, dim=1, eps=1e-08",
        effect=RESHAPED,
    ),
    OpRow(
        names=("torch.nn.functional.pairwise_distance", "torch.pairwise_distance"),
        params="x1, x2, p=2.0, eps=1e-06, keepdim=False",
        effect=RESHAPED,
    ),
    OpRow(names=("torch.nn.functional.pdist", "torch.pdist"), params="input, p=2", effect=RESHAPED),
    OpRow(
        names=("torch.nn.functional.scaled_dot_product_attention",),
        params="query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False",
        effect=RESHAPED,
    ),
)


DROPOUTS = (
    OpRow(
        names=(
            "torch.nn.functional.dropout",
            "torch.nn.functional.dropout1d",
            "torch.nn.functional.dropout2d",
            "torch.nn.functional.dropout3d",
        ),
        params="input, p=0.5, training=True, inplace=False",
        effect=Keep(),
    ),
    OpRow(names=("torch.dropout", "torch.dropout_"), params="input, p, train", effect=Keep()),
    OpRow(
        names=("torch.nn.functional.alpha_dropout", "torch.nn.functional.feature_alpha_dropout"),
        params="input, p=0.5, training=False, inplace=False",
        effect=SCORES_PASS,
        verb="alpha_dropout",
    ),
    OpRow(
        names=("torch.nn.functional.glu",),
        params="input, dim=-1",
        effect=Transfer(((Logits, SAME),), resized=None),
        verb="glu",
    ),
)

FUNCTIONAL = (
    *AFFINE,
    *NORMS,
    *DROPOUTS,
)
