"""Fixes: how edits become bytes, bytes become files, which fixes are kept, and what the command says of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from losslint import cli, engine
from losslint.config import Settings
from losslint.engine import fixing, writing
from losslint.engine.fixing import fix_all
from losslint.engine.outcome import Outcome
from losslint.engine.snapshot import Snapshot
from losslint.engine.splicing import EditError, Splice, page, sound, spliced
from losslint.engine.writing import Change, WriteError, write_together
from losslint.finding import Applicability, Certainty, Edit, Finding, Fix, Problem, Severity, Span
from losslint.report.diff import unified
from losslint.report.style import Style
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


# from edits to bytes


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


# notebooks


def notebook(*sources, **options):
    cells = [
        {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [{"data": "bad"}], "source": source}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, **options)


def sources(data):
    """The sources of the cells."""
    return [cell["source"] for cell in json.loads(data)["cells"]]


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


# from bytes to files


def change(file, new, old=None):
    return Change(file.name, writing.real(file), file.read_bytes() if old is None else old, new)


def left_over(folder):
    """Files that nobody asked for."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_mode_bits_are_kept(tmp_path, mode):
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    file.chmod(mode)
    write_together([change(file, b"new")])
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert left_over(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    os.chown(file, 12345, 23456)
    write_together([change(file, b"new")])
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)


def test_a_link_stays_and_its_file_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    file, link = tmp_path / "real" / "a.py", tmp_path / "link.py"
    file.write_bytes(b"old")
    link.symlink_to(file)
    write_together([change(link, b"new")])
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_read_only_file_is_refused_and_with_it_all_others(tmp_path):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    for file in (one, two):
        file.write_bytes(b"old")
    two.chmod(0o444)
    with pytest.raises(WriteError, match=r"two\.py is read-only"):
        write_together([change(one, b"new"), change(two, b"new")])
    assert one.read_bytes() == two.read_bytes() == b"old"
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("barred", "reason"), [("a.py", "permission denied"), ("folder", "its folder cannot be written")]
)
def test_missing_permissions_are_refused(tmp_path, monkeypatch, barred, reason):
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "a.py"
    file.write_bytes(b"old")
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != barred and allowed(path, mode))
    with pytest.raises(WriteError, match=f"a.py may not be .*: {reason}"):
        write_together([change(file, b"new")])
    assert file.read_bytes() == b"old"


def test_a_file_changed_on_disk_is_refused_and_with_it_all_others(tmp_path):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    for file in (one, two):
        file.write_bytes(b"theirs")
    with pytest.raises(WriteError, match=r"two\.py was changed on disk since it was read"):
        write_together([change(one, b"new"), change(two, b"new", old=b"old")])
    assert one.read_bytes() == two.read_bytes() == b"theirs"
    assert left_over(tmp_path) == []


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(WriteError, match=r"a\.py cannot be written: no such file"):
        write_together([Change("a.py", tmp_path / "a.py", b"old", b"new")])
    assert list(tmp_path.iterdir()) == []


def failing_replace(monkeypatch, failing, error, times=1):
    """Lets `os.replace` fail for the first `times` files that would become one of these names."""
    replace, failures = os.replace, []

    def fail(source, target):
        if Path(target).name in failing and len(failures) < times:
            failures.append(target)
            raise error
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)


@pytest.mark.parametrize(
    ("error", "raised"), [(PermissionError(1, "Not permitted"), WriteError), (KeyboardInterrupt(), KeyboardInterrupt)]
)
def test_what_was_replaced_is_put_back_when_a_later_one_fails(tmp_path, monkeypatch, error, raised):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    for file in (one, two):
        file.write_bytes(b"old")
    one.chmod(0o640)
    failing_replace(monkeypatch, {"two.py"}, error)
    with pytest.raises(raised):
        write_together([change(one, b"new"), change(two, b"new")])
    assert one.read_bytes() == two.read_bytes() == b"old"
    assert stat.S_IMODE(one.stat().st_mode) == 0o640
    assert left_over(tmp_path) == []


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    file = tmp_path / "a.py"
    file.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no space left"):
        write_together([change(file, b"new")])
    assert file.read_bytes() == b"old"
    assert left_over(tmp_path) == []


# which fixes are kept


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

    def __call__(self, paths, settings, progress=None, *, overlay=None):
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
            for mark in (one for one in self.marks if settings.selects(one.code, "toy", by_default=True)):
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


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files):
    for name, text in files.items():
        Path(f"{name}.py").write_bytes(text.encode())


