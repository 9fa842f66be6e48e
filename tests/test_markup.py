"""Documents: which blocks of Markdown and reStructuredText are Python, and where their lines stand in the file."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from textwrap import dedent

import libcst
import pytest
from click.testing import CliRunner
from fixing_tools import applied, edit, whole_lines, word
from hypothesis import given, settings
from hypothesis import strategies as st

from losslint.cli import losslint
from losslint.engine.splicing import EditError
from losslint.finding import Edit, Problem
from losslint.source.document import Document, from_bytes, from_text
from losslint.source.tree import parse, spans, walk

WRONG = dedent("""\
    import torch.nn as nn
    import torch.nn.functional as F

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(10, 3)

        def forward(self, x):
            return F.softmax(self.fc(x), dim=1)
""")
CALL = "loss = nn.CrossEntropyLoss()(Net()(x), y)\n"


def document(text, name="a.md"):
    found = from_bytes(text if isinstance(text, bytes) else text.encode(), Path("/nowhere") / name, name)
    assert isinstance(found, Document), found
    return found


def cut(raw, span):
    """The stretch of the file that a span marks."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", raw)
    marked = lines[span.line - 1 : span.end_line]
    marked[-1] = marked[-1][: span.end_column - 1]
    marked[0] = marked[0][span.column - 1 :]
    return "".join(marked)


def calls(text, name="a.md"):
    """What stands in the file where calls are, and their spans."""
    doc = document(text, name)
    tree = parse(doc)
    assert isinstance(tree, libcst.Module), tree
    found = spans(doc, tree, [node for node in walk(tree) if isinstance(node, libcst.Call)])
    return [(cut(doc.raw, span), span.line, span.column) for span in found.values()]


