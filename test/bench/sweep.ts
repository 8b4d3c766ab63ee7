// What the sweep costs on real systemd, as ratios of things that are run side by side:
// `npm run bench:sweep`, as root. BENCH_ROUNDS and BENCH_VMS change how much is run.
import { Container } from "../systemd/container.ts";
import { NixosHost } from "../systemd/nixosHost.ts";
import { floorFor, LIST, loopOver } from "./contenders.ts";
import { layOutIdle, layOutOrphans, sweepFor } from "./scenes.ts";
import { type Cost, median, Stopwatch } from "./stopwatch.ts";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const VMS = Number(process.env["BENCH_VMS"] ?? 60);
/** What changes nothing can be run more often for the same time. */
const QUICK_ROUNDS = ROUNDS * 5;

const names = Array.from({ length: VMS }, (_, index) => `vm${index}`);

/** Runs scripts in turn, so that what else the machine does meets all of them, and takes medians. */
function compare(
  watch: Stopwatch,
  scripts: readonly string[],
  rounds: number,
  prepare: () => void,
): Cost[] {
  const times = scripts.map(() => [] as number[]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, script] of scripts.entries()) {
      prepare();
      times[index]?.push(watch.time(script) - watch.time(""));
    }
  }
  return scripts.map((script, index) => {
    prepare();
    return { milliseconds: median(times[index] ?? []), forks: watch.forks(script) };
  });
}

function line(what: string, { milliseconds, forks }: Cost): string {
  return `  ${what.padEnd(52)}${milliseconds.toFixed(1).padStart(9)} ms ${String(forks).padStart(5)} forks\n`;
}

function ratio(what: string, [a, b]: readonly [Cost, Cost], aim: number): string {
  const value = a.milliseconds / b.milliseconds;
  const verdict = value <= aim ? "met" : "missed";
  return `  ${what.padEnd(52)}${value.toFixed(2).padStart(9)}    aim: at most ${aim}: ${verdict}\n`;
}

const print = (text: string) => process.stdout.write(text);

function benchIdle(host: NixosHost, running: boolean): void {
  layOutIdle(host, names);
  if (running) host.start(...names);
  const watch = new Stopwatch(host, host.toplevel(1));
  const [sweep, list] = compare(watch, [sweepFor(names), LIST], QUICK_ROUNDS, () => {});
  if (sweep === undefined || list === undefined) return;
  const state = running ? "all of them running" : "none of them running";
  print(`nothing stale, ${VMS} declared MicroVMs, ${state}, median of ${QUICK_ROUNDS}\n`);
  print(line("(a) the sweep", sweep) + line("    one systemctl list-units", list));
  print(`${ratio("(a) / list-units", [sweep, list], 3)}\n`);
}

function benchOrphans(host: NixosHost): void {
  const watch = new Stopwatch(host, host.toplevel(2));
  const scripts = [sweepFor([]), loopOver(names), floorFor(names)];
  const [sweep, loop, floor] = compare(watch, scripts, ROUNDS, () => layOutOrphans(host, names));
  if (sweep === undefined || loop === undefined || floor === undefined) return;
  print(`${VMS} running orphans, ${VMS * 5} stale drop-ins, median of ${ROUNDS}\n`);
  print(line("(b) the sweep", sweep));
  print(line("(c) a loop: is-active, stop and rm for each MicroVM", loop));
  print(line("(d) the floor: one list, one stop, one rm, one reload", floor));
  print(ratio("(b) / (d)", [sweep, floor], 1.15) + ratio("(b) / (c)", [sweep, loop], 0.15));
}

const container = await Container.boot();
try {
  const host = new NixosHost(container);
  benchIdle(host, false);
  benchIdle(host, true);
  benchOrphans(host);
} finally {
  container.stop();
}
