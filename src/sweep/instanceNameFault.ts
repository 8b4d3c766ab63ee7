import { MAX_INSTANCE_NAME_BYTES } from "./families.ts";

/** The characters of an instance name (systemd.unit(5), "Description"; `\` is how others are escaped). */
const ALLOWED = /^[A-Za-z0-9:_.\\@-]$/;

/**
 * Why no unit of microvm.nix can have this instance name, or `undefined` where all can. `.` and `..`
 * are refused too: they would name another directory than one in the state directory.
 */
export function instanceNameFault(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return "it names another directory";
  const wrong = [...name].find((character) => !ALLOWED.test(character));
  if (wrong !== undefined) return `it has the character ${JSON.stringify(wrong)}`;
  return name.length > MAX_INSTANCE_NAME_BYTES
    ? `it has ${name.length} bytes, and at most ${MAX_INSTANCE_NAME_BYTES} fit into a unit name`
    : undefined;
}