def run(*arguments):
    result = CliRunner().invoke(losslint, ["check", "--color", "never", "--no-cache", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    "info",
    [
        "python", "py", "python3", "py3", "Python", " python", "ipython", "{python}", "{.python}", "{.python .numberLines}",
        "python title='a'", 'py title="x y"', "python{1,3}", "python,ignore", "python:line-numbers", "{python, echo=FALSE}",
        "{code-block} python", "{code-cell}  ipython3", "{sourcecode} py", "{testcode}", "{code-cell}", "{jupyter-execute}",
    ],
)  # fmt: skip
def test_fences_of_python(info):
    assert calls(f"a\n```{info}\nf(x)\n```\n") == [("f(x)", 3, 1)]


@pytest.mark.parametrize(
    "info",
    [
        "", "text", "pytb", "bash", "pyx", "r", "{r}", "{code-block} bash", "{code-block}", "{code-cell} julia", "json python",
        "{py:function} python", "console", "diff", "cpython", "c++", "jupyter", "pycon",
    ],
)  # fmt: skip
def test_other_fences(info):
    assert document(f"python\n```{info}\nf(x)\n```\n").text == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("~~~py\nf(x)\n~~~", [("f(x)", 2, 1)]),
        ("````py\nf('''\n```\n''')\n````", [("f('''\n```\n''')", 2, 1)]),
        ("- a\n\n  ```py\n  f(x)\n\n  if a:\n      g(y)\n  ```", [("f(x)", 4, 3), ("g(y)", 7, 7)]),
        ("1. ```py\n   f(x)\n   ```", [("f(x)", 2, 4)]),
        ("> ```py\n> f(x)\n>g(y)\n> ```", [("f(x)", 2, 3), ("g(y)", 3, 2)]),
        ("> - > ```py\n>   > f(x)\n>   >\n>   > g(y)", [("f(x)", 2, 7), ("g(y)", 4, 7)]),
        ("  ```py\n  f(x)\n g(y)\n  ```", [("f(x)", 2, 3), ("g(y)", 3, 2)]),
        ("```py\nif a:\n\tf(x)\n```", [("f(x)", 3, 2)]),
        ("-\t```py\n\tif a:\n\t\tf(x)\n\t```", [("f(x)", 3, 3)]),
        ("- ```py\n\tf(x)\n  ```", [("f(x)", 2, 2)]),
        ("```py\nf(x)", [("f(x)", 2, 1)]),
        ("```py\nf(x)\n\n# a", [("f(x)", 2, 1)]),
        ("```py\n```\n```py\nf(x)\n```", [("f(x)", 4, 1)]),
        ("<!--\n```py\nf(x)\n```\n-->\n\n```py\ng(y)\n```", [("g(y)", 8, 1)]),
        ("<pre>\n```py\nf(x)\n```\n</pre>", []),
        ("    ```py\n    f(x)\n    ```\npy", []),
        ("`py f(x)`\n\n    f(x)\n", []),
        ("````{note}\nabc\n```python\nf(x)\n```\n````", [("f(x)", 4, 1)]),
        ("- ````{tip}\n  ```{code-block} python\n  :name: a(b)\n  :lineno-start: 1\n\n  f(x)\n  ```\n  ````", [("f(x)", 6, 3)]),
        ("```{code-cell} python\n---\ntags: [f(x)]\n---\nf(x)\n```", [("f(x)", 5, 1)]),
        ("````markdown\n```py\nf(x)\n```\n````", []),
        (":::{note}\n```py\nf(x)\n```\n:::", [("f(x)", 3, 1)]),
        ("```{python}\n#| echo: false\nf(x)\n```", [("f(x)", 3, 1)]),
        ("| a |\n|---|\n| b |\n```py\nf(x)\n```", [("f(x)", 5, 1)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_where_code_stands_in_markdown(text, found, end):
    given = calls(text.replace("\n", end))
    assert given == [(code.replace("\n", end), line, column) for code, line, column in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".. code-block:: python\n\n   f(x)\n\nText", [("f(x)", 3, 4)]),
        (".. code:: python3\n   :number-lines: 3\n   :name: f(x)\n\n   f(x)", [("f(x)", 5, 4)]),
        (".. sourcecode:: py\n   :caption: f(x)\n\n     f(x)\n     if a:\n         g(y)", [("f(x)", 4, 6), ("g(y)", 6, 10)]),
        (".. CODE-BLOCK:: Python\n\n f(x)\n", [("f(x)", 3, 2)]),
        ("- a\n\n  .. code-block:: python\n\n     f(x)\n- .. code:: python\n\n     g(y)", [("f(x)", 5, 6), ("g(y)", 8, 6)]),
        ("   quoted\n\n   .. code-block:: python\n\n      f(x)", [("f(x)", 5, 7)]),
        (".. note:: a\n\n   .. code-block:: python\n\n      f(x)", [("f(x)", 5, 7)]),
        (".. note::\n\n   .. code-block:: python\n\n      f(x)", [("f(x)", 5, 7)]),
        (".. tab-set::\n\n   .. tab-item:: A\n      :sync: a\n\n      .. code-block:: python\n\n         f(x)", [("f(x)", 8, 10)]),
        (".. code-block:: python\n\n\tif a:\n\t\tf(x)\n", [("f(x)", 4, 3)]),
        (".. code-block:: python\n\n    if a:\n\tf(x)\n", [("f(x)", 4, 2)]),
        (".. code-block:: python\n\n   f(a,\n\n     b)  \n   g(y)", [("f(a,\n\n     b)", 3, 4), ("g(y)", 6, 4)]),
        (".. code-block:: python\n\n   >>> f(x,\n   ...   y)\n   2\n   >>> g(y)\n", [("f(x,\n   ...   y)", 3, 8), ("g(y)", 6, 8)]),
        (".. testcode::\n\n   f(x)\n", [("f(x)", 3, 4)]),
        (">>> f(x)\npy", []),
        ("Python::\n\n   f(x)", []),
        (".. code-block::\n\n   f(x)\n   py", []),
        (".. code-block:: rst\n\n   .. code-block:: python\n\n      f(x)", []),
        (".. code-block:: python", []),
        (".. code-block:: python\n   f(x)", []),
        (".. literalinclude:: a.py\n   :language: python", []),
        ("..\n   .. code-block:: python\n\n      f(x)", []),
        (".. include:: /etc/passwd\n.. raw:: python\n   :file: /etc/passwd\n\n.. |py| include:: /etc/passwd", []),
        ("+---+----------------------+\n| a | .. code:: python     |\n|   |                      |\n|   |    f(x)              |\n+---+----------------------+", []),
        ("A `b <c>`_ :ref:`d` |e| [1]_ *f\n\n.. code:: python\n\n   f(x)\n\n.. unknown:: a\n   :b: c\n", [("f(x)", 5, 4)]),
        ("A\n=\n\nB\n-\n\nC\n=====\n\n::\n\n   x\n\n.. code:: python\n\n   f(x)", [("f(x)", 16, 4)]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_where_code_stands_in_restructuredtext(text, found, end):
    given = calls(text.replace("\n", end), "a.rst")
    assert given == [(code.replace("\n", end), line, column) for code, line, column in found]


@pytest.mark.parametrize("info", ["python", "pycon", "python-console"])
def test_what_was_typed_at_a_prompt(info):
    text = f"```{info}\n>>> f(x,\n...   y)\n1\n>>> if a:\n...     g(y)\n...\n>>>\n```"
    assert calls(text) == [("f(x,\n...   y)", 2, 5), ("g(y)", 6, 9)]


def test_lines_for_ipython_are_masked():
    assert calls("```py\n!pip install torch\n%matplotlib inline\nf(x)\n```") == [("f(x)", 4, 1)]


def test_blocks_go_on_where_others_ended():
    doc = document("a\n```py\nimport a\n```\nb\n> ```py\n> a.f(x)\n> ```\n")
    assert (doc.text, doc.extract.parts) == ("import a\na.f(x)\n", (range(1, 2), range(2, 3)))
    assert not doc.is_notebook


def test_a_block_that_is_no_python_costs_itself_alone():
    text = "```py\nf(x)\n```\n```py\ndef f(:\n```\n```py\ng(\n```\n```py\n  h(z)\n```\n"
    assert calls(text) == [("f(x)", 2, 1), ("h(z)", 11, 3)]


def test_a_document_without_sound_blocks_is_no_problem():
    assert calls("```py\nf(\n```") == calls("```py\n```") == calls("py") == calls("") == []


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.qmd", "A.MD"])
def test_names_of_documents(name):
    assert document("```py\nf(x)\n```", name).text == "f(x)\n"


def test_a_byte_order_mark_shifts_nothing():
    doc = document(b"\xef\xbb\xbf```py\nf(bad)\n```")
    assert applied(doc, word(doc, "bad", "good")) == b"\xef\xbb\xbf```py\nf(good)\n```"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"```py\n\xff\n```", "is not text: byte 0xff at offset 6 is not utf-8"),
        (b"```py\n\0\n```", "is binary (contains a NUL byte)"),
        (b" " * 5_000_001, "is larger than 5 MB"),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.rst"])
def test_what_is_no_text_says_why(data, reason, name):
    assert from_bytes(data, Path(name), name) == Problem(name, reason)


@pytest.mark.parametrize("name", ["a.md", "a.rst"])
def test_a_buffer_may_be_a_document(name):
    text = ".. code:: python\n\n   f(x)" if name == "a.rst" else "```py\nf(x)\n```"
    assert from_text(text, Path(name), name).text == "f(x)\n"


REST = [
    ".. _a: https://b.c/py", ".. _a: b@c.d", "__ https://b.c", ".. [1] f", ".. [#a] f", ".. [*] `x`_", ".. |x| image:: a.png", ".. |py| code:: python",
    "..", ".. comment", "   more", "a::", "a", "b", "=====", "-----", "- a", "* b", "1. c", "#. d", "(a) e", ":field: f", "-o FILE  g", "term", "  definition",
    "| line", "+---+", "| a |", "=== ===", "a   b", ">>> f(x)", ".. class:: x", ".. default-role:: code", ".. role:: py(code)", "   :language: python",
    ".. include:: a.rst", ".. code-block:: python", "   :name: a", "", "", "", "   f(x)", "     g(y)", "\tf(x)", ".. note:: a", ".. date::", ".. meta::",
    ".. table:: a", ".. math:: a", ".. sectnum::", ".. contents::", ".. parsed-literal::", ".. rubric:: a", "\x0b", "`", "``a", "*a", "|a", "a_", "_`a`",
]  # fmt: skip
MARKDOWN = [
    "# a", "a", "===", "---", "```py", "```", "~~~", "````{note}", "````", "> a", "> ```py", "> f(x)", "- a", "  - b", "  ```python", "  f(x)", "1. c",
    "    f(x)", "\tf(x)", "<div>", "</div>", "<!--", "-->", "[a]: b", "| a | b |", "|---|---|", "", "", "f(x)", ":::{tip}", ":::", "```{code-cell}", ":a: b",
    "\\", "`a", "\x0b", "\u2028", "\x85", ">>> f(x)", "... y", "%%time", "!ls",
]  # fmt: skip


def hold(document):
    """Each line of code stands in the file where it is said to stand."""
    raw = re.split(r"\r\n?|\n", document.raw)
    for line in document.extract.lines:
        assert raw[line.number - 1][line.code - line.start :].startswith(line.written[line.lead :])
        assert document.raw[line.code : line.stop] == line.written[line.lead :]
        assert not line.written[: line.lead].strip()
    assert len(document.extract.lines) == document.text.count("\n") == sum(map(len, document.extract.parts))


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("`~>-*1. \tpy\n\r#'\"(a:x<!|=+_[]{}\x0c\u2028\ud800"), max_size=80),
    st.sampled_from(["a.md", "a.rst"]),
)
def test_any_text_can_be_read(text, name):
    document = from_text(f"{text}\n```py\nf(x)\n```\n\n.. code:: python\n\n   g(y)\n", Path(name), name)
    assert isinstance(document, Document)
    hold(document)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(REST), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_restructuredtext_can_be_read(lines, end):
    document = from_text(end.join([*lines, "", "end py", "", ".. code:: python", "", " g(y)"]), Path("a.rst"), "a.rst")
    assert isinstance(document, Document), document
    hold(document)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(MARKDOWN), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_markdown_can_be_read(lines, end):
    document = from_text(end.join([*lines, "py"]), Path("a.md"), "a.md")
    assert isinstance(document, Document), document
    hold(document)


PREFIXES = st.lists(st.sampled_from(["> ", "- ", "1. ", "10) ", "> - "]), max_size=3)


@settings(max_examples=200, deadline=None)
@given(
    PREFIXES,
    st.lists(st.lists(st.sampled_from(["é", "😀", "(", "\t", "'", "`", "a"]), max_size=4), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["```", "~~~~"]),
)
def test_every_name_is_found_in_the_file(prefixes, fillings, end, fence):
    marker = "".join(prefixes)
    inner = re.sub(r"[-\d.)]", " ", marker)
    code = [f'name{number}("{"".join(filling)}")' for number, filling in enumerate(fillings)]
    lines = [f"{marker}{fence}python", *(inner + line for line in code), f"{inner}{fence}", ""]
    assert [found for found, _, _ in calls(end.join(lines))] == code


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("prefix", ["", "> ", ">   "])
def test_an_edit_changes_its_code_alone(prefix, end):
    raw = end.join(["é", f"{prefix}```py", f"{prefix}a = 1", f"{prefix}y = bad", f"{prefix}```", "b"])
    doc = document(raw)
    assert applied(doc, word(doc, "bad", "good")).decode() == raw.replace("bad", "good")
    lines = applied(doc, word(doc, "bad", "(\n  1,\n\n)"), whole_lines(doc, 1, 0, "import a\n"))
    expected = [f"{prefix}import a", f"{prefix}a = 1", f"{prefix}y = (", f"{prefix}  1,", prefix.rstrip(), f"{prefix})"]
    assert lines.decode() == end.join(["é", f"{prefix}```py", *expected, f"{prefix}```", "b"])


@pytest.mark.parametrize("first", [3, 4])
def test_whole_lines_go_with_what_stands_before_them(first):
    raw = "> ```py\n> a = 1\n> b = 2\n> c = 3\n> ```\n"
    doc = document(raw)
    gone = "".join(raw.splitlines(keepends=True)[first - 1 : 4])
    assert applied(doc, edit(first, 1, 5, 1, path="a.md")).decode() == raw.replace(gone, "")
    new = applied(doc, edit(first, 1, 5, 1, "x\ny\n", path="a.md")).decode()
    assert new == raw.replace(gone, "> x\n> y\n")


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ((1, 1, 1, 2), "not within a block"),
        ((2, 1, 2, 4), "not within a block"),
        ((2, 2, 2, 3), "not within a block"),
        ((2, 3, 5, 4), "beyond one block"),
        ((2, 1, 4, 1), "not within a block"),
        ((6, 1, 6, 2), "not within a block"),
    ],
)
def test_edits_beyond_a_block_are_refused(at, message):
    doc = document("> ```py\n> a = 1\n> ```\n> ```py\n> b = 1\n> ```\n")
    with pytest.raises(EditError, match=message):
        applied(doc, edit(*at, "x", path="a.md"))


