import { chmodSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GENERATION, DEFAULT_STATE_DIR as STATE } from "../oracle/host.ts";
import { dataWords } from "../sandbox/data.ts";
import { listUnits } from "../sandbox/listUnits.ts";
import { type Result, requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { decide, readDecisions, runDecide, type View } from "./decide.ts";
import { CONTROL, describedHost, listed } from "./describedHost.ts";

const UNITS = [
  listed("microvm@bar.service"),
  listed("microvm-virtiofsd@bar.service", { active: "failed" }),
  listed("microvm@fw.service", { active: "activating", job: "start" }),
];
const DROP_INS = `${CONTROL}/microvm@bar.service.d`;
const WANTS = `${CONTROL}/x.target.wants`;
/** A host with something to stop and something to remove. */
const HOST = describedHost({
  removes: ["bar"],
  vms: ["fw"],
  units: UNITS,
  tree: (tree) => tree.file(`${DROP_INS}/50-x.conf`).link(`${WANTS}/microvm@bar.service`, "../x"),
});
const ANSWER = listUnits(UNITS);
const LINES = ANSWER.trimEnd().split("\n");

let sandbox: Sandbox;

/** Fails unless nothing is decided: no line, no success. */
function expectNothing({ status, stdout, stderr }: Result): void {
  expect(status).not.toBe(0);
  expect(stdout).not.toMatch(/^(stop|remove|reset|end)\b/m);
  expect(stderr.split("\n").filter(Boolean)).toHaveLength(1);
  expect(stderr).toMatch(/^microvm-sweep: error: /);
}

describe.skipIf(requireNamespaces())("in doubt", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  beforeEach(() => {
    sandbox.layOut(HOST.tree);
    sandbox.command("find", `PATH=${sandbox.path}; exec find "$@"`);
  });
  afterAll(() => sandbox?.close());

  it("the whole answer of systemd is decided about", async () => {
    for (const answer of [ANSWER, ANSWER.trimEnd()]) {
      const { status, stdout } = await runDecide(sandbox, HOST, "switch", answer);
      expect(status).toBe(0);
      expect([...readDecisions(stdout).stop.keys()]).toEqual(["bar"]);
    }
  });

  const cuts: Readonly<Record<string, string>> = {
    "is empty": "",
    "is an empty line": "\n",
    "says that nothing was asked": "Running in chroot, ignoring command 'list-units'\n",
    "has no first unit": LINES.slice(1).join("\n"),
    "has no last unit": LINES.slice(0, -1).join("\n"),
    "has neither": LINES.slice(1, -1).join("\n"),
    "is in another order": [...LINES].reverse().join("\n"),
    "has a line behind the last": [...LINES, "microvm@x.service loaded active running x"].join(
      "\n",
    ),
    "has a line before the first": ["microvm@x.service loaded active running x", ...LINES].join(
      "\n",
    ),
    "only describes the ends": [
      "microvm@bar.service loaded active running init.scope",
      "microvm@bar.service loaded active running -.slice",
    ].join("\n"),
    "is coloured": LINES.map((line) => `\u001b[0;1;32m${line}\u001b[0m`).join("\n"),
    "has bullets": LINES.map((line) => `● ${line}`).join("\n"),
  };
  it.each(Object.entries(cuts))("nothing is decided where it %s", async (_title, answer) => {
    expectNothing(await runDecide(sandbox, HOST, "switch", answer));
  });

  it("nothing is decided where it is cut anywhere", async () => {
    const end = ANSWER.lastIndexOf("-.slice") + "-.slice".length;
    const lengths = Array.from({ length: 24 }, (_, at) => Math.floor((at * end) / 24));
    for (const length of [...lengths, end - 1])
      expectNothing(await runDecide(sandbox, HOST, "switch", ANSWER.slice(0, length)));
  });

  it("a description says nothing of a state", async () => {
    for (const description of [
      "start",
      "failed",
      "active running",
      "init.scope",
      "",
      "x\u001b[31m",
    ]) {
      const units = [
        listed("microvm@bar.service", { active: "failed", description }),
        listed("microvm@baz.service", { active: "active", description: `failed ${description}` }),
        listed("microvm@fw.service", { active: "activating", job: "start", description }),
      ];
      const { stop, reset, notes } = await decide(sandbox, { ...HOST, units });
      expect([[...stop.keys()], [...reset.keys()], notes.length]).toEqual([[], ["bar"], 1]);
    }
  });

  it("an entry that vanishes while the directories are read is no error", async () => {
    for (const calls of ["1", "1|2|3"]) {
      sandbox.command(
        "find",
        `PATH=${sandbox.path}; find "$@"; status=$?; echo x >> /tmp/calls
        case $(wc -l < /tmp/calls) in ${calls}) echo "find: '/x': No such file or directory" >&2; exit 1 ;; esac
        exit $status`,
      );
      await sandbox.serve(["rm", "-f", "/tmp/calls"]);
      const { status, stdout } = await runDecide(sandbox, HOST);
      expect([status, [...readDecisions(stdout).remove.keys()]]).toEqual([
        0,
        [DROP_INS, `${WANTS}/microvm@bar.service`],
      ]);
    }
  });

  it("nothing is decided where a directory cannot be read, or not to its end", async () => {
    for (const message of [
      "find: '/etc/systemd/system.control/x': Permission denied",
      "find: '/etc/systemd/system.control/x': Input/output error",
      "find: '/etc/systemd/system.control/x': Transport endpoint is not connected",
    ]) {
      sandbox.command("find", `PATH=${sandbox.path}; find "$@"; echo "${message}" >&2; exit 1`);
      expectNothing(await runDecide(sandbox, HOST));
    }
  });

  it("nothing is decided where an error stands in the middle of a line", async () => {
    const line = `l\\t${WANTS}/microvm@bar.service\\tx`;
    sandbox.command(
      "find",
      `printf '${line.slice(0, -4)}'; echo "find: '/x': Permission denied" >&2; printf 'e\\tx\\n'; exit 1`,
    );
    expectNothing(await runDecide(sandbox, HOST));
  });

  it("nothing is decided where find cannot be started, or is killed", async () => {
    for (const text of [
      "exit 127",
      "kill -9 $$",
      `PATH=${sandbox.path}; find "$@" | head -n 1; kill -9 $$`,
    ]) {
      sandbox.command("find", text);
      const { status, stdout } = await runDecide(sandbox, HOST);
      expect([text, status === 0, /^end$/m.test(stdout)]).toEqual([text, false, false]);
    }
  });

  /** Runs decide as a root that may not read what it does not own by mode. */
  async function withoutPower(view: View): Promise<Result> {
    const words = [...dataWords(HOST.data), "--", GENERATION, HOST.action, "running", view];
    const power = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"];
    const program = [...power, "bash", "/t/microvm-sweep/decide.bash", ...words];
    return sandbox.serve(["env", "-i", `PATH=/t/bin:${sandbox.path}`, ...program], ANSWER);
  }

  it("a directory that cannot be read stops a switch, and a plan without root says so", async () => {
    chmodSync(sandbox.root + WANTS, 0);
    try {
      expectNothing(await withoutPower("switch"));
      const { status, stdout } = await withoutPower("user");
      const { notes, remove } = readDecisions(stdout);
      expect([status, [...remove.keys()]]).toEqual([0, [DROP_INS]]);
      expect(notes.filter((note) => note.includes(WANTS))).toHaveLength(1);
    } finally {
      chmodSync(sandbox.root + WANTS, 0o755);
    }
  });

  it("a state directory that cannot be read makes no VM a ghost", async () => {
    const host = describedHost({
      tree: (tree) => tree.file(`${DROP_INS}/50-x.conf`).directory(`${STATE}/bar`),
    });
    sandbox.layOut(host.tree);
    chmodSync(sandbox.root + STATE, 0);
    try {
      const { stdout } = await withoutPower("switch");
      expect(stdout).not.toMatch(/^(stop|remove|reset)\b/m);
    } finally {
      chmodSync(sandbox.root + STATE, 0o755);
    }
  });
});
