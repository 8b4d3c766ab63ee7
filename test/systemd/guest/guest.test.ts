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

    it("a removed VM shuts down through its ExecStop, writes to the end, and its tap goes; another runs on", async () => {
      const nixos = new SwitchToConfiguration(host, "25.11", "activation");
      nixos.build(1, { vms: ["web", "db"], units: HOST_MODULE });
      nixos.build(2, { vms: ["db"], units: HOST_MODULE });
      for (const name of ["web", "db"]) install(name);
      host.current(1);
      host.start("web", "db");
      await untilCountExceeds("web", 3);
      await untilCountExceeds("db", 3);
      expect([hasTap("web"), hasTap("db")]).toEqual([true, true]);
      const [before, pid] = [disk("db").count, mainPid("db")];

      const { status, stdout, stderr } = nixos.run(1, 2, "switch");

      expect([status, stdout]).toEqual([0, "stopping orphaned MicroVMs: web\n"]);
      expect(stderr).toBe("microvm-sweep: state directories kept: /var/lib/microvms/web\n");
      expect(ended("web")).toBe("success exited 0\n");
      expect(disk("web").last).toBe(LAST_WORDS);
      expect([hasTap("web"), hasTap("db")]).toEqual([false, true]);
      expect(container.run("pgrep -f 'name web'").stdout).toBe("");
      expect(mainPid("db")).toBe(pid);
      await untilCountExceeds("db", before);
      expect(disk("db").last).toBe("");

      // The same signs tell a VM that is killed.
      container.must(`systemctl kill --kill-whom=main --signal=KILL microvm@db.service
      timeout 20 bash -c 'until [ -s /run/ended-db ]; do sleep 0.1; done'`);
      expect(ended("db")).toBe("signal killed KILL\n");
      expect(disk("db").last).toBe("");
    });
  },
);
