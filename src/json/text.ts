import { isUtf8 } from "node:buffer";
import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import type { Diagnostic, Position } from "../diagnostics/diagnostic.ts";
import { excerptAt } from "../diagnostics/render.ts";
import { describeValue } from "../diagnostics/wording.ts";
import { type Fault, LIMITS, type Place, pointer } from "./fault.ts";

/** The kinds of JSON input: the name of each in messages, and how to get it right. */
const INPUT_KINDS = {
  usage: {
    name: "a usage document",
    empty: "check the command that writes it",
    again: "create it again with nix eval --json",
  },
  policy: {
    name: "a policy",
    empty: "a policy that changes nothing is {}",
    again: "write one JSON object, without comments and trailing commas",
  },
  plan: {
    name: "a plan",
    empty: "check that the host was reached: ssh HOST sweep-microvms plan --json",
    again: "a file holds one plan: create it again with sweep-microvms plan --json",
  },
} as const;

/** Where a text comes from, and what it should be. */
export interface TextOrigin {
  /** Name of the input as the user gave it. */
  readonly file: string;
  /** Number of the line of `file` that the text starts on. */
  readonly firstLine: number;
  readonly kind: keyof typeof INPUT_KINDS;
  /** Whether nix has just printed the text: nobody has written it, and nobody can look up a place in it. */
  readonly isEvaluated?: boolean | undefined;
}

/**
 * One JSON text (RFC 8259). `JSON.parse` makes its value. Only where there is something to report the
 * text is read once more, by a parser that knows places.
 */
export class JsonText {
  /** Missing where the text is not JSON; `diagnostics` say why. */
  readonly value?: unknown;
  readonly diagnostics: readonly Diagnostic[];
  readonly #text: string;
  readonly #origin: TextOrigin;
  #tree: Tree | undefined;
  #lineStarts: readonly number[] | undefined;

