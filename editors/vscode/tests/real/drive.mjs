// The extension in a real VS Code: node drive.mjs VSIX COMMAND FOLDER, where COMMAND is losslint and FOLDER takes what is written.
import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { open } from "./editor.mjs";

const [vsix, command, work] = process.argv.slice(2).map((one) => resolve(one));
const here = import.meta.dirname;
const folder = join(work, "digits");
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const put = (name) => cpSync(join(here, "project", name), join(folder, name));
["model.py", "train.py"].forEach(put);

const settings = {
  "trial.python": environment("good", "losslint", command),
  "[python]": { "editor.codeActionsOnSave": { "source.fixAll.losslint": "explicit" } },
};
const editor = await open({ work, extensions: [vsix, join(here, "python.vsix")], folder, settings });
const { page } = editor;
const shot = (name) => page.screenshot({ path: join(work, `${name}.png`) });
const onDisk = (name) => readFileSync(join(folder, name), "utf8");
const has = (text) => (rows) => rows.some((row) => row.includes(text));
const hasNot = (text) => (rows) => !has(text)(rows);
const DOUBLE = "probabilities reach CrossEntropyLoss";
const problems = () => editor.problems();
const counts = () => editor.counts();
const are = (errors, warnings) => (seen) => seen[0] === errors && seen[1] === warnings;

try {
  await findings();
  await hover();
  await settingsCount();
  await fixAll();
  await fixOnSave();
  await acrossFiles();
  await crash();
  await failure();
  await quickFix();
  await notebook();
  console.log("all seen");
} catch (error) {
  await shot("failed");
  throw error;
} finally {
  await editor.close();
}

async function findings() {
  await editor.openFile("train.py");
  await editor.squiggles("error").first().waitFor();
  await editor.command("View: Focus Problems");
  const rows = await editor.until("the mistake in model.py is told in train.py", problems, has(DOUBLE));
  assert.ok(has("losslint(LL101)")(rows) || has("losslint")(rows), rows.join("\n"));
  await editor.until("the way of the value stands below it", problems, has("softmax over dim 1 makes probabilities"));
  await shot("findings");
}

async function hover() {
  await editor.openFile("train.py");
  await editor.goTo(17, 22);
  await editor.command("Show or Focus Hover");
  const shown = () => page.locator(".monaco-hover:not(.hidden) .hover-row").allInnerTexts();
  await editor.until("hovering tells the loss that it hangs at", shown, has("1.4612"));
  await shot("hover");
  await editor.keys("Escape");
  await editor.goTo(16, 14);
  await editor.command("Show or Focus Hover");
  await editor.until("hovering over a name tells what is known of its value", shown, has("probabilities"));
  await shot("value");
  await editor.keys("Escape");
}

async function settingsCount() {
  await editor.until("an error and a warning are shown", counts, are(1, 1));
  editor.configure({ "losslint.severity": "error" });
  await editor.until("a setting for severity counts at once", counts, are(1, 0));
  editor.configure({ "losslint.enable": false });
  await editor.until("switched off, nothing is shown", counts, are(0, 0));
  editor.configure({});
  await editor.until("switched on again, all is shown", counts, are(1, 1));
}

async function fixAll() {
  await editor.openFile("train.py");
  await editor.goTo(24, 1);
  await editor.command("losslint: Fix All in This File");
  const text = () => editor.text();
  await editor.until("the command mends what is safe", text, (now) => now.includes("torch.log_softmax(scores, dim=1)"));
  await editor.keys("Control+z");
  await editor.until("undone, it is as it was", text, (now) => now.includes("torch.log(torch.softmax(scores, dim=1))"));
}

async function fixOnSave() {
  await editor.openFile("train.py");
  await editor.goTo(24, 1);
  await editor.keys("End", "Space", "Control+s");
  const text = () => onDisk("train.py");
  await editor.until("saving mends what is safe", text, (now) => now.includes("torch.log_softmax(scores, dim=1)"));
  assert.ok(text().includes("loss = criterion(scores, digits)"));
  assert.ok(onDisk("model.py").includes("torch.softmax"), "saving must not change what is trained");
  await editor.until("the mended problem is gone, the other stays", counts, are(1, 0));
  assert.ok(has(DOUBLE)(await problems()));
}

