import type { Scene } from "../onSystemd.ts";

export const STATE = "/var/lib/microvms";

/** A host whose second generation, which runs, has lost these VMs: only fw is declared. Their disks are there. */
export function removed({ host }: Scene, ...names: readonly string[]): void {
  host.build(1, { vms: ["fw", ...names] });
  host.build(2, { vms: ["fw"] });
  host.current(2);
  for (const name of ["fw", ...names]) host.state(name);
}
