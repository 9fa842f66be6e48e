"""The fixtures of rules under real torch, and every number that pages and notes claim."""

from __future__ import annotations

import math
import re
import runpy
import warnings

import pytest
from test_fixtures import FIXTURES

from losslint.knowledge.types import SPOKEN
from losslint.rules._registry import by_code_or_name
from losslint.rules._rule import softmax_floor, tanh_floor

torch = pytest.importorskip("torch")
F = torch.nn.functional
nn = torch.nn
pytestmark = pytest.mark.torch

PROGRAMS = sorted((FIXTURES / "rules").rglob("*.py"))
LARGE = 1e4


def claim(name: str, *numbers: str) -> None:
    """Assert that a page holds the numbers that a test is about to prove."""
    page = by_code_or_name(name).page
    missing = [number for number in numbers if number not in page]
    assert not missing


def best(classes: int, squeeze) -> float:
    """The cross entropy of a perfect and very sure model whose scores go through `squeeze`."""
    scores = torch.full((classes, classes), -LARGE, dtype=torch.double).fill_diagonal_(LARGE)
    return F.cross_entropy(squeeze(scores), torch.arange(classes)).item()


def gradient(loss, scores):
    scores = scores.clone().requires_grad_()
    (found,) = torch.autograd.grad(loss(scores), scores)
    return found


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_program_runs(program, capsys):
    stated = re.match(r"# raises: (\w+): (.+)", program.read_text(encoding="utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if stated is None:
            runpy.run_path(str(program), run_name="__main__")
        else:
            with pytest.raises(Exception, match=re.escape(stated[2])) as caught:
                runpy.run_path(str(program), run_name="__main__")
            assert type(caught.value).__name__ == stated[1]


@pytest.mark.parametrize("classes", [2, 3, 10, 100, 1000])
def test_floor_of_numbers_in_the_unit_interval(classes):
    softmax, floor = lambda scores: F.softmax(scores, dim=1), softmax_floor(classes)
    assert best(classes, softmax) == pytest.approx(floor, abs=1e-9)
    assert best(classes, torch.sigmoid) == pytest.approx(floor, abs=1e-9)
    torch.manual_seed(0)
    for scale in (0.1, 1.0, 30.0):
        scores, labels = scale * torch.randn(500, classes), torch.randint(classes, (500,))
        for smoothing in (0.0, 0.3):
            losses = F.cross_entropy(softmax(scores), labels, reduction="none", label_smoothing=smoothing)
            assert losses.min() >= floor - 1e-5
            assert losses.max() <= floor + 1 + 1e-5
        assert F.cross_entropy(softmax(scores), labels, weight=torch.rand(classes) + 0.1) >= floor - 1e-5


def test_floors_on_the_pages():
    claim("LL101", *(f"{softmax_floor(classes):.4f}" for classes in (3, 10, 100)))
    claim("LL103", *(f"{softmax_floor(classes):.4f}" for classes in (2, 10)))
    claim("LL104", f"{tanh_floor(10):.4f}")
    assert best(10, torch.tanh) == pytest.approx(tanh_floor(10), abs=1e-9)
    assert best(7, torch.tanh) == pytest.approx(tanh_floor(7), abs=1e-9)


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
def test_gradient_at_a_uniform_output(classes):
    scores, label = torch.zeros(1, classes, dtype=torch.double), torch.tensor([0])
    right = gradient(lambda given: F.cross_entropy(given, label), scores)
    wrong = gradient(lambda given: F.cross_entropy(F.softmax(given, dim=1), label), scores)
    assert torch.allclose(wrong * classes, right)


def test_log_softmax_twice_is_log_softmax():
    torch.manual_seed(0)
    scores, labels = 8 * torch.randn(200, 10), torch.randint(10, (200,))
    for options in ({}, {"label_smoothing": 0.1}, {"reduction": "sum"}, {"weight": torch.rand(10)}):

        def once(given, options=options):
            return F.cross_entropy(given, labels, **options)

        def twice(given, once=once):
            return once(F.log_softmax(given, dim=1))

        assert torch.allclose(once(scores), twice(scores), rtol=1e-6)
        assert torch.allclose(gradient(once, scores), gradient(twice, scores), atol=1e-6)
    with pytest.raises(TypeError, match="label_smoothing"):
        nn.NLLLoss(label_smoothing=0.1)
    with pytest.raises(RuntimeError, match="multi-target not supported"):
        F.nll_loss(scores, F.softmax(scores, dim=1))


def test_relu_stops_gradients():
    scores = torch.tensor([[-1.0, 2.0, 0.5]])
    assert gradient(lambda given: F.cross_entropy(F.relu(given), torch.tensor([0])), scores)[0, 0] == 0


def test_one_class():
    claim("LL105", "IndexError: Target 1 is out of bounds.")
    scores, zeros = torch.randn(4, 1), torch.zeros(4, dtype=torch.long)
    assert F.cross_entropy(scores, zeros) == 0
    assert not gradient(lambda given: F.cross_entropy(given, zeros), scores).any()
    assert F.cross_entropy(scores, torch.ones(4, 1)) == 0
    with pytest.raises(IndexError, match=re.escape("Target 1 is out of bounds.")):
        F.cross_entropy(scores, zeros + 1)


def test_negative_log_likelihood_of_probabilities():
    claim("LL111", "[-1, 0]")
    torch.manual_seed(0)
    scores, labels = 5 * torch.randn(300, 6), torch.randint(6, (300,))
    for probs in (F.softmax(scores, dim=1), torch.sigmoid(scores)):
        for weight in (None, torch.rand(6) + 0.1):
            assert -1 <= F.nll_loss(probs, labels, weight=weight) <= 0
        assert F.nll_loss(probs, labels, reduction="none").max() <= 0
    wrong = torch.tensor([[20.0, 0.0]])
    assert gradient(lambda given: F.nll_loss(F.softmax(given, dim=1), torch.tensor([1])), wrong).abs().max() < 1e-6
    assert F.nll_loss(F.logsigmoid(torch.full((1, 6), LARGE)), torch.tensor([3])) == 0


def test_negative_log_likelihood_of_scores_has_no_floor():
    assert F.nll_loss(torch.full((1, 3), LARGE), torch.tensor([0])) == -LARGE
    scores, labels = torch.randn(50, 5), torch.randint(5, (50,))
    assert torch.allclose(F.nll_loss(F.log_softmax(scores, 1), labels), F.cross_entropy(scores, labels))


def test_binary_cross_entropy_outside_its_interval():
    claim("LL121", "all elements of input should be between 0 and 1")
    for stray in (1.5, -0.2):
        with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
            F.binary_cross_entropy(torch.tensor([stray, 0.5]), torch.ones(2))
    assert F.binary_cross_entropy(torch.tensor([0.2, 0.7]), torch.ones(2)).isfinite()


def test_sigmoid_twice():
    claim("LL122", "0.3133, 0.6931", "0.6931, 1.3133", "0.7311", "0.156 instead of 0.5")
    scores = torch.linspace(-200, 200, 401, dtype=torch.double)

    def loss(given, target):
        return F.binary_cross_entropy_with_logits(given, torch.full_like(given, target), reduction="none")

    for target, low, high in ((1.0, 0.3133, 0.6931), (0.0, 0.6931, 1.3133)):
        losses = loss(torch.sigmoid(scores), target)
        assert losses.min().item() == pytest.approx(low, abs=5e-5)
        assert losses.max().item() == pytest.approx(high, abs=5e-5)
    assert torch.sigmoid(torch.sigmoid(scores)).max().item() == pytest.approx(0.7311, abs=5e-5)
    assert torch.sigmoid(torch.sigmoid(scores)).min().item() == pytest.approx(0.5)
    zero = torch.zeros(1)
    assert gradient(lambda z: loss(z, 0.0).sum(), zero).item() == pytest.approx(0.5)
    assert gradient(lambda z: loss(torch.sigmoid(z), 0.0).sum(), zero).item() == pytest.approx(0.156, abs=5e-4)
    pair = torch.rand(50, 4), torch.randint(2, (50, 4)).float()
    assert 0.3133 <= F.multilabel_soft_margin_loss(*pair) <= 1.3133
    with pytest.raises(TypeError, match="pos_weight"):
        nn.BCELoss(pos_weight=torch.ones(1))


def test_softmax_before_sigmoid():
    claim("LL123", "[0.5, 0.7311]", "0.5")
    log_probs = F.log_softmax(10 * torch.randn(500, 5), dim=1)
    assert torch.sigmoid(log_probs).max() <= 0.5
    probs, targets = log_probs.exp(), torch.randint(2, (500, 5)).float()
    assert 0.3133 <= F.binary_cross_entropy_with_logits(probs, targets) <= 1.3133


def test_saturated_sigmoid():
    claim("LL124", "17", "100")
    score, target = torch.tensor([17.0]), torch.zeros(1)
    assert torch.sigmoid(score) == 1

    def exact(given):
        return F.binary_cross_entropy_with_logits(given, target)

    def plain(given):
        return F.binary_cross_entropy(torch.sigmoid(given), target)

    assert plain(score) == 100
    assert gradient(plain, score) == 0
    assert exact(score).item() == pytest.approx(17)
    assert gradient(exact, score).item() == pytest.approx(1)


def test_labels_out_of_bounds():
    claim("LL201", "IndexError: Target 3 is out of bounds.", "255")
    claim("LL202", "IndexError: Target 12 is out of bounds.", "-100", "-1")
    with pytest.raises(IndexError, match=re.escape("Target 3 is out of bounds.")):
        F.cross_entropy(torch.randn(3, 3), torch.arange(1, 4))
    with pytest.raises(IndexError, match=re.escape("Target 12 is out of bounds.")):
        F.cross_entropy(torch.randn(1, 10), torch.tensor([12]))
    with pytest.raises(IndexError, match=re.escape("Target -1 is out of bounds.")):
        F.cross_entropy(torch.randn(1, 10), torch.tensor([-1]))
    kept = F.cross_entropy(torch.ones(2, 10), torch.tensor([-100, 3]))
    assert kept.item() == pytest.approx(math.log(10))
    assert F.cross_entropy(torch.ones(2, 10), torch.tensor([-1, 3]), ignore_index=-1) == kept
    assert (torch.zeros(1, dtype=torch.uint8) - 1).item() == 255


@pytest.mark.parametrize("function", [F.softmax, F.softmin, F.log_softmax])
@pytest.mark.parametrize("rank", [0, 1, 2, 3, 4])
def test_axis_that_torch_picks(function, rank):
    given = torch.randn(tuple(range(2, 2 + rank)))
    axis = 0 if rank in {0, 1, 3} else 1
    with pytest.warns(UserWarning, match="Implicit dimension choice"):
        assert torch.equal(function(given), function(given, dim=axis))


def test_log_of_softmax():
    claim("LL303", "200, 0, 0")
    scores = torch.tensor([[200.0, 0.0, 0.0]])

    def two(given):
        return -torch.log(F.softmax(given, dim=1))[0, 1]

    def one(given):
        return -F.log_softmax(given, dim=1)[0, 1]

    assert two(scores) == math.inf
    assert gradient(two, scores).isnan().all()
    assert one(scores) == 200
    assert gradient(one, scores).isfinite().all()


def test_log_of_sigmoid():
    claim("LL304", "-89", "17")
    low, high = torch.tensor(-89.0), torch.tensor(17.0)
    assert torch.log(torch.sigmoid(low)) == -math.inf
    assert gradient(lambda z: torch.log(torch.sigmoid(z)), low).isnan()
    assert F.logsigmoid(low) == -89
    assert torch.log(1 - torch.sigmoid(high)) == -math.inf
    assert F.logsigmoid(-high).item() == pytest.approx(-17)


def test_activations_of_activations():
    claim("LL305", "[0.0853, 0.2320]", "[0.5, 0.7311]")
    probs = F.softmax(torch.tensor([[LARGE, *[0.0] * 9]]), dim=1)
    again = F.softmax(probs, dim=1)
    assert again.min().item() == pytest.approx(0.0853, abs=5e-5)
    assert again.max().item() == pytest.approx(0.2320, abs=5e-5)
    log_probs = F.log_softmax(torch.randn(5, 10), dim=1)
    assert torch.allclose(F.softmax(log_probs, dim=1), log_probs.exp())
    assert torch.allclose(F.log_softmax(log_probs, dim=1), log_probs)


def test_constructor_called_with_tensors():
    claim("LL401", "Boolean value of")
    for loss in (nn.CrossEntropyLoss, nn.MSELoss, nn.BCELoss, nn.NLLLoss, nn.BCEWithLogitsLoss):
        with pytest.raises(RuntimeError, match="Boolean value of Tensor with more than one value is ambiguous"):
            loss(torch.randn(4, 3), torch.randint(3, (4,)))


@pytest.mark.filterwarnings("ignore")
def test_options_by_position():
    claim("LL402", '`nn.MSELoss("sum").reduction` is `"mean"`', "of 1.0")
    for loss in (nn.MSELoss("sum"), nn.L1Loss("none"), nn.KLDivLoss("batchmean"), nn.SmoothL1Loss("sum")):
        assert loss.reduction == "mean"
    assert nn.SmoothL1Loss(0.5).beta == 1.0
    with pytest.raises(TypeError, match="cannot assign 'str' object to buffer 'weight'"):
        nn.CrossEntropyLoss("sum")
    with pytest.raises(ValueError, match=re.escape("0.5 is not a valid value for reduction")):
        nn.HuberLoss(0.5)(torch.ones(1), torch.ones(1))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("average", [None, True, False])
@pytest.mark.parametrize("reduce", [None, True, False])
def test_flags_of_old(average, reduce):
    expected = "none" if reduce is False else "sum" if average is False else "mean"
    assert nn.MSELoss(size_average=average, reduce=reduce).reduction == expected
    overruled = expected if (average, reduce) != (None, None) else "sum"
    assert nn.MSELoss(size_average=average, reduce=reduce, reduction="sum").reduction == overruled


def test_softmax_and_argmax_of_one_score():
    claim("LL306", "1.0", "0.0")
    scores = 5 * torch.randn(30, 1)
    assert (F.softmax(scores, dim=1) == 1).all()
    assert not F.log_softmax(scores, dim=-1).any()
    assert not gradient(lambda given: F.softmax(given, dim=1).sum(), scores).any()
    assert F.softmax(torch.randn(2, 1, 4, 4), dim=1).eq(1).all()
    assert torch.allclose(
        torch.sigmoid(scores), F.softmax(torch.cat([torch.zeros_like(scores), scores], 1), dim=1)[:, 1:]
    )
    claim("LL307", "is 0 for every row")
    for picked in (scores.argmax(dim=1), scores.argmax(dim=-1, keepdim=True), torch.max(scores, 1)[1]):
        assert not picked.any()
    compared = (scores > 0).long()
    assert compared.any()
    assert compared.squeeze(1).shape == scores.argmax(dim=1).shape
    assert compared.shape == scores.argmax(dim=1, keepdim=True).shape
    assert torch.equal(compared, (torch.sigmoid(scores) > 0.5).long())


def test_thresholds_of_another_scale():
    claim("LL308", "score of 0.5 is a probability of 0.62")
    assert f"{torch.sigmoid(torch.tensor(0.5)).item():.2f}" == "0.62"
    scores = torch.linspace(-50, 50, 201)
    assert torch.equal(torch.sigmoid(scores) > 0.5, scores > 0)
    assert (torch.sigmoid(scores) > 0).all()
    assert not (F.log_softmax(5 * torch.randn(50, 4), dim=1) > 0).any()
    assert not (F.logsigmoid(scores) > 0).any()


@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss])
def test_types_of_class_indices(loss):
    claim("LL203", "RuntimeError: expected target dtype to be Long or Byte, but got Float")
    claim("LL203", "RuntimeError: expected scalar type Long but found Float")
    scores, labels = torch.randn(4, 3), torch.tensor([0, 1, 2, 0])
    assert loss(scores, labels.byte()) == loss(scores, labels)
    for dtype in (torch.float32, torch.int32, torch.int16, torch.int8, torch.bool, torch.float64, torch.float16):
        spoken = SPOKEN[str(dtype).removeprefix("torch.")]
        with pytest.raises(RuntimeError, match=f"expected target dtype to be Long or Byte, but got {spoken}"):
            loss(scores, labels.to(dtype))
    with pytest.raises(RuntimeError, match="expected scalar type Long but found Byte"):
        F.multi_margin_loss(scores, labels.byte())
    with pytest.raises(RuntimeError, match="expected scalar type Long but found Float"):
        F.multi_margin_loss(scores, labels.float())
    for sizes in ((2, 5), (2, 5, 6)):
        with pytest.raises(RuntimeError, match="expected scalar type Long but found Byte"):
            loss(torch.randn(sizes[0], 3, *sizes[1:]), torch.zeros(sizes, dtype=torch.uint8))


