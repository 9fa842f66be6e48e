"""Settings in the language server: of the project and of the editor, and what is wrong with them."""

from __future__ import annotations

import pytest
import pytest_lsp
from lsp_client import BOTH, Editor, config, start, until
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
    (tmp_path / "pyproject.toml").write_text("")
    folder = lsp.WorkspaceFolder(tmp_path.as_uri(), "more")
    change = lsp.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(change))
    client.messages.clear()
    yield Editor(client, tmp_path)
    change = lsp.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
    client.workspace_did_change_workspace_folders(lsp.DidChangeWorkspaceFoldersParams(change))


def touched(editor, name):
    """Tell the server that a file changed on disk."""
    change = lsp.FileEvent(editor.uri(name), lsp.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([change]))


def configured(client, options):
    client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(options))


async def test_the_server_asks_to_be_told_of_files(client):
    await until(lambda: bool(client.registered))
    (registration,) = client.registered
    assert registration.method == "workspace/didChangeWatchedFiles"


@pytest.mark.parametrize("name", ["pyproject.toml", "losslint.toml"])
async def test_settings_of_the_project_are_read_again(editor, name):
    head = "[tool.losslint]\n" if name == "pyproject.toml" else ""
    editor.open("train.py", BOTH)
    await editor.until_codes("train.py", "LL101")
    editor.write(name, f'{head}ignore = ["LL101"]\n')
    touched(editor, name)
    await editor.until_codes("train.py")
    editor.write(name, "")
    editor.save(name)  # a client that watches no files, but has this one open
    await editor.until_codes("train.py", "LL101")


async def test_wrong_settings_are_told_once_and_the_last_good_ones_hold(editor):
    editor.write("pyproject.toml", '[tool.losslint]\nextend-select = ["LL301"]\n')
    touched(editor, "pyproject.toml")
    implicit = BOTH + "\n\nclass N(nn.Module):\n    def forward(self, x):\n        return nn.functional.softmax(x)\n"
    editor.open("train.py", implicit)
    await editor.until_codes("train.py", "LL101", "LL301")
    editor.write("pyproject.toml", '[tool.losslint]\nselct = ["LL101"]\n')
    touched(editor, "pyproject.toml")
    await until(lambda: bool(editor.client.messages))
    (message,) = editor.client.messages
    assert message.type == lsp.MessageType.Error
    assert "'selct'" in message.message
    assert "did you mean 'select'?" in message.message
    editor.change("train.py", "\n" + implicit)
    await until(lambda: [one.range.start.line for one in editor.found("train.py")] == [8, 13])
    assert editor.codes("train.py") == ["LL101", "LL301"]
    assert len(editor.client.messages) == 1
    editor.write("pyproject.toml", '[tool.losslint]\nselect = ["LL301"]\n')
    touched(editor, "pyproject.toml")
    await editor.until_codes("train.py", "LL301")


async def test_wrong_settings_of_a_folder_further_down(editor):
    editor.write("train.py", BOTH)
    editor.open("train.py")
    await editor.until_codes("train.py", "LL101")
    editor.write("inner/losslint.toml", "what = 1\n")
    editor.write("inner/train.py", BOTH)
    touched(editor, "inner/losslint.toml")
    await until(lambda: any("what" in one.message for one in editor.client.messages))
    editor.write("inner/losslint.toml", 'ignore = ["LL101"]\n')
    touched(editor, "inner/losslint.toml")
    editor.change("train.py", "\n" + BOTH)
    await until(lambda: [one.range.start.line for one in editor.found("train.py")] == [8])
    assert not editor.codes("inner/train.py")


async def test_options_of_the_editor(editor):
    editor.open("train.py", BOTH + "\n\ndef other(x):\n    return nn.functional.softmax(x)\n")
    await editor.until_codes("train.py", "LL101", "LL301")
    configured(editor.client, {"losslint": {"severity": "error"}})
    await editor.until_codes("train.py", "LL101")
    configured(editor.client, {"losslint": {}})
    await editor.until_codes("train.py", "LL101", "LL301")


async def test_a_client_that_is_asked_for_its_options(editor):
    editor.open("train.py", BOTH + "\n\ndef other(x):\n    return nn.functional.softmax(x)\n")
    await editor.until_codes("train.py", "LL101", "LL301")
    editor.client.set_configuration({"severity": "error"}, section="losslint")
    configured(editor.client, None)
    await editor.until_codes("train.py", "LL101")
    editor.client.set_configuration({}, section="losslint")
    configured(editor.client, None)
    await editor.until_codes("train.py", "LL101", "LL301")


async def test_a_file_of_settings_named_by_the_editor(editor):
    editor.write("elsewhere.toml", 'ignore = ["LL101"]\n')
    editor.open("train.py", BOTH)
    await editor.until_codes("train.py", "LL101")
    configured(editor.client, {"losslint": {"configuration": str(editor.folder / "elsewhere.toml")}})
    await editor.until_codes("train.py")
    configured(editor.client, {"losslint": {}})
    await editor.until_codes("train.py", "LL101")


async def test_only_on_save(editor):
    configured(editor.client, {"losslint": {"run": "onSave"}})
    editor.open("train.py", BOTH)
    await editor.until_codes("train.py", "LL101")
    editor.change("train.py", "\n" + BOTH)
    editor.open("other.py", BOTH)
    await editor.until_codes("other.py", "LL101")  # opening checks what is opened
    editor.change("train.py", BOTH.replace(", nn.Softmax(1)", ""))
    editor.save("train.py")
    await editor.until_codes("train.py")
    configured(editor.client, {})


async def test_options_that_make_no_sense(editor):
    editor.open("train.py", BOTH)
    await editor.until_codes("train.py", "LL101")
    wrong = {"unsafeFixs": True, "certainty": "sure", "run": 3, "unsafeFixes": "yes", "configuration": 4}
    configured(editor.client, {"losslint": wrong})
    await until(lambda: len(editor.client.messages) == 5)
    told = " | ".join(one.message for one in editor.client.messages)
    assert "has no option 'unsafeFixs'; did you mean 'unsafeFixes'?" in told
    assert "certainty of losslint must be one of possible, likely, certain, not 'sure'" in told
    assert "run of losslint must be one of onType, onSave, not 3" in told
    assert "unsafeFixes of losslint must be true or false, not 'yes'" in told
    assert "configuration of losslint must be a path, not 4" in told
    configured(editor.client, {"losslint": [1]})
    await until(lambda: any("must be an object" in one.message for one in editor.client.messages))
    configured(editor.client, {})
    editor.change("train.py", "\n" + BOTH)
    await until(lambda: [one.range.start.line for one in editor.found("train.py")] == [8])