def text(name):
    return Path(f"{name}.py").read_bytes().decode()


def fix(*marks, level=SAFE, paths=(".",), settings=None, **options):
    return fix_all(paths, settings or Settings(), level, analyse=Toy(*marks), **options)


def reasons(done):
    return [one.reason for one in done.refused]


def test_what_is_fixed_is_written_and_counted(folder):
    write(a="bad\r\nx = bad\r\n", b="worse\n", c="x = 1\n")
    done = fix(Mark("bad", "LL101", "good"), Mark("worse", "LL103", "good"))
    assert (text("a"), text("b"), text("c")) == ("good\r\nx = good\r\n", "good\n", "x = 1\n")
    assert done.fixed == {"a.py": {"LL101": 2}, "b.py": {"LL103": 1}}
    assert (done.count, done.outcome.findings, done.refused, done.settled) == (3, (), (), True)
    assert [one.path for one in done.changes] == ["a.py", "b.py"]


def test_without_write_nothing_is_written(folder):
    write(a="bad\n")
    Path("a.py").chmod(0o444)
    done = fix(Mark("bad", "LL101", "good"), write=False)
    assert text("a") == "bad\n"
    assert [(one.old, one.new) for one in done.changes] == [(b"bad\n", b"good\n")]
    assert (done.count, done.outcome.findings) == (1, ())
    assert sorted(file.name for file in folder.iterdir()) == ["a.py", "pyproject.toml"]


@pytest.mark.parametrize("level", list(Applicability))
def test_safe_fixes_are_made_on_every_level(folder, level):
    write(a="bad\n")
    fix(Mark("bad", "LL101", "safe"), level=level)
    assert text("a") == "safe\n"


@pytest.mark.parametrize(("level", "new"), [(SAFE, "bad\n"), (UNSAFE, "good\n")])
def test_unsafe_fixes_are_made_where_wanted(folder, level, new):
    write(a="bad\n")
    done = fix(Mark("bad", "LL101", "good", UNSAFE), level=level)
    assert text("a") == new
    assert done.refused == ()


@pytest.mark.parametrize("level", list(Applicability))
def test_what_is_for_display_is_never_made(folder, level):
    write(a="bad\n")
    done = fix(Mark("bad", "LL101", "good", DISPLAY), level=level)
    assert text("a") == "bad\n"
    assert (done.changes, done.refused, len(done.outcome.findings)) == ((), (), 1)


def test_a_second_run_changes_nothing(folder):
    write(a="bad = worse\n")
    marks = Mark("bad", "LL101", "x"), Mark("worse", "LL103", "1")
    fix(*marks)
    before = Path("a.py").stat().st_mtime_ns
    assert fix(*marks).changes == ()
    assert Path("a.py").stat().st_mtime_ns == before


def test_one_fix_may_lead_to_the_next(folder):
    write(a="bad\n")
    toy = Toy(Mark("bad", "LL101", "poor"), Mark("poor", "LL102", "good", severity=Severity.ADVICE))
    done = fix_all((".",), Settings(), SAFE, analyse=toy)
    assert text("a") == "good\n"
    assert done.fixed == {"a.py": {"LL101": 1}}
    assert toy.runs == 3


def test_rounds_come_to_an_end(folder):
    write(a="bad\n")
    ring = (
        Mark("bad", "LL102", "poor", severity=Severity.ADVICE),
        Mark("poor", "LL104", "bad", severity=Severity.ADVICE),
    )
    done = fix(*ring)
    assert not done.settled
    assert text("a") == "bad\n"
    assert done.changes == ()


def test_overlapping_fixes_wait_for_the_next_round(folder):
    write(a="f(bad)\n")
    toy = Toy(Mark("f(bad)", "LL101", "g(bad)"), Mark("bad", "LL103", "x"))
    done = fix_all((".",), Settings(), SAFE, analyse=toy)
    assert text("a") == "g(x)\n"
    assert done.fixed == {"a.py": {"LL101": 1, "LL103": 1}}


def test_what_an_overlapping_fix_mended_by_the_way_is_not_mended_again(folder):
    write(a="f(bad)\n")
    fix(Mark("f(bad)", "LL101", "g(1)"), Mark("bad", "LL103", "x"))
    assert text("a") == "g(1)\n"


