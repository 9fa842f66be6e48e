"""Fixing: how edits become bytes."""

from __future__ import annotations

import re

import pytest
from fixing_tools import applied, document, edit, word
from hypothesis import given
from hypothesis import strategies as st

from losslint.engine.splicing import EditError, Splice, sound
from losslint.finding import Edit, Span


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_content_takes_the_line_end_of_its_line(end):
    text = f"import x{end}a = 1{end}b = 2{end}"
    new = applied(document(text), edit(2, 1, 2, 6, "c = 3\nd = 4"), edit(1, 1, 1, 1, "import y\n"))
    assert new == f"import y{end}import x{end}c = 3{end}d = 4{end}b = 2{end}".encode()


def test_line_ends_may_be_mixed():
    doc = document("a = 1\r\nb = 2\nc = 3\rd = 4")
    edits = [edit(line, 5, line, 6, "(\n9)") for line in (1, 2, 3, 4)]
    assert applied(doc, *edits) == b"a = (\r\n9)\r\nb = (\n9)\nc = (\r9)\rd = (\r9)"


def test_content_copied_from_the_file_is_not_given_two_line_ends():
    assert applied(document("a = 1\r\n"), edit(1, 5, 1, 6, "(\r\n1)")) == b"a = (\r\n1)\r\n"


def test_a_byte_order_mark_stays():
    data = b"\xef\xbb\xbfa = 1\r\n"
    assert applied(document(data), edit(1, 1, 1, 2, "\u00e9")) == b"\xef\xbb\xbf\xc3\xa9 = 1\r\n"


def test_a_declared_encoding_stays():
    data = "# -*- coding: latin-1 -*-\nx = 'é'; y = 1\n".encode("latin-1")
    assert applied(document(data), edit(2, 10, 2, 11, "ü")) == data.replace(b"y", b"\xfc")


def test_what_the_encoding_lacks_is_refused():
    doc = document("# -*- coding: latin-1 -*-\nx = 1\n")
    with pytest.raises(EditError, match=r"a\.py is latin-1, which has no '€'"):
        applied(doc, edit(2, 5, 2, 6, "'€'"))


def test_a_declared_mark_that_is_not_there_is_not_added():
    data = b"# coding: utf-8-sig\nx = 1\n"
    assert applied(document(data), edit(2, 5, 2, 6, "2")) == data.replace(b"1", b"2")


def test_an_encoding_that_would_rewrite_the_file_is_refused():
    doc = document(b"# coding: utf-7\nx = '+AGE-'\n")
    with pytest.raises(EditError, match="does not keep its bytes"):
        applied(doc, edit(2, 1, 2, 2, "y"))


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("if a:\n\tx = bad\n", "if a:\n\tx = good\n"),
        ("x = 1\n\x0c\ny = bad\n", "x = 1\n\x0c\ny = good\n"),
        ("\x0cy = bad\n", "\x0cy = good\n"),
        ("s = '\x0b\x1c\u2028\x85'; y = bad\n", "s = '\x0b\x1c\u2028\x85'; y = good\n"),
        ("s = '\U0001f600e\u0301'; y = bad\n", "s = '\U0001f600e\u0301'; y = good\n"),
        ("y = bad", "y = good"),
        ("y = bad\n\n\n  \n", "y = good\n\n\n  \n"),
    ],
)
def test_columns_count_code_points(text, new):
    doc = document(text)
    assert applied(doc, word(doc, "bad", "good")) == new.encode()


def test_whole_lines_go_with_their_line_ends():
    assert applied(document("a\r\nb\r\nc\r\n"), edit(2, 1, 3, 1)) == b"a\r\nc\r\n"
    assert applied(document("a\nb"), edit(2, 1, 3, 1)) == b"a\n"
    assert applied(document("a\nb\n"), edit(2, 1, 3, 1)) == b"a\n"
    assert applied(document("a\nb\n"), edit(3, 1, 3, 1, "c\n")) == b"a\nb\nc\n"


