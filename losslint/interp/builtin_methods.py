"""Methods of lists, dicts, tuples and strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from losslint.domain.lattice import choice, element_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    ALWAYS,
    NONE,
    Choice,
    Const,
    DictValue,
    Entries,
    ListValue,
    Option,
    Repeated,
    Scalar,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.assignment import with_item, with_last
from losslint.interp.frame import Frame
from losslint.interp.functions import spread
from losslint.interp.iteration import contents, iterate, new_dict, new_list
from losslint.interp.registries import settle
from losslint.interp.scalars import is_tested, without_ends
from losslint.interp.subscripts import look_up

_TEXT_METHODS = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "replace",
        "startswith",
        "endswith",
        "format",
        "title",
        "capitalize",
        "lstrip",
        "rstrip",
    }
)


def call_container_method(
    receiver: Value, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame
) -> Value:
    """Call a method of a list, a dict, a tuple or a string."""
    positional, keywords, _ = spread(arguments, frame)
    if isinstance(receiver, Const):
        return _text_method(receiver, name, positional, frame)
    table = _DICT if isinstance(receiver, DictValue) else _LIST
    handler = table.get(name)
    if handler is None:
        return Unknown(f"the method {name} of a container is not followed")
    return handler(receiver, positional, keywords, frame)


def _text_method(receiver: Const, name: str, positional: list[Value], frame: Frame) -> Value:
    constants = [value.value for value in positional if isinstance(value, Const)]
    if isinstance(receiver.value, str) and name in _TEXT_METHODS and len(constants) == len(positional):
        try:
            result = getattr(receiver.value, name)(*constants)
        except Exception:
            return Unknown("a text method that Python refuses")
        return Const(result) if isinstance(result, str | bool) and len(str(result)) < 10_000 else Unknown("text")
    if isinstance(receiver.value, str) and name == "split" and not positional:
        return new_list(TupleValue(tuple(Const(part) for part in receiver.value.split()[:64])), frame)
    return Unknown("text made at run time")


def _write(receiver: Value, held: Value, frame: Frame) -> Value:
    if isinstance(receiver, ListValue | DictValue):
        frame.store.write((receiver.identity, "items"), held)
    return NONE


def _append(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held, item = iterate(receiver, frame), positional[0] if positional else Unknown("nothing")
    if is_tested(item, frame.store.answers):
        item = without_ends(item)
    full = contents(receiver, frame)
    if isinstance(full, TupleValue):
        return _write(receiver, TupleValue((*full.items, item)), frame)
    if isinstance(full, Choice) and all(isinstance(option.value, TupleValue) for option in full.options):
        return _write(receiver, with_last(full, item), frame)
    assert isinstance(held, Repeated | TupleValue)
    tail = held.tail if isinstance(held, Repeated) else ()
    if len(tail) >= 8:
        return _write(receiver, Repeated(element_of((held,)), (item,)), frame)
    return _write(
        receiver, Repeated(held.element if isinstance(held, Repeated) else element_of((held,)), (*tail, item)), frame
    )


def _extend(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    more = iterate(positional[0], frame) if positional else TupleValue(())
    held = contents(receiver, frame)
    if isinstance(held, TupleValue) and isinstance(more, TupleValue):
        return _write(receiver, TupleValue((*held.items, *more.items)), frame)
    before = iterate(receiver, frame)
    if isinstance(more, TupleValue):
        tail = before.tail if isinstance(before, Repeated) else ()
        element = before.element if isinstance(before, Repeated) else element_of((before,))
        return _write(receiver, Repeated(element, (*tail, *more.items)), frame)
    start = (before,) if isinstance(before, Repeated) or before.items else ()
    return _write(receiver, Repeated(element_of((*start, Repeated(more.element))), more.tail), frame)


def _insert(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = contents(receiver, frame)
    at = positional[0] if positional else None
    item = positional[1] if len(positional) > 1 else Unknown("nothing")
    if isinstance(held, TupleValue) and isinstance(at, Const) and isinstance(at.value, int):
        items = list(held.items)
        items.insert(at.value, item)
        return _write(receiver, TupleValue(tuple(items)), frame)
    return _write(receiver, Repeated(element_of((iterate(receiver, frame), TupleValue((item,))))), frame)


def _pop(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = contents(receiver, frame)
    at = positional[0].value if positional and isinstance(positional[0], Const) else -1 if not positional else None
    if isinstance(held, TupleValue) and isinstance(at, int) and -len(held.items) <= at < len(held.items):
        items = list(held.items)
        item = items.pop(at)
        _write(receiver, TupleValue(tuple(items)), frame)
        return item
    if isinstance(held, Repeated) and held.tail and at == -1:
        _write(receiver, Repeated(held.element, held.tail[:-1]), frame)
        return held.tail[-1]
    return element_of((iterate(receiver, frame),))


def _index(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    """Where an element stands: its place where that is known, else any place."""
    held, wanted = contents(receiver, frame), positional[0] if positional else None
    if not isinstance(held, TupleValue):
        return Scalar("int", 0)
    if isinstance(wanted, Const) and all(isinstance(item, Const) for item in held.items) and wanted in held.items:
        return Const(held.items.index(wanted))
    return Scalar("int", 0, len(held.items) - 1)


def _count(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    return Scalar("int")


def _copy(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = contents(receiver, frame)
    if isinstance(held, Entries):
        return new_dict(held, frame)
    return new_list(iterate(receiver, frame), frame)


def _reorder(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = contents(receiver, frame)
    if isinstance(held, TupleValue):
        _write(receiver, TupleValue(tuple(reversed(held.items))), frame)
    return NONE


def _shuffle(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    return _write(receiver, Repeated(element_of((iterate(receiver, frame),))), frame)


def _clear(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    return _write(receiver, Entries() if isinstance(receiver, DictValue) else TupleValue(()), frame)


def _entries(receiver: Value, frame: Frame) -> Entries:
    held = contents(receiver, frame)
    return held if isinstance(held, Entries) else Entries((), Unknown("an entry that is not followed"))


def _get(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    key = positional[0] if positional else Unknown("a key")
    settle(receiver, key, frame)
    held = _entries(receiver, frame)
    fallback = positional[1] if len(positional) > 1 else keywords.get("default", NONE)
    if isinstance(key, Const):
        if any(known == key.value for known, _ in held.known):
            return look_up(held, key, frame)
        return fallback if held.rest is None else _or_fallback(held.rest, fallback, frame)
    return _or_fallback(look_up(held, key, frame), fallback, frame)


def _is_number(value: Value) -> bool:
    return isinstance(value, Scalar) or (isinstance(value, Const) and isinstance(value.value, int | float))


def _or_fallback(found: Value, fallback: Value, frame: Frame) -> Value:
    """What a dict holds for a key, or the fallback: of numbers one of the two may never come."""
    if not _is_number(fallback):
        return choice((Option(ALWAYS, found), Option(ALWAYS, fallback)))
    test = ("fresh", frame.run.fresh())
    return choice((Option(frozenset({(test, True)}), found), Option(frozenset({(test, False)}), fallback)))


def _set_default(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = _entries(receiver, frame)
    key, value = positional[0] if positional else Unknown("a key"), positional[1] if len(positional) > 1 else NONE
    if isinstance(key, Const) and any(known == key.value for known, _ in held.known):
        return look_up(held, key, frame)
    _write(receiver, with_item(held, key, value), frame)
    return value


def _update(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = _entries(receiver, frame)
    known, rest = dict(held.known), held.rest
    for value in positional[:1]:
        more = contents(value, frame)
        if isinstance(more, Entries):
            known.update(more.known)
            rest = more.rest if more.rest is not None else rest
        else:
            rest = Unknown("entries that are not followed")
            known = {key: choice((Option(frozenset(), item), Option(frozenset(), rest))) for key, item in known.items()}
    known.update(keywords)
    return _write(receiver, Entries(tuple(known.items()), rest), frame)


def _keys(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = _entries(receiver, frame)
    return TupleValue(tuple(Const(key) for key, _ in held.known)) if held.rest is None else Repeated(Unknown("a key"))


def _values(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = _entries(receiver, frame)
    values = TupleValue(tuple(value for _, value in held.known))
    return values if held.rest is None else Repeated(element_of((values, TupleValue((held.rest,)))))


def _items(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = _entries(receiver, frame)
    pairs = tuple(TupleValue((Const(key), value)) for key, value in held.known)
    if held.rest is None:
        return TupleValue(pairs)
    return Repeated(element_of((TupleValue((*pairs, TupleValue((Unknown("a key"), held.rest)))),)))


def _pop_entry(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    held = _entries(receiver, frame)
    value = _get(receiver, positional, keywords, frame)
    if positional and isinstance(positional[0], Const):
        kept = tuple((key, item) for key, item in held.known if key != positional[0].value)
        _write(receiver, Entries(kept, held.rest), frame)
    return value


def _replaced(receiver: Value, positional: list[Value], keywords: dict[str, Value], frame: Frame) -> Value:
    """`_replace` of a named tuple."""
    if not isinstance(receiver, TupleValue):
        return Unknown("a list has no fields")
    items = zip(receiver.names, receiver.items, strict=False)
    return TupleValue(tuple(keywords.get(name, item) for name, item in items), receiver.names)


Handler = Callable[[Value, list[Value], dict[str, Value], Frame], Value]
_LIST: Mapping[str, Handler] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "index": _index,
    "count": _count,
    "copy": _copy,
    "reverse": _reorder,
    "sort": _shuffle,
    "clear": _clear,
    "_replace": _replaced,
}
_DICT: Mapping[str, Handler] = {
    "get": _get,
    "setdefault": _set_default,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _items,
    "pop": _pop_entry,
    "copy": _copy,
    "clear": _clear,
}
