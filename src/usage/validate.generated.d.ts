// Generated from src/usage/model.ts by src/codegen: do not edit, run "npm run codegen".
import type { Validate } from "../json/shape.ts";

/** Checks a `UsageDocument`. */
export const validateDocument: Validate;

/** Checks a `HostLine`. */
export const validateHostLine: Validate;

/** Checks a `Host`. */
export const validateHost: Validate;

/** Checks a `DeclaredVm`. */
export const validateVm: Validate;
