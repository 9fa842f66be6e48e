"""Laws of the order of values: join, leq and widen, and what guards exclude."""

from __future__ import annotations

import os

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from losslint.domain.dim import UNKNOWN_SHAPE, Shape, exact
from losslint.domain.kind import (
    Bounded,
    ClassIndex,
    Filled,
    Logits,
    LogProbs,
    LogSigmoid,
    NonNegative,
    OneHot,
    Probs,
    SigmoidProbs,
    Truth,
    Unit,
    Unspecified,
    describe_kind,
    with_dim,
)
from losslint.domain.lattice import MAX_OPTIONS, choice, join, join_kinds, join_shapes, leq, options_of, widen
from losslint.domain.origin import Cut, Site
from losslint.domain.value import (
    ALWAYS,
    NONE,
    Choice,
    Const,
    DictValue,
    Entries,
    Library,
    ListValue,
    Option,
    Repeated,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
)
from losslint.interp.store import Store

DIMS = st.sampled_from((None, -1, 0, 1, 2))
BOUNDS = st.sampled_from((None, 0, 1, 5))
KINDS = st.one_of(
    st.sampled_from((Logits(), SigmoidProbs(), LogSigmoid(), NonNegative(), Bounded(), Unit(), Truth(), Unspecified())),
    st.builds(Probs, DIMS, st.booleans()),
    st.builds(LogProbs, DIMS, st.booleans()),
    st.builds(OneHot, DIMS),
    st.builds(ClassIndex, BOUNDS, BOUNDS),
    st.builds(Filled, st.sampled_from((None, 0.0, 1.0))),
)
SIZES = st.sampled_from((None, 1, 8, 10))
SHAPES = st.one_of(
    st.just(UNKNOWN_SHAPE),
    st.lists(SIZES, max_size=3).map(lambda sizes: exact(*sizes)),
    st.builds(
        lambda front, back: Shape(tuple(front), tuple(back)), st.lists(SIZES, max_size=2), st.lists(SIZES, max_size=2)
    ),
)
SCALARS = st.builds(
    Scalar, st.sampled_from(("int", "float")), st.sampled_from((None, 0, 1)), st.sampled_from((None, 1, 4))
)
CUTS = st.sampled_from((None, Cut("detach", Site(None, None)), Cut("round", Site(None, None), flat=True)))
TENSORS = st.builds(
    Tensor,
    KINDS,
    SHAPES,
    st.sampled_from((None, "float32", "int64")),
    batch=st.sampled_from((None, None, 0, 1)),
    cut=st.one_of(st.none(), CUTS),
)
CONSTANTS = st.sampled_from((0, 1, True, False, None, "a", 1.0)).map(Const)
PLAIN = st.one_of(
    TENSORS,
    CONSTANTS,
    SCALARS,
    st.sampled_from((ListValue(1), ListValue(2), DictValue(3), Library("a.b"), Library("a.c"))),
)
TESTS = st.sampled_from([("truth", ("name", name)) for name in "abc"])
GUARDS = st.dictionaries(TESTS, st.booleans(), max_size=2).map(lambda answers: frozenset(answers.items()))
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: TupleValue(tuple(items))),
        st.builds(Repeated, inner),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(lambda held: Entries(tuple(held.items()))),
    ),
    max_leaves=4,
)
SETTLED = st.recursive(
    PLAIN.filter(lambda value: not (isinstance(value, Tensor) and isinstance(value.kind, Filled))),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: TupleValue(tuple(items))),
    max_leaves=4,
)
"""Values of which none covers several alternatives at once; those that do are a known gap below."""
FEW = st.lists(SETTLED, min_size=1, max_size=3).map(lambda values: choice(Option(ALWAYS, value) for value in values))


LONG = os.environ.get("LOSSLINT_LONG") == "1"
LAW = settings(max_examples=1500 if LONG else 150, deadline=None, derandomize=not LONG)


def small(*values: object) -> bool:
    """True where no join of the values can meet the cap."""
    return sum(_width(value) for value in values) <= MAX_OPTIONS


def _width(value: object) -> int:
    match value:
        case Choice(options):
            return sum(_width(option.value) for option in options)
        case TupleValue(items):
            return 1 + sum(_width(item) for item in items)
        case Repeated(element, tail):
            return 1 + sum(_width(item) for item in (element, *tail))
        case Entries(known, rest):
            return 1 + sum(_width(item) for _, item in known) + (_width(rest) if rest is not None else 0)
        case _:
            return 1


@LAW
@given(KINDS, KINDS)
def test_join_of_kinds_commutes(one, two):
    assert join_kinds(one, two) == join_kinds(two, one)


@LAW
@given(KINDS)
def test_join_of_a_kind_with_itself(kind):
    assert join_kinds(kind, kind) == kind
    assert describe_kind(kind)
    assert with_dim(with_dim(kind, 1), 1) == with_dim(kind, 1)


@LAW
@given(KINDS, KINDS)
def test_join_of_kinds_covers_both(one, two):
    joined = join_kinds(one, two)
    if joined is not None:
        assert join_kinds(joined, one) == joined
        assert join_kinds(joined, two) == joined


