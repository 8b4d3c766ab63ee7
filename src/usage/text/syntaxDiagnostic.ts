import { type ParseErrorCode, printParseErrorCode } from "jsonc-parser";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { excerptAt } from "../../diagnostics/excerptAt.ts";
import { INPUT_KINDS } from "./inputKinds.ts";
import type { TextOrigin } from "./TextOrigin.ts";

/** The first fault that jsonc-parser found in a text; line and character count from 0. */
export interface SyntaxFault {
  readonly code: ParseErrorCode;
  readonly offset: number;
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
  UnexpectedEndOfNumber: "the number lacks digits",
  InvalidCommentToken: "JSON has no comments",
  InvalidSymbol: "JSON does not know this word",
};

/** Whether the text stops in the middle: what is at fault could be the start of something longer. */
function endsTooEarly(reason: string, { offset }: SyntaxFault, text: string): boolean {
  const end = text.trimEnd().length;
  if (offset >= end) return true;
  const last = text.slice(offset, end);
  if (reason === "UnexpectedEndOfString") return !last.includes("\n");
  if (reason === "UnexpectedEndOfNumber") return /^[-+.\w]*$/.test(last);
  return ["true", "false", "null", "-0"].some((word) => word !== last && word.startsWith(last));
}

/** Says why a text is not JSON: cut off, or wrong at this place. */
export function syntaxDiagnostic(fault: SyntaxFault, text: string, origin: TextOrigin): Diagnostic {
  const reason = printParseErrorCode(fault.code);
  const truncated = endsTooEarly(reason, fault, text);
  const expected = EXPECTED[reason] ?? "this is not as JSON has it";
  const { again } = INPUT_KINDS[origin.kind];
  return {
    code: truncated ? "MS1003" : "MS1002",
    severity: "error",
    file: origin.file,
    pointer: "",
    position: { line: fault.line + origin.firstLine, column: fault.character + 1 },
    excerpt: excerptAt(text, fault.offset),
    message: truncated ? `the JSON ends too early: ${expected}` : `not JSON: ${expected}`,
    hint: truncated && origin.kind === "usage" ? `it was cut off: ${again}` : again,
  };
}
