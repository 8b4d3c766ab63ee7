import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { DeclaredVm, Host } from "../usage/model.ts";

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

/** The hosts that one change takes a MicroVM from, and those that it gives one of that name. */
interface Places {
  readonly left: string[];
  readonly arrived: Omit<Move, "vm" | "from">[];
}

/** Collects which MicroVMs leave and enter pages in one change. */
export class Moves {
  readonly #places = new Map<string, Places>();
  readonly #forgotten = new Set<string>();
  #changes = 0;

  /** Notes that a host has lost MicroVMs. */
  leave(host: string, vms: Iterable<string>): void {
    for (const vm of vms) this.#placesOf(vm)?.left.push(host);
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
      this.#placesOf(vm)?.arrived.push({ to: name, kind, autostart, updateFlake });
    }
  }

  /** Whether there were too many changes to look for moves. */
  get isIncomplete(): boolean {
    return this.#changes > MOST_CHANGES;
  }

  #placesOf(vm: string): Places | undefined {
    this.#changes += 1;
    if (this.isIncomplete) return undefined;
    const places = this.#places.get(vm) ?? { left: [], arrived: [] };
    this.#places.set(vm, places);
    return places;
  }

  /** Leaves a host out of what is listed. */
  forget(name: string): void {
    this.#forgotten.add(name);
  }

  /**
   * The MicroVMs that left one host and entered another, sorted by name. A name that left two hosts, or
   * entered two, is left out: nobody knows which of them went where.
   */
  list(): readonly Move[] {
    return this.#sorted().flatMap(([vm, { left, arrived }]) => {
      const [[from, ...others], [arrival, ...more]] = [left, arrived];
      if (from === undefined || arrival === undefined || others.length + more.length > 0) return [];
      return [{ vm, from, ...arrival }];
    });
  }

  /** The names of MicroVMs that left a host and entered one, and more than one of either. */
  unclear(): readonly string[] {
    return this.#sorted()
      .filter(([, { left, arrived }]) => left.length > 0 && arrived.length > 0)
      .filter(([, { left, arrived }]) => left.length + arrived.length > 2)
      .map(([vm]) => vm);
  }

  #sorted(): readonly (readonly [vm: string, places: Places])[] {
    const isKnown = (host: string) => !this.#forgotten.has(host);
    return [...this.#places]
      .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
      .map(([vm, { left, arrived }]) => [
        vm,
        { left: left.filter(isKnown), arrived: arrived.filter(({ to }) => isKnown(to)) },
      ]);
  }
}

/** How many MicroVMs a warning names. */
const MOST_NAMES = 20;

/** MicroVMs in a message, for example `MicroVMs a, b and 3 more`. */
function subject(names: readonly string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return `${names.length === 1 ? "MicroVM" : "MicroVMs"} ${shown}${more}`;
}

/** What happens to a MicroVM on its new host, for the hint of a warning. */
function onArrival({ vm, to, kind, autostart, updateFlake }: Move): string {
  const start = autostart
    ? `${to} starts ${vm} at its switch`
    : `${to} does not start ${vm} itself`;
  if (kind === "config") return start;
  return `${start}; it is built there from ${updateFlake ?? "its flake"}`;
}

const MOVED = { code: "MS1209", severity: "warning", pointer: "" } as const;

/** Warns of the MicroVMs that moved from one host to another. */
function pairWarning(moved: readonly [Move, ...Move[]], isGone: boolean): Diagnostic {
  const [{ from, to }] = moved;
  const it = moved.length === 1 ? "it" : "them";
  const stop = isGone
    ? `${from} left the fleet, so nothing stops ${it} there`
    : `${from} stops ${it} at its next switch`;
  return {
    ...MOVED,
    message: `${subject(moved.map(({ vm }) => vm))} moved from ${from} to ${to}: ${stop}, and the state stays there`,
    hint: `copy the state first: ${onArrival(moved[0])}`,
  };
}

/**
 * Warns of MicroVMs that moved, once for each pair of hosts, and of those that nobody can follow.
 *
 * @param gone the hosts that left the fleet: no switch stops anything there any more
 */
export function movedWarnings(moves: Moves, gone: ReadonlySet<string>): readonly Diagnostic[] {
  const pairs = new Map<string, [Move, ...Move[]]>();
  for (const move of moves.list()) {
    const pair = JSON.stringify([move.from, move.to]);
    const moved = pairs.get(pair);
    if (moved === undefined) pairs.set(pair, [move]);
    else moved.push(move);
  }
  const warnings: Diagnostic[] = [...pairs.values()].map((moved) =>
    pairWarning(moved, gone.has(moved[0].from)),
  );
  const unclear = moves.unclear();
  if (unclear.length > 0) {
    warnings.push({
      ...MOVED,
      message: `${subject(unclear)} left several hosts, or came to several: state stays where it was`,
      hint: "look at the changes of the pages, and copy the state that has to move",
    });
  }
  if (moves.isIncomplete) {
    warnings.push({
      ...MOVED,
      message: `more than ${MOST_CHANGES.toLocaleString("en")} MicroVMs come and go, so only the first were looked at for moves`,
    });
  }
  return warnings;
}
