import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Container } from "../container.ts";

/** Everything but close and stat: a directory or file that is not opened has not been read. */
const EVENTS = "open,access,modify,attrib,create,delete,delete_self,move,move_self";
const SENTINEL = "/run/hostile-sentinel";

/** Sees who opens, reads or changes anything below some directories of the container. */
export class Watch {
  private readonly events: string[] = [];
  private readonly container: Container;
  private readonly inotify: ChildProcess;
  private ended = false;

  private constructor(container: Container, inotify: ChildProcess) {
    this.container = container;
    this.inotify = inotify;
  }

  static async start(container: Container, directories: readonly string[]): Promise<Watch> {
    mkdirSync(container.files + SENTINEL, { recursive: true });
    const inotify = spawn("inotifywait", [
      "--monitor",
      "--recursive",
      `--event=${EVENTS}`,
      "--format=%e %w%f",
      ...[...directories, SENTINEL].map((directory) => container.files + directory),
    ]);
    const watch = new Watch(container, inotify);
    createInterface({ input: inotify.stdout }).on("line", (line) => watch.note(line));
    await established(inotify);
    return watch;
  }

  /** Ends the watch; gives what it saw, in order: events and path. */
  async stop(): Promise<readonly string[]> {
    writeFileSync(`${this.container.files}${SENTINEL}/end`, "");
    // Events come in order, so with this one all before it are here.
    for (let attempt = 0; attempt < 500 && !this.ended; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.end();
    if (!this.ended) throw new Error("inotifywait does not see its own sentinel");
    return this.events;
  }

  end(): void {
    this.inotify.kill();
  }

  private note(line: string): void {
    const event = line.replace(this.container.files, "");
    if (event.includes(SENTINEL)) this.ended = true;
    else this.events.push(event);
  }
}

/** Waits until inotifywait has said that it watches. */
function established(inotify: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    inotify.stderr?.on("data", (text: Buffer) => {
      said += text;
      if (said.includes("Watches established")) resolve();
    });
    inotify.once("close", () => reject(new Error(`inotifywait does not start: ${said}`)));
  });
}
