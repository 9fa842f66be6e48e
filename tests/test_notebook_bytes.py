"""Notebooks by other readers, and broken ones: reading never fails, fixing changes nothing but the code that it means to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import libcst
import nbformat
import pytest
from click.testing import CliRunner
from fixing_tools import applied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from losslint.cli import losslint
from losslint.config import Settings
from losslint.engine import check
from losslint.engine.reveal import parsed_files
from losslint.finding import Edit, Problem
from losslint.report.sources import Sources
from losslint.source.document import Document, from_bytes
from losslint.source.tree import parse, spans, walk

LINES = st.sampled_from(
    [
        "x = bad(1)", "    bad.y", "if bad:", "%time bad(2)", "y = %time bad", "!echo bad", "%matplotlib bad", "%%bash", "%%time",
        "s = 'bad'", "# bad", "'''", "f(bad,", ")", "bad?", "é = bad", "'😀', bad", 'd["a\\\\b"] = bad', ">>> bad", "", "bad;",
        "y = !ls bad", "await bad", "\tbad", "x = '\\u2028\\x0c', bad", "/", "'</script>', bad",
    ]
)  # fmt: skip
SOURCES = st.lists(LINES, max_size=5).map("\n".join) | st.lists(LINES, max_size=5).map(
    lambda lines: [f"{line}\n" for line in lines]
)


@st.composite
def cells(draw):
    kind = draw(st.sampled_from(["code", "code", "code", "markdown", "raw"]))
    cell = {"cell_type": kind, "metadata": {"a": 1e-7, "bad": "bad"}, "source": draw(SOURCES)}
    if draw(st.booleans()):
        cell["id"] = draw(st.sampled_from(["a", "b-1"]))
    if kind == "code":
        cell |= {"execution_count": None, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["bad\n"]}]}
    return cell


@st.composite
def notebooks(draw):
    """The text of a sound notebook, in one of the ways in which programs write them."""
    held = {"cells": draw(st.lists(cells(), max_size=4)), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    indent = draw(st.sampled_from([None, 0, 1, 4, "\t"]))
    raw = json.dumps(held, indent=indent, ensure_ascii=draw(st.booleans()))
    raw = raw.replace("1e-07", draw(st.sampled_from(["1.0E-7", "1e-07", "-0.0"])))
    if draw(st.booleans()):
        raw = raw.replace("</", "<\\/")
    if draw(st.booleans()):
        raw = re.sub(r"\\u[0-9a-f]{4}", lambda escape: "\\u" + escape.group()[2:].upper(), raw)
    return raw.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))) + draw(st.sampled_from(["", "\n", "\r\n"]))


def read(data):
    return from_bytes(data, Path("a.ipynb"), "a.ipynb")


def bad_names(document):
    """The spans of the name `bad`, where it is a name."""
    tree = parse(document)
    if isinstance(tree, Problem):
        return []
    names = [node for node in walk(tree) if isinstance(node, libcst.Name) and node.value == "bad"]
    return list(spans(document, tree, names).values())


def mended(document, names):
    return applied(document, *(Edit(span, "good_é") for span in names))


def sources(data):
    """The sources of all cells, as nbformat reads them."""
    return [cell["source"] for cell in nbformat.reads(data.decode("utf-8-sig"), as_version=4)["cells"]]


@pytest.mark.filterwarnings("ignore:.*id.*")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(notebooks(), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_another_reader_sees_no_change_but_the_fix(raw, mark):
    document = read(mark + raw.encode())
    assert isinstance(document, Document), document
    names = bad_names(document)
    new = mended(document, names)
    before, after = sources(document.data), sources(new)
    for number, (old, now) in enumerate(zip(before, after, strict=True), start=1):
        count = sum(span.cell == number for span in names)
        assert now.replace("good_é", "bad") == old
        assert now.count("good_é") == count
    text = new.decode()
    assert text.replace("good_\\u00e9", "bad").replace("good_é", "bad") == document.data.decode()
    assert ("good_\\u00e9" in text) <= raw.isascii()


@pytest.mark.filterwarnings("ignore:.*id.*")
@settings(max_examples=100, deadline=None)
@given(notebooks())
def test_another_reader_finds_the_same_code(raw):
    document = read(raw.encode())
    found = nbformat.reads(raw, as_version=4)["cells"]
    for number, cell in enumerate(found, start=1):
        lines = document.cell_lines(number)
        assert list(lines) == (re.split(r"\n", cell["source"].removesuffix("\n")) if lines else [])
        assert bool(lines) == (cell["cell_type"] == "code" and bool(cell["source"]))


@pytest.mark.parametrize("version", [3, 4])
def test_versions_that_nbformat_writes(version):
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("bad"), nbformat.v4.new_code_cell("%time bad\nx = bad")]
    )
    raw = nbformat.writes(nbformat.convert(book, version), version=version)
    document = read(raw.encode())
    names = bad_names(document)
    assert [(span.cell, span.cell_line) for span in names] == [(2, 1), (2, 2)]
    assert sources(mended(document, names)) == ["bad", "%time good_é\nx = good_é"]


def test_the_second_format():
    cell = {"cell_type": "code", "collapsed": False, "input": "x = bad", "language": "python", "outputs": []}
    raw = json.dumps({"metadata": {"name": ""}, "nbformat": 2, "worksheets": [{"cells": [cell]}]})
    document = read(raw.encode())
    assert mended(document, bad_names(document)).decode() == raw.replace("x = bad", "x = good_\\u00e9")


MUTATIONS = st.sampled_from(
    [
        '"', "{", "}", "[", "]", ",", ":", "\\", "\\u", "\\ud800", "\\udc00", "null", "-", "1e999", "NaN", "\n", "\r", "\x00", "\x1f",
        "\ufeff", '"source":', '"cells":[', '"cell_type":"code"', '{"source":"bad"},', "bad", "\\n", "\\/", '""', "'''", "%%",
    ]
)  # fmt: skip


@st.composite
def mutated(draw):
    """A notebook with some stretches lost, doubled, or replaced."""
    raw = draw(notebooks())
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(raw))), draw(st.sampled_from([0, 0, 1, 2, 10, 100]))
        put = draw(MUTATIONS | st.just(raw[start : start + 2 * length]) | st.just(""))
        raw = raw[:start] + put + raw[start + length :]
    return raw[: draw(st.sampled_from([len(raw), len(raw), len(raw) // 2]))]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_broken_notebooks_are_read_or_told_once(raw):
    data = raw.encode()
    document = read(data)
    if isinstance(document, Problem):
        assert re.match(r"is (not a notebook: \S|binary|not text)", document.reason)
        return
    assert document.data == data
    names = bad_names(document)
    new = mended(document, names).decode()
    assert new.replace("good_\\u00e9", "bad").replace("good_é", "bad") == raw
    assert new.count("good_") == len(names)
    assert not new.strip(" \t\r\n") or json.loads(new) is not None


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["cells", "source", "cell_type", "worksheets", "metadata", "kernelspec", "name", "language", "vscode", "input", "a"]), inner
), max_leaves=20))  # fmt: skip
def test_any_json_is_read_or_told(value):
    found = read(json.dumps(value).encode())
    if isinstance(found, Problem):
        assert found.reason in ("is not a notebook: no JSON object", "is not a notebook: it has no cells")
    else:
        assert {"cells", "worksheets"} & value.keys()


def test_large_outputs_do_no_harm():
    output = {"output_type": "display_data", "data": {"image/png": "A" * 10_000_000}, "metadata": {}}
    cell = {"cell_type": "code", "metadata": {}, "source": "x = bad", "outputs": [output], "execution_count": 1}
    raw = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    document = read(raw.encode())
    assert mended(document, bad_names(document)).decode() == raw.replace("x = bad", "x = good_\\u00e9")


@pytest.mark.parametrize("key", ["source", "cells"])
def test_of_a_key_that_stands_twice_the_last_counts(key):
    cell = '{"cell_type": "code", "source": "y = bad"}'
    twice = {
        "source": '{"cells": [{"source": "x = bad", "cell_type": "code", "source": "y = bad"}]}',
        "cells": f'{{"cells": [{{"cell_type": "code", "source": "x = bad"}}], "cells": [{cell}]}}',
    }[key]
    document = read(twice.encode())
    assert mended(document, bad_names(document)).decode() == twice.replace("y = bad", "y = good_\\u00e9")


NET = """import torch.nn as nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 3)

    def forward(self, x):
        return F.softmax(self.fc(x), dim=1)
