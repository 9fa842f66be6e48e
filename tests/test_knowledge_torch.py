"""Every row about torch is held against torch: the object exists, its parameters are real, its effect is true in numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

import knowledge_proofs as proofs  # noqa: E402
import knowledge_signatures as signatures  # noqa: E402
from torch import nn  # noqa: E402

from losslint.domain.kind import LogProbs, NonNegative, Probs, SigmoidProbs  # noqa: E402
from losslint.knowledge.index import load  # noqa: E402
from losslint.knowledge.losses import LOSSES  # noqa: E402
from losslint.knowledge.schema import (  # noqa: E402
    SAME,
    Affine,
    Container,
    Fold,
    Keep,
    LayerRow,
    LossRow,
    Make,
    Motion,
    Move,
    Operate,
    OpRow,
    Reduction,
    Transfer,
)

F = nn.functional
pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

ROWS = {name: row for name, row in load().rows.items() if name.partition(".")[0] in ("torch", "copy")}
ACTING = {name: row for name, row in ROWS.items() if not isinstance(row, LossRow)}
LOSS_NAMES = {name: row for name, row in ROWS.items() if isinstance(row, LossRow)}

BY_HAND = {
    "the schema lists the condition first, whatever the receiver is": ("torch.Tensor.where",),
    "its Python face takes any arguments and sorts them out itself": (
        "torch.einsum",
        "torch.unique",
        "torch.linalg.norm",
    ),
    "two forms stand in one row; the proof of the effect calls both": (
        "torch.randint",
        "torch.randint_like",
        "torch.arange",
        "torch.normal",
    ),
    "a parameter is called `from`, which no caller can write": ("torch.Tensor.uniform_", "torch.Tensor.random_"),
    "made by hand in C, with no schema that names the parameters": (
        "torch.Tensor.new",
        "torch.as_tensor",
        "torch.from_numpy",
        "torch.asarray",
        "torch.autograd.Variable",
    ),
    "torch states reduction=1 (mean), yet a call that leaves it out is not reduced: see test_torch_forms_do_not_reduce": (
        "torch.binary_cross_entropy_with_logits",
        "torch.kl_div",
        "torch.ctc_loss",
        "torch.hinge_embedding_loss",
        "torch.cosine_embedding_loss",
        "torch.margin_ranking_loss",
        "torch.triplet_margin_loss",
    ),
    "types of tensors take data or sizes, and Python sees neither": tuple(
        name for name in ROWS if name == "torch.Tensor" or (name.endswith("Tensor") and "from" not in name)
    ),
}
"""Signatures that torch states nowhere, or states wrongly, with the reason."""

UNPROVED = {
    "needs a GPU or another device": (
        "torch.Tensor.cuda",
        "torch.Tensor.pin_memory",
        "torch.nn.Module.cuda",
        "torch.nn.Module.xpu",
        "torch.nn.Module.ipu",
        "torch.nn.Module.mtia",
        *(name for name in ROWS if name.startswith("torch.cuda.")),
    ),
    "needs a process group": ("torch.nn.parallel.DistributedDataParallel",),
    "starts a compiler": ("torch.compile",),
}
"""Effects without a proof in numbers, with the reason."""

SILENT = {
    "its numbers could be anything we track, or nothing of it": (
        "torch.maximum", "torch.inner", "torch.outer", "torch.lerp", "torch.addcmul", "torch.addmm", "torch.addmv",
        "torch.addr", "torch.baddbmm", "torch.rsub", "torch.where", "torch.Tensor.where", "torch.einsum",
        "torch.tensordot", "torch.cross", "torch.heaviside", "torch.prod", "torch.quantile", "torch.unique",
        "torch.Tensor.unique", "torch.nn.functional.scaled_dot_product_attention",
    ),
    "a distance, a norm or a spread: nobody's activation": (
        "torch.cdist", "torch.Tensor.norm", "torch.norm", "torch.linalg.norm", "torch.std",
        "torch.nn.functional.cosine_similarity", "torch.nn.functional.pairwise_distance", "torch.nn.functional.pdist",
        "torch.nn.CosineSimilarity", "torch.nn.PairwiseDistance",
    ),
    "puts numbers in places of its own, or fills gaps with zeros": (
        "torch.bincount", "torch.nonzero", "torch.Tensor.unfold", "torch.diag", "torch.diag_embed", "torch.hstack",
        "torch.block_diag", "torch.meshgrid", "torch.nn.utils.rnn.pad_sequence", "torch.Tensor.resize_", "torch.Tensor.new",
        "torch.nn.functional.max_unpool1d", "torch.nn.functional.max_unpool2d", "torch.nn.functional.max_unpool3d",
        "torch.nn.functional.lp_pool1d", "torch.nn.functional.fold", "torch.nn.functional.unfold",
        "torch.nn.MaxUnpool1d", "torch.nn.LPPool1d", "torch.nn.Fold", "torch.nn.Unfold",
    ),
    "gives no tensor": (
        "torch.Tensor.item", "torch.Tensor.backward", "torch.Tensor.register_hook", "torch.nn.Module.compile",
        "torch.nn.Module.zero_grad", "torch.nn.Module.parameters", "torch.nn.Module.named_parameters",
        "torch.nn.Module.buffers", "torch.nn.Module.named_buffers", "torch.nn.Module.state_dict",
        "torch.nn.Module.load_state_dict", "torch.nn.Module.get_parameter", "torch.nn.Module.extra_repr",
        "torch.utils.data.random_split", "torch.nn.ParameterList", "torch.nn.ParameterDict",
    ),
    "log-probability of the target alone, and a loss": ("torch.nn.AdaptiveLogSoftmaxWithLoss",),
}  # fmt: skip
"""Rows that claim nothing of numbers, by the first name of the row, with the reason."""


def _listed(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for names in table.values() for name in names}


@pytest.mark.parametrize("name", ROWS)
def test_name_exists(name: str) -> None:
    assert proofs.resolve(name) is not None


@pytest.mark.parametrize("name", sorted(set(ROWS) - _listed(BY_HAND)))
def test_parameters_are_real(name: str) -> None:
    row, thing = ROWS[name], proofs.resolve(name)
    if isinstance(row, LossRow):
        signatures.check_loss(name, thing, row)
    elif isinstance(row.effect, Container):
        signatures.check_signature(name, thing, row.params)
    elif not getattr(row, "attribute", False):
        signatures.check_row(name, thing, row)


@pytest.mark.parametrize("name", sorted(_listed(BY_HAND) - set(LOSS_NAMES)))
def test_signatures_by_hand_are_needed(name: str) -> None:
    with pytest.raises(AssertionError):
        signatures.check_row(name, proofs.resolve(name), ACTING[name])


PROVED = [name for name, row in ACTING.items() if not proofs.claims_nothing(row) and name not in _listed(UNPROVED)]


@pytest.mark.parametrize("name", PROVED)
def test_effect_is_true(name: str) -> None:
    proofs.prove(name, ACTING[name])


def test_each_row_is_proved_or_listed() -> None:
    silent = {row.names[0] for row in ACTING.values() if proofs.claims_nothing(row)}
    assert silent == _listed(SILENT)
    assert _listed(UNPROVED) <= set(ACTING)


WRONG: list[tuple[str, Callable[[OpRow | LayerRow], OpRow | LayerRow]]] = [
    ("torch.softmax", lambda row: replace(row, effect=Make(LogProbs(), dim="dim"))),
    ("torch.nn.functional.softmax", lambda row: replace(row, effect=Make(Probs(), dim="dim"))),
    ("torch.nn.Softmax2d", lambda row: replace(row, effect=Make(Probs(2)))),
    ("torch.tanh", lambda row: replace(row, effect=Make(SigmoidProbs()))),
    ("torch.nn.functional.gelu", lambda row: replace(row, effect=Make(NonNegative()))),
    ("torch.exp", lambda row: replace(row, effect=Transfer(((Probs, SAME),)))),
    ("torch.log", lambda row: replace(row, effect=Keep())),
    ("torch.Tensor.long", lambda row: replace(row, effect=Keep(dtype="int32"))),
    ("torch.nn.Linear", lambda row: replace(row, effect=Affine(size="in_features"))),
    ("torch.nn.Conv2d", lambda row: replace(row, effect=Affine(size="out_channels", axis=1, rank=3))),
    ("torch.nn.Embedding", lambda row: replace(row, effect=Affine(size="embedding_dim"))),
    ("torch.permute", lambda row: replace(row, effect=Move(Motion.FLATTEN))),
    ("torch.unbind", lambda row: replace(row, effect=Move(Motion.SPLIT))),
    ("torch.max", lambda row: replace(row, effect=Fold(Reduction.LARGEST))),
    ("torch.mean", lambda row: replace(row, effect=Fold(Reduction.SUM))),
    ("torch.sub", lambda row: replace(row, effect=Operate("+"))),
    ("torch.nn.AvgPool2d", lambda row: replace(row, effect=Transfer(((Probs, SAME),), resized=1))),
]


@pytest.mark.parametrize(("name", "spoil"), WRONG, ids=[name for name, _ in WRONG])
def test_a_wrong_effect_is_caught(name: str, spoil: Callable[[OpRow | LayerRow], OpRow | LayerRow]) -> None:
    row = ACTING[name]
    proofs.prove(name, row)
    with pytest.raises(AssertionError):
        proofs.prove(name, spoil(copy.copy(row)))


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("torch.nn.functional.gumbel_softmax", "logits, hard=False, tau=1, eps=1e-10, dim=-1"),
        ("torch.nn.functional.gumbel_softmax", "logits, tau=1, hard=False, eps=1e-10, dim=1"),
        ("torch.nn.functional.softplus", "input, threshold=20, beta=1"),
        ("torch.nn.Linear", "out_features, in_features, bias=True, device=None, dtype=None"),
        ("torch.transpose", "input, dim1, dim0"),
        ("torch.argmax", "input, dim=-1, keepdim=False"),
        ("torch.nn.CrossEntropyLoss", "weight=None, ignore_index=-100, reduction='mean'"),
    ],
)
def test_wrong_parameters_are_caught(name: str, params: str) -> None:
    with pytest.raises(AssertionError):
        signatures.check_signature(name, proofs.resolve(name), params)


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if isinstance(proofs.resolve(name), type)))
def test_the_name_that_torch_gives_a_class_leads_to_its_row(name: str) -> None:
    thing = proofs.resolve(name)
    own = load().canonical(f"{thing.__module__}.{thing.__qualname__}")
    legacy = name.endswith("Tensor") or name.startswith("torch.jit.")
    assert legacy or load().row(own) is ROWS[name]


@pytest.mark.parametrize(("name", "dtype"), load().dtypes.items())
def test_dtypes(name: str, dtype: str) -> None:
    thing = proofs.resolve(name)
    assert (thing if isinstance(thing, torch.dtype) else thing.dtype) is getattr(torch, dtype)


# Losses: what each wants, as an identity between numbers.

X = 3 * torch.randn(6, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
Y = torch.tensor([0, 1, 2, 3, 0, 2])
SOFT, HARD = X.flip(0).softmax(1), (X.flip(1) > 0).double()
SIGN = 2 * HARD - 1


def _close(left: object, right: object) -> None:
    torch.testing.assert_close(torch.as_tensor(left).double(), torch.as_tensor(right).double())


def _refuses(call: Callable[[], object]) -> None:
    with pytest.raises((RuntimeError, IndexError)):
        call()


def _nll(scores: torch.Tensor) -> torch.Tensor:
    return -scores.gather(1, Y[:, None]).mean()


def _linear_cross_entropy() -> None:
    loss = nn.LinearCrossEntropyLoss(4, 5).double()
    hidden_weight = next(iter(loss.parameters()))
    _close(loss(X, Y), F.cross_entropy(X @ hidden_weight.T, Y))
    _close(F.linear_cross_entropy(X, hidden_weight, Y), F.cross_entropy(X @ hidden_weight.T, Y))


def _ctc() -> None:
    scores = X.log_softmax(1)[None].transpose(1, 2).transpose(1, 2)
    one = torch.ones(6, dtype=torch.long)
    _close(
        F.ctc_loss(scores, (Y % 3 + 1)[:, None], one, one, reduction="sum"),
        -scores[0].gather(1, (Y % 3 + 1)[:, None]).sum(),
    )


def _multi_margin() -> None:
    others = (1 - X.gather(1, Y[:, None]) + X).clamp(min=0).sum(1) - 1
    _close(F.multi_margin_loss(X, Y), (others / 4).mean())


def _multilabel_margin() -> None:
    target = torch.tensor([[3, 0, -1, 1]])
    row = X[:1]
    wanted = sum((1 - (row[0, a] - row[0, b])).clamp(min=0) for a in (3, 0) for b in (1, 2)) / 4
    _close(F.multilabel_margin_loss(row, target), wanted)


def _classes_stand_at_one(function: Callable[..., torch.Tensor]) -> None:
    volume = torch.randn(2, 4, 5, dtype=torch.float64).log_softmax(1)
    assert function(volume, torch.full((2, 5), 3)).dim() == 0
    _refuses(lambda: function(volume, torch.full((2, 5), 4)))


def _zero_where_equal(function: Callable[..., torch.Tensor]) -> None:
    for numbers in (X, SOFT, HARD):
        _close(function(numbers, numbers), 0.0)
        assert function(numbers, numbers + 1) > 0


def _cross_entropy() -> None:
    _close(F.cross_entropy(X, Y), _nll(X.log_softmax(1)))
    _close(F.cross_entropy(X, SOFT), -(SOFT * X.log_softmax(1)).sum(1).mean())
    _classes_stand_at_one(F.cross_entropy)


def _likelihood() -> None:
    _close(F.nll_loss(X.log_softmax(1), Y), _nll(X.log_softmax(1)))
    _close(F.nll_loss(X.log_softmax(1), Y), F.cross_entropy(X, Y))
    _classes_stand_at_one(F.nll_loss)


def _binary() -> None:
    _close(F.binary_cross_entropy(X.sigmoid(), HARD), F.binary_cross_entropy_with_logits(X, HARD))
    _refuses(lambda: F.binary_cross_entropy(X, HARD))
    _refuses(lambda: F.binary_cross_entropy(X.sigmoid(), 2 * HARD))


def _divergence() -> None:
    _close(F.kl_div(SOFT.log(), SOFT, reduction="sum"), 0.0)
    _close(F.kl_div(X.log_softmax(1), SOFT, reduction="none"), SOFT * (SOFT.log() - X.log_softmax(1)))
    _close(F.kl_div(X.log_softmax(1), SOFT.log(), log_target=True), F.kl_div(X.log_softmax(1), SOFT))


IDENTITIES: dict[str, Callable[[], object]] = {
    "CrossEntropyLoss": _cross_entropy,
    "LinearCrossEntropyLoss": _linear_cross_entropy,
    "NLLLoss": _likelihood,
    "NLLLoss2d": lambda: _classes_stand_at_one(nn.NLLLoss2d()),
    "BCELoss": _binary,
    "BCEWithLogitsLoss": lambda: _close(
        F.binary_cross_entropy_with_logits(X, SOFT), -(SOFT * F.logsigmoid(X) + (1 - SOFT) * F.logsigmoid(-X)).mean()
    ),
    "MultiLabelSoftMarginLoss": lambda: _close(
        F.multilabel_soft_margin_loss(X, HARD), F.binary_cross_entropy_with_logits(X, HARD)
    ),
    "KLDivLoss": _divergence,
    "CTCLoss": _ctc,
    "PoissonNLLLoss": lambda: _close(nn.PoissonNLLLoss()(X, HARD), (X.exp() - HARD * X).mean()),
    "poisson_nll_loss": lambda: _close(F.poisson_nll_loss(X, HARD), (X.exp() - HARD * X).mean()),
    "GaussianNLLLoss": lambda: _close(
        F.gaussian_nll_loss(X, HARD, SOFT), (SOFT.log() + (X - HARD) ** 2 / SOFT).mean() / 2
    ),
    "MSELoss": lambda: _zero_where_equal(F.mse_loss),
    "L1Loss": lambda: _zero_where_equal(F.l1_loss),
    "SmoothL1Loss": lambda: _zero_where_equal(F.smooth_l1_loss),
    "HuberLoss": lambda: _zero_where_equal(F.huber_loss),
    "SoftMarginLoss": lambda: _close(F.soft_margin_loss(X, SIGN), (1 + (-SIGN * X).exp()).log().mean()),
    "MultiMarginLoss": _multi_margin,
    "MultiLabelMarginLoss": _multilabel_margin,
    "HingeEmbeddingLoss": lambda: _close(
        F.hinge_embedding_loss(X, SIGN), torch.where(SIGN > 0, X, (1 - X).clamp(min=0)).mean()
    ),
    "CosineEmbeddingLoss": lambda: _close(
        F.cosine_embedding_loss(X, SOFT, torch.ones(6)), (1 - F.cosine_similarity(X, SOFT)).mean()
    ),
    "MarginRankingLoss": lambda: _close(
        F.margin_ranking_loss(X[:, 0], X[:, 1], SIGN[:, 0]), (-SIGN[:, 0] * (X[:, 0] - X[:, 1])).clamp(min=0).mean()
    ),
    "TripletMarginLoss": lambda: _close(F.triplet_margin_loss(X, X, X), 1.0),
    "TripletMarginWithDistanceLoss": lambda: _close(F.triplet_margin_with_distance_loss(X, X, X), 1.0),
}


def _short(row: LossRow) -> str:
    return (row.classes or row.functions)[0].rpartition(".")[2]


NAMED = [row for row in LOSSES if row.reductions]


def test_each_loss_has_an_identity() -> None:
    assert {_short(row) for row in NAMED} == set(IDENTITIES)


@pytest.mark.parametrize("name", IDENTITIES)
def test_loss_wants_what_its_row_says(name: str) -> None:
    IDENTITIES[name]()


@pytest.mark.parametrize("row", [row for row in NAMED if row.classes], ids=_short)
def test_reductions_are_those_of_the_row(row: LossRow) -> None:
    assert len({proofs.resolve(name) for name in row.classes}) == 1
    if row.target is None or "Linear" in row.classes[0] or "CTC" in row.classes[0]:
        return
    for reduction in ("none", "mean", "sum", "batchmean"):
        loss = proofs.resolve(row.classes[0])(reduction=reduction)
        arguments = _arguments(row)
        if reduction in row.reductions:
            loss(*arguments)
        else:
            with pytest.raises(ValueError, match="batchmean is not"):
                loss(*arguments)


def _arguments(row: LossRow) -> list[torch.Tensor]:
    targets = {
        "class indices": Y,
        "class indices or class probabilities": Y,
        "class indices padded with -1": -torch.ones(6, 4).long(),
    }
    target = targets.get(row.wants_target.value, HARD)
    count = row.call.count(",") + 1
    if "Cosine" in row.classes[0]:
        return [X, SOFT, SIGN[:, 0]]
    return [SOFT, target] if count == 2 else [SOFT, HARD, SOFT]


@pytest.mark.parametrize("row", [row for row in NAMED if row.logits_twin], ids=_short)
def test_twin_takes_raw_scores(row: LossRow) -> None:
    twin = proofs.resolve(row.logits_twin or "")()
    loss = proofs.resolve(row.classes[0])()
    target, activated = (Y, X.log_softmax(1)) if row.class_dim else (HARD, X.sigmoid())
    _close(twin(X, target), loss(activated, target))


def test_torch_forms_do_not_reduce() -> None:
    for name in _listed(BY_HAND) & set(LOSS_NAMES) - {"torch.ctc_loss"}:
        ranks = {"torch.cosine_embedding_loss": (X, SOFT, SIGN[:, 0]), "torch.triplet_margin_loss": (X, SOFT, HARD)}
        given = (X[:, 0], X[:, 1], SIGN[:, 0]) if "ranking" in name else ranks.get(name, (X, SOFT))
        assert proofs.resolve(name)(*given).dim() > 0, f"{name} gives a number for each element"
        assert proofs.resolve(name)(*given, reduction=1).dim() == 0