def test_fixes_share_an_edit(folder):
    write(a="import x\na = bad\nb = worse\n")
    shared = (("a.py", "import x", "import y"),)
    done = fix(Mark("bad", "LL101", "1", elsewhere=shared), Mark("worse", "LL103", "2", elsewhere=shared))
    assert text("a") == "import y\na = 1\nb = 2\n"
    assert done.count == 2


def test_a_fix_of_several_files_is_made_whole(folder):
    write(model="softmax\n", train="loss\n")
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)))
    assert (text("model"), text("train")) == ("x\n", "good\n")
    assert [one.path for one in done.changes] == ["model.py", "train.py"]


def test_fixes_that_share_a_file_are_written_together(folder):
    write(model="softmax, sigmoid\n", train="loss\n", score="bad\n")
    done = fix(
        Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)),
        Mark("bad", "LL103", "good", elsewhere=(("model.py", "sigmoid", "y"),)),
    )
    assert (text("model"), text("train"), text("score")) == ("x, y\n", "good\n", "good\n")
    assert [one.path for one in done.changes] == ["model.py", "score.py", "train.py"]


def test_a_file_that_may_not_be_written_costs_only_its_own_fixes(folder):
    write(model="softmax\n", train="loss\nbad\n")
    Path("model.py").chmod(0o444)
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good"))
    assert (text("model"), text("train")) == ("softmax\n", "loss\ngood\n")
    assert reasons(done) == ["model.py is read-only"]


def test_all_that_was_not_written_is_told_even_where_lines_moved(folder, monkeypatch):
    write(a="f(bad)\n")
    failing_replace(monkeypatch, {"a.py"}, PermissionError(1, "Operation not permitted"))
    done = fix(Mark("f(bad)", "LL101", "g(\n    bad)"), Mark("bad", "LL103", "x"))
    assert text("a") == "f(bad)\n"
    assert [one.finding.code for one in done.refused] == ["LL101", "LL103"]
    assert (done.fixed, done.changes, len(done.outcome.findings)) == ({}, (), 2)


def test_a_fix_that_another_made_needless_is_not_made(folder):
    write(a="one\n", b="two\n", c="keep\n", d="stuck\n")
    done = fix(
        Mark("one", "LL101", "1", elsewhere=(("b.py", "two", "2"),)),
        Mark("two", "LL103", elsewhere=(("c.py", "keep", "lost"),)),
        Mark("stuck", "LL121", "(stuck)"),
    )
    assert [text(name) for name in "abcd"] == ["1\n", "2\n", "keep\n", "stuck\n"]
    assert done.fixed == {"a.py": {"LL101": 1}, "b.py": {"LL103": 1}}
    assert reasons(done) == ["LL121 would still be found in d.py"]


def test_a_fix_of_several_files_is_not_made_in_part(folder):
    write(model="softmax\n", train="loss\n", other="bad\n")
    Path("model.py").chmod(0o444)
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good"))
    assert (text("model"), text("train"), text("other")) == ("softmax\n", "loss\n", "good\n")
    assert reasons(done) == ["model.py is read-only"]
    assert [finding.code for finding in done.outcome.findings] == ["LL101"]


