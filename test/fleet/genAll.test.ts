import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { applyPatch } from "diff";
import { describe, expect, it, onTestFinished } from "vitest";
import { Moves, movedWarnings } from "../../src/fleet/moves.ts";
import { nixEvalJobsCommand } from "../../src/nix/extractorExpressions.ts";
import type { Host } from "../../src/usage/model.ts";
import { PROGRAM, runCli } from "../cli/support/runCli.ts";
import { temporary } from "../cli/support/temporary.ts";
import { hostWith, usageText } from "../cli/support/usage.ts";
import { evalNix } from "../nix/evalNix.ts";
import { requireRoot, requireTool } from "../support/require.ts";

const GEN = ["gen", "--all", "--usage", "-", "--usage-format", "json-lines", "--out-dir", "sweep"];
const JOBS = ["gen", "--all", "--usage", "-", "--usage-format", "nix-eval-jobs"];

function line(host: string, usage: Host = hostWith("fw")): string {
  return `${JSON.stringify({ schemaVersion: 1, host, ...usage })}\n`;
}

/** A line as nix-eval-jobs writes it by its sources (2.33); not recorded from a run. */
function job(host: string, rest: object): string {
  return `${JSON.stringify({ attr: host, attrPath: [host], ...rest })}\n`;
}

/** A directory in which `gen --all` has run for these lines. */
async function fleet(...lines: readonly string[]) {
  const cwd = temporary();
  const gen = (input: string, ...more: readonly string[]) =>
    runCli([...GEN, ...more], { cwd, input });
  const result = await gen(lines.join(""));
  expect(result.status, result.stderr).toBe(0);
  const path = (name: string) => join(cwd, "sweep", name);
  const read = (name: string) => readFileSync(path(name), "utf8");
  return { cwd, gen, path, read, files: () => readdirSync(join(cwd, "sweep")).sort() };
}

function edit(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace("deps = [", "deps = [ # mine"));
}

