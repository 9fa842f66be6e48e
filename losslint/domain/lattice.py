"""Order and join of values. `Unknown` is the top: everything is at most as unknown as it."""

from __future__ import annotations

from collections.abc import Iterable

from losslint.domain.dim import Shape, Size
from losslint.domain.dtype import join_dtypes
from losslint.domain.kind import ClassIndex, Filled, Kind, LogProbs, OneHot, Probs
from losslint.domain.value import (
    ALWAYS,
    PARTLY,
    Choice,
    Const,
    Entries,
    Guard,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)

MAX_OPTIONS = 10
MAX_PARTS = 512


def options_of(value: Value) -> tuple[Option, ...]:
    """The alternatives of a value; a single one has no guard."""
    return value.options if isinstance(value, Choice) else (Option(ALWAYS, value),)


def choice(options: Iterable[Option]) -> Value:
    """Unite alternatives: nested ones are flattened, those that one value can cover are merged, too many become Unknown."""
    united: list[Option] = []
    for option in options:
        for inner in options_of(option.value):
            _add(united, Option(option.guard | inner.guard if inner.guard else option.guard, inner.value))
    if len(united) == 1:
        return united[0].value
    if not united:
        return Unknown("no value reaches this place")
    if len(united) > MAX_OPTIONS:
        return Unknown("too many alternatives")
    return Choice(tuple(united))


def _add(united: list[Option], new: Option) -> None:
    crowded = len(united) >= MAX_OPTIONS // 2
    for position, seen in enumerate(united):
        guard = seen.guard & new.guard if crowded else either(seen.guard, new.guard)
        if guard is None:
            continue
        merged = _merge(seen.value, new.value, seen.guard, new.guard)
        if merged is not None:
            del united[position]
            _add(united, Option(guard, merged))  # having grown, it may cover others too
            return
    united.append(new)


def either(one: Guard, two: Guard) -> Guard | None:
    """The guard that holds where one of two does; None where no single guard says that."""
    if one <= two:
        return one
    if two <= one:
        return two
    first, second = one - two, two - one
    if len(first) == 1 and len(second) == 1:
        (test, side), (other, opposite) = next(iter(first)), next(iter(second))
        if test == other and side != opposite:
            return one & two
    return None


def join(left: Value, right: Value, left_guard: Guard = ALWAYS, right_guard: Guard = ALWAYS) -> Value:
    """The least value that covers both; guards say when each side holds."""
    if left is right:
        return left
    return choice((Option(left_guard, left), Option(right_guard, right)))


def _merge(left: Value, right: Value, left_guard: Guard, right_guard: Guard) -> Value | None:
    """One value that covers both, or None where only a choice of the two does."""
    if left == right:
        return left
    if left_guard != right_guard and _is_range(left) and _is_range(right):
        return None  # the ends of both need not occur together: a setting may choose between them
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        kind = join_kinds(left.kind, right.kind)
        if kind is None:
            return None
        dtype = join_dtypes(left.dtype, right.dtype)
        origin = right.origin if isinstance(left.kind, Filled) else left.origin
        batch = left.batch if left.batch == right.batch else None
        cut = left.cut if left.cut == right.cut else None
        return Tensor(kind, join_shapes(left.shape, right.shape), dtype, origin, _watched(left, right), batch, cut)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _join_scalars(left, right)
    if isinstance(left, TupleValue) and isinstance(right, TupleValue) and len(left.items) == len(right.items):
        pairs = zip(left.items, right.items, strict=True)
        items = tuple(join(a, b, left_guard, right_guard) for a, b in pairs)
        return TupleValue(items, left.names if left.names == right.names else ())
    if isinstance(left, Repeated | TupleValue) and isinstance(right, Repeated | TupleValue):
        return _join_repeated(left, right)
    if isinstance(left, Entries) and isinstance(right, Entries):
        return _join_entries(left, right, left_guard, right_guard)
    if isinstance(left, Unknown) and isinstance(right, Unknown):
        return Unknown(left.why)
    return None


def _is_range(value: Value) -> bool:
    """True for integers of which an end is known."""
    held = value.kind if isinstance(value, Tensor) else value
    return isinstance(held, ClassIndex | Scalar) and (held.low is not None or held.high is not None)


def _join_scalars(left: Scalar, right: Scalar) -> Scalar | None:
    if left.type != right.type:
        return None
    low = None if left.low is None or right.low is None else min(left.low, right.low)
    high = None if left.high is None or right.high is None else max(left.high, right.high)
    return Scalar(left.type, low, high, left.origin, left.symbol if left.symbol == right.symbol else None)


def _watched(left: Tensor, right: Tensor) -> frozenset[object]:
    if left.watched == right.watched:
        return left.watched
    return left.watched | right.watched | {PARTLY}


