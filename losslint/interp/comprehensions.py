"""Comprehensions and generator expressions."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from losslint.domain.lattice import choice, element_of
from losslint.domain.value import ALWAYS, Const, Constant, Entries, Option, Repeated, TupleValue, Unknown, Value
from losslint.interp.branches import truth
from losslint.interp.frame import Frame
from losslint.interp.iteration import iterate, new_dict, new_list
from losslint.interp.scalars import without_ends


class _Gathered:
    """Elements seen so far, and whether all of them surely occur exactly once."""

    __slots__ = ("exact", "filtered", "items")

    def __init__(self) -> None:
        self.items: list[Value] = []
        self.exact = True
        self.filtered = False

    def held(self) -> TupleValue | Repeated:
        """The elements as the contents of a list."""
        if self.exact:
            return TupleValue(tuple(self.items))
        items = tuple(without_ends(item) if self.filtered else item for item in self.items)
        return Repeated(element_of((TupleValue(items),)) if items else Unknown("nothing was gathered"))


def _run(for_in: cst.CompFor, frame: Frame, gathered: _Gathered, element: Callable[[], Value]) -> None:
    inner = frame.run.fresh()
    frame.run.scope_parents[inner] = frame.scope
    outer_scope, outer_body = frame.scope, frame.class_body
    frame.scope, frame.class_body = inner, False
    try:
        _turn(for_in, frame, gathered, element)
    finally:
        frame.scope, frame.class_body = outer_scope, outer_body


def _turn(for_in: cst.CompFor, frame: Frame, gathered: _Gathered, element: Callable[[], Value]) -> None:
    source = iterate(frame.evaluate(for_in.iter), frame)
    if isinstance(source, Repeated):
        gathered.exact = False
        items: tuple[Value, ...] = (source.element, *source.tail)
    else:
        items = source.items
    for item in items:
        frame.run.machine.assign(for_in.target, item, frame)
        keep = True
        for condition in for_in.ifs:
            decided = truth(frame.evaluate(condition.test), frame).decided
            if decided is False:
                keep = False
                break
            if decided is None:
                gathered.exact, gathered.filtered = False, True
        if not keep:
            continue
        if for_in.inner_for_in is not None:
            _turn(for_in.inner_for_in, frame, gathered, element)
        else:
            gathered.items.append(element())


def eval_list_comp(node: cst.ListComp, frame: Frame) -> Value:
    """`[x for ...]`"""
    gathered = _Gathered()
    _run(node.for_in, frame, gathered, lambda: frame.evaluate(node.elt))
    return new_list(gathered.held(), frame)


def eval_generator(node: cst.GeneratorExp, frame: Frame) -> Value:
    """`(x for ...)`, gone through at once."""
    gathered = _Gathered()
    _run(node.for_in, frame, gathered, lambda: frame.evaluate(node.elt))
    return gathered.held()


def eval_set_comp(node: cst.SetComp, frame: Frame) -> Value:
    """`{x for ...}`"""
    gathered = _Gathered()
    _run(node.for_in, frame, gathered, lambda: frame.evaluate(node.elt))
    gathered.exact = False
    return gathered.held()


def eval_dict_comp(node: cst.DictComp, frame: Frame) -> Value:
    """`{k: v for ...}`"""
    gathered = _Gathered()
    known: dict[Constant, Value] = {}
    rest: list[Option] = []

    def pair() -> Value:
        key, value = frame.evaluate(node.key), frame.evaluate(node.value)
        if isinstance(key, Const) and gathered.exact:
            known[key.value] = value
        else:
            rest.append(Option(ALWAYS, value))
        return value

    _run(node.for_in, frame, gathered, pair)
    return new_dict(Entries(tuple(known.items()), choice(rest) if rest else None), frame)
