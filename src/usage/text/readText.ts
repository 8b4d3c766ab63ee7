import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { decode } from "./decode.ts";
import { type ParsedJson, parseJson } from "./parseJson.ts";
import type { TextOrigin } from "./toDiagnostics.ts";

/** Bytes as text and as JSON; what is missing could not be made, and `diagnostics` say why. */
export interface ReadText {
  readonly text?: string;
  readonly parsed?: ParsedJson;
  readonly diagnostics: readonly Diagnostic[];
}

/** Decodes and parses one JSON text. A fault of its syntax is left in `parsed`: it may mean another format. */
export function readText(bytes: Uint8Array, origin: TextOrigin): ReadText {
  const { text, diagnostics } = decode(bytes, origin);
  if (text === undefined) return { diagnostics };
  if (text.trim() !== "") return { text, parsed: parseJson(text, origin), diagnostics };
  const empty: Diagnostic = {
    code: "MS1001",
    severity: "error",
    file: origin.file,
    pointer: "",
    position: { line: origin.firstLine, column: 1 },
    message: "the input is empty, and a usage document was expected",
    hint: "check the command that was to write it",
  };
  return { text, diagnostics: [...diagnostics, empty] };
}
