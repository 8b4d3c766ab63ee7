import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GENERATION, UNITS } from "../oracle/host.ts";
import { Tree } from "../oracle/tree.ts";
import { dataWords, PROGRAM } from "../sandbox/data.ts";
import { type Result, requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { HELD_TEMPLATE, HOSTILE, WHOLE } from "./hostileLines.ts";

const WORDS = [
  ...dataWords({
    vms: ["fw"],
    autostart: ["fw"],
    stateDir: "/var/lib/microvms",
    backend: "activation",
    policy: { orphans: "stop", unitFiles: "remove", keep: ["lab"] },
  }),
  ...["--", "activate", GENERATION, "switch"],
];
const RUNNING = ["microvm@bar.service", "microvm-virtiofsd@bar.service", "microvm@fw.service"];

/** A host that has everything which hostile lines name. */
function hostTree(): Tree {
  const control = "/etc/systemd/system.control";
  const run = "/run/systemd/system";
  const tree = new Tree()
    .file("/etc/passwd", "root")
    .file("/var/lib/microvms/bar/disk.img", "disk")
    .link("/nix/var/nix/gcroots/microvm/bar", "/nix/store/x")
    .file(`${GENERATION}/${UNITS}/${HELD_TEMPLATE}`, "x")
    .link("/run/current-system", GENERATION)
    // A unit directory that is in the store, and a directory of links that is elsewhere.
    .file("/nix/store/x/microvm@bar.service.d/50-x.conf", "x")
    .link("/nix/store/x/x.target.wants/microvm@bar.service", "/x")
    .file("/nix/store/x/microvm-pci-devices@.service", "x")
    .link("/run/systemd/system.attached", "/nix/store/x")
    .link("/opt/linked/microvm@bar.service", "/x")
    .link(`${control}/linked.wants`, "/opt/linked")
    .link(`${run}/linked.wants`, "/opt/linked")
    .file(`${control}/microvm@old.service`, "x")
    .file(`${control}/sshd.service.d/x.conf`, "x")
    .link(`${run}/multi-user.target.wants/microvm@fw.service`, "/x")
    .file(`${run}/microvm-pci-devices@.service`, "x");
  for (const directory of [control, run, "/etc/systemd/system", "/etc/systemd/user"]) {
    for (const name of ["bar", "fw", "lab"])
      tree.file(`${directory}/microvm@${name}.service.d/50-x.conf`, "x");
    tree.link(`${directory}/x.target.wants/microvm@bar.service`, "/x");
  }
  return tree;
}

let sandbox: Sandbox;

/** Runs act beside a decide that prints an answer and ends with a status. */
async function actOn(answer: string, ending = "exit 0"): Promise<Result> {
  const t = (file: string) => join(sandbox.root, "t", file);
  writeFileSync(t("decisions"), answer);
  writeFileSync(t("log"), "");
  writeFileSync(t("units"), RUNNING.map((unit) => `${unit} loaded active running x\n`).join(""));
  writeFileSync(t("hostile/decide.bash"), `cat > /dev/null; cat /t/decisions; ${ending}\n`);
  const path = `PATH=/t/bin:${sandbox.path}`;
  return sandbox.serve(["env", "-i", path, "bash", "/t/hostile/act.bash", ...WORDS]);
}

/** What systemctl was asked to change. */
function changes(): string[] {
  return readFileSync(join(sandbox.root, "t/log"), "utf8").split("\n").filter(Boolean);
}

/** The files of the host, without those that any run makes. */
function files(): string {
  const tree = sandbox.tree();
  tree.remove("/run/microvm-sweep");
  return tree.toString();
}

describe.skipIf(requireNamespaces())("act", () => {
  let before: string;
  beforeAll(() => {
    sandbox = new Sandbox();
    const hostile = join(sandbox.root, "t/hostile");
    mkdirSync(hostile);
    for (const part of ["act.bash", "common.bash"])
      copyFileSync(join(PROGRAM, part), join(hostile, part));
    sandbox.command("systemctl", readFileSync(join(import.meta.dirname, "systemctl.bash"), "utf8"));
    // The namespaces of a user have one user only.
    sandbox.command("setpriv", 'while [[ $1 != -- ]]; do shift; done; shift; exec "$@"');
  });
  beforeEach(() => {
    sandbox.layOut(hostTree());
    before = files();
  });
  afterAll(() => sandbox?.close());

  it("does what lines say that fit", async () => {
    const { status, stdout, stderr } = await actOn(WHOLE);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(stdout).toMatch(/^stopping orphaned MicroVMs: bar$/m);
    expect(changes().map((line) => line.split(" ")[0])).toEqual([
      "stop",
      "daemon-reload",
      "reset-failed",
    ]);
    expect(files()).not.toBe(before);
    const left = sandbox.tree();
    expect(left.has("/etc/systemd/system.control/microvm@bar.service.d")).toBe(false);
    expect(left.has("/etc/systemd/system.control/microvm@fw.service.d")).toBe(true);
  });

  it("is tried with hundreds of hostile answers", () => {
    expect(Object.values(HOSTILE).flat().length).toBeGreaterThan(300);
  });

  it.each(Object.entries(HOSTILE))(
    "does nothing with an answer that %s",
    async (_title, answers) => {
      const wrong: string[] = [];
      for (const answer of answers) {
        const { status, stdout, stderr } = await actOn(answer);
        const isOne = /^microvm-sweep: error: [ -~]*\n$/.test(stderr);
        if (status !== 0 && stdout === "" && isOne && changes().length === 0) continue;
        wrong.push(
          `${JSON.stringify(answer)}\n${status} ${stdout}${stderr}${changes().join("\n")}`,
        );
        sandbox.layOut(hostTree());
      }
      expect(wrong).toEqual([]);
      expect(files()).toBe(before);
    },
    120_000,
  );

  it.each(["exit 1", "exit 127", "kill -9 $$", "kill -TERM $$"])(
    "does nothing with a good answer where decide ends by %s",
    async (ending) => {
      const { status, stdout, stderr } = await actOn(WHOLE, ending);
      expect([status === 0, stdout, changes(), files()]).toEqual([false, "", [], before]);
      expect(stderr).toMatch(/^microvm-sweep: error: /m);
    },
  );
});