@pytest.mark.parametrize(
    "wrong",
    [edit(0, 1, 1, 1), edit(1, 0, 1, 1), edit(1, 1, 1, 4), edit(3, 1, 3, 1), edit(4, 1, 4, 1), edit(2, 1, 1, 1)],
)
def test_places_that_are_not_there_are_refused(wrong):
    with pytest.raises(EditError):
        applied(document("ab\ncd"), wrong)


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        ((2, 5, "x"), (2, 5, "x"), False),
        ((2, 5, "x"), (2, 5, "y"), True),
        ((2, 5, ""), (4, 7, ""), True),
        ((2, 5, ""), (5, 7, ""), False),
        ((2, 2, "x"), (2, 2, "x"), False),
        ((2, 2, "x"), (2, 2, "y"), True),
        ((2, 2, "x"), (2, 5, "y"), True),
        ((5, 5, "x"), (2, 5, "y"), True),
        ((3, 3, "x"), (2, 5, "y"), True),
        ((6, 6, "x"), (2, 5, "y"), False),
        ((2, 8, ""), (4, 5, ""), True),
    ],
)
def test_what_conflicts(one, other, conflict):
    assert Splice(*one).conflicts(Splice(*other)) is Splice(*other).conflicts(Splice(*one)) is conflict


def test_the_same_edit_is_made_once_and_overlapping_ones_never():
    same = edit(1, 1, 1, 1, "import y\n")
    assert applied(document("a = 1\n"), same, same, edit(1, 1, 1, 2, "b")) == b"import y\nb = 1\n"
    with pytest.raises(EditError, match="touch the same text"):
        applied(document("a = 1\n"), edit(1, 1, 1, 4, "b"), edit(1, 3, 1, 6, "c"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("a = 1\n", "a = (\n", "cannot be parsed"),
        ("a = 1\n", "print a\n", "would no longer be sound Python"),
        ("a = 1\r", "print a\r", "would no longer be sound Python"),
        ("x\na = 1\n", "# coding: latin-1\na = 1\n", "would be read as latin-1"),
        ("a = 1\n", "a = '\0'\n", "is binary"),
    ],
)
def test_new_text_must_be_as_sound_as_the_old(old, new, reason):
    with pytest.raises(EditError, match=reason):
        sound(document(old), new.encode())


@pytest.mark.parametrize("text", ["print a\nb = {}\n", "\x0cclass A: pass\nb = {}\n", "!ls\nb = {}\n"])
def test_what_was_forgiven_stays_forgiven(text):
    assert sound(document(text.format(1)), text.format(2).encode()).text == text.format(2)


@st.composite
def edited_texts(draw):
    """A text of lines with all line ends, cut at places that are not within a line end, and content for some of the parts."""
    line = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=("Cs",)), max_size=6)
    parts = draw(st.lists(st.tuples(line, st.sampled_from(["\n", "\r", "\r\n"])), min_size=1, max_size=8))
    text = "".join(map("".join, parts)) + draw(line)
    places = [at for at in range(len(text) + 1) if text[max(at - 1, 0) : at + 1] != "\r\n"]
    cuts = sorted(draw(st.sets(st.sampled_from(places), max_size=8)))
    content = st.text("xyé\n", max_size=5)
    edits = []
    while cuts:
        start = cuts.pop(0)
        end = cuts.pop(0) if cuts and draw(st.booleans()) else start
        edits.append((start, end, draw(content)))
    return text, edits


def place(text, offset):
    """Line and column of an offset, found by walking."""
    line, column = 1, 1
    for index in range(offset):
        if text[index] == "\n" or (text[index] == "\r" and text[index + 1 : index + 2] != "\n"):
            line, column = line + 1, 1
        else:
            column += 1
    return line, column


@given(edited_texts(), st.sampled_from([b"", b"\xef\xbb\xbf"]), st.randoms(use_true_random=False))
def test_what_no_edit_touches_keeps_its_bytes(case, mark, random):
    text, edits = case
    spans = [Edit(Span("a.py", *place(text, start), *place(text, end)), content) for start, end, content in edits]
    random.shuffle(spans)
    new = applied(document(mark + text.encode()), *spans)
    pattern, at = re.escape(mark), 0
    for start, end, content in edits:
        pattern += re.escape(text[at:start].encode())
        pattern += b"(?:\r\n|\r|\n)".join(map(re.escape, content.encode().split(b"\n")))
        at = end
    assert re.fullmatch(pattern + re.escape(text[at:].encode()), new)