def is_light(value: Value) -> bool:
    """True while a value has few enough parts, counted as a tree, to be compared quickly."""
    left, pending = MAX_PARTS, [value]
    while pending:
        left -= 1
        if left < 0:
            return False
        match pending.pop():
            case TupleValue(items):
                pending.extend(items)
            case Repeated(element, tail):
                pending.extend((element, *tail))
            case Choice(options):
                pending.extend(option.value for option in options)
            case _:
                continue
    return True


def _join_repeated(left: Repeated | TupleValue, right: Repeated | TupleValue) -> Value | None:
    one = left if isinstance(left, Repeated) else None
    two = right if isinstance(right, Repeated) else None
    if one is None and two is None:
        return None  # tuples of different lengths are alternatives; only lists become repeated
    if one is not None and two is not None and len(one.tail) == len(two.tail):
        tail = tuple(join(a, b) for a, b in zip(one.tail, two.tail, strict=True))
        return Repeated(join(one.element, two.element), tail)
    return Repeated(element_of((left, right)))


def element_of(iterables: Iterable[Repeated | TupleValue]) -> Value:
    """One value that covers every element."""
    elements: list[Option] = []
    for one in iterables:
        items = one.items if isinstance(one, TupleValue) else (one.element, *one.tail)
        elements += [Option(ALWAYS, item) for item in items]
    return _one_of_many(elements) or choice(elements)


def _one_of_many(elements: list[Option]) -> Scalar | None:
    """One of more integers than alternatives are kept, as far as it can be told."""
    integers: set[int] = set()
    for option in elements:
        held = option.value.value if isinstance(option.value, Const) else None
        if not isinstance(held, int) or isinstance(held, bool):
            return None
        integers.add(held)
    return Scalar("int", min(integers), max(integers)) if len(integers) > MAX_OPTIONS else None


def _join_entries(left: Entries, right: Entries, left_guard: Guard, right_guard: Guard) -> Entries:
    one, two = dict(left.known), dict(right.known)
    known = [
        (
            key,
            join(one[key], two[key], left_guard, right_guard)
            if key in one and key in two
            else one.get(key, two.get(key)),
        )
        for key in dict.fromkeys((*one, *two))
    ]
    rest = left.rest if right.rest is None else right.rest if left.rest is None else join(left.rest, right.rest)
    return Entries(tuple((key, value) for key, value in known if value is not None), rest)


def join_kinds(left: Kind, right: Kind) -> Kind | None:
    """The kind that covers both, or None where only a choice of the two does."""
    if left == right:
        return left
    if isinstance(left, Filled) and not isinstance(right, Filled | ClassIndex):
        return right
    if isinstance(right, Filled) and not isinstance(left, Filled | ClassIndex):
        return left
    if isinstance(left, Probs) and isinstance(right, Probs):
        return Probs(left.dim if left.dim == right.dim else None, left.whole and right.whole)
    if isinstance(left, LogProbs) and isinstance(right, LogProbs):
        return LogProbs(left.dim if left.dim == right.dim else None, left.whole and right.whole)
    if isinstance(left, OneHot) and isinstance(right, OneHot):
        return OneHot(None)
    if isinstance(left, ClassIndex) and isinstance(right, ClassIndex):
        low = None if left.low is None or right.low is None else min(left.low, right.low)
        high = None if left.high is None or right.high is None else max(left.high, right.high)
        return ClassIndex(low, high)
    if isinstance(left, Filled) and isinstance(right, Filled):
        return Filled(None)
    return None


def join_shapes(left: Shape, right: Shape) -> Shape:
    """What both shapes agree on."""
    if left == right:
        return left
    if left.exact and right.exact and len(left.front) == len(right.front):
        return Shape(_agree(left.front, right.front), exact=True)
    front = _agree(left.front, right.front)
    back_left = left.front if left.exact else left.back
    back_right = right.front if right.exact else right.back
    back = tuple(reversed(_agree(tuple(reversed(back_left)), tuple(reversed(back_right)))))
    return Shape(front, back)


def _agree(left: tuple[Size, ...], right: tuple[Size, ...]) -> tuple[Size, ...]:
    return tuple(a if a == b else None for a, b in zip(left, right, strict=False))


def leq(left: Value, right: Value) -> bool:
    """True where `right` covers everything that `left` can be."""
    return join(right, left) == right or isinstance(right, Unknown)


def widen(old: Value, new: Value, rounds: int) -> Value:
    """The join that ends: after a few rounds whatever still grows becomes unknown."""
    joined = join(old, new)
    if rounds < 3 or joined == old:
        return joined
    return _forget_growth(old, joined)


def _forget_growth(old: Value, new: Value) -> Value:
    if isinstance(new, Tensor) and isinstance(old, Tensor):
        kind = ClassIndex() if isinstance(new.kind, ClassIndex) else new.kind
        return Tensor(kind, join_shapes(Shape(), new.shape), new.dtype, new.origin, new.watched)
    if isinstance(new, Repeated) and isinstance(old, Repeated):
        return Repeated(_forget_growth(old.element, element_of((new,))))
    return Unknown("changes with every turn of a loop")