def test_where_one_file_cannot_be_replaced_the_fixes_of_others_stand(folder, monkeypatch):
    write(a="bad\n", model="softmax\n", train="loss\n")
    failing_replace(monkeypatch, {"train.py"}, PermissionError(1, "Operation not permitted"))
    done = fix(Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good"))
    assert (text("a"), text("model"), text("train")) == ("good\n", "softmax\n", "loss\n")
    assert reasons(done) == ["train.py cannot be written: operation not permitted"]
    assert done.fixed == {"a.py": {"LL103": 1}}
    assert [finding.code for finding in done.outcome.findings] == ["LL101"]
    assert [one.path for one in done.changes] == ["a.py"]


def test_a_file_changed_while_fixes_are_tried_is_left_alone(folder):
    write(a="bad\n", b="bad\n")
    toy = Toy(Mark("bad", "LL101", "good"))

    def analyse(*asked, **more):
        found = toy(*asked, **more)
        write(a="bad  # edited meanwhile\n")
        return found

    done = fix_all((".",), Settings(), SAFE, analyse=analyse)
    assert (text("a"), text("b")) == ("bad  # edited meanwhile\n", "good\n")
    assert reasons(done) == ["a.py was changed on disk since it was read"]
    assert [finding.span.path for finding in done.outcome.findings] == ["a.py"]


def test_a_fix_that_does_not_parse_is_withdrawn_and_others_stand(folder):
    write(a="x = bad\ny = worse\n")
    done = fix(Mark("bad", "LL101", "("), Mark("worse", "LL103", "good"))
    assert text("a") == "x = bad\ny = good\n"
    assert reasons(done) == ["a.py then cannot be parsed: '(' was never closed"]


def test_a_fix_that_leaves_its_finding_is_withdrawn(folder):
    write(a="x = bad\ny = worse\n")
    done = fix(Mark("bad", "LL101", "(bad)"), Mark("worse", "LL103", "good"))
    assert text("a") == "x = bad\ny = good\n"
    assert reasons(done) == ["LL101 would still be found in a.py"]


def test_a_fix_that_brings_an_error_is_withdrawn(folder):
    write(a="x = bad\ny = worse\n")
    evil = Mark("evil", "LL112")
    done = fix(Mark("bad", "LL101", "evil"), Mark("worse", "LL103", "good"), evil)
    assert text("a") == "x = bad\ny = good\n"
    assert reasons(done) == ["it would bring LL112 in a.py"]


def test_an_error_that_was_there_before_is_no_objection(folder):
    write(a="evil\nx = bad\n")
    fix(Mark("bad", "LL101", "good"), Mark("evil", "LL112"))
    assert text("a") == "evil\nx = good\n"


def test_a_new_warning_is_no_objection(folder):
    write(a="x = bad\n")
    done = fix(Mark("bad", "LL101", "odd"), Mark("odd", "LL104", severity=Severity.WARNING))
    assert text("a") == "x = odd\n"
    assert [finding.code for finding in done.outcome.findings] == ["LL104"]


def test_an_error_of_a_rule_that_is_off_is_an_error_still(folder):
    write(a="x = bad\n")
    done = fix(Mark("bad", "LL101", "evil"), Mark("evil", "LL112"), settings=Settings(select=("LL101",)))
    assert text("a") == "x = bad\n"
    assert reasons(done) == ["it would bring LL112 in a.py"]


def test_a_run_without_fixes_asks_for_no_more_than_a_check(folder):
    write(a="x = bad\n")
    toy, asked = Toy(Mark("bad", "LL101")), []

    def analyse(paths, settings, progress=None, *, overlay=None):
        asked.append(settings)
        return toy(paths, settings, overlay=overlay)

    fix_all((".",), Settings(), SAFE, analyse=analyse)
    assert asked == [Settings()]


def test_rules_that_are_off_fix_nothing(folder):
    write(a="bad\nworse\n")
    done = fix(Mark("bad", "LL101", "good"), Mark("worse", "LL103", "good"), settings=Settings(ignore=("LL101",)))
    assert text("a") == "bad\ngood\n"
    assert done.outcome.findings == ()


def test_a_fix_that_makes_a_file_unreadable_is_withdrawn(folder):
    write(a="x = bad\n")
    toy = Toy(Mark("bad", "LL101", "maze"), broken=("maze",))
    done = fix_all((".",), Settings(), SAFE, analyse=toy)
    assert text("a") == "x = bad\n"
    assert reasons(done) == ["a.py then is beyond the toy"]


def test_what_a_fix_breaks_in_files_not_asked_for_is_seen(folder):
    write(model="softmax\n", train="loss\n")
    marks = Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "evil"),)), Mark("evil", "LL112")
    done = fix(*marks, paths=("train.py",))
    assert (text("model"), text("train")) == ("softmax\n", "loss\n")
    assert reasons(done) == ["it would bring LL112 in model.py"]


def test_what_is_found_in_files_not_asked_for_is_not_reported(folder):
    write(model="softmax\nbad\n", train="loss\n")
    marks = Mark("loss", "LL101", "good", elsewhere=(("model.py", "softmax", "x"),)), Mark("bad", "LL103", "good")
    done = fix(*marks, paths=("train.py",))
    assert (text("model"), text("train")) == ("x\nbad\n", "good\n")
    assert done.fixed == {"train.py": {"LL101": 1}}
    assert (done.outcome.findings, done.outcome.files) == ((), 1)


