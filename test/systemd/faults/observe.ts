import type { Container } from "../container.ts";
import { RUNNING } from "./scene.ts";

/** Every file that the sweep may change, with what it holds. */
const FILES = `
  find /etc/systemd/system.control /run/systemd/system /run/systemd/system.control /var/lib/microvm-sweep \\
    ! -type d -printf '%p %y %l %m %U %s\\n' 2> /dev/null
  find /etc/systemd/system.control /var/lib/microvm-sweep -type f -exec md5sum '{}' + 2> /dev/null`;

/**
 * The state of the host as far as it is the same however often it took to reach it: without times, and
 * with what all runs have moved seen as one.
 */
export function observe(container: Container): string {
  const files = container.must(`${FILES}\ntrue`).replaceAll(/\d{8}T\d{6}Z(-\d+)?/g, "TIME");
  const units = container
    .must("systemctl list-units --all --full --plain --no-legend 'microvm*' 'install-microvm-*'")
    .split("\n")
    .map((line) => line.split(/\s+/).slice(0, 4).join(" "))
    // When systemd forgets a unit that nothing needs is its own affair.
    .filter((line) => !line.includes(" inactive "));
  return [...new Set([...files.split("\n"), ...units])].sort().join("\n");
}

/** What no run may change: the store, roots, state, and the units that stay, processes included. */
export function observeLeft(container: Container): string {
  const names = RUNNING.join(",");
  return container.must(`
    find /nix /var/lib/microvms -printf '%p %i %y %l %m %U %s %C@\\n' | sort
    find /etc/systemd/system.control/microvm@{imp,kept,tied}.service.d -printf '%p %C@\\n' | sort
    systemctl show --property=Id,ActiveState,MainPID my-companion.service microvm@{${names}}.service microvm-{tap-interfaces,virtiofsd}@{${names}}.service`);
}
