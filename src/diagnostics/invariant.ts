import { InternalError } from "./InternalError.ts";

/** States what must hold whatever the input is. @throws InternalError */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}
