"""Named tuples made by a call of `namedtuple`."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import Const, Library, Partial, Repeated, TupleValue, Unknown, Value
from losslint.interp.frame import Frame
from losslint.interp.iteration import iterate

MADE = "collections.namedtuple()"
"""Names what `namedtuple` gives, where it is called."""


def named_tuple(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """`namedtuple(name, fields)`: what it gives is called to make tuples with these names."""
    fields = positional[1] if len(positional) > 1 else keywords.get("field_names")
    if isinstance(fields, Const) and isinstance(fields.value, str):
        names = fields.value.replace(",", " ").split()
    else:
        held = iterate(fields, frame) if fields is not None else None
        items = held.items if isinstance(held, TupleValue) else ()
        names = [item.value for item in items if isinstance(item, Const) and isinstance(item.value, str)]
    if not names:
        return Unknown("a named tuple whose fields are not known")
    defaults = iterate(keywords["defaults"], frame) if "defaults" in keywords else TupleValue(())
    return Partial(Library(MADE), (TupleValue(tuple(map(Const, names))), _as_known(defaults)), ())


def _as_known(held: TupleValue | Repeated) -> TupleValue:
    return held if isinstance(held, TupleValue) else TupleValue(())


def make_named(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """A tuple with names: field names and defaults come first, then what the program gives."""
    fields, defaults, *given = positional
    assert isinstance(fields, TupleValue)
    assert isinstance(defaults, TupleValue)
    names = tuple(str(item.value) for item in fields.items if isinstance(item, Const))
    usual = dict(zip(reversed(names), reversed(defaults.items), strict=False))
    values = dict(zip(names, given, strict=False)) | keywords
    return TupleValue(tuple(values.get(name, usual.get(name, Unknown("not given"))) for name in names), names)
