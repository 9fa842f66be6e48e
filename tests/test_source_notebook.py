"""Notebooks: what the parser gets of them, and the way back into their JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import libcst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losslint.finding import Problem, Span
from losslint.source.document import Document, from_bytes, from_text
from losslint.source.magics import masked
from losslint.source.notebook import read_notebook
from losslint.source.tree import parse, spans, walk


def notebook(*cells: Any, **metadata: Any) -> dict[str, Any]:
    """A notebook of code cells; a cell given as a dict is taken as it is."""
    full = [cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell} for cell in cells]
    return {"cells": full, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def document_of(raw: str) -> Document:
    document = from_bytes(raw.encode(), Path("a.ipynb"), "a.ipynb")
    assert isinstance(document, Document), document
    return document


def text_of(*cells: Any, **metadata: Any) -> str:
    return document_of(json.dumps(notebook(*cells, **metadata))).text


def cut(raw: str, span: Span) -> str:
    """The stretch of the file that a span marks."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", raw)
    marked = lines[span.line - 1 : span.end_line]
    marked[-1] = marked[-1][: span.end_column - 1]
    marked[0] = marked[0][span.column - 1 :]
    return "".join(marked)


def calls_of(raw: str) -> list[tuple[Span, str, range]]:
    document = document_of(raw)
    tree = parse(document)
    assert isinstance(tree, libcst.Module), tree
    found = spans(document, tree, [node for node in walk(tree) if isinstance(node, libcst.Call)])
    return [(span, cut(raw, span), document.text_lines(span)) for span in found.values()]


def test_cells_are_joined_and_counted_from_one() -> None:
    raw = json.dumps(
        notebook(
            ["import a\n", "f(x)"], {"cell_type": "markdown", "source": "# g(y)"}, "", "\nh(z)\n", {"cell_type": "raw"}
        ),
        indent=1,
    )
    assert document_of(raw).text == "import a\nf(x)\n\nh(z)\n"
    assert [(span.cell, span.cell_line, code) for span, code, _ in calls_of(raw)] == [(1, 2, "f(x)"), (4, 2, "h(z)")]


def test_spans_are_places_of_the_file() -> None:
    raw = '{"cells": [\r\n {"source": [\r\n  "a = 1\\n",\r\n  "f(\\"\\u00e9\\", g(\\n",\r\n  " 2))"], "cell_type": "code"}]}'
    (outer, outer_code, outer_lines), (inner, inner_code, _) = calls_of(raw)
    assert (outer.line, outer.column, outer.end_line, outer.end_column) == (4, 4, 5, 8)
    assert outer_code.startswith('f(\\"\\u00e9\\", g(\\n",')
    assert (inner.line, inner.column, inner_code) == (4, 18, 'g(\\n",\r\n  " 2)')
    assert outer_lines == range(2, 4)


def test_a_source_may_be_one_string() -> None:
    raw = json.dumps(notebook("a = '😀é\\n'\nb = f(x, '😀'); g(y)"))
    assert [code for _, code, _ in calls_of(raw)] == ["f(x, '\\ud83d\\ude00')", "g(y)"]
    assert [(span.line, span.cell_line, lines) for span, _, lines in calls_of(raw)] == [(1, 2, range(2, 3))] * 2


def test_a_line_may_be_cut_into_strings() -> None:
    raw = json.dumps(notebook(["a = f", "(x)", "\n", "", "g(y)"]))
    assert [code for _, code, _ in calls_of(raw)] == ['f", "(x)', "g(y)"]


@pytest.mark.parametrize("end", ["\\n", "\\r\\n", "\\r"])
def test_line_ends_within_cells(end: str) -> None:
    raw = f'{{"cells": [{{"cell_type": "code", "source": "a{end}f(x){end}"}}]}}'
    assert document_of(raw).text == "a\nf(x)\n"
    assert [(code, span.cell_line) for span, code, _ in calls_of(raw)] == [("f(x)", 2)]


def test_the_third_format() -> None:
    code = {"cell_type": "code", "language": "python", "input": ["f(x)\n", "g(y)"]}
    other = {"cell_type": "code", "language": "bash", "input": "ls"}
    text = {"cell_type": "markdown", "source": "# title"}
    raw = json.dumps(
        {
            "nbformat": 3,
            "metadata": {},
            "worksheets": [{"cells": [text, code]}, {"metadata": {}, "cells": [other, code]}],
        }
    )
    assert document_of(raw).text == "f(x)\ng(y)\n" * 2
    assert [span.cell for span, _, _ in calls_of(raw)] == [2, 2, 4, 4]


