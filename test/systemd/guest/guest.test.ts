import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireContainer } from "../../support/require.ts";
import { Container } from "../container.ts";
import { NixosHost } from "../nixosHost.ts";
import { SUITES } from "../root.ts";
import { SwitchToConfiguration } from "../switch/switchToConfiguration.ts";
import {
  accelerator,
  installGuest,
  LAST_WORDS,
  requireGuest,
  runScript,
  shutdownScript,
} from "./guest.ts";
import { HOST_MODULE } from "./hostModule.ts";

const BOOT_SECONDS = 60;

describe.skipIf(requireGuest() ?? requireContainer(SUITES.newest))(
  `a real MicroVM under ${accelerator()}`,
  () => {
    let container: Container;
    let host: NixosHost;
    beforeAll(async () => {
      container = await Container.boot(SUITES.newest);
      host = new NixosHost(container);
      host.reset();
      installGuest(container);
    });
    afterAll(() => container?.stop());

    /** Installs a VM as install-microvm-NAME.service does: a runner in the store, and a disk. */
    function install(name: string): void {
      const runner = `/nix/store/runner-of-${name}`;
      host.file(`${runner}/bin/microvm-run`, runScript(name));
      host.file(`${runner}/bin/microvm-shutdown`, shutdownScript(name));
      host.file(
        `${runner}/bin/tap-up`,
        `#!/bin/bash\nip tuntap add name vm-${name} mode tap user microvm\nip link set vm-${name} up\n`,
      );
      host.file(`${runner}/bin/tap-down`, `#!/bin/bash\nip link delete vm-${name}\n`);
      const state = `/var/lib/microvms/${name}`;
      host.link(`${state}/current`, runner);
      host.link(`${state}/toplevel`, "/nix/store/x-guest");
      container.must(
        `chmod +x ${runner}/bin/*; truncate -s 1M ${state}/disk.img; chown -hR microvm:kvm ${state}`,
      );
    }

    /** What the guest has on its disk: how often it wrote, and its last words. */
    function disk(name: string): { readonly count: number; readonly last: string } {
      const text = container.must(
        `dd if=/var/lib/microvms/${name}/disk.img bs=512 count=2 status=none | tr '\\0' '\\n'`,
      );
      const count = Number(/^count (\d+)$/m.exec(text)?.[1] ?? 0);
      return { count, last: text.includes(LAST_WORDS) ? LAST_WORDS : "" };
    }

    async function untilCountExceeds(name: string, least: number): Promise<void> {
      for (let attempt = 0; attempt < BOOT_SECONDS * 4; attempt += 1) {
        if (disk(name).count > least) return;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      const log = `cat /var/lib/microvms/${name}/console.log; systemctl status --no-pager microvm@${name}.service`;
      throw new Error(`${name} does not write: ${container.run(log).stdout}`);
    }

    const mainPid = (name: string) =>
      container.must(`systemctl show -P MainPID microvm@${name}.service`);
    const hasTap = (name: string) => container.run(`ip link show vm-${name}`).status === 0;
    const ended = (name: string) => container.must(`cat /run/ended-${name}`);

    it("removed VMs shut down through their ExecStop and write to the end, and their taps go; another runs on", async () => {
      const nixos = new SwitchToConfiguration(host, "25.11", "activation");
      // NixOS of any release misses a name with a dot.
      const names = ["web", "d.b", "killed"];
      nixos.build(1, { vms: names, units: HOST_MODULE });
      nixos.build(2, { vms: ["d.b", "killed"], units: HOST_MODULE });
      nixos.build(3, { vms: [], templates: false });
      for (const name of names) install(name);
      host.current(1);
      host.start(...names);
      for (const name of names) await untilCountExceeds(name, 3);
      expect(names.map(hasTap)).toEqual([true, true, true]);
      const [before, pid] = [disk("d.b").count, mainPid("d.b")];

      const { status, stdout, stderr } = nixos.run(1, 2, "switch");

      expect([status, stdout, stderr]).toEqual([0, "stopping orphaned MicroVMs: web\n", ""]);
      expect(ended("web")).toBe("success exited 0\n");
      expect(disk("web").last).toBe(LAST_WORDS);
      expect([hasTap("web"), hasTap("d.b")]).toEqual([false, true]);
      expect(container.run("pgrep -f 'name web'").stdout).toBe("");
      expect(mainPid("d.b")).toBe(pid);
      await untilCountExceeds("d.b", before);
      expect(disk("d.b").last).toBe("");

      // The same signs tell a VM that is killed.
      container.must(`systemctl kill --kill-whom=main --signal=KILL microvm@killed.service
      timeout 20 bash -c 'until [ -s /run/ended-killed ]; do sleep 0.1; done'`);
      expect(ended("killed")).toBe("signal killed KILL\n");
      expect(disk("killed").last).toBe("");

      // The host module goes, and the user microvm with it: not before the VM has shut down.
      const removal = nixos.run(2, 3, "switch");
      expect([removal.status, removal.stderr]).toEqual([0, ""]);
      expect(removal.stdout).toContain("stopping orphaned MicroVMs: d.b\n");
      expect(ended("d.b")).toBe("success exited 0\n");
      expect(disk("d.b").last).toBe(LAST_WORDS);
      expect([hasTap("d.b"), container.run("getent passwd microvm").status]).toEqual([false, 2]);
    });
  },
);
