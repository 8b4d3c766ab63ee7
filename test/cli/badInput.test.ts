import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requireTool } from "../support/require.ts";
import { line } from "../usage/documents.ts";
import { PROGRAM } from "./support/runCli.ts";
import { temporary } from "./support/temporary.ts";
import { hostWith, usageText } from "./support/usage.ts";

/** A wrong input, as somebody types it, and all that the program says of it. */
interface Row {
  /** The command line, for bash. Its directory has a document of two hosts, also as JSON Lines. */
  readonly line: string;
  readonly status: 2 | 3;
  /** The first line of each message up to its code. */
  readonly places: readonly string[];
  /** What the last message has to say, its hint included. */
  readonly says: RegExp;
}

const ROWS: Readonly<Record<string, Row>> = {
  "an option with a typing error": {
    line: "sweep gen --usge u.json",
    status: 2,
    places: ["microvm-sweep: error MS3001"],
    says: /Unknown argument: usge\n {2}hint: did you mean --usage\?/,
  },
  "a command with one": {
    line: "sweep gne --usage u.json",
    status: 2,
    places: ["microvm-sweep: error MS3001"],
    says: /no command gne\n {2}hint: did you mean gen\?/,
  },
  "an option of nix before --": {
    line: "sweep gen --flake . --impure",
    status: 2,
    places: ["microvm-sweep: error MS3001"],
    says: /hint: options for nix come last, after --: -- --impure/,
  },
  "a value of a policy that is none": {
    line: "sweep gen --usage u.json --host a --orphans all",
    status: 2,
    places: ["microvm-sweep: error MS3001"],
    says: /--orphans takes stop, stop-all or report, not all\n {2}hint: see microvm-sweep --help/,
  },
  "a limit below nothing": {
    line: "sweep gen --usage u.json --host a --limit -1",
    status: 2,
    places: ["microvm-sweep: error MS3001"],
    says: /--limit takes a whole number of 0 or more, not -1/,
  },
  "a key of a policy file that is none": {
    line: `printf '{"orphan": "stop"}' > p; sweep gen --usage u.json --host a --config p`,
    status: 2,
    places: ["p:1:2: error MS1102"],
    says: /"orphan" is not known here\n.*\n.*\n {2}at \/orphan\n {2}hint: did you mean "orphans"\?/,
  },
  "a policy file that is YAML": {
    line: "echo 'orphans: stop' > p; sweep gen --usage u.json --host a --config p",
    status: 2,
    places: ["p:1:1: error MS1002"],
    says: /this is not JSON: .*\n.*\n.*\n {2}hint: write one JSON object/,
  },
  "no source": {
    line: "sweep gen --host a",
    status: 2,
    places: ["microvm-sweep: error MS3001"],
    says: /one of --flake and --usage is needed\n {2}hint: for the flake here: --flake \./,
  },
  "no nix": {
    line: `PATH=/nonexistent "$node" "$program" gen --flake .#a`,
    status: 3,
    places: ["microvm-sweep: error MS3101"],
    says: /not found on PATH\n {2}hint: install Nix, or evaluate elsewhere/,
  },
  "a flake that does not exist": {
    line: "sweep gen --flake ./nowhere#a 2> >(grep -v -e ^error: -e ^warning: >&2)",
    status: 3,
    places: ["microvm-sweep: error MS3103"],
    says: /nix could not evaluate \.\/nowhere \(exit status 1\)/,
  },
  "a file that does not exist": {
    line: "sweep gen --usage nowhere.json",
    status: 2,
    places: ["nowhere.json: error MS3002"],
    says: /cannot be read: no such file or directory/,
  },
  "a directory": {
    line: "sweep gen --usage .",
    status: 2,
    places: [".: error MS3002"],
    says: /cannot be read: it is a directory/,
  },
  "a directory as standard input": {
    line: "sweep gen --usage - < /",
    status: 2,
    places: ["-: error MS3002"],
    says: /cannot be read: it is a directory/,
  },
  "standard input that is closed": {
    line: "sweep gen --usage - <&-",
    status: 2,
    places: ["-:1:1: error MS1001"],
    says: /the input is empty, .*\n.*\n.*\n {2}hint: check the command that writes it/,
  },
  "a host with a typing error": {
    line: "sweep gen --usage u.json --host hpy-01",
    status: 2,
    places: ["u.json:1:28: error MS1201"],
    says: /no host "hpy-01"\n.*\n.*\n {2}at \/hosts\n {2}hint: did you mean "hyp-01"\?/,
  },
  "no choice of a host": {
    line: "sweep gen --usage u.json",
    status: 2,
    places: ["u.json:1:28: error MS1203"],
    says: /several hosts: "a", "hyp-01"\n.*\n.*\n {2}at \/hosts\n {2}hint: name one with --host/,
  },
  "JSON of another tool": {
    line: `echo '{"name": "x", "version": "1"}' > p; sweep gen --usage p`,
    status: 2,
    places: ["p:1:1: error MS1103", "p:1:2: error MS1102", "p:1:15: error MS1102"],
    says: /"version" is not known here\n.*\n.*\n {2}at \/version\n {2}hint: there are "schemaVersion", "hosts"/,
  },
  "the words of a command that failed": {
    line: "echo 'error: flake not found' > p; sweep gen --usage p",
    status: 2,
    places: ["p:1:1: error MS1002"],
    says: /this is not JSON: .*\n.*\n.*\n {2}hint: create it again with nix eval --json/,
  },
  "a document that is cut off": {
    line: "head -c 60 u.json > p; sweep gen --usage p",
    status: 2,
    places: ["p:1:58: error MS1003"],
    says: /the JSON ends too early: .*\n.*\n.*\n {2}hint: it was cut off: create it again/,
  },
  "a line that is cut off": {
    line: "head -c 600 u.jsonl > p.jsonl; sweep gen --usage p.jsonl --host a",
    status: 2,
    places: ["p.jsonl:2:"],
    says: /the JSON ends too early: .*\n.*\n.*\n {2}hint: it was cut off: create it again/,
  },
  "JSON Lines under the name of a document": {
    line: "cp u.jsonl p.json; sweep gen --usage p.json --host a",
    status: 2,
    places: ["p.json:1:1: error MS1009"],
    says: /hint: name the file \.jsonl, or pass --usage-format json-lines/,
  },
  "a document under the name of JSON Lines": {
    line: "cp u.json p.jsonl; sweep gen --usage p.jsonl --host a",
    status: 2,
    places: ["p.jsonl:1:1: error MS1010"],
    says: /hint: name the file \.json, or pass --usage-format json/,
  },
  "a document of a later release": {
    line: `sed 's/"schemaVersion":1/"schemaVersion":2/' u.json > p; sweep gen --usage p --host a`,
    status: 2,
    places: ["p:1:18: error MS1101"],
    says: /document has version 2\n.*\n.*\n {2}at \/schemaVersion\n {2}hint: use a release of microvm-sweep newer than/,
  },
  "UTF-16": {
    line: "iconv -t utf-16 u.json > p; sweep gen --usage p",
    status: 2,
    places: ["p:1:1: error MS1005"],
    says: /the input is not UTF-8\n.*\n.*\n {2}hint: save it as UTF-8/,
  },
  "a million brackets": {
    line: "head -c 1M /dev/zero | tr '\\0' '[' | sweep gen --usage -",
    status: 2,
    places: ["-:1:65: error MS1007"],
    says: /nested more than 64 levels deep/,
  },
  "600 MB": {
    line: "truncate -s 600M p.json; sweep gen --usage p.json",
    status: 2,
    places: ["p.json:1:1: error MS1008"],
    says: /more than 24 MiB in one piece.*\n {2}hint: write it as JSON Lines/,
  },
  "what has no end": {
    line: "sweep gen --usage /dev/zero",
    status: 2,
    places: ["/dev/zero:1:1: error MS1008"],
    says: /more than 24 MiB in one piece/,
  },
  "a line that has no end": {
    line: "sweep gen --all --usage /dev/zero --usage-format json-lines --out-dir d",
    status: 2,
    places: ["/dev/zero:1:1: error MS1008"],
    says: /hint: write each host on a line of its own/,
  },
  "a target where nobody may write": {
    line: "sweep gen --usage u.json --host a --out /proc/page.nix",
    status: 2,
    places: ["/proc/microvm-sweep"],
    says: /cannot be written: /,
  },
};

