import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Fault } from "../usage/Fault.ts";
import { inOrder } from "../usage/inOrder.ts";
import { readText } from "../usage/text/readText.ts";
import { toDiagnostics } from "../usage/text/toDiagnostics.ts";
import { itemFaults } from "./itemFaults.ts";
import type { PolicySettings } from "./policy.ts";
import { policyShapeFaults } from "./policyShapeFaults.ts";

/** What is wrong with the names and directories of a policy that may have faults of its shape too. */
function contentFaults(value: unknown): readonly Fault[] {
  const shape = policyShapeFaults(value);
  return shape.some(({ pointer }) => pointer === "") ? shape : [...shape, ...itemFaults(value)];
}

/**
 * Reads a policy file (design, "Policy"): one JSON object, every key optional, with the values of the
 * flags of the same name. All faults come back at once, sorted by place; there are no settings where
 * there is one. What contradicts flags or the host is for `checkPolicy` to find.
 */
export function readPolicy(
  bytes: Uint8Array,
  { file }: { readonly file: string },
): { readonly settings?: PolicySettings; readonly diagnostics: readonly Diagnostic[] } {
  const origin = { file, firstLine: 1, firstByte: 0, kind: "policy" } as const;
  const { text, parsed, diagnostics } = readText(bytes, origin);
  if (text === undefined || parsed === undefined) return { diagnostics };
  const { value, faults, syntax } = parsed;
  if (syntax !== undefined) return { diagnostics: [...diagnostics, syntax] };
  const found = value === undefined ? faults : [...faults, ...contentFaults(value)];
  const all = [...diagnostics, ...toDiagnostics(found, text, origin)];
  return all.length > 0
    ? { diagnostics: inOrder(all, file) }
    : { settings: { ...(value as PolicySettings) }, diagnostics: [] };
}