def test_an_edit_must_not_end_its_block():
    doc = document("```py\ny = bad\n```")
    with pytest.raises(EditError, match="would end a block"):
        applied(doc, word(doc, "bad", "'''\n```\n'''"))


def test_lines_among_tabs_are_not_made():
    raw = "- ```py\n  if a:\n\ty = bad\n  ```"
    doc = document(raw)
    with pytest.raises(EditError, match="tabs"):
        applied(doc, word(doc, "bad", "(\n1)"))
    assert applied(doc, word(doc, "bad", "1")).decode() == raw.replace("bad", "1")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("ab =\t(é😀", max_size=6), min_size=1, max_size=5), st.data())
def test_other_bytes_stay(lines, data):
    prefix = data.draw(st.sampled_from(["", "> ", "  "]))
    end = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    raw = end.join(["text", f"{prefix}```py", *(f"{prefix}x{line}" for line in lines), f"{prefix}```", "text"])
    doc = document(raw)
    number = data.draw(st.integers(1, len(lines)))
    span = doc.span((number, 1), (number, 2))
    new = applied(doc, Edit(span, data.draw(st.text("yz'", max_size=4).map(lambda text: "x" + text)))).decode()
    at = sum(map(len, re.split(r"(?<=\n)|(?<=\r)(?!\n)", raw)[: span.line - 1])) + span.column - 1
    assert (new[:at], new[len(new) - len(raw) + at + 1 :]) == (raw[:at], raw[at + 1 :])


