import { type JSONVisitor, visit } from "jsonc-parser";
import type { Position } from "../../diagnostics/diagnostic.ts";
import type { Place } from "../Fault.ts";
import { pointer } from "./pointer.ts";

/** How a place is looked up in the result of {@link locate}. */
export function placeKey({ pointer: text, at }: Place): string {
  return `${at} ${text}`;
}

/** Ends the reading of a text that is nested too deeply, which its own fault says already. */
class TooDeep extends Error {}

const MAX_DEPTH = 65;

/**
 * Where in `text` the places are, by {@link placeKey}: the first one, where a key stands twice.
 * Reads the text once, and only when there is something to report.
 *
 * @param firstLine the number of the line that `text` starts on
 */
export function locate(
  text: string,
  places: readonly Place[],
  firstLine = 1,
): ReadonlyMap<string, Position> {
  const wanted = new Set(places.map(placeKey));
  const found = new Map<string, Position>();
  const note = (
    at: Place["at"],
    path: readonly (string | number)[],
    line: number,
    character: number,
  ) => {
    if (path.length > MAX_DEPTH) throw new TooDeep();
    const text = pointer(path);
    const seen = at === "key" && found.has(placeKey({ at, pointer: text }));
    const key = placeKey({ at: seen ? "key again" : at, pointer: text });
    if (!wanted.has(key) || found.has(key)) return;
    found.set(key, { line: line + firstLine, column: character + 1 });
  };
  const visitor: JSONVisitor = {
    onObjectBegin: (_o, _l, line, character, path) => note("value", path(), line, character),
    onArrayBegin: (_o, _l, line, character, path) => note("value", path(), line, character),
    onLiteralValue: (_v, _o, _l, line, character, path) => note("value", path(), line, character),
    onObjectProperty: (name, _o, _l, line, character, path) =>
      note("key", [...path(), name], line, character),
  };
  try {
    visit(text, visitor, { disallowComments: true });
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
  }
  return found;
}
