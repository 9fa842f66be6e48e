"""Functions and classes of Python itself and of its standard library that carry values along."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping

from losslint.domain.lattice import element_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    NONE,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Entries,
    Instance,
    Library,
    LibraryObject,
    ListValue,
    Partial,
    Repeated,
    Scalar,
    Super,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.branches import pure_each, truth
from losslint.interp.class_bodies import lineage
from losslint.interp.counting import COUNTING, counted
from losslint.interp.effects.measures import length
from losslint.interp.frame import LEAVES, Frame
from losslint.interp.functions import spread
from losslint.interp.iteration import contents, iterate, new_dict, new_list
from losslint.interp.named_tuples import MADE, make_named, named_tuple
from losslint.interp.option_parsers import make_option, make_parser
from losslint.interp.reflection import REFLECTION

Handler = Callable[[list[Value], dict[str, Value], Site, Frame], Value]


def builtin(name: str) -> Value | None:
    """A builtin by name."""
    return Library(f"builtins.{name}") if name == "reveal" or hasattr(builtins, name) else None


def call_builtin(name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
    """Call one of the functions below."""
    positional, keywords, loose = spread(arguments, frame)
    if loose is not None and name == "builtins.zip" and len(arguments) == 1:
        return _columns(arguments[0].value, frame)
    if loose is not None and name not in ("builtins.print", "builtins.dict"):
        return Unknown("a builtin with an unknown number of arguments")
    return BUILTINS[name](positional, keywords, site, frame)


def _first(positional: list[Value]) -> Value:
    return positional[0] if positional else Unknown("no argument")


def _len(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    value = _first(positional)
    held = contents(value, frame)
    if isinstance(held, TupleValue):
        return Const(len(held.items))
    if isinstance(held, Entries) and held.rest is None:
        return Const(len(held.known))
    if isinstance(value, Const) and isinstance(value.value, str | bytes):
        return Const(len(value.value))
    if isinstance(value, Tensor) and value.shape.size(0) is not None:
        return length(value.shape.size(0))
    if isinstance(value, Unknown) and value.symbol is not None:
        return Unknown("a length that is not known", ("len", value.symbol))
    return Unknown("a length that is not known")


def _enumerate(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    held = iterate(_first(positional), frame)
    start = keywords.get("start", positional[1] if len(positional) > 1 else Const(0))
    first = start.value if isinstance(start, Const) and isinstance(start.value, int) else None
    if isinstance(held, TupleValue) and first is not None:
        return TupleValue(tuple(TupleValue((Const(first + at), item)) for at, item in enumerate(held.items)))
    counter = Scalar("int", first, None, counted(site, first))
    return Repeated(TupleValue((counter, element_of((held,)))))


def _columns(rows: Value, frame: Frame) -> Value:
    """`zip(*rows)` of any number of rows alike."""
    row = element_of((iterate(rows, frame),))
    held = iterate(row, frame) if isinstance(row, TupleValue | ListValue) else None
    if not isinstance(held, TupleValue):
        return Unknown("rows that are not followed")
    return TupleValue(tuple(Repeated(item) for item in held.items))


def _zip(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    rows = [iterate(value, frame) for value in positional]
    if rows and all(isinstance(row, TupleValue) for row in rows):
        columns = zip(*(row.items for row in rows if isinstance(row, TupleValue)), strict=False)
        return TupleValue(tuple(TupleValue(tuple(column)) for column in columns))
    return Repeated(TupleValue(tuple(element_of((row,)) for row in rows)))


def _as_list(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return new_list(iterate(positional[0], frame) if positional else TupleValue(()), frame)


def _as_tuple(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return iterate(positional[0], frame) if positional else TupleValue(())


def _same_elements(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    held = iterate(_first(positional), frame)
    return Repeated(element_of((held,))) if isinstance(held, Repeated) or held.items else held


def _sorted(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    held = iterate(_first(positional), frame)
    if isinstance(held, TupleValue) and not keywords and all(isinstance(item, Const) for item in held.items):
        constants = [item.value for item in held.items if isinstance(item, Const)]
        texts = [value for value in constants if isinstance(value, str)]
        if len(texts) == len(constants):
            return new_list(TupleValue(tuple(Const(text) for text in sorted(texts))), frame)
    return _same_elements(positional, keywords, site, frame)


def _reversed(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    held = iterate(_first(positional), frame)
    return TupleValue(tuple(reversed(held.items))) if isinstance(held, TupleValue) else Repeated(element_of((held,)))


def _as_dict(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    known = {}
    rest: Value | None = None
    if positional:
        held = contents(positional[0], frame)
        if isinstance(held, Entries):
            known, rest = dict(held.known), held.rest
        elif isinstance(held, TupleValue):
            for pair in held.items:
                if isinstance(pair, TupleValue) and len(pair.items) == 2 and isinstance(pair.items[0], Const):
                    known[pair.items[0].value] = pair.items[1]
                else:
                    rest = Unknown("an entry that is not followed")
        else:
            rest = Unknown("an entry that is not followed")
    known.update(keywords)
    return new_dict(Entries(tuple(known.items()), rest), frame)


def _default_dict(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return new_dict(Entries((), Unknown("an entry of a defaultdict")), frame)


def _isinstance(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if len(positional) != 2:
        return Unknown("isinstance without its arguments")
    value, wanted = frame.store.narrowed(positional[0]), positional[1]
    if isinstance(value, Choice):
        return pure_each(value, lambda one: _isinstance([one, wanted], keywords, site, frame))
    classes = wanted.items if isinstance(wanted, TupleValue) else (wanted,)
    answers = [_is_a(value, class_, frame) for class_ in classes]
    if True in answers:
        return Const(True)
    if all(answer is False for answer in answers):
        return Const(False)
    if isinstance(value, Unknown) and value.symbol is not None:
        return Unknown("a test of an unknown value", ("isinstance", value.symbol, wanted))
    return Unknown("a test of a value that is not followed")


def _is_a(value: Value, class_: Value, frame: Frame) -> bool | None:
    name = class_.name.rpartition(".")[2] if isinstance(class_, Library) else ""
    is_builtin = isinstance(class_, Library) and class_.name.startswith("builtins.")
    match value:
        case Instance(_, own):
            line = lineage(own, frame.run)
            return True if class_ in line else False if isinstance(class_, ClassValue) or is_builtin else None
        case Scalar(type=own_type):
            return own_type == name if is_builtin else False if isinstance(class_, ClassValue) else None
        case Const(constant):
            return type(constant).__name__ == name if is_builtin else False if isinstance(class_, ClassValue) else None
        case TupleValue():
            return name in ("tuple", "list") if is_builtin else False if isinstance(class_, ClassValue) else None
        case ListValue():
            return name == "list" if is_builtin else None
        case DictValue():
            return name in ("dict", "OrderedDict") if is_builtin else None
        case Tensor():
            if is_builtin or isinstance(class_, ClassValue):
                return False
            return frame.run.knowledge.is_tensor(class_.name) or None if isinstance(class_, Library) else None
        case LibraryObject(_, own_name):
            if isinstance(class_, ClassValue) or is_builtin:
                return False
            return frame.run.knowledge.is_kind_of(own_name, class_.name) if isinstance(class_, Library) else None
        case _:
            return None


def _super(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    class_ = positional[0] if positional else frame.owner
    receiver = positional[1] if len(positional) > 1 else frame.receiver
    if isinstance(class_, ClassValue) and receiver is not None:
        return Super(class_, receiver)
    return Unknown("super() where its class is not known")


def _map(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if len(positional) != 2:
        return Repeated(Unknown("a mapped element"))
    held = iterate(positional[1], frame)
    work = positional[0]

    def apply(item: Value) -> Value:
        return frame.run.machine.call(work, (Argument(item, site),), site, frame)

    if isinstance(held, TupleValue):
        return TupleValue(tuple(apply(item) for item in held.items))
    return Repeated(apply(element_of((held,))))


def _filter(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return (
        Repeated(element_of((iterate(positional[1], frame),)))
        if len(positional) == 2
        else Repeated(Unknown("filtered"))
    )


def _sum(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    from losslint.interp.operators import binary

    held = iterate(_first(positional), frame)
    if isinstance(held, TupleValue) and 0 < len(held.items) <= 8:
        total = held.items[0]
        for item in held.items[1:]:
            total = binary("+", total, item, site, frame)
        return total
    return Unknown("a sum of values that are not followed")


def _extreme(pick: Callable[[list[float]], float]) -> Handler:
    def work(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
        values = positional
        if len(positional) == 1:
            held = iterate(positional[0], frame)
            values = list(held.items) if isinstance(held, TupleValue) else []
        numbers = [one.value for one in values if isinstance(one, Const) and isinstance(one.value, int | float)]
        if numbers and len(numbers) == len(values):
            return Const(pick(numbers))
        return Unknown("the extreme of unknown values")

    return work


def _bool(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    verdict = truth(_first(positional), frame)
    return Const(verdict.decided) if verdict.decided is not None else _first(positional)


def _next(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return element_of((iterate(_first(positional), frame),)) if positional else Unknown("nothing to go through")


def _partial(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return Partial(_first(positional), tuple(positional[1:]), tuple(keywords.items()))


def _leave(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return Unknown("the program ends here", LEAVES)


def _field(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    if "default_factory" in keywords:
        return frame.run.machine.call(keywords["default_factory"], (), site, frame)
    return keywords.get("default", Unknown("a field without a default"))


def _chain(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    parts = [iterate(value, frame) for value in positional]
    if all(isinstance(part, TupleValue) for part in parts):
        return TupleValue(tuple(item for part in parts if isinstance(part, TupleValue) for item in part.items))
    return Repeated(element_of(parts))


def _print(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    return NONE


def _reveal(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    frame.run.revealed.append((site, frame.store.narrowed(_first(positional))))
    return _first(positional)


BUILTINS: Mapping[str, Handler] = {
    **REFLECTION,
    **COUNTING,
    "builtins.len": _len,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.list": _as_list,
    "builtins.tuple": _as_tuple,
    "builtins.iter": _as_tuple,
    "builtins.set": _same_elements,
    "builtins.frozenset": _same_elements,
    "builtins.sorted": _sorted,
    "builtins.reversed": _reversed,
    "builtins.dict": _as_dict,
    "collections.OrderedDict": _as_dict,
    "collections.defaultdict": _default_dict,
    "builtins.isinstance": _isinstance,
    "builtins.super": _super,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.sum": _sum,
    "builtins.max": _extreme(max),
    "builtins.min": _extreme(min),
    "builtins.bool": _bool,
    "builtins.next": _next,
    "builtins.print": _print,
    "builtins.exit": _leave,
    "builtins.quit": _leave,
    "sys.exit": _leave,
    "os._exit": _leave,
    "functools.partial": _partial,
    "collections.namedtuple": named_tuple,
    MADE: make_named,
    "dataclasses.field": _field,
    "itertools.chain": _chain,
    "itertools.cycle": _as_tuple,
    "builtins.reveal": _reveal,
    "argparse.ArgumentParser": make_parser,
    "click.option": make_option,
}