"""


@pytest.mark.parametrize("in_lines", [True, False])
def test_a_changed_model_is_judged_by_the_notebook_that_imports_it(tmp_path, monkeypatch, in_lines):
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").touch()
    Path("model.py").write_text(NET)
    lines = [
        "import torch.nn as nn\n",
        "from model import (\n",
        "    Net,\n",
        ")\n",
        "nn.CrossEntropyLoss()(Net()(x), y)",
    ]
    cell = {"cell_type": "code", "source": lines if in_lines else "".join(lines)}
    Path("a.ipynb").write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "a"}, cell]}))
    (found,) = check(["model.py"], Settings()).findings
    assert (found.code, found.span.path, found.span.cell, found.span.cell_line) == ("LL101", "a.ipynb", 2, 5)


def test_words_in_outputs_ask_for_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cell = {"cell_type": "code", "source": "x = 1", "outputs": [{"text": "CrossEntropyLoss softmax"}]}
    Path("a.ipynb").write_text(json.dumps({"cells": [cell]}))
    assert parsed_files(["."]) == []


def test_the_map_of_losses_names_cells(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cells = [{"cell_type": "code", "source": code} for code in (NET, "\nnn.CrossEntropyLoss()(Net()(x), y)")]
    Path("a.ipynb").write_text(json.dumps({"cells": cells}))
    (loss,) = check(["."], Settings(), map_losses=True).losses
    assert loss.lines == ("probs(dim=1) [..., 3] from a.ipynb:cell 1:10 (softmax over dim 1 makes probabilities)",)


@pytest.mark.parametrize(
    ("output_format", "told"),
    [
        ("full", " --> a.ipynb:cell 2:2:1"),
        ("concise", "a.ipynb:cell 2:2:1: error"),
        ("grouped", "  cell 2:2:1  error"),
        ("pylint", "a.ipynb:1: [LL101(softmax-before-cross-entropy)]"),
        ("pylint", "expects logits (cell 2, line 2)"),
        ("azure", "expects logits (cell 2, line 2)"),
        ("github", "%0Acell 2"),
        ("junit", "a.ipynb:cell 2:2:1: LL101"),
    ],
)
def test_every_text_report_names_the_cell(tmp_path, monkeypatch, output_format, told):
    monkeypatch.chdir(tmp_path)
    cells = [{"cell_type": "code", "source": code} for code in (NET, "\nnn.CrossEntropyLoss()(Net()(x), y)")]
    Path("a.ipynb").write_text(json.dumps({"cells": cells}))
    assert told in CliRunner().invoke(losslint, ["check", "--no-cache", "--output-format", output_format]).stdout


@pytest.mark.parametrize("indent", [None, 1])
def test_places_behind_large_outputs(indent, monkeypatch):
    output = {"output_type": "stream", "name": "stdout", "text": ["x\n"] * 20_000}
    cells = [{"cell_type": "code", "source": f'"\\\\"; x = bad{number}', "outputs": [output]} for number in range(60)]
    raw = json.dumps({"cells": cells}, indent=indent)
    document = read(raw.encode())
    lines = raw.split("\n")
    for number in range(60):
        span = document.span((number + 1, 11), (number + 1, 11 + len(f"bad{number}")))
        assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == f"bad{number}"
        assert document.text_lines(span) == range(number + 1, number + 2)
        assert (span.cell, Sources({"a.ipynb": lines}).start(span)) == (number + 1, (1, 11))
