import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { failureOf } from "../src/failure";
import { Tail } from "../src/tail";

const command = { program: "/envs/torch/bin/python", args: ["start.py"], python: "/envs/torch/bin/python" };
const INSTALL = "/envs/torch/bin/python -m pip install 'torch-losslint[lsp]'";

test("nothing to run", () => {
  const { message, remedy } = failureOf(undefined, "", false);
  assert.equal(remedy, "python -m pip install 'torch-losslint[lsp]'");
  assert.equal(message, `losslint was not found: install it with ${remedy}, or set losslint.path`);
});

test("the extra is missing", () => {
  const stderr = "Error: the server needs the extra lsp: python -m pip install ...";
  const { message, remedy } = failureOf(command, stderr, false);
  assert.equal(remedy, INSTALL);
  assert.equal(message, `losslint lacks what its server needs: install it with ${INSTALL}`);
});

test("the interpreter has no losslint", () => {
  const stderr = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'losslint'\n";
  assert.equal(
    failureOf(command, stderr, false).message,
    `${command.program} has no losslint: install it with ${INSTALL}`,
  );
});

test("another program of the name", () => {
  for (const stderr of [
    "Error: No such command 'server'.",
    "losslint: error: argument command: invalid choice: 'server' (choose from ...)",
    "ImportError: cannot import name 'main' from 'losslint.cli' (/x/losslint/cli.py)",
  ]) {
    const { message, remedy } = failureOf(command, stderr, false);
    assert.match(message, /is another program named losslint/);
    assert.equal(remedy, INSTALL);
  }
});

test("a command that cannot be run is not mended by installing", () => {
  const { message, remedy } = failureOf(command, "Error: spawn /nowhere ENOENT", false);
  assert.equal(message, "/envs/torch/bin/python cannot be run: see losslint.path and losslint.interpreter");
  assert.equal(remedy, undefined);
});

test("anything else is told by its last line", () => {
  const { message } = failureOf(command, "Traceback\n  File\nValueError: no\r\n\n", false);
  assert.equal(message, "the server python did not start: ValueError: no");
  assert.equal(failureOf(command, "", false).message, "the server python did not start");
});

test("commands can be pasted where paths hold blanks, and on Windows", () => {
  const blank = { ...command, python: "/my envs/python" };
  assert.equal(
    failureOf(blank, "No module named losslint", false).remedy,
    `"/my envs/python" -m pip install 'torch-losslint[lsp]'`,
  );
  const windows = { ...command, python: "C:\\my envs\\python.exe" };
  const remedy = failureOf(windows, "No module named losslint", true).remedy;
  assert.equal(remedy, `& "C:\\my envs\\python.exe" -m pip install "torch-losslint[lsp]"`);
});

test("of a long text the end is kept", async () => {
  const [tail, pieces] = [new Tail(5), ["abc", "defgh", "i\u00e9"]];
  const passed: string[] = [];
  tail.follow(Readable.from(pieces.map((piece) => Buffer.from(piece))), (piece) => passed.push(piece));
  await tail.ended(60_000);
  assert.equal(tail.text, "fghi\u00e9");
  assert.deepEqual(passed, pieces);
});

test("a stream that stays open is not waited for", async () => {
  const [tail, open] = [new Tail(), new PassThrough()];
  tail.follow(open, () => undefined);
  open.write("so far");
  await tail.ended(10);
  assert.equal(tail.text, "so far");
});
