"""From remedies to fixes: each remedy is tried in turn, the first that can be proved right is the fix."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from losslint.domain.kind import Kind, Logits, LogProbs, SigmoidProbs
from losslint.domain.origin import Origin, Site
from losslint.domain.value import Tensor
from losslint.facts import Fact, LossCase, OpCall
from losslint.finding import Applicability, Fix, Problem
from losslint.fixes.arguments import call_the_result, change_arguments
from losslint.fixes.code import Change, Codes, RefusedError, replaced
from losslint.fixes.drop import Application, application, drop, take_log
from losslint.fixes.fuse import fuse
from losslint.fixes.readers import Reader, Readings, Way, by_place
from losslint.fixes.swap import place_of, swap
from losslint.interp.watching import Sightings
from losslint.knowledge.index import Knowledge
from losslint.knowledge.schema import Wants
from losslint.names.project import Unit
from losslint.remedy import (
    CallTheResult,
    ChangeArguments,
    DropActivation,
    FuseLog,
    Remedy,
    SwapLoss,
    TakeLogActivation,
)

Watch = Callable[[Mapping[object, Kind]], tuple[Sightings, list[Fact]]]
Work = tuple[list[Change], str]
NAMED_READERS = 3


def sources_of(remedies: Iterable[Remedy]) -> dict[object, Kind]:
    """The nodes whose numbers must be watched before these remedies can be carried out, and the kinds of the numbers."""
    found: dict[object, Kind] = {}
    for remedy in remedies:
        inner = remedy.drop if isinstance(remedy, SwapLoss) else remedy
        if isinstance(inner, DropActivation | TakeLogActivation):
            for node in (inner.source.site.node, inner.source.built):
                if node is not None:
                    found[node] = inner.kind
    return found


@dataclass(slots=True, eq=False)
class Mender:
    """Carries out remedies on what a watching run saw."""

    codes: Codes
    knowledge: Knowledge
    readings: Readings
    operations: dict[object, list[OpCall]]

    def fix(self, remedies: Sequence[Remedy]) -> Fix:
        """The fix for a finding: that of the first remedy that can be carried out, else the first reason why there is none."""
        reasons = []
        for remedy in remedies:
            found = self._attempt(remedy)
            if isinstance(found, Fix):
                return found
            reasons.append(found)
        return Fix(Applicability.DISPLAY, reasons[0])

    def _attempt(self, remedy: Remedy) -> Fix | str:
        """The fix, or why there is none."""
        try:
            changes, said = self._carry_out(remedy)
            return Fix(remedy.applicability, said, self.codes.edits(changes))
        except RefusedError as refusal:
            return str(refusal)

    def _carry_out(self, remedy: Remedy) -> Work:
        match remedy:
            case DropActivation():
                return self._drop(remedy)
            case TakeLogActivation():
                return self._take_log(remedy)
            case SwapLoss():
                return self._swap(remedy)
            case FuseLog(outer, inner, argument, complement):
                applied = self._applied(inner)
                return fuse(outer, applied, argument, complement, self.codes)
            case ChangeArguments(site, bound, given, without):
                unit, call = _call_at(site)
                return change_arguments(unit, call, bound, given, without, self.codes)
            case CallTheResult(site):
                return call_the_result(*_call_at(site), self.codes)

    def _applied(self, source: Origin, by_layer: bool = False) -> Application:
        facts = self.operations.get(source.site.node, [])
        return application(source, facts, self.readings.seen, self.codes, by_layer)

    def _drop(self, remedy: DropActivation) -> Work:
        if remedy.fact.by_framework is not None:
            raise RefusedError(f"{remedy.fact.by_framework} reads the output as well")
        applied = self._applied(remedy.source)
        readers = self._readers(applied, remedy.source, remedy.fact.site.node)
        changes, said = drop(applied, self.codes, self.readings.seen)
        minding = [one for one in readers if not self._takes_scores(one, remedy.kind)]
        if minding:
            raise RefusedError(self._named(minding))
        thresholds = [self._moved(one) for one in readers if one.way is Way.THRESHOLD]
        where = self.codes.where(applied.unit, applied.node)
        moved = f", compare with the scores' thresholds in {len(thresholds)} place(s)" if thresholds else ""
        return [*changes, *thresholds], f"{said} in {where}{moved}"

    def _readers(self, applied: Application, source: Origin, sink: object) -> list[Reader]:
        key = applied.node if applied.given is not None else source.built
        readers = list(self.readings.of(key))
        if not any(one.node is sink for one in readers):
            raise RefusedError("the way from the activation to the loss is not followed in each step")
        return readers

    def _takes_scores(self, reader: Reader, kind: Kind) -> bool:
        if reader.way in (Way.ORDER, Way.FORM):
            return True
        if reader.way is Way.LOSS:
            return all(case.row is not None and case.row.wants is Wants.LOGITS for case in reader.cases)
        return reader.way is Way.THRESHOLD and isinstance(kind, SigmoidProbs) and _score(reader) is not None

    def _moved(self, reader: Reader) -> Change:
        score = _score(reader)
        assert score is not None
        if reader.threshold is not None:
            return replaced(reader.unit, reader.threshold, score)
        held = self.codes.text(reader.unit, reader.held)
        return replaced(reader.unit, reader.node, f"({held} > {score}).float()")

    def _named(self, minding: Sequence[Reader]) -> str:
        places = dict.fromkeys(f"{self.codes.where(one.unit, one.node)} ({one.said})" for one in minding)
        more = f" and {len(places) - NAMED_READERS} more" if len(places) > NAMED_READERS else ""
        return f"these numbers are read elsewhere: {', '.join(list(places)[:NAMED_READERS])}{more}"

    def _take_log(self, remedy: TakeLogActivation) -> Work:
        if remedy.fact.by_framework is not None:
            raise RefusedError(f"{remedy.fact.by_framework} reads the output as well")
        applied = self._applied(remedy.source, by_layer=True)
        minding = [one for one in self._readers(applied, remedy.source, remedy.fact.site.node) if not _takes_logs(one)]
        if minding:
            raise RefusedError(self._named(minding))
        changes, said = take_log(applied)
        return changes, f"{said} in {self.codes.where(applied.unit, applied.node)}"

    def _swap(self, remedy: SwapLoss) -> Work:
        to = self.knowledge.loss(remedy.to)
        if to is None or remedy.fact.by_framework is not None:
            raise RefusedError("the loss is called out of sight")
        facts = [fact for group in self.readings.losses.values() for fact in group]
        found = place_of(remedy.case, remedy.fact, facts)
        dropped: Work = ([], "") if remedy.drop is None else self._drop_for(remedy.drop, to[0].wants)
        source = None if remedy.drop is None else remedy.drop.source.site.node
        if not all(_fits(case, to[0].wants, source) for case in found.cases):
            raise RefusedError("other inputs of this loss are of another kind, or not known")
        changes, said = swap(found, to[0], self.codes)
        both = f"{said} in {self.codes.where(found.unit, found.node)}"
        return [*changes, *dropped[0]], f"{dropped[1]}, {both}" if dropped[1] else both

    def _drop_for(self, remedy: DropActivation, wants: Wants) -> Work:
        applied = self._applied(remedy.source)
        readers = self._readers(applied, remedy.source, remedy.fact.site.node)
        sink = remedy.fact.site.node
        minding = [one for one in readers if one.node is not sink and not self._takes_scores(one, remedy.kind)]
        if minding:
            raise RefusedError(self._named(minding))
        changes, said = drop(applied, self.codes, self.readings.seen)
        thresholds = [self._moved(one) for one in readers if one.way is Way.THRESHOLD]
        return [*changes, *thresholds], f"{said} in {self.codes.where(applied.unit, applied.node)}"


def _score(reader: Reader) -> str | None:
    """The score at which sigmoid gives the number that a reader compares with; None for numbers that it never gives."""
    if reader.threshold is None:
        return "0"
    if not isinstance(reader.threshold, cst.Integer | cst.Float):
        return None
    value = float(reader.threshold.evaluated_value)
    if not 0 < value < 1:
        return None
    return "0" if value == 0.5 else f"{math.log(value / (1 - value)):.6g}"


def _takes_logs(reader: Reader) -> bool:
    if reader.way in (Way.ORDER, Way.FORM):
        return True
    takers = (Wants.LOG_PROBS, Wants.LOGITS)
    return reader.way is Way.LOSS and all(case.row is not None and case.row.wants in takers for case in reader.cases)


def _fits(case: LossCase, wants: Wants, dropped: object) -> bool:
    """True where what reaches a loss in one alternative suits the loss that comes in its place."""
    if not isinstance(case.input, Tensor):
        return False
    if dropped is not None and dropped in case.input.watched:
        return True
    if wants is Wants.LOGITS:
        return isinstance(case.input.kind, Logits)
    if wants is Wants.LOG_PROBS:
        return isinstance(case.input.kind, LogProbs) and _is_index(case.target)
    return isinstance(case.input.kind, SigmoidProbs)


def _is_index(target: object) -> bool:
    return isinstance(target, Tensor) and target.dtype is not None and "int" in target.dtype


def _call_at(site: Site) -> tuple[Unit, cst.Call]:
    if not isinstance(site.module, Unit) or not isinstance(site.node, cst.Call):
        raise RefusedError("the call is made out of sight")
    return site.module, site.node


def mender(units: Sequence[Unit], knowledge: Knowledge, seen: Sightings, facts: list[Fact]) -> Mender:
    """A mender for what a watching run saw and found in these modules."""
    codes = Codes(tuple(unit for unit in units if not isinstance(unit.document, Problem)))
    operations: dict[object, list[OpCall]] = {}
    for fact in facts:
        if isinstance(fact, OpCall):
            operations.setdefault(fact.site.node, []).append(fact)
    return Mender(codes, knowledge, Readings(seen, codes, by_place(facts)), operations)
