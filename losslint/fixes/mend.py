"""From remedies to fixes: each remedy is tried in turn, the first that can be proved right is the fix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from losslint.domain.kind import Kind, Probs, SigmoidProbs
from losslint.domain.origin import Origin
from losslint.domain.value import PARTLY, Tensor, Unknown
from losslint.facts import Fact, Form, LossCall, OpCall
from losslint.finding import Applicability, Fix, Problem
from losslint.fixes.arguments import call_at, call_the_result, change_arguments, chosen_axis, name_axis, other_axis
from losslint.fixes.around import take_sigmoid, write_around, write_number
from losslint.fixes.code import Change, Codes, RefusedError
from losslint.fixes.directives import remove_directive
from losslint.fixes.drop import Application, application, drop, take_log
from losslint.fixes.fuse import fuse
from losslint.fixes.literal_tensors import make_tensor
from losslint.fixes.loss_arguments import act_on_argument, give_option
from losslint.fixes.loss_forms import take_functional
from losslint.fixes.operands import write_operand
from losslint.fixes.readers import Reader, Readings, Way, by_place
from losslint.fixes.suiting import fits, moved_threshold, takes_logs, takes_one_score, takes_scores
from losslint.fixes.swap import place_of, shift_labels, swap
from losslint.fixes.variables import keep_scores
from losslint.fixes.written_forms import call_form
from losslint.fixes.written_losses import call_cross_entropy
from losslint.interp.frame import Run
from losslint.interp.watching import Sightings
from losslint.knowledge.index import Knowledge
from losslint.knowledge.schema import LossRow, Wants
from losslint.names.project import Unit
from losslint.remedy import (
    ActOnArgument,
    CallForm,
    CallTheResult,
    ChangeArguments,
    CodeRemedy,
    DropActivation,
    FuseLog,
    GiveOption,
    MakeTensor,
    NameAxis,
    OtherAxis,
    Remedy,
    RemoveDirective,
    ShiftLabels,
    Sink,
    SwapLoss,
    TakeFunctional,
    TakeLogActivation,
    TakeSigmoid,
    WriteAround,
    WriteNumber,
    WriteOperand,
)

Work = tuple[list[Change], str]
NAMED_READERS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What must be watched before remedies can be carried out: nodes with the kinds of the numbers that they make, the modules
    in which they stand, and the sinks that the numbers reach."""

    sources: dict[object, Kind]
    units: set[Unit]
    sinks: set[object]


def watched(remedies: Iterable[Remedy], facts: Iterable[Fact]) -> Watched:
    """What these remedies must know the readers of. The facts tell what the numbers are where they are made: at the sink some part
    of them may have arrived."""
    found = Watched({}, set(), set())
    made = {
        id(case.result.origin): case.result.kind
        for fact in facts
        if isinstance(fact, OpCall)
        for case in fact.cases
        if isinstance(case.result, Tensor) and case.result.origin is not None
        if case.result.origin.site.node is fact.site.node
    }
    for remedy in remedies:
        first = remedy.drop if isinstance(remedy, SwapLoss) else remedy
        others = first.also if isinstance(first, DropActivation | TakeLogActivation) else ()
        for inner in (first, *others):
            if (
                not isinstance(inner, DropActivation | TakeLogActivation | TakeSigmoid | ShiftLabels)
                or inner.sink.by_framework
            ):
                continue
            found.sinks.add(inner.sink.node)
            for site in (inner.source.site, inner.source.built):
                if site is not None and isinstance(site.module, Unit):
                    found.sources[site.node] = made.get(id(inner.source), inner.kind)
                    found.units.add(site.module)
    return found


