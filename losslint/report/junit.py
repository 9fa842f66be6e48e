"""JUnit's XML, as build services read it: each file with findings is a suite, each finding a test that failed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from losslint.finding import Finding, Problem
from losslint.report.report import Report, explained, said
from losslint.report.sources import Sources
from losslint.report.text import place

# what XML 1.0 cannot hold, not even escaped
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report) -> str:
    """One document. Where there is nothing to say one test that passed stands in it, since some readers want one."""
    top = Element("testsuites", name="losslint")
    for path in dict.fromkeys([*(one.path for one in report.problems), *(one.span.path for one in report.findings)]):
        problems = [one for one in report.problems if one.path == path]
        findings = [one for one in report.findings if one.span.path == path]
        _suite(top, path, problems, findings, report.sources)
    if not len(top):
        suite = SubElement(top, "testsuite", name="losslint", tests="1", failures="0", errors="0")
        SubElement(suite, "testcase", name="no findings", classname="losslint")
    _count(top, report)
    indent(top)
    # other characters than ASCII become references: the stream's encoding does not matter then
    document: bytes = tostring(top, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii")


def _count(top: Element, report: Report) -> None:
    failures, errors = len(report.findings), len(report.problems)
    top.attrib |= {"tests": str(failures + errors or 1), "failures": str(failures), "errors": str(errors)}


def _suite(top: Element, path: str, problems: Sequence[Problem], findings: Sequence[Finding], sources: Sources) -> None:
    failures, errors = str(len(findings)), str(len(problems))
    tests = str(len(findings) + len(problems))
    suite = SubElement(top, "testsuite", name=_legal(path), tests=tests, failures=failures, errors=errors)
    for problem in problems:
        case = _case(suite, path, "unreadable", problem.line)
        SubElement(case, "error", message=_legal(problem.reason), type="unreadable")
    for finding in findings:
        where = place(finding.span, sources)
        case = _case(suite, path, f"{finding.code} {finding.name} at {where}", finding.span.line)
        kind = finding.severity.value
        failure = SubElement(case, "failure", message=_legal(said(finding)), type=kind)
        failure.text = _legal("\n".join(_body(finding, where, sources)))


def _case(suite: Element, path: str, name: str, line: int | None) -> Element:
    case = SubElement(suite, "testcase", name=_legal(name), classname=_legal(path), file=_legal(path))
    if line is not None:
        case.set("line", str(line))
    return case


def _body(finding: Finding, where: str, sources: Sources) -> Iterable[str]:
    yield f"{where}: {finding.code} {finding.name}"
    yield from explained(finding)
    for step in finding.trace:
        yield f"{place(step.span, sources)}: {step.message}"


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
