"""Layers of torch.nn: constructors, calls and what the calls do to kinds. Every name is the one that users write."""

from __future__ import annotations

from dataclasses import replace

from losslint.domain.kind import (
    Bounded,
    Logits,
    LogProbs,
    LogSigmoid,
    NonNegative,
    Probs,
    SigmoidProbs,
    Unit,
)
from losslint.knowledge.activations import LIMITED_BELOW, POSITIVE_IDENTITY, RECTIFY, SCORES_PASS, SCORES_STAY
from losslint.knowledge.elementwise import RESHAPED
from losslint.knowledge.images import (
    ADAPTED_AVERAGED_1D,
    ADAPTED_AVERAGED_2D,
    ADAPTED_AVERAGED_3D,
    ADAPTED_LARGEST_1D,
    ADAPTED_LARGEST_2D,
    ADAPTED_LARGEST_3D,
    AVERAGED_1D,
    AVERAGED_2D,
    AVERAGED_3D,
    LARGEST_1D,
    LARGEST_2D,
    LARGEST_3D,
    PADDED,
    PADDED_ANYHOW,
    RESAMPLED,
    SHUFFLED,
)
from losslint.knowledge.object_effects import Forget
from losslint.knowledge.schema import LayerRow
from losslint.knowledge.tensor_effects import OPAQUE, Affine, Keep, Make, Motion, Move, Outputs, Transfer, Typed, Window

_NORMALISED = Transfer((), otherwise=Logits())
_CONV = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', "
    "device=None, dtype=None"
)
_LAZY_CONV = (
    "out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, "
    "dtype=None"
)
_TRANSPOSED = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, "
    "padding_mode='zeros', device=None, dtype=None"
)
_LAZY_TRANSPOSED = (
    "out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', "
    "device=None, dtype=None"
)
_BATCH_NORM = "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True"
_LAZY_BATCH_NORM = (
    "eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True"
)
_INSTANCE_NORM = "num_features, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None, *, bias=True"
_LAZY_INSTANCE_NORM = (
    "eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True"
)
_RECURRENT = (
    "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, proj_size=0, "
    "device=None, dtype=None"
)
_TRANSFORMER_LAYER = (
    "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=torch.nn.functional.relu, layer_norm_eps=1e-05, "
    "batch_first=False, norm_first=False, bias=True, device=None, dtype=None"
)
_DECODE = (
    "tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, "
    "tgt_is_causal={}, memory_is_causal=False"
)
_ANY = "*args, **kwargs"
_IN_PLACE = "inplace=False"

