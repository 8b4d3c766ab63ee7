// Generated from src/plan/model.ts by src/codegen: do not edit, run "npm run codegen".
import type { ErrorObject } from "ajv";

/**
 * Returns whether a value has the shape of one interface of the model. It does not look at the
 * members of records. After `false`, `errors` holds the errors until the next call, and their paths
 * start with `instancePath`.
 */
export interface Validate {
  (value: unknown, context?: { readonly instancePath: string }): boolean;
  errors?: ErrorObject[] | null;
}

/** Checks a `Plan`. */
export const validatePlan: Validate;
