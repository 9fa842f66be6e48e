"""From facts to findings: every rule looks at every fact of its type; what several runs found at one place is one finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from losslint.config import Settings
from losslint.domain.dim import describe_shape
from losslint.domain.kind import Unspecified, describe_kind
from losslint.domain.lattice import options_of
from losslint.domain.origin import Site
from losslint.domain.value import (
    Choice,
    Const,
    DictValue,
    Entries,
    Instance,
    ListValue,
    Scalar,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.engine.outcome import LossReport, Use
from losslint.engine.placing import Placer
from losslint.engine.suppressing import is_named, is_skipped, may_be_kept_back, uses
from losslint.facts import Fact, LossCall, LossCase, SuppressionSeen
from losslint.finding import Finding, TraceStep
from losslint.names.project import Unit
from losslint.remedy import Remedy
from losslint.rules._registry import load as load_rules
from losslint.rules._rule import Offence, Rule, loss_name

Found = tuple[Finding, tuple[Remedy, ...]]
"""A finding, with what might mend it."""


def judge(facts: Sequence[Fact], settings: Settings, placer: Placer) -> tuple[list[Found], frozenset[Use]]:
    """All findings that the settings show, those left out that comments keep back; and which comments keep back any, shown or not."""
    governing = (settings, *(replace(inner, trial=settings.trial) for _, inner in settings.nested))
    rules = [
        rule for rule in load_rules() if any(one.judges(rule.code, rule.name, rule.by_default) for one in governing)
    ]
    best: dict[tuple[object, ...], tuple[Rule, Offence]] = {}
    for fact in facts:
        for rule in rules:
            if isinstance(fact, rule.on):
                for offence in rule.check(fact):
                    _keep(best, rule, offence)
    weighed = [(rule, offence, _reported(rule, offence, settings)) for rule, offence in best.values()]
    weighed = [one for one in weighed if one[2] is not None or may_be_kept_back(one[1])]
    for _, offence, _ in weighed:
        placer.want((offence.site, *(step.site for step in offence.trace)))
    found: list[Found] = []
    used: set[Use] = set()
    for rule, offence, shown in weighed:
        finding = place(rule, shown or offence, placer)
        if finding is not None:
            its = uses(finding, placer)
            used.update(its)
            if shown is not None and not its and not is_skipped(finding, placer):
                found.append((finding, offence.remedies))
    return found, frozenset(used)


def judge_directives(seen: Iterable[SuppressionSeen], settings: Settings, placer: Placer) -> list[Found]:
    """What the rules on directives find. A directive that names such a rule lets it stand; a broader one does not."""
    found: list[Found] = []
    rules = [rule for rule in load_rules() if rule.on is SuppressionSeen]
    for fact in seen:
        for rule in rules:
            for offence in rule.check(fact):
                shown = _reported(rule, offence, settings)
                finding = None if shown is None else place(rule, shown, placer)
                if finding is not None and not is_named(finding, fact.comment, placer):
                    found.append((finding, offence.remedies))
    return found


def _reported(rule: Rule, offence: Offence, settings: Settings) -> Offence | None:
    """The offence with the severity that the settings give it in its file; None where they do not show it."""
    if isinstance(offence.site.module, Unit):
        settings = settings.for_file(offence.site.module.file)
    own = offence.severity or rule.severity
    severity = settings.severity_of(rule.code, rule.name, own)
    weighed = (severity, own) if settings.trial else (severity,)
    if not any(settings.shows(rule.code, rule.name, one, offence.certainty, rule.by_default) for one in weighed):
        return None
    return replace(offence, severity=weighed[-1])  # in a trial an error is one, whatever it is called


def _keep(best: dict[tuple[object, ...], tuple[Rule, Offence]], rule: Rule, offence: Offence) -> None:
    source = offence.trace[0].site.node if offence.trace else None
    key = (rule.code, offence.site.node, source)
    seen = best.get(key)
    if seen is None or offence.certainty > seen[1].certainty:
        best[key] = (rule, offence)


def place(rule: Rule, offence: Offence, placer: Placer) -> Finding | None:
    """An offence with its places in lines and columns."""
    span = placer.span(offence.site)
    if span is None:
        return None
    trace: list[TraceStep] = []
    for step in offence.trace:
        at = placer.span(step.site)
        if at is not None and (not trace or trace[-1].message != step.message or trace[-1].span != at):
            trace.append(TraceStep(at, step.message))
    return Finding(
        code=rule.code,
        name=rule.name,
        message=offence.message,
        label=offence.label,
        span=span,
        severity=offence.severity or rule.severity,
        certainty=offence.certainty,
        trace=tuple(trace),
        notes=offence.notes,
        help=offence.help,
    )


def loss_reports(facts: Iterable[Fact], placer: Placer, shown: set[str]) -> tuple[LossReport, ...]:
    """Every loss call, with what reaches it."""
    calls: dict[object, list[LossCall]] = {}
    for fact in facts:
        if isinstance(fact, LossCall):
            calls.setdefault(fact.site.node, []).append(fact)
    placer.want(fact[0].site for fact in calls.values())
    for group in calls.values():
        placer.want(site for fact in group for case in fact.cases for site in _source_sites(case))
    reports = []
    for group in calls.values():
        span = placer.span(group[0].site)
        if span is None or span.path not in shown:
            continue
        cases = [case for fact in group for case in fact.cases]
        lines = dict.fromkeys(_case_line(case, placer) for case in cases)
        reasons = dict.fromkeys(reason for case in cases if (reason := _reason(case.input)))
        names = dict.fromkeys(loss_name(case.row, case.functional) for case in cases if case.row is not None)
        reports.append(LossReport(span, " or ".join(names) or "a loss", tuple(lines), tuple(reasons)))
    return tuple(sorted(reports, key=lambda report: report.span))


def _source_sites(case: LossCase) -> tuple[Site, ...]:
    if isinstance(case.input, Tensor) and case.input.origin is not None:
        return (case.input.origin.source().site,)
    return ()


def _case_line(case: LossCase, placer: Placer) -> str:
    text = describe_value(case.input)
    if isinstance(case.input, Tensor) and case.input.origin is not None:
        source = case.input.origin.source()
        span = placer.span(source.site)
        if span is not None and source.makes:
            where = f"{span.line}:{span.column}" if span.cell is None else f"cell {span.cell}:{span.cell_line}"
            text += f" from {span.path}:{where} ({source.label})"
    return text + _against(case.target)


def _against(target: Value | None) -> str:
    """What is known of the target of a loss, dtype included; nothing where nothing is."""
    options = [option.value for option in options_of(target)] if target is not None else []
    known = [one for one in options if isinstance(one, Tensor) and (one.dtype or not isinstance(one.kind, Unspecified))]
    if not known or len(known) < len(options):
        return ""
    texts = dict.fromkeys(" ".join(filter(None, (describe_value(one), one.dtype))) for one in known)
    return f"; its target: {' or '.join(texts)}"


def _reason(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.why
    if isinstance(value, Tensor) and isinstance(value.kind, Unspecified):
        return value.kind.why or "a tensor whose numbers are not followed"
    return ""


def describe_value(value: Value) -> str:
    """A value as a user reads it."""
    match value:
        case Tensor(kind, shape):
            text = f"{describe_kind(kind)} {describe_shape(shape)}".strip()
            return f"{text}: {kind.why}" if isinstance(kind, Unspecified) and kind.why else text
        case Unknown(why):
            return f"unknown: {why}"
        case Const(constant):
            return f"the constant {constant!r}"[:80]
        case Scalar(type=number, low=low, high=high):
            ends = (
                ""
                if low is None and high is None
                else f" from {'?' if low is None else low} to {'?' if high is None else high}"
            )
            return f"{'an' if number == 'int' else 'a'} {number}{ends}"
        case TupleValue(items):
            return f"a tuple of {len(items)}: ({', '.join(describe_value(item) for item in items[:4])})"
        case Choice(options):
            return " or ".join(describe_value(option.value) for option in options)
        case ListValue():
            return "a list"
        case DictValue() | Entries():
            return "a dict"
        case Instance(_, class_):
            return f"an object of {class_.name}"
        case _:
            return type(value).__name__.lower()
