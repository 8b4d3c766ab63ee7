import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { excerptAt } from "../../diagnostics/excerptAt.ts";
import type { Fault, Place } from "../Fault.ts";
import { LIMITS } from "../limits.ts";
import { locate, placeKey } from "./locate.ts";
import type { TextOrigin } from "./TextOrigin.ts";

/** Adds to each fault the file, the line and column of its place, and what stands there. */
export function toDiagnostics(
  faults: readonly Fault[],
  text: string,
  { file, firstLine }: TextOrigin,
): Diagnostic[] {
  if (faults.length === 0) return [];
  const some = faults.slice(0, LIMITS.faults);
  const places = some.flatMap((fault) => [fault, ...(fault.related ?? [])]);
  const found = locate(text, places, firstLine);
  const place = (fault: Place) => {
    const spot = found.get(placeKey(fault));
    return {
      pointer: fault.pointer,
      ...(spot === undefined ? {} : { position: spot.position }),
    };
  };
  const excerpt = (fault: Place) => {
    const spot = found.get(placeKey(fault));
    return spot === undefined ? {} : { excerpt: excerptAt(text, spot.offset) };
  };
  return some.map((fault) => ({
    code: fault.code,
    severity: fault.severity ?? "error",
    file,
    ...place(fault),
    ...excerpt(fault),
    message: fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    ...(fault.related === undefined
      ? {}
      : {
          related: fault.related.map((other) => ({ message: other.message, ...place(other) })),
        }),
  }));
}