ACTIVATION_LAYERS = (
    LayerRow(("torch.nn.Softmax",), "dim=None", Make(Probs(), dim="dim", implicit=True), verb="softmax"),
    LayerRow(("torch.nn.Softmin",), "dim=None", Make(Probs(), dim="dim", implicit=True), verb="softmin"),
    LayerRow(("torch.nn.Softmax2d",), _ANY, Make(Probs(1)), verb="softmax"),
    LayerRow(("torch.nn.LogSoftmax",), "dim=None", Make(LogProbs(), dim="dim", implicit=True), verb="log_softmax"),
    LayerRow(("torch.nn.Sigmoid",), _ANY, Make(SigmoidProbs()), verb="sigmoid"),
    LayerRow(("torch.nn.LogSigmoid",), _ANY, Make(LogSigmoid()), verb="logsigmoid"),
    LayerRow(("torch.nn.Hardsigmoid",), _IN_PLACE, Make(Unit()), verb="hardsigmoid"),
    LayerRow(("torch.nn.Tanh",), _ANY, Make(Bounded()), verb="tanh"),
    LayerRow(("torch.nn.Softsign",), _ANY, Make(Bounded()), verb="softsign"),
    LayerRow(
        ("torch.nn.Hardtanh",),
        "min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None",
        Make(Bounded(), unless=("min_val", "max_val", "min_value", "max_value")),
        verb="hardtanh",
    ),
    LayerRow(("torch.nn.ReLU",), _IN_PLACE, RECTIFY, verb="relu"),
    LayerRow(("torch.nn.ReLU6",), _IN_PLACE, RECTIFY, verb="relu6"),
    LayerRow(("torch.nn.Softplus",), "beta=1.0, threshold=20.0", Make(NonNegative()), verb="softplus"),
    LayerRow(("torch.nn.LeakyReLU",), "negative_slope=0.01, inplace=False", POSITIVE_IDENTITY, verb="leaky_relu"),
    LayerRow(("torch.nn.ELU",), "alpha=1.0, inplace=False", LIMITED_BELOW, verb="elu"),
    LayerRow(("torch.nn.CELU",), "alpha=1.0, inplace=False", LIMITED_BELOW, verb="celu"),
    LayerRow(
        ("torch.nn.RReLU",),
        "lower=0.125, upper=0.3333333333333333, inplace=False",
        POSITIVE_IDENTITY,
        verb="rrelu",
    ),
    LayerRow(("torch.nn.PReLU",), "num_parameters=1, init=0.25, device=None, dtype=None", SCORES_STAY, verb="prelu"),
    LayerRow(("torch.nn.SELU",), _IN_PLACE, SCORES_STAY, verb="selu"),
    LayerRow(("torch.nn.GELU",), "approximate='none'", SCORES_STAY, verb="gelu"),
    LayerRow(("torch.nn.SiLU",), _IN_PLACE, SCORES_STAY, verb="silu"),
    LayerRow(("torch.nn.Mish",), _IN_PLACE, SCORES_STAY, verb="mish"),
    LayerRow(("torch.nn.Hardswish",), _IN_PLACE, SCORES_STAY, verb="hardswish"),
    LayerRow(("torch.nn.Hardshrink",), "lambd=0.5", SCORES_STAY, verb="hardshrink"),
    LayerRow(("torch.nn.Softshrink",), "lambd=0.5", SCORES_STAY, verb="softshrink"),
    LayerRow(("torch.nn.Tanhshrink",), _ANY, SCORES_STAY, verb="tanhshrink"),
    LayerRow(("torch.nn.Threshold",), "threshold, value, inplace=False", Transfer((), dtype=Typed.KEPT)),
    LayerRow(("torch.nn.GLU",), "dim=-1", Transfer(((Logits, Logits()),), resized=None), verb="glu"),
)

AFFINE_LAYERS = (
    LayerRow(
        ("torch.nn.Linear",),
        "in_features, out_features, bias=True, device=None, dtype=None",
        Affine(size="out_features", axis=-1),
        verb="linear",
    ),
    LayerRow(
        ("torch.nn.LazyLinear",),
        "out_features, bias=True, device=None, dtype=None",
        Affine(size="out_features", axis=-1),
        verb="linear",
    ),
    LayerRow(
        ("torch.nn.Bilinear",),
        "in1_features, in2_features, out_features, bias=True, device=None, dtype=None",
        Affine(size="out_features", axis=-1),
        call="input1, input2",
        verb="bilinear",
    ),
    LayerRow(
        ("torch.nn.Conv1d",), _CONV, Affine(size="out_channels", axis=1, rank=3, window=Window.CONVOLVE), verb="conv1d"
    ),
    LayerRow(
        ("torch.nn.Conv2d",), _CONV, Affine(size="out_channels", axis=1, rank=4, window=Window.CONVOLVE), verb="conv2d"
    ),
    LayerRow(
        ("torch.nn.Conv3d",), _CONV, Affine(size="out_channels", axis=1, rank=5, window=Window.CONVOLVE), verb="conv3d"
    ),
    LayerRow(
        ("torch.nn.LazyConv1d",),
        _LAZY_CONV,
        Affine(size="out_channels", axis=1, rank=3, window=Window.CONVOLVE),
        verb="conv1d",
    ),
    LayerRow(
        ("torch.nn.LazyConv2d",),
        _LAZY_CONV,
        Affine(size="out_channels", axis=1, rank=4, window=Window.CONVOLVE),
        verb="conv2d",
    ),
    LayerRow(
        ("torch.nn.LazyConv3d",),
        _LAZY_CONV,
        Affine(size="out_channels", axis=1, rank=5, window=Window.CONVOLVE),
        verb="conv3d",
    ),
    LayerRow(
        ("torch.nn.ConvTranspose1d",),
        _TRANSPOSED,
        Affine(size="out_channels", axis=1, rank=3, window=Window.TRANSPOSED),
        call="input, output_size=None",
        verb="conv_transpose1d",
    ),
    LayerRow(
        ("torch.nn.ConvTranspose2d",),
        _TRANSPOSED,
        Affine(size="out_channels", axis=1, rank=4, window=Window.TRANSPOSED),
        call="input, output_size=None",
        verb="conv_transpose2d",
    ),
    LayerRow(
        ("torch.nn.ConvTranspose3d",),
        _TRANSPOSED,
        Affine(size="out_channels", axis=1, rank=5, window=Window.TRANSPOSED),
        call="input, output_size=None",
        verb="conv_transpose3d",
    ),
    LayerRow(
        ("torch.nn.LazyConvTranspose1d",),
        _LAZY_TRANSPOSED,
        Affine(size="out_channels", axis=1, rank=3, window=Window.TRANSPOSED),
        call="input, output_size=None",
        verb="conv_transpose1d",
    ),
    LayerRow(
        ("torch.nn.LazyConvTranspose2d",),
        _LAZY_TRANSPOSED,
        Affine(size="out_channels", axis=1, rank=4, window=Window.TRANSPOSED),
        call="input, output_size=None",
        verb="conv_transpose2d",
    ),
    LayerRow(
        ("torch.nn.LazyConvTranspose3d",),
        _LAZY_TRANSPOSED,
        Affine(size="out_channels", axis=1, rank=5, window=Window.TRANSPOSED),
        call="input, output_size=None",
        verb="conv_transpose3d",
    ),
    LayerRow(
        ("torch.nn.Embedding",),
        "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
        "sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
        Affine(size="embedding_dim", axis=-1, adds=True),
        verb="embedding",
    ),
    LayerRow(
        ("torch.nn.EmbeddingBag",),
        "num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, "
        "_weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None",
        Affine(size="embedding_dim", axis=-1, rank=2),
        call="input, offsets=None, per_sample_weights=None",
        verb="embedding",
    ),
)

