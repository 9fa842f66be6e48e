"""The language server's diagnostics: on open, change, save and close and of files that come and go."""

from __future__ import annotations

import pytest
import pytest_lsp
from lsp_client import BOTH, MODEL, TRAIN, Editor, config, start, until
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_lsp.fixture(config=config(), scope="module")
async def client(lsp_client: LanguageClient, tmp_path_factory):
    await start(lsp_client, [tmp_path_factory.mktemp("first")])
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


async def test_open_change_and_close(editor):
    editor.write("train.py", BOTH)
    editor.open("train.py")
    (found,) = await editor.until_codes("train.py", "LL101")
    assert found.source == "losslint"
    assert found.severity is lsp.DiagnosticSeverity.Error
    assert found.range == lsp.Range(lsp.Position(7, 11), lsp.Position(7, 31))
    assert found.message.startswith("probabilities reach CrossEntropyLoss, which expects logits\n")
    assert "this loss cannot fall below 0.5514" in found.message
    assert found.data["name"] == "softmax-before-cross-entropy"
    await until(lambda: editor.found("train.py")[0].data["fix"] is not None)  # fixes come a little later
    assert editor.found("train.py")[0].data["fix"]["applicability"] == "unsafe"
    editor.change("train.py", BOTH.replace(", nn.Softmax(1)", ""))
    await editor.until_codes("train.py")
    editor.close("train.py")  # what is on disk counts again
    await editor.until_codes("train.py", "LL101")


async def test_form_feeds_and_line_separators_end_no_line(editor):
    text = BOTH.replace("net = ", 's = "\u2028\x0c"; net = ').replace("\n\n\ndef", "\n\x0c\n\ndef")
    editor.open("train.py", text)
    (found,) = await editor.until_codes("train.py", "LL101")
    assert found.range.start == lsp.Position(7, 11)
    place = lsp.Range(lsp.Position(7, 11), lsp.Position(7, 20))
    editor.change("train.py", lsp.TextDocumentContentChangePartial(place, "print"))
    await editor.until_codes("train.py")


async def test_line_ends_of_all_kinds(editor):
    editor.write("train.py", BOTH)
    editor.open("train.py", BOTH.replace("\n", "\r\n"))
    (found,) = await editor.until_codes("train.py", "LL101")
    assert found.range == lsp.Range(lsp.Position(7, 11), lsp.Position(7, 31))
    editor.change("train.py", "\r" + BOTH.replace("\n", "\r"))
    await until(lambda: [one.range.start.line for one in editor.found("train.py")] == [8])


async def test_a_file_that_is_not_saved_yet(editor):
    editor.write("train.py", TRAIN)
    editor.open("train.py")
    await editor.until_codes("train.py")
    editor.open("model.py", MODEL.format(".softmax(1)"))
    await editor.until_codes("train.py", "LL101")
    editor.close("model.py")
    await editor.until_codes("train.py")


async def test_half_typed_text_keeps_what_was_known(editor):
    editor.write("model.py", MODEL.format(".softmax(1)"))
    editor.write("train.py", TRAIN)
    editor.open("model.py")
    editor.open("train.py")
    await editor.until_codes("train.py", "LL101")
    editor.change("model.py", MODEL.format(".softmax(1") + "\n\ndef f(:\n")
    editor.change("train.py", TRAIN + "\n# more\n")
    version = editor.change("train.py", "\n" + TRAIN)
    await until(lambda: [one.range.start.line for one in editor.found("train.py")] == [10])
    assert version
    editor.change("train.py", TRAIN + "def f(:\n")
    editor.change("model.py", MODEL.format(""))
    await editor.until_codes("model.py")
    assert editor.codes("train.py") == ["LL101"]  # not known yet; moved along by the client
    editor.change("train.py", TRAIN)
    await editor.until_codes("train.py")


async def test_a_save_of_what_was_changed_on_disk(editor):
    editor.write("train.py", BOTH)
    editor.write("other.py", "")
    editor.open("other.py")
    await editor.until_codes("train.py", "LL101")
    editor.write("train.py", "")
    change = lsp.FileEvent(editor.uri("train.py"), lsp.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([change]))
    await editor.until_codes("train.py")


async def test_suppressed_findings_are_not_shown(editor):
    editor.open("train.py", BOTH)
    await editor.until_codes("train.py", "LL101")
    editor.change("train.py", BOTH.replace("(net(x), y)", "(net(x), y)  # noqa: LL101"))
    await editor.until_codes("train.py")


async def test_a_folder_that_is_closed_takes_its_findings_with_it(editor):
    inner = editor.folder / "inner"
    editor.write("inner/train.py", BOTH)
    editor.open("inner/train.py")
    await editor.until_codes("inner/train.py", "LL101")
    event = lsp.WorkspaceFoldersChangeEvent(added=[lsp.WorkspaceFolder(inner.as_uri(), "inner")], removed=[])
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    editor.change("inner/train.py", "\n" + BOTH)
    await until(lambda: [one.range.start.line for one in editor.found("inner/train.py")] == [8])
    assert editor.codes("inner/train.py") == ["LL101"]  # once, though two folders hold it
    both = [lsp.WorkspaceFolder(inner.as_uri(), "inner"), lsp.WorkspaceFolder(editor.folder.as_uri(), "more")]
    event = lsp.WorkspaceFoldersChangeEvent(added=[], removed=both)
    editor.client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(event))
    editor.close("inner/train.py")
    await editor.until_codes("inner/train.py")


async def test_files_outside_all_folders(client, tmp_path):
    outside = Editor(client, tmp_path)
    outside.write("model.py", MODEL.format(".softmax(1)"))
    outside.write("train.py", TRAIN)
    outside.open("train.py")
    await outside.until_codes("train.py", "LL101")
    assert outside.codes("model.py") is None
    outside.close("train.py")
    await outside.until_codes("train.py")


async def test_a_text_that_was_never_saved(client):
    uri = "untitled:Untitled-1"
    item = lsp.TextDocumentItem(uri, "python", 1, BOTH)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    await until(lambda: [one.code for one in client.diagnostics.get(uri, ())] == ["LL101"])
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
    await until(lambda: not client.diagnostics[uri])
