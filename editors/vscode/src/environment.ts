/** The Python environment that is chosen in the editor, told by the Python extension where that is installed. */

import { PVSC_EXTENSION_ID, type PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

/**
 * The interpreter of the chosen environment. A workspace that is not trusted may choose one of its own making,
 * so there it is left alone.
 */
export async function chosenInterpreter(log: vscode.LogOutputChannel): Promise<string | undefined> {
  const api = vscode.workspace.isTrusted ? await pythonExtension(log) : undefined;
  if (api === undefined) return undefined;
  try {
    const folder = vscode.workspace.workspaceFolders?.[0];
    const path = api.environments.getActiveEnvironmentPath(folder?.uri);
    const environment = await api.environments.resolveEnvironment(path);
    return environment?.executable.uri?.fsPath;
  } catch (error) {
    log.warn(`the Python extension names no environment: ${String(error)}`);
    return undefined;
  }
}

/** Calls back when another environment is chosen. */
export async function onOtherInterpreter(
  log: vscode.LogOutputChannel,
  then: () => void,
): Promise<vscode.Disposable | undefined> {
  const api = await pythonExtension(log);
  return api?.environments.onDidChangeActiveEnvironmentPath(then);
}

async function pythonExtension(log: vscode.LogOutputChannel): Promise<PythonExtension | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension | undefined>(PVSC_EXTENSION_ID);
  try {
    const api = await extension?.activate();
    await api?.ready;
    return api;
  } catch (error) {
    log.warn(`the Python extension does not start: ${String(error)}`);
    return undefined;
  }
}
