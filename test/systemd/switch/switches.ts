import { beforeEach, describe, expect, it } from "vitest";
import type { Generation } from "../generation.ts";
import type { Tests } from "../onSystemd.ts";
import { type Backend, type Release, SwitchToConfiguration } from "./switchToConfiguration.ts";

const CASES: readonly { readonly release: Release; readonly backend: Backend }[] = [
  { release: "25.11", backend: "activation" },
  { release: "26.05", backend: "activation" },
  { release: "25.11", backend: "service" },
  { release: "26.05", backend: "service" },
];

/** A VM that needs a device for itself, and fails at once where another has it. */
const DEVICE = `[Service]
ExecStart=
ExecStart=/bin/bash -c 'exec 9>> /run/my-device; flock --nonblock 9 || exit 1; systemd-notify --ready; exec sleep infinity'
`;

/** Whole switches, by a stand-in for switch-to-configuration. */
export const switches: Tests = (scene) => {
  describe.each(CASES)("NixOS $release, $backend", ({ release, backend }) => {
    let nixos: SwitchToConfiguration;
    beforeEach(() => {
      nixos = new SwitchToConfiguration(scene.host, release, backend);
    });
    const isService = backend === "service";
    const isNewest = release === "26.05";

    /** Builds generations 1, 2… and boots the first, whose VMs start. */
    function host(...generations: readonly Generation[]): typeof scene.host {
      for (const [index, generation] of generations.entries()) nixos.build(index + 1, generation);
      scene.host.current(1);
      const vms = generations[0]?.vms ?? [];
      scene.container.must(
        `install -m 0666 /dev/null /run/my-device; systemctl start microvms.target ${vms.map((name) => `microvm@${name}.service`).join(" ")}`,
      );
      for (const name of vms)
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
      const { status, stopped, stderr } = nixos.run(1, 2, "switch");
      expect([status, mainPid("fw"), failed()]).toEqual([0, before, ""]);
      expect(stopped.includes("microvm@bar.service")).toBe(isNewest);
      expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
      const again = nixos.run(2, 2, "switch");
      if (isService && !isNewest) {
        // Nobody stops it: systemd has the new units by then, and a stop would kill.
        const named = "bar; to stop it: systemctl stop microvm@bar.service\n";
        expect([machine.runs("bar"), machine.shutDown()]).toEqual([true, []]);
        for (const text of [stderr, again.stderr]) expect(text).toContain(named);
      } else {
        expect([machine.runs("bar"), machine.shutDown(), stderr]).toEqual([false, ["bar"], ""]);
        expect(again).toMatchObject({ status: 0, stdout: "", stderr: "" });
      }
    });

    it("removal of VMs with a dot and an @ in their names, which no NixOS stops", () => {
      const machine = host({ vms: ["fw", "web.1", "a@b"] }, { vms: ["fw"] });
      const { stdout, stderr, stopped } = nixos.run(1, 2, "switch");
      expect(stopped.filter((unit) => /@(web\.1|a@b)\.service$/.test(unit))).toEqual([]);
      const names = ["web.1", "a@b"];
      expect(names.map((name) => machine.runs(name))).toEqual([isService, isService]);
      if (isService) for (const name of names) expect(stderr).toContain(name);
      else {
        expect(stdout).toMatch(/^stopping orphaned MicroVMs: /);
        expect([...machine.shutDown()].sort()).toEqual(["a@b", "web.1"]);
      }
    });

    it.skipIf(isService && !isNewest)(
      "rename: the new VM finds the device free at its first start",
      () => {
        const machine = host(
          { vms: ["fw", "bar"], overrides: { bar: DEVICE } },
          { vms: ["fw", "baz"], overrides: { baz: DEVICE } },
        );
        expect(nixos.run(1, 2, "switch").status).toBe(0);
        scene.container.must("systemctl start microvm@baz.service");
        expect([machine.runs("bar"), machine.runs("baz"), machine.runs("fw")]).toEqual([
          false,
          true,
          true,
        ]);
        expect(scene.container.must("systemctl show -P NRestarts microvm@baz.service")).toBe("0\n");
        expect(machine.shutDown()).toEqual(["bar"]);
      },
    );

    it("the host module is removed: no VM is killed, no template is left, all disks are", () => {
      const vms = ["fw", "bar", "web.1"];
      const machine = host({ vms }, { vms: [], templates: false });
      const dropIns = machine.dropIn("microvm@bar.service");
      const { status, stderr, stopped } = nixos.run(1, 2, "switch");
      expect(status).toBe(0);
      expect(stopped).toContain("microvm@bar.service");
      expect(stopped).not.toContain("microvm@web.1.service");
      // The service runs after systemd has lost the unit, and with it the way to shut the VM down.
      expect(machine.runs("web.1")).toBe(isService);
      expect([...machine.shutDown()].sort()).toEqual([
        "bar",
        "fw",
        ...(isService ? [] : ["web.1"]),
      ]);
      if (isService) expect(stderr).toMatch(/web\.1; shut it down from inside/);
      else expect(stderr).toBe("");
      expect(scene.container.run("systemctl status microvm@bar.service").stderr).toContain(
        "could not be found",
      );
      expect([machine.exists(dropIns), failed()]).toEqual([false, ""]);
      for (const name of vms)
        expect(machine.exists(`/var/lib/microvms/${name}/disk.img`)).toBe(true);
    });

    // What does not depend on who stops, once.
    describe.skipIf(release !== "25.11" || isService)("in all cases", () => {
      it("test, and the reboot after it, which brings the VM back with its disk and its limits", async () => {
        const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
        const dropIns = machine.dropIn("microvm@bar.service");
        nixos.run(1, 2, "test");
        expect([machine.runs("bar"), machine.shutDown()]).toEqual([false, ["bar"]]);
        expect(await machine.reboot(1, { backend })).toMatchObject({ status: 0, stdout: "" });
        scene.container.must("systemctl start microvm@bar.service microvm@fw.service");
        expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
        expect(machine.exists(dropIns)).toBe(true);
      });

      it("boot does nothing now, and the reboot starts without the VM and cleans up", async () => {
        const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
        const dropIns = machine.dropIn("microvm@bar.service");
        expect(nixos.run(1, 2, "boot")).toMatchObject({ status: 0, stdout: "" });
        expect([machine.runs("bar"), machine.exists(dropIns)]).toEqual([true, true]);
        await machine.reboot(2, { backend });
        scene.container.must("systemctl start microvm@fw.service");
        expect([machine.runs("bar"), machine.exists(dropIns), failed()]).toEqual([
          false,
          false,
          "",
        ]);
        expect(scene.container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
      });

      it("rollback: the VM runs again, with its disk, and can be removed again", () => {
        const machine = host({ vms: ["fw", "bar"] }, { vms: ["fw"] });
        nixos.run(1, 2, "switch");
        expect(nixos.run(2, 1, "switch").stdout).toBe("");
        scene.container.must("systemctl start microvm@bar.service");
        expect([machine.runs("fw"), machine.runs("bar")]).toEqual([true, true]);
        nixos.run(1, 2, "switch");
        expect([machine.runs("bar"), machine.shutDown()]).toEqual([false, ["bar", "bar"]]);
      });

      it("specialisation: its VM stops with it, starts with it, and loses nothing", () => {
        const machine = host(
          { vms: ["fw", "bar"] },
          { vms: ["fw"], specialisations: { big: { vms: ["fw", "bar"] } } },
        );
        const dropIns = machine.dropIn("microvm@bar.service");
        nixos.run(1, 2, "switch");
        expect(machine.runs("bar")).toBe(false);
        nixos.run(2, "2-big", "switch");
        scene.container.must("systemctl start microvm@bar.service");
        nixos.run("2-big", 2, "switch");
        expect([machine.runs("bar"), machine.runs("fw")]).toEqual([false, true]);
        expect(machine.exists(dropIns)).toBe(true);
      });
    });
  });
};
