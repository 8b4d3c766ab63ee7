import { type JSONVisitor, type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Fault } from "../Fault.ts";
import { JsonBuilder, TooDeep } from "./JsonBuilder.ts";
import { pointer } from "./pointer.ts";

/** What JSON text says: a value where it could be read, faults of its content, or why it is not JSON. */
export interface ParsedJson {
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  readonly syntax?: Diagnostic;
}

interface SyntaxFault {
  readonly code: ParseErrorCode;
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly character: number;
}

/** In words what jsonc-parser expected; other errors are of a single character or word. */
const EXPECTED: Readonly<Record<string, string>> = {
  PropertyNameExpected: "a key in double quotes was expected",
  ValueExpected: "a value was expected",
  ColonExpected: "a colon was expected",
  CommaExpected: "a comma was expected",
  CloseBraceExpected: "a closing brace was expected",
  CloseBracketExpected: "a closing bracket was expected",
  EndOfFileExpected: "nothing more was expected",
  UnexpectedEndOfString: "the string does not end",
  InvalidEscapeCharacter: "the string has an escape that JSON does not know",
  InvalidUnicode: "the string has an incomplete \\u escape",
  InvalidCharacter: "the string has a control character that is not escaped",
  InvalidNumberFormat: "the number is not one of JSON",
};

function syntaxDiagnostic(
  fault: SyntaxFault,
  text: string,
  { file, firstLine }: { readonly file: string; readonly firstLine: number },
): Diagnostic {
  const reason = printParseErrorCode(fault.code);
  const end = text.trimEnd().length;
  const last = text.slice(fault.offset, end);
  const unfinished =
    reason === "UnexpectedEndOfString"
      ? !last.includes("\n")
      : ["true", "false", "null"].some((word) => word !== last && word.startsWith(last));
  const truncated = fault.offset >= end || unfinished;
  const place = { line: fault.line + firstLine, column: fault.character + 1 };
  const expected = EXPECTED[reason] ?? "this is not JSON";
  return {
    code: truncated ? "MS1003" : "MS1002",
    severity: "error",
    file,
    pointer: "",
    position: place,
    message: truncated ? `the JSON ends too early: ${expected}` : `not JSON: ${expected}`,
    hint: truncated ? "make it again: it was cut off" : "make it again with nix eval --json",
  };
}

/** Reads strict JSON (RFC 8259): no comments, no trailing commas, every fault with its place. */
export function parseJson(
  text: string,
  origin: { readonly file: string; readonly firstLine: number },
): ParsedJson {
  const builder = new JsonBuilder();
  let first: SyntaxFault | undefined;
  const visitor: JSONVisitor = {
    onObjectBegin: () => builder.begin({ __proto__: null }),
    onObjectEnd: () => builder.end(),
    onArrayBegin: () => builder.begin([]),
    onArrayEnd: () => builder.end(),
    onObjectProperty: (name) => builder.key(name),
    onLiteralValue: (value) => builder.add(value),
    onError: (code, offset, length, line, character) => {
      first ??= { code, offset, length, line, character };
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    const fault: Fault = {
      code: "MS1007",
      pointer: pointer(error.path),
      at: "value",
      message: "the JSON is nested more than 64 levels deep",
      hint: "no usage document is: make it again with nix eval",
    };
    return { faults: [fault] };
  }
  if (first !== undefined) {
    return { value: builder.result, faults: [], syntax: syntaxDiagnostic(first, text, origin) };
  }
  return { value: builder.result, faults: builder.faults };
}
