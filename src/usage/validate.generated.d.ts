// Generated from src/usage/model.ts by src/codegen: do not edit, run "npm run codegen".
import type { ErrorObject } from "ajv";

/**
 * Tells whether a value has the shape of one interface of the model, whatever the members of its
 * records are. Where it has not, `errors` says why until the next call; their paths start with
 * `instancePath`.
 */
export interface Validate {
  (value: unknown, context?: { readonly instancePath: string }): boolean;
  errors?: ErrorObject[] | null;
}

/** Checks a `UsageDocument`. */
export const validateDocument: Validate;

/** Checks a `HostLine`. */
export const validateHostLine: Validate;

/** Checks a `Host`. */
export const validateHost: Validate;

/** Checks a `DeclaredVm`. */
export const validateVm: Validate;
