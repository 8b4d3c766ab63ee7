// What the sweep costs on real systemd, as ratios of things that run side by side, and how it grows:
// `npm run bench:sweep`, as root. BENCH_ROUNDS and BENCH_VMS change how much is run.
import { Container } from "../systemd/container.ts";
import { NixosHost } from "../systemd/nixosHost.ts";
import { SUITES } from "../systemd/root.ts";
import { floorFor, LIST, loopOver } from "./contenders.ts";
import { growthTable, SCENES } from "./growth.ts";
import { layOutDirectories, layOutIdle, layOutOrphans, sweepFor } from "./scenes.ts";
import { type Cost, patiently, Stopwatch } from "./stopwatch.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const VMS = Number(process.env["BENCH_VMS"] ?? 60);
/** What changes nothing can be run more often for the same time. */
const QUICK_ROUNDS = ROUNDS * 5;

/** How many MicroVMs or directories a host has where nothing is stale. */
const IDLE_VMS = 300;

const names = Array.from({ length: VMS }, (_, index) => `vm${index}`);
const print = (text: string) => process.stdout.write(text);

function line(what: string, { milliseconds, forks }: Cost): string {
  return `  ${what.padEnd(52)}${milliseconds.toFixed(1).padStart(9)} ms ${String(forks).padStart(5)} forks\n`;
}

/** What a sweep may cost beyond a snippet that does nothing, in milliseconds (docs/design.md, "Invariants"). */
const IDLE_AIM = 60;
/** An activation script's snippet that starts one program. */
const EMPTY = "/bin/true\n";

function ratio(what: string, [a, b]: readonly [Cost, Cost], aim: number): string {
  const value = a.milliseconds / b.milliseconds;
  const verdict = value <= aim ? "met" : "missed";
  return `  ${what.padEnd(52)}${value.toFixed(2).padStart(9)}    aim: at most ${aim}: ${verdict}\n`;
}

function benchIdle(watch: Stopwatch, what: string, script: string): void {
  const [sweep, empty, list] = watch.compare([script, EMPTY, `${LIST}\n`], QUICK_ROUNDS);
  if (sweep === undefined || empty === undefined || list === undefined) return;
  const beyond = sweep.milliseconds - empty.milliseconds;
  print(`nothing stale, ${what}, median of ${QUICK_ROUNDS}\n`);
  print(line("(a) the sweep", sweep) + line("    an empty snippet", empty));
  print(line("    one systemctl list-units", list));
  print(`  ${"beyond an empty snippet".padEnd(52)}${beyond.toFixed(1).padStart(9)} ms`);
  print(` aim: at most ${IDLE_AIM}: ${beyond <= IDLE_AIM ? "met" : "missed"}\n\n`);
}

/** Runs the three hosts of the aim: none declared, many declared, many directories that nobody declares. */
function benchIdleHosts(host: NixosHost, watch: Stopwatch): void {
  for (const count of [0, IDLE_VMS]) {
    const declared = Array.from({ length: count }, (_, index) => `vm${index}`);
    patiently(() => layOutIdle(host, declared));
    benchIdle(watch, `${count} declared MicroVMs`, sweepFor(host, 1, declared));
  }
  patiently(() => layOutDirectories(host, IDLE_VMS));
  benchIdle(watch, `${IDLE_VMS} directories that nobody declares`, sweepFor(host, 1, []));
}

function benchOrphans(host: NixosHost, watch: Stopwatch): void {
  const prepare = () => layOutOrphans(host, names);
  patiently(prepare);
  const scripts = [sweepFor(host, 2, []), loopOver(names), floorFor(names)];
  const [sweep, loop, floor] = watch.compare(scripts, ROUNDS, prepare);
  if (sweep === undefined || loop === undefined || floor === undefined) return;
  print(`${VMS} running orphans, ${VMS * 5} stale drop-ins, median of ${ROUNDS}\n`);
  print(line("(b) the sweep", sweep));
  print(line("(c) a loop: is-active, stop and rm for each MicroVM", loop));
  print(line("(d) the floor: one list, one stop, one rm, one reload", floor));
  print(`${ratio("(b) / (d)", [sweep, floor], 1.15)}${ratio("(b) / (c)", [sweep, loop], 0.25)}\n`);
}

/** Runs a part; where the machine does not let it end, says so and goes on with the next. */
function attempt(what: string, part: () => void): void {
  try {
    part();
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error)
      .trim()
      .split("\n")
      .slice(-1);
    print(`${what}: not measured, the machine may be under too much load (${reason})\n\n`);
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const container = await Container.boot(SUITES.oldest);
  try {
    const host = new NixosHost(container);
    const watch = new Stopwatch(container, (path, text) => host.file(path, text));
    attempt("nothing stale", () => benchIdleHosts(host, watch));
    for (const scene of SCENES)
      attempt(scene.name, () => growthTable(host, watch, scene, ROUNDS, print));
    attempt("orphans", () => benchOrphans(host, watch));
  } finally {
    container.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `the benchmark cannot run: ${error instanceof Error ? error.message : error}\n`,
  );
  process.exitCode = 1;
});
