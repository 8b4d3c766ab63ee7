import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const ROOT = "/nix/var/nix/gcroots/microvm/booted-gone";
const ARCHIVE = { state: "archive" } as const;

onEverySystemd("in doubt", (scene) => {
  /** A systemctl that is written in Bash; `real` is the real one. */
  function systemctl(text: string): string {
    const path = "/root/systemctl";
    scene.host.file(path, `#!/bin/bash\nreal=/usr/bin/systemctl\n${text}\n`);
    scene.container.must(`chmod +x ${path}`);
    return path;
  }

  it("nothing is done where systemd does not answer, and it is said", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    const dropIns = host.dropIn("microvm@ghost.service");
    host.link(ROOT, "/var/lib/microvms/gone/booted");
    const silent = systemctl("echo 'Failed to connect to bus' >&2; exit 1");
    const { status, stdout, stderr } = host.switch(2, { systemctl: silent });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("microvm-sweep: error: systemd does not answer");
    expect([host.runs("bar"), host.exists(dropIns), host.exists(ROOT)]).toEqual([true, true, true]);
    // The next run, with systemd back, still knows what that switch removed.
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
  });

  it("nothing is done where the units of the generation are not there", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    container.must(`rm -rf ${host.toplevel(2)}/etc/systemd`);
    const { status, stderr } = host.switch(2);
    expect(status).toBe(1);
    expect(stderr).toContain("nothing is stopped or removed");
    expect(host.runs("bar")).toBe(true);
  });

  it("nothing is stopped where an answer is cut short, wherever that is", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.units({
      "/run/systemd/system/microvm@fw.service.d/needs.conf":
        "[Unit]\nRequires=microvm@bar.service\n",
    });
    host.start("fw");
    for (const question of ["list-units", "show"]) {
      for (const bytes of [0, 40, 1000]) {
        for (const status of [0, 1]) {
          const cut = systemctl(
            `if [[ " $* " == *" ${question} "* ]]; then $real "$@" | head -c ${bytes}; exit ${status}; fi; exec $real "$@"`,
          );
          host.link("/run/current-system", host.toplevel(1));
          container.must("rm -rf /run/microvm-sweep");
          const { stdout } = host.activate(2, { systemctl: cut, policy: ARCHIVE });
          expect(stdout, `${question} ${bytes} ${status}`).not.toContain("stopping");
          expect(host.runs("bar"), `${question} ${bytes} ${status}`).toBe(true);
        }
      }
    }
    expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    // With whole answers and without that need, the same run does stop it.
    container.must("rm -r /run/systemd/system/microvm@fw.service.d; systemctl daemon-reload");
    expect(host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
  });

  it("an answer that is larger than what /tmp has room for is read whole, or nothing is stopped", () => {
    const { host, container } = scene;
    const many = Array.from({ length: 40 }, (_, index) => `vm${index}-${"x".repeat(150)}`);
    host.build(1, { vms: ["fw", "bar", ...many] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.state("bar");
    host.units({
      "/run/systemd/system/microvm@fw.service.d/needs.conf":
        "[Unit]\nRequires=microvm@bar.service\n",
    });
    host.start("fw", ...many);
    // More than a pipe holds, so that a here-string would need a file.
    expect(container.must("systemctl list-units --all --full 'microvm*'").length).toBeGreaterThan(
      65536,
    );
    container.must(
      `mount -t tmpfs -o size=4k none /tmp; cat /dev/zero > /tmp/filler 2> /dev/null || true`,
    );
    try {
      const { stdout } = host.switch(2, { policy: ARCHIVE });
      expect(stdout.split("\n")[0]).not.toMatch(/\bbar\b/);
      expect([host.runs("fw"), host.runs("bar")]).toEqual([true, true]);
      expect(host.exists("/var/lib/microvms/bar/disk.img")).toBe(true);
    } finally {
      container.must("umount /tmp");
    }
  });

  it("nothing is removed where a unit directory, the profiles or the roots cannot be read", () => {
    const { host, container } = scene;
    removeBar(scene);
    const dropIns = host.dropIn("microvm@ghost.service");
    host.link(ROOT, "/var/lib/microvms/gone/booted");
    host.file("/opt/faults/find", `#!/bin/bash\n/usr/bin/find "$@"; exit 1\n`);
    container.must(
      `chmod +x /opt/faults/find; for tool in /opt/sweep/*; do ln -sn "$tool" /opt/faults/ 2> /dev/null; done; true`,
    );
    const { stdout } = host.switch(2, { path: "/opt/faults" });
    expect(stdout).not.toContain("removing stale unit files");
    expect(host.exists(dropIns)).toBe(true);
    container.must("rm -r /opt/faults");
  });

  it("colours that are forced on systemctl do not change what is read", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    const coloured = systemctl('SYSTEMD_COLORS=1 exec $real "$@"');
    const { status, stdout } = host.switch(2, { systemctl: coloured });
    // Where an answer cannot be understood, nothing is done.
    expect(host.runs("bar")).toBe(!stdout.includes("stopping orphaned MicroVMs: bar\n"));
    expect(status === 0 || stdout === "").toBe(true);
  });

  it("nothing of the shell around it reaches the program", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    host.dropIn("microvm@bar.service");
    const shell = `
      export SYSTEMD_COLORS=1 CDPATH=/etc GLOBIGNORE='*' BASH_ENV=/root/env ENV=/root/env POSIXLY_CORRECT=1
      export IFS=m LC_ALL=tr_TR.UTF-8 SHELLOPTS PATH=/nonexistent:$PATH TMPDIR=/nonexistent
      echo() { return 7; }; printf() { return 7; }; rm() { return 7; }; find() { return 7; }; systemctl() { return 7; }
      export -f echo printf rm find systemctl
      unset -f printf echo
      alias rm=false; set -o noglob`;
    host.file("/root/env", "exit 9\n");
    const { status, stdout } = host.switch(2, { shell });
    expect(status).toBe(0);
    expect(stdout).toBe(
      "stopping orphaned MicroVMs: bar\n" +
        `removing stale unit files: ${CONTROL}/microvm@bar.service.d\n` +
        "reloading systemd\n",
    );
  });

  it("an argument that the program does not know is refused before anything is done", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.activate(1);
    for (const words of [
      "--release=9.9.9 -- run",
      "--vm=fw -- run",
      "RELEASE --surprise=yes -- run",
      "RELEASE -- frobnicate",
      "RELEASE -- run --force",
      "RELEASE -- explain",
    ]) {
      const release = '--release=$(sed -n "s/^release=//p" /root/microvm-sweep.bash)';
      const script = words.replace("RELEASE", release);
      const { status, stdout, stderr } = container.run(
        `env -i PATH=/opt/sweep /bin/bash /root/microvm-sweep.bash ${script}`,
      );
      expect([words, status, stdout]).toEqual([words, 2, ""]);
      expect(stderr).toMatch(/^microvm-sweep: error: /);
    }
    expect(host.runs("bar")).toBe(true);
  });
});