NORM_LAYERS = (
    LayerRow(
        ("torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d"),
        _BATCH_NORM,
        _NORMALISED,
        verb="batch_norm",
    ),
    LayerRow(
        ("torch.nn.LazyBatchNorm1d", "torch.nn.LazyBatchNorm2d", "torch.nn.LazyBatchNorm3d"),
        _LAZY_BATCH_NORM,
        _NORMALISED,
        verb="batch_norm",
    ),
    LayerRow(
        ("torch.nn.SyncBatchNorm",),
        "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, "
        "dtype=None, *, bias=True",
        _NORMALISED,
        verb="batch_norm",
    ),
    LayerRow(
        ("torch.nn.InstanceNorm1d", "torch.nn.InstanceNorm2d", "torch.nn.InstanceNorm3d"),
        _INSTANCE_NORM,
        _NORMALISED,
        verb="instance_norm",
    ),
    LayerRow(
        ("torch.nn.LazyInstanceNorm1d", "torch.nn.LazyInstanceNorm2d", "torch.nn.LazyInstanceNorm3d"),
        _LAZY_INSTANCE_NORM,
        _NORMALISED,
        verb="instance_norm",
    ),
    LayerRow(
        ("torch.nn.LayerNorm",),
        "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
        _NORMALISED,
        verb="layer_norm",
    ),
    LayerRow(
        ("torch.nn.GroupNorm",),
        "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True",
        _NORMALISED,
        verb="group_norm",
    ),
    LayerRow(
        ("torch.nn.RMSNorm",),
        "normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None",
        SCORES_STAY,
        call="x",
        verb="rms_norm",
    ),
    LayerRow(("torch.nn.LocalResponseNorm",), "size, alpha=0.0001, beta=0.75, k=1.0", SCORES_STAY),
    LayerRow(("torch.nn.CrossMapLRN2d",), "size, alpha=0.0001, beta=0.75, k=1", SCORES_STAY),
)

RECURRENT = Outputs((Logits(), OPAQUE), batch_first="batch_first")

