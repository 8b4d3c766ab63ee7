import { expect, it } from "vitest";
import type { Run } from "../nixosHost.ts";
import type { Tests } from "../onSystemd.ts";
import { COMMAND, program } from "../program.ts";
import { moving, timeless } from "./output.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const BAR = "microvm@bar.service";

/** A snapshot without the directory of the lock. */
function ours(snapshot: string): string {
  return snapshot.replaceAll(/^\/run(\/microvm-sweep\S*)? .*\n/gm, "");
}

export const doubt: Tests = (scene) => {
  /** A host with something to stop and to remove. */
  function begin(): readonly string[] {
    removeBar(scene);
    scene.host.start("bar");
    return [scene.host.dropIn(BAR), scene.host.dropIn("microvm@ghost.service")];
  }

  /** Expects that a switch does nothing, says one line, and fails. */
  function expectNothing(run: Run, error: string | RegExp): void {
    const { host } = scene;
    const before = ours(host.snapshot());
    const { status, stdout, stderr } = host.activate(2, { ...run, killed: true, dies: true });
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(error);
    expect(stderr).toMatch(/^microvm-sweep: error: .*, so nothing is stopped or removed\n$/m);
    expect(ours(host.snapshot())).toBe(before);
    expect(host.runs("bar")).toBe(true);
  }

  it.each([
    ["does not answer", "echo 'Failed to connect to bus' >&2; exit 1"],
    ["answers nothing, and succeeds", "exit 0"],
    ["is cut short after 40 bytes", '$real "$@" | head -c 40'],
    ["is cut short in its last line", '$real "$@" | sed "\\$d"'],
    ["begins late", '$real "$@" | sed 1d'],
    ["is killed", "kill -KILL $$"],
  ])("nothing is done where systemd %s", (_, text) => {
    begin();
    const path = scene.host.standIn(
      "systemctl",
      `if [[ $1 == list-units ]]; then ${text}; exit; fi; exec $real "$@"`,
    );
    expectNothing({ path }, /^microvm-sweep: error: systemd does not answer/m);
    // The next run, with systemd back, still knows what that switch removed.
    scene.host.link("/run/current-system", scene.host.toplevel(1));
    expect(scene.host.switch(2).stdout).toContain("stopping orphaned MicroVMs: bar\n");
  });

  it.each([
    ["fails", "exit 1"],
    ["is empty", "exit 0"],
    ["is cut short", '$real "$@" | head -c 300'],
    ["lacks its last line", '$real "$@" | sed "\\$d"'],
    ["lacks a property", '$real "$@" | sed /^BoundBy/d'],
    ["has another unit", '$real "$@"; echo; $real show --property=Id,LoadState init.scope'],
  ])("nothing is stopped where what systemd says of the units %s", (_, text) => {
    const { host } = scene;
    const dropIns = begin();
    const path = host.standIn(
      "systemctl",
      `if [[ $1 == show ]]; then ${text}; exit; fi; exec $real "$@"`,
    );
    const { status, stdout, stderr } = host.activate(2, { path });
    expect(status).toBe(1);
    expect(stdout).not.toContain("stopping");
    expect(stderr).toMatch(/^microvm-sweep: error: systemd does not say what is attached/m);
    expect([host.runs("bar"), host.shutDown()]).toEqual([true, []]);
    expect(dropIns.map((path) => host.exists(path))).toEqual([true, false]);
  });

  it("nothing is done from a shell with another root directory while systemd runs", () => {
    const { host, container } = scene;
    const dropIns = begin();
    host.check(2, "switch");
    const before = ours(host.snapshot());
    container.must("mkdir -p /srv/other");
    const inside = `
      mount -t tmpfs none /srv/other; cp -a /bin /sbin /lib* /srv/other/
      for dir in dev etc nix opt proc root run usr var; do
        mkdir /srv/other/$dir; mount --rbind /$dir /srv/other/$dir
      done
      exec chroot /srv/other ${COMMAND} activate ${host.toplevel(2)} switch`;
    const { status, stdout, stderr } = container.run(
      `unshare --mount --propagation=private bash -c '${inside}'`,
    );
    container.must("rmdir /srv/other");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      "microvm-sweep: error: systemd runs, and this process has another root directory, so nothing is stopped or removed\n",
    );
    expect(ours(host.snapshot()).replaceAll(/^\/srv .*$/gm, "")).toBe(
      before.replaceAll(/^\/srv .*$/gm, ""),
    );
    expect(dropIns.map((path) => host.exists(path))).toEqual([true, true]);
  });

  it("without systemd, in a chroot, files are cleaned and systemctl is not called", () => {
    const { host, container } = scene;
    const [dropIns = "", ghost = ""] = begin();
    host.current(2);
    container.must(
      "systemctl stop 'microvm*'; rm -rf /etc/systemd/system; mkdir /etc/systemd/system",
    );
    const path = host.standIn("systemctl", ": > /root/called");
    host.check(2, "switch", { path });
    const { status, stdout } = container.run(`
      unshare --mount bash -c 'mount -t tmpfs none /run; ${COMMAND} activate ${host.toplevel(2)}'`);
    expect([status, timeless(stdout)]).toEqual([0, moving(dropIns, ghost)]);
    expect(host.exists("/root/called")).toBe(false);
  });

  it("nothing is done where the units of the generation are not there", () => {
    begin();
    scene.container.must(`rm -rf ${scene.host.toplevel(2)}/etc/systemd`);
    expectNothing({}, /is not the toplevel of a NixOS generation/);
  });

  it("nothing is done where a unit directory cannot be read", () => {
    begin();
    const path = scene.host.standIn(
      "find",
      '$real "$@"; echo "find: Input/output error" >&2; exit 1',
    );
    expectNothing({ path }, /^microvm-sweep: error: /m);
  });

  it("nothing is done where decide is killed, ends early, or has not even begun", () => {
    for (const text of [
      "kill -KILL $$",
      "exit 0",
      "exit 3",
      "printf 'stop\\tbar\\tmicrovm@bar.service\\n'; exit 0",
      "printf 'end\\n'; exit 1",
    ]) {
      scene.host.reset();
      begin();
      expectNothing(
        { change: (own, part) => (part === "decide" ? `#!/bin/bash\n${text}\n` : own) },
        /^microvm-sweep: error: /m,
      );
    }
    scene.host.reset();
    begin();
    expectNothing({ path: scene.host.standIn("setpriv", "exit 1") }, /cannot be read/);
  });

  it("a link to a file system that hangs, planted by the user microvm, does not hang the switch", () => {
    const { host, container } = scene;
    begin();
    // FUSE without a server that answers: whoever looks there waits.
    container.must(`
      [ -e /dev/fuse ] || mknod /dev/fuse c 10 229
      mkdir -p /srv/hung
      (exec 9<> /dev/fuse; mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 hung /srv/hung; exec sleep 300) > /dev/null 2>&1 &
      echo $! > /root/pid
      until grep -q /srv/hung /proc/mounts; do sleep 0.05; done`);
    expect(container.run("timeout 1 ls /srv/hung").status).toBe(124);
    for (const name of ["bar", "ghost", "imp"]) {
      host.state(name, { declarative: false });
      host.link(`/var/lib/microvms/${name}/toplevel`, "/srv/hung/x");
    }
    container.must("rm -r /var/lib/microvms/ghost");
    host.link("/var/lib/microvms/ghost", "/srv/hung/ghost");
    host.link("/nix/var/nix/gcroots/microvm/bar", "/srv/hung/bar");
    const activation = () =>
      container.run(`timeout 20 ${COMMAND} activate ${host.toplevel(2)} switch`);
    host.check(2, "switch");
    expect(activation()).toMatchObject({ status: 0 });
    expect(container.run(`timeout 20 ${COMMAND} plan`).status).not.toBe(124);
    container.must("kill -KILL $(cat /root/pid); umount --lazy /srv/hung");
  });

  it("a state directory on a file system that hangs does not hang the switch", () => {
    const { host, container } = scene;
    host.build(1, { vms: [] });
    host.current(1);
    const dropIns = host.dropIn("microvm@imp.service");
    container.must(`
      [ -e /dev/fuse ] || mknod /dev/fuse c 10 229
      mkdir /var/lib/microvms/imp
      options=fd=9,rootmode=40000,user_id=0,group_id=0,allow_other
      (exec 9<> /dev/fuse; mount -i -t fuse -o $options hung /var/lib/microvms/imp; exec sleep 300) > /dev/null 2>&1 &
      echo $! > /root/pid
      until grep -q /var/lib/microvms/imp /proc/mounts; do sleep 0.05; done`);
    const change = (text: string) => text.replaceAll("--signal=KILL 20", "--signal=KILL 1");
    const { status, stdout, stderr } = host.switch(1, { change });
    container.must("kill -KILL $(cat /root/pid); umount --lazy /var/lib/microvms/imp");
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("microvm-sweep: not seen, so nothing is decided by state directories");
    expect(host.exists(dropIns)).toBe(true);
  });

  it("nothing of the shell around it reaches the program, and nothing of it the shell", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    host.dropIn(BAR);
    const shell = `
      export SYSTEMD_COLORS=1 CDPATH=/etc GLOBIGNORE='*' BASH_ENV=/root/env ENV=/root/env POSIXLY_CORRECT=1
      export IFS=m LC_ALL=tr_TR.UTF-8 SHELLOPTS PATH=/nonexistent:$PATH TMPDIR=/nonexistent
      echo() { return 7; }; printf() { return 7; }; rm() { return 7; }; find() { return 7; }; systemctl() { return 7; }
      export -f echo printf rm find systemctl
      unset -f printf echo
      alias rm=false; set -o noglob`;
    host.file("/root/env", "exit 9\n");
    const { status, stdout } = host.switch(2, { shell });
    expect([status, timeless(stdout)]).toEqual([
      0,
      `stopping orphaned MicroVMs: bar\n${moving(`${CONTROL}/${BAR}.d`)}reloading systemd\n`,
    ]);
  });

  it("a word that the program does not know is refused before anything is done", () => {
    const { host, container } = scene;
    begin();
    host.activate(1);
    const release = /^release=(.*)$/m.exec(program("common"))?.[1];
    for (const words of [
      "act.bash --release=9.9.9 -- run",
      "act.bash --vm=fw -- run",
      `act.bash --release=${release} --surprise=yes -- run`,
      `act.bash --release=${release} -- frobnicate`,
    ]) {
      const { status, stdout, stderr } = container.run(
        `env -i PATH=/opt/sweep /bin/bash /root/microvm-sweep/${words}`,
      );
      expect([words, status, stdout]).toEqual([words, 2, ""]);
      expect(stderr).toMatch(/^microvm-sweep: error: /m);
    }
    expect(host.runs("bar")).toBe(true);
  });
};