def test_types_of_binary_targets():
    claim("LL204", "RuntimeError: Found dtype Long but expected Float")
    claim("LL204", "RuntimeError: result type Float can't be cast to the desired output type Long")
    claim("LL204", "subtraction with two bool tensors", "RuntimeError: kl_div: Integral inputs not supported.")
    scores, targets = torch.randn(4, 1), torch.ones(4, 1)
    for dtype in (torch.int64, torch.bool, torch.uint8, torch.float64):
        spoken = SPOKEN[str(dtype).removeprefix("torch.")]
        with pytest.raises(RuntimeError, match=f"Found dtype {spoken} but expected Float"):
            F.binary_cross_entropy(scores.sigmoid(), targets.to(dtype))
    with pytest.raises(RuntimeError, match="Found dtype Float but expected Double"):
        F.binary_cross_entropy(scores.double().sigmoid(), targets)
    for dtype in (torch.int64, torch.uint8):
        with pytest.raises(RuntimeError, match="result type Float can't be cast to the desired output type"):
            F.binary_cross_entropy_with_logits(scores, targets.to(dtype))
    with pytest.raises(RuntimeError, match="Subtraction, the `-` operator, with two bool tensors is not supported"):
        F.binary_cross_entropy_with_logits(scores, targets.bool())
    for dtype in (torch.float64, torch.float16):
        assert F.binary_cross_entropy_with_logits(scores, targets.to(dtype)).isfinite()
    with pytest.raises(RuntimeError, match="kl_div: Integral inputs not supported"):
        F.kl_div(scores, targets.long(), reduction="batchmean")