@pytest.mark.parametrize(
    ("metadata", "is_python"),
    [
        ({}, True),
        ({"kernelspec": {"name": "python3", "language": "python"}}, True),
        ({"kernelspec": {"name": "my-env"}}, True),
        ({"language_info": {"name": "python"}}, True),
        ({"language_info": {"name": "ipython"}}, True),
        ({"language_info": {"name": "R"}}, False),
        ({"kernelspec": {"name": "ir"}}, False),
        ({"kernelspec": {"name": "julia-1.9"}}, False),
        ({"kernelspec": {"name": "scala", "language": "scala"}}, False),
        ({"kernelspec": "python", "language_info": 3}, True),
    ],
)
def test_other_languages_hold_no_code(metadata: dict[str, Any], is_python: bool) -> None:
    document = document_of(json.dumps(notebook("f(x)", **metadata)))
    assert document.text == ("f(x)\n" if is_python else "")
    assert document.is_notebook
    assert isinstance(parse(document), libcst.Module)


def test_a_cell_of_another_language() -> None:
    sql = {"cell_type": "code", "source": "select 1", "metadata": {"vscode": {"languageId": "sql"}}}
    assert text_of(sql, "f(x)") == "f(x)\n"


@pytest.mark.parametrize(
    ("raw", "reason", "line"),
    [
        ("[]", "is not a notebook: no JSON object", None),
        ("{}", "is not a notebook: it has no cells", None),
        ('{"cells":\n [}', "is not a notebook: not JSON (expecting value)", 2),
        ('{"cells": []} x', "is not a notebook: not JSON (extra data)", 1),
        ('{"cells": [],}', "is not a notebook: not JSON (expecting property name enclosed in double quotes)", 1),
        ("<<<<<<< HEAD", "is not a notebook: not JSON (expecting value)", 1),
        ('{"a": ' + "[" * 200_000, "is not a notebook: nested too deeply", None),
    ],
)
def test_what_is_no_notebook_says_why(raw: str, reason: str, line: int | None) -> None:
    assert from_bytes(raw.encode(), Path("a.ipynb"), "a.ipynb") == Problem("a.ipynb", reason, line)


@pytest.mark.parametrize(
    "raw",
    [
        '{"cells": 3}',
        '{"cells": [1, "a", null, {}]}',
        '{"cells": [{"cell_type": "code", "source": {"a": 1}}]}',
        '{"cells": [{"cell_type": "code", "source": [1, null, ["a"]]}]}',
        '{"worksheets": [{"cells": {}}, 3]}',
        '{"metadata": 3, "cells": []}',
        '{"x": ' + "9" * 10_000 + ', "cells": []}',
    ],
)
def test_odd_notebooks_hold_no_code(raw: str) -> None:
    assert document_of(raw).text == ""


def test_a_byte_order_mark_is_no_part_of_a_notebook() -> None:
    document = from_bytes(b'\xef\xbb\xbf{"cells": []}', Path("a.ipynb"), "a.ipynb")
    assert isinstance(document, Document)


def test_a_broken_cell_does_not_hide_the_others() -> None:
    raw = json.dumps(notebook("f(x)", "g(", "h(y)\nprint 'a'\n", "i(z)"))
    assert [code for _, code, _ in calls_of(raw)] == ["f(x)", "i(z)"]


def test_a_notebook_of_broken_cells_only_is_a_problem() -> None:
    raw = json.dumps(notebook("a = 1 +", {"cell_type": "markdown", "source": ""}, "\nprint 'b'"), indent=1)
    problem = parse(document_of(raw))
    assert isinstance(problem, Problem)
    assert problem.reason == "cannot be parsed: invalid syntax"
    assert problem.line is not None
    assert "a = 1 +" in raw.split("\n")[problem.line - 1]


def test_top_level_await_and_final_semicolons_are_fine() -> None:
    raw = json.dumps(notebook("x = await f(a)", "plot(x);"))
    assert [code for _, code, _ in calls_of(raw)] == ["f(a)", "plot(x)"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%matplotlib inline", "pass"),
        ("  !ls", "  pass"),
        ("for a in b:\n    !echo $a", "for a in b:\n    pass"),
        ("x?\nx.y??\n?x\n%run?", "pass\npass\npass\npass"),
        ("f(x)?", "pass"),
        ("y = !ls", "y = None"),
        ("a, b = %sql select 1", "a, b = None"),
        ("files: list = !ls", "files: list = None"),
        ("!pip install a \\\n  b \\\n  c\nf(x)", "pass\n\n\nf(x)"),
        ("pip install torch", "pass"),
        ("cd ..", "pass"),
        ("cd = 3\nls -= 1\npip.main()", "cd = 3\nls -= 1\npip.main()"),
        ("x = (a\n % b)", "x = (a\n % b)"),
        ("x = a \\\n % b", "x = a \\\n % b"),
        ("x = '''\n%a\n!b\n'''\n%c", "x = '''\n%a\n!b\n'''\npass"),
        ('x = """\\"""\n%a"""\n%c', 'x = """\\"""\n%a"""\npass'),
        ("x = '('  # [\n%c", "x = '('  # [\npass"),
        ("x = a % b\ny = a != b", "x = a % b\ny = a != b"),
        ("f('a = !b')", "f('a = !b')"),
        ("!echo '((('\nf(x)", "pass\nf(x)"),
        ("f(x);", "f(x);"),
        ("%%time\nf(x)\n%who", "pass\nf(x)\npass"),
        ("\n%%capture out\nf(x)", "\npass\nf(x)"),
        ("%%timeit -n 1\nf(x)", "pass\nf(x)"),
        ("%%bash\nls\nf(x)", "\n\n"),
        ("%%writefile a.py\nf(x)", "\n"),
        ("%%html", ""),
        ("", ""),
    ],
)
def test_magics_are_masked_line_for_line(cell: str, expected: str) -> None:
    assert "\n".join(masked(cell.split("\n"))) == expected


