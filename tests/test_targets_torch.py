"""What losses check of their targets, shape by shape and type by type, against torch."""

from __future__ import annotations

import itertools
import random
import warnings

import pytest

torch = pytest.importorskip("torch")

from losslint.domain.dim import Shape, exact  # noqa: E402
from losslint.domain.kind import Unspecified  # noqa: E402
from losslint.domain.origin import Site  # noqa: E402
from losslint.domain.value import Tensor, Unknown  # noqa: E402
from losslint.facts import BoundCall, LossCall, LossCase  # noqa: E402
from losslint.knowledge.losses import LOSSES  # noqa: E402
from losslint.knowledge.schema import Checks  # noqa: E402
from losslint.knowledge.types import SPOKEN  # noqa: E402
from losslint.rules._registry import load  # noqa: E402
from losslint.rules._targets import BY_CLASS, BY_SIZE, Fault, fault_of, is_column_beside_row, shapes_of  # noqa: E402

F = torch.nn.functional
pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]
ROWS = [row for row in LOSSES if row.checks is not None and row.functions]
SIZES = [*((), (1,), (2,), (3,)), *itertools.product((1, 2, 3), repeat=2), *itertools.product((1, 2), repeat=3)]
TYPES = ["float32", "float64", "int64", "int32", "uint8", "bool"]
each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.functions[0].rpartition(".")[2])


def ends_well(row, given, target) -> bool:
    """True where torch computes the loss of two tensors."""
    function = getattr(F, row.functions[0].rpartition(".")[2])
    more = (torch.ones_like(given),) if row.functions[0].endswith("gaussian_nll_loss") else ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function(given, target, *more)
        except (RuntimeError, ValueError, IndexError):
            return False
    return True


def case(row, given: Shape, target: Shape, dtype: str | None, given_dtype: str | None = "float32") -> LossCase:
    """A case of a loss with what is known of input and target."""
    tensors = Tensor(Unspecified(), given, given_dtype), Tensor(Unspecified(), target, dtype)
    return LossCase(row, *tensors, BoundCall({}))


def pairs():
    """Shapes of inputs that have a row, and of targets, in every type."""
    return itertools.product(SIZES[1:], SIZES, TYPES)


def blurred(sizes: tuple[int, ...], luck: random.Random) -> Shape:
    """A part of what could be known of a shape."""
    known = tuple(size if luck.random() < 0.6 else None for size in sizes)
    if luck.random() < 0.5:
        return exact(*known)
    return Shape(known[: luck.randint(0, len(known))], known[len(known) - luck.randint(0, len(known)) :])


def zeros(sizes, dtype):
    return torch.zeros(sizes, dtype=getattr(torch, dtype))


@each_row
def test_what_is_found_fault_with_is_refused_or_stretched(row):
    luck = random.Random(1)
    for given, target, dtype in pairs():
        known = [(exact(*given), exact(*target), dtype)]
        known += [(blurred(given, luck), blurred(target, luck), luck.choice((dtype, None))) for _ in range(2)]
        for shapes in known:
            if fault_of(case(row, *shapes)) is None:
                continue
            if row.checks in BY_CLASS | BY_SIZE or fault_of(case(row, *shapes)) is Fault.TYPE:
                assert not ends_well(row, torch.full(given, 0.5), zeros(target, dtype)), (given, target, dtype, shapes)
            else:
                assert is_column_beside_row(shapes[0], shapes[1])


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.checks in BY_CLASS | BY_SIZE], ids=lambda row: row.functions[0]
)
def test_what_is_refused_is_found_fault_with(row):
    """Every type that is refused, and for losses that compare element by element every shape."""
    right = "float32" if row.checks in BY_SIZE else "int64"
    for given, target, dtype in pairs():
        scores = torch.full(given, 0.5)
        fits = ends_well(row, scores, zeros(target, right))
        fault = fault_of(case(row, exact(*given), exact(*target), dtype))
        if row.checks in BY_SIZE and not fits:
            assert fault is Fault.SIZE, (given, target, dtype)
        elif fits and not ends_well(row, scores, zeros(target, dtype)):
            assert fault in (Fault.TYPE, Fault.ONE_HOT), (given, target, dtype)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.checks not in BY_CLASS | BY_SIZE], ids=lambda row: row.functions[0]
)
def test_column_beside_row_is_stretched(row):
    """The result has an element for each pair, or torch refuses to write it."""
    column, both = torch.rand(3, 1), torch.rand(3)
    for one, other in ((column, both), (both, column)):
        assert fault_of(case(row, exact(*one.shape), exact(*other.shape), "float32")) is Fault.SIZE
        assert fault_of(case(row, exact(*one.shape), exact(*one.shape), "float32")) is None
        assert ends_well(row, one, other) is (row.checks is not Checks.REFUSED)


def test_shapes_of_what_is_partly_known():
    assert list(shapes_of(exact(2, None))) == [(2, None)]
    assert list(shapes_of(Shape((2,), (3,))))[:3] == [(2, 3), (2, None, 3), (2, None, None, 3)]
    assert next(iter(shapes_of(Shape((3,), (3,))))) == (3,)


def test_an_unknown_input_is_no_proof_against_a_shape():
    for row in ROWS:
        dtype = "int64" if row.checks in BY_CLASS else "float32"
        call = LossCase(row, Unknown("a model"), Tensor(Unspecified(), exact(None), dtype), BoundCall({}))
        assert fault_of(call) is None


def test_one_call_has_one_fault():
    """Where several things are wrong with a target, one rule speaks."""
    rules = [rule for rule in load() if rule.code in ("LL203", "LL204", "LL205", "LL206", "LL207", "LL210")]
    for row in ROWS:
        for given, target, dtype in pairs():
            call = LossCall(Site("loss", "module"), (case(row, exact(*given), exact(*target), dtype),))
            said = [offence for rule in rules for offence in rule.check(call)]
            assert len(said) <= 1, (given, target, dtype)


def test_spoken_types():
    for name, spoken in SPOKEN.items():
        dtype = getattr(torch, name)
        assert torch.zeros(1, dtype=dtype).type() == f"torch.{spoken}Tensor"
