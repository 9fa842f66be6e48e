"""What findings look like: in full, in one line, as JSON."""

from __future__ import annotations

import json

import pytest

from losslint.finding import Applicability, Certainty, Edit, Finding, Fix, Severity, Span, TraceStep
from losslint.report import json as json_report
from losslint.report import text
from losslint.report.cells import clip, lay_out
from losslint.report.sources import Sources, unquote
from losslint.report.style import Style

PLAIN = Style()


def span(line, column, end_column, end_line=None, path="train.py", **cell):
    return Span(path, line, column, end_line or line, end_column, **cell)


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


def full(at, lines, **other):
    return text.full(finding(at, **other), Sources({at.path: lines}), PLAIN)


def frame(at, lines):
    """The source lines and the lines of carets, without gutter and label."""
    shown = full(at, lines, label="").splitlines()[3:]
    return [line.partition("| ")[2] if "|" in line else line for line in shown]


def test_full_form():
    at = span(41, 12, 29)
    lines = [*([""] * 40), "    loss = criterion(out, y)\n"]
    trace = (
        TraceStep(span(18, 16, 40, path="model.py"), "softmax over dim 1 makes probabilities"),
        TraceStep(span(21, 9, 17, path="model.py"), "returned by Net.forward"),
        TraceStep(span(39, 11, 19), "out = model(x)"),
    )
    notes = ("with 10 classes this loss cannot fall below 1.4612 = ln(1 + 9/e)",)
    fix = Fix(Applicability.UNSAFE, "remove the softmax in model.py:18")
    assert full(at, lines, trace=trace, notes=notes, fix=fix, help="not shown where there is a fix") == "\n".join([
        "error[LL101] softmax-before-cross-entropy: probabilities reach CrossEntropyLoss, which expects logits",
        "  --> train.py:41:12",
        "   |",
        "41 |     loss = criterion(out, y)",
        "   |            ^^^^^^^^^^^^^^^^^ softmax is applied twice",
        "   = model.py:18:16  softmax over dim 1 makes probabilities",
        "   = model.py:21:9   returned by Net.forward",
        "   = train.py:39:11  out = model(x)",
        "   = with 10 classes this loss cannot fall below 1.4612 = ln(1 + 9/e)",
        "  fix (unsafe): remove the softmax in model.py:18",
    ])  # fmt: skip


def test_help_stands_where_there_is_no_edit():
    at = span(1, 1, 2)
    assert full(at, ["x"], help="do this").endswith("\n help: do this")
    shown = Fix(Applicability.DISPLAY, "or that")
    assert full(at, ["x"], fix=shown).endswith("\n no fix: or that")
    assert full(at, ["x"], fix=shown, help="do this").endswith("\n help: do this\n no fix: or that")
    assert full(at, ["x"]).endswith("softmax is applied twice")


def test_doubt_is_mentioned():
    at = span(1, 1, 2)
    assert "softmax-before-cross-entropy: likely: probabilities reach" in full(at, ["x"], certainty=Certainty.LIKELY)
    one = finding(at, certainty=Certainty.POSSIBLE, severity=Severity.WARNING)
    line = "train.py:1:1: warning[LL101] possible: probabilities reach CrossEntropyLoss, which expects logits"
    assert text.concise(one, Sources(), PLAIN) == line


def test_without_source_the_frame_is_left_out():
    assert text.full(finding(span(3, 5, 9)), Sources(), PLAIN).splitlines()[1:] == [" --> train.py:3:5"]
    assert full(span(3, 5, 9), ["only one line"]).splitlines()[1:] == [" --> train.py:3:5"]


@pytest.mark.parametrize(
    ("line", "columns", "shown"),
    [
        ("\tloss = f(x)", (9, 13), ["    loss = f(x)", "           ^^^^"]),
        ("a\tloss(x)", (3, 10), ["a   loss(x)", "    ^^^^^^^"]),
        ("損失 = f(x)", (6, 10), ["損失 = f(x)", "       ^^^^"]),
        ("f('損失')", (1, 8), ["f('損失')", "^^^^^^^^^"]),
        ("e\u0301 = f(x)", (6, 10), ["e\u0301 = f(x)", "    ^^^^"]),
        ("'\U0001f600', f(x)", (6, 10), ["'\U0001f600', f(x)", "      ^^^^"]),
        ("'\x1b[31m', f(x)", (10, 14), ["'\ufffd[31m', f(x)", "         ^^^^"]),
        ("'\u202eabc', f(x)", (9, 13), ["'abc', f(x)", "       ^^^^"]),
        ("\x0cf(x)", (2, 6), ["\ufffdf(x)", " ^^^^"]),
        ("f(x)\r\n", (1, 5), ["f(x)", "^^^^"]),
        ("f(x)", (5, 5), ["f(x)", "    ^"]),
        ("f(x)", (90, 95), ["f(x)", "    ^"]),
    ],
)
def test_carets_stand_under_the_span(line, columns, shown):
    assert frame(span(1, *columns), [line]) == shown


