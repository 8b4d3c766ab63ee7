// Generated from src/usage/model.ts by src/codegen: do not edit, run "npm run codegen".
import type { ErrorObject } from "ajv";
import type { HostLine, UsageDocument } from "./model.ts";

/** Tells whether a value has the shape of T; where it has not, `errors` says why until the next call. */
export interface Validate<T> {
  (value: unknown): value is T;
  errors?: ErrorObject[] | null;
}

export const validateDocument: Validate<UsageDocument>;
export const validateHostLine: Validate<HostLine>;
