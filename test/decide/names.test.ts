import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CURRENT, ROOTS, DEFAULT_STATE_DIR as STATE, UNITS } from "../oracle/host.ts";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { checkHost } from "./check.ts";
import { decide, readDecisions, runDecide } from "./decide.ts";
import { CONTROL, type Description, describedHost, listed, OLD } from "./describedHost.ts";

/** Names of VMs that look like options, patterns, paths or other names. */
const NAMES = [
  "-",
  "--",
  "-rf",
  "--help",
  "@",
  "@@",
  "x@y",
  "...",
  "..a",
  "a..b",
  ".hidden",
  "a.b",
  "a.service",
  "a.d",
  "a.wants",
  "a.service.d",
  "\\",
  "\\\\",
  "e\\x2d",
  "\\n",
  "c:d",
  "0",
  "_",
  "microvm@bar",
  "install-microvm-bar",
  "install-microvm-bar.service",
  "booted-bar",
  "old-",
  "end",
  "x".repeat(208),
];

/** Names that no VM can have, as files of an attacker or an accident. */
const NO_NAMES = [
  "..",
  ".",
  "a b",
  " ",
  "a\tb",
  "a\nb",
  "a\nmicrovm@fw.service.d",
  "\u001b[31mred",
  "\u007f",
  "*",
  "?",
  "[a-z]*",
  "{fw,bar}",
  "~",
  "$(touch /tmp/x)",
  "`x`",
  `$${"{HOME}"}`,
  "a;b",
  "a&b",
  "a|b",
  "'",
  '"',
  "!",
  "#",
  "%",
  "caf\u00e9",
  "\u202egnp",
  "x".repeat(221),
];

let sandbox: Sandbox;

function each(change: (name: string) => void): void {
  for (const name of NAMES) change(name);
}

