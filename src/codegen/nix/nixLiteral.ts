import { nixString } from "../../emit/quote.ts";

/** A JSON value as a Nix literal, on one line in nixfmt's layout. */
export function nixLiteral(value: unknown): string {
  if (typeof value === "string") return nixString(value);
  if (value === null || typeof value === "boolean" || Number.isSafeInteger(value)) {
    return String(value);
  }
  if (Array.isArray(value)) return surround("[", value.map(nixLiteral), "]");
  if (typeof value === "object") {
    const items = Object.entries(value as object).map(
      ([key, of]) => `${nixString(key)} = ${nixLiteral(of)};`,
    );
    return surround("{", items, "}");
  }
  throw new Error(`${String(value)} has no Nix literal`);
}

function surround(open: string, items: readonly string[], close: string): string {
  return [open, ...items, close].join(" ");
}
