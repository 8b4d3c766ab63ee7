import { describeValue } from "../../diagnostics/describeValue.ts";
import { isFileText } from "../../diagnostics/isFileText.ts";
import type { Fault } from "../Fault.ts";
import { LIMITS } from "../limits.ts";
import { pointer } from "./pointer.ts";
import { Refusal } from "./Refusal.ts";

type Container = unknown[] | Record<string, unknown>;

/** An array or object that is not closed yet. */
interface Open {
  readonly container: Container;
  /** The key whose value is read now. */
  key: string;
  /** Where the keys of an object are in the text. */
  readonly offsets?: Map<string, number>;
}

const TOO_DEEP = {
  code: "MS1007",
  at: "value",
  message: `the JSON is nested more than ${LIMITS.depth} levels deep`,
  hint: "neither a usage document nor a policy is",
} as const;

const TOO_MANY = {
  code: "MS1008",
  pointer: "",
  at: "value",
  message: `the input has more than ${LIMITS.values} values, and is held in memory whole`,
  hint: "give the hosts as JSON Lines (a .jsonl file), which is read one host at a time",
} as const;

/**
 * Builds a value from the events of a JSON reader. Objects have no prototype, so that keys such as
 * `__proto__` and `constructor` are ordinary ones. A key that stands twice, and a string that no file
 * can hold, is a fault; of equal keys the last one counts.
 *
 * Its methods throw a {@link Refusal} where a limit is passed.
 */
export class JsonBuilder {
  result: unknown;
  readonly faults: Fault[] = [];
  private readonly open: Open[] = [];
  private values = 0;

  beginObject(offset: number): void {
    this.begin({ container: { __proto__: null }, key: "", offsets: new Map() }, offset);
  }

  beginArray(offset: number): void {
    this.begin({ container: [], key: "" }, offset);
  }

  end(): void {
    this.open.pop();
  }

  key(name: string, offset: number): void {
    const parent = this.open.at(-1);
    if (parent?.offsets === undefined) return;
    parent.key = name;
    const first = parent.offsets.get(name);
    if (first === undefined) parent.offsets.set(name, offset);
    else this.reportTwice(name, first, offset);
    this.checkText(name, "key");
  }

  add(value: unknown): void {
    this.values += 1;
    if (this.values > LIMITS.values) throw new Refusal(TOO_MANY);
    const parent = this.open.at(-1);
    if (parent === undefined) this.result ??= value;
    else if (Array.isArray(parent.container)) parent.container.push(value);
    else parent.container[parent.key] = value;
    if (typeof value === "string") this.checkText(value, "value");
  }

  private begin(open: Open, offset: number): void {
    this.add(open.container);
    if (this.open.length >= LIMITS.depth) {
      throw new Refusal({ ...TOO_DEEP, pointer: this.pointer(), offset });
    }
    this.open.push(open);
  }

  /** The pointer of what was read last. */
  private pointer(): string {
    return pointer(
      this.open.map(({ container, key }) =>
        Array.isArray(container) ? Math.max(0, container.length - 1) : key,
      ),
    );
  }

  private report(fault: Fault): void {
    if (this.faults.length < LIMITS.faults) this.faults.push(fault);
  }

  private reportTwice(name: string, first: number, again: number): void {
    const place = { pointer: this.pointer(), at: "key" } as const;
    this.report({
      ...place,
      offset: again,
      code: "MS1006",
      message: `the key ${describeValue(name)} stands twice in one object`,
      hint: "remove one of the two",
      related: [{ ...place, offset: first, message: "the first one is here" }],
    });
  }

  private checkText(text: string, at: "key" | "value"): void {
    if (isFileText(text)) return;
    const what = text.includes("\0") ? "the NUL character" : "a lone surrogate";
    this.report({
      code: "MS1011",
      pointer: this.pointer(),
      at,
      message: `the text holds ${what}, which no file name and no script can`,
      hint: "remove it",
    });
  }
}
