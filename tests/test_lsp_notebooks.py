"""Notebooks in the language server: one module of all cells, diagnostics and fixes by cell."""

from __future__ import annotations

import json

import pytest
import pytest_lsp
from lsp_client import Editor, actions, applied, config, edits_of, start, until
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

pytestmark = pytest.mark.asyncio(loop_scope="module")
CELLS = (
    "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n",
    "%matplotlib inline\nnet = nn.Sequential(nn.Linear(4, 3), nn.Softmax(1))",
    'criterion = nn.CrossEntropyLoss()\n\ndef step(x, y):\n    "\N{CAT FACE}\\" \\n"; return criterion(net(x), y)',
    "raw = nn.Linear(4, 3)\na = torch.log(torch.softmax(raw(torch.rand(2, 4)), 1))",
)


class Notebook:
    """A notebook that is open in an editor."""

    def __init__(self, client: LanguageClient, editor: Editor, name: str = "train.ipynb") -> None:
        self.client, self.uri = client, editor.uri(name)
        self.version = 1

    def cell(self, number: int) -> str:
        return self.uri.replace("file:", "vscode-notebook-cell:") + f"#W{number}sZmlsZQ%3D%3D"

    def open(self, *texts: str) -> None:
        cells = [lsp.NotebookCell(lsp.NotebookCellKind.Code, self.cell(number)) for number in range(len(texts))]
        items = [lsp.TextDocumentItem(self.cell(number), "python", 1, text) for number, text in enumerate(texts)]
        notebook = lsp.NotebookDocument(self.uri, "jupyter-notebook", 1, cells)
        self.client.notebook_document_did_open(lsp.DidOpenNotebookDocumentParams(notebook, items))

    def close(self, count: int) -> None:
        cells = [lsp.TextDocumentIdentifier(self.cell(number)) for number in range(count)]
        notebook = lsp.NotebookDocumentIdentifier(self.uri)
        self.client.notebook_document_did_close(lsp.DidCloseNotebookDocumentParams(notebook, cells))

    def change(self, cells: lsp.NotebookDocumentCellChanges) -> None:
        self.version += 1
        document = lsp.VersionedNotebookDocumentIdentifier(self.version, self.uri)
        event = lsp.NotebookDocumentChangeEvent(cells=cells)
        self.client.notebook_document_did_change(lsp.DidChangeNotebookDocumentParams(document, event))

    def edit(self, number: int, text: str) -> None:
        """Put another text in a cell."""
        document = lsp.VersionedTextDocumentIdentifier(self.version + 1, self.cell(number))
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        content = lsp.NotebookDocumentCellContentChanges(document, [whole])
        self.change(lsp.NotebookDocumentCellChanges(text_content=[content]))

    def move_up(self, number: int, text: str) -> None:
        """Take a cell out and put one with this text first."""
        taken = lsp.NotebookCellArrayChange(number, 1, [])
        closed = [lsp.TextDocumentIdentifier(self.cell(number))]
        structure = lsp.NotebookDocumentCellChangeStructure(taken, did_open=[], did_close=closed)
        self.change(lsp.NotebookDocumentCellChanges(structure=structure))
        cell = lsp.NotebookCell(lsp.NotebookCellKind.Code, self.cell(90))
        item = lsp.TextDocumentItem(self.cell(90), "python", 1, text)
        put = lsp.NotebookCellArrayChange(0, 0, [cell])
        structure = lsp.NotebookDocumentCellChangeStructure(put, did_open=[item], did_close=[])
        self.change(lsp.NotebookDocumentCellChanges(structure=structure))

    def codes(self, number: int) -> list[str]:
        return [one.code for one in self.client.diagnostics.get(self.cell(number), ())]

    async def until_codes(self, number: int, *codes: str):
        await until(lambda: self.codes(number) == list(codes), lambda: f"cell {number}: {self.codes(number)}")
        return self.client.diagnostics.get(self.cell(number), ())


@pytest_lsp.fixture(config=config(), scope="module")
async def client(lsp_client: LanguageClient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    (folder / "pyproject.toml").write_text("")
    await start(lsp_client, [folder])
    lsp_client.folder = folder
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client, request):
    folder = client.folder / request.node.name
    folder.mkdir()
    return Editor(client, folder)


