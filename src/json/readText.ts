import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { excerptAt } from "../diagnostics/render.ts";
import { type BytesOrigin, decode } from "./bytes.ts";
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
