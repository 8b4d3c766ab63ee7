import type { ErrorObject } from "ajv";
import { pointer, recordAt } from "../../src/json/fault.ts";
import type { Validate } from "../../src/json/shape.ts";
import {
  validateDocument,
  validateHost,
  validateHostLine,
  validateVm,
} from "../../src/usage/validate.generated.js";

type Errors = readonly ErrorObject[];

function own(validate: Validate, value: unknown, at: string): Errors {
  return validate(value, { instancePath: at }) ? [] : (validate.errors ?? []);
}

function ofMembers(
  value: unknown,
  key: string,
  errors: (member: unknown, at: string) => Errors,
): Errors {
  return Object.entries(recordAt(value, key)).flatMap(([name, member]) =>
    errors(member, pointer([key, name])),
  );
}

function ofVms(host: unknown, path: string): Errors {
  return ofMembers(host, "vms", (vm, at) => own(validateVm, vm, path + at));
}

/** All that the validators find in a document, each looking at an object of its own. */
export function documentErrors(value: unknown): Errors {
  const hosts = ofMembers(value, "hosts", (host, at) => [
    ...own(validateHost, host, at),
    ...ofVms(host, at),
  ]);
  return [...own(validateDocument, value, ""), ...hosts];
}

/** The same of a line of JSON Lines. */
export function lineErrors(value: unknown): Errors {
  return [...own(validateHostLine, value, ""), ...ofVms(value, "")];
}