describe("gen --all", () => {
  it("writes a page a host, the program and the index", async () => {
    const { files, read } = await fleet(line("a"), line("b", hostWith("db")));
    expect(files()).toEqual(["a.nix", "b.nix", "default.nix", "microvm-sweep"]);
    expect(read("b.nix")).toContain('"--vm=db"');
    expect(read("default.nix")).toContain("{\n  a = ./a.nix;\n  b = ./b.nix;\n}\n");
    expect(read("a.nix")).toContain(
      "#   microvm-sweep gen --usage - --usage-format json-lines --all --out-dir sweep\n",
    );
  });

  it("reads a document as well, and skips guests", async () => {
    const cwd = temporary();
    const input = usageText({ a: hostWith("fw"), fw: { ...hostWith(), role: "guest" } });
    const words = ["gen", "--all", "--usage", "-", "--out-dir", "sweep"];
    const { status, stderr } = await runCli(words, { cwd, input });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "1 written, 0 unchanged, 0 removed\n",
    });
    expect(existsSync(join(cwd, "sweep/fw.nix"))).toBe(false);
  });

  it("leaves unchanged files alone, and prints the summary as JSON", async () => {
    const { gen, files, path } = await fleet(line("a"), line("b"));
    for (const name of files()) utimesSync(path(name), 1000, 1000);
    const { stdout, stderr } = await gen(line("a") + line("b", hostWith("new")), "--json");
    expect(JSON.parse(stdout)).toEqual({
      written: ["b"],
      unchanged: ["a"],
      removed: [],
      failed: [],
      moved: [],
    });
    expect(stderr).toBe("1 written, 1 unchanged, 0 removed\n");
    const touched = files().filter((name) => statSync(path(name)).mtimeMs !== 1_000_000);
    expect(touched).toEqual(["b.nix"]);
  });

  it("removes the page of a host that left, and no file of another's", async () => {
    const { gen, files, path, read } = await fleet(line("a"), line("b"));
    writeFileSync(path("mine.nix"), "{ }\n");
    const { status, stderr } = await gen(line("a"));
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "0 written, 1 unchanged, 1 removed\n",
    });
    expect(files()).toEqual(["a.nix", "default.nix", "microvm-sweep", "mine.nix"]);
    expect(read("default.nix")).not.toMatch(/\.\/(b|mine)\.nix/);
  });

  it("keeps edited pages of hosts that stay and that left, unless it is forced", async () => {
    const { gen, path, read } = await fleet(line("a"), line("b"));
    edit(path("a.nix"));
    edit(path("b.nix"));
    const now = line("a", hostWith("new"));
    const kept = await gen(now);
    expect(kept.status).toBe(2);
    expect(kept.stderr).toMatch(/sweep\/a\.nix: error MS3004/);
    expect(kept.stderr).toMatch(/sweep\/b\.nix: error MS3004/);
    expect(kept.stderr).toContain("0 written, 0 unchanged, 0 removed, 2 failed: a, b\n");
    expect(read("a.nix")).toContain("# mine");
    expect(read("default.nix")).toContain("b = ./b.nix");
    const forced = await gen(now, "--force");
    expect(forced.stderr).toContain("1 written, 0 unchanged, 1 removed\n");
    expect(read("a.nix")).not.toContain("# mine");
  });

  it("keeps a file in the place of a page or of the index that it did not write", async () => {
    const cwd = temporary();
    mkdirSync(join(cwd, "sweep"));
    const mine = "{ a = 1; }\n";
    for (const name of ["a.nix", "default.nix"]) writeFileSync(join(cwd, "sweep", name), mine);
    const { status, stderr } = await runCli(GEN, { cwd, input: line("a") });
    expect(status).toBe(2);
    expect(stderr.match(/was not generated by microvm-sweep/g)).toHaveLength(2);
    expect(readFileSync(join(cwd, "sweep/a.nix"), "utf8")).toBe(mine);
    expect(readFileSync(join(cwd, "sweep/default.nix"), "utf8")).toBe(mine);
  });

  it("replaces { } in the place of a page and of the index: a flake starts with it", async () => {
    const cwd = temporary();
    mkdirSync(join(cwd, "sweep"));
    writeFileSync(join(cwd, "sweep/a.nix"), "{ }\n");
    writeFileSync(join(cwd, "sweep/default.nix"), " {\n}");
    const { status, stderr } = await runCli(GEN, { cwd, input: line("a") });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: "1 written, 0 unchanged, 0 removed\n",
    });
    expect(readFileSync(join(cwd, "sweep/a.nix"), "utf8")).toContain('"--vm=fw"');
    expect(readFileSync(join(cwd, "sweep/default.nix"), "utf8")).toContain("a = ./a.nix;");
  });

  it.each([
    ["is no JSON", "{oops\n", "MS1002", "line 2"],
    ["has another schema version", line("c").replace(":1,", ":2,"), "MS1101", "line 2"],
  ])("writes all others and removes nothing where a line %s", async (_what, bad, code, name) => {
    const { gen, read } = await fleet(line("a"), line("b"), line("left"));
    const { status, stderr } = await gen(line("a") + bad + line("z"));
    expect(status).toBe(2);
    expect(stderr).toContain(`-:2:`);
    expect(stderr).toContain(`error ${code}`);
    expect(stderr).toContain(`1 written, 1 unchanged, 0 removed, 1 failed: ${name}\n`);
    for (const host of ["a", "b", "left", "z"]) {
      expect(read("default.nix")).toContain(`${host} = ./${host}.nix;`);
    }
  });

  it("keeps the page of a host with an error, and removes that of one that left", async () => {
    const { gen, files, read } = await fleet(line("a"), line("b"), line("left"));
    const bad = line("b", hostWith("new")).replace("x86_64-linux", "x86_64-darwin");
    const { status, stderr } = await gen(line("a") + bad);
    expect(status).toBe(2);
    expect(stderr).toMatch(/-:2:\d+: error MS1208/);
    expect(stderr).toContain("0 written, 1 unchanged, 1 removed, 1 failed: b\n");
    expect(files()).toEqual(["a.nix", "b.nix", "default.nix", "microvm-sweep"]);
    expect(read("b.nix")).toContain('"--vm=fw"');
    expect(read("default.nix")).toContain("b = ./b.nix;");
  });

  it("takes neither of two lines with one host", async () => {
    const { gen, read } = await fleet(line("a"), line("b"));
    const [one, two] = [hostWith("one"), hostWith("two")];
    const { status, stderr } = await gen(line("a", one) + line("b") + line("a", two) + line("c"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/-:3:1: error MS1207.*\n.*\n.*the first one is here: -:1:1/);
    expect(stderr).toContain("1 written, 1 unchanged, 0 removed, 1 failed: a\n");
    expect(read("a.nix")).toContain('"--vm=fw"');
    expect(read("default.nix")).toContain("{\n  a = ./a.nix;\n  b = ./b.nix;\n  c = ./c.nix;\n}");
  });

  it("removes nothing where the input is empty", async () => {
    const { gen, files } = await fleet(line("a"));
    const { status, stderr } = await gen("");
    expect({ status, files: files() }).toEqual({
      status: 2,
      files: ["a.nix", "default.nix", "microvm-sweep"],
    });
    expect(stderr).toContain("error MS1001");
  });

  it("warns of a MicroVM that moved to another host", async () => {
    const { gen } = await fleet(line("a", hostWith("fw", "web")), line("b", hostWith()));
    const { status, stdout, stderr } = await gen(
      line("a", hostWith("fw")) + line("b", hostWith("web")),
      "--json",
    );
    expect(status).toBe(0);
    expect(stderr).toContain(
      "warning MS1209: MicroVM web moved from a to b: a stops it at its next switch, and the state stays there\n" +
        "  hint: copy the state first: b starts web at its switch\n",
    );
    expect(JSON.parse(stdout).moved).toEqual([
      { vm: "web", from: "a", to: "b", kind: "config", autostart: true, updateFlake: null },
    ]);
  });

  it("says once that a renamed host has all its MicroVMs elsewhere, and what they are built from", async () => {
    const { gen } = await fleet(line("a"), line("old", hostWith("db", "web")));
    const vm = { kind: "flake", autostart: false, updateFlake: "github:x/y" } as const;
    const renamed = { ...hostWith("db", "web"), vms: { db: vm, web: vm } };
    const { stderr } = await gen(line("a") + line("new", renamed));
    expect(stderr).toBe(
      "microvm-sweep: warning MS1209: MicroVMs db, web moved from old to new: old left the fleet, so nothing stops them there, and the state stays there\n" +
        "  hint: copy the state first: new does not start db itself; it is built there from github:x/y\n" +
        "1 written, 1 unchanged, 1 removed\n",
    );
  });

  it("does not guess which host a MicroVM with a common name went to", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `h-${index}`);
    const vms = Array.from({ length: 50 }, (_, index) => `vm-${index + 10}`);
    const { gen } = await fleet(...names.map((name) => line(`old-${name}`, hostWith(...vms))));
    const renamed = names.map((name) => line(`new-${name}`, hostWith(...vms))).join("");
    const { status, stdout, stderr } = await gen(renamed, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout).moved).toEqual([]);
    expect(stderr).toMatch(
      /MS1209: MicroVMs vm-10, .* and 30 more left several hosts, or came to several/,
    );
    expect(stderr).toContain("\n300 written, 0 unchanged, 300 removed\n");
  });

  it("says so where more MicroVMs come and go than it looks at", async () => {
    const moves = new Moves();
    moves.leave(
      "a",
      Array.from({ length: 100_001 }, (_, index) => `vm-${index}`),
    );
    expect(movedWarnings(moves, new Set())).toMatchObject([
      { message: expect.stringMatching(/^more than 100,000 MicroVMs come and go/) },
    ]);
  });

  it("is no failure where there are more warnings than are shown", async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `h-${index}`);
    const lines = (when: string) =>
      names.map((name) => line(`${when}-${name}`, hostWith(`vm-${name}`)));
    const { gen } = await fleet(...lines("old"));
    const { status, stderr } = await gen(lines("new").join(""));
    expect(stderr).toContain("warning MS1013: and at least 1000 more");
    expect(stderr).not.toContain("error");
    expect(status).toBe(0);
  });

  it("changes nothing where a warning is an error and MicroVMs moved", async () => {
    const { gen, read } = await fleet(line("a", hostWith("web")), line("b", hostWith()));
    const moved = line("a", hostWith()) + line("b", hostWith("web"));
    const { status, stdout, stderr } = await gen(moved, "--warnings-as-errors", "--json");
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ written: [], removed: [] });
    expect(stderr).toContain("nothing is changed, because a warning is an error\n0 written, ");
    expect(read("a.nix")).toContain('"--vm=web"');
    expect(read("b.nix")).not.toContain('"--vm=web"');
  });

  it("says once what the policy warns of on many hosts", async () => {
    const cwd = temporary();
    const old = { ...hostWith("fw"), nixosRelease: "24.11" };
    const input = ["a", "b", "c"].map((name) => line(name, old)).join("");
    const { status, stderr } = await runCli([...GEN, "--limit", "3"], { cwd, input });
    expect(status).toBe(0);
    expect(stderr.match(/MS1310/g)).toHaveLength(1);
    expect(stderr).toContain("warning MS1310: a and 2 more hosts: --limit: NixOS 24.11");
  });

  it("refuses a directory that is a file", async () => {
    const cwd = temporary();
    writeFileSync(join(cwd, "sweep"), "mine\n");
    const { status, stderr } = await runCli(GEN, { cwd, input: line("a") });
    expect(status).toBe(2);
    expect(stderr).toContain("sweep: error MS3002: cannot be read");
    expect(readFileSync(join(cwd, "sweep"), "utf8")).toBe("mine\n");
  });

  it.each([
    ["is cut off", '{"schemaVersion":1,"host":"le', "MS1003"],
    ["is no JSON after its name", line("left").replace(":1,", ":1;"), "MS1002"],
    ["has more bytes than memory takes", `${" ".repeat(25 * 1024 * 1024)}\n`, "MS1008"],
    ["is a whole document", '{"schemaVersion":1,"hosts":{}}\n', "MS1010"],
  ])(
    "removes nothing, and writes what comes before and after, where a line %s",
    async (_what, bad, code) => {
      const { gen, read } = await fleet(line("a"), line("b"), line("left"));
      const isLast = code === "MS1008" || !bad.endsWith("\n");
      const { status, stderr } = await gen(
        line("a", hostWith("x")) + bad + (bad.endsWith("\n") ? line("z") : ""),
      );
      expect(status).toBe(2);
      expect(stderr).toContain(`error ${code}`);
      expect(stderr).toContain(" 0 removed, 1 failed: line 2\n");
      expect(read("a.nix")).toContain('"--vm=x"');
      for (const host of ["b", "left", ...(isLast ? [] : ["z"])]) {
        expect(read("default.nix")).toContain(`${host} = ./${host}.nix;`);
      }
    },
  );

  it("says of a document on many lines that it is one", async () => {
    const cwd = temporary();
    const input = JSON.stringify(JSON.parse(usageText({ a: hostWith("fw") })), null, 2);
    const { status, stderr } = await runCli(GEN, { cwd, input });
    expect(status).toBe(2);
    expect(stderr).toContain("error MS1010: this is one JSON document");
    expect(stderr.match(/error /g)).toHaveLength(1);
    expect(existsSync(join(cwd, "sweep"))).toBe(false);
  });

  it("leaves the program alone where it leaves all pages alone", async () => {
    const { gen, path, read } = await fleet(line("a"));
    writeFileSync(path("microvm-sweep/act.bash"), "# of another release\n");
    const { status } = await gen('{"schemaVersion":1,"host":"a"');
    expect(status).toBe(2);
    expect(read("microvm-sweep/act.bash")).toBe("# of another release\n");
  });

  it("writes nothing where each host is given twice", async () => {
    const cwd = temporary();
    expect((await runCli(GEN, { cwd, input: line("a") + line("a") })).status).toBe(2);
    expect(existsSync(join(cwd, "sweep/microvm-sweep"))).toBe(false);
  });

  it("names the host of a line that is wrong", async () => {
    const { gen } = await fleet(line("a"));
    const wrong = await gen(line("a") + line("b", { ...hostWith("fw"), stateDir: "relative" }));
    expect(wrong.stderr).toMatch(/-:2:\d+: error MS\d+: "b": /);
  });

  it.each([
    ["is a pipe", "pipe", /sweep\/pipe\.nix: error MS3002.*it is not a file/],
    ["is a directory", "b", /sweep\/b\.nix: error MS3002.*it is a directory/],
    ["has a name that is too long", "b".repeat(300), /error MS3003.*its name is too long/],
  ])("writes all others where the place of a page %s", async (_what, name, says) => {
    const { gen, path, read } = await fleet(line("a"));
    mkdirSync(path("b.nix"));
    spawnSync("mkfifo", [path("pipe.nix")]);
    const { status, stderr } = await gen(line("a") + line(name) + line("c"));
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr).toContain(`1 written, 1 unchanged, 0 removed, 1 failed: ${name}\n`);
    expect(read("default.nix")).toContain("{\n  a = ./a.nix;\n  c = ./c.nix;\n}");
    expect(statSync(path("b.nix")).isDirectory()).toBe(true);
  });

  it("follows a link that is a page, and keeps the mode of a file", async () => {
    const { gen, path, read } = await fleet(line("a"), line("b"));
    renameSync(path("a.nix"), path("../elsewhere"));
    symlinkSync("../elsewhere", path("a.nix"));
    chmodSync(path("b.nix"), 0o640);
    const { status, stderr } = await gen(line("a", hostWith("x")) + line("b", hostWith("x")));
    expect(status, stderr).toBe(0);
    expect(lstatSync(path("a.nix")).isSymbolicLink()).toBe(true);
    expect(read("../elsewhere")).toContain('"--vm=x"');
    expect(statSync(path("b.nix")).mode & 0o777).toBe(0o640);
  });

  it.skipIf(requireRoot() ?? requireTool("mount", "umount"))(
    "changes nothing where the disk is full half way",
    async () => {
      const { cwd, gen, path, read, files } = await fleet(line("a"), line("left"));
      const saved = files()
        .filter((name) => name.endsWith(".nix"))
        .map((name) => [name, read(name)] as const);
      const program = path("microvm-sweep");
      cpSync(program, join(cwd, "microvm-sweep"), { recursive: true });
      spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "none", path("")]);
      onTestFinished(() => void spawnSync("umount", [path("")]));
      for (const [name, text] of saved) writeFileSync(path(name), text);
      cpSync(join(cwd, "microvm-sweep"), program, { recursive: true });
      const many = Array.from({ length: 150 }, (_, index) => line(`new-${index}`)).join("");
      const { status, stderr } = await gen(line("a", hostWith("x")) + many);
      expect(status).toBe(2);
      expect(stderr).toMatch(/new-\d+\.nix: error MS3003: .*no space left on the device/);
      expect(readdirSync(join(cwd, "sweep")).sort()).toEqual(files());
      expect(saved.map(([name]) => [name, read(name)])).toEqual(saved);
    },
  );

  it("leaves nothing behind when a signal ends it, and clears up after a run that was killed", async () => {
    const { cwd, gen, path, files, read } = await fleet(line("a"));
    const child = spawn(process.execPath, [PROGRAM, ...GEN], { cwd });
    child.stdin.write(line("b"));
    const ofRun = (pid?: number) => files().filter((f) => f.startsWith(`.microvm-sweep-${pid}-`));
    while (ofRun(child.pid).length === 0) await setTimeout(10);
    child.kill("SIGTERM");
    const [status] = await once(child, "close");
    expect(status).toBe(143);
    expect(files()).toEqual(["a.nix", "default.nix", "microvm-sweep"]);
    mkdirSync(path(`.microvm-sweep-${child.pid}-x`));
    mkdirSync(path(`.microvm-sweep-${process.pid}-x`));
    expect((await gen(line("a") + line("b"))).status).toBe(0);
    // This process runs, so what would be its directory stays.
    expect(ofRun(process.pid)).toHaveLength(1);
    expect(ofRun(child.pid)).toEqual([]);
    expect(read("b.nix")).toContain("configuration b");
  });

  it("runs where one that was killed had the same process number, as in a container", async () => {
    const { cwd, read } = await fleet(line("a"));
    const script = `mkdir sweep/.microvm-sweep-$$-x; exec "$@" < lines`;
    writeFileSync(join(cwd, "lines"), line("a", hostWith("x")));
    const words = ["-c", script, "bash", process.execPath, PROGRAM, ...GEN];
    const { status, stderr } = spawnSync("bash", words, { cwd, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(read("a.nix")).toContain('"--vm=x"');
    expect(readdirSync(join(cwd, "sweep")).sort()).toEqual([
      "a.nix",
      "default.nix",
      "microvm-sweep",
    ]);
  });

  it.skipIf(requireRoot() ?? requireTool("mount", "umount"))(
    "follows a link into another file system",
    async () => {
      const { cwd, gen, path, read } = await fleet(line("a"), line("b"));
      mkdirSync(join(cwd, "other"));
      spawnSync("mount", ["-t", "tmpfs", "none", join(cwd, "other")]);
      onTestFinished(() => void spawnSync("umount", [join(cwd, "other")]));
      writeFileSync(join(cwd, "other/a.nix"), read("a.nix"));
      rmSync(path("a.nix"));
      symlinkSync("../other/a.nix", path("a.nix"));
      const { status, stderr } = await gen(line("a", hostWith("x")) + line("b", hostWith("x")));
      expect(status, stderr).toBe(0);
      expect(readdirSync(join(cwd, "other"))).toEqual(["a.nix"]);
      expect(read("../other/a.nix")).toContain('"--vm=x"');
    },
  );

  it("says nothing of moves in a first run, in which the index is empty", async () => {
    const cwd = temporary();
    mkdirSync(join(cwd, "sweep"));
    writeFileSync(join(cwd, "sweep/default.nix"), "{ }\n");
    const many = Array.from({ length: 300 }, (_, index) => `vm-${index + 100}`);
    const vms = hostWith(...many);
    const input = Array.from({ length: 340 }, (_, index) => line(`h-${index}`, vms)).join("");
    const { status, stderr } = await runCli([...GEN, "--warnings-as-errors"], { cwd, input });
    expect(stderr).toBe("340 written, 0 unchanged, 0 removed\n");
    expect(status).toBe(0);
  });

  it("knows its own index, whatever the names", async () => {
    const names = ["a\u2028b", "a\u2029}", "a\n}", 'q"{ }', "\\"];
    const { gen } = await fleet(...names.map((name) => line(name)));
    const { status, stderr } = await gen([...names, "new"].map((name) => line(name)).join(""));
    expect(stderr).toBe("1 written, 5 unchanged, 0 removed\n");
    expect(status).toBe(0);
  });

  it("keeps all as it is where the program was edited, or a file of somebody else lies in its place", async () => {
    const { gen, path, read } = await fleet(line("a"));
    const page = read("a.nix");
    const file = path("microvm-sweep/act.bash");
    const now = line("a", hostWith("db"));
    for (const text of [read("microvm-sweep/act.bash").replace("umask", "# umask"), "mine\n"]) {
      writeFileSync(file, text.replace("#", "# mine\n#"));
      const kept = readFileSync(file, "utf8");
      const { status, stderr } = await gen(now);
      expect(status).toBe(2);
      expect(stderr).toContain("sweep/microvm-sweep/act.bash: error MS3004");
      expect(stderr).toContain("nothing is changed, because the program cannot be written");
      expect([read("a.nix"), readFileSync(file, "utf8")]).toEqual([page, kept]);
    }
    expect((await gen(now, "--force")).status).toBe(2);
    rmSync(file);
    expect((await gen(now)).status).toBe(0);
    writeFileSync(file, `${readFileSync(file, "utf8")}# mine\n`);
    expect((await gen(now, "--force")).status).toBe(0);
    expect(readFileSync(file, "utf8")).not.toContain("mine");
  });

  it("keeps an index that somebody edited, unless it is forced", async () => {
    const { gen, path, read } = await fleet(line("a"));
    writeFileSync(
      path("default.nix"),
      read("default.nix").replace("}", "  mine = ./mine.nix // { };\n}"),
    );
    const { status, stderr } = await gen(line("a") + line("b"));
    expect(status).toBe(2);
    expect(stderr).toContain("default.nix: error MS3004: the index was edited");
    expect(read("default.nix")).toContain("mine");
    expect((await gen(line("a") + line("b"), "--force")).status).toBe(0);
    expect(read("default.nix")).toContain("{\n  a = ./a.nix;\n  b = ./b.nix;\n}");
  });

  it.skipIf(requireTool("nix-instantiate"))(
    "makes an index that Nix reads, whatever the names",
    async () => {
      const names = ["default", "..", "a/b", `it's \${x}`, "ü", "let", "1", "A.b"];
      const { cwd } = await fleet(...names.map((name) => line(name)));
      const { value, stderr } = evalNix(
        `builtins.mapAttrs (_: builtins.pathExists) (import ${cwd}/sweep)`,
      );
      expect(value, stderr).toEqual(Object.fromEntries(names.map((name) => [name, true])));
    },
  );
});

