import { type JSONVisitor, visit } from "jsonc-parser";
import type { Position } from "../../diagnostics/diagnostic.ts";
import type { Place } from "../Fault.ts";
import { LIMITS } from "../limits.ts";
import { pointer } from "./pointer.ts";

/** Where a place is: its line and column, and its offset in UTF-16 code units. */
export interface Spot {
  readonly position: Position;
  readonly offset: number;
}

/** How a place is looked up in the result of {@link locate}. */
export function placeKey({ pointer, at, offset }: Place): string {
  return offset === undefined ? `${at} ${pointer}` : `offset ${offset}`;
}

/** Ends the reading of a text that is nested too deeply, which its own fault says already. */
class TooDeep extends Error {}

/**
 * Where in `text` the places are, by {@link placeKey}. Where a key stands twice it is the last one,
 * whose value counts. Reads the text once, and only when there is something to report.
 *
 * @param firstLine the number of the line that `text` starts on
 */
export function locate(
  text: string,
  places: readonly Place[],
  firstLine = 1,
): ReadonlyMap<string, Spot> {
  const wanted = new Set(places.map(placeKey));
  const found = new Map<string, Spot>();
  const note = ({ offset, ...place }: Required<Place>, line: number, character: number) => {
    const spot = { offset, position: { line: line + firstLine, column: character + 1 } };
    for (const key of [placeKey(place), placeKey({ ...place, offset })]) {
      if (wanted.has(key)) found.set(key, spot);
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