describe.skipIf(requireNamespaces())("names", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());

  it("of VMs may look like options, patterns, paths or other names", async () => {
    const unit = (name: string) => `microvm@${name}.service`;
    const helper = (name: string) => `microvm-virtiofsd@${name}.service`;
    const link = (name: string) => `/run/systemd/system/x.target.wants/${unit(name)}`;
    const dropIns = (name: string) => `${CONTROL}/${unit(name)}.d`;
    const host = describedHost({
      removes: NAMES,
      vms: ["fw"],
      units: [
        ...NAMES.flatMap((name) => [
          listed(unit(name)),
          listed(helper(name), { active: "failed" }),
        ]),
        listed(unit("fw")),
      ],
      tree: (tree) => {
        for (const name of [...NAMES, "fw"])
          tree.file(`${dropIns(name)}/50-x.conf`).link(link(name), "../x");
      },
    });
    const { stop, reset, remove, keep, notes } = await checkHost(sandbox, host);
    expect(Object.fromEntries(stop)).toEqual(
      Object.fromEntries(NAMES.map((name) => [name, [unit(name)]])),
    );
    expect(Object.fromEntries(reset)).toEqual(
      Object.fromEntries(NAMES.map((name) => [name, [helper(name)]])),
    );
    // A directory whose name ends in a dash is for many units.
    const goes = [...NAMES.map(link), ...NAMES.map(dropIns)].filter(
      (path) => !path.endsWith("-.service.d"),
    );
    expect([...remove.keys()].sort()).toEqual(goes.sort());
    expect([[...keep], notes]).toEqual([[], []]);
  });

  it("a name of 220 bytes fits into each unit, and its drop-ins into no file system", async () => {
    const name = "x".repeat(220);
    const links = ["microvm", "microvm-macvtap-interfaces"].map(
      (family) => `${CONTROL}/x.target.wants/${family}@${name}.service`,
    );
    const host = describedHost({
      removes: [name],
      units: [listed(`microvm-macvtap-interfaces@${name}.service`)],
      tree: (tree) => {
        for (const link of links) tree.link(link, "../x");
      },
    });
    const { stop, remove } = await checkHost(sandbox, host);
    expect([...stop.keys()]).toEqual([name]);
    expect([...remove.keys()]).toEqual(links);
  });

  it.each<[string, Description]>([
    ["imperative", { tree: (tree) => each((name) => tree.link(`${ROOTS}/booted-${name}`, "/x")) }],
    ["kept", { policy: { keep: NAMES } }],
    ["live", { vms: NAMES }],
    ["lingering", { tree: (tree) => each((name) => tree.link(`${STATE}/${name}/toplevel`, "/x")) }],
  ])("of such VMs may be %s", async (verdict, description) => {
    const host = describedHost({
      ...description,
      units: NAMES.map((name) => listed(`microvm@${name}.service`)),
      tree: (tree) => {
        each((name) => tree.file(`${CONTROL}/microvm@${name}.service.d/50-x.conf`));
        description.tree?.(tree);
      },
    });
    const { verdicts, stop, remove } = await checkHost(sandbox, host);
    expect(Object.fromEntries(verdicts)).toEqual(
      Object.fromEntries(NAMES.map((name) => [name, verdict])),
    );
    expect([...stop, ...remove]).toEqual([]);
  });

  it.each(NO_NAMES)("%j is none, and nothing is said or done", async (name) => {
    const isShort = name.length < 200 && name !== "..";
    const host = describedHost({
      vms: ["fw"],
      units: [listed("microvm@fw.service")],
      tree: (tree) => {
        tree.link(CURRENT, OLD).file(`${OLD}/${UNITS}/install-microvm-${name}.service`);
        tree.file(`${CONTROL}/microvm@fw.service.d/50-x.conf`);
        tree.link(`${CONTROL}/x.target.wants/microvm@${name}.service`, "../x");
        tree.link(`${CONTROL}/microvm@${name}.service`, "/nix/store/gone/x");
        tree.file(`${CONTROL}/microvm@${name}.service.d/50-x.conf`);
        if (isShort && name !== ".") {
          tree.link(`${ROOTS}/${name}`, "/nowhere");
          tree.link(`${STATE}/${name}/toplevel`, "/nowhere");
        }
      },
    });
    const decided = await checkHost(sandbox, host);
    expect([...decided.verdicts]).toEqual([["fw", "live"]]);
    expect([...decided.stop, ...decided.remove, ...decided.keep, ...decided.notes]).toEqual([]);
  });

  it("bytes that are no text are none, and nothing is said or done", async () => {
    const host = describedHost();
    sandbox.layOut(host.tree);
    const bytes = (directory: string, before: string, after: string) =>
      Buffer.concat([
        Buffer.from(`${sandbox.root}${directory}/${before}`),
        Buffer.from([0xff, 0xfe, 0x62]),
        Buffer.from(after),
      ]);
    for (const directory of [CONTROL, ROOTS])
      mkdirSync(sandbox.root + directory, { recursive: true });
    mkdirSync(bytes(CONTROL, "microvm@", ".service.d"));
    symlinkSync("/nowhere", bytes(CONTROL, "microvm@", ".service"));
    symlinkSync("/nowhere", bytes(ROOTS, "", ""));
    writeFileSync(bytes(STATE, "", ""), "");
    for (const view of ["switch", "plan"] as const) {
      const { status, stdout } = await runDecide(sandbox, host, view);
      expect([status, stdout]).toEqual([0, "end\n"]);
    }
  });

  it("text of files reaches no line", async () => {
    const host = describedHost({
      tree: (tree) =>
        tree
          .file(`${CONTROL}/microvm@bar.service`, "x\nstop\tfw\tmicrovm@fw.service\n")
          .link(`${CONTROL}/x.target.wants/microvm@bar.service`, "../x\nremove\t-\t/etc/passwd")
          .link("/etc/systemd/system/a.service", "/x\u001b[31m/microvm@baz.service"),
    });
    for (const view of ["switch", "plan"] as const) {
      const { faults, stop } = await decide(sandbox, host, view);
      expect([faults, [...stop]]).toEqual([[], []]);
      const { stdout } = await runDecide(sandbox, host, view);
      expect(stdout).not.toMatch(/passwd|\u001b/);
      expect(readDecisions(stdout).keep.size).toBe(1);
    }
  });
});
