import { emitScript } from "../../src/emit/emitScript.ts";
import { DEFAULT_POLICY } from "../../src/policy/policy.ts";
import type { NixosHost } from "../systemd/nixosHost.ts";
import { staleOf } from "./contenders.ts";

/** How long a MicroVM takes to shut down, in seconds. */
const SHUTDOWN = 0.2;

/** The script of a host that declares these VMs. */
export function sweepFor(vms: readonly string[]): string {
  const program = {
    hostName: "hyp-01",
    stateDir: "/var/lib/microvms",
    backend: "auto",
    vms: [...vms].sort(),
    autostart: [],
    policy: DEFAULT_POLICY,
  };
  return emitScript(program, { systemctl: "/usr/bin/systemctl" });
}

/** A host that declares all names, has swept before and has nothing stale; its VMs do not run. */
export function layOutIdle(host: NixosHost, names: readonly string[]): void {
  host.reset();
  host.build(1, { vms: names });
  host.current(1);
  for (const name of names) host.state(name);
  host.activate(1);
}

/** A host on which all names run, and the generation to activate declares none of them. */
export function layOutOrphans(host: NixosHost, names: readonly string[]): void {
  host.reset();
  host.build(1, { vms: names });
  host.build(2, { vms: [] });
  host.file(
    `${host.toplevel(1)}/etc/systemd/system/microvm@.service.d/shutdown.conf`,
    `[Service]\nExecStop=\nExecStop=/bin/sleep ${SHUTDOWN}\n`,
  );
  host.current(1);
  for (const name of names) {
    for (const directory of staleOf(name)) host.file(`${directory}/50.conf`, "[Unit]\n");
  }
  host.container.must("systemctl daemon-reload");
  host.start(...names);
}
