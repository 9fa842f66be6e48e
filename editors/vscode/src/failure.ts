/** Why a server did not start, in words that say what to do. Knows nothing of the editor. */

import { basename } from "node:path";
import type { Command } from "./command";

export interface Failure {
  readonly message: string;
  /** The command that mends it, to be copied. */
  readonly remedy: string | undefined;
}

const PACKAGE = "torch-losslint[lsp]";

/** @param stderr what the server last wrote there */
export function failureOf(command: Command | undefined, stderr: string, windows: boolean): Failure {
  const remedy = installWith(command?.python, windows);
  const needs = { remedy, message: "" };
  if (command === undefined)
    return { ...needs, message: `losslint was not found: install it with ${remedy}, or set losslint.path` };
  const { program } = command;
  if (stderr.includes("needs the extra lsp"))
    return { ...needs, message: `losslint lacks what its server needs: install it with ${remedy}` };
  if (/No module named '?losslint/.test(stderr))
    return { ...needs, message: `${program} has no losslint: install it with ${remedy}` };
  if (/(No such command|invalid choice:) '?server|cannot import name 'main' from 'losslint/.test(stderr))
    return { ...needs, message: `${program} is another program named losslint: install ours with ${remedy}` };
  if (/ENOENT|EACCES/.test(stderr))
    return { remedy: undefined, message: `${program} cannot be run: see losslint.path and losslint.interpreter` };
  const last = lastLine(stderr);
  const why = last === "" ? "" : `: ${last}`;
  return { remedy: undefined, message: `the server ${basename(program)} did not start${why}` };
}

function installWith(python: string | undefined, windows: boolean): string {
  const program = python === undefined ? "python" : /\s/.test(python) ? `"${python}"` : python;
  const called = windows && program.startsWith('"') ? `& ${program}` : program;
  return `${called} -m pip install ${windows ? `"${PACKAGE}"` : `'${PACKAGE}'`}`;
}

function lastLine(text: string): string {
  return text.trimEnd().split(/\r?\n/).at(-1)?.trim() ?? "";
}
