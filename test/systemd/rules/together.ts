import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { COMMAND } from "../program.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const BAR = "microvm@bar.service";
const LOCK = "/run/microvm-sweep/lock";
const FREE = `flock --nonblock ${LOCK} true`;

export const together: Tests = (scene) => {
  it("ten pairs of runs at once end without an error, and with one result", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    host.check(2, "switch");
    for (let pair = 0; pair < 10; pair += 1) {
      host.dropIn(BAR);
      host.dropIn("microvm@ghost.service");
      host.link("/run/systemd/system/my.target.wants/microvm@ghost.service", "/nowhere");
      const { stdout } = container.run(`
        cd /root
        for run in 1 2; do
          { ${COMMAND} activate ${host.toplevel(2)} switch > out.$run 2> err.$run; echo $? > status.$run; } &
        done
        wait
        cat status.1 status.2; grep -h error err.1 err.2; cat out.1 out.2`);
      const words = stdout.split("\n");
      expect(words.slice(0, 2), stdout).toEqual(["0", "0"]);
      expect(stdout).not.toContain("error");
      // Each thing is done once, by whichever run comes first.
      for (const done of ["removing stale", "moving unit files", "reloading"])
        expect(words.filter((word) => word.startsWith(done))).toHaveLength(1);
      expect(host.exists(`${CONTROL}/${BAR}.d`)).toBe(false);
      // TIME has a second.
      container.must("rm -rf /var/lib/microvm-sweep/removed");
    }
  });

  it("a run waits for one before it and says so; plan and dry-activate do not wait", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.check(2, "switch");
    container.must(`
      mkdir -p -m 0700 /run/microvm-sweep
      flock --no-fork ${LOCK} sleep 300 > /dev/null 2>&1 & echo $! > /root/pid; until ! ${FREE}; do sleep 0.05; done`);
    expect(host.activate(2, { action: "dry-activate" }).stdout).toContain("would stop");
    expect(host.sweep(2, `plan --system=${host.toplevel(2)}`).stdout).toMatch(/^orphan +bar/m);
    const script = `timeout 0.5 ${COMMAND} activate ${host.toplevel(2)} switch`;
    expect(container.run(script)).toEqual({
      status: 124,
      stdout: "",
      stderr: "microvm-sweep: waiting for another run\n",
    });
    expect(host.runs("bar")).toBe(true);
    container.must("kill $(cat /root/pid)");
    expect(container.run(`${COMMAND} activate ${host.toplevel(2)} switch`).stdout).toContain(
      "stopping orphaned MicroVMs: bar\n",
    );
  });

  it("a program that is killed while it waits for a stop leaves the lock free", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.units({
      "/run/systemd/system/microvm@bar.service.d/slow.conf":
        "[Service]\nExecStop=\nExecStop=/bin/bash -c ': > /run/shut-down; sleep 60'\nTimeoutStopSec=60s\n",
    });
    host.start("bar");
    host.check(2, "switch");
    const { stdout } = container.run(`
      rm /run/shut-down; install -m 0666 -o microvm /dev/null /run/shut-down; echo > /run/shut-down
      ${COMMAND} activate ${host.toplevel(2)} switch > /dev/null 2>&1 &
      until [ ! -s /run/shut-down ]; do sleep 0.05; done
      ! ${FREE} && echo locked
      pgrep -f '[m]icrovm-sweep/act.bash' | xargs kill -KILL
      for i in {1..40}; do ${FREE} && break; sleep 0.05; done
      ${FREE} && echo free
      pgrep -c systemctl`);
    // The stop itself goes on.
    expect(stdout).toBe("locked\nfree\n1\n");
    container.must("pkill systemctl; systemctl kill --signal=KILL microvm@bar.service");
    expect(host.switch(2)).toMatchObject({ status: 0 });
  });

  it("nobody but root can hold the lock, and a VM that was stopped does not inherit it", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.switch(2);
    const { status } = container.run(
      `setpriv --reuid microvm --regid kvm --clear-groups flock --nonblock ${LOCK} true`,
    );
    expect(status).not.toBe(0);
    expect(container.run(FREE).status).toBe(0);
  });

  it("where the lock cannot be taken nothing is done, and it is said", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    for (const script of [
      "touch /run/microvm-sweep",
      `mkdir /run/microvm-sweep; ln -s /nowhere/lock ${LOCK}`,
    ]) {
      container.must(`rm -rf /run/microvm-sweep; ${script}`);
      const { status, stdout, stderr } = host.activate(2);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/microvm-sweep: error: .*nothing is stopped or removed\n$/);
      expect(stderr).not.toContain("waiting");
      host.link("/run/current-system", host.toplevel(1));
    }
    container.must("rm -r /run/microvm-sweep");
    expect(host.runs("bar")).toBe(true);
  });
};
