// Generated from src/plan/model.ts by src/codegen: do not edit, run "npm run codegen".
import type { Validate } from "../json/shape.ts";

/** Checks a `Plan`. */
export const validatePlan: Validate;
