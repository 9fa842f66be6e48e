"""Lookup of rows by dotted name. The one module here that computes; it reads the tables once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType

from losslint.domain.dtype import DEFAULT, is_floating
from losslint.domain.kind import LogProbs, LogSigmoid, Probs, SigmoidProbs, Truth
from losslint.knowledge.aliases import ALIASES, DTYPES, OLD_DTYPES
from losslint.knowledge.arrays import ARRAYS, CARRIERS
from losslint.knowledge.attributes import ATTRIBUTES
from losslint.knowledge.containers import CONTAINERS, CONTEXTS, LOADING, MODULE_METHODS, WRAPPERS
from losslint.knowledge.datasets import DATASETS
from losslint.knowledge.distributions import DISTRIBUTIONS
from losslint.knowledge.frameworks import FRAMEWORKS
from losslint.knowledge.graphs import GRAPHS
from losslint.knowledge.layers import LAYERS
from losslint.knowledge.library_losses import LIBRARY_LOSSES
from losslint.knowledge.losses import LOSSES
from losslint.knowledge.networks import NETWORKS
from losslint.knowledge.object_effects import Supervise
from losslint.knowledge.ops import OPS
from losslint.knowledge.schema import Family, LayerRow, LossRow, OpRow, Row, Wants
from losslint.knowledge.signature import Written, parameters
from losslint.knowledge.tensor_effects import TELLING, Distribution, Draw, Fold, Keep, Make, Measure, Move, Reduction
from losslint.knowledge.transformers import FAMILIES

TENSOR = "torch.Tensor"
ARRAY = "numpy.ndarray"
DERIVED = frozenset({("torch.nn.ReLU6", "torch.nn.Hardtanh")})
"""Library classes that build on another one with a row, where their names do not tell."""
MODULE = "torch.nn.Module"
_DTYPE_NAMES = MappingProxyType({short: name for name, short in reversed(DTYPES)})
"""Dotted names by short ones."""

_STEMS = (
    "oftm",
    "igmoid",
    "cross_entropy",
    "CrossEntropy",
    "BCE",
    "NLLLoss",
    "nll_loss",
    "KLDiv",
    "kl_div",
    "L1Loss",
    "l1_loss",
    "arginLoss",
    "margin_loss",
    "arginRanking",
    "margin_ranking",
    "arginWith",
    "margin_with",
    "EmbeddingLoss",
    "embedding_loss",
    "DiceLoss",
    "DiceCE",
    "dice_loss",
    "ocalLoss",
    "ocal_loss",
    "versky",
    "ymmetricLoss",
    "expit",
    "NeuralNet",
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All rows by each of their names."""

    rows: Mapping[str, Row]
    prefixes: Mapping[str, str]
    dtypes: Mapping[str, str]
    tops: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    """Names of the rows that the user wrote: these may be things of the program itself."""
    families: Mapping[str, tuple[Family, ...]] = field(default_factory=dict)
    """Rows for all names with one ending, by package."""

    def extended(self, rows: Iterable[Row]) -> Knowledge:
        """This knowledge with rows of the user, which win over those that are here."""
        added = {name: row for row in rows for name in names_of(row)}
        return replace(self, rows=MappingProxyType({**self.rows, **added}), own=self.own | added.keys())

    def row(self, name: str) -> Row | None:
        """The row of a dotted name, whatever its form."""
        found = self.rows.get(name)
        return self._of_family(name) if found is None else found

    def _of_family(self, name: str) -> Row | None:
        package, _, inner = name.partition(".")
        families = self.families.get(package, ())
        path = inner.split(".") if families else []
        for family in families:
            own = path[:-1] if path[-1] in family.makers else path
            if own and own[-1].endswith(family.ending) and not own[-1].startswith(family.unlike):
                return family.row
        return None

    def op(self, name: str) -> OpRow | None:
        """The row of a function or method."""
        row = self.row(name)
        return row if isinstance(row, OpRow) else None

    def layer(self, name: str) -> LayerRow | None:
        """The row of a class whose objects are called."""
        row = self.row(name)
        return row if isinstance(row, LayerRow) else None

    def loss(self, name: str) -> tuple[LossRow, bool] | None:
        """The row of a loss, and whether the name is that of its class rather than of its function."""
        row = self.rows.get(name)
        return (row, name in row.classes) if isinstance(row, LossRow) else None

    def method(self, name: str) -> OpRow | None:
        """The row of a method of tensors."""
        return self.op(f"{TENSOR}.{name}") or self.op(f"{ARRAY}.{name}")

    def module_method(self, name: str) -> OpRow | None:
        """The row of a method that all modules have."""
        return self.op(f"{MODULE}.{name}")

    def dtype(self, name: str) -> str | None:
        """The short name of a dtype: the one that values carry."""
        return self.dtypes.get(name)

    def dtype_name(self, dtype: str) -> str:
        """The dotted name of a dtype, by its short one."""
        return _DTYPE_NAMES[dtype]

    def attribute(self, name: str) -> OpRow | None:
        """The row of an attribute of tensors that gives a tensor, or tells of one: the transpose, the data, the shape."""
        row = self.method(name)
        return row if row is not None and row.attribute else None

    def tells(self, name: str) -> bool:
        """True for a method of tensors whose result is known in part for whatever it is called on; modules have none of that name
        but `float`."""
        row = self.method(name)
        match row.effect if row is not None else None:
            case Keep(dtype=str() as dtype):
                return dtype == DEFAULT or not is_floating(dtype)
            case Move(motion):
                return motion in TELLING
            case Measure() | Make(kind=Truth()) | Fold(reduction=Reduction.INDEX):
                return True
            case _:
                return False

    def in_place(self, name: str) -> bool:
        """True for the name of a method that changes its tensor."""
        return name.endswith("_") and not name.startswith("_")

    def unwraps(self, name: str) -> bool:
        """True for the attribute under which a wrapper (DataParallel) keeps the module that it wraps."""
        return name == "module"

    def is_closed(self, name: str) -> bool:
        """True for a class all of whose methods are known: those that other libraries add are not listed in rows."""
        return name.partition(".")[0] == MODULE.partition(".")[0] and self.layer(name) is not None

    def is_kind_of(self, name: str, class_: str) -> bool | None:
        """Whether objects of the class `name` are instances of `class_`; None where rows do not tell."""
        own, other = self.rows.get(name), self.rows.get(class_)
        if own is None or other is None or isinstance(own, OpRow) or isinstance(other, OpRow):
            return None
        if name == class_ or own is other:
            return True
        if class_ == MODULE:
            return True
        return None if name.endswith(class_.rpartition(".")[2]) or (name, class_) in DERIVED else False

    def is_tensor(self, name: str) -> bool:
        """True for the name of a class of tensors."""
        return name == TENSOR or (name.endswith(TENSOR.rpartition(".")[2]) and self.dtype(name) is not None)

    @property
    def marks(self) -> tuple[bytes, ...]:
        """What a source file that works with tensors mentions somewhere."""
        return (b"torch",)

    def owns(self, top: str) -> bool:
        """True where rows describe things of this top-level package, and these lead somewhere by themselves."""
        return top in self.tops

    def canonical(self, name: str) -> str:
        """The name by which rows know an object that libraries export under several names."""
        for _ in range(3):
            shorter = self._shorten(name)
            if shorter is None:
                return name
            name = shorter
        return name

    def _shorten(self, name: str) -> str | None:
        end = name.rfind(".")
        while end > 0:
            target = self.prefixes.get(name[:end])
            if target is not None:
                return target + name[end:]
            end = name.rfind(".", 0, end)
        return None


