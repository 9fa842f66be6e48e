"""What calling a loss gives: one number, or one for each element where it is told not to fold them."""

from __future__ import annotations

from losslint.domain.dim import Shape, exact
from losslint.domain.kind import Unspecified
from losslint.domain.origin import Origin, Site
from losslint.domain.value import NONE, Const, Tensor, Value
from losslint.facts import BoundCall
from losslint.knowledge.schema import UNREDUCED, LossFamily, LossRow
from losslint.knowledge.signature import parameters

INDEXED = frozenset({LossFamily.CROSS_ENTROPY, LossFamily.NLL})
ELEMENTWISE = frozenset(
    {
        LossFamily.BCE,
        LossFamily.BCE_WITH_LOGITS,
        LossFamily.KL_DIV,
        LossFamily.POISSON_NLL,
        LossFamily.GAUSSIAN_NLL,
        LossFamily.REGRESSION,
        LossFamily.MARGIN,
    }
)


def loss_result(row: LossRow, options: BoundCall, given: Value, site: Site) -> Tensor:
    """The value of a loss call."""
    if not is_unreduced(row, options) or not isinstance(given, Tensor):
        return Tensor(Unspecified("a loss"), dtype="float")
    shape = _shape(row, given.shape)
    label = "one loss for each element"
    kept = Tensor(Unspecified("a loss"), shape, "float")
    origin = Origin(site, label, makes=True, by=UNREDUCED, given=kept)
    return Tensor(kept.kind, shape, "float", origin)


def is_unreduced(row: LossRow, options: BoundCall) -> bool:
    """True where a loss is known to give one number for each element."""
    if options.value("size_average") not in (None, NONE) or options.value("reduce") not in (None, NONE):
        return options.value("reduce") == Const(False)
    given = options.value("reduction")
    if given is None and not options.open:
        stated = (*parameters(row.function), *parameters(row.constructor))
        return any(one.name == "reduction" and one.default in ("none", 0) for one in stated)
    return given in (Const("none"), Const(0)) if row.reductions else given == Const(0)


def _shape(row: LossRow, shape: Shape) -> Shape:
    """The shape of a loss that is not folded, where the input's is known; of unknown rank it has one axis at least."""
    if row.family in INDEXED and shape.exact:
        rank = len(shape.front)
        return exact(*shape.front[:1], *shape.front[2:]) if rank > 1 else exact()
    if row.family in ELEMENTWISE:
        return shape if shape.exact or shape.front else Shape((None,), shape.back)
    return Shape((None,))