def test_targets_in_a_column():
    multi, spatial = "0D or 1D target tensor expected, multi-target not supported", "only batches of spatial targets"
    claim(
        "LL205",
        f"RuntimeError: {multi}",
        f"RuntimeError: {spatial} supported (3D tensors) but got targets of dimension: 4",
    )
    scores, pixels = torch.randn(4, 3), torch.randn(2, 3, 5, 6)
    for loss in (F.cross_entropy, F.nll_loss):
        with pytest.raises(RuntimeError, match=multi):
            loss(scores, torch.zeros(4, 1, dtype=torch.long))
        with pytest.raises(RuntimeError, match=spatial):
            loss(pixels, torch.zeros(2, 1, 5, 6, dtype=torch.long))
        with pytest.raises(RuntimeError, match="Expected target size"):
            loss(torch.randn(2, 3, 5), torch.zeros(2, 1, 5, dtype=torch.long))
    with pytest.raises(RuntimeError, match="multi_margin_loss: target tensor should be 1-D"):
        F.multi_margin_loss(scores, torch.zeros(4, 1, dtype=torch.long))


def test_outputs_beside_targets_of_another_shape():
    claim("LL206", "UserWarning: Using a target size", "`[N, N]`")
    column, row = torch.rand(4, 1), torch.rand(4)
    for loss in (F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss):
        with pytest.warns(UserWarning, match="Using a target size"):
            assert loss(column, row, reduction="none").shape == (4, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for loss in (F.poisson_nll_loss, F.hinge_embedding_loss, F.kl_div):
            assert loss(column, row, reduction="none").shape == (4, 4)
        assert F.gaussian_nll_loss(column, row, torch.ones(4, 1), reduction="none").shape == (4, 4)
        mixed = F.multilabel_soft_margin_loss(column, row, reduction="none")
        assert not torch.allclose(mixed, F.multilabel_soft_margin_loss(column, row[:, None], reduction="none"))
    for loss in (F.binary_cross_entropy, F.binary_cross_entropy_with_logits):
        with pytest.raises(ValueError, match=re.escape("arget size (torch.Size([4]))")):
            loss(column, row)
    with pytest.raises(RuntimeError, match="doesn't match the broadcast shape"):
        F.soft_margin_loss(column, row)


@pytest.mark.filterwarnings("ignore")
def test_best_output_beside_a_row_is_the_mean():
    targets, outputs = torch.tensor([1.0, 2.0, 6.0]), torch.full((3, 1), 3.0)
    assert not gradient(lambda given: F.mse_loss(given, targets), outputs).any()


def test_one_hot_targets():
    probs, multi = (
        "Expected floating point type for target with class probabilities, got Long",
        "multi-target not supported",
    )
    claim("LL207", f"RuntimeError: {probs}", multi)
    scores, labels = torch.randn(4, 3), torch.tensor([0, 1, 1, 0])
    rows = F.one_hot(labels, 3)
    with pytest.raises(RuntimeError, match=probs):
        F.cross_entropy(scores, rows)
    for refused in (rows, rows.float()):
        with pytest.raises(RuntimeError, match=multi):
            F.nll_loss(scores, refused)
    assert F.one_hot(labels).shape == (4, 2)
    assert torch.allclose(F.cross_entropy(scores, rows.float()), F.cross_entropy(scores, labels))
    with pytest.raises(RuntimeError, match="ignore_index is not supported for floating point target"):
        F.cross_entropy(scores, rows.float(), ignore_index=1)
    scores[:, 2] = -math.inf
    assert F.cross_entropy(scores, rows.float()).isnan()
    assert F.cross_entropy(scores, labels).isfinite()


def test_sides_of_zero():
    claim("LL208", "0.6931")
    scores, others, zeros = torch.randn(5, 4), torch.randn(5, 4), torch.zeros(5)
    assert not F.cosine_embedding_loss(scores, others, zeros, reduction="none").any()
    ranked = F.margin_ranking_loss(scores[:, 0], others[:, 0], zeros, margin=0.5, reduction="none")
    assert torch.equal(ranked, torch.full((5,), 0.5))
    assert F.soft_margin_loss(scores[:, 0], zeros).item() == pytest.approx(0.6931, abs=5e-5)
    assert not gradient(lambda given: F.soft_margin_loss(given, zeros), scores[:, 0]).any()
    assert (F.hinge_embedding_loss(5 * scores[:, 0], zeros, margin=2.0, reduction="none") >= 2).all()
    rows = torch.eye(4, dtype=torch.long)[:, None]
    assert len({F.multilabel_margin_loss(scores[:1], row).item() for row in rows}) == 1


def test_last_batch_of_one_row():
    claim("LL209", "ValueError: Target size (torch.Size([1])) must be the same as input size (torch.Size([]))")
    squeezed = torch.rand(1, 1).squeeze()
    with pytest.raises(
        ValueError, match=re.escape("Target size (torch.Size([1])) must be the same as input size (torch.Size([]))")
    ):
        F.binary_cross_entropy_with_logits(squeezed, torch.ones(1))
    with pytest.raises(ValueError, match="Using a target size"):
        F.binary_cross_entropy(squeezed, torch.ones(1))
    with pytest.raises(RuntimeError, match="doesn't match the broadcast shape"):
        F.soft_margin_loss(squeezed, torch.ones(1))
    assert F.cross_entropy(torch.rand(1, 3).squeeze(), torch.ones(1, dtype=torch.long)).isfinite()


def test_classes_on_the_last_axis():
    claim("LL210", "RuntimeError: Expected target size [2, 3], got [2, 5]")
    scores, labels = torch.randn(2, 5, 3), torch.randint(3, (2, 5))
    for loss in (F.cross_entropy, F.nll_loss):
        with pytest.raises(RuntimeError, match=re.escape("Expected target size [2, 3], got [2, 5]")):
            loss(scores, labels)
        with pytest.raises(RuntimeError, match="size mismatch"):
            loss(torch.randn(2, 5, 6, 3), torch.randint(3, (2, 5, 6)))
    assert F.cross_entropy(scores[:, :3], labels[:, :3]).isfinite()
    flat = F.cross_entropy(scores.flatten(0, 1), labels.flatten())
    assert torch.allclose(F.cross_entropy(scores.transpose(1, 2), labels), flat)


def test_softmax_over_the_batch():
    claim("LL302", "are all 1.0")
    scores = torch.randn(6, 4)
    alone, beside = F.softmax(scores[:3], dim=0)[0], F.softmax(scores, dim=0)[0]
    assert not torch.allclose(alone, beside)
    assert torch.allclose(F.softmax(scores[:3], dim=1)[0], F.softmax(scores, dim=1)[0])
    assert (F.softmax(torch.randn(7, 1), dim=1) == 1.0).all()
    hidden, _ = nn.LSTM(5, 3)(torch.randn(8, 2, 5))
    other, _ = nn.LSTM(5, 3, batch_first=True)(torch.randn(2, 8, 5))
    assert (hidden.shape, other.shape) == ((8, 2, 3), (2, 8, 3))


def test_losses_without_gradients():
    claim("LL321", "element 0 of tensors does not require grad and does not have a grad_fn", "gradient is 0")
    scores = torch.randn(6, 3, requires_grad=True)
    cut = (
        scores.detach(),
        scores.data,
        scores.argmax(1).float(),
        (scores > 0).float(),
        scores.clone().detach().long().float(),
    )
    for numbers in cut:
        with pytest.raises(
            RuntimeError, match="element 0 of tensors does not require grad and does not have a grad_fn"
        ):
            numbers.mean().backward()
    for flat in (torch.round, torch.floor, torch.ceil, torch.trunc, torch.sign):
        assert not gradient(lambda given, flat=flat: (flat(given) ** 2).sum(), scores.detach()).any()
