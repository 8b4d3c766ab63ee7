// What the sweep costs on real systemd, as ratios of things that run side by side, and how it grows:
// `npm run bench:sweep`, as root. BENCH_ROUNDS and BENCH_VMS change how much is run.
import { Container } from "../systemd/container.ts";
import { NixosHost } from "../systemd/nixosHost.ts";
import { SUITES } from "../systemd/root.ts";
import { floorFor, LIST, loopOver } from "./contenders.ts";
import { growthTable, SCENES } from "./growth.ts";
import { layOutIdle, layOutOrphans, sweepFor } from "./scenes.ts";
import { type Cost, patiently, Stopwatch } from "./stopwatch.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const VMS = Number(process.env["BENCH_VMS"] ?? 60);
/** What changes nothing can be run more often for the same time. */
const QUICK_ROUNDS = ROUNDS * 5;

const names = Array.from({ length: VMS }, (_, index) => `vm${index}`);
const print = (text: string) => process.stdout.write(text);

function line(what: string, { milliseconds, forks }: Cost): string {
  return `  ${what.padEnd(52)}${milliseconds.toFixed(1).padStart(9)} ms ${String(forks).padStart(5)} forks\n`;
}

function ratio(what: string, [a, b]: readonly [Cost, Cost], aim: number): string {
  const value = a.milliseconds / b.milliseconds;
  const verdict = value <= aim ? "met" : "missed";
  return `  ${what.padEnd(52)}${value.toFixed(2).padStart(9)}    aim: at most ${aim}: ${verdict}\n`;
}

function benchIdle(host: NixosHost, watch: Stopwatch, running: boolean): void {
  patiently(() => layOutIdle(host, names));
  if (running) patiently(() => host.start(...names));
  const script = sweepFor(host, 1, names);
  // The first run writes the record.
  watch.time(script);
  const [sweep, list] = watch.compare([script, `${LIST}\n`], QUICK_ROUNDS);
  if (sweep === undefined || list === undefined) return;
  const state = running ? "all of them running" : "none of them running";
  print(`nothing stale, ${VMS} declared MicroVMs, ${state}, median of ${QUICK_ROUNDS}\n`);
  print(line("(a) the sweep", sweep) + line("    one systemctl list-units", list));
  print(`${ratio("(a) / list-units", [sweep, list], 2.5)}\n`);
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
  print(`${ratio("(b) / (d)", [sweep, floor], 1.1)}${ratio("(b) / (c)", [sweep, loop], 0.15)}\n`);
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
    attempt("nothing stale", () => benchIdle(host, watch, false));
    attempt("nothing stale, running", () => benchIdle(host, watch, true));
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
