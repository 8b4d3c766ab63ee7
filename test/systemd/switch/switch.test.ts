import { beforeEach, describe, expect, it } from "vitest";
import type { Generation } from "../generation.ts";
import { onSystemd } from "../onSystemd.ts";
import { SUITES } from "../root.ts";
import { type Backend, type Release, SwitchToConfiguration } from "./switchToConfiguration.ts";

const CASES: readonly { readonly release: Release; readonly backend: Backend }[] = [
  { release: "25.11", backend: "activation" },
  { release: "25.11", backend: "service" },
  { release: "26.05", backend: "activation" },
  { release: "26.05", backend: "service" },
];

/** A VM that needs a device for itself, and fails at once where another has it. */
const DEVICE = `[Service]
ExecStart=
ExecStart=/bin/bash -c 'exec 9> /run/my-device; flock --nonblock 9 || exit 1; systemd-notify --ready; exec sleep infinity'
`;

onSystemd(SUITES.newest, "a whole switch, by a stand-in", (scene) => {
  describe.each(CASES)("NixOS $release, $backend", ({ release, backend }) => {
    let nixos: SwitchToConfiguration;
    beforeEach(() => {
      nixos = new SwitchToConfiguration(scene.host, release, backend);
    });

    /** Builds generations 1, 2… and boots the first, whose VMs start. */
    function host(...generations: readonly Generation[]): typeof scene.host {
      for (const [index, generation] of generations.entries()) nixos.build(index + 1, generation);
      scene.host.current(1);
      scene.container.must("systemctl start microvms.target; sleep 0.3");
      for (const name of generations[0]?.vms ?? [])
        scene.host.file(`/var/lib/microvms/${name}/disk.img`, `disk of ${name}`);
      return scene.host;
    }

    function mainPid(name: string): string {
      return scene.container.must(`systemctl show -P MainPID 'microvm@${name}.service'`);
    }

    function failed(): string {
      return scene.container.must(
        "systemctl list-units --failed --plain --no-legend 'microvm*' 'install-microvm-*' 'sweep-*'",
      );
    }

    it("removal: one VM is shut down, once, and the other does not notice", () => {
      const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
      const before = mainPid("fw");
      const { status, stopped } = nixos.run(1, 2, "switch");
      expect(status).toBe(0);
      expect(stopped.includes("microvm@bar.service")).toBe(release === "26.05");
      expect([machine.runs("bar"), machine.shutDown(), mainPid("fw")]).toEqual([
        false,
        ["bar"],
        before,
      ]);
      expect(failed()).toBe("");
      expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
      expect(nixos.run(2, 2, "switch")).toMatchObject({ status: 0, stdout: "", stderr: "" });
    });

    it("removal of a VM with a dot in its name, which no NixOS stops", () => {
      const machine = host({ vms: ["fw", "web.1"] }, { vms: ["fw"] });
      const { stdout, stopped } = nixos.run(1, 2, "switch");
      expect(stopped.filter((unit) => unit.startsWith("microvm@"))).toEqual([]);
      expect(stdout).toContain("stopping orphaned MicroVMs: web.1\n");
      expect([machine.runs("web.1"), machine.shutDown()]).toEqual([false, ["web.1"]]);
    });

    it("rename: the new VM finds the device free at its first start", () => {
      const machine = host(
        { vms: ["fw", "bar"], overrides: { bar: DEVICE } },
        { vms: ["fw", "baz"], overrides: { baz: DEVICE } },
      );
      const { status } = nixos.run(1, 2, "switch");
      expect(status).toBe(0);
      expect([machine.runs("bar"), machine.runs("baz"), machine.runs("fw")]).toEqual([
        false,
        true,
        true,
      ]);
      expect(scene.container.must("systemctl show -P NRestarts microvm@baz.service")).toBe("0\n");
      expect(machine.shutDown()).toEqual(["bar"]);
    });

    it("the host module is removed: all VMs shut down, no template is left, all disks are", () => {
      const machine = host({ vms: ["fw", "bar"] }, { vms: [], templates: false });
      const dropIns = machine.dropIn("microvm@bar.service");
      expect(nixos.run(1, 2, "switch").status).toBe(0);
      expect([...machine.shutDown()].sort()).toEqual(["bar", "fw"]);
      expect(scene.container.run("systemctl status microvm@bar.service").stderr).toContain(
        "could not be found",
      );
      expect(machine.exists(dropIns)).toBe(false);
      expect(failed()).toBe("");
      for (const name of ["fw", "bar"])
        expect(machine.exists(`/var/lib/microvms/${name}/disk.img`)).toBe(true);
    });

    it("the host module is removed: a VM with a dot in its name is not killed", () => {
      const machine = host({ vms: ["web.1"] }, { vms: [], templates: false });
      const { stopped, stderr } = nixos.run(1, 2, "switch");
      expect(stopped.filter((unit) => unit.startsWith("microvm@"))).toEqual([]);
      // The service runs after systemd has lost the unit, and with it the way to shut the VM down.
      const runs = backend === "service";
      expect([machine.runs("web.1"), machine.shutDown()]).toEqual([runs, runs ? [] : ["web.1"]]);
      if (runs) expect(stderr).toContain("web.1 keeps running: systemd has lost its unit file");
    });

    it("test, and the reboot after it, which brings the VM back with its disk", async () => {
      const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
      const policy = { state: "delete", stateDelete: ["bar"] } as const;
      nixos.run(1, 2, "test", policy);
      expect([machine.runs("bar"), machine.shutDown()]).toEqual([false, ["bar"]]);
      expect(await machine.reboot(1, { backend, policy })).toMatchObject({ status: 0, stdout: "" });
      expect([machine.runs("fw"), machine.runs("bar")]).toEqual([true, true]);
      expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
    });

    it("boot does nothing now, and the reboot starts without the VM and cleans up", async () => {
      const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
      const dropIns = machine.dropIn("microvm@bar.service");
      expect(nixos.run(1, 2, "boot")).toMatchObject({ status: 0, stdout: "" });
      expect([machine.runs("bar"), machine.exists(dropIns)]).toEqual([true, true]);
      await machine.reboot(2, { backend });
      expect([machine.runs("fw"), machine.runs("bar")]).toEqual([true, false]);
      expect(machine.exists(dropIns)).toBe(false);
      expect(failed()).toBe("");
      expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
    });

    it("rollback: the VM runs again, with its disk, and can be removed again", () => {
      const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
      nixos.run(1, 2, "switch");
      expect(nixos.run(2, 1, "switch").stdout).toBe("");
      expect([machine.runs("fw"), machine.runs("bar")]).toEqual([true, true]);
      expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
      nixos.run(1, 2, "switch");
      expect([machine.runs("bar"), machine.shutDown()]).toEqual([false, ["bar", "bar"]]);
    });

    it("specialisation: its VM stops with it, starts with it, and loses nothing", () => {
      const machine = host(
        { vms: ["fw", "bar"] },
        { vms: ["fw"], specialisations: { big: { vms: ["fw", "bar"] } } },
      );
      const policy = { state: "delete", stateDelete: ["bar"] } as const;
      const dropIns = machine.dropIn("microvm@bar.service");
      nixos.run(1, 2, "switch", policy);
      expect(machine.runs("bar")).toBe(false);
      nixos.run(2, "2-big", "switch", policy);
      expect(machine.runs("bar")).toBe(true);
      nixos.run("2-big", 2, "switch", policy);
      expect([machine.runs("bar"), machine.runs("fw")]).toEqual([false, true]);
      expect(machine.exists(dropIns)).toBe(true);
      expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
    });
  });
});
