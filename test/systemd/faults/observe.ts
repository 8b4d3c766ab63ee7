import type { Container } from "../container.ts";
import { LEFT, RUNNING } from "./scene.ts";

/** Everything below a directory that is on this host and concerns the sweep, with what it holds. */
const FILES = `
  find /etc/systemd/system.control /run/systemd/system /run/systemd/system.control /run/microvm-sweep /nix/var /var/lib/microvms /var/lib/microvm-sweep \\
    ! -path /run/microvm-sweep/lock ! -path /run/microvm-sweep/record.new ! '(' -path /run/microvm-sweep/reload -empty ')' \\
    '(' -type d -printf '%p %y %m %U\\n' -o -printf '%p %y %l %m %U %s\\n' ')' 2> /dev/null
  find /etc/systemd/system.control /run/microvm-sweep /var/lib/microvms /var/lib/microvm-sweep -type f ! -empty ! -name record.new -exec md5sum '{}' +
`;

/**
 * The state of the host as far as it is the same however often it took to reach it: without times,
 * with all runs' quarantines and archives seen as one, and with an empty `reload` taken for none. What a
 * failed rename leaves beside the record is never read.
 */
export function observe(container: Container): string {
  const files = container.must(`${FILES}\ntrue`).replaceAll(/\d{8}T\d{6}Z/g, "TIME");
  const units = container
    .must("systemctl list-units --all --full --plain --no-legend 'microvm*' 'install-microvm-*'")
    .split("\n")
    .map((line) => line.split(/\s+/).slice(0, 4).join(" "))
    // When systemd forgets a unit that nothing needs is its own affair.
    .filter((line) => !line.includes(" inactive "));
  return [...new Set([...files.split("\n"), ...units])].sort().join("\n");
}

/** What no run may change: the store, and all that belongs to the VMs that stay, processes included. */
export function observeLeft(container: Container): string {
  const names = LEFT.join(",");
  return container.must(`
    find /nix/store /var/lib/microvms/{${names}} -printf '%p %y %l %m %U %s %C@\\n' | sort
    find /etc/systemd/system.control/microvm@{imp,kept}.service.d -printf '%p %C@\\n' | sort
    readlink /nix/var/nix/gcroots/microvm/{fw,booted-imp} /nix/var/nix/profiles/system-*-link
    systemctl show --property=Id,ActiveState,MainPID microvm@{${RUNNING.join(",")}}.service microvm-{tap-interfaces,virtiofsd}@{${RUNNING.join(",")}}.service`);
}

/** The VMs whose disk is on this host exactly once, in its place or archived. */
export function disks(container: Container): readonly string[] {
  const places = "/var/lib/microvms /var/lib/microvm-sweep";
  const found = container
    .must(`find ${places} -name disk.img -exec cat '{}' ';' -printf '\\n' 2> /dev/null; true`)
    .split("\n")
    .map((line) => line.replace("disk of ", ""));
  return found.filter((name) => name !== "" && found.indexOf(name) === found.lastIndexOf(name));
}
