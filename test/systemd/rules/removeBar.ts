import type { Scene } from "../onSystemd.ts";

export const CONTROL = "/etc/systemd/system.control";

/** Two generations: the first declares fw and bar and is current, the second only fw. */
export function removeBar({ host }: Scene): void {
  host.build(1, { vms: ["fw", "bar"] });
  host.build(2, { vms: ["fw"] });
  host.current(1);
  for (const name of ["fw", "bar"]) host.state(name);
}
