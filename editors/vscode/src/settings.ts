/** The user's settings, and what the server is told of them. Knows nothing of the editor. */

import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export const RUNS = ["onType", "onSave"] as const;
export const CERTAINTIES = ["project", "possible", "likely", "certain"] as const;
export const SEVERITIES = ["project", "advice", "warning", "error"] as const;
export type Run = (typeof RUNS)[number];
export type Certainty = (typeof CERTAINTIES)[number];
export type Severity = (typeof SEVERITIES)[number];

export interface Settings {
  readonly enable: boolean;
  readonly path: string;
  readonly interpreter: string;
  readonly run: Run;
  readonly certainty: Certainty;
  readonly severity: Severity;
  readonly unsafeFixes: boolean;
  readonly configuration: string;
}

/** What the server understands: its `initializationOptions`. Left out is what the project decides. */
export interface Options {
  readonly run: Run;
  readonly unsafeFixes: boolean;
  readonly certainty?: Exclude<Certainty, "project">;
  readonly severity?: Exclude<Severity, "project">;
  readonly configuration?: string;
}

/** Where paths in settings are meant from. */
export interface Place {
  readonly folder: string | undefined;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function placeOf(folder: string | undefined): Place {
  return { folder, home: homedir(), env: process.env };
}

/** The settings as they are declared; a value that makes no sense counts as left out, as it does in the editor's own. */
export function settingsOf(read: (key: keyof Settings) => unknown): Settings {
  const text = (key: keyof Settings): string => {
    const value = read(key);
    return typeof value === "string" ? value : "";
  };
  return {
    enable: read("enable") !== false,
    path: text("path"),
    interpreter: text("interpreter"),
    run: word(RUNS, read("run")),
    certainty: word(CERTAINTIES, read("certainty")),
    severity: word(SEVERITIES, read("severity")),
    unsafeFixes: read("unsafeFixes") === true,
    configuration: text("configuration"),
  };
}

/** The first is the default. */
function word<const T extends readonly [string, ...string[]]>(words: T, value: unknown): T[number] {
  return words.find((one) => one === value) ?? words[0];
}

export function optionsOf(settings: Settings, place: Place): Options {
  return {
    run: settings.run,
    unsafeFixes: settings.unsafeFixes,
    ...(settings.certainty === "project" ? {} : { certainty: settings.certainty }),
    ...(settings.severity === "project" ? {} : { severity: settings.severity }),
    ...(settings.configuration.trim() === "" ? {} : { configuration: pathOf(settings.configuration, place) }),
  };
}

/** A setting with its variables replaced; one that is not known stays as it is, and so shows in the error. */
export function expand(text: string, place: Place): string {
  return text
    .trim()
    .replace(/^~(?=$|[\\/])/, () => place.home)
    .replace(/\$\{(workspaceFolder|userHome|env:([^}]+))\}/g, (whole, name: string, variable?: string) => {
      if (name === "userHome") return place.home;
      if (name === "workspaceFolder") return place.folder ?? whole;
      return place.env[variable ?? ""] ?? "";
    });
}

/** A path as it is meant: a relative one starts at the folder that is open. */
export function pathOf(text: string, place: Place): string {
  const path = expand(text, place);
  return isAbsolute(path) || place.folder === undefined ? path : join(place.folder, path);
}
