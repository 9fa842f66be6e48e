"""Operations that make a kind: softmax, sigmoid, relu and their relatives, and how they act on kinds that came before."""

from __future__ import annotations

from losslint.domain.kind import (
    Bounded,
    Logits,
    LogProbs,
    LogSigmoid,
    NonNegative,
    OneHot,
    Probs,
    SigmoidProbs,
    Unit,
)
from losslint.knowledge.schema import OpRow
from losslint.knowledge.tensor_effects import SAME, Make, Transfer, Typed

RECTIFY = Transfer(
    (
        (Probs, SAME),
        (SigmoidProbs, SAME),
        (Unit, SAME),
        (OneHot, SAME),
        (NonNegative, SAME),
        (Bounded, Unit()),
    ),
    otherwise=NonNegative(),
    dtype=Typed.KEPT,
)
"""relu and relu6: what is within [0, 1] stays, all else loses what lies below 0."""

POSITIVE_IDENTITY = Transfer(
    (
        (Logits, SAME),
        (Probs, SAME),
        (SigmoidProbs, SAME),
        (Unit, SAME),
        (OneHot, SAME),
        (NonNegative, SAME),
        (Bounded, SAME),
    )
)
"""leaky_relu and its like: what is at least 0 stays, scores stay scores."""

LIMITED_BELOW = Transfer(tuple(case for case in POSITIVE_IDENTITY.cases if case[0] is not Logits))
"""elu and celu: what is at least 0 stays; scores do not fall below -1, so that `elu(x) + 1` is never negative."""

SCORES_STAY = Transfer(((Logits, SAME),))
"""gelu, silu and their like: scores stay scores, of anything else we say nothing."""

SCORES_PASS = Transfer(((Logits, SAME),), dtype=Typed.KEPT)
"""alpha_dropout: scores stay scores, and whatever comes is of the type that it was."""

PROBABILITIES = (
    OpRow(
        names=("torch.softmax", "torch.Tensor.softmax", "torch.special.softmax"),
        params="input, dim, dtype=None",
        effect=Make(Probs(), dim="dim"),
        verb="softmax",
        distinctive=True,
    ),
    OpRow(
        names=("torch.nn.functional.softmax",),
        params="input, dim=None, _stacklevel=3, dtype=None",
        effect=Make(Probs(), dim="dim", implicit=True),
        verb="softmax",
    ),
    OpRow(
        names=("torch.nn.functional.softmin",),
        params="input, dim=None, _stacklevel=3, dtype=None",
        effect=Make(Probs(), dim="dim", implicit=True),
        verb="softmin",
    ),
    OpRow(
        names=("torch.nn.functional.gumbel_softmax",),
        params="logits, tau=1, hard=False, eps=1e-10, dim=-1",
        effect=Make(Probs(), dim="dim", hard="hard"),
        verb="gumbel_softmax",
    ),
    OpRow(
        names=("torch.log_softmax", "torch.Tensor.log_softmax"),
        params="input, dim, dtype=None",
        effect=Make(LogProbs(), dim="dim"),
        verb="log_softmax",
        distinctive=True,
    ),
    OpRow(
        names=("torch.special.log_softmax",),
        params="input, dim, *, dtype=None",
        effect=Make(LogProbs(), dim="dim"),
        verb="log_softmax",
    ),
    OpRow(
        names=("torch.nn.functional.log_softmax",),
        params="input, dim=None, _stacklevel=3, dtype=None",
        effect=Make(LogProbs(), dim="dim", implicit=True),
        verb="log_softmax",
    ),
    OpRow(
        names=(
            "torch.sigmoid",
            "torch.sigmoid_",
            "torch.Tensor.sigmoid",
            "torch.Tensor.sigmoid_",
            "torch.nn.functional.sigmoid",
            "torch.special.expit",
        ),
        params="input",
        effect=Make(SigmoidProbs()),
        verb="sigmoid",
        distinctive=True,
    ),
    OpRow(
        names=("torch.nn.functional.logsigmoid",),
        params="input",
        effect=Make(LogSigmoid()),
        verb="logsigmoid",
    ),
    OpRow(
        names=("torch.nn.functional.hardsigmoid",),
        params="input, inplace=False",
        effect=Make(Unit()),
        verb="hardsigmoid",
    ),
    OpRow(
        names=(
            "torch.logit",
            "torch.logit_",
            "torch.Tensor.logit",
            "torch.Tensor.logit_",
            "torch.special.logit",
        ),
        params="input, eps=None",
        effect=Transfer(((SigmoidProbs, Logits()),)),
        verb="logit",
    ),
)

