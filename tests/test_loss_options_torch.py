"""What losses do with their options, under real torch: the numbers and messages that pages of rules claim."""

from __future__ import annotations

import math
import re

import pytest

torch = pytest.importorskip("torch")

from test_rules_torch import claim, gradient  # noqa: E402

F = torch.nn.functional
nn = torch.nn
pytestmark = pytest.mark.torch


def test_weights_of_losses():
    claim("LL404", "cannot assign 'list' object to buffer 'weight' (torch Tensor or None required)")
    claim("LL404", "defined either for all 3 classes", "expected scalar type Float but found Long")
    with pytest.raises(
        TypeError, match=re.escape("cannot assign 'list' object to buffer 'weight' (torch Tensor or None")
    ):
        nn.CrossEntropyLoss(weight=[1.0, 2.0])
    scores, labels = torch.randn(4, 3), torch.tensor([0, 1, 2, 1])
    with pytest.raises(RuntimeError, match="weight tensor should be defined either for all 3 classes or no classes"):
        F.cross_entropy(scores, labels, weight=torch.ones(2))
    with pytest.raises(RuntimeError, match="expected scalar type Float but found Long"):
        F.cross_entropy(scores, labels, weight=torch.tensor([1, 2, 3]))
    for function in (F.cross_entropy, F.nll_loss):
        for other in (torch.ones(3, dtype=torch.double), torch.ones(3).bool()):
            with pytest.raises(RuntimeError):
                function(scores, labels, weight=other)
    assert F.cross_entropy(scores, scores.softmax(1), weight=torch.tensor([1, 2, 3])).isfinite()


@pytest.mark.parametrize("option", ["weight", "pos_weight"])
def test_weights_of_binary_losses_lie_along_the_last_axis(option):
    def loss(scores, weights):
        return F.binary_cross_entropy_with_logits(
            scores, torch.ones_like(scores), reduction="none", **{option: weights}
        )

    for scores in (torch.randn(4, 1), torch.randn(4), torch.randn(2, 3, 5, 7)):
        with pytest.raises(RuntimeError):
            loss(scores, torch.ones(3))
    columns = torch.tensor([1.0, 2.0, 3.0])
    scores = torch.zeros(2, 3, 3, 3)
    assert torch.equal(loss(scores, columns)[0, 0, 0], math.log(2) * columns)
    assert torch.equal(loss(scores, columns.view(3, 1, 1))[0, :, 0, 0], math.log(2) * columns)


def test_labels_that_cannot_be_ignored():
    claim(
        "LL405",
        "ignore_index is not supported for floating point target",
        "argument 'ignore_index' (position 5) must be int",
    )
    scores, labels = torch.randn(4, 3), torch.tensor([1, 2, 1, 2])
    with pytest.raises(RuntimeError, match="ignore_index is not supported for floating point target"):
        F.cross_entropy(scores, scores.softmax(1), ignore_index=0)
    assert F.cross_entropy(scores, scores.softmax(1), ignore_index=-1).isfinite()
    for stray in (None, 255.0, [0, 1], True):
        with pytest.raises(TypeError, match=re.escape("argument 'ignore_index' (position 5) must be int")):
            F.cross_entropy(scores, labels, ignore_index=stray)
    always = torch.tensor([-1e4, 1e4]).expand(6, 2)
    assert F.cross_entropy(always, torch.randint(2, (6,)) | torch.tensor([1, 0, 0, 0, 0, 0]), ignore_index=0) == 0


def test_losses_in_torch_itself():
    claim("LL406", "grad can be implicitly created only for scalar outputs")
    claim("LL406", "kl_div(): argument 'reduction' must be int, not str")
    scores, target = torch.randn(4, 3).log_softmax(1).requires_grad_(), torch.rand(4, 3)
    with pytest.raises(TypeError, match=re.escape("kl_div(): argument 'reduction' must be int, not str")):
        torch.kl_div(scores, target, reduction="mean")
    for name in ("kl_div", "binary_cross_entropy_with_logits", "hinge_embedding_loss"):
        inner, outer = getattr(torch, name), getattr(F, name)
        for number, text in enumerate(("none", "mean", "sum")):
            assert torch.equal(inner(scores, target, reduction=number), outer(scores, target, reduction=text))
        assert torch.equal(inner(scores, target), inner(scores, target, reduction=0))
        with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar outputs"):
            inner(scores, target).backward()


