import { describeValue } from "../diagnostics/describeValue.ts";
import type { Fault } from "../usage/Fault.ts";
import { pointer } from "../usage/text/pointer.ts";
import { instanceNameFault } from "./instanceNameFault.ts";
import { unitDirectoryFault } from "./unitDirectoryFault.ts";

interface Item {
  readonly text: string;
  readonly pointer: string;
  readonly at: "value";
}

/** The strings of one list of a policy file, each with its place. */
function items(value: unknown, key: string): Item[] {
  const list: unknown = Object(value)[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((text: unknown, index) =>
    typeof text === "string" ? [{ text, pointer: pointer([key, index]), at: "value" }] : [],
  );
}

function nameFaults({ text, ...place }: Item): Fault[] {
  const reason = instanceNameFault(text);
  if (reason === undefined) return [];
  const message = `no unit can have the instance name ${describeValue(text)}: ${reason}`;
  return [{ ...place, code: "MS1205", message, hint: "name a MicroVM as its units do" }];
}

function directoryFaults({ text, ...place }: Item): Fault[] {
  const reason = unitDirectoryFault(text);
  if (reason === undefined) return [];
  const message = `${describeValue(text)} cannot be a unit directory: ${reason}`;
  const hint = "give an absolute, normalised path outside of /nix/store";
  return [{ ...place, code: "MS1306", message, hint }];
}

/** Names that the file both keeps and deletes; what a flag adds to either is for `checkPolicy`. */
function keptAndDeleted(keep: readonly Item[], stateDelete: readonly Item[]): Fault[] {
  const kept = new Map(keep.map((item) => [item.text, item]));
  return stateDelete.flatMap(({ text, ...place }) => {
    const other = kept.get(text);
    if (other === undefined) return [];
    const message = `${describeValue(text)} is to be kept, and its state is to be deleted`;
    const related = [{ pointer: other.pointer, at: other.at, message: "it is kept here" }];
    const hint = "take it off one of the two lists";
    return [{ ...place, code: "MS1303", message, hint, related }];
  });
}

/** What is wrong with the names and directories that a policy file lists. */
export function itemFaults(value: unknown): readonly Fault[] {
  const keep = items(value, "keep");
  const stateDelete = items(value, "stateDelete");
  return [
    ...[...keep, ...stateDelete].flatMap(nameFaults),
    ...items(value, "unitDirs").flatMap(directoryFaults),
    ...keptAndDeleted(keep, stateDelete),
  ];
}
