"""What a handler of an effect gets to see of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from losslint.domain.dim import Size, Symbol
from losslint.domain.dtype import DEFAULT, FLOATING, floated, is_exact, is_floating, promote, summed, with_number
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Choice, Const, Library, ListValue, Scalar, Tensor, TupleValue, Unknown, Value
from losslint.facts import BoundCall
from losslint.interp.binding import default_value
from losslint.interp.frame import Frame
from losslint.interp.iteration import iterate
from losslint.interp.scalars import is_every
from losslint.interp.tensor_operators import SAMPLES
from losslint.knowledge.schema import LayerRow, OpRow
from losslint.knowledge.tensor_effects import Place, Typed

_RECASTING = ("args", "dtype", "other")
"""Parameters of a conversion that may name an element type."""
_CHOOSES_DEFAULT = b"set_default_"
"""What a program mentions that chooses the default floating type."""


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """How and where the layer that is called was made."""

    arguments: Mapping[str, Value]
    site: Site


@dataclass(frozen=True, slots=True, eq=False)
class EffectCall:
    """A call of a row: its arguments, the layer if one is called, and where it stands. `name` is the method's, if it is one."""

    row: OpRow | LayerRow
    bound: BoundCall
    site: Site
    frame: Frame
    layer: Built | None = None
    name: str = ""
    constructor: Mapping[str, Value] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "constructor", {} if self.layer is None else self.layer.arguments)

    @property
    def in_place(self) -> bool:
        """True for a form of the operation that changes its tensor."""
        return self.frame.run.knowledge.in_place(self.name)

    def value(self, name: str | None) -> Value | None:
        """A parameter: from the call, from the constructor, or its stated default."""
        if name is None:
            return None
        given = self.bound.value(name)
        if given is None:
            given = self.constructor.get(name)
        if given is None:
            given = default_value(self.row.params, name)
        return None if given is None else self.frame.store.narrowed(given)

    def second(self) -> Value | None:
        """The other operand of an operator."""
        names = ("other", "exponent", "mat2", "tensor2")
        return next((value for name in names if (value := self.value(name)) is not None), None)

    def given(self, name: str) -> bool:
        """True where the program states the parameter and does not state None."""
        value = self.bound.value(name) or self.constructor.get(name)
        return value is not None and value != Const(None)

    def integer(self, name: str | None) -> int | None:
        """A parameter that is a known integer."""
        return constant_integer(self.value(name))

    def flag(self, name: str | None) -> bool | None:
        """A parameter that is known to be true or false."""
        value = self.value(name)
        return value.value if isinstance(value, Const) and isinstance(value.value, bool) else None

    def integers(self, *names: str) -> list[Value] | None:
        """Sizes or axes given one by one or as a tuple, by the first of these parameters that is stated; None where their number is unknown."""
        for name in () if self.bound.open else names:
            value = self.value(name)
            if value is None:
                continue
            if isinstance(value, TupleValue) and len(value.items) == 1 and not isinstance(value.items[0], Const):
                value = value.items[0]
                if is_length(value):
                    return [value]
            if isinstance(value, Const):
                return [value]
            if isinstance(value, TupleValue | ListValue):
                held = iterate(value, self.frame)
                if isinstance(held, TupleValue):
                    return list(held.items)
            return None
        return None

    def sizes(self, *names: str) -> list[Size] | None:
        """Known or named sizes, as `integers` finds them."""
        found = self.integers(*names)
        return None if found is None else [size_of(item) for item in found]

    def recast(self, before: str | None) -> str | None:
        """The dtype after a call that may name another; the one before where no argument can be a dtype."""
        values = [argument.value for argument in self.bound.surplus]
        for name in _RECASTING:
            value = self.bound.value(name)
            if value is not None:
                values += value.items if isinstance(value, TupleValue) else (value,)
        said = [self._says(value) for value in values]
        named = next((dtype for dtype in said if dtype), None)
        return named or (None if None in said or self.bound.open else before)

    def _says(self, value: Value) -> str | None:
        """The dtype that an argument of a conversion names; nothing where it is a device, None where it may be anything."""
        value = self.frame.store.narrowed(value)
        match value:
            case Library(name):
                return self.frame.run.knowledge.dtype(name)
            case Const(constant):
                return (self.frame.run.knowledge.dtype(constant) or "") if isinstance(constant, str) else ""
            case Tensor(_, _, dtype):
                return dtype
            case Unknown(_, symbol) if symbol is not None and symbol[0] == "attr":
                row = self.frame.run.knowledge.attribute(str(symbol[2]))
                return "" if row is not None and isinstance(row.effect, Place) else None
            case Unknown(_, symbol):
                return "" if symbol is not None and symbol[0] == DEVICE else None
            case Choice(options):
                said = {self._says(option.value) for option in options}
                return said.pop() if len(said) == 1 else None
            case _:
                return None

    def dtype(self, rule: str | Typed, before: str | None) -> str | None:
        """The element type of the result: what the call names, or what the rule makes of the input's."""
        if self.in_place:
            return before
        if self.given("dtype"):
            named = self.value("dtype")
            return self.frame.run.knowledge.dtype(named.name) if isinstance(named, Library) else None
        match rule:
            case Typed.KEPT:
                return before
            case Typed.FLOATED:
                return self.default_float if is_exact(before) else floated(before)
            case Typed.SUMMED:
                return summed(before)
            case Typed.SQUARED:
                return with_number(before, 2)
            case Typed.PROMOTED:
                others = [argument.value for argument in self.bound.arguments.values()]
                return self.promoted(others)
            case Typed.UNKNOWN:
                return None
            case str():
                return rule

    def promoted(self, values: Sequence[Value | None]) -> str | None:
        """The element type of an operation on several tensors and numbers together."""
        tensors = [value for value in values if isinstance(value, Tensor)]
        if not tensors:
            return None
        dtype, rank = tensors[0].dtype, tensors[0].shape.rank
        for tensor in tensors[1:]:
            dtype = promote(dtype, rank, tensor.dtype, tensor.shape.rank)
            rank = max(rank, tensor.shape.rank) if rank is not None and tensor.shape.rank is not None else None
        for value in values:
            if isinstance(value, Const) and value.value is not None:
                dtype = with_number(dtype, value.value)
            elif isinstance(value, Scalar):
                dtype = with_number(dtype, SAMPLES[value.type])
            elif value is not None and not isinstance(value, Tensor | Const):
                dtype = FLOATING if is_floating(dtype) else None
        return dtype

    @property
    def default_float(self) -> str:
        """The element type of tensors for which none is named."""
        return FLOATING if self.frame.unit.mentions_any((_CHOOSES_DEFAULT,)) else DEFAULT

    def made(self, label: str, given: Value | None) -> Origin:
        """The step for a kind that this call makes."""
        previous = given.origin if isinstance(given, Tensor) else None
        return Origin(self.site, label, previous, makes=True, built=None if self.layer is None else self.layer.site)


SHAPE = "shape"
"""The attribute under which tensors tell their sizes."""
DEVICE = "device"
"""Head of the symbol of a device."""


def constant_integer(value: Value | None) -> int | None:
    """A value that is a known integer."""
    if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return value.value
    return None


def is_length(value: Value) -> bool:
    """True for something unknown that is surely one integer, such as an entry of a shape."""
    match value:
        case Scalar(kind):
            return kind == "int"
        case Unknown(_, ("item", ("attr", _, name), _)):
            return name == SHAPE
        case _:
            return False


def size_of(value: Value | None) -> Size:
    """A length as a number, or by the name of what is not known."""
    if isinstance(value, Unknown | Scalar) and value.symbol is not None and not is_every(value):
        return Symbol(value.symbol)
    return constant_integer(value)