@dataclass(slots=True, eq=False)
class Mender:
    """Carries out remedies on what a watching run saw."""

    codes: Codes
    knowledge: Knowledge
    readings: Readings
    operations: dict[object, list[OpCall]]
    calls: Sequence[LossCall]
    """All loss calls of the program; the watching run may have left out some that no watched number reaches."""
    watched_all: bool = True
    """False where so much code can reach the numbers that not all of it was looked at."""

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
            if isinstance(remedy, RemoveDirective):
                return remove_directive(remedy)
            changes, said = self._carry_out(remedy)
            return Fix(remedy.applicability, said, self.codes.edits(changes))
        except RefusedError as refusal:
            return str(refusal)
        except RecursionError:
            return "the code is nested too deeply to be changed"

    def _carry_out(self, remedy: CodeRemedy) -> Work:
        match remedy:
            case DropActivation() | TakeLogActivation():
                return self._together(remedy)
            case SwapLoss():
                return self._swap(remedy)
            case ShiftLabels():
                return self._shift(remedy)
            case NameAxis(site, parameter):
                unit, call = call_at(site)
                return name_axis(unit, call, parameter, chosen_axis(site, self.operations), self.codes)
            case TakeSigmoid():
                return self._take_sigmoid(remedy)
            case WriteAround(site, given, name, text):
                return write_around(*call_at(site), given.node, name, text, self.codes)
            case WriteNumber(site, text):
                return write_number(site, text)
            case OtherAxis(site, parameter, axis):
                return other_axis(*call_at(site), parameter, axis, self.operations, self.codes)
            case FuseLog(outer, inner, argument, complement):
                return fuse(outer, self._applied(inner), argument, complement, self.codes)
            case CallForm(site, Form.CROSS_ENTROPY, _, folded):
                return call_cross_entropy(site, folded, self.operations, self.codes)
            case CallForm(site, form, of):
                return call_form(site, form, of, self.operations, self.codes)
            case ChangeArguments(site, bound, given, without):
                unit, call = call_at(site)
                if remedy.kinds and not all(_is_given(fact, remedy.kinds) for fact in self.operations.get(call, ())):
                    raise RefusedError("what else comes here is of another kind, or not known")
                return change_arguments(unit, call, bound, given, without, self.codes)
            case GiveOption():
                return give_option(remedy, self.calls, self.codes)
            case ActOnArgument():
                return act_on_argument(remedy, self.calls, self.codes)
            case WriteOperand():
                return write_operand(remedy, self.calls, self.codes)
            case CallTheResult(site):
                return call_the_result(*call_at(site), self.codes)
            case MakeTensor(place, many):
                return make_tensor(place, many, self.codes)
            case TakeFunctional(site):
                return take_functional(site, self.knowledge, self.codes)

    def _applied(self, source: Origin, by_layer: bool = False) -> Application:
        facts = self.operations.get(source.site.node, [])
        return application(source, facts, self.readings.seen, self.codes, by_layer)

    def _together(self, remedy: DropActivation | TakeLogActivation) -> Work:
        """Carry out a remedy with those of the other alternatives."""
        both = (remedy, *remedy.also)
        alone = not remedy.also
        return self._all(
            [self._drop(one, alone=alone) if isinstance(one, DropActivation) else self._take_log(one) for one in both]
        )

    def _all(self, works: Sequence[Work]) -> Work:
        """The changes of several remedies, each once."""
        changes = {change.key: change for work, _ in works for change in work}
        return list(changes.values()), ", ".join(dict.fromkeys(said for _, said in works))

    def _drop(self, remedy: DropActivation, sinks: Sequence[object] = (), alone: bool = True) -> Work:
        """Take an activation away, if nobody but its sinks minds; `alone` where no other has to go with it."""
        _check_in_sight(remedy.sink)
        applied = self._applied(remedy.source)
        safe = remedy.applicability is Applicability.SAFE
        if remedy.repeated and not all(map(_was_activated, self.operations[remedy.source.site.node])):
            raise RefusedError("not all that comes here was activated before")
        readers = [] if remedy.repeated else self._readers(applied, remedy.source, remedy.sink, safe)
        changes, said = drop(applied, self.codes, self.readings.seen, remedy.sink.node)
        served = {id(remedy.sink.node), *map(id, sinks)}
        minding = [one for one in readers if id(one.node) not in served and not takes_scores(one, remedy.kind)]
        if minding and not alone:
            raise RefusedError(self._named(minding))
        if minding:
            return self._keep_scores(applied, remedy.sink, readers, minding)
        thresholds = [
            moved_threshold(one, self.codes, self.readings.is_array(remedy.source.site.node))
            for one in readers
            if one.way is Way.THRESHOLD
        ]
        many = f"{len(thresholds)} threshold{'s' if len(thresholds) > 1 else ''}"
        where = self.codes.where(applied.unit, applied.node)
        return [*changes, *thresholds], f"{said} in {where}" + (f" and move {many}" if thresholds else "")

    def _keep_scores(
        self, applied: Application, sink: Sink, readers: Sequence[Reader], minding: Sequence[Reader]
    ) -> Work:
        """Leave the numbers to those who mind, and give the loss the scores, where both stand in sight of each other."""
        held = [one.held for one in readers if one.node is sink.node]
        try:
            return keep_scores(applied, held[0], self.codes)
        except RefusedError as refusal:
            raise RefusedError(self._named(minding)) from refusal

    def _readers(self, applied: Application, source: Origin, sink: Sink, safe: bool = False) -> list[Reader]:
        if not self.watched_all:
            raise RefusedError("so much code can read these numbers that not all of it was looked at")
        key = applied.node if applied.given is not None else source.built and source.built.node
        gone = self.readings.given_away(applied.unit, applied.node, safe)
        readers = [*self.readings.of(key), *gone]
        if not any(one.node is sink.node for one in readers):
            raise RefusedError("the way from there to the loss is not followed in each step")
        inputs = [case.input for one in readers if one.node is sink.node for case in one.cases]
        if any(isinstance(one, Tensor) and PARTLY in one.watched for one in inputs):
            raise RefusedError("other activations come to the loss the same way")
        return readers

    def _named(self, minding: Sequence[Reader]) -> str:
        nodes = {(id(one.node), one.said): one for one in minding}
        shown = list(nodes.values())[:NAMED_READERS]
        places = dict.fromkeys(f"{self.codes.where(one.unit, one.node)} ({one.said})" for one in shown)
        more = f" and {len(nodes) - len(shown)} more" if len(nodes) > len(shown) else ""
        return f"these numbers are read elsewhere: {', '.join(places)}{more}"

    def _take_log(self, remedy: TakeLogActivation) -> Work:
        _check_in_sight(remedy.sink)
        applied = self._applied(remedy.source, by_layer=True)
        minding = [one for one in self._readers(applied, remedy.source, remedy.sink) if not takes_logs(one)]
        if minding:
            raise RefusedError(self._named(minding))
        changes, said = take_log(applied, self.codes, remedy.sink.node)
        return changes, f"{said} in {self.codes.where(applied.unit, applied.node)}"

    def _take_sigmoid(self, remedy: TakeSigmoid) -> Work:
        """Take a sigmoid, if whoever reads the numbers takes them for probabilities of one score."""
        if not self.watched_all:
            raise RefusedError("so much code can read these numbers that not all of it was looked at")
        applied = self._applied(remedy.source, by_layer=True)
        key = applied.node if applied.given is not None else remedy.source.built and remedy.source.built.node
        minding = [one for one in self.readings.of(key) if not takes_one_score(one)]
        if minding:
            raise RefusedError(self._named(minding))
        changes, said = take_sigmoid(applied, self.codes)
        return changes, f"{said} in {self.codes.where(applied.unit, applied.node)}"

    def _swap(self, remedy: SwapLoss) -> Work:
        if remedy.fact.by_framework is not None or remedy.case.row is None:
            raise RefusedError("the loss is called out of sight")
        to = self._twin(remedy.case.row, remedy.wants)
        found = place_of(remedy.case, remedy.fact, self.calls)
        drops = () if remedy.drop is None else (remedy.drop, *remedy.drop.also)
        sources = {one.source.site.node for one in drops}
        if drops:
            watched = [fact for group in self.readings.losses.values() for fact in group]
            if not {id(one) for one in found.sinks} <= {id(fact.site.node) for fact in watched}:
                raise RefusedError("what else reaches this loss is not followed")
            found = place_of(remedy.case, remedy.fact, watched)
        if not found.cases or not all(fits(case, remedy.wants, sources) for case in found.cases):
            raise RefusedError("what else reaches this loss is of another kind, or not known")
        dropped = self._all([self._drop(one, found.sinks, alone=False) for one in drops])
        changes, said = swap(found, to, self.codes)
        both = f"{said} in {self.codes.where(found.unit, found.node)}"
        return [*changes, *dropped[0]], f"{dropped[1]}, {both}" if dropped[1] else both

    def _twin(self, row: LossRow, wants: Wants) -> LossRow:
        """The loss that computes the same of other numbers."""
        losses = [one for one in self.knowledge.rows.values() if isinstance(one, LossRow) and one.wants is wants]
        own, wanted = {*row.classes}, row.logits_twin
        for one in losses:
            if (wanted is not None and wanted in one.classes) or (one.logits_twin in own and own):
                return one
        raise RefusedError("there is no such loss")

    def _shift(self, remedy: ShiftLabels) -> Work:
        _check_in_sight(remedy.sink)
        unit, node = remedy.source.site.module, remedy.source.site.node
        if not isinstance(unit, Unit) or not isinstance(node, cst.CSTNode):
            raise RefusedError("the labels are made out of sight")
        if not self.watched_all:
            raise RefusedError("so much code can read these labels that not all of it was looked at")
        readers = list(self.readings.of(node))
        sinks = {id(fact.site.node) for group in self.readings.losses.values() for fact in group}
        minding = [one for one in readers if id(one.node) not in sinks and one.way is not Way.FORM]
        if minding:
            raise RefusedError(self._named(minding))
        if not any(one.node is remedy.sink.node for one in readers):
            raise RefusedError("the way of the labels is not followed in each step")
        return shift_labels(unit, node, self.codes)


