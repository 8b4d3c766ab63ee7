import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

type Parameters = Record<string, unknown>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Parameters;
  readonly result?: Parameters;
  readonly error?: { readonly message: string };
}

/** No window, and no request that the page does not make. */
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-pipe",
];

/** A page in headless Chromium, driven over the pipe of its debugging protocol. */
export class Browser {
  readonly #directory = mkdtempSync(join(tmpdir(), "microvm-sweep-browser-"));
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Map<string, ((params: Parameters) => void)[]>();
  #session: string | undefined;
  #last = 0;
  #rest = "";

  private constructor() {
    this.#process = spawn("chromium", [...FLAGS, `--user-data-dir=${this.#directory}`], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const output = this.#process.stdio[4] as Readable;
    output.setEncoding("utf8").on("data", (text: string) => this.#receive(text));
  }

  /** Starts the browser with one empty page. */
  static async open(): Promise<Browser> {
    const browser = new Browser();
    const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
    const attached = await browser.send("Target.attachToTarget", { targetId, flatten: true });
    browser.#session = String(attached["sessionId"]);
    await browser.send("Page.enable");
    await browser.send("Network.enable");
    return browser;
  }

  #receive(text: string): void {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop() ?? "";
    for (const line of messages) {
      const message = JSON.parse(line) as Message;
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
      for (const listener of this.#listeners.get(message.method ?? "") ?? []) {
        listener(message.params ?? {});
      }
    }
  }

  /** Calls a method of the protocol. */
  send(method: string, params: Parameters = {}): Promise<Parameters> {
    this.#last += 1;
    const id = this.#last;
    const session = this.#session === undefined ? {} : { sessionId: this.#session };
    (this.#process.stdio[3] as Writable).write(
      `${JSON.stringify({ id, method, params, ...session })}\0`,
    );
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  on(method: string, listener: (params: Parameters) => void): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener]);
  }

  /** Opens an address and waits until the page has loaded. */
  async visit(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => {
      this.#listeners.set("Page.loadEventFired", [() => resolve()]);
    });
    await this.send("Page.navigate", { url });
    await loaded;
  }

  /** What an expression comes to in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (answer["exceptionDetails"] !== undefined) throw new Error(JSON.stringify(answer));
    return (answer["result"] as { value?: unknown }).value;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("close", resolve));
    // Asked like this, it ends its other processes first. They write into the directory.
    this.#session = undefined;
    await Promise.race([this.send("Browser.close"), ended]);
    await ended;
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