  constructor(bytes: Uint8Array, origin: TextOrigin) {
    this.#origin = origin;
    const decoded = decode(bytes);
    this.#text = decoded.text;
    const { fault = this.#emptyFault(), offset = 0 } = decoded;
    if (fault !== undefined) {
      this.diagnostics = [this.#diagnostic(fault, offset)];
      return;
    }
    try {
      this.value = JSON.parse(this.#text);
      this.diagnostics = [];
    } catch {
      const { fault, offset } = this.#readAgain().problem ?? NO_REASON;
      this.diagnostics = [this.#diagnostic(fault, offset)];
    }
  }

  /**
   * Reports each key of the object that an earlier member has too. `JSON.parse` keeps the last one without a word, and
   * in a text that somebody writes by hand the others would be lost.
   */
  repeatedKeys(): readonly Fault[] {
    const seen = new Set<string>();
    const { root } = this.#readAgain();
    const members = root?.type === "object" ? (root.children ?? []) : [];
    return members.flatMap(({ children: [node] = [] }) => {
      const key = String(node?.value);
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      const message = `the key ${describeValue(key)} stands twice`;
      const place = { pointer: pointer([key]), at: "key" } as const;
      return [{ code: "MS1006", ...place, message, hint: "remove one of the two" }];
    });
  }

  /** Whether the text starts with an object that has the key, also where something wrong follows. */
  hasKey(key: string): boolean {
    if (this.value !== undefined) return Object.hasOwn(Object(this.value), key);
    const { root } = this.#readAgain();
    return root !== undefined && findNodeAtLocation(root, [key]) !== undefined;
  }

  /** Makes diagnostics of faults: adds the file, line and column of each, and an excerpt of the text. */
  locate(faults: readonly Fault[]): readonly Diagnostic[] {
    if (faults.length === 0) return [];
    const { root, problem } = this.#readAgain();
    if (root === undefined && problem !== undefined) {
      return [this.#diagnostic(problem.fault, problem.offset)];
    }
    return faults.map((fault) => {
      const { related } = fault;
      const places = related?.map((place) => {
        const offset = offsetOf(root, place);
        const { message, pointer } = place;
        const isShown = offset !== undefined && this.#origin.isEvaluated !== true;
        return { message, pointer, ...(isShown ? this.#at(offset) : {}) };
      });
      const diagnostic = this.#diagnostic(fault, offsetOf(root, fault));
      return places === undefined ? diagnostic : { ...diagnostic, related: places };
    });
  }

  #diagnostic({ code, severity = "error", pointer, message, hint }: Fault, offset?: number) {
    const place =
      offset === undefined || this.#origin.isEvaluated === true
        ? {}
        : {
            ...this.#at(offset),
            excerpt: excerptAt(this.#text, Math.min(offset, this.#text.length)),
          };
    const advice = hint === undefined ? {} : { hint };
    const { file } = this.#origin;
    return { code, severity, file, pointer, ...place, message, ...advice } as const;
  }

  #at(offset: number): { readonly position: Position } {
    this.#lineStarts ??= [0, ...Array.from(this.#text.matchAll(/\n/g), ({ index }) => index + 1)];
    const index = lastAtMost(this.#lineStarts, offset);
    const column = offset - (this.#lineStarts[index] ?? 0) + 1;
    return { position: { line: this.#origin.firstLine + index, column } };
  }

  #emptyFault(): Fault | undefined {
    if (/\S/.test(this.#text)) return undefined;
    const { name, empty } = INPUT_KINDS[this.#origin.kind];
    const message = `the input is empty, but ${name} was expected`;
    return { code: "MS1001", ...WHOLE, message, hint: empty };
  }

  #readAgain(): Tree {
    this.#tree ??= readTree(this.#text, this.#origin.kind);
    return this.#tree;
  }
}

/** A fault of the text, and the offset of its place in UTF-16 code units. */
interface TextFault {
  readonly fault: Fault;
  readonly offset: number;
}

const WHOLE = { pointer: "", at: "value" } as const;

const NO_REASON: TextFault = {
  fault: { code: "MS1002", ...WHOLE, message: "this is not JSON" },
  offset: 0,
};

const BYTE_ORDER_MARK = {
  code: "MS1004",
  ...WHOLE,
  message: "the input starts with a byte order mark, which JSON forbids",
  hint: "save it as UTF-8 without a byte order mark",
} as const;

const NOT_UTF8 = {
  code: "MS1005",
  ...WHOLE,
  message: "the input is not UTF-8",
  hint: "save it as UTF-8",
} as const;

/** Decodes bytes as UTF-8 and reports what RFC 8259, section 8.1, forbids. */
function decode(bytes: Uint8Array): { readonly text: string } & Partial<TextFault> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
  if (text.startsWith("\ufeff")) return { text, fault: BYTE_ORDER_MARK, offset: 0 };
  if (isUtf8(bytes)) return { text };
  // What is not UTF-8 has become a replacement character: there the bytes of the text are others.
  const again = Buffer.from(text);
  let end = 0;
  while (bytes[end] === again[end]) end += 1;
  const valid = new TextDecoder().decode(bytes.subarray(0, end), { stream: true });
  return { text, fault: NOT_UTF8, offset: valid.length };
}

/** A text as its second reader sees it. Without a root it is too large for that. */
interface Tree {
  readonly root?: Node | undefined;
  readonly problem?: TextFault | undefined;
}

function readTree(text: string, kind: TextOrigin["kind"]): Tree {
  const problem = excess(text);
  if (problem !== undefined) return { problem };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  return first === undefined ? { root } : { root, problem: syntaxFault(first, text, kind) };
}

/** Finds where a text is nested too deeply for a reader that recurses, or has too much to keep in memory. */
function excess(text: string): TextFault | undefined {
  const scanner = createScanner(text, true);
  const next = () => {
    scanner.scan();
    return scanner.getTokenOffset();
  };
  let [depth, tokens] = [0, 0];
  for (let offset = next(); offset < text.length; offset = next()) {
    const sign = text[offset];
    if (sign === "{" || sign === "[") depth += 1;
    if (sign === "}" || sign === "]") depth -= 1;
    if (depth > LIMITS.depth) return { fault: TOO_DEEP, offset };
    tokens += 1;
    if (tokens > LIMITS.tokens) return { fault: TOO_MANY, offset };
  }
  return undefined;
}

const TOO_DEEP = {
  code: "MS1007",
  ...WHOLE,
  message: `the JSON is nested more than ${LIMITS.depth} levels deep`,
  hint: "no usage document, no policy and no plan is that deep",
} as const;

const TOO_MANY = {
  code: "MS1008",
  ...WHOLE,
  message: "the input has errors, and too many values to say where they are",
  hint: "write the hosts as JSON Lines (a .jsonl file), which are read one host at a time",
} as const;

/** The errors of jsonc-parser in words. */
const SYNTAX_ERRORS: Readonly<Record<string, string>> = {
  PropertyNameExpected: "expected a key in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: "expected a colon",
  CommaExpected: "expected a comma",
  CloseBraceExpected: "expected a closing brace",
  CloseBracketExpected: "expected a closing bracket",
  EndOfFileExpected: "expected the end of the input",
  UnexpectedEndOfString: "the string has no end",
  InvalidEscapeCharacter: "the string has an unknown escape",
  InvalidUnicode: "the string has an incomplete \\u escape",
  InvalidCharacter: "the string has a control character that is not escaped",
  UnexpectedEndOfNumber: "the number has no digits here",
  InvalidCommentToken: "JSON has no comments",
  InvalidSymbol: "JSON has no such word",
};

/** Reports why a text is not JSON: it is cut off, or wrong at one place. */
function syntaxFault(
  { error, offset }: ParseError,
  text: string,
  kind: TextOrigin["kind"],
): TextFault {
  const name = printParseErrorCode(error);
  const reason = SYNTAX_ERRORS[name] ?? "the syntax is wrong";
  const { again } = INPUT_KINDS[kind];
  if (!isTruncated(name, offset, text)) {
    const message = `this is not JSON: ${reason}`;
    return { fault: { code: "MS1002", ...WHOLE, message, hint: again }, offset };
  }
  const message = `the JSON ends too early: ${reason}`;
  const hint = kind === "policy" ? again : `it was cut off: ${again}`;
  return { fault: { code: "MS1003", ...WHOLE, message, hint }, offset };
}

/** Whether the text ends at the error, which could then be the start of something longer. */
function isTruncated(name: string, offset: number, text: string): boolean {
  const end = text.trimEnd().length;
  if (offset >= end) return true;
  const last = text.slice(offset, end);
  if (name === "UnexpectedEndOfString") return !last.includes("\n");
  if (name === "UnexpectedEndOfNumber") return /^[-+.\w]*$/.test(last);
  return ["true", "false", "null", "-0"].some((word) => word !== last && word.startsWith(last));
}

/** The offset of a place in the text. */
function offsetOf(root: Node | undefined, { pointer, at }: Place): number | undefined {
  const steps = pointer.split("/").slice(1);
  const value = steps.reduce<Node | undefined>((node, step) => {
    if (node === undefined) return undefined;
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return findNodeAtLocation(node, [node.type === "array" ? Number(name) : name]);
  }, root);
  return at === "key" ? value?.parent?.children?.[0]?.offset : value?.offset;
}

/** The index of the last of some sorted numbers that is not larger than `limit`. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