@pytest.fixture
def docs(tmp_path, monkeypatch):
    """A folder with the mistake in Markdown and in reStructuredText, and two blocks that go together."""
    monkeypatch.chdir(tmp_path)
    indented = "".join(f"   {line}".rstrip() + "\n" for line in (WRONG + CALL).splitlines())
    Path("a.md").write_text(f"# Title\n\n```python\n{WRONG}```\n\nThen:\n\n> ```py\n> {CALL}> ```\n", newline="")
    Path("b.rst").write_text(f"Title\n=====\n\n.. code-block:: python\n   :linenos:\n\n{indented}")
    Path("c.py").write_text("x = 1\n")
    return tmp_path


def test_documents_are_checked_on_request(docs):
    assert "All" not in run("--docs").output
    result = run("--docs", "--output-format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [(one["filename"], one["code"], one["location"], one["cell"]) for one in found] == [
        ("a.md", "LL101", {"row": 19, "column": 10}, None),
        ("b.rst", "LL101", {"row": 17, "column": 11}, None),
    ]
    assert found[0]["trace"][0]["location"] == {"row": 13, "column": 16}


def test_documents_are_left_alone_otherwise(docs):
    result = run()
    assert (result.exit_code, result.stdout) == (0, "1 file clean.\n")
    assert run("--no-docs").stdout == "1 file clean.\n"


