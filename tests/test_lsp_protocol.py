"""The language server as a process: order of life, exit codes, nonsense on its input, and its output for the protocol alone."""

from __future__ import annotations

import json
import subprocess
import sys
from queue import Queue
from threading import Thread

import pytest

INITIALIZE = {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}}
PATIENCE = 30


class Raw:
    """A server that is spoken to byte by byte."""

    def __init__(self, folder) -> None:
        command = [sys.executable, "-m", "losslint", "server"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
        )
        self.messages: Queue = Queue()
        self.stray: list[bytes] = []
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        length = 0
        while line := self.process.stdout.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif line == b"\r\n":
                self.messages.put(json.loads(self.process.stdout.read(length)))
            elif not line.lower().startswith(b"content-type:"):
                self.stray.append(line)

    def bytes(self, body: bytes) -> None:
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def send(self, message) -> None:
        self.bytes(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def answer(self, number):
        """The answer to a request; what comes before it is dropped."""
        while True:
            message = self.messages.get(timeout=PATIENCE)
            if "method" not in message and message.get("id") == number:
                return message

    def begin(self) -> Raw:
        self.send(INITIALIZE)
        assert self.answer(1)["result"]["serverInfo"]["name"] == "losslint"
        self.send({"method": "initialized", "params": {}})
        return self

    def lives(self) -> None:
        self.send({"id": "alive", "method": "textDocument/hover", "params": {
            "textDocument": {"uri": "file:///nowhere.py"}, "position": {"line": 0, "character": 0}}})  # fmt: skip
        assert self.answer("alive")["result"] is None

    def code(self) -> int:
        self.process.stdin.close()
        return self.process.wait(timeout=PATIENCE)


def ended(raw: Raw) -> None:
    raw.process.kill()
    raw.process.wait(timeout=PATIENCE)
    assert raw.stray == []  # stdout belongs to the protocol alone


@pytest.fixture
def server(tmp_path):
    """A server of its own, for tests of its life."""
    raw = Raw(tmp_path)
    yield raw
    ended(raw)


@pytest.fixture(scope="module")
def living(tmp_path_factory):
    """A server that outlives all that the tests do to it."""
    raw = Raw(tmp_path_factory.mktemp("living")).begin()
    yield raw
    ended(raw)


def test_shutdown_then_exit(server):
    server.begin().send({"id": 2, "method": "shutdown"})
    assert server.answer(2)["result"] is None
    place = {"textDocument": {"uri": "file:///x.py"}, "position": {"line": 0, "character": 0}}
    server.send({"id": 3, "method": "textDocument/hover", "params": place})
    assert server.answer(3)["error"]["code"] == -32600
    server.send({"method": "exit"})
    assert server.code() == 0


def test_exit_without_shutdown(server):
    server.begin().send({"method": "exit"})
    assert server.code() == 1


def test_a_client_that_goes_away(server):
    server.begin()
    assert server.code() == 1


def test_exit_before_anything(server):
    server.send({"method": "exit"})
    assert server.code() == 1


def test_nothing_before_initialize(server):
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": {
        "uri": "file:///x.py", "languageId": "python", "version": 1, "text": ""}}})  # fmt: skip
    server.send({"id": 5, "method": "textDocument/hover", "params": {
        "textDocument": {"uri": "file:///x.py"}, "position": {"line": 0, "character": 0}}})  # fmt: skip
    assert server.answer(5)["error"]["code"] == -32002
    server.begin()
    server.send({**INITIALIZE, "id": 6})
    assert server.answer(6)["error"]["code"] == -32600
    server.lives()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff\xfe", -32700),
        (b"[]", -32600),
        (b"{}", -32600),
        (b"3", -32600),
        (b"[" * 200_000, -32700),
    ],
    ids=["half", "bytes", "list", "object", "number", "deep"],
)
def test_what_is_no_message(living, body, code):
    living.bytes(body)
    assert living.answer(None)["error"]["code"] == code
    living.lives()


def test_requests_that_make_no_sense(living):
    living.send({"id": 7, "method": "no/such/method", "params": {}})
    assert living.answer(7)["error"]["code"] == -32601
    living.send({"id": 8, "method": "textDocument/codeAction", "params": {"textDocument": 3}})
    assert living.answer(8)["error"]["code"] in (-32602, -32603)
    living.send({"method": "no/such/notification"})
    living.send({"method": "$/cancelRequest", "params": {"id": 99}})
    living.lives()


def test_changes_of_what_is_not_open(living):
    for uri in ("file:///never/opened.py", "zip:/a.py", "", "file://", "file:///%00.py"):
        document = {"uri": uri, "version": 2}
        living.send({"method": "textDocument/didChange", "params": {
            "textDocument": document, "contentChanges": [{"text": "x = 1"}]}})  # fmt: skip
        living.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})
        living.send({"method": "textDocument/didSave", "params": {"textDocument": {"uri": uri}}})
    living.lives()


@pytest.mark.parametrize(
    "text",
    ["\0", "\ud800", "# coding: latin-1\n'\N{CAT FACE}'\n", "# coding: rot13\nx = 1\n", "(" * 5000, "x = " + "-" * 20000 + "1", "\ufeffx = 1", "\r\r\n\n"],
    ids=["nul", "surrogate", "encoding", "codec", "open", "deep", "mark", "ends"],
)  # fmt: skip
def test_texts_of_all_kinds(living, tmp_path, text):
    uri = (tmp_path / "train.py").as_uri()
    item = {
        "uri": uri,
        "languageId": "python",
        "version": 1,
        "text": text + "\nimport torch.nn as nn; CrossEntropyLoss = 1\n",
    }
    living.send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    place = {
        "textDocument": {"uri": uri},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}},
    }
    living.send({"id": 3, "method": "textDocument/codeAction", "params": {**place, "context": {"diagnostics": []}}})
    assert "result" in living.answer(3)
    living.lives()


def test_a_port(tmp_path):
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "losslint", "server", "--tcp", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path) as process:
        connection = _connected(port, process)
        with connection, connection.makefile("rwb") as stream:
            body = json.dumps({"jsonrpc": "2.0", **INITIALIZE}).encode()
            stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            stream.flush()
            length = int(stream.readline().split(b":")[1])
            while stream.readline() != b"\r\n":
                pass
            assert json.loads(stream.read(length))["result"]["serverInfo"]["name"] == "losslint"
        process.wait(timeout=PATIENCE)


def _connected(port, process):
    import socket
    import time

    for _ in range(PATIENCE * 20):
        assert process.poll() is None
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_without_the_extra(tmp_path):
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError(\"No module named 'pygls'\", name='pygls')\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from losslint.cli import main; main(['server'])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == ("Error: the server needs the extra lsp: python -m pip install 'torch-losslint[lsp]'\n")


def test_both_ways_at_once():
    command = [sys.executable, "-m", "losslint", "server", "--stdio", "--tcp"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "exclude each other" in result.stderr


def test_options_that_come_with_the_beginning(server):
    given = {**INITIALIZE, "params": {**INITIALIZE["params"], "initializationOptions": {"certainty": "sure"}}}
    server.send(given)
    server.send({"method": "initialized", "params": {}})
    while (message := server.messages.get(timeout=PATIENCE)).get("method") != "window/showMessage":
        assert "error" not in message
    assert "certainty of losslint must be one of possible, likely, certain, not 'sure'" in message["params"]["message"]
    server.lives()
