import type { NixosHost } from "../systemd/nixosHost.ts";
import { layOutGenerations, sweepFor } from "./scenes.ts";
import { median, patiently, type Stopwatch } from "./stopwatch.ts";

/** A scene whose input grows, with the sizes of its largest but one. */
export interface Scene {
  readonly name: string;
  readonly sizes: readonly [number, number];
  readonly layOut: (host: NixosHost, sizes: readonly [number, number]) => void;
}

export const SCENES: readonly Scene[] = [
  {
    name: "stale drop-ins, retained generations",
    sizes: [1000, 200],
    layOut: (host, [names, generations]) => layOutGenerations(host, names, generations),
  },
];

/** Twice the input may take this many times as long: more than 2, since no machine is quiet. */
const LINEAR = 2.6;

/** One row of the table for each size: a half and a quarter of the scene's, its own, and twice that. */
export function growthTable(
  host: NixosHost,
  watch: Stopwatch,
  scene: Scene,
  rounds: number,
  print: (text: string) => void,
): void {
  const times: number[] = [];
  print(`${scene.name}, median of ${rounds}\n`);
  for (const factor of [1, 2, 4, 8]) {
    const sizes = scene.sizes.map((size) => Math.ceil((size * factor) / 4)) as [number, number];
    patiently(() => scene.layOut(host, sizes));
    // A report changes nothing, so it can be run again.
    const script = sweepFor(host, 1, ["fw"], { unitFiles: "report" });
    const measured = Array.from({ length: rounds }, () => watch.time(script));
    times.push(median(measured));
    print(row(factor, sizes, times));
  }
  const worst = Math.max(...times.slice(1).map((time, index) => time / (times[index] ?? time)));
  const verdict = worst <= LINEAR ? "linear" : "not linear";
  print(`  twice the input takes at most ${worst.toFixed(2)} times as long: ${verdict}\n\n`);
}

function row(factor: number, sizes: readonly number[], times: readonly number[]) {
  const time = times.at(-1) ?? Number.NaN;
  const growth = time / (times[0] ?? time);
  const size = sizes.map((value) => String(value).padStart(5)).join(" × ");
  return `  ${factor}×  ${size}${time.toFixed(1).padStart(10)} ms  ${growth.toFixed(2).padStart(6)}×\n`;
}
