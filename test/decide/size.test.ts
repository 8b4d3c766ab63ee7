import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DescribedHost } from "../oracle/host.ts";
import { DEFAULT_STATE_DIR as STATE } from "../oracle/host.ts";
import { requireNamespaces, Sandbox } from "../sandbox/run.ts";
import { decide } from "./decide.ts";
import { CONTROL, describedHost, listed } from "./describedHost.ts";

let sandbox: Sandbox;

function numbered(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`);
}

/** How many processes `decide` starts on a host: those of a PID namespace are numbered. */
async function forksOn(host: DescribedHost): Promise<number> {
  const last = async () =>
    Number((await sandbox.serve(["cat", "/proc/sys/kernel/ns_last_pid"])).stdout);
  const before = await last();
  await decide(sandbox, host);
  return (await last()) - before;
}

describe.skipIf(requireNamespaces())("hosts with many VMs", () => {
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox?.close());

  it("300 declared VMs that all have units and files are left alone, and one orphan is found", async () => {
    const names = numbered(300, "vm");
    const host = describedHost({
      vms: names,
      autostart: names,
      removes: [...names, "bar"],
      units: [...names, "bar"].map((name) => listed(`microvm@${name}.service`)),
      tree: (tree) => {
        for (const name of [...names, "bar"]) {
          tree.file(`${CONTROL}/microvm@${name}.service.d/50-x.conf`);
          tree.link(`${STATE}/${name}/toplevel`, "/nowhere");
        }
      },
    });
    const { stop, remove, notes } = await decide(sandbox, host);
    expect([...stop.keys()]).toEqual(["bar"]);
    expect([...remove.keys()]).toEqual([`${CONTROL}/microvm@bar.service.d`]);
    expect(notes).toEqual([]);
  });

  it("60 orphans with 300 files are all found, and no VM or file costs a process", async () => {
    const orphans = (count: number) => {
      const names = numbered(count, "gone");
      return describedHost({
        vms: numbered(count * 5, "vm"),
        removes: names,
        units: names.map((name) => listed(`microvm@${name}.service`)),
        tree: (tree) => {
          for (const name of names) {
            for (const family of ["microvm", "microvm-virtiofsd", "microvm-pci-devices"])
              tree.file(`${CONTROL}/${family}@${name}.service.d/50-x.conf`);
            tree.link(`/run/systemd/system/x.target.wants/microvm@${name}.service`, "../x");
            tree.link(`/run/systemd/system/microvm@${name}.service`, "/nix/store/gone/x");
          }
        },
      });
    };
    const { stop, remove } = await decide(sandbox, orphans(60));
    expect([stop.size, remove.size]).toEqual([60, 300]);
    expect(await forksOn(orphans(60))).toBe(await forksOn(orphans(2)));
  });

  it("300 state directories and roots that nobody declares cost no process either", async () => {
    const strangers = (count: number) =>
      describedHost({
        tree: (tree) => {
          for (const name of numbered(count, "imp")) {
            tree.directory(`${STATE}/${name}`);
            tree.link(`/nix/var/nix/gcroots/microvm/${name}`, "/nowhere");
            tree.link(`/nix/var/nix/gcroots/microvm/booted-${name}`, "/nowhere");
          }
        },
      });
    expect(await forksOn(strangers(300))).toBe(await forksOn(strangers(1)));
  });
});
