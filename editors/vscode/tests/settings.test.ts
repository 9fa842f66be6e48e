import assert from "node:assert/strict";
import { test } from "node:test";
import manifest from "../package.json";
import { CERTAINTIES, expand, optionsOf, pathOf, RUNS, settingsOf, SEVERITIES, type Place } from "../src/settings";

const place: Place = { folder: "/srv/digits", home: "/home/ada", env: { ENVS: "/envs" } };
const declared = manifest.contributes.configuration.properties;

function given(values: Record<string, unknown>) {
  return settingsOf((key) => values[key]);
}

test("variables and the home folder are replaced", () => {
  assert.equal(expand("~/bin/losslint", place), "/home/ada/bin/losslint");
  assert.equal(expand(" ${workspaceFolder}/.venv ", place), "/srv/digits/.venv");
  assert.equal(expand("${env:ENVS}/torch/${userHome}", place), "/envs/torch//home/ada");
  assert.equal(expand("a~b/${other}", place), "a~b/${other}");
  assert.equal(expand("${env:MISSING}x", place), "x");
});

test("a replaced text is not read again", () => {
  assert.equal(expand("${env:A}", { ...place, env: { A: "${userHome}$&" } }), "${userHome}$&");
  assert.equal(expand("~", { ...place, home: "/home/$&" }), "/home/$&");
});

test("a relative path starts at the open folder", () => {
  assert.equal(pathOf("conf/losslint.toml", place), "/srv/digits/conf/losslint.toml");
  assert.equal(pathOf("/etc/losslint.toml", place), "/etc/losslint.toml");
  assert.equal(pathOf("losslint.toml", { ...place, folder: undefined }), "losslint.toml");
  assert.equal(expand("${workspaceFolder}/x", { ...place, folder: undefined }), "${workspaceFolder}/x");
});

test("what is left to the project is not sent", () => {
  assert.deepEqual(optionsOf(given({}), place), { run: "onType", unsafeFixes: false });
});

test("what is chosen is sent", () => {
  const chosen = {
    run: "onSave",
    certainty: "certain",
    severity: "error",
    unsafeFixes: true,
    configuration: "strict.toml",
    path: "ignored",
  };
  assert.deepEqual(optionsOf(given(chosen), place), {
    run: "onSave",
    certainty: "certain",
    severity: "error",
    unsafeFixes: true,
    configuration: "/srv/digits/strict.toml",
  });
});

test("values of the wrong kind count as left out", () => {
  const wrong = { enable: "no", path: 3, interpreter: null, run: "never", certainty: {}, severity: "fatal" };
  assert.deepEqual(given({ ...wrong, unsafeFixes: "yes", configuration: [] }), given({}));
});

test("the manifest declares the words and defaults that are read here", () => {
  assert.deepEqual(declared["losslint.run"].enum, RUNS);
  assert.deepEqual(declared["losslint.certainty"].enum, CERTAINTIES);
  assert.deepEqual(declared["losslint.severity"].enum, SEVERITIES);
  const defaults = given({});
  for (const name of Object.keys(defaults) as (keyof typeof defaults)[]) {
    assert.equal(declared[`losslint.${name}`].default, defaults[name]);
  }
});