async function acrossFiles() {
  await editor.openFile("model.py");
  await editor.goTo(15, 1);
  await editor.keys("Control+/");
  await editor.until("an unsaved edit of model.py ends the problem in train.py", problems, hasNot(DOUBLE));
  assert.ok(onDisk("model.py").includes("\n        return torch.softmax"));
  await editor.keys("Control+z");
  await editor.until("undone, it is back", problems, has(DOUBLE));
}

async function quickFix() {
  await editor.openFile("train.py");
  await editor.goTo(17, 22);
  const fix = await editor.quickFix("remove the softmax");
  await shot("quick-fix");
  await fix.click();
  await editor.until("the fix in model.py ends the problem", problems, hasNot(DOUBLE));
  await editor.command("File: Save All");
  const text = () => onDisk("model.py");
  await editor.until("model.py is mended", text, (now) => now.includes("return self.output(hidden)"));
}

async function notebook() {
  await editor.until("no problem is left", counts, are(0, 0));
  put("look.ipynb");
  await editor.openFile("look.ipynb");
  await editor.squiggles("error").first().waitFor();
  await editor.until("the problem stands in its cell", problems, has("[Ln 1, Col 8]"));
  await shot("notebook");
  const line = page.locator(".view-line", { hasText: "loss = criterion(" }).filter({ visible: true });
  await line.last().click({ position: { x: 80, y: 8 } });
  await (await editor.quickFix("Identity")).click();
  const text = () => editor.text();
  await editor.until("a fix in one cell mends another", text, (now) => now.includes("nn.Identity()"));
  await editor.until("no problem is left in the notebook", counts, are(0, 0));
  await editor.command("File: Save All");
  await editor.until(
    "the notebook is mended",
    () => onDisk("look.ipynb"),
    (now) => now.includes("nn.Identity()"),
  );
}

/** An environment that holds one program beside its interpreter. */
function environment(name, program, command) {
  const scripts = join(work, name, "bin");
  mkdirSync(scripts, { recursive: true });
  writeFileSync(join(scripts, program), `#!/bin/sh\necho $$ > "${scripts}/pid"\nexec "${command}" "$@"\n`);
  chmodSync(join(scripts, program), 0o755);
  return join(scripts, "python");
}

async function crash() {
  const pid = () => Number(readFileSync(join(work, "good", "bin", "pid"), "utf8"));
  const first = pid();
  process.kill(first, "SIGKILL");
  await editor.until("a server that dies is started again", pid, (now) => now > 0 && now !== first);
  await editor.openFile("model.py");
  await editor.goTo(15, 1);
  await editor.keys("Control+/");
  await editor.until("and does its work", counts, are(0, 0));
  await editor.keys("Control+z");
  await editor.until("to the end", counts, are(1, 0));
}

async function failure() {
  const told = () => page.locator(".notification-toast").allInnerTexts();
  const bare = environment("bare", "python", "/usr/bin/python3");
  editor.configure({ "losslint.interpreter": bare });
  await editor.until("an interpreter without losslint is told what to install", told, has("-m pip install"));
  await editor.until("its problems are gone", problems, hasNot("losslint"));
  editor.configure({});
  await editor.until("the environment that is chosen serves again", problems, has(DOUBLE));
  editor.configure({ "trial.python": environment("other", "torch-losslint", "/bin/false") });
  await editor.until("another environment has another server", told, has("torch-losslint did not start"));
  editor.configure({ "losslint.path": join(work, "nowhere") });
  await editor.until("a command that is not there is told", told, has("cannot be run"));
  await editor.until("its problems are gone", problems, hasNot("losslint"));
  await page.waitForTimeout(500); // the message has come up by then
  await shot("failure");
  editor.configure({});
  await editor.until("the right command brings them back", problems, has(DOUBLE));
  await editor.command("Notifications: Clear All Notifications");
}
