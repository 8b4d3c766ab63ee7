import type { Container } from "../systemd/container.ts";

/** What a script costs: wall time in milliseconds, and the processes that it makes. */
export interface Cost {
  readonly milliseconds: number;
  readonly forks: number;
}

/** Runs a script in a shell of its own, and prints the microseconds that took. */
const TIMED = `
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
before=$EPOCHREALTIME
. /root/bench > /root/bench.out 2>&1
after=$EPOCHREALTIME
echo "$((\${after/./} - \${before/./}))"
`;
const TRACED = `export PATH=/usr/sbin:/usr/bin:/sbin:/bin
strace -f -qq -e trace=clone,clone3,fork,vfork -o /root/bench.trace bash /root/bench > /dev/null 2>&1
grep -cE '(clone|clone3|fork|vfork)\\(' /root/bench.trace || true
`;
/** A machine under load can make a step of the container time out once. */
const ATTEMPTS = 3;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Calls a function again where it throws, a few times. */
export function patiently<T>(what: () => T): T {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return what();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Measures scripts inside of a container. */
export class Stopwatch {
  private readonly container: Container;
  private readonly write: (path: string, text: string) => void;

  constructor(container: Container, write: (path: string, text: string) => void) {
    this.container = container;
    this.write = write;
    write("/root/timed", TIMED);
    write("/root/traced", TRACED);
  }

  /** How long the script takes, in milliseconds. */
  time(script: string): number {
    return this.run("/root/timed", script) / 1000;
  }

  /** How many processes the script makes; the time of such a run means nothing. */
  forks(script: string): number {
    return this.run("/root/traced", script);
  }

  /** Runs scripts in turn, so that what else the machine does meets all of them, and takes medians. */
  compare(scripts: readonly string[], rounds: number, prepare: () => void = () => {}): Cost[] {
    const times = scripts.map(() => [] as number[]);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, script] of scripts.entries()) {
        patiently(prepare);
        times[index]?.push(this.time(script));
      }
    }
    return scripts.map((script, index) => {
      patiently(prepare);
      return { milliseconds: median(times[index] ?? []), forks: this.forks(script) };
    });
  }

  private run(how: string, script: string): number {
    this.write("/root/bench", script);
    return Number(this.container.must(`bash ${how}`).trim());
  }
}
