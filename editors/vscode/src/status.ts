/** What the status bar says of the server, below the braces beside the language. */

import * as vscode from "vscode";

export class Status {
  private readonly item = vscode.languages.createLanguageStatusItem("losslint", [
    { language: "python" },
    { pattern: "**/{losslint,.losslint,pyproject}.toml" },
  ]);

  constructor() {
    this.item.name = "losslint";
    this.item.command = { command: "losslint.showOutput", title: "Show Output" };
    this.off();
  }

  starting(): void {
    this.set("losslint", "starting", vscode.LanguageStatusSeverity.Information, true);
  }

  running(version: string | undefined, program: string): void {
    this.set(`losslint ${version ?? ""}`.trim(), program, vscode.LanguageStatusSeverity.Information);
  }

  failed(message: string): void {
    this.set("losslint", message, vscode.LanguageStatusSeverity.Error);
  }

  off(): void {
    this.set("losslint", "switched off by losslint.enable", vscode.LanguageStatusSeverity.Information);
  }

  dispose(): void {
    this.item.dispose();
  }

  private set(text: string, detail: string, severity: vscode.LanguageStatusSeverity, busy = false): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.busy = busy;
  }
}
