import type { Container } from "../container.ts";
import type { NixosHost } from "../nixosHost.ts";
import type { HostPolicy } from "../program.ts";

export const POLICY: HostPolicy = { keep: ["kept"] };

/** Names that every run has to leave alone and that run. */
export const RUNNING = ["fw", "imp", "kept", "lin", "tied"];

export const CONTROL = "/etc/systemd/system.control";
export const RUNTIME = "/run/systemd/system";

/**
 * Something for every step to do, and something beside it to leave alone. Generation 2, which is
 * being activated, declares `fw`. Generation 1 is current and had `bar`, which runs and does not shut
 * down cleanly, `tied`, to which a unit of the administrator's is attached, `baz`, which does not run,
 * and `kept`. Generation 0 had `old`, which failed, and `lin`, which was started again by hand. `imp`
 * and `rest` are imperative, only `imp` runs; of `ghost` there are unit files alone.
 */
export function layOut(host: NixosHost, container: Container): void {
  host.build(0, { vms: ["fw", "old", "lin"] });
  host.build(1, { vms: ["fw", "bar", "baz", "kept", "tied"] });
  host.build(2, { vms: ["fw"] });
  for (const name of ["fw", "bar", "baz", "kept", "old", "lin", "tied"]) state(host, name, true);
  for (const name of ["imp", "rest"]) state(host, name, false);
  for (const name of ["bar", "baz", "old", "ghost", "imp", "kept", "tied"])
    host.file(
      `${CONTROL}/microvm@${name}.service.d/50-CPUWeight.conf`,
      "[Service]\nCPUWeight=50\n",
    );
  host.file(`${RUNTIME}/microvm@bar.service.d/x.conf`, "[Service]\nExecStopPost=/bin/false\n");
  host.link(`${CONTROL}/my.target.wants/microvm@ghost.service`, "../microvm@.service");
  host.file(
    `${RUNTIME}/microvm@old.service.d/x.conf`,
    "[Service]\nType=exec\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
  );
  host.file(
    `${RUNTIME}/my-companion.service`,
    "[Unit]\nRequires=microvm@tied.service\nAfter=microvm@tied.service\n[Service]\nExecStart=/bin/sleep infinity\n",
  );
  for (const root of ["imp", "booted-imp", "booted-rest"])
    host.link(`/nix/var/nix/gcroots/microvm/${root}`, "/nowhere");
  host.current(1);
  container.must(`
    chown -hR microvm:kvm /var/lib/microvms/*
    systemctl start microvm@{fw,bar,kept,lin,imp}.service my-companion.service microvm@old.service
    systemctl stop 'microvm-*@old.service'
    systemctl is-failed --quiet microvm@old.service`);
  // As nixos-rebuild does before a switch.
  host.profile(2);
}

function state(host: NixosHost, name: string, declarative: boolean): void {
  host.file(`/var/lib/microvms/${name}/disk.img`, `disk of ${name}`);
  if (declarative) host.link(`/var/lib/microvms/${name}/toplevel`, "/nix/store/x-guest");
}