def test_two_names_of_one_file_are_one_file(folder):
    write(a="bad\nbad\n")
    Path("b.py").symlink_to("a.py")
    done = fix(Mark("bad", "LL101", "good"))
    assert text("a") == "good\ngood\n"
    assert Path("b.py").is_symlink()
    assert done.fixed == {"a.py": {"LL101": 2}, "b.py": {"LL101": 2}}


def test_a_fix_through_a_link_keeps_the_link(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "source.txt"
    outside.write_text("bad\n")
    Path("a.py").symlink_to(outside)
    done = fix(Mark("bad", "LL101", "good"))
    assert Path("a.py").is_symlink()
    assert outside.read_text() == "good\n"
    assert (done.fixed, done.refused) == ({"a.py": {"LL101": 1}}, ())


def test_edits_of_what_is_not_there_are_refused(folder):
    write(a="bad\n")
    nowhere = Fix(SAFE, "m", (edit(9, 1, 9, 2, "x"),))
    elsewhere = Fix(SAFE, "m", (edit(1, 1, 1, 2, "x", path="no/such.py"),))
    spans = Span("a.py", 1, 1, 1, 4), Span("a.py", 1, 1, 1, 3)
    found = tuple(
        Finding("LL101", "toy", "m", "", at, Severity.ERROR, Certainty.CERTAIN, fix=one)
        for at, one in zip(spans, (nowhere, elsewhere), strict=True)
    )
    done = fix_all((".",), Settings(), SAFE, analyse=lambda *_, **__: Outcome(found, (), (), 1, 1))
    assert reasons(done) == ["a.py has no line 9, column 1", "no/such.py does not exist"]
    assert text("a") == "bad\n"


def test_notebooks_are_fixed(folder):
    raw = notebook(["import x\n", "y = bad\n"], "bad", indent=1)
    Path("n.ipynb").write_text(raw)
    done = fix(Mark("bad", "LL101", "'é\\n'"))
    assert done.fixed == {"n.ipynb": {"LL101": 2}}
    assert sources(Path("n.ipynb").read_bytes()) == [["import x\n", "y = 'é\\n'\n"], "'é\\n'"]
    assert json.loads(Path("n.ipynb").read_text())["cells"][0]["outputs"] == [{"data": "bad"}]


def test_a_snapshot_does_not_change_with_the_disk(folder):
    write(a="old\n")
    file = Path("a.py").absolute()
    snapshot = Snapshot()
    assert snapshot[file] == b"old\n"
    write(a="new\n", b="b\n")
    assert snapshot[file] == snapshot.changed({})[file] == b"old\n"
    assert snapshot.changed({file: b"other"})[file] == b"other"
    assert snapshot[file] == b"old\n"
    assert Path("c.py").absolute() not in snapshot
    assert list(snapshot) == [file]


def test_the_engine_reads_the_overlay(folder):
    write(a="x = 1\n")
    bad = (
        b"import torch\nfrom torch import nn\n\n\ndef step(x, y):\n"
        b"    return nn.CrossEntropyLoss()(torch.softmax(x, dim=1), y)\n"
    )
    file = Path("a.py").absolute()
    found = engine.check((".",), Settings(), overlay={file: bad}).findings
    assert [(finding.code, finding.span.path, finding.span.line) for finding in found] == [("LL101", "a.py", 6)]
    assert engine.check((".",), Settings()).findings == ()


def test_the_engine_mends_its_own_findings(folder):
    """Nothing is stood in for: the loss in one file, the softmax in another."""
    model = (
        "from torch import nn\r\n\r\n\r\nclass Net(nn.Module):\r\n    def __init__(self):\r\n"
        "        super().__init__()\r\n        self.fc = nn.Linear(20, 10)\r\n        self.act = nn.Softmax(dim=1)\r\n\r\n"
        "    def forward(self, x):\r\n        return {}  # kept\r\n"
    )
    train = (
        "from torch import nn\n\nfrom model import Net\n\n\ndef step(x, y):\n"
        "    net = Net()\n    return nn.CrossEntropyLoss()(net(x), y)\n"
    )
    write(model=model.format("self.act(self.fc(x))"), train=train)
    assert [finding.code for finding in engine.check((".",), Settings()).findings] == ["LL101"]
    assert fix_all((".",), Settings(), SAFE).changes == ()
    done = fix_all(("train.py",), Settings(), UNSAFE)
    assert (done.fixed, done.outcome.findings, done.refused) == ({"train.py": {"LL101": 1}}, (), ())
    assert [change.path for change in done.changes] == ["model.py"]
    assert text("train") == train
    assert "self.act(self.fc(x))" not in text("model")
    assert "# kept\r\n" in text("model")
    assert text("model").count("\n") == text("model").count("\r\n")
    assert fix_all((".",), Settings(), UNSAFE).changes == ()


def test_an_overlay_is_asked_even_while_it_is_empty(folder):
    write(a="import torch\n\nloss = torch.nn.MSELoss()\n")
    snapshot = Snapshot()
    engine.check((".",), Settings(), overlay=snapshot)
    assert list(snapshot) == [Path("a.py").absolute()]


# what the command says


@pytest.fixture
def toy(folder, monkeypatch):
    """The command with a toy for an engine: `bad` can be mended safely, `risky` unsafely, `shown` not at all."""
    toy = Toy(
        Mark("bad", "LL101", "good"), Mark("risky", "LL103", "tame", UNSAFE), Mark("shown", "LL105", "x", DISPLAY),
        Mark("stuck", "LL121", "(stuck)"),
    )  # fmt: skip
    monkeypatch.setattr(fixing, "check", toy)
    monkeypatch.setattr(engine, "check", toy)
    return folder


def run(*arguments):
    return CliRunner().invoke(cli.losslint, ["check", *arguments], catch_exceptions=False)


def test_a_report_says_what_can_be_fixed(toy):
    write(a="bad\nrisky\nrisky\n")
    result = run()
    assert result.exit_code == 1
    assert result.stdout.endswith(
        "Found 3 errors in 1 file.\n3 findings, 1 fixable with --fix (2 more with --unsafe-fixes).\n"
    )
    assert "fix (unsafe): put tame\n" in result.stdout
    assert run("--unsafe-fixes").stdout.endswith("3 findings, 3 fixable with --fix --unsafe-fixes.\n")
    assert run("--no-unsafe-fixes").stdout.endswith("3 findings, 1 fixable with --fix.\n")
    assert text("a") == "bad\nrisky\nrisky\n"


def test_advice_without_a_fix_is_no_fix(toy):
    write(a="shown\n")
    shown = run().stdout
    assert "no fix: put x\n" in shown
    assert "fixable" not in shown
    assert run("--fix", "--unsafe-fixes").stdout.endswith("Fixed 0 findings (1 remaining).\n")
    assert text("a") == "shown\n"


def test_fix(toy):
    write(a="bad\n")
    result = run("--fix")
    assert (result.exit_code, text("a")) == (0, "good\n")
    assert result.stdout == "1 file clean.\nFixed 1 finding (0 remaining).\n"
    assert run("--fix").stdout == "1 file clean.\n"


def test_fix_reports_what_remains(toy):
    write(a="bad\nrisky\nstuck\n")
    result = run("--fix", "--output-format", "concise")
    assert (result.exit_code, text("a")) == (1, "good\nrisky\nstuck\n")
    assert result.stdout.splitlines() == [
        "a.py:2:1: error[LL103] risky is found",
        "a.py:3:1: error[LL121] stuck is found",
        "Found 2 errors in 1 file.",
        "Fixed 1 finding (2 remaining).",
        "1 more fixable with --unsafe-fixes.",
    ]
    assert result.stderr == "losslint: a.py:3:1: LL121 was not fixed: LL121 would still be found in a.py\n"
    assert run("--fix", "--unsafe-fixes", "--exit-zero").exit_code == 0
    assert text("a") == "good\ntame\nstuck\n"


def test_fix_in_json_prints_findings_alone(toy):
    write(a="bad\nrisky\n")
    result = run("--fix", "--show-fixes", "--output-format", "json")
    assert [one["code"] for one in json.loads(result.stdout)] == ["LL103"]
    assert "Fixed 1 finding (1 remaining)." in result.stderr


def test_fixes_are_shown(toy):
    write(a="bad\nbad\n", b="bad\n")
    assert run("--fix", "--show-fixes").stdout.splitlines() == [
        "All 2 files clean.",
        "a.py",
        "    2  LL101  softmax-before-cross-entropy",
        "b.py",
        "    1  LL101  softmax-before-cross-entropy",
        "Fixed 3 findings (0 remaining).",
    ]


def test_files_that_changed_for_findings_in_others_are_named(folder, monkeypatch):
    write(model="softmax\n", train="loss\n")
    toy = Toy(Mark("loss", "LL101", elsewhere=(("model.py", "softmax", "x"),)))

    def analyse(*asked, overlay, **more):
        found = toy(*asked, overlay=overlay, **more)
        mended = "softmax" not in toy.document(Path("model.py").absolute(), overlay).text
        return replace(found, findings=()) if mended else found

    monkeypatch.setattr(fixing, "check", analyse)
    assert run("--fix", "--show-fixes").stdout.splitlines() == [
        "All 2 files clean.",
        "train.py",
        "    1  LL101  softmax-before-cross-entropy",
        "Changed model.py.",
        "Fixed 1 finding (0 remaining).",
    ]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--fix-only",), 0, "Fixed 1 finding (1 remaining).\n1 more fixable with --unsafe-fixes.\n"),
        (("--fix-only", "--no-unsafe-fixes"), 0, "Fixed 1 finding (1 remaining).\n"),
        (("--fix-only", "--unsafe-fixes"), 0, "Fixed 2 findings (0 remaining).\n"),
        (("--fix-only", "--unsafe-fixes", "--exit-non-zero-on-fix"), 1, "Fixed 2 findings (0 remaining).\n"),
        (("--fix-only", "--output-format", "json"), 0, "[]\n"),
    ],
)
def test_fix_only(toy, options, code, said):
    write(a="bad\nrisky\n")
    result = run(*options)
    assert (result.exit_code, result.stdout) == (code, said)
    assert text("a").startswith("good\n")


