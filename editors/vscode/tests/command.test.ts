import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { commandOf, isProgram, same, type Surroundings } from "../src/command";
import { settingsOf } from "../src/settings";

const PYTHON = "/envs/torch/bin/python";

function choose(programs: string[], around: Partial<Surroundings> = {}, given: Record<string, string> = {}) {
  return commandOf(
    settingsOf((key) => given[key]),
    {
      folder: "/srv/digits",
      home: "/home/ada",
      env: { PATH: "/usr/local/bin:/usr/bin:.:" },
      chosen: undefined,
      starter: "/extension/start.py",
      windows: false,
      isProgram: (path) => programs.includes(path),
      ...around,
    },
  );
}

test("the command of the settings goes before all", () => {
  const programs = ["/opt/losslint", "/usr/bin/losslint", "/envs/torch/bin/losslint"];
  const given = { path: "/opt/losslint", interpreter: PYTHON };
  const command = choose(programs, { chosen: PYTHON }, given);
  assert.deepEqual(command, { program: "/opt/losslint", args: ["server"], python: undefined });
});

test("a command of the settings that is not there has no stand-in", () => {
  assert.equal(choose(["/usr/bin/losslint"], {}, { path: "bin/losslint" })?.program, "/srv/digits/bin/losslint");
  assert.equal(choose(["/usr/bin/losslint"], {}, { path: "nowhere" })?.program, "nowhere");
});

test("a bare name is found on PATH", () => {
  assert.equal(choose(["/usr/bin/mine"], {}, { path: "mine" })?.program, "/usr/bin/mine");
  assert.equal(choose(["/usr/bin/python3"], {}, { interpreter: "python3" })?.program, "/usr/bin/python3");
});

test("an interpreter of the settings starts losslint through our file", () => {
  const command = choose(["/envs/torch/bin/losslint"], { chosen: "/usr/bin/python" }, { interpreter: PYTHON });
  assert.deepEqual(command, { program: PYTHON, args: ["/extension/start.py", "server"], python: PYTHON });
});

test("the chosen environment goes before PATH, and the longer name before the shorter", () => {
  const around = { chosen: PYTHON };
  const both = ["/envs/torch/bin/losslint", "/envs/torch/bin/torch-losslint", "/usr/local/bin/torch-losslint"];
  assert.equal(choose(both, around)?.program, "/envs/torch/bin/torch-losslint");
  assert.equal(choose(["/usr/bin/torch-losslint", "/usr/local/bin/losslint"])?.program, "/usr/local/bin/losslint");
});

test("an environment without losslint leaves it to PATH, and is what to install for", () => {
  const command = choose(["/usr/bin/losslint"], { chosen: PYTHON });
  assert.deepEqual(command, { program: "/usr/bin/losslint", args: ["server"], python: PYTHON });
});

test("with nothing on PATH the chosen interpreter is asked itself", () => {
  assert.equal(choose([], { chosen: PYTHON })?.program, PYTHON);
  assert.equal(choose([]), undefined);
});

test("the folder that is open is no place for programs", () => {
  assert.equal(choose(["losslint", "./losslint", "/srv/digits/losslint"]), undefined);
});

test("scripts of an environment on Windows", () => {
  const isWanted = (path: string) => path.endsWith("Scripts/losslint.exe");
  const command = choose([], { chosen: "/envs/torch/python.exe", windows: true, isProgram: isWanted });
  assert.equal(command?.program, "/envs/torch/Scripts/losslint.exe");
});

test("commands are the same by what they run", () => {
  const [one, other] = [choose([], { chosen: PYTHON }), choose([], { chosen: PYTHON })];
  assert.ok(same(one, other));
  assert.ok(!same(one, choose([])));
});

test("a program is a file that may be run", () => {
  const folder = mkdtempSync(join(tmpdir(), "losslint-"));
  const file = join(folder, "tool");
  try {
    writeFileSync(file, "");
    chmodSync(file, 0o755);
    assert.ok(isProgram(file));
    assert.ok(!isProgram(folder));
    assert.ok(!isProgram(join(folder, "missing")));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
