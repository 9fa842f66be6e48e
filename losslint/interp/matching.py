"""`match` statements: constant patterns are compared, others bind what they name to unknown values."""

from __future__ import annotations

import libcst as cst

from losslint.domain.value import Unknown, Value
from losslint.interp.branches import Verdict, branch, truth
from losslint.interp.frame import Frame
from losslint.interp.operators import compare


def exec_match(node: cst.Match, frame: Frame) -> bool:
    """Cases are tried in order, each under what the earlier ones ruled out."""
    return _try_case(tuple(node.cases), frame.evaluate(node.subject), frame)


def _try_case(cases: tuple[cst.MatchCase, ...], subject: Value, frame: Frame) -> bool:
    if not cases:
        return True
    case, rest = cases[0], cases[1:]
    verdict = _verdict(case.pattern, subject, frame)
    if case.guard is not None and verdict.decided is not False:
        guard = truth(frame.evaluate(case.guard), frame)
        verdict = verdict if guard.decided is True else guard if verdict.decided is True else _open(frame)
    return branch(
        frame, verdict, lambda: frame.run.machine.execute(case.body, frame), lambda: _try_case(rest, subject, frame)
    )


def _open(frame: Frame) -> Verdict:
    key = ("fresh", frame.run.fresh())
    return Verdict(None, frozenset({(key, True)}), frozenset({(key, False)}))


def _verdict(pattern: cst.MatchPattern, subject: Value, frame: Frame) -> Verdict:
    match pattern:
        case cst.MatchValue(value=value):
            return truth(compare("==", subject, frame.evaluate(value), frame), frame)
        case cst.MatchSingleton(value=value):
            return truth(compare("is", subject, frame.evaluate(value), frame), frame)
        case cst.MatchAs(pattern=None, name=name):
            if name is not None:
                frame.bind(name.value, subject)
            return Verdict(True)
        case cst.MatchAs(pattern=inner, name=name) if inner is not None:
            if name is not None:
                frame.bind(name.value, subject)
            return _verdict(inner, subject, frame)
        case cst.MatchOr(patterns=patterns):
            verdicts = [_verdict(element.pattern, subject, frame) for element in patterns]
            if any(one.decided is True for one in verdicts):
                return Verdict(True)
            return Verdict(False) if all(one.decided is False for one in verdicts) else _open(frame)
    _bind_unknown(pattern, frame)
    return _open(frame)


def _bind_unknown(pattern: cst.CSTNode, frame: Frame) -> None:
    pending: list[cst.CSTNode] = [pattern]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.MatchAs | cst.MatchStar) and node.name is not None:
            frame.bind(node.name.value, Unknown("bound by a pattern"))
        pending.extend(node.children)