def test_exit_codes_tell_of_fixes_where_asked(toy):
    write(a="bad\n")
    assert run("--fix", "--exit-non-zero-on-fix").exit_code == 1
    assert run("--fix", "--exit-non-zero-on-fix").exit_code == 0
    write(a="bad\n")
    assert run("--fix", "--exit-non-zero-on-fix", "--exit-zero").exit_code == 0


def test_diff(toy):
    write(a="x = 1\nbad\nrisky\n", b="x = 1\n")
    result = run("--diff")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "--- a.py",
        "+++ a.py",
        "@@ -1,3 +1,3 @@",
        " x = 1",
        "-bad",
        "+good",
        " risky",
    ]
    assert result.stderr == "losslint: would fix 1 finding (1 remaining)\n"
    assert text("a") == "x = 1\nbad\nrisky\n"
    assert "+tame" in run("--diff", "--unsafe-fixes", "--fix").stdout
    assert text("a") == "x = 1\nbad\nrisky\n"
    assert run("--diff", "--exit-zero").exit_code == 0


def test_diff_of_nothing_is_nothing(toy):
    write(a="risky\n")
    result = run("--diff")
    assert (result.exit_code, result.stdout) == (0, "")


def test_diff_into_a_file(toy):
    write(a="bad\n")
    assert run("--diff", "--output-file", "out.patch", "--color", "auto").stdout == ""
    assert Path("out.patch").read_text() == "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-bad\n+good\n"


