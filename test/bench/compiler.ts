// What the compiler costs, as ratios of things that run side by side: `npm run bench`. With --write it also puts the
// numbers into docs/fleets.md. BENCH_ROUNDS changes how often each thing runs, BENCH_HOSTS the largest fleet.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { cpus, tmpdir, totalmem, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { documentExpression } from "../../src/nix/extractorExpressions.ts";
import { hostWith } from "../cli/support/usage.ts";
import { STANDIN } from "../support/nix.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = join(ROOT, "dist/microvm-sweep.js");
const PAGE = join(ROOT, "docs/fleets.md");
const NUMBERS = /(?<=<!-- numbers: start -->\n)[\s\S]*(?=<!-- numbers: end -->)/;

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 9);
const MOST_HOSTS = Number(process.env["BENCH_HOSTS"] ?? 10_000);
const VMS = 100;

const scratch = mkdtempSync(join(tmpdir(), "microvm-sweep-bench-"));

/** Prints the peak of the resident memory when Node ends, in KiB. */
const PEAK = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS))',
)}`;

interface Run {
  readonly milliseconds: number;
  readonly stderr: string;
}

function command(name: string, args: readonly string[]): Run {
  const before = process.hrtime.bigint();
  const { status, stderr } = spawnSync(name, args, { encoding: "utf8" });
  const milliseconds = Number(process.hrtime.bigint() - before) / 1e6;
  if (status !== 0) throw new Error(`${name} ${args.join(" ")}: ${stderr}`);
  return { milliseconds, stderr };
}

const node = (...args: readonly string[]) => command(process.execPath, args);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs things in turn, so that load on the machine meets all of them, and takes the median of each. */
function compare<Name extends string>(
  things: Readonly<Record<Name, () => Run>>,
  rounds: number,
): Record<Name, number> {
  const times = Object.fromEntries(Object.keys(things).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries<() => Run>(things)) {
      times[name]?.push(run().milliseconds);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, values]) => [name, median(values)]),
  ) as Record<Name, number>;
}

/** Writes the JSON Lines of a fleet. */
function fleetOf(hosts: number): string {
  const file = join(scratch, `${hosts}.jsonl`);
  const vms = Array.from({ length: VMS }, (_, index) => `vm-${String(index).padStart(3, "0")}`);
  const usage = JSON.stringify(hostWith(...vms)).slice(1);
  const out = openSync(file, "w");
  for (let index = 0; index < hosts; index += 1) {
    const host = `hyp-${String(index).padStart(6, "0")}`;
    writeSync(out, `{"schemaVersion":1,"host":"${host}",${usage}\n`);
  }
  closeSync(out);
  return file;
}

function emptyDirectory(): string {
  const directory = join(scratch, "sweep");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  return directory;
}

const gen = (file: string, directory: string) => [
  ...[PROGRAM, "gen", "--all", "--usage", file, "--out-dir", directory],
];

/** The time of `gen --all` into an empty directory. The directory is emptied before the clock starts. */
function genAll(file: string): () => Run {
  return () => node(...gen(file, emptyDirectory()));
}

const lines: string[] = [];

function say(what: string, value: string, aim = ""): void {
  lines.push(`| ${what} | ${value} | ${aim} |`);
  process.stdout.write(`${what.padEnd(62)} ${value.padStart(10)} ${aim}\n`);
}

function ratio(what: string, value: number, aim: number): void {
  say(what, value.toFixed(2), `at most ${aim}: ${value <= aim ? "met" : "missed"}`);
}

function benchStart(): void {
  const one = ["gen", "--usage", join(ROOT, "examples/usage.json"), "--host", "one-host"];
  const { ours, empty } = compare(
    { ours: () => node(PROGRAM, ...one), empty: () => node("-e", "0") },
    ROUNDS * 3,
  );
  say("`gen` for one host, and `node -e 0`", `${Math.round(ours)} ms, ${Math.round(empty)} ms`);
}

/** A flake with one host of the stand-ins for nixpkgs and microvm.nix: what nix itself costs is in both numbers. */
const FLAKE = `{
  inputs.nixpkgs.url = "path:${STANDIN.nixpkgs}";
  inputs.microvm.url = "path:${STANDIN.microvm}";
  outputs = { nixpkgs, microvm, ... }: {
    nixosConfigurations.hyp-01 = nixpkgs.lib.nixosSystem {
      modules = [
        microvm.nixosModules.host
        { nixpkgs.hostPlatform = "x86_64-linux"; }
        { microvm.vms = builtins.listToAttrs (map (n: { name = "vm-${"$"}{toString n}"; value = { }; }) (builtins.genList (n: n) ${VMS})); }
      ];
    };
  };
}
`;

function benchFlake(): void {
  const directory = join(scratch, "flake");
  mkdirSync(directory);
  writeFileSync(join(directory, "flake.nix"), FLAKE);
  const features = ["--extra-experimental-features", "nix-command flakes"];
  const target = `path:${directory}#nixosConfigurations`;
  const nix = [
    ...features,
    "eval",
    "--json",
    target,
    "--apply",
    documentExpression({ host: "hyp-01" }),
  ];
  const { ours, bare } = compare(
    {
      ours: () => node(PROGRAM, "gen", "--flake", `path:${directory}#hyp-01`),
      bare: () => command("nix", nix),
    },
    ROUNDS,
  );
  ratio(
    "`gen --flake`, against the bare `nix eval`, on a flake that evaluates in an instant",
    ours / bare,
    1.15,
  );
}

