// VS Code in a browser: started, driven by keys as a person would, and read from what it shows.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PATIENCE = 30_000; // ms, for one thing to show
const QUIET = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];
const SETTINGS = {
  "chat.disableAIFeatures": true,
  "editor.fontFamily": "DejaVu Sans Mono",
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "files.exclude": { ".vscode": true },
  "git.enabled": false,
  "window.commandCenter": false,
  "workbench.hover.delay": 3_600_000,
  "workbench.layoutControl.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
};

/** Starts VS Code on a folder with extensions and settings; `work` holds all that it writes. */
export async function open({ work, extensions, folder, settings }) {
  const data = join(work, "data");
  const flags = [
    "--user-data-dir",
    data,
    "--extensions-dir",
    join(work, "extensions"),
    "--config",
    join(work, "config"),
  ];
  writeFileSync(join(work, "config"), "auth: none\n");
  mkdirSync(join(data, "User"), { recursive: true });
  writeFileSync(join(data, "User", "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
  for (const vsix of extensions) await ended(codeServer([...flags, "--install-extension", vsix]));
  const address = `127.0.0.1:${await freePort()}`;
  const own = ["--bind-addr", address, "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const server = codeServer([...flags, ...own, "--disable-getting-started-override"]);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 720 } });
    await reach(page, `http://${address}/?folder=${encodeURIComponent(folder)}`);
    await page.locator(".monaco-workbench .explorer-folders-view").waitFor({ timeout: 2 * PATIENCE });
    return new Editor(page, folder, async () => {
      await browser.close();
      await ended(server, "SIGTERM");
    });
  } catch (error) {
    await browser.close();
    await ended(server, "SIGTERM");
    throw error;
  }
}

class Editor {
  constructor(page, folder, close) {
    Object.assign(this, { page, folder, close });
    this.page.setDefaultTimeout(PATIENCE);
  }

  /** Lays settings of the folder over those of the user. */
  configure(settings) {
    mkdirSync(join(this.folder, ".vscode"), { recursive: true });
    writeFileSync(join(this.folder, ".vscode", "settings.json"), JSON.stringify(settings));
  }

  async keys(...presses) {
    for (const press of presses) await this.page.keyboard.press(press);
  }

  /** Runs a command from the palette by its title. */
  async command(title) {
    await this.choose("F1", `>${title}`, title);
  }

  /** Opens the box at the top by a key, types, and takes what it puts first, which must hold a text. */
  async choose(key, typed, wanted) {
    await this.keys(key);
    const box = this.page.locator(".quick-input-widget input").first();
    await box.fill(typed);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: wanted }).first().waitFor();
    await box.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  async openFile(name) {
    await this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).dblclick();
    await this.page.mouse.move(600, 5); // off the list, whose tips would cover it
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
  }

  /** Puts the cursor on a 1-based line and column of the file at hand. */
  async goTo(line, column) {
    await this.choose("Control+g", `:${line}:${column}`, `line ${line} at column ${column}`);
    await this.page.locator(".monaco-editor.focused").filter({ visible: true }).first().waitFor();
  }

  /** The lines of the file, or of the cells, that can be seen. */
  async text() {
    const lines = await this.page.locator(".view-line").filter({ visible: true }).allInnerTexts();
    return lines.map((line) => line.replace(/\u00a0/g, " ")).join("\n");
  }

  /** How many errors and warnings the status bar counts: the panel holds no more rows than fit. */
  async counts() {
    const text = await this.page.locator("#status\\.problems").innerText();
    return text.trim().split(/\s+/).map(Number);
  }

  /** What can be seen in the Problems panel, one text for each row. */
  async problems() {
    const rows = await this.page.locator(".markers-panel .monaco-list-row").allInnerTexts();
    return rows.map((row) => row.replace(/\s+/g, " ").trim());
  }

  /** Waits until something holds; what it was last is told if it never does. */
  async until(what, look, holds) {
    const end = Date.now() + PATIENCE;
    let seen;
    do {
      seen = await look();
      if (holds(seen)) {
        console.log(`ok - ${what}`);
        return seen;
      }
      await this.page.waitForTimeout(100);
    } while (Date.now() < end);
    throw new Error(`${what}: last seen was ${JSON.stringify(seen)}`);
  }

  squiggles(kind) {
    return this.page.locator(`.squiggly-${kind}`).filter({ visible: true });
  }

  /** Opens the list of quick fixes at the cursor; gives the one that holds a text. */
  async quickFix(text) {
    await this.keys("Control+.");
    const found = this.page.locator(".action-widget .monaco-list-row", { hasText: text }).first();
    await found.waitFor();
    return found;
  }
}

function codeServer(args) {
  const program = join(import.meta.dirname, "node_modules", "code-server", "out", "node", "entry.js");
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}

function ended(child, signal) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
    if (signal !== undefined) child.kill(signal);
  });
}

/** Opens an address as soon as somebody listens there. */
async function reach(page, address) {
  for (let tries = 0; ; tries += 1) {
    try {
      await page.goto(address);
      return;
    } catch (error) {
      if (tries === 60) throw error;
      await page.waitForTimeout(500);
    }
  }
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
