import type { Host, HostLine, UsageDocument } from "../../src/usage/model.ts";

/** A host without a fault. */
export function host(changes: Partial<Host> = {}): Host {
  return {
    system: "x86_64-linux",
    nixosRelease: "26.05",
    role: "host",
    hostModule: "enabled",
    stateDir: "/var/lib/microvms",
    autostart: ["fw", "imp"],
    activationScripts: true,
    etcOverlay: "none",
    vms: {
      db: { kind: "flake", autostart: false, updateFlake: "git+https://example.org/db" },
      fw: { kind: "config", autostart: true, updateFlake: null },
    },
    ...changes,
  };
}

/** A document of the hosts, in JSON as a person would write it. */
export function document(hosts: UsageDocument["hosts"] = { "hyp-01": host() }): string {
  return JSON.stringify({ schemaVersion: 1, hosts }, null, 2);
}

/** One line of JSON Lines. */
export function line(name: string, changes: Partial<Host> = {}): string {
  const value: HostLine = { schemaVersion: 1, host: name, ...host(changes) };
  return JSON.stringify(value);
}
