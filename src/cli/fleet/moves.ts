import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { DeclaredVm, Host } from "../../usage/model.ts";

/** A MicroVM that one change takes from a host and gives to another. */
export interface Move extends DeclaredVm {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
}

/**
 * How many MicroVMs may come and go in one change before nobody looks any more for those that moved: memory
 * must not grow with the fleet.
 */
const MOST_CHANGES = 100_000;

/** Collects which MicroVMs leave and enter pages in one change. */
export class Moves {
  readonly #left = new Map<string, string[]>();
  readonly #arrived = new Map<string, Omit<Move, "vm" | "from">[]>();
  #changes = 0;

  /** Notes that a host has lost MicroVMs. */
  leave(host: string, vms: Iterable<string>): void {
    for (const vm of vms) this.#note(this.#left, vm, host);
  }

  /** Notes what a change of the page of a host comes to. */
  change(name: string, before: readonly string[], { vms }: Host, after: readonly string[]): void {
    const [old, now] = [new Set(before), new Set(after)];
    this.leave(
      name,
      before.filter((vm) => !now.has(vm)),
    );
    for (const vm of after) {
      const declared = vms[vm];
      if (old.has(vm) || declared === undefined) continue;
      const { kind, autostart, updateFlake } = declared;
      this.#note(this.#arrived, vm, { to: name, kind, autostart, updateFlake });
    }
  }

  #note<T>(map: Map<string, T[]>, vm: string, entry: T): void {
    this.#changes += 1;
    if (this.#changes > MOST_CHANGES) return;
    const entries = map.get(vm);
    if (entries === undefined) map.set(vm, [entry]);
    else entries.push(entry);
  }

  /** Drops what was noted of a host. */
  forget(name: string): void {
    for (const [vm, hosts] of this.#left) {
      if (hosts.includes(name)) {
        this.#left.set(
          vm,
          hosts.filter((host) => host !== name),
        );
      }
    }
    for (const [vm, arrivals] of this.#arrived) {
      if (arrivals.some(({ to }) => to === name)) {
        this.#arrived.set(
          vm,
          arrivals.filter(({ to }) => to !== name),
        );
      }
    }
  }

  /** The MicroVMs that left one host and entered another, sorted by name. */
  list(): readonly Move[] {
    return [...this.#left.keys()].sort().flatMap((vm) => {
      const arrivals = this.#arrived.get(vm) ?? [];
      const hosts = this.#left.get(vm) ?? [];
      return hosts.flatMap((from) => arrivals.map((arrival) => ({ vm, from, ...arrival })));
    });
  }
}

/** How many MicroVMs a warning names. */
const MOST_NAMES = 20;

/** What happens to a MicroVM on its new host, for the hint of a warning. */
function onArrival({ vm, to, kind, autostart, updateFlake }: Move): string {
  const start = autostart
    ? `${to} starts ${vm} at its switch`
    : `${to} does not start ${vm} itself`;
  if (kind === "config") return start;
  return `${start}; it is built there from ${updateFlake ?? "its flake"}`;
}

/**
 * Warns of MicroVMs that moved, once for each pair of hosts.
 *
 * @param gone the hosts that left the fleet: no switch stops anything there any more
 */
export function movedWarnings(
  moves: readonly Move[],
  gone: ReadonlySet<string>,
): readonly Diagnostic[] {
  const pairs = new Map<string, Move[]>();
  for (const move of moves) {
    const pair = JSON.stringify([move.from, move.to]);
    pairs.set(pair, [...(pairs.get(pair) ?? []), move]);
  }
  return [...pairs.values()].flatMap((moved) => {
    const [first] = moved;
    if (first === undefined) return [];
    const { from, to } = first;
    const names = moved.slice(0, MOST_NAMES).map(({ vm }) => vm);
    const more = moved.length > names.length ? ` and ${moved.length - names.length} more` : "";
    const [one, it] = moved.length === 1 ? ["MicroVM", "it"] : ["MicroVMs", "them"];
    const stop = gone.has(from)
      ? `${from} left the fleet, so nothing stops ${it} there`
      : `${from} stops ${it} at its next switch`;
    return {
      code: "MS1209",
      severity: "warning",
      pointer: "",
      message: `${one} ${names.join(", ")}${more} moved from ${from} to ${to}: ${stop}, and the state stays there`,
      hint: `copy the state first: ${onArrival(first)}`,
    };
  });
}