RECURRENT_LAYERS = (
    LayerRow(("torch.nn.RNN",), _ANY, RECURRENT, call="input, hx=None", verb="rnn"),
    LayerRow(("torch.nn.GRU",), _ANY, RECURRENT, call="input, hx=None", verb="gru"),
    LayerRow(("torch.nn.LSTM",), _ANY, RECURRENT, call="input, hx=None", verb="lstm"),
    LayerRow(
        ("torch.nn.RNNCell",),
        "input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None",
        Affine(size="hidden_size", axis=-1),
        call="input, hx=None",
        verb="rnn_cell",
    ),
    LayerRow(
        ("torch.nn.GRUCell",),
        "input_size, hidden_size, bias=True, device=None, dtype=None",
        Affine(size="hidden_size", axis=-1),
        call="input, hx=None",
        verb="gru_cell",
    ),
    LayerRow(
        ("torch.nn.LSTMCell",),
        "input_size, hidden_size, bias=True, device=None, dtype=None",
        Outputs((Logits(), Logits())),
        call="input, hx=None",
        verb="lstm_cell",
    ),
)

ATTENTION_LAYERS = (
    LayerRow(
        ("torch.nn.MultiheadAttention",),
        "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, "
        "batch_first=False, device=None, dtype=None",
        Outputs((Logits(), Probs(-1))),
        call="query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, "
        "is_causal=False",
        verb="multihead_attention",
    ),
    LayerRow(
        ("torch.nn.Transformer",),
        "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, "
        "activation=torch.nn.functional.relu, custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, "
        "batch_first=False, norm_first=False, bias=True, device=None, dtype=None",
        Transfer((), otherwise=Logits(), resized=None),
        call="src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None, "
        "tgt_key_padding_mask=None, memory_key_padding_mask=None, src_is_causal=None, tgt_is_causal=None, "
        "memory_is_causal=False",
        verb="transformer",
    ),
    LayerRow(
        ("torch.nn.TransformerEncoder",),
        "encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True",
        _NORMALISED,
        call="src, mask=None, src_key_padding_mask=None, is_causal=None",
        verb="transformer_encoder",
    ),
    LayerRow(
        ("torch.nn.TransformerEncoderLayer",),
        _TRANSFORMER_LAYER,
        _NORMALISED,
        call="src, src_mask=None, src_key_padding_mask=None, is_causal=False",
        verb="transformer_encoder",
    ),
    LayerRow(
        ("torch.nn.TransformerDecoder",),
        "decoder_layer, num_layers, norm=None",
        _NORMALISED,
        call=_DECODE.format(None),
        verb="transformer_decoder",
    ),
    LayerRow(
        ("torch.nn.TransformerDecoderLayer",),
        _TRANSFORMER_LAYER,
        _NORMALISED,
        call=_DECODE.format(False),
        verb="transformer_decoder",
    ),
)

PASSING_LAYERS = (
    LayerRow(("torch.nn.Identity",), _ANY, Keep()),
    LayerRow(
        ("torch.nn.Dropout", "torch.nn.Dropout1d", "torch.nn.Dropout2d", "torch.nn.Dropout3d"),
        "p=0.5, inplace=False",
        Keep(),
    ),
    LayerRow(
        ("torch.nn.AlphaDropout", "torch.nn.FeatureAlphaDropout"),
        "p=0.5, inplace=False",
        SCORES_PASS,
        verb="alpha_dropout",
    ),
    LayerRow(("torch.nn.Flatten",), "start_dim=1, end_dim=-1", Move(Motion.FLATTEN)),
    LayerRow(("torch.nn.Unflatten",), "dim, unflattened_size", Move(Motion.UNFLATTEN)),
    LayerRow(("torch.nn.ChannelShuffle",), "groups", Move(Motion.PERMUTE_WITHIN)),
)

