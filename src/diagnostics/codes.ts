/** Meaning of a diagnostic code. The page `docs/diagnostics.md` is generated from these entries. */
export interface CodeEntry {
  readonly title: string;
  readonly remedy: string;
}

/** The groups of codes: the first digits of a code, and the heading of its section on the page. */
export const CODE_GROUPS = {
  MS10: "The text of an input",
  MS11: "The shape of an input",
  MS12: "Hosts and names",
  MS13: "The policy",
  MS14: "Plans of hosts",
  MS30: "The command line and files",
  MS31: "Nix",
} as const;

/** Every code. A code never changes its meaning. */
export const CODES = {
  MS1001: {
    title: "the input is empty",
    remedy: "Check the command that writes it.",
  },
  MS1002: {
    title: "the input is not JSON",
    remedy: "Create it again: a usage with nix eval, a plan with sweep-microvms plan --json.",
  },
  MS1003: {
    title: "the JSON ends too early",
    remedy: "It was cut off. Create it again.",
  },
  MS1004: {
    title: "the input starts with a byte order mark",
    remedy: "Save it as UTF-8 without a byte order mark (RFC 8259, section 8.1).",
  },
  MS1005: {
    title: "the input is not UTF-8",
    remedy: "Save it as UTF-8 (RFC 8259, section 8.1).",
  },
  MS1006: {
    title: "one object has the same key twice",
    remedy: "Remove one of the two.",
  },
  MS1007: {
    title: "the JSON is nested too deeply",
    remedy: "Create it again with nix eval. No usage document is that deep.",
  },
  MS1008: {
    title: "the input is too large",
    remedy: "Use JSON Lines. They are read one host at a time.",
  },
  MS1009: {
    title: "the input is JSON Lines, but JSON was expected",
    remedy: "Name the file .jsonl, or pass --usage-format json-lines.",
  },
  MS1010: {
    title: "the input is JSON, but JSON Lines were expected",
    remedy: "Name the file .json, or pass --usage-format json.",
  },
  MS1011: {
    title: "the name of a host cannot be written to a file",
    remedy: "Remove the NUL character or the lone surrogate.",
  },
  MS1013: {
    title: "more diagnostics exist than are shown",
    remedy: "Fix those above first.",
  },
  MS1101: {
    title: "the schema version is newer",
    remedy: "Use a newer release of microvm-sweep, or create the document again with this one.",
  },
  MS1102: {
    title: "a key is unknown",
    remedy: "Remove it, or correct its spelling.",
  },
  MS1103: {
    title: "a key is missing",
    remedy:
      "Create the document again: a usage with nix eval, a plan with sweep-microvms plan --json.",
  },
  MS1104: {
    title: "a value has the wrong type",
    remedy:
      "Create the document again: a usage with nix eval, a plan with sweep-microvms plan --json.",
  },
  MS1105: {
    title: "a value is not one of the known ones",
    remedy: "Use one of those that the message lists.",
  },
  MS1106: {
    title: "a text has the wrong form",
    remedy: "Write it like the example in the hint.",
  },
  MS1107: {
    title: "names are not sorted, or one occurs twice",
    remedy: "Sort them by code unit, each once.",
  },
  MS1201: {
    title: "the document has no such host",
    remedy: "Name one of its hosts.",
  },
  MS1202: {
    title: "the document has no host",
    remedy: "Evaluate a flake with nixosConfigurations.",
  },
  MS1203: {
    title: "the document has several hosts, and none was named",
    remedy: "Name one with --host.",
  },
  MS1204: {
    title: "the host is itself a MicroVM",
    remedy: "Name the host that runs it.",
  },
  MS1205: {
    title: "no systemd unit can have this name",
    remedy: "Rename the MicroVM in microvm.vms or microvm.autostart.",
  },
  MS1206: {
    title: "the state directory cannot be used",
    remedy: "Set microvm.stateDir to an absolute path that only MicroVMs use.",
  },
  MS1207: {
    title: "a host is on two lines of JSON Lines",
    remedy: "Remove one of the two lines.",
  },
  MS1208: {
    title: "the host does not run Linux",
    remedy: "Check nixpkgs.hostPlatform. MicroVMs and systemd need Linux.",
  },
  MS1209: {
    title: "a MicroVM moves to another host",
    remedy: "Copy its state directory before the new host starts it. The old host stops it.",
  },
  MS1210: {
    title: "the options microvm are not those of microvm.nix 0.4 or later",
    remedy: "Upgrade microvm.nix, or give another module's options another name.",
  },
  MS1305: {
    title: "the keep list names a declared MicroVM",
    remedy: "Remove it from the list. A declared MicroVM is never touched.",
  },
  MS1308: {
    title: "the host runs no activation scripts",
    remedy: "Drop --backend, or pass --backend service.",
  },
  MS1309: {
    title: "NixOS itself stops removed MicroVMs, before the sweep runs",
    remedy:
      "To keep them running, set X-StopOnRemoval = false for all templates of microvm.nix, as docs/why.md shows.",
  },
  MS1310: {
    title: "nothing enforces the limit",
    remedy: "Upgrade to NixOS 25.05, or drop --limit.",
  },
  MS1312: {
    title: "a service runs the sweep, and it stops no MicroVM",
    remedy: "Drop --orphans, or --backend service.",
  },
  MS1401: {
    title: "two plans are of one host",
    remedy:
      "Give one plan of each host. The live module calls a host by its networking.hostName: give each its own.",
  },
  MS3001: {
    title: "the command line is wrong",
    remedy: "See --help.",
  },
  MS3002: {
    title: "a file cannot be read",
    remedy: "Check its path and permissions.",
  },
  MS3003: {
    title: "a file cannot be written",
    remedy: "Check its path and permissions.",
  },
  MS3004: {
    title:
      "a file in the place of a page, an index or the program was not generated, or was edited",
    remedy: "Name another file, or move what you need elsewhere. --force replaces what was edited.",
  },
  MS3101: {
    title: "nix cannot be run",
    remedy: "Install Nix, or read a saved usage document.",
  },
  MS3102: {
    title: "nix is too old",
    remedy: "Use Nix 2.8 or newer.",
  },
  MS3103: {
    title: "Nix could not evaluate",
    remedy: "Fix what Nix reports above.",
  },
} as const satisfies Record<string, CodeEntry>;

/** A diagnostic code, such as `MS1001`. */
export type DiagnosticCode = keyof typeof CODES;
