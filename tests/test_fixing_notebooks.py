"""Fixing in notebooks: only the strings that are edited change."""

from __future__ import annotations

import pytest
from fixing_tools import applied, document, edit, notebook, sources, whole_lines, word
from hypothesis import given
from hypothesis import strategies as st

from losslint.engine.splicing import EditError, sound
from losslint.finding import Edit


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_in_a_notebook_only_the_edited_string_changes(end, mark):
    raw = notebook(["import x\n", "y = bad\n"], "z = 'é'", indent=1, ensure_ascii=False).replace("\n", end)
    doc = document(mark + raw.encode(), "n.ipynb")
    new = applied(doc, word(doc, "bad", 'f("é\\n")'))
    escaped = raw.replace('"y = bad\\n"', '"y = f(\\"é\\\\n\\")\\n"')
    assert new == mark + escaped.encode()
    assert sources(new.removeprefix(mark))[0] == ["import x\n", 'y = f("é\\n")\n']


def test_a_notebook_in_ascii_stays_ascii():
    raw = notebook("z = '\u00e9'; y = bad")
    doc = document(raw, "n.ipynb")
    assert applied(doc, word(doc, "bad", "'ü'")) == raw.replace("y = bad", "y = '\\u00fc'").encode()


def test_lines_of_a_cell_become_strings_of_their_own():
    raw = notebook(["import x\n", "y = bad\n", "z = 1"], indent=1)
    doc = document(raw, "n.ipynb")
    new = applied(doc, word(doc, "bad", "(\n  1,\n)"), whole_lines(doc, 1, 0, "import a\n"))
    lines = ["import a\n", "import x\n", "y = (\n", "  1,\n", ")\n", "z = 1"]
    assert new.decode() == notebook(lines, indent=1)


def test_lines_at_the_end_of_a_string_add_no_empty_string():
    raw = notebook(["y = 1\n", "z = bad"], indent=1)
    doc = document(raw, "n.ipynb")
    assert applied(doc, word(doc, "bad", "2\n")).decode() == notebook(["y = 1\n", "z = 2\n"], indent=1)


@pytest.mark.parametrize("indent", [None, 1])
def test_cells_of_one_string_stay_one_string(indent):
    raw = notebook("import x\ny = bad\n", "z = 1", indent=indent)
    doc = document(raw, "n.ipynb")
    new = applied(doc, word(doc, "bad", "(\n1)"), whole_lines(doc, 1, 1))
    assert new.decode() == notebook("y = (\n1)\n", "z = 1", indent=indent)


def test_lines_in_strings_on_one_line():
    raw = notebook(["a = 1\n", "y = bad\n", "z = 1"])
    doc = document(raw, "n.ipynb")
    assert sources(applied(doc, word(doc, "bad", "(\n1)"))) == [["a = 1\n", "y = (\n", "1)\n", "z = 1"]]


def test_an_edit_may_span_strings_of_one_cell():
    raw = notebook(["y = f(\n", "", "    bad,\n", ")\n", "z = 1"], "w = 1", indent=1)
    doc = document(raw, "n.ipynb")
    assert sources(applied(doc, word(doc, "f(\n    bad,\n)", "good"))) == [["y = good\n", "z = 1"], "w = 1"]
    assert sources(applied(doc, whole_lines(doc, 1, 3))) == [["z = 1"], "w = 1"]


def test_the_last_line_of_a_cell_goes_without_the_next_cell():
    raw = notebook(["y = 1\n", "z = 1"], ["w = 1"], indent=1)
    doc = document(raw, "n.ipynb")
    assert sources(applied(doc, whole_lines(doc, 2, 2))) == [["y = 1\n", ""], ["w = 1"]]


def test_edits_beyond_the_code_of_a_cell_are_refused():
    raw = notebook("y = 1\n", "z = '\\n'\n")
    doc = document(raw, "n.ipynb")
    start, end = (raw.index(text) + 1 for text in ("y = 1", "z = "))
    with pytest.raises(EditError, match="beyond one cell"):
        applied(doc, edit(1, start, 1, end + 1, path="n.ipynb"))
    with pytest.raises(EditError, match="not within the code"):
        applied(doc, edit(1, 1, 1, 2, path="n.ipynb"))
    escape = raw.index("\\\\n") + 1
    with pytest.raises(EditError, match="escaped character"):
        applied(doc, edit(1, escape + 1, 1, escape + 2, path="n.ipynb"))


def test_a_cell_must_not_break_even_where_others_are_sound():
    raw = notebook("y = bad", "z = 1", "w = (")
    doc = document(raw, "n.ipynb")
    with pytest.raises(EditError, match="would no longer be sound Python"):
        sound(doc, applied(doc, word(doc, "bad", "(")))
    assert sound(doc, applied(doc, word(doc, "bad", "1"))).text.startswith("y = 1\n")


@given(st.lists(st.text('ab"\\é\U0001f600\t', max_size=6), min_size=1, max_size=5), st.data())
def test_other_strings_of_a_notebook_keep_their_bytes(lines, data):
    written = [f"x = {line!r}\n" for line in lines]
    raw = notebook(written, indent=data.draw(st.sampled_from([None, 1])), ensure_ascii=data.draw(st.booleans()))
    doc = document(raw, "n.ipynb")
    number = data.draw(st.integers(1, len(lines)))
    content = data.draw(st.text('yz"\\é\U0001f600', max_size=4))
    span = doc.span((number, 1), (number, 2))
    new = applied(doc, Edit(span, content))
    expected = [*written]
    expected[number - 1] = content + expected[number - 1][1:]
    assert sources(new) == [expected]
    at = sum(map(len, raw.splitlines(keepends=True)[: span.line - 1])) + span.column - 1
    assert new.startswith(raw[:at].encode())
    assert new.endswith(raw[at + 1 :].encode())