def names_of(row: Row) -> tuple[str, ...]:
    """All dotted names of a row."""
    return (*row.classes, *row.functions) if isinstance(row, LossRow) else row.names


def build(rows: Iterable[Row], families: Iterable[Family] = ()) -> Knowledge:
    """Index rows by name; ValueError where two rows claim one name."""
    found: dict[str, Row] = {}
    for row in rows:
        for name in names_of(row):
            if name in found:
                raise ValueError(f"two rows are named {name}")
            found[name] = row
    by_package: dict[str, tuple[Family, ...]] = {}
    for family in families:
        by_package[family.package] = (*by_package.get(family.package, ()), family)
    tops = frozenset(name.partition(".")[0] for name in (*found, *by_package)) - CARRIERS
    aliases, dtypes = MappingProxyType(dict(ALIASES)), MappingProxyType(_dtypes())
    return Knowledge(MappingProxyType(found), aliases, dtypes, tops, families=MappingProxyType(by_package))


def _dtypes() -> dict[str, str]:
    known = dict(DTYPES)
    return {**known, **{name: known[same] for name, same in OLD_DTYPES}}


@cache
def load() -> Knowledge:
    """What we know, indexed once per process."""
    return build(
        (
            *OPS,
            *ATTRIBUTES,
            *LAYERS,
            *CONTAINERS,
            *WRAPPERS,
            *MODULE_METHODS,
            *CONTEXTS,
            *LOADING,
            *DISTRIBUTIONS,
            *DATASETS,
            *ARRAYS,
            *LOSSES,
            *LIBRARY_LOSSES,
            *FRAMEWORKS,
            *NETWORKS,
            *GRAPHS,
        ),
        FAMILIES,
    )


