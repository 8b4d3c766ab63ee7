import { type JSONVisitor, visit } from "jsonc-parser";
import type { Diagnostic, Position } from "../diagnostics/diagnostic.ts";
import { excerptAt } from "../diagnostics/render.ts";
import { type BytesOrigin, decode } from "./bytes.ts";
import { type Fault, LIMITS, type Place, pointer } from "./fault.ts";
import { type JsonSyntaxError, type ParsedJson, parseJson } from "./parse.ts";

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
export interface TextOrigin extends BytesOrigin {
  readonly kind: keyof typeof INPUT_KINDS;
}

/** Bytes as text and as JSON. Where `text` or `parsed` is missing, `diagnostics` say why. */
export interface ReadText {
  readonly text?: string;
  readonly parsed?: ParsedJson;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Decodes and parses one JSON text. It leaves a syntax error in `parsed`, because the caller may find
 * that the text is in another format. `syntaxDiagnostic` reports it.
 */
export function readText(bytes: Uint8Array, origin: TextOrigin): ReadText {
  const { text, diagnostics } = decode(bytes, origin);
  if (text === undefined) return { diagnostics };
  if (text.trim() !== "") return { text, parsed: parseJson(text), diagnostics };
  const kind = INPUT_KINDS[origin.kind];
  const empty: Diagnostic = {
    code: "MS1001",
    severity: "error",
    file: origin.file,
    pointer: "",
    position: { line: origin.firstLine, column: 1 },
    message: `the input is empty, but ${kind.name} was expected`,
    hint: kind.empty,
  };
  return { text, diagnostics: [...diagnostics, empty] };
}

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
export function syntaxDiagnostic(
  error: JsonSyntaxError,
  text: string,
  { file, firstLine, kind }: TextOrigin,
): Diagnostic {
  const truncated = isTruncated(error, text);
  const reason = SYNTAX_ERRORS[error.name] ?? "the syntax is wrong";
  const { again } = INPUT_KINDS[kind];
  return {
    code: truncated ? "MS1003" : "MS1002",
    severity: "error",
    file,
    pointer: "",
    position: { line: error.line + firstLine, column: error.character + 1 },
    excerpt: excerptAt(text, error.offset),
    message: truncated ? `the JSON ends too early: ${reason}` : `this is not JSON: ${reason}`,
    hint: truncated && kind !== "policy" ? `it was cut off: ${again}` : again,
  };
}

/** Whether the text ends at the error, which could then be the start of something longer. */
function isTruncated({ name, offset }: JsonSyntaxError, text: string): boolean {
  const end = text.trimEnd().length;
  if (offset >= end) return true;
  const last = text.slice(offset, end);
  if (name === "UnexpectedEndOfString") return !last.includes("\n");
  if (name === "UnexpectedEndOfNumber") return /^[-+.\w]*$/.test(last);
  return ["true", "false", "null", "-0"].some((word) => word !== last && word.startsWith(last));
}

/** Position of a place, and its offset in the text in UTF-16 code units. */
interface Location {
  readonly position: Position;
  readonly offset: number;
}

/** Makes diagnostics of faults: adds the file, line and column of each, and an excerpt of the text. */
export function locateFaults(
  faults: readonly Fault[],
  text: string,
  { file, firstLine }: Pick<BytesOrigin, "file" | "firstLine">,
): Diagnostic[] {
  if (faults.length === 0) return [];
  const located = faults.slice(0, LIMITS.faults);
  const places = located.flatMap((fault) => [fault, ...(fault.related ?? [])]);
  const locations = locate(text, places, firstLine);
  const where = (place: Place) => {
    const location = locations.get(placeKey(place));
    const position = location === undefined ? {} : { position: location.position };
    return { pointer: place.pointer, ...position };
  };
  return located.map((fault) => {
    const { code, severity = "error", message, hint, related } = fault;
    const location = locations.get(placeKey(fault));
    return {
      code,
      severity,
      file,
      ...where(fault),
      ...(location === undefined ? {} : { excerpt: excerptAt(text, location.offset) }),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined
        ? {}
        : { related: related.map((other) => ({ message: other.message, ...where(other) })) }),
    };
  });
}

/** Key of a place in the result of `locate`. */
function placeKey({ pointer, at, offset }: Place): string {
  return offset === undefined ? `${at} ${pointer}` : `offset ${offset}`;
}

/** Ends the search in a text that is nested too deeply. The parser has reported that already. */
class TooDeep extends Error {}

/**
 * Finds places in a text. Of a key that occurs twice it finds the last one, whose value counts. Reads
 * the text once, so it is called only where there is something to report.
 */
function locate(
  text: string,
  places: readonly Place[],
  firstLine: number,
): ReadonlyMap<string, Location> {
  const wanted = new Set(places.map(placeKey));
  const found = new Map<string, Location>();
  const note = ({ offset, ...place }: Required<Place>, line: number, character: number) => {
    const location = { offset, position: { line: line + firstLine, column: character + 1 } };
    for (const key of [placeKey(place), placeKey({ ...place, offset })]) {
      if (wanted.has(key)) found.set(key, location);
    }
  };
  const value = (
    offset: number,
    line: number,
    character: number,
    path: readonly (string | number)[],
  ) => {
    note({ at: "value", offset, pointer: pointer(path) }, line, character);
    if (path.length > LIMITS.depth) throw new TooDeep();
  };
  const visitor: JSONVisitor = {
    onObjectBegin: (offset, _n, line, character, path) => value(offset, line, character, path()),
    onArrayBegin: (offset, _n, line, character, path) => value(offset, line, character, path()),
    onLiteralValue: (_v, offset, _n, line, character, path) =>
      value(offset, line, character, path()),
    onObjectProperty: (name, offset, _n, line, character, path) =>
      note({ at: "key", offset, pointer: pointer([...path(), name]) }, line, character),
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
  }
  return found;
}
