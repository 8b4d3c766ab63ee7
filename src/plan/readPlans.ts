import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { describeValue } from "../diagnostics/wording.ts";
import type { Fault } from "../json/fault.ts";
import { firstFaults, sortAndLimit } from "../json/fault.ts";
import { shapeFaults } from "../json/shape.ts";
import { JsonText } from "../json/text.ts";
import type { Plan } from "./model.ts";
import { validatePlan } from "./validate.generated.js";

/** Version of the plan that this release reads. */
const SCHEMA_VERSION = 2;

/** The releases that wrote the versions before. */
const EARLIER: Readonly<Record<number, string>> = { 1: "0.2.0 and earlier" };

const AGAIN = "create it again with sweep-microvms plan --json";

/** A file with the plan of one host. */
export interface PlanFile {
  /** Name of the file as the user gave it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The plans in the order of their files. There are none where `diagnostics` is not empty. */
export interface PlansResult {
  readonly plans: readonly Plan[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the plans of many hosts (src/plan/model.ts). Returns the errors of all files at once. A report
 * of some hosts would look like a report of all of them, so one error leaves no plan.
 *
 * @param release the release that reads the plans
 */
export function readPlans(files: readonly PlanFile[], release: string): PlansResult {
  const read = new Map<string, string>();
  const results = files.map(({ file, bytes }) => {
    const { plan, diagnostics } = readPlan({ file, bytes }, release, read);
    if (plan !== undefined) read.set(plan.host, file);
    return { plan, diagnostics: sortAndLimit(diagnostics, file) };
  });
  const diagnostics = results.flatMap((result) => result.diagnostics);
  const plans = results.flatMap(({ plan }) => plan ?? []);
  return { plans: diagnostics.length > 0 ? [] : plans, diagnostics };
}

/** @param read the file of each host whose plan is read already */
function readPlan(
  { file, bytes }: PlanFile,
  release: string,
  read: ReadonlyMap<string, string>,
): { readonly plan?: Plan; readonly diagnostics: readonly Diagnostic[] } {
  const text = new JsonText(bytes, { file, firstLine: 1, kind: "plan" });
  if (text.diagnostics.length > 0) return { diagnostics: text.diagnostics };
  const faults = planFaults(text.value, release);
  if (faults.length > 0) return { diagnostics: text.locate(faults) };
  const plan = text.value as Plan;
  const other = read.get(plan.host);
  if (other === undefined) return { plan, diagnostics: [] };
  return { diagnostics: text.locate([secondPlan(plan.host, other)]) };
}

function planFaults(value: unknown, release: string): readonly Fault[] {
  const other = otherVersion(value, release);
  if (other !== undefined) return [other];
  const faults = shapeFaults(validatePlan, value, "", AGAIN);
  return firstFaults(faults.length > 0 ? faults : noDate(value as Plan));
}

/** Reports a date that no calendar has: its form is right. */
function noDate({ made }: Plan): readonly Fault[] {
  if (!Number.isNaN(Date.parse(made))) return [];
  const message = `${describeValue(made)} is no date`;
  return [{ code: "MS1106", pointer: "/made", at: "value", message, hint: AGAIN }];
}

/** Reports a plan of another version. This is its only fault: everything else in it may be right there. */
function otherVersion(value: unknown, release: string): Fault | undefined {
  const found: unknown = Object(value).schemaVersion;
  if (!Number.isInteger(found) || found === SCHEMA_VERSION) return undefined;
  const writer = EARLIER[Number(found)];
  const hint =
    Number(found) > SCHEMA_VERSION
      ? `use a release of microvm-sweep newer than ${release}`
      : `switch the host to release ${release}, and ${AGAIN}`;
  return {
    code: "MS1101",
    pointer: "/schemaVersion",
    at: "value",
    message:
      `microvm-sweep ${release} reads plans of schema version ${SCHEMA_VERSION}, and this one has version ${found}` +
      (writer === undefined ? "" : `, which releases ${writer} write`),
    hint,
  };
}

function secondPlan(host: string, other: string): Fault {
  return {
    code: "MS1401",
    pointer: "/host",
    at: "value",
    message: `${other} has a plan of ${describeValue(host)} too`,
    hint: "give one plan of each host; the live module calls a host by its networking.hostName, so give each its own",
  };
}
