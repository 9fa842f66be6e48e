"""Who reads the numbers of an activation, and whether they would mind the scores in their place.

Judged by the syntax around every expression that a run saw holding the numbers. What is not known to be harmless minds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import libcst as cst

from losslint.domain.kind import LogProbs, Probs
from losslint.domain.value import Tensor, Unknown
from losslint.facts import Fact, LossCall, LossCase
from losslint.fixes.attributes import uses_of_attributes
from losslint.fixes.code import Codes
from losslint.interp.watching import Callee, CalleeSort, Sightings
from losslint.knowledge import readers as known
from losslint.knowledge.index import Knowledge
from losslint.knowledge.schema import LossRow
from losslint.knowledge.tensor_effects import Fold, Transfer
from losslint.names.project import Unit

_CARRIERS = (
    cst.Return,
    cst.Expr,
    cst.NamedExpr,
    cst.Element,
    cst.StarredElement,
    cst.DictElement,
    cst.StarredDictElement,
    cst.ListComp,
    cst.GeneratorExp,
    cst.SetComp,
    cst.DictComp,
    cst.Lambda,
    cst.Yield,
    cst.Await,
    cst.Del,
)
"""What hands a value on to where it is looked at again."""
_WORDS: Mapping[type[cst.CSTNode], str] = {
    cst.FormattedStringExpression: "printed",
    cst.BinaryOperation: "computed with",
    cst.UnaryOperation: "computed with",
    cst.AugAssign: "added up",
    cst.Subscript: "read in part",
    cst.Index: "used as an index",
    cst.If: "tested",
    cst.Assert: "tested",
    cst.BooleanOperation: "tested",
}
_OPEN = {Tensor, Unknown}


class Way(Enum):
    """How numbers are read."""

    LOSS = "by a loss"
    ORDER = "for their order"
    FORM = "for their form"
    THRESHOLD = "against a threshold"
    VALUE = "for their values"


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """One place where the numbers are read. `node` is the reading expression, `said` words it for users."""

    unit: Unit
    node: cst.CSTNode
    way: Way
    said: str
    held: cst.CSTNode
    """The expression that holds the numbers there."""
    threshold: cst.BaseNumber | None = None
    """The number that they are compared with; None where they are rounded."""
    cases: tuple[LossCase, ...] = ()
    """For a loss: the alternatives in which it reads these numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What a run saw, ready to be asked who reads what."""

    seen: Sightings
    codes: Codes
    losses: Mapping[object, list[LossCall]]
    knowledge: Knowledge

    def of(self, source: object) -> Iterator[Reader]:
        """All readers of the numbers that `source` makes."""
        for node, sources in self.seen.held.items():
            unit = self.seen.homes[node]
            if source in sources and isinstance(unit, Unit):
                reader = self._reader(unit, node, source)
                if reader is not None:
                    yield reader
        yield from self._out_of_sight(source)
        for unit, node, said in uses_of_attributes(source, self.seen, self.codes):
            yield Reader(unit, node, Way.VALUE, said, node)
        for loss in self.seen.lost:
            if loss.site.node in self.seen.called and isinstance(loss.site.node, cst.FunctionDef | cst.Lambda):
                continue  # it was run by itself before its caller was
            if loss.source is source and isinstance(loss.site.module, Unit) and isinstance(loss.site.node, cst.CSTNode):
                yield Reader(loss.site.module, loss.site.node, Way.VALUE, loss.why, loss.site.node)

    def _out_of_sight(self, source: object) -> Iterator[Reader]:
        """Frameworks that take a loss of the numbers themselves, and hand them on to who knows whom."""
        for facts in self.losses.values():
            for fact in facts:
                unit, node = fact.site.module, fact.site.node
                reads = fact.by_framework is not None and any(_watches(case.input, source) for case in fact.cases)
                if reads and isinstance(unit, Unit) and isinstance(node, cst.CSTNode):
                    yield Reader(unit, node, Way.VALUE, f"read by {fact.by_framework}", node)

    def given_away(self, unit: Unit, node: cst.CSTNode, strictly: bool) -> Iterator[Reader]:
        """The places that put the model in which an activation stands where other programs read it, or `strictly` all those that
        give it to something that is not followed."""
        ways = [(self.seen.exported, "the model is saved or exported")]
        ways += [(self.seen.escaped, "the model is given to something that is not followed")] if strictly else []
        for one in (node, *self.codes.above(unit, node)):
            for places, said in ways:
                site = places.get(one)
                if site is not None and isinstance(site.module, Unit) and isinstance(site.node, cst.CSTNode):
                    yield Reader(site.module, site.node, Way.VALUE, said, site.node)

    def is_array(self, source: object) -> bool:
        """True where the numbers become an array of another library somewhere."""
        return any(
            source in self.seen.held.get(call, ())
            and any(one.name.rpartition(".")[2] in known.ARRAYS for one in callees)
            for call, callees in self.seen.callees.items()
        )

    def _holds(self, node: cst.CSTNode | None, source: object) -> bool:
        return node is not None and source in self.seen.held.get(node, ())

    def _reader(self, unit: Unit, node: cst.CSTNode, source: object) -> Reader | None:
        parent = self.codes.parent(unit, node)
        if parent is None:
            return None
        if self._holds(parent, source):
            return self._bent(unit, parent, node, source)
        match parent:
            case cst.Arg():
                call = self.codes.parent(unit, parent)
                return self._argument(unit, call, node, source) if isinstance(call, cst.Call) else None
            case cst.Attribute():
                return self._attribute(unit, parent, node, source)
            case cst.Comparison() | cst.ComparisonTarget():
                return self._comparison(unit, parent, node)
            case cst.Assign() | cst.AnnAssign():
                return self._assignment(unit, parent, node)
            case cst.For() | cst.CompFor():
                turned = Tensor in self.seen.sorts.get(node, ())
                return self._by_value(unit, parent, node, "gone through") if turned else None
            case _ if isinstance(parent, _CARRIERS):
                return None
        return self._by_value(unit, parent, node, _WORDS.get(type(parent), "read here"))

    def _bent(self, unit: Unit, at: cst.CSTNode, node: cst.CSTNode, source: object) -> Reader | None:
        """What hands numbers on is no reader, unless it would do something else to scores, or puts other numbers beside them."""
        if not isinstance(at, cst.Call):
            return None
        callees = self.seen.callees.get(at, set())
        if any(self._bends(one, at) for one in callees):
            return self._by_value(unit, at, node, f"bent by {_shown(at, callees)}")
        of_program = all(one.sort is CalleeSort.FUNCTION for one in callees)
        if not of_program and source in self.seen.partial.get(node, ()):
            return self._by_value(unit, at, node, "put beside other numbers")
        return None

    def _bends(self, callee: Callee, call: cst.Call) -> bool:
        """True for an operation that leaves probabilities as they are, and not scores: relu, clamp, the larger of two tensors."""
        row = (
            self.knowledge.method(callee.name) if callee.sort is CalleeSort.METHOD else self.knowledge.row(callee.name)
        )
        effect = None if row is None or isinstance(row, LossRow) else row.effect
        if isinstance(effect, Fold) and effect.pair:
            others = call.args if callee.sort is CalleeSort.METHOD else call.args[1:]
            return any(arg.keyword is None and _integer(arg.value) is None for arg in others)
        return isinstance(effect, Transfer)

    def _by_value(self, unit: Unit, at: cst.CSTNode, held: cst.CSTNode, said: str) -> Reader:
        return Reader(unit, at if isinstance(at, cst.BaseExpression) else held, Way.VALUE, said, held)

    def _argument(self, unit: Unit, call: cst.Call, node: cst.CSTNode, source: object) -> Reader | None:
        if self._holds(call, source):
            return self._bent(unit, call, node, source)
        facts = self.losses.get(call, ())
        if facts:
            return self._loss(unit, call, node, source, facts)
        callees = self.seen.callees.get(call, set())
        if callees and all(one.sort is CalleeSort.FUNCTION for one in callees):
            return None  # read inside, where the parameter is
        names = {one.name.rpartition(".")[2] for one in callees if one.sort is CalleeSort.LIBRARY}
        if len(names) == 1 and len(callees) == 1:
            return self._operation(unit, call, node, names.pop(), call.args[1:])
        return self._by_value(unit, call, node, f"given to {_shown(call, callees)}")

    def _loss(self, unit: Unit, call: cst.Call, node: cst.CSTNode, source: object, facts: list[LossCall]) -> Reader:
        cases = tuple(case for fact in facts for case in fact.cases if _watches(case.input, source))
        if not cases or any(_watches(case.target, source) for fact in facts for case in fact.cases):
            return self._by_value(unit, call, node, "the target of a loss")
        return Reader(unit, call, Way.LOSS, "read by a loss", node, cases=cases)

    def _attribute(self, unit: Unit, parent: cst.Attribute, node: cst.CSTNode, source: object) -> Reader | None:
        name = parent.attr.value
        call = self.codes.parent(unit, parent)
        if not (isinstance(call, cst.Call) and call.func is parent):
            if name in known.FORM:
                return Reader(unit, parent, Way.FORM, f"asked for its {name}", node)
            return self._by_value(unit, parent, node, f"asked for its {name}")
        if self._holds(call, source):
            return self._bent(unit, call, node, source)
        if all(one.sort is CalleeSort.FUNCTION for one in self.seen.callees.get(call, ())):
            return None  # a method of a list or dict that holds the numbers: its result is looked at where it is read
        return self._operation(unit, call, node, name, call.args)

    def _operation(
        self, unit: Unit, call: cst.Call, node: cst.CSTNode, name: str, others: Sequence[cst.Arg]
    ) -> Reader | None:
        """A function or method of tensors, by the last part of its name; `others` are the arguments besides the tensor."""
        if name in known.FORM and not (name in known.CASTS and others):
            return Reader(unit, call, Way.FORM, f"asked for its {name}", node)
        if (name in known.ORDER or (name in known.PAIRS and self._wants_indices(unit, call))) and self._along(
            name, node, others
        ):
            return Reader(unit, call, Way.ORDER, f"read by {name}", node)
        alone = node not in self.seen.others
        if name in known.ROUNDS and not others and alone:
            return Reader(unit, call, Way.THRESHOLD, "rounded", node)
        if name in known.COMPARES and len(others) == 1 and alone and isinstance(others[0].value, cst.BaseNumber):
            return Reader(unit, call, Way.THRESHOLD, f"compared by {name}", node, others[0].value)
        return self._by_value(unit, call, node, f"read by {name}")

    def _along(self, name: str, node: cst.CSTNode, others: Sequence[cst.Arg]) -> bool:
        """True where the order that is read is the one that the activation keeps: along the axis of softmax, any of sigmoid."""
        held = self.seen.tensors.get(node, set())
        if not any(isinstance(one.kind, Probs | LogProbs) for one in held):
            return True
        place = known.AXIS_PLACES.get(name, 0)
        by_place = [arg.value for arg in others if arg.keyword is None][place : place + 1]
        by_name = [arg.value for arg in others if arg.keyword is not None and arg.keyword.value in known.AXIS_NAMES]
        axis = next(iter((*by_name, *by_place)), None)
        number = -1 if axis is None and name in known.LAST_AXIS else _integer(axis)
        if number is None:
            return axis is None and all(one.shape.rank == 1 for one in held)
        return all(_is_axis(one, number) for one in held)

    def _wants_indices(self, unit: Unit, call: cst.Call) -> bool:
        """True where of the values and indices that a call gives only the indices are used."""
        parent = self.codes.parent(unit, call)
        if isinstance(parent, cst.Attribute):
            return parent.attr.value == known.INDICES
        if isinstance(parent, cst.Subscript):
            inner = parent.slice[0].slice if len(parent.slice) == 1 else None
            return isinstance(inner, cst.Index) and _integer(inner.value) in (1, -1)
        if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
            return False
        target = parent.targets[0].target
        if not isinstance(target, cst.Tuple) or len(target.elements) != 2:
            return False
        first = target.elements[0].value
        return isinstance(first, cst.Name) and not self._is_read(unit, first)

    def _is_read(self, unit: Unit, name: cst.Name) -> bool:
        """True where a variable is looked up anywhere in its function."""
        above = list(self.codes.above(unit, name))
        within = next((one for one in above if isinstance(one, cst.FunctionDef | cst.Lambda)), above[-1])
        return any(
            node.value == name.value and node in self.seen.sorts
            for node in self.codes.nodes(within)
            if isinstance(node, cst.Name)
        )

    def _comparison(self, unit: Unit, parent: cst.CSTNode, node: cst.CSTNode) -> Reader:
        whole = parent if isinstance(parent, cst.Comparison) else self.codes.parent(unit, parent)
        if not isinstance(whole, cst.Comparison) or len(whole.comparisons) != 1:
            return self._by_value(unit, parent, node, "compared")
        link = whole.comparisons[0]
        other = link.comparator if node is whole.left else whole.left
        if isinstance(link.operator, cst.Is | cst.IsNot):
            return Reader(unit, whole, Way.FORM, "compared with None", node)
        ordered = isinstance(link.operator, cst.GreaterThan | cst.GreaterThanEqual | cst.LessThan | cst.LessThanEqual)
        if ordered and isinstance(other, cst.BaseNumber) and node not in self.seen.others:
            return Reader(unit, whole, Way.THRESHOLD, "compared with a number", node, other)
        return self._by_value(unit, whole, node, "compared")

    def _assignment(self, unit: Unit, parent: cst.Assign | cst.AnnAssign, node: cst.CSTNode) -> Reader | None:
        targets = [one.target for one in parent.targets] if isinstance(parent, cst.Assign) else [parent.target]
        for target in targets:
            if isinstance(target, cst.Subscript) and self.seen.sorts.get(target.value, {Tensor}) & _OPEN:
                return self._by_value(unit, target, node, "written into something else")
            if isinstance(target, cst.Attribute) and self.seen.sorts.get(target.value, set()) & _OPEN:
                return self._by_value(unit, target, node, "kept where it is not followed")
        return None


def _is_axis(tensor: Tensor, axis: int) -> bool:
    """True where softmax went over this axis; of an unknown number of axes the last one and axis 1 are taken for the same."""
    if not isinstance(tensor.kind, Probs | LogProbs):
        return True
    if tensor.kind.dim is None:
        return False
    made, asked = tensor.shape.normal(tensor.kind.dim), tensor.shape.normal(axis)
    return made == asked or (tensor.shape.rank is None and {made, asked} == {1, -1})


def _watches(value: object, source: object) -> bool:
    return isinstance(value, Tensor) and source in value.watched


def _integer(node: object) -> int | None:
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        inner = _integer(node.expression)
        return None if inner is None else -inner
    return int(node.value) if isinstance(node, cst.Integer) and node.value.isdecimal() else None


def _shown(call: cst.Call, callees: set[Callee]) -> str:
    name = next((one.name for one in callees if one.name), "")
    if not name and isinstance(call.func, cst.Name):
        name = call.func.value
    if not name and isinstance(call.func, cst.Attribute):
        name = call.func.attr.value
    return name.rpartition(".")[2] or "a call"


def by_place(facts: list[Fact]) -> dict[object, list[LossCall]]:
    """The loss calls of a run by their nodes."""
    found: dict[object, list[LossCall]] = {}
    for fact in facts:
        if isinstance(fact, LossCall):
            found.setdefault(fact.site.node, []).append(fact)
    return found