describe("check --all", () => {
  it("prints one line for each stale host", async () => {
    const { cwd, gen, path } = await fleet(line("a"), line("b"), line("c"), line("d"));
    const words = ["check", "--all", "sweep", "--usage", "-", "--usage-format", "json-lines"];
    const check = (input: string) => runCli(words, { cwd, input });
    const all = ["a", "b", "c", "d"].map((name) => line(name)).join("");
    expect(await check(all)).toMatchObject({ status: 0, stdout: "" });
    edit(path("c.nix"));
    writeFileSync(path("f.nix"), "{ }\n");
    const { status, stdout } = await check(
      line("a") + line("b", hostWith("new")) + line("c") + line("e") + line("f"),
    );
    expect(status).toBe(1);
    expect(stdout).toBe(
      "b: is out of date\nc: was edited\ne: has no page\nf: has no page\nd: has left the fleet\n" +
        "default.nix: is out of date\n",
    );
    expect((await gen(all, "--force")).status).toBe(0);
    expect((await check(all)).status).toBe(0);
    mkdirSync(path("other.nix"));
    // gen leaves it alone, so it is nothing to check.
    copyFileSync(path("a.nix"), path("a copy.nix"));
    writeFileSync(
      path("default.nix"),
      readFileSync(path("default.nix"), "utf8").replace("}", "  x = 1;\n}"),
    );
    expect((await check(all)).stdout).toBe("default.nix: was edited\n");
    rmSync(path("default.nix"));
    expect((await gen(all)).status).toBe(0);
    expect(await check(all)).toMatchObject({ status: 0, stdout: "", stderr: "" });
    const many = Array.from({ length: 30 }, (_, index) => line(`new-${index}`)).join("");
    const stale = await check(all + many);
    expect(stale.stdout.match(/has no page/g)).toHaveLength(30);
    expect(stale.stderr).not.toContain("Warning");
  });
});

