"""Parts of the server by themselves: edits, notebooks as bytes, options, progress."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsp_client import applied
from lsprotocol import types as lsp
from pygls.workspace import PositionCodec

from losslint.engine.writing import Change
from losslint.lsp import progress
from losslint.lsp.documents import Documents, Open, file_of, lines_of
from losslint.lsp.edits import Editor
from losslint.lsp.notebooks import Place, lay_out, texts_in
from losslint.lsp.options import Options, read_options
from losslint.lsp.shares import Shares
from losslint.lsp.worker import Job
from losslint.source.notebook import read_notebook

ENCODINGS = list(lsp.PositionEncodingKind)
TEXTS = st.text(alphabet='ab \n\r\t"\\\x0c\u2028\N{CAT FACE}\N{LATIN SMALL LETTER E WITH ACUTE}', max_size=40)
LINES = st.lists(st.sampled_from(["x = 1\n", "y\n", "\N{CAT FACE}z\n", "\n", "x = 1\r\n"]), max_size=8).map("".join)


def editor(encoding, opened=None, versioned=True):
    return Editor(opened or {}, PositionCodec(encoding), versioned)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(old=LINES, new=LINES, tail=st.sampled_from(["", "end", "\N{CAT FACE}"]))
def test_edits_turn_one_text_into_the_other(encoding, old, new, tail):
    old, new = old + tail, new + tail
    edits = editor(encoding).text_edits(old, new)
    assert applied(old, edits, encoding.value) == new
    assert bool(edits) == (old != new)


def test_edits_are_small():
    old = "a = 1\nloss = criterion(softmax(x), y)\nb = 2\n"
    (edit,) = editor(ENCODINGS[0]).text_edits(old, old.replace("softmax(x)", "x"))
    assert (edit.range.start, edit.range.end) == (lsp.Position(1, 17), lsp.Position(1, 27))
    assert edit.new_text == "x"


def test_clients_without_versions_get_plain_changes(tmp_path):
    file = tmp_path / "a.py"
    change = Change("a.py", file, b"x = 1\n", b"x = 2\n")
    opened = {file: Open("file:///other%20name.py", 3, b"x = 1\n")}
    plain = editor(ENCODINGS[1], opened, versioned=False).edit([change])
    assert list(plain.changes) == ["file:///other%20name.py"]
    assert plain.document_changes is None
    versioned = editor(ENCODINGS[1], opened).edit([change])
    assert versioned.document_changes[0].text_document.version == 3


@given(st.lists(TEXTS, max_size=4))
def test_a_notebook_laid_out_is_read_back(texts):
    notebook = lay_out((f"cell:{number}", text) for number, text in enumerate(texts))
    assert list(texts_in(notebook.data)) == texts
    code = read_notebook(notebook.data.decode("utf-8"))
    assert [
        json.loads(row.removesuffix(",")) for row, line in zip(notebook.rows, notebook.lines, strict=True) if line
    ] == [line for text in texts for line in lines_of(text)]
    assert len(code.parts) <= len(texts)


@given(st.lists(TEXTS, min_size=1, max_size=3), st.data())
def test_places_in_cells_and_in_bytes(texts, data):
    notebook = lay_out((f"cell:{number}", text) for number, text in enumerate(texts))
    number = data.draw(st.integers(0, len(texts) - 1))
    lines = lines_of(texts[number])
    if not lines:
        assert notebook.at(Place(f"cell:{number}", 0, 0)) is None
        return
    row = data.draw(st.integers(0, len(lines) - 1))
    written = lines[row].rstrip("\r\n")
    column = data.draw(st.integers(0, len(written)))
    place = Place(f"cell:{number}", row, column)
    at = notebook.at(place)
    assert at is not None
    assert notebook.place(*at) == place


@given(TEXTS)
def test_lines_end_where_the_protocol_says(text):
    lines = lines_of(text)
    assert "".join(lines) == text
    assert all(line.rstrip("\r\n").count("\r") + line.rstrip("\r\n").count("\n") == 0 for line in lines)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b%20c.py", "/a/b c.py"),
        ("file:///a/../b.py", "/b.py"),
        ("untitled:Untitled-1", "/losslint-unsaved/Untitled-1.py"),
        ("zip:/a.py", None),
        ("", None),
        ("file:///%00.py", None),
    ],
)
def test_files_of_addresses(uri, path):
    assert file_of(uri) == (None if path is None else Path(path))


def test_only_texts_that_may_hold_python_are_taken():
    documents = Documents("file:///x", workspace_folders=[])
    for name, language in (("a.py", "python"), ("b", "python"), ("c.toml", "toml"), ("d.md", "markdown"), ("e.c", "c")):
        documents.put_text_document(lsp.TextDocumentItem(f"file:///x/{name}", language, 1, "x = 1\n"))
    assert [file.name for file in documents.taken()] == ["a.py", "b", "d.md"]


def test_the_innermost_folder_answers_for_a_file():
    shares = Shares()
    shares.set_folders([Path("/a"), Path("/a/b")])
    shares.keep_lonely([Path("/a/b/x.py"), Path("/c/x.py")])
    assert shares.owner(Path("/a/x.py")).top == Path("/a")
    assert shares.owner(Path("/a/b/x.py")).top == Path("/a/b")
    assert shares.owner(Path("/c/x.py")).top == Path("/c/x.py")
    assert shares.owner(Path("/c/y.py")) is None
    assert [share.top for share in shares.touched_by(Path("/a/b/x.py"))] == [Path("/a"), Path("/a/b"), Path("/c/x.py")]
    gone = shares.set_folders([Path("/a")])
    assert [share.top for share in gone] == [Path("/a/b")]


def test_options():
    given = {
        "unsafeFixes": True,
        "run": "onSave",
        "certainty": "possible",
        "severity": None,
        "configuration": "~/x.toml",
    }
    options, problems = read_options(given)
    assert problems == []
    assert options == Options(Path("~/x.toml").expanduser(), True, "possible", None, "onSave")
    assert read_options(None) == (Options(), [])
    assert read_options({"losslint": {"run": "onSave"}}) == (Options(run="onSave"), [])


class Window:
    """A client's window, as the progress sees it."""

    def __init__(self, *, able: bool, refuses: bool = False) -> None:
        self.told: list[object] = []
        self.tokens: dict[str, object] = {}
        self.refuses = refuses
        self.client_capabilities = lsp.ClientCapabilities(window=lsp.WindowClientCapabilities(work_done_progress=able))
        self.work_done_progress = self

    async def create_async(self, token):
        if self.refuses:
            raise ValueError("no")
        self.tokens[token] = None

    def begin(self, token, value):
        self.told.append(value)

    report = end = begin


