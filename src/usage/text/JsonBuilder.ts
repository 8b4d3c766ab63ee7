import { isFileText } from "../../diagnostics/isFileText.ts";
import type { Fault } from "../Fault.ts";
import { pointer } from "./pointer.ts";

/** Deeper than this is no document of ours; it bounds the recursion of whatever reads the value. */
const MAX_DEPTH = 64;

type Container = unknown[] | Record<string, unknown>;

/** Ends the reading of a text that is nested too deeply. */
export class TooDeep extends Error {
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[]) {
    super("nested too deeply");
    this.path = path;
  }
}

/**
 * Builds a value from the events of a JSON reader. Objects have no prototype, so that keys such as
 * `__proto__` and `constructor` are ordinary ones. A key that stands twice, and a string that no file
 * can hold, is a fault.
 */
export class JsonBuilder {
  result: unknown;
  readonly faults: Fault[] = [];
  private readonly stack: Container[] = [];
  private readonly keys: string[] = [];

  begin(container: Container): void {
    if (this.stack.length >= MAX_DEPTH) throw new TooDeep(this.path());
    this.add(container);
    this.stack.push(container);
  }

  end(): void {
    this.stack.pop();
  }

  key(name: string): void {
    const parent = this.stack.at(-1);
    this.keys[this.stack.length - 1] = name;
    if (parent === undefined || Array.isArray(parent)) return;
    if (Object.hasOwn(parent, name)) this.reportTwice(name);
    this.checkText(name, "key");
  }

  add(value: unknown): void {
    const parent = this.stack.at(-1);
    if (parent === undefined) this.result ??= value;
    else if (Array.isArray(parent)) parent.push(value);
    else parent[this.keys[this.stack.length - 1] ?? ""] = value;
    if (typeof value === "string") this.checkText(value, "value");
  }

  /** The path of what is being read. */
  private path(): (string | number)[] {
    return this.stack.map((container, depth) =>
      Array.isArray(container) ? Math.max(0, container.length - 1) : (this.keys[depth] ?? ""),
    );
  }

  private reportTwice(name: string): void {
    const place = { pointer: pointer(this.path()), at: "key" } as const;
    this.faults.push({
      ...place,
      at: "key again",
      code: "MS1006",
      message: `the key ${JSON.stringify(name)} stands twice in one object`,
      hint: "remove one of the two",
      related: [{ ...place, message: "the first one is here" }],
    });
  }

  private checkText(text: string, at: "key" | "value"): void {
    if (isFileText(text)) return;
    const what = text.includes("\0") ? "the NUL character" : "a lone surrogate";
    this.faults.push({
      code: "MS1011",
      pointer: pointer(this.path()),
      at,
      message: `the text holds ${what}, which no file name and no script can`,
      hint: "remove it",
    });
  }
}
