import { describeValue } from "../../diagnostics/describeValue.ts";
import { directoryFault } from "../../microvm/directories.ts";
import type { Rule } from "./Rule.ts";

/** Directories of the system itself: what is in them is no MicroVM's state. */
const SYSTEM = new Set(
  "bin boot dev etc home lib lib64 mnt nix opt proc root run sbin srv sys tmp usr var".split(" "),
);
const SHARED = new Set([
  "/var/lib",
  "/var/log",
  "/var/cache",
  "/nix/var",
  "/run/systemd",
  "/run/user",
]);

function reasonAgainst(stateDir: string): string | undefined {
  const fault = directoryFault(stateDir);
  if (fault !== undefined) return fault;
  if (SHARED.has(stateDir) || SYSTEM.has(stateDir.slice(1))) return "it belongs to the system";
  if (`${stateDir}/`.startsWith("/nix/store/")) return "it is in the Nix store";
  return /^\/(dev|etc|proc|sys)\//.test(stateDir) ? "it belongs to the system" : undefined;
}

/** `stateDir` is an absolute, normalised path to a directory that holds nothing but state directories. */
export const StateDirIsUsable: Rule = function* ({ stateDir }, at) {
  if (typeof stateDir !== "string") return;
  const reason = reasonAgainst(stateDir);
  if (reason === undefined) return;
  yield {
    code: "MS1206",
    pointer: `${at}/stateDir`,
    at: "value",
    message: `${describeValue(stateDir)} cannot be the state directory: ${reason}`,
    hint: "set microvm.stateDir to an absolute path of its own, such as /var/lib/microvms",
  };
};