def both(loss, other, scores, near=1e-6):
    """Assert that two losses of scores, and their gradients, are the same."""
    assert torch.allclose(loss(scores), other(scores), atol=near)
    assert torch.allclose(gradient(loss, scores), gradient(other, scores), atol=near)


def test_cross_entropy_written_out():
    claim("LL311", "5e-7", "C times smaller")
    torch.manual_seed(0)
    scores, labels = torch.randn(64, 10), torch.randint(10, (64,))
    hot, row = F.one_hot(labels, 10), torch.arange(64)
    forms = (
        lambda given: -given.log_softmax(1).gather(1, labels[:, None]).mean(),
        lambda given: -given.log_softmax(1)[row, labels].mean(),
        lambda given: -(hot * given.log_softmax(1)).sum(1).mean(),
        lambda given: (-hot * given.log_softmax(1)).mean(0).sum(),
    )
    for form in forms:
        both(form, lambda given: F.cross_entropy(given, labels), scores, 5e-7)
    assert torch.allclose(10 * -(hot * scores.log_softmax(1)).mean(), F.cross_entropy(scores, labels))


@pytest.mark.parametrize("size", [0.0, 0.1, 0.5, 1.0])
def test_label_smoothing_written_out(size):
    claim("LL313", "1e-6")
    torch.manual_seed(0)
    scores, labels = torch.randn(64, 10), torch.randint(10, (64,))
    rows = F.one_hot(labels, 10) * (1 - size) + size / 10

    def by_parts(given):
        log_probs = given.log_softmax(1)
        return ((1 - size) * -log_probs[range(64), labels] + size * -log_probs.mean(1)).mean()

    for form in (by_parts, lambda given: -(rows * given.log_softmax(1)).sum(1).mean()):
        both(form, lambda given: F.cross_entropy(given, labels, label_smoothing=size), scores)
    weight = torch.rand(10) + 0.1
    weighed = (weight[labels] * -scores.log_softmax(1)[range(64), labels]).sum() / weight[labels].sum()
    half = 0.9 * weighed - 0.1 * scores.log_softmax(1).mean()
    assert not torch.allclose(half, F.cross_entropy(scores, labels, weight, label_smoothing=0.1), atol=1e-3)


def test_functions_of_exponentials_written_out():
    claim("LL312", "The exponential of 89 is infinite in float32", "1e-6")
    assert torch.exp(torch.tensor(89.0)) == math.inf
    assert torch.exp(torch.tensor(88.0)).isfinite()
    pairs = (
        (lambda given: given.exp() / given.exp().sum(1, keepdim=True), lambda given: given.softmax(1)),
        (lambda given: given.exp().sum(1).log(), lambda given: given.logsumexp(1)),
        (lambda given: torch.log(1 + given.exp()), F.softplus),
        (lambda given: given.exp().log1p(), F.softplus),
    )
    small, large = torch.randn(20, 4), torch.tensor([[100.0, 0.0]])
    for written, function in pairs:
        assert torch.allclose(written(small), function(small), atol=1e-6)
        assert not written(large).isfinite().all()
        assert function(large).isfinite().all()
        assert gradient(lambda given, f=written: f(given).sum(), large).isnan().any()
    for stable, function in (
        (lambda given: 1 / (1 + torch.exp(-given)), torch.sigmoid),
        (lambda given: given - given.logsumexp(1, keepdim=True), lambda given: given.log_softmax(1)),
    ):
        assert torch.allclose(stable(small), function(small), atol=1e-6)
        assert torch.allclose(stable(large), function(large), atol=1e-6)