def test_spans_of_several_lines():
    lines = ["loss = criterion(\n", "    out,\n", "    y,\n", ")\n", "other\n"]
    assert frame(span(1, 8, 9, end_line=2), lines[:2]) == [
        "loss = criterion(",
        "       ^^^^^^^^^^",
        "    out,",
        "    ^^^^",
    ]
    assert frame(span(1, 8, 2, end_line=4), lines)[-2:] == [")", "^"]
    assert frame(span(1, 8, 1, end_line=3), lines) == ["loss = criterion(", "       ^^^^^^^^^^", "    out,", "    ^^^^"]


def test_the_middle_of_a_long_span_is_left_out():
    lines = ["f(\n", *(f"    x{number},\n" for number in range(12)), ")\n"]
    shown = full(span(1, 1, 2, end_line=14), lines).splitlines()
    assert shown[1] == "  --> train.py:1:1"
    assert shown[3:5] == [" 1 | f(", "   | ^^"]
    assert shown[-3:] == ["...", "14 | )", "   | ^ softmax is applied twice"]


def test_very_long_lines_are_cut_around_the_span():
    line = "x = [" + "0, " * 500 + "f(y), " + "1, " * 500 + "]"
    column = line.index("f(y)") + 1
    source, carets = frame(span(1, column, column + 4), [line])
    assert len(source) < 200
    assert source.startswith("...")
    assert source.endswith("...")
    assert source[carets.index("^") : carets.rindex("^") + 1] == "f(y)"


@pytest.mark.parametrize("character", ["a", "損", "\t", "e\u0301"])
def test_cutting_never_moves_the_carets(character):
    line = character * 300 + "|" + character * 300
    laid = lay_out(line)
    column = line.index("|") + 1
    shown, first, last = clip(laid, laid.cell(column), laid.cell(column + 1))
    assert last - first == 1
    assert lay_out(shown).starts[shown.index("|")] == first


def test_notebooks_are_read_by_cell():
    disk = [
        '{"cells": [{"source": [\n',
        '    "import torch\\n",\n',
        '    "x = \\"\\u00e9\\"; loss = f(x)\\n"\n',
        "]}]}\n",
    ]
    cell = ["import torch", 'x = "é"; loss = f(x)']
    row = disk[2]
    start, end = row.index("f(x)") + 1, row.index("f(x)") + 5
    at = span(3, start, end, path="nb.ipynb", cell=7, cell_line=2)
    sources = Sources({"nb.ipynb": disk}, {("nb.ipynb", 7): cell})
    assert text.full(finding(at), sources, PLAIN).splitlines()[1:] == [
        " --> nb.ipynb:cell 7:2:17",
        "  |",
        '2 | x = "é"; loss = f(x)',
        "  |                 ^^^^ softmax is applied twice",
    ]
    assert text.concise(finding(at), sources, PLAIN).startswith("nb.ipynb:cell 7:2:17: error")
    shown = json.loads(json_report.findings([finding(at)]))[0]
    assert (shown["cell"], shown["location"]) == (7, {"row": 3, "column": start})


def test_cells_that_are_one_string():
    disk = ['{"source": "import torch\\nloss = f(\\n  x)\\nprint(1)"}']
    at = span(1, disk[0].index("f(") + 1, disk[0].index("x)") + 3, path="nb.ipynb", cell=1, cell_line=2)
    cell = ["import torch", "loss = f(", "  x)", "print(1)"]
    shown = text.full(finding(at, label=""), Sources({"nb.ipynb": disk}, {("nb.ipynb", 1): cell}), PLAIN)
    assert shown.splitlines()[1:] == [
        " --> nb.ipynb:cell 1:2:8", "  |", "2 | loss = f(", "  |        ^^", "3 |   x)", "  |   ^^"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "before", "expected"),
    [
        ('"abc"', "c", (0, 3)),
        ('"a\\tb"', "b", (0, 3)),
        ('"a\\\\nb"', "b", (0, 4)),
        ('"a\\nb"', "b", (1, 1)),
        ('"\\ud83d\\ude00b"', 'b"', (0, 2)),
        ('"\\u00e9b"', "b", (0, 2)),
        ('"k": "b"', "b", (0, 1)),
        ('"a\\"b"', "b", (0, 3)),
    ],
)
def test_the_way_back_through_json(line, before, expected):
    assert unquote(line, line.index(before) + 1) == expected


