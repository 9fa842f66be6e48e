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