function benchFleet(): void {
  const { all } = compare({ all: genAll(fleetOf(1000)) }, ROUNDS);
  say(`\`gen --all\`, 1,000 hosts × ${VMS} MicroVMs, in one call`, `${Math.round(all)} ms`);
}

/**
 * What a host costs in fleets of three sizes, the start left out. In a small one Node still compiles our functions, so
 * that a host may cost more there, and never less.
 */
function benchGrowth(): void {
  const sizes = [MOST_HOSTS / 100, MOST_HOSTS / 10, MOST_HOSTS];
  const nothing = fleetOf(1);
  const start = compare({ start: genAll(nothing) }, ROUNDS).start;
  const costs = sizes.map((hosts) => {
    const file = fleetOf(hosts);
    const rounds = hosts > 5000 ? 3 : ROUNDS;
    return (1000 * (compare({ all: genAll(file) }, rounds).all - start)) / hosts;
  });
  const shown = costs.map((cost) => `${Math.round(cost)} µs`).join(", ");
  say(`a host, in fleets of ${sizes.map((size) => size.toLocaleString("en")).join(", ")}`, shown);
  const growth = costs.slice(1).map((cost, index) => cost / (costs[index] ?? Number.NaN));
  say(
    "a host in a fleet, against one in a fleet ten times smaller",
    Math.max(...growth).toFixed(2),
  );
}

function benchMemory(): void {
  const file = fleetOf(MOST_HOSTS);
  const directory = emptyDirectory();
  const peaks = ["first", "unchanged"].map(() => {
    const { stderr } = node("--import", PEAK, ...gen(file, directory));
    return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
  });
  const worst = Math.max(...peaks);
  const size = Math.round(statSync(file).size / 1e6);
  say(
    `peak memory for ${MOST_HOSTS.toLocaleString("en")} hosts × ${VMS} (${size} MB)`,
    `${Math.round(worst)} MiB`,
    `below 150: ${worst < 150 ? "met" : "missed"}`,
  );
}

/** How large the built files are: those that every start reads, and all of them. */
function sizes(): void {
  const { outputs } = JSON.parse(readFileSync(join(ROOT, "dist/meta.json"), "utf8")) as {
    outputs: Readonly<
      Record<string, { bytes: number; imports: readonly { path: string; kind: string }[] }>
    >;
  };
  const kilobytes = (files: Iterable<string>) => {
    const bytes = Array.from(files, (file) => outputs[file]?.bytes ?? 0);
    return `${Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1000)} kB`;
  };
  const atStart = new Set(["dist/microvm-sweep.js"]);
  for (const file of atStart) {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind === "import-statement" && path in outputs) atStart.add(path);
    }
  }
  say("size of what every start reads", kilobytes(atStart));
  say("size of the whole program", kilobytes(Object.keys(outputs)));
}

/** The numbers as a table of Markdown, with what they were measured on. */
function table(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores of ${cpu?.model.trim()}, ${memory} GiB, ${type()}`;
  const date = new Date().toISOString().slice(0, 10);
  return `Measured on ${date}, ${machine}, Node ${process.versions.node}:

| what | measured | aim |
| --- | --- | --- |
${lines.join("\n")}
`;
}

try {
  benchStart();
  benchFlake();
  benchFleet();
  benchGrowth();
  benchMemory();
  sizes();
  if (process.argv.includes("--write")) {
    const page = readFileSync(PAGE, "utf8");
    if (!NUMBERS.test(page)) throw new Error("docs/fleets.md has no place for the numbers");
    writeFileSync(
      PAGE,
      page.replace(NUMBERS, () => `\n${table()}\n`),
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
