import type { Policy } from "../../src/policy/policy.ts";
import type { NixosHost } from "../systemd/nixosHost.ts";
import { COMMAND, command, PROGRAM, program } from "../systemd/program.ts";
import { staleOf } from "./contenders.ts";

/** How long a MicroVM takes to shut down, in seconds. */
const SHUTDOWN = 0.2;
const STATE_DIR = "/var/lib/microvms";
/** How many VMs a generation of {@link layOutGenerations} declares. */
const DECLARED = 100;

/** Puts the program and a page's command on the host, and returns the script that activates a generation. */
export function sweepFor(
  host: NixosHost,
  number: number,
  vms: readonly string[],
  policy: Partial<Policy> = {},
): string {
  host.file(PROGRAM, program());
  host.file(COMMAND, command({ vms }, { policy }));
  host.container.must(`chmod +x ${COMMAND}`);
  return `${COMMAND} activate ${host.toplevel(number)} switch\n`;
}

/** A host that declares all names, has swept before and has nothing stale; its VMs do not run. */
export function layOutIdle(host: NixosHost, names: readonly string[]): void {
  host.reset();
  host.build(1, { vms: names });
  host.current(1);
  for (const name of names) host.file(`${STATE_DIR}/${name}/disk.img`);
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

/** Names that an older generation declared, with state to archive, beside many mount points. */
export function layOutLeftovers(host: NixosHost, leftovers: number, mounts: number): void {
  host.reset();
  host.build(1, { vms: ["fw"] });
  host.current(1);
  host.container.must(`
    mkdir -p /srv/mounts && cd /srv/mounts
    for ((i = 0; i < ${mounts}; i++)); do mkdir -p "a mount $i" && mount --bind "a mount $i" "a mount $i"; done`);
  layOutState(host, leftovers);
}

/** The state of the leftovers, which a run archives. */
export function layOutState(host: NixosHost, leftovers: number): void {
  host.container.must(`
    rm -rf /var/lib/microvm-sweep ${STATE_DIR}/vm* && cd ${STATE_DIR}
    printf '%s\\n' vm{1..${leftovers}} | xargs mkdir -p
    for ((i = 1; i <= ${leftovers}; i++)); do ln -s /nix/store/gone "vm$i/toplevel"; done`);
}

/** Names with state that no generation declares now, and retained generations that declare some each. */
export function layOutGenerations(host: NixosHost, names: number, generations: number): void {
  host.reset();
  host.build(1, { vms: ["fw"] });
  host.current(1);
  host.container.must(`
    printf '${STATE_DIR}/vm%s\\n' {1..${names}} | xargs mkdir -p
    for ((g = 1; g <= ${generations}; g++)); do
      printf '/nix/store/old-%s/etc/systemd/system\\n' "$g"
      ln -s "/nix/store/old-$g" "/nix/var/nix/profiles/system-$((g + 1))-link"
    done | xargs mkdir -p
    for ((g = 1; g <= ${generations}; g++)); do
      for ((i = 0; i < ${DECLARED}; i++)); do
        printf '/nix/store/old-%s/etc/systemd/system/install-microvm-old%s.service\\n' "$g" "$((g * 7 + i))"
      done
    done | xargs touch`);
}
