import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentExpression } from "../../src/nix/extractorExpressions.ts";
import { requireTool } from "../support/require.ts";
import { fakeNix } from "./support/fakeNix.ts";
import { PROGRAM, runCli } from "./support/runCli.ts";
import { temporary } from "./support/temporary.ts";
import { hostWith, usageText } from "./support/usage.ts";

const DOCUMENT = usageText({ h: hostWith("fw") });
const PRINTS = `printf '%s' '${DOCUMENT}'`;
const GEN = ["gen", "--flake", ".", "--host", "h"];

describe("gen --flake with a nix that is told what to do", () => {
  it("asks nix for the one host, with the user's options at the end", async () => {
    const cwd = temporary();
    const { env, words } = fakeNix(cwd, PRINTS);
    const options = ["--override-input", "a b", "path:/x", "--impure", "--option", "n", "07"];
    const { status, stdout, stderr } = await runCli([...GEN, "--", ...options], { cwd, env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(words()).toEqual([
      "--extra-experimental-features",
      "nix-command flakes",
      "eval",
      "--json",
      ".#nixosConfigurations",
      "--apply",
      documentExpression({ host: "h" }),
      ...options,
    ]);
    expect(stdout).toMatch(
      /^# {3}microvm-sweep gen --flake \. --host h -- --override-input 'a b' /m,
    );
  });

  it.each([
    ["github:o/r?dir=x#h", "github:o/r?dir=x"],
    [".#h", "."],
    [".#", "."],
    [".#%68", "."],
  ])("takes the host of %s", async (reference, flake) => {
    const cwd = temporary();
    const { env, words } = fakeNix(cwd, PRINTS);
    const { status, stdout } = await runCli(["gen", "--flake", reference], { cwd, env });
    expect(status).toBe(0);
    expect(words()[4]).toBe(`${flake}#nixosConfigurations`);
    const all = reference.endsWith("#");
    expect(words()[6]).toBe(documentExpression(all ? {} : { host: "h" }));
    expect(stdout).toMatch(/^# {3}microvm-sweep gen --flake \S+ --host h$/m);
  });

  it("writes the same file however the host is named, and check agrees", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, PRINTS);
    await runCli([...GEN, "--out", "a.nix"], { cwd, env });
    await runCli(["gen", "--flake", ".#h", "--out", "./a.nix"], { cwd, env });
    const { status } = await runCli(["check", "a.nix", "--flake", ".#h"], { cwd, env });
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, "a.nix"), "utf8")).toContain(
      "#   microvm-sweep gen --flake . --host h --out a.nix\n",
    );
  });

  it("passes on nix's own words unchanged, and exits 3", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, "printf 'error: \\303\\244 %%s\\n   at x:1\\n' >&2; exit 1");
    const { status, stdout, stderr } = await runCli([...GEN, "--out", "o.nix"], { cwd, env });
    expect(stderr).toMatch(/^error: ä %s\n {3}at x:1\n/);
    expect(stderr).toMatch(/MS3103.*\n?.*exit status 1/);
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(existsSync(join(cwd, "o.nix"))).toBe(false);
  });

  it("shows nix's warnings, under --quiet only where nix fails", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, `echo 'warning: dirty' >&2; ${PRINTS}; exit "\${FAIL-0}"`);
    expect((await runCli(GEN, { cwd, env })).stderr).toBe("warning: dirty\n");
    expect((await runCli([...GEN, "--quiet"], { cwd, env })).stderr).toBe("");
    const failed = await runCli([...GEN, "--quiet"], { cwd, env: { ...env, FAIL: "7" } });
    expect(failed.stderr).toMatch(/^warning: dirty\n/);
    expect({ status: failed.status, stdout: failed.stdout }).toEqual({ status: 3, stdout: "" });
  });

  it("does not evaluate for a policy that is refused", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, PRINTS);
    const { status, stderr } = await runCli([...GEN, "--keep", "a b"], { cwd, env });
    expect(stderr).toMatch(/MS1205/);
    expect(status).toBe(2);
    expect(existsSync(join(cwd, "nix-arguments"))).toBe(false);
  });

  it("tells that nix was killed", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, "kill -KILL $$");
    const { status, stderr } = await runCli(GEN, { cwd, env });
    expect(stderr).toMatch(/MS3103.*SIGKILL/s);
    expect(status).toBe(3);
  });

  it("tells that there is no nix", async () => {
    const cwd = temporary();
    const { status, stderr } = await runCli(GEN, { cwd, env: { PATH: cwd } });
    expect(stderr).toMatch(/MS3101/);
    expect(stderr).toMatch(/--usage/);
    expect(status).toBe(3);
  });

  it.each(["nix (Nix) 2.7.0", "nix (Nix) 2.3.16", "nix (Nix) 1.11.16"])(
    "refuses %s before it evaluates",
    async (version) => {
      const cwd = temporary();
      const { env } = fakeNix(cwd, PRINTS, version);
      const { status, stderr } = await runCli(GEN, { cwd, env });
      expect(stderr).toMatch(/MS3102/);
      expect(stderr).toContain(version.split(" ").at(-1));
      expect(status).toBe(3);
      expect(readdirSync(cwd)).toEqual(["bin"]);
    },
  );

  it.each([
    "nix (Nix) 2.8.0",
    "nix (Nix) 2.31.2pre20250901_abcdef",
    "nix (Lix, like Nix) 2.93.3",
    "nix (Determinate Nix 3.6.1) 2.29.0",
    "nix (Nix) 10.0",
    "something else",
  ])("takes %s", async (version) => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, PRINTS, version);
    expect((await runCli(GEN, { cwd, env })).status).toBe(0);
  });

  it("tells that what nix printed is no usage", async () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, "echo '{}'");
    const { status, stdout } = await runCli(GEN, { cwd, env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});

