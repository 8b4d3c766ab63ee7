import { type JSONVisitor, visit } from "jsonc-parser";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Fault } from "../Fault.ts";
import { JsonBuilder } from "./JsonBuilder.ts";
import { Refusal } from "./Refusal.ts";
import { type SyntaxFault, syntaxDiagnostic } from "./syntaxDiagnostic.ts";
import type { TextOrigin } from "./TextOrigin.ts";

/**
 * What JSON text says: a value, and faults of its content; or why it is not JSON, with the value as far
 * as it could be read. Without either it is beyond a limit, which is the last of the faults.
 */
export interface ParsedJson {
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  readonly syntax?: Diagnostic;
}

/** Reads strict JSON (RFC 8259): no comments, no trailing commas, every fault with its place. */
export function parseJson(text: string, origin: TextOrigin): ParsedJson {
  const builder = new JsonBuilder();
  let first: SyntaxFault | undefined;
  const visitor: JSONVisitor = {
    onObjectBegin: (offset) => builder.beginObject(offset),
    onObjectEnd: () => builder.end(),
    onArrayBegin: (offset) => builder.beginArray(offset),
    onArrayEnd: () => builder.end(),
    onObjectProperty: (name, offset) => builder.key(name, offset),
    onLiteralValue: (value) => builder.add(value),
    onError: (code, offset, _length, line, character) => {
      first ??= { code, offset, line, character };
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { faults: [...builder.faults, error.fault] };
  }
  if (first !== undefined) {
    return { value: builder.result, faults: [], syntax: syntaxDiagnostic(first, text, origin) };
  }
  return { value: builder.result, faults: builder.faults };
}