POOL_LAYERS = (
    LayerRow(
        ("torch.nn.AvgPool1d",),
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True",
        AVERAGED_1D,
    ),
    LayerRow(
        ("torch.nn.AvgPool2d",),
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
        AVERAGED_2D,
    ),
    LayerRow(
        ("torch.nn.AvgPool3d",),
        "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None",
        AVERAGED_3D,
    ),
    LayerRow(("torch.nn.AdaptiveAvgPool1d",), "output_size", ADAPTED_AVERAGED_1D),
    LayerRow(("torch.nn.AdaptiveAvgPool2d",), "output_size", ADAPTED_AVERAGED_2D),
    LayerRow(("torch.nn.AdaptiveAvgPool3d",), "output_size", ADAPTED_AVERAGED_3D),
    LayerRow(
        ("torch.nn.MaxPool1d",),
        "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        LARGEST_1D,
    ),
    LayerRow(
        ("torch.nn.MaxPool2d",),
        "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        LARGEST_2D,
    ),
    LayerRow(
        ("torch.nn.MaxPool3d",),
        "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
        LARGEST_3D,
    ),
    LayerRow(("torch.nn.AdaptiveMaxPool1d",), "output_size, return_indices=False", ADAPTED_LARGEST_1D),
    LayerRow(("torch.nn.AdaptiveMaxPool2d",), "output_size, return_indices=False", ADAPTED_LARGEST_2D),
    LayerRow(("torch.nn.AdaptiveMaxPool3d",), "output_size, return_indices=False", ADAPTED_LARGEST_3D),
    LayerRow(
        ("torch.nn.FractionalMaxPool2d",),
        "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None",
        replace(LARGEST_2D, window=None),
    ),
    LayerRow(
        ("torch.nn.FractionalMaxPool3d",),
        "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None",
        replace(LARGEST_3D, window=None),
    ),
    LayerRow(
        ("torch.nn.MaxUnpool1d", "torch.nn.MaxUnpool2d", "torch.nn.MaxUnpool3d"),
        "kernel_size, stride=None, padding=0",
        RESHAPED,
        call="input, indices, output_size=None",
    ),
    LayerRow(
        ("torch.nn.LPPool1d", "torch.nn.LPPool2d", "torch.nn.LPPool3d"),
        "norm_type, kernel_size, stride=None, ceil_mode=False",
        RESHAPED,
    ),
)

IMAGE_LAYERS = (
    LayerRow(
        ("torch.nn.Upsample",),
        "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
        RESAMPLED,
    ),
    LayerRow(
        ("torch.nn.UpsamplingBilinear2d", "torch.nn.UpsamplingNearest2d"),
        "size=None, scale_factor=None",
        RESAMPLED,
    ),
    LayerRow(
        (
            "torch.nn.CircularPad1d",
            "torch.nn.CircularPad2d",
            "torch.nn.CircularPad3d",
            "torch.nn.ReflectionPad1d",
            "torch.nn.ReflectionPad2d",
            "torch.nn.ReflectionPad3d",
            "torch.nn.ReplicationPad1d",
            "torch.nn.ReplicationPad2d",
            "torch.nn.ReplicationPad3d",
            "torch.nn.ZeroPad1d",
            "torch.nn.ZeroPad2d",
            "torch.nn.ZeroPad3d",
        ),
        "padding",
        PADDED,
    ),
    LayerRow(
        ("torch.nn.ConstantPad1d", "torch.nn.ConstantPad2d", "torch.nn.ConstantPad3d"),
        "padding, value",
        PADDED_ANYHOW,
    ),
    LayerRow(("torch.nn.PixelShuffle",), "upscale_factor", SHUFFLED),
    LayerRow(("torch.nn.PixelUnshuffle",), "downscale_factor", SHUFFLED),
    LayerRow(
        ("torch.nn.Fold",),
        "output_size, kernel_size, dilation=1, padding=0, stride=1",
        RESHAPED,
    ),
    LayerRow(
        ("torch.nn.Unfold",),
        "kernel_size, dilation=1, padding=0, stride=1",
        RESHAPED,
    ),
)

OTHER_LAYERS = (
    LayerRow(("torch.nn.CosineSimilarity",), "dim=1, eps=1e-08", RESHAPED, call="x1, x2"),
    LayerRow(
        ("torch.nn.PairwiseDistance",),
        "p=2.0, eps=1e-06, keepdim=False",
        RESHAPED,
        call="x1, x2",
    ),
    LayerRow(
        ("torch.nn.AdaptiveLogSoftmaxWithLoss",),
        "in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None",
        Outputs((OPAQUE, OPAQUE), names=("output", "loss")),
        call="input_, target_",
        verb="adaptive_log_softmax",
    ),
    LayerRow(("torch.nn.ParameterList",), "values=None", Forget("holds parameters"), call="*input"),
    LayerRow(("torch.nn.ParameterDict",), "parameters=None", Forget("holds parameters"), call="*input"),
)

LAYERS = (
    *ACTIVATION_LAYERS,
    *AFFINE_LAYERS,
    *NORM_LAYERS,
    *RECURRENT_LAYERS,
    *ATTENTION_LAYERS,
    *PASSING_LAYERS,
    *POOL_LAYERS,
    *IMAGE_LAYERS,
    *OTHER_LAYERS,
)
