/** The server's life: started, told of settings, started anew, stopped. */

import { homedir } from "node:os";
import * as vscode from "vscode";
import { Client } from "./client";
import { type Command, commandOf, isProgram, same } from "./command";
import { chosenInterpreter } from "./environment";
import { failureOf } from "./failure";
import { optionsOf, placeOf, settingsOf, type Options, type Settings } from "./settings";
import type { Status } from "./status";

const STOP_AFTER = 3000; // ms

export class Server {
  private client: Client | undefined;
  private command: Command | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly starter: string,
  ) {}

  /** Start, or start anew. */
  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      await this.begin();
    });
  }

  /** Start anew if the command is no longer the one that runs. */
  renew(): Promise<void> {
    return this.inTurn(async () => {
      if (this.client !== undefined && same(await this.choose(), this.command)) return;
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Hand over settings that have changed. */
  configure(): Promise<void> {
    return this.inTurn(async () => this.client?.configure(options()));
  }

  /** One thing after another: settings may change while the server starts. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    this.last = this.last.then(work).catch((error: unknown) => {
      this.log.error(String(error));
    });
    return this.last;
  }

  private async begin(): Promise<void> {
    if (!settings().enable) {
      this.status.off();
      return;
    }
    this.status.starting();
    this.command = await this.choose();
    if (this.command === undefined) {
      this.fail("");
      return;
    }
    const { program, args } = this.command;
    this.log.info(`starting ${[program, ...args].join(" ")}`);
    const client = new Client(this.command, folder() ?? homedir(), options, this.log, () => {
      this.gaveUp();
    });
    try {
      await client.start();
      this.client = client;
      this.status.running(client.initializeResult?.serverInfo?.version, program);
    } catch (error) {
      const why = await client.whyNot(error);
      await client.dispose().catch(() => undefined); // it may not have come far enough for that
      this.fail(why);
    }
  }

  private async end(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.dispose(STOP_AFTER).catch((error: unknown) => {
      this.log.warn(`the server did not stop as asked: ${String(error)}`);
    });
  }

  private async choose(): Promise<Command | undefined> {
    return commandOf(settings(), {
      ...placeOf(folder()),
      chosen: await chosenInterpreter(this.log),
      starter: this.starter,
      windows: process.platform === "win32",
      isProgram,
    });
  }

  private fail(why: string): void {
    const { message, remedy } = failureOf(this.command, why, process.platform === "win32");
    this.log.error(message);
    this.status.failed(message);
    void this.tell(message, remedy);
  }

  private gaveUp(): void {
    const message = "the server of losslint ended several times and is not started again";
    this.client = undefined;
    this.status.failed(message);
    void this.tell(message, undefined);
  }

  private async tell(message: string, remedy: string | undefined): Promise<void> {
    const copy = "Copy Command";
    const answers = [...(remedy === undefined ? [] : [copy]), "Restart Server", "Show Output"];
    const answer = await vscode.window.showErrorMessage(message, ...answers);
    if (answer === copy) await vscode.env.clipboard.writeText(remedy ?? "");
    else if (answer === "Restart Server") await this.restart();
    else if (answer === "Show Output") this.log.show();
  }
}

function folder(): string | undefined {
  return vscode.workspace.workspaceFolders?.find((one) => one.uri.scheme === "file")?.uri.fsPath;
}

function settings(): Settings {
  const read = vscode.workspace.getConfiguration("losslint");
  return settingsOf((key) => read.get(key));
}

function options(): Options {
  return optionsOf(settings(), placeOf(folder()));
}
