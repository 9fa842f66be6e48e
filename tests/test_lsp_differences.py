"""What differs between clients: columns in UTF-8, UTF-16 or code points, related places or text in their stead."""

from __future__ import annotations

import pytest
import pytest_lsp
from lsp_client import BOTH, MODEL, TRAIN, Editor, applied, config, edits_of, start, until
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

pytestmark = pytest.mark.asyncio(loop_scope="module")
ENCODINGS = {"visual-studio-code": "utf-16", "neovim": "utf-8", "emacs": "utf-32"}


@pytest_lsp.fixture(config=config(), params=list(ENCODINGS), scope="module")
async def client(request, lsp_client: LanguageClient, tmp_path_factory):
    result = await start(lsp_client, [tmp_path_factory.mktemp("first")], request.param)
    assert result.capabilities.position_encoding == ENCODINGS[request.param]
    lsp_client.encoding = ENCODINGS[request.param]
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client, tmp_path):
    """A folder of its own for each test, opened beside the others."""
    folder = tmp_path / "work space é"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    change = lsp.WorkspaceFoldersChangeEvent(added=[lsp.WorkspaceFolder(folder.as_uri(), "more")], removed=[])
    client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(change))
    yield Editor(client, folder)
    change = lsp.WorkspaceFoldersChangeEvent(added=[], removed=[lsp.WorkspaceFolder(folder.as_uri(), "more")])
    client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(change))


async def test_columns_are_counted_as_the_client_counts(editor):
    line = '    "\N{CAT FACE}\N{LATIN SMALL LETTER E WITH ACUTE}"; return criterion(net(x), y)'
    text = BOTH.replace("    return criterion(net(x), y)", line)
    editor.write("train.py", BOTH)
    editor.open("train.py", text)
    await editor.until_codes("train.py", "LL101")
    before = line[: line.index("criterion")]
    width = {"utf-8": len(before.encode()), "utf-16": len(before.encode("utf-16-le")) // 2, "utf-32": len(before)}
    column = width[editor.client.encoding]
    await until(lambda: editor.found("train.py")[0].range.start == lsp.Position(7, column))
    assert editor.found("train.py")[0].range.end == lsp.Position(7, column + len("criterion(net(x), y)"))


async def test_partial_changes_count_columns_alike(editor):
    text = BOTH.replace("net = ", 's = "\N{CAT FACE}"; net = ')
    editor.open("train.py", text)
    await editor.until_codes("train.py", "LL101")
    line = text.splitlines()[2]
    head = line[: line.index(", nn.Softmax")]
    width = {"utf-8": len(head.encode()), "utf-16": len(head.encode("utf-16-le")) // 2, "utf-32": len(head)}
    start_column = width[editor.client.encoding]
    place = lsp.Range(lsp.Position(2, start_column), lsp.Position(2, start_column + len(", nn.Softmax(1)")))
    editor.change("train.py", lsp.TextDocumentContentChangePartial(place, ""))
    await editor.until_codes("train.py")


async def test_edits_and_hovers_count_columns_alike(editor):
    line = '    c = "\N{CAT FACE}\N{LATIN SMALL LETTER E WITH ACUTE}"; a = torch.log(torch.softmax(x, 1)); return a'
    text = f"import torch\n\n\ndef step(x):\n{line}\n"
    editor.open("train.py", text)
    await editor.until_codes("train.py", "LL303")
    encoding = editor.client.encoding
    (action,) = await editor.actions("train.py", only=["source.fixAll"])
    mended = applied(text, edits_of(action)[editor.uri("train.py")], encoding)
    assert mended == text.replace("torch.log(torch.softmax(x, 1))", "torch.log_softmax(x, 1)")
    before = line[: line.index("a = ")]
    width = {"utf-8": len(before.encode()), "utf-16": len(before.encode("utf-16-le")) // 2, "utf-32": len(before)}
    place = lsp.Position(4, width[encoding])
    document = lsp.TextDocumentIdentifier(editor.uri("train.py"))
    found = await editor.client.text_document_hover_async(lsp.HoverParams(document, place))
    assert found.contents.value.startswith("**log-probs(dim=1)**")
    assert found.range == lsp.Range(place, lsp.Position(4, width[encoding] + 1))


async def test_a_change_in_one_file_is_seen_in_another_that_is_not_open(editor):
    editor.write("model.py", MODEL.format(""))
    editor.write("train.py", TRAIN)
    editor.open("model.py")
    await editor.until_codes("model.py")
    assert not editor.codes("train.py")
    editor.change("model.py", MODEL.format(".softmax(1)"))
    (found,) = await editor.until_codes("train.py", "LL101")
    if found.related_information is not None:
        first = found.related_information[0]
        assert first.location.uri == editor.uri("model.py")
        assert first.location.range.start == lsp.Position(9, 15)
        assert "softmax over dim 1" in first.message
    else:  # a client that shows no related places gets them as text
        assert "model.py:10:16  softmax over dim 1 makes probabilities" in found.message
    editor.change("model.py", MODEL.format(""))
    await editor.until_codes("train.py")
