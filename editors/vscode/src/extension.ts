/** losslint in VS Code: what starts with the extension, and what ends with it. */

import * as vscode from "vscode";
import { onOtherInterpreter } from "./environment";
import { Server } from "./server";
import { Status } from "./status";

const NEEDS_RESTART = ["losslint.enable", "losslint.path", "losslint.interpreter"];

let server: Server | undefined; // the editor calls deactivate without handing anything over

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("losslint", { log: true });
  const status = new Status();
  const running = new Server(log, status, context.asAbsolutePath("start.py"));
  server = running;
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand("losslint.restart", () => running.restart()),
    vscode.commands.registerCommand("losslint.showOutput", () => {
      log.show();
    }),
    vscode.commands.registerCommand("losslint.fixAll", fixAll),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (NEEDS_RESTART.some((name) => change.affectsConfiguration(name))) void running.restart();
      else if (change.affectsConfiguration("losslint")) void running.configure();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void running.renew()),
  );
  await running.restart();
  const listener = await onOtherInterpreter(log, () => void running.renew());
  if (listener !== undefined) context.subscriptions.push(listener);
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** Apply all fixes of the file or notebook at hand, as on save. */
async function fixAll(): Promise<void> {
  const isCell = vscode.window.activeTextEditor?.document.uri.scheme === "vscode-notebook-cell";
  const kind = `${isCell ? "notebook." : ""}source.fixAll.losslint`;
  await vscode.commands.executeCommand("editor.action.codeAction", { kind, apply: "first" });
}
