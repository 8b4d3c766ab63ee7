import { readFile } from "node:fs/promises";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Provenance } from "../emit/provenance.ts";
import { mergePolicy } from "../policy/policy.ts";
import { DEFAULT_POLICY, type Policy, type PolicySettings } from "../policy/policy.ts";
import { readPolicy } from "../policy/readPolicy.ts";
import { fileFault } from "./fileFault.ts";
import type { GenArguments } from "./options/GenArguments.ts";

/** The policy of a run, and what is wrong with the file that it comes from. */
export interface PolicyArguments {
  readonly policy: Policy;
  readonly backend: Provenance["backend"];
  /** What the file of `--config` says. */
  readonly settings: PolicySettings;
  readonly diagnostics: readonly Diagnostic[];
}

/** The flags that are given, under the keys of a policy file. */
function flagSettings(args: GenArguments): PolicySettings {
  const given = {
    orphans: args.orphans,
    unitFiles: args["unit-files"],
    state: args.state,
    gcroots: args.gcroots,
    keep: args.keep,
    stateDelete: args["state-delete"],
    unitDirs: args["unit-dir"],
    backend: args.backend,
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as PolicySettings;
}

/** The policy of a command line whose file of `--config` says `settings`: a flag goes before them. */
export function policyOf(
  args: GenArguments,
  settings: PolicySettings,
): Pick<PolicyArguments, "policy" | "backend"> {
  const flags = flagSettings(args);
  const backend = flags.backend ?? settings.backend ?? "auto";
  return { policy: mergePolicy(settings, flags), backend };
}

async function readConfig(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileFault("MS3002", file, error);
  }
}

/**
 * The policy that a command line comes to: its flags, then the file of `--config`, then the defaults.
 *
 * @throws CliFailure where the file cannot be read
 */
export async function readPolicyArguments(args: GenArguments): Promise<PolicyArguments> {
  if (args.config === undefined) return { ...policyOf(args, {}), settings: {}, diagnostics: [] };
  const read = readPolicy(await readConfig(args.config), { file: args.config });
  const { settings, diagnostics } = read;
  if (settings !== undefined) return { ...policyOf(args, settings), settings, diagnostics };
  return { policy: DEFAULT_POLICY, backend: "auto", settings: {}, diagnostics };
}