async def test_findings_are_published_by_cell(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    (found,) = await notebook.until_codes(2, "LL101")
    line = CELLS[2].split("\n")[3]
    column = len(line[: line.index("criterion")].encode("utf-16-le")) // 2
    assert found.range.start == lsp.Position(3, column)
    assert found.range.end == lsp.Position(3, column + len("criterion(net(x), y)"))
    assert found.related_information[0].location.uri == notebook.cell(1)
    assert found.related_information[0].location.range.start.line == 1
    (advice,) = await notebook.until_codes(3, "LL303")
    assert advice.range.start == lsp.Position(1, 4)
    notebook.edit(1, CELLS[1].replace(", nn.Softmax(1)", ""))
    await notebook.until_codes(2)


async def test_cells_come_and_go(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    await notebook.until_codes(2, "LL101")
    notebook.move_up(1, "net = 1")  # no network any more
    await notebook.until_codes(2)
    notebook.edit(0, CELLS[0] + "net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(1))\n")
    await notebook.until_codes(2, "LL101")
    notebook.close(4)
    await notebook.until_codes(2)


async def test_what_is_on_disk_counts_when_it_is_closed(client, editor):
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in CELLS]
    editor.write("train.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    await notebook.until_codes(2, "LL101")
    assert not editor.codes("train.ipynb")
    notebook.close(4)
    await notebook.until_codes(2)
    await editor.until_codes("train.ipynb", "LL101", "LL303")


async def test_a_notebook_uses_a_module_that_is_open(client, editor):
    notebook = Notebook(client, editor)
    text = "from torch import nn\n\n\ndef head(x):\n    return nn.Linear(4, 3)(x){}\n"
    editor.write("heads.py", text.format(""))
    editor.open("heads.py")
    notebook.open("from torch import nn\nfrom heads import head", "loss = nn.CrossEntropyLoss()(head(x), y)")
    await until(lambda: notebook.cell(1) in client.diagnostics)
    assert notebook.codes(1) == []
    editor.change("heads.py", text.format(".softmax(1)"))
    (found,) = await notebook.until_codes(1, "LL101")
    assert found.related_information[0].location.uri == editor.uri("heads.py")


async def test_fixes_are_edits_of_cells(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    await notebook.until_codes(2, "LL101")
    (fix,) = [one for one in await actions(client, notebook.cell(2), ["quickfix"]) if "noqa" not in one.title]
    edits = edits_of(fix)
    assert list(edits) == [notebook.cell(1)]
    assert applied(CELLS[1], edits[notebook.cell(1)]) == CELLS[1].replace("nn.Softmax(1)", "nn.Identity()")


async def test_a_comment_goes_into_its_cell(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    await notebook.until_codes(2, "LL101")
    (comment,) = [one for one in await actions(client, notebook.cell(2), ["quickfix"]) if "noqa" in one.title]
    edits = edits_of(comment)
    assert list(edits) == [notebook.cell(2)]
    assert applied(CELLS[2], edits[notebook.cell(2)]) == CELLS[2] + "  # noqa: LL101"


async def test_all_of_a_notebook_is_fixed(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    await notebook.until_codes(3, "LL303")
    for cell in (0, 3):
        (fix,) = await actions(client, notebook.cell(cell), ["notebook.source.fixAll"])
        assert fix.kind == "notebook.source.fixAll.losslint"
        mended = applied(CELLS[3], edits_of(fix)[notebook.cell(3)])
        assert mended == CELLS[3].replace("torch.log(torch.softmax(", "torch.log_softmax(").replace("1))", "1)")
    # asked of each cell in turn, this would be made once for each
    assert await actions(client, notebook.cell(3), ["source.fixAll"]) == []


async def test_a_half_typed_cell_costs_itself_alone(client, editor):
    notebook = Notebook(client, editor)
    notebook.open(*CELLS)
    await notebook.until_codes(3, "LL303")
    notebook.edit(3, "def f(:")
    await notebook.until_codes(3)
    assert notebook.codes(2) == ["LL101"]
    notebook.edit(3, "%%bash\nls")  # no Python at all
    notebook.edit(1, "net = 1")
    await notebook.until_codes(2)


async def test_odd_cells(client, editor):
    notebook = Notebook(client, editor)
    cells = ["", "\r\nfrom torch import nn\r\n", "\u2028 # \x0c\n\n", CELLS[1], CELLS[2].replace("\n", "\r\n")]
    notebook.open(*cells)
    (found,) = await notebook.until_codes(4, "LL101")
    assert found.range.start.line == 3
