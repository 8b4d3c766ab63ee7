import { isUtf8 } from "node:buffer";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { TextOrigin } from "./TextOrigin.ts";

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** How many bytes from the start are UTF-8, a sequence that is cut off at the end not counted. */
function validPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Bytes of an input as text, with what is wrong with their encoding (RFC 8259, section 8.1). The text
 * is missing where they are not UTF-8.
 */
export function decode(
  bytes: Uint8Array,
  { file, firstLine, firstByte }: TextOrigin,
): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const marked = BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
  const body = marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  const common = { severity: "error", file, pointer: "" } as const;
  const diagnostics: Diagnostic[] = [];
  if (marked) {
    diagnostics.push({
      ...common,
      code: "MS1004",
      position: { line: firstLine, column: 1 },
      message: "the input starts with a byte order mark, which JSON must not have",
      hint: "save it as UTF-8 without a byte order mark",
    });
  }
  if (isUtf8(body)) return { text: new TextDecoder().decode(body), diagnostics };
  const valid = new TextDecoder().decode(body.subarray(0, validPrefix(body)), { stream: true });
  const offset = firstByte + bytes.length - body.length + Buffer.byteLength(valid);
  const lines = valid.split("\n");
  diagnostics.push({
    ...common,
    code: "MS1005",
    position: { line: firstLine + lines.length - 1, column: (lines.at(-1)?.length ?? 0) + 1 },
    message: `the input is not UTF-8 at byte offset ${offset}`,
    hint: "save it as UTF-8",
  });
  return { diagnostics };
}
