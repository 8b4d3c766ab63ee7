import type { Container, Result } from "../container.ts";
import { NixosHost } from "../nixosHost.ts";
import { layVictims, outside, SHAPE, SHARED, VICTIMS } from "./victim.ts";
import { Watch } from "./watch.ts";

/** What happened outside the state directory while something ran. */
export interface Outside {
  /** Events of the victims, none expected. */
  readonly events: readonly string[];
  /** Whether all files outside are as they were. */
  readonly unchanged: boolean;
}

/** A host whose state directory is the user microvm's to fill. */
export class HostileHost {
  readonly host: NixosHost;
  readonly container: Container;

  constructor(container: Container) {
    this.container = container;
    this.host = new NixosHost(container);
    // In memory: many trees are made and removed here, some too deep for a path from outside.
    container.must(`mount -t tmpfs -o mode=0755 none /var/lib\n${SHAPE}
      shape /opt/hostile/state 'of the user'`);
  }

  /** Lays out two generations: the first, which is current, declares what the second no longer does. */
  reset(removed: readonly string[]): void {
    this.host.reset();
    layVictims(this.container);
    this.host.build(1, { vms: ["fw", ...removed] });
    this.host.build(2, { vms: ["fw"] });
    this.host.current(1);
    this.host.profile(2);
  }

  /** Switches from the first to the second generation, also where that was done before. */
  switch(change: (text: string, part: string) => string = (text) => text): Result {
    this.host.link("/run/current-system", this.host.toplevel(1));
    return this.host.activate(2, { change });
  }

  /** What an action does outside the state directory. */
  async watch(action: () => void): Promise<Outside> {
    const before = outside(this.container);
    const watch = await Watch.start(this.container, [...VICTIMS, ...sharedVictims()]);
    try {
      action();
      const events = await watch.stop();
      return { events, unchanged: outside(this.container) === before };
    } finally {
      watch.end();
    }
  }
}

/** Not the shared directory itself: the user may change that one. */
function sharedVictims(): readonly string[] {
  return [0, 1, 2, 3].map((number) => `${SHARED}/e${number}`);
}
