"""What the tests of fixing share: documents, edits by words, and a toy for an engine."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from losslint.config import Settings
from losslint.engine.fixing import fix_all
from losslint.engine.outcome import Outcome
from losslint.engine.splicing import page, spliced
from losslint.finding import Applicability, Certainty, Edit, Finding, Fix, Problem, Severity, Span
from losslint.source.discover import expand, show
from losslint.source.document import Document, from_bytes
from losslint.source.tree import parse

SAFE, UNSAFE, DISPLAY = Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY


def document(data, name="a.py"):
    data = data if isinstance(data, bytes) else data.encode()
    found = from_bytes(data, Path("/nowhere") / name, name)
    assert isinstance(found, Document), found
    return found


def edit(line, column, end_line, end_column, content="", path="a.py"):
    return Edit(Span(path, line, column, end_line, end_column), content)


def word(doc, text, content, number=0):
    """An edit that replaces an occurrence of a word in the document's code."""
    at = [found.start() for found in re.finditer(re.escape(text), doc.text)][number]
    bounds = [re.split(r"\r\n?|\n", doc.text[:offset]) for offset in (at, at + len(text))]
    start, end = [(len(lines), len(lines[-1]) + 1) for lines in bounds]
    return Edit(doc.span(start, end), content)


def whole_lines(doc, first, last, content=""):
    return Edit(doc.span((first, 1), (last + 1, 1)), content)


def applied(doc, *edits):
    ready = page(doc)
    return spliced(ready, [ready.splice(one) for one in edits])


@dataclass(frozen=True)
class Mark:
    """A word that the toy finds, and what it would put in its place; `elsewhere` are further edits of the fix."""

    word: str
    code: str
    content: str | None = None
    level: Applicability = SAFE
    severity: Severity = Severity.ERROR
    elsewhere: tuple[tuple[str, str, str], ...] = ()


class Toy:
    """Stands in for the engine's check: finds words as they are at that moment."""

    def __init__(self, *marks, broken=()):
        self.marks, self.broken = marks, broken
        self.runs = 0

    def __call__(self, paths, settings, progress=None, *, overlay=None, kept=None):
        self.runs += 1
        findings, problems, files = [], [], expand(paths)[0]
        for file in files:
            doc = self.document(file, overlay)
            if (
                isinstance(doc, Problem)
                or isinstance(parse(doc), Problem)
                or any(bad in doc.text for bad in self.broken)
            ):
                problems.append(Problem(show(file), "is beyond the toy"))
                continue
            for mark in (one for one in self.marks if settings.judges(one.code, "toy", by_default=True)):
                findings += [self.finding(doc, mark, number, overlay) for number in range(count(doc.text, mark.word))]
        findings.sort(key=lambda finding: finding.span)
        return Outcome(tuple(findings), tuple(problems), (), len(files), len(files) - len(problems))

    def document(self, file, overlay):
        data = None if overlay is None else overlay.get(file)
        return from_bytes(file.read_bytes() if data is None else data, file, show(file))

    def finding(self, doc, mark, number, overlay):
        own = word(doc, mark.word, mark.content or "", number)
        edits = [] if mark.content is None else [own]
        for path, text, content in mark.elsewhere:
            other = self.document(Path(path).absolute(), overlay)
            if not isinstance(other, Problem) and text in other.text:
                edits.append(word(other, text, content))
        fix = Fix(mark.level, f"put {mark.content}", tuple(edits)) if edits else None
        return Finding(
            mark.code, "toy", f"{mark.word} is found", "", own.span, mark.severity, Certainty.CERTAIN, fix=fix
        )


def count(text, wanted):
    return len(re.findall(re.escape(wanted), text))


def write(**files):
    for name, text in files.items():
        Path(f"{name}.py").write_bytes(text.encode())


def text(name):
    return Path(f"{name}.py").read_bytes().decode()


def fix(*marks, level=SAFE, paths=(".",), settings=None, **options):
    return fix_all(paths, settings or Settings(), level, analyse=Toy(*marks), **options)


def reasons(done):
    return [one.reason for one in done.refused]


def notebook(*sources, **options):
    cells = [
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [{"data": "bad"}], "source": source}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, **options)


def sources(data):
    """The sources of the cells."""
    return [cell["source"] for cell in json.loads(data)["cells"]]


def failing_replace(monkeypatch, failing, error, times=1):
    """Lets `os.replace` fail for the first `times` files that would become one of these names."""
    replace, failures = os.replace, []

    def fail(source, target):
        if Path(target).name in failing and len(failures) < times:
            failures.append(target)
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
