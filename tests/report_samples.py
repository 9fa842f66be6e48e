"""Reports that are hard to write down: for every format, and for whoever reads them."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from losslint.finding import Applicability, Certainty, Edit, Finding, Fix, Problem, Severity, Span, TraceStep
from losslint.report.report import Report
from losslint.report.sources import Sources

ASTRAL = "\U0001f600"
CONTROL = "".join(map(chr, (*range(32), 0x7F, 0x85, 0x2028, 0xFFFE, 0xFFFF)))
LINES = ("import torch", f"'{ASTRAL} é'; loss = criterion(softmax(out), y)", "\tlast")
DISK = (
    '{"cells": [{"cell_type": "code", "source": [',
    '"import torch\\n",',
    "\"'\\u00e9'; loss = criterion(softmax(out), y)\"",
    "]}]}",
)
CELL = ("import torch", "'é'; loss = criterion(softmax(out), y)")


def span(lines, row, word, path="train.py", **cell):
    """Where a word stands in a line."""
    column = lines[row - 1].index(word) + 1
    return Span(path, row, column, row, column + len(word), **cell)


def finding(at, **other):
    values = {
        "code": "LL101",
        "name": "softmax-before-cross-entropy",
        "message": "probabilities reach CrossEntropyLoss, which expects logits",
        "label": "softmax is applied twice",
        "span": at,
        "severity": Severity.ERROR,
        "certainty": Certainty.CERTAIN,
        **other,
    }
    return Finding(**values)


def found(lines, row, path="train.py", **other):
    """A finding with trace and fix on a row that holds `loss = criterion(softmax(out), y)`."""
    cell = {key: other.pop(key) for key in ("cell", "cell_line") if key in other}
    at = span(lines, row, "criterion(softmax(out), y)", path, **cell)
    source = span(lines, row, "softmax(out)", path, **cell)
    fix = Fix(Applicability.UNSAFE, f"remove the softmax in {path}:{row}", (Edit(source, "out"),))
    trace = (TraceStep(source, "softmax makes probabilities"),)
    return finding(at, **{"trace": trace, "fix": fix, "notes": ("a note",), **other})


def report(findings=(), problems=(), files=3, read=3, lines=LINES, paths=("train.py",)):
    """A report whose files all hold the same lines, and whose fixes are written as they stand there."""
    sources = Sources(dict.fromkeys(paths, lines), {})
    written = {one.fix: one.fix.edits for one in findings if one.fix is not None}
    return Report(tuple(findings), tuple(problems), files, read, sources, written=written)


def two_files():
    """A fix that edits the file of the finding twice and another one once."""
    one = found(LINES, 2)
    edits = (
        Edit(Span("train.py", 1, 1, 1, 1), "import first\n"),
        Edit(span(LINES, 2, "softmax(out)"), "out"),
        Edit(Span("model.py", 3, 1, 3, 2), ""),
    )
    return report([finding(one.span, fix=Fix(Applicability.SAFE, "all of it", edits), trace=one.trace)])


def notebook():
    """A finding in a notebook, with an edit whose content is escaped there."""
    one = found(DISK, 3, "a b.ipynb", cell=1, cell_line=2)
    sources = Sources({"a b.ipynb": DISK}, {("a b.ipynb", 1): CELL})
    written = {one.fix: (Edit(one.fix.edits[0].span, r"f(\"\u00e9\")"),)}
    return Report((one,), (), 1, 1, sources, written=written)


def unreadable():
    """Two files of which none could be read, for reasons that agree."""
    return report(
        [],
        [Problem("a.py", "cannot be parsed: '(' was never closed", 2), Problem("b.ipynb", "is no notebook"),
         Problem("b.ipynb", "is no notebook")],
        files=2, read=0,
    )  # fmt: skip


def nasty():
    """Text that means something to formats, in every place that holds text."""
    text = f"a,b:c;d]e%f&<\"'>]]>{CONTROL}{ASTRAL}\udcff::error::##vso[x]\r\n"
    paths = [f"dir/{text}.py", "C:/Users/é x/train.py", "/abs/ü.py", "//host/share/x.py", "a:b.py"]
    findings = [
        found(LINES, 2, path, message=text, label=text, notes=(text, text), help=text, certainty=Certainty.LIKELY,
              severity=severity)
        for path, severity in zip(paths, [*Severity, *Severity], strict=False)
    ]  # fmt: skip
    return report(findings, [Problem(paths[0], text, 1), Problem(paths[2], text)], paths=paths)


def unknown():
    """Findings whose source is not at hand, of a rule that there is not, on several lines and on none."""
    spans = [Span("gone.py", 7, 3, 9, 1), Span("gone.py", 7, 3, 7, 3), Span("gone.py", 7, 3, 7, 3)]
    fix = Fix(Applicability.DISPLAY, "it may be seen by others", (Edit(spans[1], "x"),))
    return report([finding(one, code="LL999", name="no-such-rule", fix=fix, help="look") for one in spans])


SAMPLES = {
    "plain": report([found(LINES, 2), found(LINES, 2, severity=Severity.ADVICE)]),
    "empty": report(),
    "no files": Report(),
    "two files": two_files(),
    "notebook": notebook(),
    "unreadable": unreadable(),
    "nasty": nasty(),
    "unknown": unknown(),
}

_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
_PATH = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), st.just("\udcff")), min_size=1
)
_POSITION = st.integers(1, 60)


@st.composite
def _spans(draw):
    path, row, column = draw(_PATH), draw(st.integers(1, 4)), draw(_POSITION)
    end = draw(st.integers(row, row + 3))
    return Span(path, row, column, end, draw(_POSITION) if end > row else column + draw(st.integers(0, 9)))


_EDITS = st.lists(st.builds(Edit, _spans(), _TEXT), max_size=3).map(tuple)
_FINDINGS = st.builds(
    Finding, st.sampled_from(["LL101", "LL403"]), st.just("a-rule"), _TEXT, _TEXT, _spans(), st.sampled_from(Severity),
    st.sampled_from(Certainty), st.lists(st.builds(TraceStep, _spans(), _TEXT), max_size=2).map(tuple),
    st.lists(_TEXT, max_size=2).map(tuple), _TEXT,
    st.none() | st.builds(Fix, st.sampled_from(Applicability), _TEXT, _EDITS),
)  # fmt: skip
_PROBLEMS = st.builds(Problem, _PATH, _TEXT, st.none() | _POSITION)


@st.composite
def reports(draw):
    """Any report: any text, any place, in files of which some are at hand."""
    findings, problems = draw(st.lists(_FINDINGS, max_size=4)), draw(st.lists(_PROBLEMS, max_size=2))
    paths = [one.span.path for one in findings[::2]]
    return report(findings, problems, lines=draw(st.lists(_TEXT, max_size=5)), paths=paths)


def as_notebook(code):
    """A notebook of one cell, with escapes that need not be there."""
    cell = {
        "cell_type": "code",
        "source": code.splitlines(keepends=True),
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
