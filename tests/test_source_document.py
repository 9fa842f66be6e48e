"""Reading files: encodings, line ends, and every way in which a file can fail to be text."""

from __future__ import annotations

import os
from pathlib import Path

import libcst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from losslint.finding import Problem, Span
from losslint.source.document import SOURCE_LIMIT, Document, from_bytes, from_text, read
from losslint.source.tree import parse, spans, walk


def document_of(data: bytes, name: str = "a.py") -> Document:
    document = from_bytes(data, Path(name), name)
    assert isinstance(document, Document), document
    return document


def reason_of(data: bytes, name: str = "a.py") -> str:
    problem = from_bytes(data, Path(name), name)
    assert isinstance(problem, Problem)
    return problem.reason


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\r\n")
    document = read(file, "a.py")
    assert isinstance(document, Document)
    assert (document.path, document.file, document.data) == ("a.py", file, b"x = 1\r\n")
    assert (document.text, document.raw, document.is_notebook) == ("x = 1\r\n", "x = 1\r\n", False)


@pytest.mark.parametrize("name", ["a.py", "a.ipynb"])
def test_an_empty_file_is_a_document(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    document = read(tmp_path / name, name)
    assert isinstance(document, Document)
    assert document.text == ""
    assert isinstance(parse(document), libcst.Module)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("x = 'é'".encode(), "x = 'é'"),
        (b"\xef\xbb\xbfx = 1", "x = 1"),
        (b"# coding: latin-1\nx = '\xe9'", "# coding: latin-1\nx = 'é'"),
        (
            b"#!/usr/bin/python\r\n# -*- coding: cp1252 -*-\r\n'\x80'",
            "#!/usr/bin/python\r\n# -*- coding: cp1252 -*-\r\n'€'",
        ),
        (b"\f# vim: set fileencoding=latin-1 :\r'\xe9'", "\f# vim: set fileencoding=latin-1 :\r'é'"),
        ("# coding: utf-8-sig\n'é'".encode(), "# coding: utf-8-sig\n'é'"),
        (b"\xef\xbb\xbf# coding: latin-1\n'\xc3\xa9'", "# coding: latin-1\n'é'"),
        (b"x = 1\n# coding: latin-1\n'\xc3\xa9'", "x = 1\n# coding: latin-1\n'é'"),
        (b"\n\n# coding: latin-1\n'\xc3\xa9'", "\n\n# coding: latin-1\n'é'"),
    ],
)
def test_encodings_are_honoured(data: bytes, text: str) -> None:
    document = document_of(data)
    assert document.text == text
    assert document.raw.encode(document.encoding) == data or document.encoding == "utf-8-sig"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = '\xff'", "is not text: byte 0xff at offset 5 is not utf-8"),
        (b"\xef\xbb\xbfx = '\xff'", "is not text: byte 0xff at offset 8 is not utf-8"),
        (b"# coding: ascii\n'\xe9'", "is not text: byte 0xe9 at offset 17 is not ascii"),
        (b"# coding: klingon\n", "is not text: the encoding 'klingon' is unknown"),
        (b"# coding: rot13\n", "is not text: the encoding 'rot13' is unknown"),
        (b"a\0b", "is binary (contains a NUL byte)"),
        ("x = 1".encode("utf-16"), "is binary (contains a NUL byte)"),
        (b"#" * (SOURCE_LIMIT + 1), "is larger than 5 MB"),
    ],
)
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    assert reason_of(data) == reason


def test_files_that_cannot_be_read_say_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(tmp_path / "no.py", "no.py") == Problem("no.py", "does not exist")
    assert read(tmp_path, "here") == Problem("here", "cannot be read: is a directory")
    assert read(tmp_path / "a\0b.py", "a.py") == Problem("a.py", "cannot be read: its path contains a NUL character")
    (tmp_path / "secret.py").touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert read(tmp_path / "secret.py", "secret.py") == Problem("secret.py", "cannot be read: permission denied")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in this file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert read(tmp_path / "pipe.py", "pipe.py") == Problem("pipe.py", "cannot be read: is not a regular file")


def test_a_large_file_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "large.py"
    with open(file, "wb") as stream:
        stream.truncate(SOURCE_LIMIT + 1)
    assert read(file, "large.py") == Problem("large.py", "is larger than 5 MB")


def test_a_buffer_is_a_document() -> None:
    document = from_text("\ufeffx = 1\n", Path("a.py"), "a.py")
    assert isinstance(document, Document)
    assert (document.text, document.data) == ("x = 1\n", b"x = 1\n")
    assert document.file.is_absolute()
    assert from_text("#" * (SOURCE_LIMIT + 1), Path("a.py"), "a.py") == Problem("a.py", "is larger than 5 MB")


def test_spans_of_plain_files_are_places_of_the_text() -> None:
    document = document_of(b"x\ny\n")
    assert document.span((1, 1), (2, 2)) == Span("a.py", 1, 1, 2, 2)
    assert document.text_lines(Span("a.py", 2, 1, 3, 4)) == range(2, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_columns_count_characters_in_every_encoding(encoding: str, end: str) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    document = document_of(f"# coding: {name}{end}x = 'éü'; f(y){end}".encode(encoding))
    tree = parse(document)
    assert isinstance(tree, libcst.Module)
    call = next(node for node in walk(tree) if isinstance(node, libcst.Call))
    assert spans(document, tree, [call])[call] == Span("a.py", 2, 11, 2, 15)


@given(st.binary(max_size=60), st.sampled_from([b"", b"\xef\xbb\xbf", b"# coding: "]))
def test_no_bytes_raise(data: bytes, start: bytes) -> None:
    for name in ("a.py", "a.ipynb", "a"):
        assert isinstance(from_bytes(start + data, Path(name), name), Document | Problem)


@given(
    st.sampled_from(
        ["idna", "punycode", "unicode_escape", "utf-7", "utf-16", "hex", "undefined", "uu", "mbcs", "utf_8_sig"]
    ),
    st.binary(max_size=30),
)
@pytest.mark.filterwarnings("error")
def test_no_codec_raises(codec: str, data: bytes) -> None:
    document = from_bytes(b"# coding: " + codec.encode() + b"\n" + data, Path("a.py"), "a.py")
    if isinstance(document, Document):
        assert isinstance(parse(document), libcst.Module | Problem)
