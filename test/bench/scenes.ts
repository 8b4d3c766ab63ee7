import type { Policy } from "../../src/policy/policy.ts";
import type { NixosHost } from "../systemd/nixosHost.ts";
import { COMMAND, command, PARTS, PROGRAM, program } from "../systemd/program.ts";
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
  for (const part of PARTS) host.file(`${PROGRAM}/${part}.bash`, program(part));
  host.file(COMMAND, command({ vms }, { policy }));
  host.container.must(`chmod +x ${COMMAND}`);
  return `${COMMAND} activate ${host.toplevel(number)} switch\n`;
}

/** A host that declares all names and has nothing stale; its VMs do not run. */
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

/** A host that declares nothing, beside state directories that nobody declares. */
export function layOutDirectories(host: NixosHost, count: number): void {
  host.reset();
  host.build(1, { vms: [] });
  host.current(1);
  host.container.must(`printf '${STATE_DIR}/vm%s\\n' {1..${count}} | xargs mkdir -p`);
}

/** Names with a drop-in that no generation declares now, and retained generations that declare some each. */
export function layOutGenerations(host: NixosHost, names: number, generations: number): void {
  host.reset();
  host.build(1, { vms: ["fw"] });
  host.current(1);
  host.container.must(`
    printf '/etc/systemd/system.control/microvm@vm%s.service.d\\n' {1..${names}} | xargs mkdir -p
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
