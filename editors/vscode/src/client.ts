/** One run of the server, as the editor's client. */

import * as vscode from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  DidChangeConfigurationNotification,
  LanguageClient,
  type LanguageClientOptions,
} from "vscode-languageclient/node";
import type { Command } from "./command";
import type { Options } from "./settings";
import { Tail } from "./tail";

const RESTARTS = 3;
const LAST_WORDS = 1000; // ms to wait for them
const GONE = /connection got disposed|EPIPE|ECONNRESET|stream.*destroyed/i; // says only that nobody is there

/** Its messages go to the log alone: what the user must know is said once, in our words. */
export class Client extends LanguageClient {
  private readonly stderr: Tail;
  private initialized = false;

  constructor(command: Command, cwd: string, options: () => Options, log: vscode.LogOutputChannel, gaveUp: () => void) {
    const stderr = new Tail();
    const run = { command: command.program, args: [...command.args], options: { cwd } };
    super("losslint", "losslint", run, clientOptions(options, log, stderr));
    this.stderr = stderr;
    const usual = this.createDefaultErrorHandler(RESTARTS);
    this.clientOptions.errorHandler = {
      error: (error, message, count) => usual.error(error, message, count),
      closed: async (): Promise<CloseHandlerResult> => {
        if (!this.initialized) return { action: CloseAction.DoNotRestart, handled: true };
        const result = await usual.closed();
        if (result.action === CloseAction.DoNotRestart) gaveUp();
        return { ...result, handled: true };
      },
    };
  }

  /** Why the server did not start: what it last wrote to stderr, else the error itself where that says anything. */
  async whyNot(error: unknown): Promise<string> {
    await this.stderr.ended(LAST_WORDS);
    if (this.stderr.text.trim() !== "") return this.stderr.text;
    return GONE.test(String(error)) ? "" : String(error);
  }

  override async start(): Promise<void> {
    await super.start();
    this.initialized = true;
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  async configure(options: Options): Promise<void> {
    await this.sendNotification(DidChangeConfigurationNotification.type, { settings: { losslint: options } });
  }
}

function clientOptions(options: () => Options, log: vscode.LogOutputChannel, stderr: Tail): LanguageClientOptions {
  return {
    // cells of notebooks are documents of their own, which the server is told of with their notebook
    documentSelector: [
      { scheme: "file", language: "python" },
      { scheme: "vscode-notebook-cell", language: "python" },
    ],
    outputChannel: log,
    diagnosticCollectionName: "losslint",
    initializationOptions: options,
    initializationFailedHandler: () => false,
    middleware: {
      workspace: {
        configuration: (params, token, next) =>
          params.items.every((item) => item.section === "losslint")
            ? params.items.map(() => options())
            : next(params, token),
      },
    },
    stdioOptions: {
      stdout: () => undefined,
      stderr: (input, channel) => {
        stderr.follow(input, (piece) => {
          channel.info(piece.trimEnd());
        });
      },
    },
  };
}