@LAW
@given(SHAPES, SHAPES)
def test_join_of_shapes_commutes(one, two):
    assert join_shapes(one, two) == join_shapes(two, one)
    assert join_shapes(one, one) == one


@LAW
@given(SHAPES, SHAPES)
def test_join_of_shapes_claims_nothing_that_one_side_does_not(one, two):
    joined = join_shapes(one, two)
    for dim in range(-4, 5):
        if joined.at(dim) is not None:
            assert joined.at(dim) == one.at(dim) == two.at(dim)
    if joined.rank is not None:
        assert joined.rank == one.rank == two.rank


@LAW
@given(SHAPES, SHAPES, SHAPES)
def test_join_of_shapes_associates(one, two, three):
    assert join_shapes(join_shapes(one, two), three) == join_shapes(one, join_shapes(two, three))


@LAW
@given(SETTLED, SETTLED)
def test_join_commutes(one, two):
    assume(small(one, two))
    assert join(one, two) == join(two, one)


def holds_unknown(value: object) -> bool:
    """True where unknown things stand inside a value: what covers what is then not told."""
    return "Unknown(" in repr(value)


@LAW
@given(SETTLED, SETTLED, SETTLED)
def test_join_associates(one, two, three):
    assume(small(one, two, three))
    assert join(join(one, two), three) == join(one, join(two, three))


@LAW
@given(VALUES, VALUES)
def test_two_values_are_at_most_their_join(one, two):
    joined = join(one, two)
    assert leq(one, joined) or holds_unknown(joined)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ((TupleValue(()), TupleValue((NONE,))), Repeated(NONE)),
        pytest.param(
            (Tensor(Logits(), exact(1)), Tensor(SigmoidProbs(), exact(1))),
            Tensor(Filled(0.0)),
            marks=pytest.mark.xfail(reason="a canvas joins the first kind it meets, its shape too", strict=True),
        ),
    ],
)
def test_what_covers_several_alternatives_covers_them_in_any_order(narrow, wide):
    sides = [Option(ALWAYS, value) for value in (*narrow, wide)]
    assert choice(sides) == choice(reversed(sides))


@LAW
@given(VALUES)
def test_join_with_itself(value):
    assert join(value, choice(options_of(value))) == value


@LAW
@given(FEW)
def test_join_of_alternatives_with_themselves_settles(value):
    """Uniting alternatives can show that one covers another; after that nothing changes any more."""
    again = choice((Option(ALWAYS, value), *options_of(value)))
    assert len(options_of(again)) <= len(options_of(value))
    last = choice((Option(ALWAYS, again), *options_of(again)))
    assert choice((Option(ALWAYS, last), *options_of(last))) == last


@LAW
@given(VALUES)
def test_leq_is_reflexive(value):
    assert leq(value, value)
    assert leq(value, Unknown("top"))


@LAW
@given(FEW, FEW)
def test_both_sides_are_at_most_their_join(one, two):
    assume(small(one, two))
    joined = join(one, two)
    assert leq(one, joined)
    assert leq(two, joined)


@LAW
@given(PLAIN, PLAIN)
def test_leq_is_antisymmetric(one, two):
    if leq(one, two) and leq(two, one):
        assert one == two


@LAW
@given(PLAIN, PLAIN, PLAIN)
def test_leq_is_transitive(one, two, three):
    if leq(one, two) and leq(two, three):
        assert leq(one, three)


@LAW
@given(st.lists(VALUES, min_size=1, max_size=12))
def test_widening_ends(values):
    """Whatever a loop gives turn by turn, its state settles, and what it settles on covers the last turn."""
    state, changes = values[0], 0
    for turn in range(60):
        after = widen(state, values[turn % len(values)], turn)
        changes += after != state
        state = after
    assert changes <= 12
    for value in values:
        assert widen(state, value, 60) == state


@LAW
@given(FEW, FEW, st.integers(0, 9))
def test_widening_covers_both(one, two, rounds):
    assume(small(one, two))
    widened = widen(one, two, rounds)
    assert leq(one, widened) or holds_unknown(widened)
    assert leq(two, widened) or holds_unknown(widened)


@LAW
@given(st.lists(st.tuples(GUARDS, FEW), min_size=1, max_size=3))
def test_choices_are_flat_and_repeat_nothing(sides):
    value = choice(Option(guard, inner) for guard, inner in sides)
    if isinstance(value, Choice):
        assert 2 <= len(value.options) <= MAX_OPTIONS
        assert not any(isinstance(option.value, Choice) for option in value.options)
        assert len(set(value.options)) == len(value.options)


@LAW
@given(GUARDS, GUARDS)
def test_guards_of_nested_choices_add_up(outer, inner):
    nested = Choice((Option(inner, Const(1)), Option(ALWAYS, Const("a"))))
    value = choice((Option(outer, nested), Option(ALWAYS, NONE)))
    assert isinstance(value, Choice)
    assert [option.guard for option in value.options] == [outer | inner, outer, ALWAYS]