def test_summaries():
    errors = [finding(span(1, 1, 2))] * 2
    warning = finding(span(1, 1, 2), severity=Severity.WARNING)
    advice = finding(span(1, 1, 2), severity=Severity.ADVICE)
    assert text.summary([*errors, warning], 14, 0, PLAIN) == "Found 2 errors, 1 warning in 14 files."
    assert text.summary([advice, advice], 1, 0, PLAIN) == "Found 2 advice in 1 file."
    assert text.summary([warning], 5, 2, PLAIN) == "Found 1 warning in 3 files. 2 files could not be read."
    assert text.summary([], 14, 0, PLAIN) == "All 14 files clean."
    assert text.summary([], 1, 0, PLAIN) == "1 file clean."
    assert text.summary([], 3, 1, PLAIN) == "All 2 files clean. 1 file could not be read."
    assert text.summary([], 2, 2, PLAIN) == "None of 2 files could be read."
    assert text.summary([], 0, 0, PLAIN) == "No files to check."


def test_what_can_be_fixed_is_counted():
    at = span(1, 1, 2)
    edits = (Edit(at, "x"),)
    safe, unsafe, display = (finding(at, fix=Fix(one, "m", edits)) for one in Applicability)
    none = finding(at, fix=Fix(Applicability.SAFE, "nothing to edit"))
    everything = [safe, unsafe, unsafe, display, none, finding(at)]
    assert text.fixable(everything, None) == "1 fixable with --fix, 2 more with --unsafe-fixes."
    assert text.fixable(everything, True) == "3 fixable with --fix --unsafe-fixes."
    assert text.fixable(everything, False) == "1 fixable with --fix."
    assert text.fixable([unsafe], None) == "1 fixable with --fix --unsafe-fixes."
    assert text.fixable([unsafe], False) == text.fixable([display, none], None) == ""
    assert text.fixed(1, 0) == "Fixed 1 finding (0 remaining)."


def test_statistics_count_by_rule():
    other = finding(span(1, 1, 2), code="LL111", name="probabilities-into-nll-loss")
    rows = text.statistics([finding(span(1, 1, 2)), other, other])
    assert rows == [(2, "LL111", "probabilities-into-nll-loss"), (1, "LL101", "softmax-before-cross-entropy")]


def test_colour_only_where_asked():
    one = finding(span(1, 1, 2), help="h")
    sources = Sources({"train.py": ["x"]})
    assert "\x1b" not in text.full(one, sources, PLAIN)
    coloured = text.full(one, sources, Style(colour=True))
    assert "\x1b[1;31merror[LL101]\x1b[0m" in coloured
    assert "\x1b[1;31m^\x1b[0m" in coloured


def test_text_of_users_cannot_steer_the_terminal():
    one = finding(
        span(1, 1, 2, path="a\x1b[2J\n.py"), message="m\x1b[31m\r", label="l\n", notes=("n\u202e",), help="h\x07"
    )
    shown = text.full(one, Sources({"a\x1b[2J\n.py": ["x"]}), PLAIN)
    assert len(shown.splitlines()) == 7
    assert not set("\x1b\r\x07\u202e") & set(shown)


def test_json_has_the_keys_of_ruff_and_ours():
    edit = Edit(span(18, 16, 40, path="model.py"), "x")
    one = finding(
        span(41, 12, 29),
        fix=Fix(Applicability.UNSAFE, "remove the softmax", (edit,)),
        trace=(TraceStep(span(18, 16, 40, path="model.py"), "softmax"),),
        notes=("a note",),
        help="give the scores",
    )
    place = {"location": {"row": 18, "column": 16}, "end_location": {"row": 18, "column": 40}}
    assert json.loads(json_report.findings([one])) == [{
        "code": "LL101",
        "name": "softmax-before-cross-entropy",
        "message": "probabilities reach CrossEntropyLoss, which expects logits",
        "filename": "train.py",
        "location": {"row": 41, "column": 12},
        "end_location": {"row": 41, "column": 29},
        "severity": "error",
        "certainty": "certain",
        "url": None,
        "noqa_row": 41,
        "cell": None,
        "fix": {"applicability": "unsafe", "message": "remove the softmax",
                "edits": [{"filename": "model.py", "content": "x", **place}]},
        "trace": [{"filename": "model.py", "message": "softmax", **place}],
        "help": "give the scores",
        "notes": ["a note"],
    }]  # fmt: skip
    in_cell = Edit(span(18, 16, 40, path="n.ipynb", cell=3, cell_line=1), "x")
    fix = Fix(Applicability.SAFE, "m", (in_cell,))
    assert json.loads(json_report.findings([finding(span(1, 1, 2), fix=fix)]))[0]["fix"]["edits"][0]["cell"] == 3
    assert json.loads(json_report.findings([finding(span(1, 1, 2))]))[0]["fix"] is None
    assert json_report.findings([]) == "[]"
