import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { decode } from "./decode.ts";
import { INPUT_KINDS } from "./inputKinds.ts";
import { type ParsedJson, parseJson } from "./parseJson.ts";
import type { TextOrigin } from "./TextOrigin.ts";

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
  const kind = INPUT_KINDS[origin.kind];
  const empty: Diagnostic = {
    code: "MS1001",
    severity: "error",
    file: origin.file,
    pointer: "",
    position: { line: origin.firstLine, column: 1 },
    message: `the input is empty, and ${kind.name} was expected`,
    hint: kind.empty,
  };
  return { text, diagnostics: [...diagnostics, empty] };
}