def test_a_document_that_is_named_without_the_option(docs):
    result = run("a.md")
    assert result.exit_code == 2
    assert "losslint: a.md: is a document: --docs checks the code in it" in result.stderr
    assert run("a.md", "--docs").exit_code == 1


def test_reports_show_the_lines_of_the_document(docs):
    output = run("--docs").stdout
    assert "  --> a.md:19:10\n" in output
    assert "19 | > loss = nn.CrossEntropyLoss()(Net()(x), y)\n   |          ^^^^^^^" in output
    assert "a.md:19:10: error[LL101]" in run("--docs", "--output-format", "concise").stdout


def test_suppressions_within_blocks(docs):
    text = Path("a.md").read_text()
    Path("a.md").write_text(text.replace(CALL, CALL.rstrip() + "  # noqa: LL101\n"))
    assert [one["filename"] for one in json.loads(run("--docs", "--output-format", "json").stdout)] == ["b.rst"]


def test_fixes_of_documents(docs):
    before = {name: Path(name).read_bytes() for name in ("a.md", "b.rst")}
    assert run("--docs", "--fix", "--unsafe-fixes").exit_code == 0
    for name, data in before.items():
        assert Path(name).read_bytes() == data.replace(b"F.softmax(self.fc(x), dim=1)", b"self.fc(x)")


