import type { Policy } from "../../../src/policy/policy.ts";
import type { Container } from "../container.ts";
import type { NixosHost } from "../nixosHost.ts";

/** The policies that between them take every step of the sweep. */
export const QUARANTINE: Partial<Policy> = {
  unitFiles: "quarantine",
  state: "archive",
  keep: ["kept"],
};
export const DELETE: Partial<Policy> = {
  state: "delete",
  stateDelete: ["bar", "old"],
  keep: ["kept"],
};

/** Names that every run has to leave alone, and the units of theirs that run. */
export const LEFT = ["fw", "imp", "rest", "kept", "lin"];
export const RUNNING = ["fw", "imp", "kept", "lin"];

/** The VMs whose disk a policy never deletes, wherever it may move it. */
export const KEPT_DISKS = (policy: Partial<Policy>): readonly string[] =>
  policy.state === "archive" ? [...LEFT, "bar", "baz", "old"] : [...LEFT, "baz"];

const CONTROL = "/etc/systemd/system.control";
const ROOTS = "/nix/var/nix/gcroots/microvm";

/**
 * Something for every step to do, and something beside it to leave alone. Generation 2, which is
 * being activated, declares `fw` alone. Generation 1 is current and had `bar`, which runs, `baz`, which
 * does not, and `kept`. Generation 0 had `old`, which failed, and `lin`, which was started again by hand.
 * `imp` and `rest` are imperative, only `imp` runs; of `ghost` there are unit files alone.
 */
export function layOut(host: NixosHost, container: Container, record: boolean): void {
  host.build(0, { vms: ["fw", "old", "lin"] });
  host.build(1, { vms: ["fw", "bar", "baz", "kept"] });
  host.build(2, { vms: ["fw"] });
  for (const name of ["fw", "bar", "baz", "kept", "old", "lin"]) state(host, name, true);
  for (const name of ["imp", "rest"]) state(host, name, false);
  for (const name of ["bar", "baz", "old", "ghost", "imp", "kept"])
    host.file(
      `${CONTROL}/microvm@${name}.service.d/50-CPUWeight.conf`,
      "[Service]\nCPUWeight=50\n",
    );
  host.link(`${CONTROL}/multi-user.target.wants/microvm@ghost.service`, "../microvm@.service");
  host.file(
    `${CONTROL}/microvm@old.service.d/x.conf`,
    "[Service]\nType=exec\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
  );
  for (const root of ["old-bar", "booted-gone", "booted-imp"])
    host.link(`${ROOTS}/${root}`, "/nowhere");
  host.link(`${ROOTS}/fw`, host.toplevel(2));
  host.current(1);
  // As a host on which the switch before had the sweep, and this one its pre-switch check.
  if (record) host.check(2, "switch");
  else container.must("mkdir -m 0700 /run/microvm-sweep");
  container.must(`
    chown -hR microvm:kvm /var/lib/microvms/*
    systemctl start microvm@{fw,bar,kept,lin,imp}.service microvm@old.service
    systemctl stop 'microvm-*@old.service'
    systemctl is-failed --quiet microvm@old.service`);
}

function state(host: NixosHost, name: string, declarative: boolean): void {
  host.file(`/var/lib/microvms/${name}/disk.img`, `disk of ${name}`);
  if (declarative) host.link(`/var/lib/microvms/${name}/toplevel`, "/nix/store/x-guest");
}
