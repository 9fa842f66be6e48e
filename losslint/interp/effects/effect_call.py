"""What a handler of an effect gets to see of a call."""

from __future__ import annotations

from dataclasses import dataclass, field

from losslint.domain.origin import Origin, Site
from losslint.domain.value import Const, Library, Tensor, TupleValue, Value
from losslint.facts import BoundCall
from losslint.interp.binding import default_value
from losslint.interp.frame import Frame
from losslint.knowledge.schema import LayerRow, OpRow


@dataclass(frozen=True, slots=True, eq=False)
class EffectCall:
    """A call of a row: its arguments, those of the constructor for a layer, and where it stands."""

    row: OpRow | LayerRow
    bound: BoundCall
    site: Site
    frame: Frame
    constructor: dict[str, Value] = field(default_factory=dict)
    written_at: Site | None = None

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

    def given(self, name: str) -> bool:
        """True where the program states the parameter and does not state None."""
        value = self.bound.value(name) or self.constructor.get(name)
        return value is not None and value != Const(None)

    def integer(self, name: str | None) -> int | None:
        """A parameter that is a known integer."""
        value = self.value(name)
        if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
            return value.value
        return None

    def flag(self, name: str | None) -> bool | None:
        """A parameter that is known to be true or false."""
        value = self.value(name)
        return value.value if isinstance(value, Const) and isinstance(value.value, bool) else None

    def recast(self, before: str | None) -> str | None:
        """The dtype after a call that may name another; the one before where no argument can be a dtype."""
        values = [argument.value for argument in (*self.bound.arguments.values(), *self.bound.surplus)][1:]
        for value in values:
            for item in value.items if isinstance(value, TupleValue) else (value,):
                if isinstance(item, Library):
                    return self.frame.run.knowledge.dtype(item.name)
                if not isinstance(item, Const):
                    return None
        return before

    def made(self, label: str, given: Value | None) -> Origin:
        """The step for a kind that this call makes."""
        previous = given.origin if isinstance(given, Tensor) else None
        return Origin(self.site, label, previous, makes=True, built=self.written_at)
