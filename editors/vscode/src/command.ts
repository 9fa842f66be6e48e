/** Which program is the server. Knows nothing of the editor; files are asked for through what is handed in. */

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { expand, pathOf, type Place, type Settings } from "./settings";

/** The distribution's own name first: another program is called losslint, too. */
const NAMES = ["torch-losslint", "losslint"];

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The interpreter to install losslint for, where one is known. */
  readonly python: string | undefined;
}

/** What stands around the choice. */
export interface Surroundings extends Place {
  /** The interpreter of the environment that is chosen in the editor, if it may be trusted. */
  readonly chosen: string | undefined;
  /** Our own file that an interpreter starts losslint with. */
  readonly starter: string;
  readonly windows: boolean;
  isProgram(path: string): boolean;
}

/**
 * The command that starts the server; undefined where there is none.
 *
 * The settings go first and have no second choice. Then comes the chosen environment, where it has losslint, then PATH.
 * Programs are found here and not by the system, which may look into the folder that is open.
 */
export function commandOf(settings: Settings, around: Surroundings): Command | undefined {
  const path = expand(settings.path, around);
  if (path !== "") return run(named(path, around) ?? path);
  const interpreter = expand(settings.interpreter, around);
  if (interpreter !== "") return interpret(named(interpreter, around) ?? interpreter, around);
  const { chosen } = around;
  const beside = chosen === undefined ? undefined : firstProgram(scriptFolders(chosen, around.windows), around);
  const found = beside ?? firstProgram(pathFolders(around), around);
  if (found !== undefined) return run(found, chosen);
  return chosen === undefined ? undefined : interpret(chosen, around);
}

export function same(one: Command | undefined, other: Command | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function run(program: string, python?: string): Command {
  return { program, args: ["server"], python };
}

function interpret(python: string, around: Surroundings): Command {
  return { program: python, args: [around.starter, "server"], python };
}

/** A program that a setting names: a bare name is looked for on PATH, anything else is a path. */
function named(name: string, around: Surroundings): string | undefined {
  if (/[\\/]/.test(name)) return pathOf(name, around);
  return pathFolders(around)
    .map((folder) => executable(join(folder, name), around.windows))
    .find((path) => around.isProgram(path));
}

function firstProgram(folders: readonly string[], around: Surroundings): string | undefined {
  const paths = folders.flatMap((folder) => NAMES.map((name) => executable(join(folder, name), around.windows)));
  return paths.find((path) => around.isProgram(path));
}

function scriptFolders(python: string, windows: boolean): string[] {
  const folder = dirname(python);
  return windows ? [folder, join(folder, "Scripts")] : [folder];
}

function pathFolders(around: Surroundings): string[] {
  const path = around.env.PATH ?? around.env.Path ?? "";
  return path.split(delimiter).filter((folder) => isAbsolute(folder));
}

function executable(path: string, windows: boolean): string {
  return windows && !path.toLowerCase().endsWith(".exe") ? `${path}.exe` : path;
}
