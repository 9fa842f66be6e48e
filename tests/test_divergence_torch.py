"""What the pages of rules on divergences, densities and distributions claim, under real torch."""

from __future__ import annotations

import pytest
from test_rules_torch import claim

torch = pytest.importorskip("torch")
F = torch.nn.functional
nn = torch.nn
pytestmark = pytest.mark.torch


def test_divergence_of_probabilities():
    torch.manual_seed(0)
    log_q, log_p = F.log_softmax(3 * torch.randn(2, 50, 6, dtype=torch.double), dim=2)
    q, p = log_q.exp(), log_p.exp()
    right = F.kl_div(log_q, p, reduction="batchmean")
    assert right > 0
    assert F.kl_div(log_q, q, reduction="batchmean").item() == pytest.approx(0)
    assert F.kl_div(q, q, reduction="batchmean") < 0
    assert F.kl_div(1e3 * p, p, reduction="batchmean") < -100
    claim("LL132", "NaN")
    assert F.kl_div(log_q, log_p, reduction="batchmean").isnan()
    assert torch.allclose(F.kl_div(log_q, log_p, reduction="batchmean", log_target=True), right)
    assert (F.kl_div(log_q, p, reduction="batchmean", log_target=True) - right).abs() > 1
    claim("LL134", "NaN")
    assert F.kl_div(q, log_p, reduction="batchmean").isnan()
    claim("LL133", "factor C", "batchmean divides by the batch alone")
    with pytest.warns(UserWarning, match="'mean' divides the total loss"):
        assert torch.allclose(6 * F.kl_div(log_q, p), right)
    assert torch.allclose(F.kl_div(log_q[None], p[None], reduction="batchmean"), 50 * right)


def test_ctc_of_numbers_that_are_no_logarithms():
    torch.manual_seed(0)
    scores, texts = 3 * torch.randn(9, 2, 5), torch.randint(1, 5, (2, 3))
    sizes = torch.full((2,), 9), torch.full((2,), 3)
    assert F.ctc_loss(scores.log_softmax(-1), texts, *sizes) > 0
    assert F.ctc_loss(scores.softmax(-1), texts, *sizes) < 0
    assert F.ctc_loss(scores.abs(), texts, *sizes) < 0


def test_poisson_input():
    claim("LL142", "NaN")
    counts, scores = torch.tensor([0.0, 3.0]), torch.tensor([-1.0, 1.0])
    right = F.poisson_nll_loss(scores, counts)
    assert torch.allclose(F.poisson_nll_loss(scores.exp(), counts, log_input=False), right)
    assert F.poisson_nll_loss(scores.exp(), counts) > right + 1
    assert F.poisson_nll_loss(scores, counts, log_input=False).isnan()


def test_negative_variance():
    message = "var has negative entry/entries"
    claim("LL143", f"ValueError: {message}")
    mean, wanted = torch.zeros(2), torch.ones(2)
    with pytest.raises(ValueError, match=message):
        F.gaussian_nll_loss(mean, wanted, torch.tensor([0.5, -0.1]))
    assert F.gaussian_nll_loss(mean, wanted, torch.tensor([0.5, 0.1])).isfinite()
    assert (F.elu(torch.linspace(-50, 50, 101)) + 1 >= 0).all()
    assert (F.celu(torch.linspace(-50, 50, 101)) + 1 >= 0).all()


def test_distributions_given_something_else():
    claim("LL151", "[0.1, 0.9] becomes [0.9562, 0.0438]", "[0.1, 0.9] becomes [0.31, 0.69]", "ValueError")
    probs = torch.tensor([0.1, 0.9])
    distributions = torch.distributions
    for name in ("Categorical", "OneHotCategorical"):
        made = getattr(distributions, name)
        assert torch.allclose(made(probs.log()).probs, torch.tensor([0.9562, 0.0438]), atol=5e-5)
        assert torch.allclose(made(logits=probs).probs, torch.tensor([0.31, 0.69]), atol=5e-3)
        assert torch.allclose(made(logits=probs.log()).probs, probs)
        for scores in (torch.tensor([-1.0, 2.0]), torch.tensor([0.5, -0.25])):
            with pytest.raises(ValueError, match=r"to satisfy the constraint Simplex\(\)"):
                made(scores)
        assert torch.allclose(made(torch.tensor([1.0, 3.0])).probs, torch.tensor([0.25, 0.75]))
    for scores in (torch.tensor([-1.0]), torch.tensor([2.0]), probs.log()):
        with pytest.raises(ValueError, match="constraint Interval"):
            distributions.Bernoulli(scores)
    assert torch.allclose(distributions.Bernoulli(logits=probs).probs, torch.sigmoid(probs))
    with pytest.raises(RuntimeError, match="element < 0"):
        torch.multinomial(torch.tensor([-1.0, 2.0]), 1)