RECTIFIERS = (
    OpRow(
        names=("torch.relu", "torch.relu_", "torch.Tensor.relu", "torch.Tensor.relu_", "torch.nn.functional.relu_"),
        params="input",
        effect=RECTIFY,
        verb="relu",
    ),
    OpRow(names=("torch.nn.functional.relu",), params="input, inplace=False", effect=RECTIFY, verb="relu"),
    OpRow(names=("torch.nn.functional.relu6",), params="input, inplace=False", effect=RECTIFY, verb="relu6"),
    OpRow(
        names=("torch.nn.functional.softplus",),
        params="input, beta=1, threshold=20",
        effect=Make(NonNegative()),
        verb="softplus",
    ),
    OpRow(
        names=("torch.nn.functional.leaky_relu",),
        params="input, negative_slope=0.01, inplace=False",
        effect=POSITIVE_IDENTITY,
        verb="leaky_relu",
    ),
    OpRow(
        names=("torch.nn.functional.leaky_relu_",),
        params="input, negative_slope=0.01",
        effect=POSITIVE_IDENTITY,
        verb="leaky_relu",
    ),
    OpRow(
        names=("torch.nn.functional.elu",),
        params="input, alpha=1.0, inplace=False",
        effect=LIMITED_BELOW,
        verb="elu",
    ),
    OpRow(names=("torch.nn.functional.elu_",), params="input, alpha=1.0", effect=LIMITED_BELOW, verb="elu"),
    OpRow(
        names=("torch.nn.functional.celu",),
        params="input, alpha=1.0, inplace=False",
        effect=LIMITED_BELOW,
        verb="celu",
    ),
    OpRow(
        names=("torch.prelu", "torch.Tensor.prelu", "torch.nn.functional.prelu"),
        params="input, weight",
        effect=SCORES_STAY,
        verb="prelu",
    ),
    OpRow(
        names=("torch.nn.functional.rrelu",),
        params="input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False",
        effect=POSITIVE_IDENTITY,
        verb="rrelu",
    ),
)

CURVES = (
    OpRow(
        names=("torch.tanh", "torch.tanh_", "torch.Tensor.tanh", "torch.Tensor.tanh_", "torch.nn.functional.tanh"),
        params="input",
        effect=Make(Bounded()),
        verb="tanh",
    ),
    OpRow(
        names=("torch.nn.functional.hardtanh",),
        params="input, min_val=-1.0, max_val=1.0, inplace=False",
        effect=Make(Bounded(), unless=("min_val", "max_val")),
        verb="hardtanh",
    ),
    OpRow(
        names=("torch.nn.functional.hardtanh_",),
        params="input, min_val=-1.0, max_val=1.0",
        effect=Make(Bounded(), unless=("min_val", "max_val")),
        verb="hardtanh",
    ),
    OpRow(names=("torch.nn.functional.softsign",), params="input", effect=Make(Bounded()), verb="softsign"),
    OpRow(
        names=("torch.selu", "torch.selu_"),
        params="input",
        effect=SCORES_STAY,
        verb="selu",
    ),
    OpRow(names=("torch.nn.functional.selu",), params="input, inplace=False", effect=SCORES_STAY, verb="selu"),
    OpRow(names=("torch.nn.functional.gelu",), params="input, approximate='none'", effect=SCORES_STAY, verb="gelu"),
    OpRow(names=("torch.nn.functional.silu",), params="input, inplace=False", effect=SCORES_STAY, verb="silu"),
    OpRow(names=("torch.nn.functional.mish",), params="input, inplace=False", effect=SCORES_STAY, verb="mish"),
    OpRow(
        names=("torch.nn.functional.hardswish",),
        params="input, inplace=False",
        effect=SCORES_STAY,
        verb="hardswish",
    ),
    OpRow(
        names=("torch.hardshrink", "torch.Tensor.hardshrink", "torch.nn.functional.hardshrink"),
        params="input, lambd=0.5",
        effect=SCORES_STAY,
        verb="hardshrink",
    ),
    OpRow(names=("torch.nn.functional.softshrink",), params="input, lambd=0.5", effect=SCORES_STAY, verb="softshrink"),
    OpRow(names=("torch.nn.functional.tanhshrink",), params="input", effect=SCORES_STAY, verb="tanhshrink"),
    OpRow(
        names=("torch.threshold", "torch.threshold_", "torch.nn.functional.threshold_"),
        params="input, threshold, value",
        effect=Transfer((), dtype=Typed.KEPT),
    ),
    OpRow(
        names=("torch.nn.functional.threshold",),
        params="input, threshold, value, inplace=False",
        effect=Transfer((), dtype=Typed.KEPT),
    ),
)

ACTIVATIONS = (*PROBABILITIES, *RECTIFIERS, *CURVES)
