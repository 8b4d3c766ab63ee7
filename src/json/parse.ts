import { isUtf8 } from "node:buffer";
import { type JSONVisitor, type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { isFileText } from "../diagnostics/internalError.ts";
import { describeValue } from "../diagnostics/wording.ts";
import { type Fault, LIMITS, pointer } from "./fault.ts";

/**
 * Result of reading a JSON text. `value` is what could be read. With `syntaxError` the text is not JSON
 * and `value` may be incomplete. `value` is missing where a limit is exceeded; the last fault says so.
 */
export interface ParsedJson {
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  readonly syntaxError?: JsonSyntaxError;
}

/** The first syntax error of a text. `line` and `character` count from 0. */
export interface JsonSyntaxError {
  /** Name of the error in jsonc-parser, for example `CommaExpected`. */
  readonly name: string;
  readonly offset: number;
  readonly line: number;
  readonly character: number;
}

/**
 * Parses strict JSON (RFC 8259): comments and trailing commas are syntax errors.
 *
 * @param mostValues the number of values at which parsing ends
 */
export function parseJson(text: string, mostValues: number = LIMITS.values): ParsedJson {
  const builder = new JsonBuilder(mostValues);
  let syntaxError: JsonSyntaxError | undefined;
  const visitor: JSONVisitor = {
    onObjectBegin: (offset) => builder.beginObject(offset),
    onObjectEnd: () => builder.end(),
    onArrayBegin: (offset) => builder.beginArray(offset),
    onArrayEnd: () => builder.end(),
    onObjectProperty: (name, offset) => builder.key(name, offset),
    onLiteralValue: (value) => builder.add(value),
    onError: (code: ParseErrorCode, offset, _length, line, character) => {
      syntaxError ??= { name: printParseErrorCode(code), offset, line, character };
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    return { faults: [...builder.faults, error.fault] };
  }
  return syntaxError === undefined
    ? { value: builder.result, faults: builder.faults }
    : { value: builder.result, faults: [], syntaxError };
}

const BACKSLASH = 0x5c;

/**
 * Parses bytes with `JSON.parse`, which is several times as fast as `parseJson` and has no places for messages.
 * A fleet has ten thousand texts that need none. `undefined` where `parseJson` might have something to report.
 */
export function parseQuickly(bytes: Uint8Array): unknown {
  if (bytes.length > LIMITS.values || bytes.includes(BACKSLASH) || !isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  try {
    const value: unknown = JSON.parse(text);
    return hasEachKeyOnce(value, text) && !text.includes('"__proto__"') ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether no key of the text occurs twice: `JSON.parse` keeps the last of two. Nix writes no blanks, and so the
 * value usually gives the same text again. Otherwise the text of a second key has more quotes than the keys and
 * texts of the value need: without a backslash no other quote is in it.
 */
function hasEachKeyOnce(value: unknown, text: string): boolean {
  if (JSON.stringify(value) === text) return true;
  return text.split('"').length - 1 === 2 * countTexts(value);
}

/** Counts the keys and the texts in a value. */
function countTexts(value: unknown): number {
  if (typeof value === "string") return 1;
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countTexts(item);
    return count;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const key in record) count += 1 + countTexts(record[key]);
  return count;
}

/** Ends the parsing of a text that exceeds a limit. */
class LimitExceeded extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

const TOO_DEEP = {
  code: "MS1007",
  at: "value",
  message: `the JSON is nested more than ${LIMITS.depth} levels deep`,
  hint: "no usage document and no policy is that deep",
} as const;

const tooMany = (mostValues: number): Fault => ({
  code: "MS1008",
  pointer: "",
  at: "value",
  message: `the input has more than ${mostValues} values, too many to keep in memory`,
  hint: "write the hosts as JSON Lines (a .jsonl file), which are read one host at a time",
});

type Container = unknown[] | Record<string, unknown>;

/** An array or object whose end has not been read yet. */
interface OpenContainer {
  readonly container: Container;
  /** The key whose value comes next. */
  key: string;
  /** Offsets of the keys of an object in the text. */
  readonly offsets?: Map<string, number>;
}

/**
 * Builds a value from the events of the parser. Its objects have no prototype, so that keys such as
 * `__proto__` and `constructor` are like any other. Reports keys that occur twice (the last value
 * counts) and texts that no file can hold.
 */
class JsonBuilder {
  result: unknown;
  readonly faults: Fault[] = [];
  private readonly open: OpenContainer[] = [];
  private values = 0;
  private readonly mostValues: number;

  constructor(mostValues: number) {
    this.mostValues = mostValues;
  }

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
    else this.reportSecondKey(name, first, offset);
    this.checkText(name, "key");
  }

  /** @throws LimitExceeded */
  add(value: unknown): void {
    this.values += 1;
    if (this.values > this.mostValues) throw new LimitExceeded(tooMany(this.mostValues));
    const parent = this.open.at(-1);
    if (parent === undefined) this.result ??= value;
    else if (Array.isArray(parent.container)) parent.container.push(value);
    else parent.container[parent.key] = value;
    if (typeof value === "string") this.checkText(value, "value");
  }

  /** @throws LimitExceeded */
  private begin(container: OpenContainer, offset: number): void {
    this.add(container.container);
    if (this.open.length >= LIMITS.depth) {
      throw new LimitExceeded({ ...TOO_DEEP, pointer: this.pointer(), offset });
    }
    this.open.push(container);
  }

  /** Pointer of the value or key that was read last. */
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

  private reportSecondKey(name: string, first: number, second: number): void {
    const place = { pointer: this.pointer(), at: "key" } as const;
    this.report({
      ...place,
      offset: second,
      code: "MS1006",
      message: `the object has the key ${describeValue(name)} twice`,
      hint: "remove one of the two",
      related: [{ ...place, offset: first, message: "the first one is here" }],
    });
  }

  private checkText(text: string, at: "key" | "value"): void {
    if (isFileText(text)) return;
    const character = text.includes("\0") ? "a NUL character" : "a lone surrogate";
    this.report({
      code: "MS1011",
      pointer: this.pointer(),
      at,
      message: `the text has ${character}, which file names and scripts cannot have`,
      hint: "remove it",
    });
  }
}
