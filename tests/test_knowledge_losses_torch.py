"""What each loss wants, as identities between numbers, and how its forms reduce."""

from __future__ import annotations

from collections.abc import Callable

import pytest

torch = pytest.importorskip("torch")

from knowledge_samples import resolve  # noqa: E402
from torch import nn  # noqa: E402

from losslint.knowledge.losses import INTEGER_REDUCTIONS, LOSSES  # noqa: E402
from losslint.knowledge.schema import LossRow  # noqa: E402

F = nn.functional
pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

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
    assert len({resolve(name) for name in row.classes}) == 1
    if row.target is None or "Linear" in row.classes[0] or "CTC" in row.classes[0]:
        return
    for reduction in ("none", "mean", "sum", "batchmean"):
        loss = resolve(row.classes[0])(reduction=reduction)
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
    twin = resolve(row.logits_twin or "")()
    loss = resolve(row.classes[0])()
    target, activated = (Y, X.log_softmax(1)) if row.class_dim else (HARD, X.sigmoid())
    _close(twin(X, target), loss(activated, target))


def test_torch_forms_do_not_reduce() -> None:
    unreduced = {name for row in INTEGER_REDUCTIONS for name in row.functions}
    for name in unreduced - {"torch.ctc_loss", "torch.poisson_nll_loss"}:
        ranks = {"torch.cosine_embedding_loss": (X, SOFT, SIGN[:, 0]), "torch.triplet_margin_loss": (X, SOFT, HARD)}
        given = (X[:, 0], X[:, 1], SIGN[:, 0]) if "ranking" in name else ranks.get(name, (X, SOFT))
        assert resolve(name)(*given).dim() > 0, f"{name} gives a number for each element"
        assert resolve(name)(*given, reduction=1).dim() == 0
