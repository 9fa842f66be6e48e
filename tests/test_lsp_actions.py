"""Code actions: fixes that can be applied as a client would, each to the text that is open and no other."""

from __future__ import annotations

import pytest
import pytest_lsp
from lsp_client import BOTH, MODEL, TRAIN, Editor, applied, config, edits_of, start
from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

pytestmark = pytest.mark.asyncio(loop_scope="module")
SAFE = """\
import torch
from torch import nn
import torch.nn.functional as F

net = nn.Linear(4, 3)


def step(x, y):
    cat = "\N{CAT FACE}"; a = torch.log(torch.softmax(net(x), 1))
    b = torch.log(torch.softmax(net(x), dim=1))
    return F.nll_loss(a, y) + F.nll_loss(b, y)
"""
MENDED = (
    SAFE.replace("torch.log(torch.softmax(net(x), 1))", "torch.log_softmax(net(x), 1)")
    .replace("torch.log(torch.softmax(net(x), dim=1))", "torch.log_softmax(net(x), dim=1)")
)  # fmt: skip


@pytest_lsp.fixture(config=config(), params=["visual-studio-code", "neovim"], scope="module")
async def client(request, lsp_client: LanguageClient, tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text("")
    result = await start(lsp_client, [folder], request.param)
    lsp_client.encoding, lsp_client.folder = result.capabilities.position_encoding, folder
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client, request):
    """A folder of its own for each test."""
    folder = client.folder / request.node.name.replace("[", "-").replace("]", "")
    folder.mkdir()
    return Editor(client, folder)


async def test_an_unsafe_fix_says_so_and_is_not_preferred(editor):
    editor.write("train.py", BOTH)
    editor.open("train.py", BOTH, version=7)
    await editor.until_codes("train.py", "LL101")
    (action,) = [one for one in await editor.actions("train.py") if "noqa" not in one.title]
    assert action.kind == lsp.CodeActionKind.QuickFix
    place = f"{editor.folder.name}/train.py:3"
    assert action.title == f"LL101: remove the Softmax layer in {place} (unsafe: changes what is trained)"
    assert not action.is_preferred
    assert [one.code for one in action.diagnostics] == ["LL101"]
    assert applied(BOTH, edits_of(action)[editor.uri("train.py")]) == BOTH.replace(", nn.Softmax(1)", "")
    if action.edit.document_changes is not None:
        assert action.edit.document_changes[0].text_document.version == 7
    elsewhere = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 3))
    assert await editor.actions("train.py", at=elsewhere) == []


async def test_a_fix_may_lie_in_another_file(editor):
    model = MODEL.format(".softmax(1)")
    editor.write("model.py", model)
    editor.write("train.py", TRAIN)
    editor.open("train.py")
    await editor.until_codes("train.py", "LL101")
    action, _comment = await editor.actions("train.py", only=["quickfix"])
    edits = edits_of(action)
    assert applied(model, edits[editor.uri("model.py")]) == MODEL.format("")
    assert list(edits) == [editor.uri("model.py")]
    if action.edit.document_changes is not None:
        assert action.edit.document_changes[0].text_document.version is None


async def test_a_comment_lets_a_finding_stand(editor):
    text = BOTH.replace("criterion(net(x), y)", "criterion(\n        net(x), y\n    )")
    editor.open("train.py", text)
    await editor.until_codes("train.py", "LL101")
    (action,) = [one for one in await editor.actions("train.py") if "noqa" in one.title]
    assert action.title == "LL101: let this line stand (# noqa: LL101)"
    assert not action.is_preferred
    commented = applied(text, edits_of(action)[editor.uri("train.py")])
    assert commented.count("# noqa: LL101") == 1
    editor.change("train.py", commented)
    await editor.until_codes("train.py")


async def test_fix_all(editor):
    editor.open("train.py", SAFE)
    await editor.until_codes("train.py", "LL303", "LL303")
    for only in ("source.fixAll", "source.fixAll.losslint", "source"):
        (action,) = await editor.actions("train.py", only=[only])
        assert action.kind == "source.fixAll.losslint"
        assert applied(SAFE, edits_of(action)[editor.uri("train.py")], editor.client.encoding) == MENDED
    for other in ("source.organizeImports", "source.fixAll.other", "source.fix", "refactor"):
        assert await editor.actions("train.py", only=[other]) == []


async def test_safe_fixes_are_preferred(editor):
    editor.open("train.py", SAFE)
    await editor.until_codes("train.py", "LL303", "LL303")
    actions = [one for one in await editor.actions("train.py", only=["quickfix"]) if "noqa" not in one.title]
    assert [one.title for one in actions] == ["LL303: use log_softmax"] * 2
    assert all(one.is_preferred for one in actions)


async def test_fix_all_is_worked_out_when_it_is_chosen(editor):
    editor.open("train.py", SAFE)
    await editor.until_codes("train.py", "LL303", "LL303")
    (action,) = [one for one in await editor.actions("train.py") if one.kind != "quickfix"]
    if action.edit is None:
        action = await editor.client.code_action_resolve_async(action)
    assert applied(SAFE, edits_of(action)[editor.uri("train.py")], editor.client.encoding) == MENDED


async def test_an_action_is_for_the_text_as_it_is_now(editor):
    editor.open("train.py", SAFE)
    await editor.until_codes("train.py", "LL303", "LL303")
    editor.change("train.py", "\n\n" + SAFE)  # and asked at once, before anything is published
    (action,) = await editor.actions("train.py", only=["source.fixAll"])
    assert applied("\n\n" + SAFE, edits_of(action)[editor.uri("train.py")], editor.client.encoding) == "\n\n" + MENDED


async def test_half_typed_text_gets_no_fixes(editor):
    editor.open("train.py", SAFE)
    await editor.until_codes("train.py", "LL303", "LL303")
    editor.change("train.py", SAFE + "def f(:\n")
    assert await editor.actions("train.py") == []


async def test_line_ends_are_kept(editor):
    text = SAFE.replace("\n", "\r\n")
    editor.open("train.py", text)
    await editor.until_codes("train.py", "LL303", "LL303")
    (action,) = await editor.actions("train.py", only=["source.fixAll"])
    edits = edits_of(action)[editor.uri("train.py")]
    assert applied(text, edits, editor.client.encoding) == MENDED.replace("\n", "\r\n")


async def test_unsafe_fixes_on_request(editor):
    client = editor.client
    editor.open("train.py", BOTH)
    await editor.until_codes("train.py", "LL101")
    assert await editor.actions("train.py", only=["source.fixAll"]) == []
    change = lsp.DidChangeConfigurationParams({"losslint": {"unsafeFixes": True}})
    client.workspace_did_change_configuration(change)
    (action,) = await editor.actions("train.py", only=["source.fixAll"])
    client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams({"losslint": {}}))
    assert applied(BOTH, edits_of(action)[editor.uri("train.py")]) == BOTH.replace(", nn.Softmax(1)", "")


async def test_files_that_nobody_looks_after(editor):
    assert await editor.actions("never-opened.txt") == []
