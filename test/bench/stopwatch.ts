import type { NixosHost } from "../systemd/nixosHost.ts";

/** What a script costs: wall time in milliseconds, and the processes that it makes. */
export interface Cost {
  readonly milliseconds: number;
  readonly forks: number;
}

/** Sources a script as an activation script does a snippet, and prints the microseconds that took. */
const TIMED = `
export systemConfig=$1 PATH=/opt/activation
before=$EPOCHREALTIME
. "$2" > /root/bench.out 2>&1
after=$EPOCHREALTIME
echo "$((\${after/./} - \${before/./}))"
`;
const TRACED = `export systemConfig=$1 PATH=/opt/activation
/usr/bin/strace -f -qq -e trace=clone,clone3,fork,vfork -o /root/bench.trace bash "$2" > /dev/null 2>&1
/usr/bin/grep -cE '(clone|clone3|fork|vfork)\\(' /root/bench.trace || true
`;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Measures scripts on a host: each in a shell of its own, inside of the container. */
export class Stopwatch {
  private readonly host: NixosHost;
  private readonly generation: string;

  /** @param generation the toplevel that is being activated */
  constructor(host: NixosHost, generation: string) {
    this.host = host;
    this.generation = generation;
    host.file("/root/timed", TIMED);
    host.file("/root/traced", TRACED);
  }

  /** How long the script takes, in milliseconds. */
  time(script: string): number {
    return this.run("/root/timed", script) / 1000;
  }

  /** How many processes the script makes; the time of such a run means nothing. */
  forks(script: string): number {
    return this.run("/root/traced", script);
  }

  private run(how: string, script: string): number {
    this.host.file("/root/bench", script);
    return Number(this.host.container.must(`bash ${how} '${this.generation}' /root/bench`));
  }
}
