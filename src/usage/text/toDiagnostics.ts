import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Fault } from "../Fault.ts";
import { locate, placeKey } from "./locate.ts";

/** What is known of a text when its faults are turned into diagnostics. */
export interface TextOrigin {
  readonly file: string;
  /** The number of the line of `file` that the text starts on. */
  readonly firstLine: number;
}

/** Adds to each fault the file, and the line and column of its place. */
export function toDiagnostics(
  faults: readonly Fault[],
  text: string,
  { file, firstLine }: TextOrigin,
): Diagnostic[] {
  if (faults.length === 0) return [];
  const places = faults.flatMap((fault) => [fault, ...(fault.related ?? [])]);
  const found = locate(text, places, firstLine);
  const position = (place: Fault | (typeof places)[number]) => {
    const value = found.get(placeKey(place));
    return value === undefined ? {} : { position: value };
  };
  return faults.map((fault) => ({
    code: fault.code,
    severity: fault.severity ?? "error",
    file,
    pointer: fault.pointer,
    ...position(fault),
    message: fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    ...(fault.related === undefined
      ? {}
      : {
          related: fault.related.map((place) => ({
            message: place.message,
            pointer: place.pointer,
            ...position(place),
          })),
        }),
  }));
}