def gate_terms(knowledge: Knowledge) -> tuple[bytes, ...]:
    """Strings of which any file that builds a loss, or an activation that a rule speaks of, holds at least one.

    Common stems stand for many names; a name that no stem covers is its own term, and so is each that the user describes.
    """
    return (*_gate_terms(), *(_last(name) for name in sorted(knowledge.own)))


@cache
def _gate_terms() -> tuple[bytes, ...]:
    return _terms(row for row in load().rows.values() if _is_gated(row))


def sink_terms(knowledge: Knowledge) -> tuple[bytes, ...]:
    """Strings of which any file that calls a loss with wants of its own, or builds one, holds at least one."""
    return (*_sink_terms(), *(_last(name) for name in sorted(knowledge.own) if _is_sink(knowledge.row(name))))


@cache
def _sink_terms() -> tuple[bytes, ...]:
    return _terms(row for row in load().rows.values() if _is_sink(row))


def _terms(rows: Iterable[Row]) -> tuple[bytes, ...]:
    shorts = [_word(name, row) for row in rows for name in names_of(row)]
    return tuple(dict.fromkeys(next((stem for stem in _STEMS if stem in one), one).encode() for one in shorts))


def _word(name: str, row: Row) -> str:
    """What stands in a file that uses something of this name: of a distribution, its module."""
    module, _, short = name.rpartition(".")
    return module.rpartition(".")[2] if not isinstance(row, LossRow) and isinstance(row.effect, Distribution) else short


def _last(name: str) -> bytes:
    return name.rpartition(".")[2].encode()


def _is_sink(row: Row | None) -> bool:
    return isinstance(row, LossRow) and row.wants not in (Wants.ANYTHING, Wants.HIDDEN)


def _is_gated(row: Row) -> bool:
    """A loss, an activation that a rule speaks of, a distribution, or a trainer that brings a loss of its own."""
    if isinstance(row, LossRow) or isinstance(row.effect, Distribution | Draw):
        return True
    if isinstance(row.effect, Supervise):
        loss = row.effect.loss
        return any(one.name == loss and isinstance(one.default, Written) for one in parameters(row.params))
    return isinstance(row.effect, Make) and isinstance(row.effect.kind, Probs | LogProbs | SigmoidProbs | LogSigmoid)