@pytest.mark.asyncio
@pytest.mark.parametrize("able", [True, False])
@pytest.mark.parametrize("refuses", [True, False])
async def test_long_checks_show_how_far_they_are(monkeypatch, able, refuses):
    monkeypatch.setattr(progress, "PATIENCE", 0.01)
    monkeypatch.setattr(progress, "PAUSE", 0.01)
    window, job = Window(able=able, refuses=refuses), Job()
    work = asyncio.get_running_loop().create_future()
    job(30, 60)
    watching = asyncio.ensure_future(progress.watch(window, SimpleNamespace(top=Path("/a/project")), job, work))
    await asyncio.sleep(0.2)
    work.set_exception(KeyError("what a check raises is for whoever asks for its result"))
    await watching
    assert isinstance(work.exception(), KeyError)
    if not able or refuses:
        assert window.told == []
        return
    first, *others, last = window.told
    assert (first.title, first.percentage) == ("losslint: project", 0)
    assert {(one.message, one.percentage) for one in others} == {("30 of 60", 50)}
    assert isinstance(last, lsp.WorkDoneProgressEnd)
    assert window.tokens == {}


@pytest.mark.asyncio
async def test_short_checks_show_nothing(monkeypatch):
    window, work = Window(able=True), asyncio.get_running_loop().create_future()
    work.set_result(None)
    await progress.watch(window, SimpleNamespace(top=Path("/a")), Job(), work)
    assert window.told == []
