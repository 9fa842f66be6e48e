// Bundles the extension with the licences of what goes into it, or with --tests each file of tests, for Node.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const tests = process.argv.includes("--tests");
const outdir = tests ? "dist-tests" : "dist";
const entryPoints = tests
  ? readdirSync("tests")
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => `tests/${name}`)
  : ["src/extension.ts"];

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints,
  outdir,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: !tests,
  metafile: true,
  logLevel: "warning",
});
if (!tests) writeFileSync(`${outdir}/LICENSES.txt`, licences(Object.keys(metafile.inputs)));

function licences(inputs) {
  const packages = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(packages)]
    .filter((folder) => folder !== undefined)
    .sort()
    .map(licence)
    .join("\n\n");
}

function licence(folder) {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[sc]e/i.test(one));
  if (file === undefined) throw new Error(`${name} is bundled and has no licence`);
  return `== ${name} ${version}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
}
