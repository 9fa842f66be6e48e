"""Every row about torch is held against torch: the object exists, its parameters are real, its effect is true in numbers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

import knowledge_proofs as proofs  # noqa: E402
import knowledge_signatures as signatures  # noqa: E402
import numpy as np  # noqa: E402
from knowledge_samples import resolve, sample  # noqa: E402

from losslint.domain.kind import Filled, LogProbs, NonNegative, OneHot, Probs, SigmoidProbs, Truth  # noqa: E402
from losslint.knowledge.aliases import OLD_DTYPES  # noqa: E402
from losslint.knowledge.index import load  # noqa: E402
from losslint.knowledge.object_effects import Container  # noqa: E402
from losslint.knowledge.operators import BINARY, NEGATED, Number, One, Small  # noqa: E402
from losslint.knowledge.schema import LayerRow, LossRow, OpRow  # noqa: E402
from losslint.knowledge.tensor_effects import (  # noqa: E402
    SAME,
    Affine,
    Fold,
    Guarded,
    Keep,
    Make,
    Motion,
    Move,
    Operate,
    Reduction,
    Result,
    Same,
    Transfer,
)

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
    "torch states reduction=1 (mean), yet a call that leaves it out is not reduced: see the tests of losses": (
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
        "torch.nn.parallel.data_parallel",
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
        "torch.inner", "torch.outer", "torch.lerp", "torch.addmm", "torch.addmv",
        "torch.addr", "torch.baddbmm", "torch.rsub", "torch.einsum",
        "torch.tensordot", "torch.cross", "torch.heaviside", "torch.quantile", "torch.unique",
        "torch.Tensor.unique", "torch.nn.functional.scaled_dot_product_attention",
    ),
    "a distance, a norm or a spread: nobody's activation": (
        "torch.cdist",
        "torch.nn.functional.cosine_similarity", "torch.nn.functional.pairwise_distance", "torch.nn.functional.pdist",
        "torch.nn.CosineSimilarity", "torch.nn.PairwiseDistance",
    ),
    "puts numbers in places of its own, or fills gaps with zeros": (
        "torch.bincount", "torch.nonzero", "torch.Tensor.unfold", "torch.diag_embed", "torch.hstack",
        "torch.block_diag", "torch.meshgrid", "torch.nn.utils.rnn.pad_sequence", "torch.Tensor.resize_", "torch.Tensor.new", "torch.Tensor.new_tensor",
        "torch.nn.functional.max_unpool1d", "torch.nn.functional.max_unpool2d", "torch.nn.functional.max_unpool3d",
        "torch.nn.functional.lp_pool1d", "torch.nn.functional.fold", "torch.nn.functional.unfold",
        "torch.nn.MaxUnpool1d", "torch.nn.LPPool1d", "torch.nn.Fold", "torch.nn.Unfold",
    ),
    "gives no tensor": (
        "torch.Tensor.data_ptr", "torch.Tensor.register_hook", "torch.nn.Module.compile",
        "torch.nn.Module.zero_grad", "torch.nn.Module.parameters", "torch.nn.Module.named_parameters",
        "torch.nn.Module.buffers", "torch.nn.Module.named_buffers", "torch.nn.Module.state_dict",
        "torch.nn.Module.load_state_dict", "torch.nn.Module.get_parameter", "torch.nn.Module.extra_repr",
        "torch.hub.load", "torch.nn.ParameterList", "torch.nn.ParameterDict",
    ),
    "log-probability of the target alone, and a loss": ("torch.nn.AdaptiveLogSoftmaxWithLoss",),
}  # fmt: skip
"""Rows that claim nothing of numbers, by the first name of the row, with the reason."""


def _listed(table: dict[str, tuple[str, ...]]) -> set[str]:
    return {name for names in table.values() for name in names}


@pytest.mark.parametrize("name", ROWS)
def test_name_exists(name: str) -> None:
    assert resolve(name) is not None


@pytest.mark.parametrize("name", sorted(set(ROWS) - _listed(BY_HAND)))
def test_parameters_are_real(name: str) -> None:
    row, thing = ROWS[name], resolve(name)
    if isinstance(row, LossRow):
        signatures.check_loss(name, thing, row)
    elif isinstance(row.effect, Container):
        signatures.check_signature(name, thing, row.params)
    elif not getattr(row, "attribute", False):
        signatures.check_row(name, thing, row)


@pytest.mark.parametrize("name", sorted(_listed(BY_HAND) - set(LOSS_NAMES)))
def test_signatures_by_hand_are_needed(name: str) -> None:
    with pytest.raises(AssertionError):
        signatures.check_row(name, resolve(name), ACTING[name])


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
        signatures.check_signature(name, resolve(name), params)


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if isinstance(resolve(name), type)))
def test_the_name_that_torch_gives_a_class_leads_to_its_row(name: str) -> None:
    thing = resolve(name)
    own = load().canonical(f"{thing.__module__}.{thing.__qualname__}")
    legacy = name.endswith("Tensor") or name.startswith("torch.jit.")
    assert legacy or load().row(own) is ROWS[name]


@pytest.mark.parametrize(("name", "dtype"), load().dtypes.items())
def test_dtypes(name: str, dtype: str) -> None:
    if name.startswith(("numpy.", "builtins.")):
        old = dict(OLD_DTYPES).get(name)
        assert torch.as_tensor(np.zeros(1, dtype=resolve(old or name))).dtype is getattr(torch, dtype)
        return
    thing = resolve(name)
    assert (thing if isinstance(thing, torch.dtype) else thing.dtype) is getattr(torch, dtype)


def _operand(kind: object, shape: tuple[int, ...]) -> object:
    numbers = {Number: 3.0, Small: 1e-7, One: 1.0}
    if kind is Filled:
        return torch.full(shape, 0.5, dtype=torch.float64)
    return numbers[kind] if kind in numbers else sample(kind, shape)


def _assert_result(left: object, result: Result, tensor: torch.Tensor) -> None:
    kind = left() if isinstance(result, Same | Guarded) else result
    if isinstance(kind, Probs):
        kind = replace(kind, dim=1)
    if isinstance(result, Guarded):
        tensor = tensor.clamp(0, 1)
    proofs.assert_kind(kind, tensor)


@pytest.mark.parametrize("key", BINARY, ids=lambda key: f"{key[1].__name__} {key[0]} {key[2].__name__}")
def test_operators(key: tuple[str, type, type]) -> None:
    torch.manual_seed(3)
    symbol, left, right = key
    shape = (24, 24) if symbol == "@" else (64, 3)
    one, two = _operand(left, shape), _operand(right, shape)
    if symbol == "@" and right is OneHot:
        two = torch.eye(24, dtype=torch.float64)[torch.randint(24, (24,))]
    if symbol == "*" and Small in (left, right):
        one, two = (
            1e9 * part if isinstance(part, torch.Tensor) else part for part in (one, two)
        )  # scores of any scale
    if "-" in symbol and Truth in (left, right):
        one, two = (part.double() if isinstance(part, torch.Tensor) else part for part in (one, two))
    _assert_result(left, BINARY[key], proofs.OPERATORS[symbol](one, two))


@pytest.mark.parametrize("kind", NEGATED, ids=lambda kind: kind.__name__)
def test_negation(kind: type) -> None:
    _assert_result(kind, NEGATED[kind], -sample(kind))
