"""Hovers: values with their way, pages of rules, and silence where there is nothing to say."""

from __future__ import annotations

import pytest
import pytest_lsp
from lsp_client import MODEL, TRAIN, Editor, config, start
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient
from test_lsp_notebooks import CELLS, Notebook

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_lsp.fixture(config=config(), scope="module")
async def client(lsp_client: LanguageClient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("")
    result = await start(lsp_client, [folder])
    lsp_client.folder, lsp_client.encoding = folder, result.capabilities.position_encoding
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client, request):
    folder = client.folder / request.node.originalname / client.encoding
    folder.mkdir(parents=True)
    return Editor(client, folder)


async def at(client, uri, text, mark, occurrence=0):
    """The hover at a mark in a text."""
    lines = text.split("\n")
    found = [(row, line.index(mark)) for row, line in enumerate(lines) if mark in line]
    row, column = found[occurrence]
    width = {"utf-8": lambda s: len(s.encode()), "utf-16": lambda s: len(s.encode("utf-16-le")) // 2}[client.encoding]
    position = lsp.Position(row, width(lines[row][:column]))
    return await client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(uri), position))


async def hover(editor, name, text, mark, occurrence=0):
    return await at(editor.client, editor.uri(name), text, mark, occurrence)


async def test_a_value_with_its_way(editor):
    editor.write("model.py", MODEL.format(".softmax(1)"))
    text = TRAIN.replace("    return criterion(net(x), y)", '    c = "\N{CAT FACE}"; out = net(x)\n    return out')
    editor.open("train.py", text)
    found = await hover(editor, "train.py", text, "out")
    assert found.contents.value.startswith("**probs(dim=1) \\[..., 3\\]**\n\n- ")
    assert "model.py:10  softmax over dim 1 makes probabilities" in found.contents.value
    line = text.split("\n")[9]
    before = line[: line.index("out")]
    width = len(before.encode()) if editor.client.encoding == "utf-8" else len(before.encode("utf-16-le")) // 2
    assert found.range == lsp.Range(lsp.Position(9, width), lsp.Position(9, width + 3))
    again = await hover(editor, "train.py", text, "return out")
    assert again is None
    assert (
        await hover(editor, "train.py", text, "criterion")
    ).contents.value == "**an object of torch.nn.CrossEntropyLoss**"


async def test_what_is_typed_counts(editor):
    model = MODEL.format("")
    editor.open("model.py", model)
    assert (await hover(editor, "model.py", model, "(x)")).contents.value.startswith("**logits")
    changed = MODEL.replace("Linear", "Softmax").format("")
    editor.change("model.py", changed)
    found = await hover(editor, "model.py", changed, "(x)")
    assert not found.contents.value.startswith("**logits")


async def test_alternatives_and_the_unknown(editor):
    text = (
        "import torch\nfrom torch import nn\nimport elsewhere\n\n\ndef f(flag, x):\n    x = nn.Linear(4, 3)(x)\n"
        "    if flag:\n        x = torch.sigmoid(x)\n    y = elsewhere.read()\n    return x + 0, y\n"
    )
    editor.open("train.py", text)
    both = (await hover(editor, "train.py", text, "x + 0")).contents.value
    assert "**logits" in both
    assert "**sigmoid-probs" in both
    assert "\n\n*or*\n\n" in both
    unknown = (await hover(editor, "train.py", text, "y = ")).contents.value
    assert unknown.startswith("**not known: ")


async def test_pages_of_rules(editor):
    text = "x = 1  # noqa: E501, LL101\ny = 2  # losslint: ignore[log-of-softmax]\nz = 'LL101'\n"
    editor.open("train.py", text)
    page = (await hover(editor, "train.py", text, "LL101")).contents.value
    assert page.startswith("**LL101 softmax-before-cross-entropy**")
    assert "## Why it is wrong" in page
    assert "log-of-softmax" in (await hover(editor, "train.py", text, "log-of")).contents.value
    other = (await hover(editor, "train.py", text, "E501")).contents.value  # within the finding about its neighbour
    assert other.startswith("**LL001 unused-suppression**")
    string = await hover(editor, "train.py", text, "'LL101'")
    assert string.contents.value == "**the constant 'LL101'**"


async def test_the_page_of_what_is_found(editor):
    editor.write("model.py", MODEL.format(".softmax(1)"))
    editor.open("train.py", TRAIN)
    await editor.until_codes("train.py", "LL101")
    found = (await hover(editor, "train.py", TRAIN, "(net(x)")).contents.value
    assert "\n\n---\n\n" in found
    assert "## Why it is wrong" in found


async def test_notebooks(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    found = await at(client, notebook.cell(3), CELLS[3], "a = ")
    assert found.contents.value.startswith("**log-probs(dim=1)")
    assert found.range == lsp.Range(lsp.Position(1, 0), lsp.Position(1, 1))
    found = await at(client, notebook.cell(2), CELLS[2], "net(x)")
    assert found.contents.value.startswith("**an object of torch.nn.Sequential**")


async def test_nothing_to_say(editor):
    text = "def f(:\n    pass\n"
    editor.open("train.py", text)
    assert await hover(editor, "train.py", text, "pass") is None
    assert await hover(editor, "not-open.py", text, "pass") is None