def test_colour_of_a_diff():
    shown = unified("a.py", "a\n", "b\n", Style(colour=True))
    assert "\x1b[1;31m-a\x1b[0m\n" in shown
    assert "\x1b[32m+b\x1b[0m\n" in shown


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nbad\nc\n", "a\ngood\nc\n"),
        ("a\r\nbad\r\nc\r\n", "a\r\ngood\r\nc\r\n"),
        ("a\nbad", "a\ngood"),
        ("a\rbad\rc\r", "a\rgood\rc\r"),
        ("\ufeffbad\n", "\ufeffgood\n"),
        ("'\x0c\x0b\u2028\x85'\nbad\n", "'\x0c\x0b\u2028\x85'\ngood\n"),
    ],
)
def test_a_diff_can_be_applied(folder, old, new):
    write(a=old)
    (change,) = fix(Mark("bad", "LL101", "good"), write=False).changes
    patch = unified(change.path, *change.texts, Style()).encode()
    subprocess.run(["git", "apply", "-p0", "--whitespace=nowarn"], input=patch, check=True, cwd=folder)
    assert text("a") == new


def test_nothing_read_is_2_with_fixes_too(toy):
    write(a="x = (\n")
    for options in (("--fix",), ("--diff",), ("--fix-only",)):
        assert run(*options, "--exit-zero").exit_code == 2