def _was_activated(fact: OpCall) -> bool:
    """True where an operation was given nothing but probabilities; what a function that nobody calls is given counts for nothing."""
    for case in fact.cases:
        asked = isinstance(case.input, Unknown) and case.input.symbol is not None and case.input.symbol[0] == "param"
        if not asked and not (isinstance(case.input, Tensor) and isinstance(case.input.kind, Probs | SigmoidProbs)):
            return False
    return True


def _is_given(fact: OpCall, kinds: tuple[type[Kind], ...]) -> bool:
    """True where an operation was given numbers of these kinds in each alternative."""
    return all(isinstance(case.input, Tensor) and isinstance(case.input.kind, kinds) for case in fact.cases)


def _check_in_sight(sink: Sink) -> None:
    if sink.by_framework is not None:
        raise RefusedError(f"{sink.by_framework} reads these numbers as well")


def mender(run: Run, seen: Sightings | None, facts: list[Fact]) -> Mender:
    """A mender for the program of a run, with what a watching run saw and found in it."""
    units = (unit for unit in run.project.units.values() if not isinstance(unit.document, Problem))
    codes = Codes(tuple(units), run.imports)
    operations: dict[object, list[OpCall]] = {}
    for fact in (*run.facts, *(facts if seen is not None else ())):  # the watching run may have left out modules
        if isinstance(fact, OpCall):
            operations.setdefault(fact.site.node, []).append(fact)
    calls = [fact for fact in run.facts if isinstance(fact, LossCall)]
    return Mender(
        codes,
        run.knowledge,
        Readings(seen or Sightings(), codes, by_place(facts), run.knowledge),
        operations,
        calls,
        seen is not None,
    )
