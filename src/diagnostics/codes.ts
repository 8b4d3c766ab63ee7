/** What a diagnostic code stands for. The page `src/diagnostics/README.md` says the same to readers. */
export interface CodeEntry {
  readonly title: string;
  readonly remedy: string;
}

/**
 * Every code, in groups: 10xx the text of an input, 11xx its shape, 12xx hosts and names, 13xx the
 * policy, 30xx the command line and files, 31xx Nix. A code never changes its meaning.
 */
export const CODES = {
  MS1001: { title: "the input is empty", remedy: "Check the command that was to write it." },
  MS1002: { title: "the input is not JSON", remedy: "Make it again with nix eval." },
  MS1003: { title: "the JSON ends too early", remedy: "Make it again: it was cut off." },
  MS1004: {
    title: "the input starts with a byte order mark",
    remedy: "Save it as UTF-8 without a byte order mark (RFC 8259, section 8.1).",
  },
  MS1005: { title: "the input is not UTF-8", remedy: "Save it as UTF-8 (RFC 8259, section 8.1)." },
  MS1006: { title: "a key stands twice in one object", remedy: "Remove one of the two." },
  MS1007: {
    title: "the JSON is nested too deeply",
    remedy: "No usage document is: make it again with nix eval.",
  },
  MS1008: {
    title: "the input is too large",
    remedy: "Give it as JSON Lines, which is read one host at a time.",
  },
  MS1009: {
    title: "JSON Lines where JSON was expected",
    remedy: "Name the file .jsonl, or pass --usage-format json-lines.",
  },
  MS1010: {
    title: "JSON where JSON Lines was expected",
    remedy: "Name the file .json, or pass --usage-format json.",
  },
  MS1011: {
    title: "a text holds what no file can",
    remedy: "Remove the NUL character or the lone surrogate.",
  },
  MS1012: { title: "an empty line among JSON Lines", remedy: "Remove the line." },
  MS1013: { title: "there are more faults than are shown", remedy: "Mend those above first." },
  MS1101: {
    title: "a newer schema version",
    remedy: "Use a newer release of microvm-sweep, or make the document again with this one.",
  },
  MS1102: { title: "an unknown key", remedy: "Remove it, or correct its spelling." },
  MS1103: { title: "a missing key", remedy: "Make the document again with nix eval." },
  MS1104: { title: "a value of the wrong type", remedy: "Make the document again with nix eval." },
  MS1105: { title: "a value that is not one of the known ones", remedy: "Use one of those named." },
  MS1106: { title: "a text of the wrong form", remedy: "Write it as described." },
  MS1107: {
    title: "names that are not sorted, or not unique",
    remedy: "Sort them by code unit, each once.",
  },
  MS1201: { title: "an unknown host", remedy: "Name one of the hosts of the document." },
  MS1202: {
    title: "no host in the document",
    remedy: "Evaluate a flake with nixosConfigurations.",
  },
  MS1203: { title: "several hosts, and none is named", remedy: "Name one with --host." },
  MS1204: {
    title: "the host is itself a MicroVM",
    remedy: "Name the host that runs it.",
  },
  MS1205: {
    title: "a name that no systemd unit can have",
    remedy: "Rename the MicroVM in microvm.vms or microvm.autostart.",
  },
  MS1206: {
    title: "a state directory that cannot be used",
    remedy: "Set microvm.stateDir to an absolute path of its own.",
  },
  MS1207: { title: "a host stands twice in JSON Lines", remedy: "Remove one of the two lines." },
  MS1301: {
    title: "state directories are to be deleted, but none is named",
    remedy: "Name each with --state-delete, or choose --state keep or archive.",
  },
  MS1302: {
    title: "state directories are named for deletion, but the policy is another",
    remedy: "Add --state delete, or drop --state-delete.",
  },
  MS1303: {
    title: "a MicroVM is both kept and deleted",
    remedy: "Take it off one of the two lists.",
  },
  MS1304: {
    title: "the state of a declared MicroVM is to be deleted",
    remedy: "Remove the MicroVM from the configuration first.",
  },
  MS1305: {
    title: "a declared MicroVM is on the keep list",
    remedy: "Drop it: it is safe already.",
  },
  MS1306: {
    title: "a unit directory that cannot be used",
    remedy: "Give an absolute, normalised path outside of /nix/store.",
  },
  MS1307: {
    title: "an archive directory that cannot be used",
    remedy: "Give an absolute, normalised path outside of /nix/store and the state directory.",
  },
  MS1308: {
    title: "an activation script on a host that runs none",
    remedy: "Drop --backend, or give --backend service.",
  },
  MS1309: {
    title: "NixOS itself stops removed MicroVMs, before the sweep",
    remedy: "Set X-StopOnRemoval = false for those that are to keep running.",
  },
  MS1310: {
    title: "a limit that nothing enforces",
    remedy: "Upgrade to NixOS 25.05, or drop --limit.",
  },
  MS1311: {
    title: "a unit directory that is read-only",
    remedy: "Drop it: the sweep can remove nothing there.",
  },
  MS3001: { title: "a fault of the command line", remedy: "See --help." },
  MS3002: { title: "a file cannot be read", remedy: "Check its path and permissions." },
  MS3003: { title: "a file cannot be written", remedy: "Check its path and permissions." },
  MS3101: { title: "nix cannot be run", remedy: "Install Nix, or read a recorded usage." },
  MS3102: { title: "nix is too old", remedy: "Use Nix 2.8 or newer." },
  MS3103: { title: "nix eval failed", remedy: "Mend what Nix reports above." },
} as const satisfies Record<string, CodeEntry>;

/** A stable code, such as `MS1001`. */
export type DiagnosticCode = keyof typeof CODES;