/** Waits until `file` exists. */
async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a signal while nix runs", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "%s ends nix and the run with status %i, no file half written",
    async (signal, status) => {
      const cwd = temporary();
      const { env } = fakeNix(cwd, "echo $$ > pid.new; mv pid.new pid; exec sleep 60");
      const words = [PROGRAM, ...GEN, "--out", "o.nix"];
      const child = spawn(process.execPath, words, { cwd, env, stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
      await appears(join(cwd, "pid"));
      child.kill(signal);
      expect(await ended).toBe(status);
      expect(alive(Number(readFileSync(join(cwd, "pid"), "utf8")))).toBe(false);
      expect(readdirSync(cwd).sort()).toEqual(["bin", "nix-arguments", "pid"]);
    },
  );

  it("given twice ends a nix that does not listen", async () => {
    const cwd = temporary();
    const body = "trap '' INT; echo $$ > pid.new; mv pid.new pid; while :; do sleep 0.1; done";
    const { env } = fakeNix(cwd, body);
    const child = spawn(process.execPath, [PROGRAM, ...GEN], { cwd, env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
    await appears(join(cwd, "pid"));
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(alive(Number(readFileSync(join(cwd, "pid"), "utf8")))).toBe(false);
  });
});

describe.skipIf(requireTool("script"))("progress", () => {
  function onTerminal(flags: string, env: NodeJS.ProcessEnv, cwd: string, columns = 80): string {
    const line = `stty cols ${columns}; node "${PROGRAM}" gen --flake . --host h --out o.nix ${flags}`;
    const { CI, NO_COLOR, ...rest } = process.env;
    const setting = { cwd, env: { ...rest, TERM: "xterm", ...env }, encoding: "utf8" } as const;
    const { stdout } = spawnSync("script", ["-qec", line, "/dev/null"], { ...setting, input: "" });
    return stdout.replaceAll("\r", "");
  }

  it("moves on a terminal, leaves nothing behind, and goes with --quiet", () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, `sleep 0.3; echo 'warning: w' >&2; ${PRINTS}`);
    const shown = onTerminal("", env, cwd);
    expect(shown).toContain("evaluating h of .");
    expect(shown).toContain("warning: w\n");
    expect(shown).toMatch(/wrote microvm-sweep\nwrote o\.nix\n$/);
    const [, after = ""] = shown.split("warning: w\n");
    expect(shown).toMatch(/^\u001b\[K⠋ evaluating h of \.\u001b\[K⠙ evaluating h of \./u);
    expect(after.slice(0, after.indexOf("wrote"))).toMatch(/\u001b\[K$/u);
    expect(onTerminal("--quiet", env, cwd)).toBe("");
    expect(onTerminal("2> err", env, cwd)).toBe("");
    expect(readFileSync(join(cwd, "err"), "utf8")).toBe("warning: w\no.nix is up to date\n");
  });

  it("is one plain line where a terminal does not know its width, and cut to a narrow one", () => {
    const cwd = temporary();
    const { env } = fakeNix(cwd, PRINTS);
    expect(onTerminal("--quiet", env, cwd)).toBe("");
    expect(onTerminal("", env, cwd, 0)).toBe("evaluating h of .\no.nix is up to date\n");
    expect(onTerminal("", env, cwd, 12)).toMatch(/^(\u001b\[K. evaluatin)+\u001b\[Ko\.nix/u);
  });
});

/** A flake without inputs, whose one configuration has what the extractor looks at. */
const FLAKE = `{
  outputs = { self }: {
    nixosConfigurations = {
      hyp-01 = {
        options = {
          nixpkgs.hostPlatform.isDefined = true;
          microvm.host.enable = true;
        };
        config = {
          nixpkgs.hostPlatform.system = "x86_64-linux";
          system.nixos.release = "25.05";
          microvm = {
            host.enable = true;
            autostart = [ "fw" ];
            vms.fw = { flake = null; autostart = true; updateFlake = null; };
          };
        };
      };
      broken = throw "this host is broken";
    };
  };
}
`;

/** The fleet of a flake host by host: a line of JSON Lines each. */
const FLEET_LOOP = `
for host in hyp-01 hyp-02; do
  nix eval --json .#nixosConfigurations --apply "$(microvm-sweep expr --host "$host" --usage-format json-lines)"
  echo
done | grep . > fleet.jsonl
`;

describe.skipIf(requireTool("nix"))("gen --flake with the real nix", () => {
  function flake(): string {
    const cwd = temporary();
    writeFileSync(join(cwd, "flake.nix"), FLAKE);
    return cwd;
  }

  it("evaluates the named host alone, and check agrees", async () => {
    const cwd = flake();
    const { status, stderr } = await runCli(["gen", "--flake", ".#hyp-01", "--out", "o.nix"], {
      cwd,
    });
    expect(stderr).toMatch(/wrote o\.nix\n$/);
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, "o.nix"), "utf8")).toContain("--vm=fw");
    const checked = await runCli(["check", "o.nix", "--flake", ".", "--host", "hyp-01"], { cwd });
    expect({ status: checked.status, stdout: checked.stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("passes on what nix says of a host that is broken or missing", async () => {
    const cwd = flake();
    const broken = await runCli(["gen", "--flake", ".", "--host", "broken"], { cwd });
    expect(broken.stderr).toContain("error: this host is broken");
    const missing = await runCli(["gen", "--flake", ".", "--host", "nope"], { cwd });
    expect(missing.stderr).toContain("'nope' missing");
    expect([broken.status, missing.status]).toEqual([3, 3]);
  });

  it("hands options on: nix itself refuses one that it does not know", async () => {
    const words = ["gen", "--flake", ".#hyp-01", "--", "--no-such-option"];
    const { status, stderr } = await runCli(words, { cwd: flake() });
    expect(stderr).toContain("--no-such-option");
    expect(status).toBe(3);
  });

  it("the command in the help of expr makes the usage that gen reads", async () => {
    const cwd = flake();
    writeFileSync(join(cwd, "flake.nix"), FLAKE.replace(/ *broken = .*\n/, ""));
    const help = (await runCli(["expr", "--help"])).stdout.replaceAll(/\s+/g, " ");
    const command = /nix --extra.*?> usage\.json/.exec(help)?.[0] ?? "";
    const line = command.replace("microvm-sweep", `"${process.execPath}" "${PROGRAM}"`);
    const made = spawnSync("bash", ["-c", line], { cwd, encoding: "utf8" });
    expect(made.status).toBe(0);
    const { status, stdout } = await runCli(["gen", "--usage", "usage.json"], { cwd });
    expect(stdout).toContain("--vm=fw");
    expect(status).toBe(0);
  });

  it("finds configurations elsewhere: of a hive of colmena, which it suggests", async () => {
    const cwd = flake();
    const hive = FLAKE.replace("nixosConfigurations", "colmenaHive.nodes");
    writeFileSync(join(cwd, "flake.nix"), hive);
    const words = ["--flake", ".#hyp-01", "--attr", "colmenaHive.nodes"];
    const missing = await runCli(["gen", "--flake", ".#hyp-01"], { cwd });
    expect(missing.status).toBe(3);
    expect(missing.stderr).toMatch(/MS3103.*\n {2}hint: .*: add --attr colmenaHive\.nodes\n$/);
    const { status, stderr } = await runCli(["gen", ...words, "--out", "o.nix"], { cwd });
    expect(status, stderr).toBe(0);
    expect(readFileSync(join(cwd, "o.nix"), "utf8")).toMatch(
      /^# {3}microvm-sweep gen --flake \. --attr colmenaHive\.nodes --host hyp-01 --out o\.nix$/m,
    );
    expect((await runCli(["check", "o.nix", ...words], { cwd })).status).toBe(0);
  });

  it("suggests no hive where there is none", async () => {
    const cwd = flake();
    writeFileSync(join(cwd, "flake.nix"), "{ outputs = _: { }; }");
    const { status, stderr } = await runCli(["gen", "--flake", ".#hyp-01"], { cwd });
    expect(status).toBe(3);
    expect(stderr).not.toContain("hint");
  });

  it("a loop makes a fleet line by line, and evaluates no other host", async () => {
    const cwd = flake();
    const twin = "hyp-02 = self.nixosConfigurations.hyp-01;";
    writeFileSync(join(cwd, "flake.nix"), FLAKE.replace("broken =", `${twin} broken =`));
    const program = `microvm-sweep() { "${process.execPath}" "${PROGRAM}" "$@"; }`;
    const made = spawnSync("bash", ["-c", `${program}\n${FLEET_LOOP}`], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, NIX_CONFIG: "experimental-features = nix-command flakes" },
    });
    expect(made.status, made.stderr).toBe(0);
    const lines = readFileSync(join(cwd, "fleet.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).host)).toEqual(["hyp-01", "hyp-02"]);
    const words = ["gen", "--usage", "fleet.jsonl", "--host", "hyp-02"];
    const { status, stdout } = await runCli(words, { cwd });
    expect(stdout).toContain("--vm=fw");
    expect(status).toBe(0);
  });
});

describe("expr and schema", () => {
  it("expr prints the extractor, for one host on request", async () => {
    expect((await runCli(["expr"])).stdout.trimEnd()).toBe(documentExpression().trimEnd());
    const one = await runCli(["expr", "--host", "a$b"], {
      env: { PATH: dirname(process.execPath) },
    });
    expect(one.stdout.trimEnd()).toBe(documentExpression({ host: "a$b" }).trimEnd());
    expect(one.stderr).toBe("");
  });

  it.each([
    ["usage", []],
    ["usage", ["usage"]],
    ["plan", ["plan"]],
  ])("schema prints the JSON Schema of the %s with %j", async (document, words) => {
    const { status, stdout, stderr } = await runCli(["schema", ...words]);
    const path = new URL(`../../src/${document}/schema.generated.json`, import.meta.url);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(path, "utf8")));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
