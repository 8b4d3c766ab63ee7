import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { requireRoot, requireTool } from "../support/require.ts";
import { Container } from "./container.ts";
import { NixosHost } from "./nixosHost.ts";
import { TEMPLATES } from "./units.ts";

const needs =
  requireRoot() ?? requireTool("debootstrap", "systemd-nspawn", "nsenter", "unshare", "flock");

describe.skipIf(needs)("the sweep on real systemd", () => {
  let container: Container;
  let host: NixosHost;
  beforeAll(async () => {
    container = await Container.boot();
    host = new NixosHost(container);
  });
  afterAll(() => container?.stop());
  beforeEach(() => host.reset());

  /** Two generations: the first declares fw and bar and is current, the second only fw. */
  function removeBar(): void {
    host.build(1, { vms: ["fw", "bar"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    for (const name of ["fw", "bar"]) host.state(name);
  }

  const HELPERS = Object.keys(TEMPLATES).map((template) => template.replace("@.", "@bar."));

  describe("the table", () => {
    it("live: a declared VM runs on", () => {
      removeBar();
      host.start("fw");
      const { status, stdout } = host.activate(2);
      expect(status).toBe(0);
      expect(stdout).not.toContain("fw");
      expect(host.isActive("microvm@fw.service")).toBe(true);
    });

    it("live: a name in autostart counts as declared, and taking it off that list stops nothing", () => {
      host.build(1, { vms: ["fw"], autostart: ["imp"] });
      host.build(2, { vms: ["fw"] });
      host.current(1);
      host.state("imp", false);
      host.start("imp");
      host.activate(1);
      expect(host.activate(2).stdout).toBe("snippet after ran\n");
      expect(host.isActive("microvm@imp.service")).toBe(true);
    });

    it("kept: nothing of a VM on the keep list changes", () => {
      removeBar();
      host.start("bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      const { stdout } = host.activate(2, { policy: { keep: ["bar"] } });
      expect(stdout).toBe("snippet after ran\n");
      expect(host.isActive("microvm@bar.service")).toBe(true);
      expect(host.exists("/etc/systemd/system.control/microvm@bar.service.d")).toBe(true);
    });

    it("orphan: all its units stop in one call, its files go, its state stays", () => {
      removeBar();
      host.start("fw", "bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      const { status, stdout, stderr } = host.activate(2);
      expect(stdout).toBe(
        "stopping orphaned MicroVMs: bar\n" +
          "removing stale unit files: /etc/systemd/system.control/microvm@bar.service.d\n" +
          "reloading systemd\nsnippet after ran\n",
      );
      expect(stderr).toBe("microvm-sweep: state directories kept: /var/lib/microvms/bar\n");
      expect(status).toBe(0);
      for (const unit of HELPERS) expect(host.loaded(unit)).toMatch(/ inactive$/);
      expect(container.must("pgrep -c sleep || true").trim()).toBe("2");
      expect(container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
      expect(host.isActive("microvm@fw.service")).toBe(true);
    });

    it("orphan: one that NixOS has stopped before is told as well, once", () => {
      removeBar();
      host.start("fw", "bar");
      host.activate(1);
      // NixOS 26.05 stops what it removes before it activates (nixpkgs pull 512360).
      container.must("systemctl stop 'microvm*@bar.service'");
      const { status, stdout, stderr } = host.activate(2);
      expect(stdout).toBe("snippet after ran\n");
      expect(stderr).toBe("microvm-sweep: state directories kept: /var/lib/microvms/bar\n");
      expect(status).toBe(0);
      expect(container.must("cat /run/microvm-sweep/declared")).toBe("fw\n");
      expect(host.activate(2)).toMatchObject({ stdout: "snippet after ran\n", stderr: "" });
    });

    it("orphan: two runs before the generation is the current one tell it once", () => {
      removeBar();
      host.start("bar");
      host.activate(2);
      host.link("/run/current-system", host.toplevel(1));
      expect(host.activate(2)).toMatchObject({ stdout: "snippet after ran\n", stderr: "" });
    });

    it("lingering: a VM restarted by hand after its removal is reported and never stopped", () => {
      removeBar();
      host.start("bar");
      host.activate(2);
      expect(host.isActive("microvm@bar.service")).toBe(false);
      host.start("bar");
      for (const _switch of [1, 2]) {
        const { status, stdout, stderr } = host.activate(2);
        expect(status).toBe(0);
        expect(stdout).toBe("snippet after ran\n");
        expect(stderr).toContain(
          "still running, declared only by an older generation: bar; to stop: systemctl stop ",
        );
        expect(host.isActive("microvm@bar.service")).toBe(true);
      }
      const command = /to stop: (.*)/.exec(host.activate(2).stderr)?.[1] ?? "false";
      container.must(command);
      for (const unit of HELPERS) expect(host.isActive(unit)).toBe(false);
    });

    it("lingering under stop-all: stopped like an orphan", () => {
      removeBar();
      host.current(2);
      host.start("bar");
      expect(host.activate(2, { policy: { orphans: "stop-all" } }).stdout).toContain(
        "stopping orphaned MicroVMs: bar\n",
      );
      expect(host.isActive("microvm@bar.service")).toBe(false);
    });

    it("leftover: what does not run loses its unit files and its failed state", () => {
      removeBar();
      host.current(2);
      host.file(
        "/run/systemd/system/microvm@bar.service.d/x.conf",
        "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n",
      );
      container.must(
        "systemctl daemon-reload; systemctl start microvm@bar.service || true; systemctl stop 'microvm-*@bar.service'",
      );
      expect(host.loaded("microvm@bar.service")).toBe("loaded failed");
      const { stdout } = host.activate(2);
      expect(stdout).toContain(
        "removing stale unit files: /run/systemd/system/microvm@bar.service.d\n",
      );
      expect(stdout).toContain("resetting failed units: microvm@bar.service\n");
      expect(host.loaded("microvm@bar.service")).toBe("loaded inactive");
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    });

    it("leftover: a failed instance with a backslash in its name is reset", () => {
      host.build(1, { vms: ["fw", "e\\x2d"] });
      host.build(2, { vms: ["fw"] });
      host.current(2);
      const dropIns = "/run/systemd/system/microvm@.service.d";
      host.file(`${dropIns}/x.conf`, "[Service]\nExecStart=\nExecStart=/bin/false\nRestart=no\n");
      container.must(
        `systemctl daemon-reload; systemctl start 'microvm@e\\x2d.service' || true; systemctl stop 'microvm-*@e?x2d.service'; rm -r ${dropIns}`,
      );
      expect(host.loaded("microvm@e\\x2d.service")).toMatch(/ failed$/);
      const { status, stdout } = host.activate(2);
      expect(stdout).toContain("resetting failed units: microvm@e\\x2d.service");
      expect(host.loaded("microvm@e\\x2d.service")).toMatch(/ inactive$/);
      expect(status).toBe(0);
    });

    it.each([true, false])("imperative: nothing of it changes, running: %s", (running) => {
      host.build(1, { vms: ["fw"] });
      host.current(1);
      host.state("imp", false);
      container.must("systemctl set-property microvm@imp.service CPUWeight=50");
      host.link("/nix/var/nix/gcroots/microvm/booted-imp", "/var/lib/microvms/imp/booted");
      if (running) host.start("imp");
      const { stdout, stderr } = host.activate(1);
      expect([stdout, stderr]).toEqual(["snippet after ran\n", ""]);
      expect(host.isActive("microvm@imp.service")).toBe(running);
      expect(host.exists("/etc/systemd/system.control/microvm@imp.service.d")).toBe(true);
      expect(host.exists("/nix/var/nix/gcroots/microvm/booted-imp")).toBe(true);
    });

    it("unknown: what runs without state and declaration is named and left alone", () => {
      host.build(1, { vms: [] });
      host.current(1);
      host.start("who");
      const { stdout, stderr } = host.activate(1);
      expect(stdout).toBe("snippet after ran\n");
      expect(stderr).toBe(
        "microvm-sweep: running, but no generation declares them: who; left alone\n",
      );
      expect(host.isActive("microvm@who.service")).toBe(true);
    });

    it("ghost: a name that only unit files mention loses them", () => {
      host.build(1, { vms: [] });
      host.current(1);
      host.file(
        "/etc/systemd/system.control/microvm@ghost.service.d/50-CPUWeight.conf",
        "[Service]\nCPUWeight=50\n",
      );
      host.link(
        "/run/systemd/system/multi-user.target.wants/microvm@ghost.service",
        "../microvm@.service",
      );
      expect(host.activate(1).stdout).toContain(
        "removing stale unit files: /etc/systemd/system.control/microvm@ghost.service.d, /run/systemd/system/multi-user.target.wants/microvm@ghost.service\n",
      );
      expect(host.exists("/etc/systemd/system.control/microvm@ghost.service.d")).toBe(false);
      expect(host.exists("/run/systemd/system/multi-user.target.wants/microvm@ghost.service")).toBe(
        false,
      );
    });
  });

  describe("the seed case: the host module is gone", () => {
    /** Templates as files in a writable /etc/systemd/system; the generation has none of them. */
    function seed(): void {
      host.build(1, { vms: [], templates: false });
      host.link("/run/current-system", host.toplevel(1));
      for (const [name, text] of Object.entries(TEMPLATES))
        host.file(`/etc/systemd/system/${name}`, text);
      host.link("/etc/systemd/system/microvms.target", "/nix/store/gone/microvms.target");
      host.file("/etc/systemd/system/other@.service", "[Service]\nExecStart=/bin/true\n");
      container.must("systemctl daemon-reload; systemctl reset-failed");
    }

    it("is loaded before, could not be found after, without a reboot, with one reload", () => {
      seed();
      // Somebody asks for the unit, as `systemctl status` in issue 181 does.
      expect(host.loaded("microvm@firewall.service")).toBe("loaded inactive");
      const count =
        "journalctl -b --no-pager -o cat _PID=1 2> /dev/null | grep -c '^Reloading' || true";
      const before = Number(container.must(count));
      const { status, stdout, stderr } = host.activate(1, { before: "reloads() { :; }" });
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout.match(/reloading systemd/g)).toHaveLength(1);
      for (const name of Object.keys(TEMPLATES))
        expect(host.exists(`/etc/systemd/system/${name}`)).toBe(false);
      expect(host.exists("/etc/systemd/system/microvms.target")).toBe(false);
      expect(container.run("systemctl status microvm@firewall.service").stderr).toContain(
        "could not be found",
      );
      expect(host.exists("/etc/systemd/system/other@.service")).toBe(true);
      // One by the sweep, one by the switch itself.
      const after = Number(container.must(count));
      if (after > 0) expect(after - before).toBe(2);
    });

    it("leaves the templates while an imperative VM could use them", () => {
      seed();
      host.state("imp", false);
      const { stdout } = host.activate(1);
      expect(stdout).toContain("removing stale unit files: /etc/systemd/system/microvms.target\n");
      expect(host.exists("/etc/systemd/system/microvm@.service")).toBe(true);
    });

    it("reports an override of a template that this generation has, and leaves it", () => {
      host.build(1, { vms: ["fw"] });
      host.link("/run/current-system", host.toplevel(1));
      host.file("/etc/systemd/system/microvm@.service", TEMPLATES["microvm@.service"]);
      const { stdout, stderr } = host.activate(1);
      expect(stdout).toBe("snippet after ran\n");
      expect(stderr).toContain(
        "overrides of units that this generation has, left alone: /etc/systemd/system/microvm@.service",
      );
      expect(host.exists("/etc/systemd/system/microvm@.service")).toBe(true);
    });
  });

  describe("the ways to activate", () => {
    it("dry-activate prints what switch does, and changes nothing at all", () => {
      removeBar();
      host.start("fw", "bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      host.link("/nix/var/nix/gcroots/microvm/booted-gone", "/var/lib/microvms/gone/booted");
      const before = host.snapshot();
      const units = container.must("systemctl list-units --all --no-legend 'microvm*'");
      const dry = host.activate(2, { action: "dry-activate" });
      expect(host.snapshot()).toBe(before);
      expect(container.must("systemctl list-units --all --no-legend 'microvm*'")).toBe(units);
      expect(dry.stdout).toBe(
        "would stop orphaned MicroVMs: bar\n" +
          "would remove stale unit files: /etc/systemd/system.control/microvm@bar.service.d\n" +
          "would reload systemd\n" +
          "would remove dangling garbage collection roots: booted-gone\nsnippet after ran\n",
      );
      const real = host.activate(2);
      const verbs: Record<string, string> = {
        stopping: "stop",
        removing: "remove",
        reloading: "reload",
      };
      const asDry = real.stdout.replace(
        /^(\w+ing) /gm,
        (_all, verb: string) => `would ${verbs[verb]} `,
      );
      expect(asDry).toBe(dry.stdout);
      expect(host.isActive("microvm@bar.service")).toBe(false);
      expect(host.exists("/nix/var/nix/gcroots/microvm/booted-gone")).toBe(false);
    });

    it("test does what switch does", () => {
      removeBar();
      host.start("bar");
      expect(host.activate(2, { action: "test" }).stdout).toContain(
        "stopping orphaned MicroVMs: bar\n",
      );
      expect(host.isActive("microvm@bar.service")).toBe(false);
    });

    it("boot cleans files and does not call systemctl", () => {
      removeBar();
      container.must(
        "rm -rf /etc/systemd/system; mkdir -p /etc/systemd/system.control/microvm@bar.service.d /etc/systemd/system",
      );
      const { stdout, status } = host.activate(2, {
        action: "boot",
        systemctl: "/bin/no-such-systemctl",
      });
      expect(status).toBe(0);
      expect(stdout).toBe(
        "removing stale unit files: /etc/systemd/system.control/microvm@bar.service.d\nsnippet after ran\n",
      );
      expect(host.exists("/etc/systemd/system.control/microvm@bar.service.d")).toBe(false);
    });

    it("a rollback to the generation that declares a VM leaves it alone", () => {
      removeBar();
      host.start("bar");
      host.activate(2);
      expect(host.activate(1).stdout).toBe("snippet after ran\n");
      host.start("bar");
      expect(host.activate(1).stdout).toBe("snippet after ran\n");
      expect(host.isActive("microvm@bar.service")).toBe(true);
      expect(host.activate(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    });

    it("a second switch does nothing and prints nothing", () => {
      removeBar();
      host.start("fw", "bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      host.activate(2);
      const before = host.snapshot();
      const { stdout, stderr } = host.activate(2);
      expect([stdout, stderr]).toEqual(["snippet after ran\n", ""]);
      expect(host.snapshot()).toBe(before);
    });

    it("works as a service: stop and reload from inside of a unit", () => {
      removeBar();
      host.activate(1);
      host.start("bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      const dropIn =
        "[Service]\nType=oneshot\nRemainAfterExit=true\nExecStart=/bin/bash -e /root/snippet\n";
      host.activate(2, { action: "dry-activate" });
      host.link("/run/current-system", host.toplevel(2));
      host.file("/run/systemd/system/sweep.service", dropIn);
      container.must("systemctl daemon-reload; systemctl restart sweep.service");
      expect(host.isActive("microvm@bar.service")).toBe(false);
      expect(host.exists("/etc/systemd/system.control/microvm@bar.service.d")).toBe(false);
      expect(host.isActive("sweep.service")).toBe(true);
    });
  });

  describe("in doubt", () => {
    it("reads what systemctl says where colours are forced on it", () => {
      removeBar();
      host.start("bar");
      const { status, stdout } = host.activate(2, { before: "export SYSTEMD_COLORS=1" });
      expect([status, stdout]).toEqual([
        0,
        expect.stringContaining("stopping orphaned MicroVMs: bar\n"),
      ]);
    });

    it("does nothing where systemd does not answer, and says so", () => {
      removeBar();
      host.start("bar");
      host.file("/etc/systemd/system.control/microvm@ghost.service.d/x.conf");
      host.link("/nix/var/nix/gcroots/microvm/booted-gone", "/var/lib/microvms/gone/booted");
      const before = "mount -t tmpfs none /run/systemd/private 2> /dev/null; true";
      host.file("/root/silent", "#!/bin/bash\necho 'Failed to connect to bus' >&2\nexit 1\n");
      container.must("chmod +x /root/silent");
      const result = host.activate(2, { systemctl: "/root/silent", before });
      expect(result.stderr).toContain(
        "error: systemd does not answer, so nothing is stopped or removed",
      );
      expect(result.status).toBe(1);
      expect(result.stdout).toBe(
        "Activation script snippet 'microvm-sweep' failed (1)\nsnippet after ran\n",
      );
      expect(host.isActive("microvm@bar.service")).toBe(true);
      expect(host.exists("/etc/systemd/system.control/microvm@ghost.service.d")).toBe(true);
      expect(host.exists("/nix/var/nix/gcroots/microvm/booted-gone")).toBe(true);
      // The next run, with systemd back, still knows what that switch removed.
      expect(host.activate(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
    });

    it("does nothing where the units of the generation are not there", () => {
      removeBar();
      host.start("bar");
      container.must(`rm -rf ${host.toplevel(2)}/etc/systemd`);
      const { status, stderr } = host.activate(2);
      expect(status).toBe(1);
      expect(stderr).toContain("is not there, so nothing is stopped or removed");
      expect(host.isActive("microvm@bar.service")).toBe(true);
    });

    it("keeps the files and the state of an orphan that does not stop, and tries again", () => {
      removeBar();
      host.start("bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      // A stop that fails: no unit of it lets itself be stopped by hand.
      for (const unit of HELPERS) {
        host.file(`/run/systemd/system/${unit}.d/refuse.conf`, "[Unit]\nRefuseManualStop=yes\n");
      }
      container.must("systemctl daemon-reload");
      const { status, stderr } = host.activate(2, { policy: { state: "archive" } });
      expect(status).toBe(1);
      expect(stderr).toContain("could be stopped; still running and left as they are: bar\n");
      expect(host.isActive("microvm@bar.service")).toBe(true);
      expect(host.exists("/etc/systemd/system.control/microvm@bar.service.d")).toBe(true);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
      container.must("rm /run/systemd/system/*/refuse.conf; systemctl daemon-reload");
      expect(host.activate(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect(host.isActive("microvm@bar.service")).toBe(false);
    });

    it("leaves an orphan running with which systemd would stop a VM that stays", () => {
      removeBar();
      const needs = "/run/systemd/system/microvm@fw.service.d/needs.conf";
      host.file(needs, "[Unit]\nRequires=microvm@bar.service\n");
      container.must("systemctl daemon-reload");
      host.start("fw");
      const { status, stdout, stderr } = host.activate(2, { policy: { state: "archive" } });
      expect([status, stdout]).toEqual([0, "snippet after ran\n"]);
      expect(stderr).toBe(
        "microvm-sweep: orphaned MicroVMs left running, because units that stay would stop with them: bar (microvm@fw.service)\n",
      );
      for (const name of ["fw", "bar"]) expect(host.isActive(`microvm@${name}.service`)).toBe(true);
      container.must(`rm ${needs}; systemctl daemon-reload`);
      expect(host.activate(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect(host.isActive("microvm@bar.service")).toBe(false);
      expect(host.isActive("microvm@fw.service")).toBe(true);
    });

    it("leaves a drop-in directory alone that is a mount point, and what is mounted there", () => {
      removeBar();
      const dropIns = "/etc/systemd/system.control/microvm@bar.service.d";
      host.file("/srv/drop-ins/mine.conf", "[Service]\n");
      container.must(`mkdir -p ${dropIns}; mount --bind /srv/drop-ins ${dropIns}`);
      const { status, stdout, stderr } = host.activate(2);
      container.must(`umount ${dropIns}`);
      expect([status, stdout]).toEqual([0, "snippet after ran\n"]);
      expect(stderr).toContain(
        `microvm-sweep: stale unit files with a mount point in them, not removed: ${dropIns}\n`,
      );
      expect(host.exists("/srv/drop-ins/mine.conf")).toBe(true);
      expect(host.activate(2).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
    });

    it("finds such a mount in a unit directory that is reached by a link", () => {
      removeBar();
      const dropIns = "/run/units/microvm@bar.service.d";
      host.file("/srv/drop-ins/mine.conf", "[Service]\n");
      container.must(
        `ln -sfn /run /srv/run; mkdir -p ${dropIns}/mine; mount --bind /srv/drop-ins ${dropIns}/mine`,
      );
      const { stderr } = host.activate(2, { policy: { unitDirs: ["/srv/run/units"] } });
      container.must(`umount ${dropIns}/mine; rm -r /run/units`);
      expect(stderr).toContain("with a mount point in them, not removed: /srv/run/units/microvm@");
      expect(host.exists("/srv/drop-ins/mine.conf")).toBe(true);
    });

    it("does not take a record of what it could not remove for a declaration", () => {
      removeBar();
      const dropIns = "/etc/systemd/system.control/microvm@ghost.service.d";
      container.must(`mkdir -p ${dropIns}; mount --bind /srv ${dropIns}`);
      expect(host.activate(2).stderr).toContain(`not removed: ${dropIns}\n`);
      container.must(`umount ${dropIns}`);
      host.state("ghost", false);
      host.start("ghost");
      const { stdout, stderr } = host.activate(2, {
        policy: { orphans: "stop-all", state: "archive" },
      });
      expect(stdout + stderr).not.toContain("ghost");
      expect(host.isActive("microvm@ghost.service")).toBe(true);
      expect(host.exists("/var/lib/microvms/ghost/disk.img")).toBe(true);
      expect(host.exists(dropIns)).toBe(true);
    });

    it("does not take a file system for mounted of which only the automount point is", () => {
      removeBar();
      const dropIns = "/etc/systemd/system.control/microvm@imp.service.d";
      host.file(`${dropIns}/mine.conf`, "[Service]\n");
      const table = "/dev/vdb /var/lib/microvms ext4 x-systemd.automount 0 2\n";
      host.file(`${host.toplevel(2)}/etc/fstab`, table);
      const mount =
        "40 1 0:50 / /var/lib/microvms rw,relatime shared:9 - autofs systemd-1 rw,fd=44\n";
      host.file("/root/mountinfo", `1 0 0:1 / / rw - ext4 /dev/vda rw\n${mount}`);
      const change = (script: string) =>
        script.replaceAll("/proc/self/mountinfo", "/root/mountinfo");
      const { stderr } = host.activate(2, { change });
      expect(stderr).toContain("not mounted");
      expect(host.exists(dropIns)).toBe(true);
      host.file(
        "/root/mountinfo",
        `1 0 0:1 / / rw - ext4 /dev/vda rw\n${mount}${mount.replace("autofs", "ext4")}`,
      );
      expect(host.activate(2, { change }).stderr).not.toContain("not mounted");
    });

    /** Only the switch itself tells that bar was declared, and its files could not be removed then. */
    function failToRemove(): string {
      removeBar();
      host.state("bar", false);
      container.must(
        `rm /var/lib/microvms/bar/toplevel /nix/var/nix/profiles/system-1-link; ln -sfn ${host.toplevel(2)} /run/booted-system`,
      );
      host.start("bar");
      container.must("systemctl set-property microvm@bar.service CPUWeight=50");
      const change = (script: string) => script.replace("(\n", "(\nrm() { return 1; }\n");
      const { status, stderr } = host.activate(2, { change });
      expect(status).toBe(1);
      expect(stderr).toContain("error: not every stale unit file could be removed\n");
      expect(host.isActive("microvm@bar.service")).toBe(false);
      return "/etc/systemd/system.control/microvm@bar.service.d";
    }

    it("completes in the next run what it could not remove", () => {
      const dropIns = failToRemove();
      expect(host.activate(2).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
      expect(host.exists(dropIns)).toBe(false);
      expect(host.activate(2).stdout).toBe("snippet after ran\n");
    });

    it("completes it too where the run is killed between its records", () => {
      removeBar();
      container.must(
        `rm -r /var/lib/microvms/bar /nix/var/nix/profiles/system-1-link; ln -sfn ${host.toplevel(2)} /run/booted-system`,
      );
      host.activate(1);
      host.state("bar", false);
      const dropIns = "/etc/systemd/system.control/microvm@bar.service.d";
      container.must(`mkdir -p ${dropIns}; mount --bind /srv ${dropIns}`);
      const killed = '(\nmv() { command mv "$@"; kill -KILL "$BASHPID"; }\n';
      host.activate(2, { change: (script) => script.replace("(\n", killed) });
      container.must(`umount ${dropIns}`);
      expect(host.activate(2).stdout).toContain(`removing stale unit files: ${dropIns}\n`);
    });

    it("does not stop in the next run what was started by hand since", () => {
      const dropIns = failToRemove();
      host.start("bar");
      const { status, stdout, stderr } = host.activate(2);
      expect([status, stdout]).toEqual([0, "snippet after ran\n"]);
      expect(stderr).toContain(
        "still running, declared only by an older generation: bar; to stop:",
      );
      expect(host.isActive("microvm@bar.service")).toBe(true);
      expect(host.exists(dropIns)).toBe(true);
    });

    it("cleans up after a VM that systemd had to kill", () => {
      removeBar();
      host.file(
        "/run/systemd/system/microvm@bar.service.d/deaf.conf",
        "[Service]\nType=simple\nExecStart=\nExecStart=/bin/bash -c 'trap \"\" TERM; while :; do sleep 60; done'\nExecStop=\nTimeoutStopSec=1s\n",
      );
      container.must("systemctl daemon-reload");
      host.start("bar");
      const { status, stdout } = host.activate(2);
      expect(status).toBe(0);
      expect(stdout).toContain("stopping orphaned MicroVMs: bar\n");
      expect(host.loaded("microvm@bar.service")).toBe("loaded inactive");
      expect(host.exists("/run/systemd/system/microvm@bar.service.d")).toBe(false);
    });
  });

  describe("state policies", () => {
    it("archive moves what is gone, and it can be brought back", () => {
      removeBar();
      host.start("bar");
      const { status, stdout } = host.activate(2, { policy: { state: "archive" } });
      expect(status).toBe(0);
      const path = /archiving state directories: bar -> (\S+)/.exec(stdout)?.[1] ?? "";
      expect(path).toMatch(/^\/var\/lib\/microvm-sweep\/archive\/bar-\d{8}T\d{6}Z$/);
      expect(
        container.must(
          `cat ${path}/disk.img; stat -c %U ${path}; stat -c %a /var/lib/microvm-sweep`,
        ),
      ).toBe("disk of barmicrovm\n700\n");
      expect(host.exists("/var/lib/microvms/bar")).toBe(false);
      expect(host.exists("/var/lib/microvms/fw/disk.img")).toBe(true);
      container.must(`mv ${path} /var/lib/microvms/bar`);
      expect(host.activate(1, { policy: { state: "archive" } }).stdout).toBe("snippet after ran\n");
      host.start("bar");
      expect(container.must("cat /var/lib/microvms/bar/disk.img")).toBe("disk of bar");
    });

    it("delete takes only what is named", () => {
      host.build(1, { vms: ["fw", "bar", "baz"] });
      host.build(2, { vms: ["fw"] });
      host.current(1);
      for (const name of ["fw", "bar", "baz"]) host.state(name);
      const { stdout } = host.activate(2, { policy: { state: "delete", stateDelete: ["bar"] } });
      expect(stdout).toContain("deleting state directories: bar\n");
      expect(host.exists("/var/lib/microvms/bar")).toBe(false);
      expect(host.exists("/var/lib/microvms/baz/disk.img")).toBe(true);
      expect(host.exists("/var/lib/microvms/fw/disk.img")).toBe(true);
    });

    const both = [
      { state: "archive" as const },
      { state: "delete" as const, stateDelete: ["bar"] },
    ];

    it.each(both)("a directory with a mount below it stays: %j", (policy) => {
      removeBar();
      host.file("/srv/data/precious", "precious");
      container.must(
        "mkdir /var/lib/microvms/bar/data; mount --bind /srv/data /var/lib/microvms/bar/data",
      );
      const { status, stderr } = host.activate(2, { policy });
      container.must("umount /var/lib/microvms/bar/data");
      expect(status).toBe(1);
      expect(stderr).toContain(
        "/var/lib/microvms/bar is left alone: /var/lib/microvms/bar/data is a mount point",
      );
      expect(container.must("cat /srv/data/precious /var/lib/microvms/bar/disk.img")).toBe(
        "preciousdisk of bar",
      );
    });

    it.each(both)("a mount is found where a digit follows a space in the path: %j", (policy) => {
      removeBar();
      host.file("/srv/data/precious", "precious");
      container.must(
        "mv /var/lib/microvms '/srv/vm 1'; mkdir '/srv/vm 1/bar/data'; mount --bind /srv/data '/srv/vm 1/bar/data'",
      );
      const change = (script: string) =>
        script.replaceAll("state_dir=/var/lib/microvms", "state_dir='/srv/vm 1'");
      const { status } = host.activate(2, { policy, change });
      container.must("umount '/srv/vm 1/bar/data'");
      const left = container.must(
        "cat /srv/data/precious '/srv/vm 1/bar/disk.img'; rm -r '/srv/vm 1'",
      );
      expect([status, left]).toEqual([1, "preciousdisk of bar"]);
    });

    it("what a deletion that was killed has left is deleted by the next run", () => {
      removeBar();
      container.must(
        `rm /nix/var/nix/profiles/system-1-link; ln -sfn ${host.toplevel(2)} /run/booted-system`,
      );
      host.activate(2);
      const policy = { state: "delete" as const, stateDelete: ["bar"] };
      const killed = `(
rm() {
  [[ $* == *microvms/bar* ]] && command rm /var/lib/microvms/bar/toplevel && kill -KILL "$BASHPID"
  command rm "$@"
}
`;
      host.activate(2, { policy, change: (script) => script.replace("(\n", killed) });
      expect(host.exists("/var/lib/microvms/bar/toplevel")).toBe(false);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
      expect(host.activate(2, { policy }).stdout).toContain("deleting state directories: bar\n");
      expect(host.exists("/var/lib/microvms/bar")).toBe(false);
      expect(host.activate(2, { policy }).stdout).toBe("snippet after ran\n");
    });

    it.each(both)("a directory that a process works in stays: %j", (policy) => {
      removeBar();
      container.must("(cd /var/lib/microvms/bar && exec sleep 300) > /dev/null 2>&1 & sleep 0.2");
      const { status, stderr } = host.activate(2, { policy });
      container.must("pkill -f 'sleep 300'");
      expect(status).toBe(1);
      expect(stderr).toMatch(/\/var\/lib\/microvms\/bar is left alone: process \d+ works in it/);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    });

    it.each(both)("a link in the place of a directory is not followed: %j", (policy) => {
      removeBar();
      host.file("/srv/data/precious", "precious");
      container.must("rm -rf /var/lib/microvms/bar; ln -s /srv/data /var/lib/microvms/bar");
      const { status, stderr } = host.activate(2, { policy });
      expect(status).toBe(1);
      expect(stderr).toContain("/var/lib/microvms/bar is a symbolic link, which is not followed");
      expect(container.must("readlink /var/lib/microvms/bar; cat /srv/data/precious")).toBe(
        "/srv/data\nprecious",
      );
    });

    it("archive is refused where it would cross a file system", () => {
      removeBar();
      container.must("mkdir -p /var/lib/microvm-sweep; mount -t tmpfs none /var/lib/microvm-sweep");
      const { status, stderr } = host.activate(2, { policy: { state: "archive" } });
      expect(status).toBe(1);
      expect(stderr).toContain(
        "is on another file system than /var/lib/microvms, so nothing is archived",
      );
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    });

    it("archive is refused where only a bind mount is in between", () => {
      removeBar();
      container.must(
        "mkdir -p /srv/sweep /var/lib/microvm-sweep; mount --bind /srv/sweep /var/lib/microvm-sweep",
      );
      const { status } = host.activate(2, { policy: { state: "archive" } });
      expect(status).toBe(1);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    });

    it("quarantine keeps unit files under their paths, and leaves what is on another file system", () => {
      removeBar();
      host.file("/etc/systemd/system.control/microvm@bar.service.d/x.conf", "[Service]\n");
      host.file("/run/systemd/system/microvm@bar.service.d/y.conf", "[Service]\n");
      const { status, stderr } = host.activate(2, { policy: { unitFiles: "quarantine" } });
      expect(status).toBe(1);
      expect(stderr).toContain("error: /run/systemd/system is on another file system");
      expect(host.exists("/run/systemd/system/microvm@bar.service.d/y.conf")).toBe(true);
      expect(container.must("cd /var/lib/microvm-sweep/quarantine/*/ && find . -type f")).toBe(
        "./etc/systemd/system.control/microvm@bar.service.d/x.conf\n",
      );
    });
  });

  describe("the cost", () => {
    /** The processes that the snippet makes: clone calls of its shell and below. */
    function forks(number: number): number {
      host.activate(number, { action: "dry-activate" });
      container.must("rm -f /root/trace");
      const script = `export systemConfig=${host.toplevel(number)} PATH=/opt/activation; /usr/bin/strace -f -qq -e trace=clone,clone3,fork,vfork -o /root/trace bash /root/snippet`;
      expect(container.run(script).status).toBe(0);
      return Number(container.must("grep -cE '(clone|clone3|fork|vfork)\\(' /root/trace || true"));
    }

    it("is at most three processes where nothing is stale, whatever is declared", () => {
      const many = Array.from({ length: 60 }, (_, index) => `vm${index}`);
      for (const vms of [["fw"], many]) {
        host.reset();
        host.build(1, { vms });
        host.current(1);
        for (const name of vms.slice(0, 5)) host.state(name);
        host.activate(1);
        expect(forks(1)).toBeLessThanOrEqual(3);
      }
    });

    it("does not grow with what is stale", () => {
      const count = (many: number) => {
        host.reset();
        const vms = Array.from({ length: many }, (_, index) => `vm${index}`);
        host.build(1, { vms });
        host.build(2, { vms: [] });
        host.current(1);
        for (const name of vms)
          host.file(`/etc/systemd/system.control/microvm@${name}.service.d/x.conf`, "[Service]\n");
        host.start(...vms);
        return forks(2);
      };
      expect(count(8)).toBe(count(2));
    });
  });
});