def test_a_finding_may_lead_from_a_document_to_the_project(docs):
    Path("model.py").write_text(WRONG)
    Path("a.md").write_text(f"```py\nfrom model import Net\nimport torch.nn as nn\n{CALL}```\n")
    found = json.loads(run("--docs", "a.md", "--output-format", "json").stdout)
    assert [(one["location"]["row"], one["trace"][0]["filename"]) for one in found] == [(4, "model.py")]


@pytest.mark.parametrize(("module", "package"), [("docutils", "docutils"), ("markdown_it", "markdown-it-py")])
def test_what_is_not_installed_is_named(docs, monkeypatch, module, package):
    monkeypatch.setitem(sys.modules, module, None)
    result = run("--docs")
    assert result.exit_code != 0
    assert f"--docs needs {package}: install torch-losslint[docs]" in result.stderr


def test_a_reader_that_is_not_installed_is_a_problem_of_the_file(monkeypatch):
    for module in ("losslint.source.markdown", "markdown_it"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "markdown_it", None)
    reason = "cannot be read without markdown-it-py: install torch-losslint[docs]"
    assert from_bytes(b"```py\n```", Path("a.md"), "a.md") == Problem("a.md", reason)


KEPT = ["import torch", "import torch.nn.functional as F", "net = torch.nn.Linear(3, 4)", "for x, y in data:"]
OLD, USES = "    p = F.softmax(net(x), dim=1)", ["    F.cross_entropy(p, y)", "    print(p)"]
NEW = ["    logits = net(x)", "    p = F.softmax(logits, dim=1)"]


@pytest.mark.parametrize(
    ("name", "head", "prefix", "tail"),
    [
        ("a.md", "```py", "", "```"),
        ("a.md", "- ```py", "  ", "  ```"),
        ("a.md", "> > ```py", "> > ", "> > ```"),
        ("a.rst", "- .. code:: python\n", "       ", ""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_fixes_that_bring_lines(tmp_path, monkeypatch, name, head, prefix, tail, end):
    monkeypatch.chdir(tmp_path)

    def text(*lines):
        return "\n".join([head, *(prefix + line for line in lines), tail, ""]).replace("\n", end).encode()

    Path(name).write_bytes(text(*KEPT, OLD, *USES))
    result = run("--docs", "--fix", "--unsafe-fixes")
    assert result.exit_code == 0, result.stdout
    assert Path(name).read_bytes() == text(*KEPT, *NEW, USES[0].replace("(p,", "(logits,"), USES[1])


BROKEN = "\n```py\ndef f(:\n    '''\n```\n"


def test_comments_count_beside_blocks_that_are_no_python(docs):
    call = "loss = nn.CrossEntropyLoss()(\n>   Net()(x), y\n> )  # noqa: LL101\n"
    text = (
        Path("a.md").read_text().replace(CALL, call)
        + BROKEN
        + "```py\nx = '# noqa: LL101'\ny = 1  # noqa: LL101\n```\n"
    )
    Path("a.md").write_text(text)
    found = json.loads(run("--docs", "a.md", "--output-format", "json").stdout)
    assert [(one["code"], one["location"]["row"]) for one in found] == [("LL001", text.count("\n") - 1)]
    assert run("--docs", "a.md", "--fix").exit_code == 0
    assert Path("a.md").read_text() == text.replace("y = 1  # noqa: LL101", "y = 1")


def test_comments_are_written_into_blocks(docs):
    text = Path("a.md").read_text() + BROKEN
    Path("a.md").write_text(text)
    assert run("--docs", "--add-noqa").exit_code == 0
    assert Path("a.md").read_text() == text.replace(CALL, CALL.rstrip() + "  # noqa: LL101\n")
    assert run("--docs").stdout == "All 3 files clean.\n"