describe("check --all --diff", () => {
  it("prints a diff for each stale file, which patch takes", async () => {
    const { cwd, read } = await fleet(line("a"), line("b"));
    const words = ["check", "--all", "sweep", "--usage", "-", "--usage-format", "json-lines"];
    const { status, stdout } = await runCli([...words, "--diff"], {
      cwd,
      input: line("a") + line("b", hostWith("new")),
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^b: is out of date\n--- sweep\/b\.nix\n/);
    const diff = stdout.slice(stdout.indexOf("---"));
    expect(applyPatch(read("b.nix"), diff)).toContain('"--vm=new"');
  });
});

describe("nix-eval-jobs", () => {
  it("gives hosts; one with an error fails alone, with status 3", async () => {
    const cwd = temporary();
    const failing = job("a.b", {
      error: "error:\n  … while\n\n\u001b[31;1merror:\u001b[0m no disk",
    });
    const input =
      failing + job("c", { extraValue: { schemaVersion: 1, host: "c", ...hostWith("fw") } });
    const { status, stderr } = await runCli([...JOBS, "--out-dir", "d"], { cwd, input });
    expect(status).toBe(3);
    expect(stderr).toContain('MS3103: nix-eval-jobs could not evaluate "a.b": no disk\n');
    expect(stderr).toContain("1 written, 0 unchanged, 0 removed, 1 failed: a.b\n");
    expect(existsSync(join(cwd, "d/c.nix"))).toBe(true);
  });

  it("says what to run where --apply was left out, and where a value is wrong", async () => {
    const cwd = temporary();
    const input =
      job("a", { drvPath: "/x" }) + job("b", { extraValue: { ...hostWith("fw"), role: "x" } });
    const { status, stderr } = await runCli([...JOBS, "--out-dir", "d"], { cwd, input });
    expect(status).toBe(2);
    expect(stderr).toContain("expr --for nix-eval-jobs prints");
    expect(stderr).toMatch(/-:2:\d+: error MS1105.*\n.*\n.*\n {2}at \/extraValue\/role/);
    expect(existsSync(join(cwd, "d"))).toBe(false);
  });

  it.skipIf(requireTool("nix-instantiate"))(
    "prints a --select with which one host that throws fails alone",
    () => {
      const select = /--select '(.*)' \\\n {2}--apply/s.exec(nixEvalJobsCommand())?.[1];
      const good = `{ options = { }; config.system.nixos.release = "26.05"; pkgs.stdenv.hostPlatform.system = "x86_64-linux"; }`;
      const { value, stderr } = evalNix(
        `let jobs = (${select?.replaceAll("'\\''", "'")}) { bad = throw "no"; good = ${good}; };
       in { type = jobs.bad.type; bad = (builtins.tryEval jobs.bad.usage.system).success; good = jobs.good.usage; }`,
      );
      expect(value, stderr).toMatchObject({
        type: "derivation",
        bad: false,
        good: { schemaVersion: 1, host: "good", system: "x86_64-linux", vms: {} },
      });
    },
  );
});

describe("arguments of a fleet", () => {
  it("names a directory that is standard input", () => {
    const stdio = [openSync(".", "r"), "pipe", "pipe"] as const;
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...GEN], {
      cwd: temporary(),
      encoding: "utf8",
      stdio: [...stdio],
    });
    expect(stderr).toContain("error MS3002: cannot be read: it is a directory");
    expect(status).toBe(2);
  });

  it.each([
    ["gen --all --usage u.json", /--all needs --out-dir/],
    ["gen --all --usage u.json --out-dir d --out f", /not to --out/],
    ["gen --all --usage u.json --out-dir d --host a", /exclude each other/],
    ["gen --all --usage missing.jsonl --out-dir d", /MS3002: cannot be read/],
    ["gen --all --usage u.json --out-dir -", /takes a directory, not -/],
  ])("refuses %s", async (words, says) => {
    const { status, stderr } = await runCli(words.split(" "), { cwd: temporary() });
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
  });
});
