import { type JSONVisitor, visit } from "jsonc-parser";
import type { Diagnostic, Position } from "../diagnostics/diagnostic.ts";
import { excerptAt } from "../diagnostics/render.ts";
import type { BytesOrigin } from "./bytes.ts";
import { type Fault, type Place, pointer } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** Position of a place, and its offset in the text in UTF-16 code units. */
interface Location {
  readonly position: Position;
  readonly offset: number;
}

/** Makes diagnostics of faults: adds the file, line and column of each, and an excerpt of the text. */
export function locateFaults(
  faults: readonly Fault[],
  text: string,
  { file, firstLine }: Pick<BytesOrigin, "file" | "firstLine">,
): Diagnostic[] {
  if (faults.length === 0) return [];
  const located = faults.slice(0, LIMITS.faults);
  const places = located.flatMap((fault) => [fault, ...(fault.related ?? [])]);
  const locations = locate(text, places, firstLine);
  const where = (place: Place) => {
    const location = locations.get(placeKey(place));
    const position = location === undefined ? {} : { position: location.position };
    return { pointer: place.pointer, ...position };
  };
  return located.map((fault) => {
    const { code, severity = "error", message, hint, related } = fault;
    const location = locations.get(placeKey(fault));
    return {
      code,
      severity,
      file,
      ...where(fault),
      ...(location === undefined ? {} : { excerpt: excerptAt(text, location.offset) }),
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined
        ? {}
        : { related: related.map((other) => ({ message: other.message, ...where(other) })) }),
    };
  });
}

/** Key of a place in the result of `locate`. */
function placeKey({ pointer, at, offset }: Place): string {
  return offset === undefined ? `${at} ${pointer}` : `offset ${offset}`;
}

/** Ends the search in a text that is nested too deeply. The parser has reported that already. */
class TooDeep extends Error {}

/**
 * Finds places in a text. Of a key that occurs twice it finds the last one, whose value counts. Reads
 * the text once, so it is called only where there is something to report.
 */
function locate(
  text: string,
  places: readonly Place[],
  firstLine: number,
): ReadonlyMap<string, Location> {
  const wanted = new Set(places.map(placeKey));
  const found = new Map<string, Location>();
  const note = ({ offset, ...place }: Required<Place>, line: number, character: number) => {
    const location = { offset, position: { line: line + firstLine, column: character + 1 } };
    for (const key of [placeKey(place), placeKey({ ...place, offset })]) {
      if (wanted.has(key)) found.set(key, location);
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