def test_too_many_alternatives_are_unknown():
    many = [Option(ALWAYS, Const(number)) for number in range(MAX_OPTIONS + 1)]
    assert isinstance(choice(many[:-1]), Choice)
    assert isinstance(choice(many), Unknown)
    assert isinstance(choice(()), Unknown)


def test_ranges_that_a_setting_chooses_between_stay_apart():
    few, many = Tensor(ClassIndex(0, 3), exact(None)), Tensor(ClassIndex(-1, -1), exact(None))
    test = ("truth", ("name", "a"))
    chosen = choice((Option(frozenset({(test, True)}), few), Option(frozenset({(test, False)}), many)))
    assert isinstance(chosen, Choice)
    assert [option.value for option in chosen.options] == [few, many]
    mixed = choice((Option(ALWAYS, few), Option(ALWAYS, many)))
    assert mixed == Tensor(ClassIndex(-1, 3), exact(None))
    assert choice((Option(ALWAYS, Scalar("int", 1, 2)), Option(ALWAYS, Scalar("int", 4, 5)))) == Scalar("int", 1, 5)
    assert isinstance(choice((Option(ALWAYS, Scalar("int", 1, 2)), Option(ALWAYS, Scalar("float")))), Choice)


def test_equal_alternatives_merge_where_one_guard_says_when_either_holds():
    shared, left, right = ((("truth", ("name", name)), True) for name in "abc")
    opposite = (left[0], False)

    def merged(one, two):
        value = choice((Option(frozenset(one), Const(1)), Option(frozenset(two), Const(1)), Option(ALWAYS, NONE)))
        assert isinstance(value, Choice)
        return [option.guard for option in value.options if option.value == Const(1)]

    assert merged({shared, left}, {shared, opposite}) == [frozenset({shared})]
    assert merged({shared}, {shared, left}) == [frozenset({shared})]
    assert merged({shared, left}, {shared, right}) == [frozenset({shared, left}), frozenset({shared, right})]
    assert merged((), {left}) == [ALWAYS]


OPTIONS = st.lists(GUARDS, min_size=2, max_size=5).map(
    lambda guards: Choice(tuple(Option(guard, Const(at)) for at, guard in enumerate(guards)))
)


@LAW
@given(OPTIONS, GUARDS)
def test_narrowing_drops_exactly_what_the_answers_contradict(value, answers):
    store = Store()
    store.assume(answers)
    known = dict(answers)
    left = [
        option.value for option in value.options if all(known.get(test, side) == side for test, side in option.guard)
    ]
    narrowed = store.narrowed(value)
    if not left:
        assert narrowed == value
    elif len(left) == 1:
        assert narrowed == left[0]
    else:
        assert [option.value for option in options_of(narrowed)] == left


@LAW
@given(OPTIONS, GUARDS)
def test_narrowing_twice_is_narrowing_once(value, answers):
    store = Store()
    store.assume(answers)
    assert store.narrowed(store.narrowed(value)) == store.narrowed(value)


@LAW
@given(OPTIONS, GUARDS)
def test_answers_of_one_side_stay_on_it(value, answers):
    store = Store()
    store.fork().assume(answers)
    assert store.narrowed(value) == value
    assert all(store.answer(test) is None for test, _ in answers)


@LAW
@given(GUARDS)
def test_a_guard_allows_itself_and_excludes_its_opposite(guard):
    store = Store()
    store.assume(guard)
    assert store.allows(guard)
    for test, side in guard:
        assert store.answer(test) == side
        assert not store.allows(frozenset({(test, not side)}))


def test_compound_answers_tell_of_their_parts():
    one, two = ("truth", ("name", "a")), ("truth", ("name", "b"))
    store = Store()
    store.assume(frozenset({(("and", one, ("not", two)), True)}))
    assert store.answer(one) is True
    assert store.answer(two) is False
    store = Store()
    store.assume(frozenset({(("or", one, two), False)}))
    assert store.answer(one) is False
    assert store.answer(two) is False
    store = Store()
    store.assume(frozenset({(("and", one, two), False)}))
    assert store.answer(one) is None


def test_sides_that_go_on_are_joined_and_sides_that_ended_are_not():
    store, test, key = Store(), ("truth", ("name", "a")), ("scope", "x")
    store.write(key, NONE)
    yes, no = frozenset({(test, True)}), frozenset({(test, False)})
    then, otherwise = store.fork(), store.fork()
    then.write(key, Const(1))
    otherwise.write(key, Const("a"))
    store.merge([(then, yes), (otherwise, no)], (), "scope")
    assert store.read(key) == Choice((Option(yes, Const(1)), Option(no, Const("a"))))
    store.assume(no)
    assert store.narrowed(store.read(key)) == Const("a")
    ended = Store()
    ended.write(key, NONE)
    gone = ended.fork()
    gone.write(key, Const(1))
    ended.merge([(ended.fork(), no)], [(gone, yes)], "scope")
    assert ended.read(key) == NONE