/** Runs a line of bash with `sweep` for the program, in a directory with usages. */
function run(text: string) {
  const cwd = temporary();
  chmodSync(cwd, 0o755);
  const hosts = { a: hostWith("fw"), "hyp-01": hostWith("db") };
  writeFileSync(join(cwd, "u.json"), `${usageText(hosts)}\n`);
  writeFileSync(join(cwd, "u.jsonl"), `${line("a")}\n${line("hyp-01")}\n`);
  const env = { ...process.env, node: process.execPath, program: PROGRAM };
  const script = `sweep() { "$node" --max-old-space-size=512 "$program" "$@"; }\n${text}`;
  return spawnSync("bash", ["-c", script], { cwd, env, encoding: "utf8" });
}

describe.skipIf(requireTool("nix"))("a wrong input", () => {
  it.each(Object.entries(ROWS))("%s", (_what, { line: text, status, places, says }) => {
    const found = run(text);
    const heads = found.stderr.match(/^\S.*: error MS\d{4}/gm) ?? [];
    expect(heads, found.stderr).toHaveLength(places.length);
    for (const [index, head] of heads.entries()) expect(head).toContain(places[index]);
    expect(found.stderr).toMatch(says);
    expect(found.stderr).not.toMatch(/\n {4}at |fault of the program/);
    expect({ status: found.status, stdout: found.stdout }).toEqual({ status, stdout: "" });
  });
});