@given(
    st.lists(
        st.sampled_from(["%a", "!b", "c?", "%%d", "x = '''", '"""', "f(", ")", "y = !z", "\\", "#", "", "if a:"]),
        max_size=8,
    )
)
def test_masking_keeps_the_number_of_lines(lines: list[str]) -> None:
    assert len(masked(lines)) == len(lines)


def test_what_follows_a_masked_line_keeps_its_place() -> None:
    raw = json.dumps(notebook("%matplotlib inline\ny = !ls -la | wc\nf(x)"))
    assert [(code, span.cell_line) for span, code, _ in calls_of(raw)] == [("f(x)", 3)]


SOURCES = st.text(max_size=30) | st.lists(st.text(max_size=20), max_size=4)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown"]), "source": SOURCES},
    optional={
        "outputs": st.lists(st.text(max_size=5)),
        "metadata": st.just({}),
        'x\n"é': st.none() | st.floats(allow_nan=False),
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(CELLS, max_size=4), st.booleans(), st.sampled_from([None, 0, 1]), st.sampled_from(["\n", "\r\n"]))
def test_the_scanner_reads_what_json_reads(
    cells: list[dict[str, Any]], ascii_only: bool, indent: int | None, end: str
) -> None:
    raw = json.dumps(notebook(*cells), ensure_ascii=ascii_only, indent=indent).replace("\n", end)
    expected = ["".join(cell["source"]) for cell in json.loads(raw)["cells"] if cell["cell_type"] == "code"]
    found = read_notebook(raw)
    pieces = [json.loads(f'"{raw[piece.raw_start : piece.raw_end]}"') for piece in found.pieces]
    assert "".join(pieces) == "".join(expected)
    assert [len(piece) for piece in pieces] == [piece.length for piece in found.pieces]
    assert len(found.lines) == found.text.count("\n") == sum(map(len, found.parts))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["é", "😀", "\\n", '"', "\t", "\u2028", "a"]), max_size=4).map("".join),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_every_name_is_found_in_the_file(
    fillings: list[str], ascii_only: bool, in_lines: bool, keep_case: bool
) -> None:
    lines = [f"v = '''{filling}'''; name{index}(x)\n" for index, filling in enumerate(fillings)]
    raw = json.dumps(notebook("z", lines if in_lines else "".join(lines)), ensure_ascii=ascii_only, indent=1)
    if not keep_case:
        raw = re.sub(r"\\u[0-9a-f]{4}", lambda escape: "\\u" + escape.group()[2:].upper(), raw)
    found = calls_of(raw)
    assert [code for _, code, _ in found] == [f"name{index}(x)" for index in range(len(lines))]
    assert [lines for _, _, lines in found] == [range(index + 2, index + 3) for index in range(len(lines))]


def test_a_buffer_may_be_a_notebook() -> None:
    document = from_text(json.dumps(notebook("f(x)")), Path("a.ipynb"), "a.ipynb")
    assert isinstance(document, Document)
    assert document.text == "f(x)\n"


def test_a_half_surrogate_spoils_its_own_cell_only() -> None:
    raw = '{"cells": [{"cell_type": "code", "source": "\'\\ud800\'"}, {"cell_type": "code", "source": "f(x)"}]}'
    assert [code for _, code, _ in calls_of(raw)] == ["f(x)"]


def test_cells_are_shown_as_they_were_written() -> None:
    document = document_of(
        json.dumps(notebook({"cell_type": "markdown", "source": "a"}, "%x\nf('é')\n", ["g(", ")\n"]))
    )
    assert [document.cell_lines(cell) for cell in (1, 2, 3, 4)] == [(), ("%x", "f('é')"), ("g()",), ()]
    plain = from_text("a", Path("a.py"), "a.py")
    assert isinstance(plain, Document)
    assert plain.cell_lines(1) == ()
