import { expect, it } from "vitest";
import { onEverySystemd, onSystemd } from "../onSystemd.ts";
import { COMMAND } from "../program.ts";
import { SUITES } from "../root.ts";
import { CONTROL, removeBar } from "./removeBar.ts";

const BAR = "microvm@bar.service";
const LOCK = "/run/microvm-sweep/lock";

onSystemd(SUITES.newest, "two runs at once", (scene) => {
  it("twenty pairs at once end without an error, and with one result", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    host.sweep(2, "plan", { policy: { state: "archive" } });
    for (let pair = 0; pair < 20; pair += 1) {
      host.state("bar");
      host.dropIn(BAR);
      host.dropIn("microvm@ghost.service");
      host.link("/nix/var/nix/gcroots/microvm/booted-gone", "/var/lib/microvms/gone/booted");
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
      for (const done of ["removing stale", "reloading", "removing dangling", "archiving"])
        expect(words.filter((word) => word.startsWith(done))).toHaveLength(1);
      expect(host.exists(`${CONTROL}/microvm@bar.service.d`)).toBe(false);
      expect(host.exists("/var/lib/microvms/bar")).toBe(false);
      container.must(
        "test $(ls /var/lib/microvm-sweep/archive | wc -l) = 1; rm -r /var/lib/microvm-sweep/archive",
      );
    }
  });
});

onEverySystemd("more than one run", (scene) => {
  it("a run waits for one before it, and plan and dry-activate do not", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.check(2, "switch");
    container.must(`
      flock ${LOCK} sleep 300 > /dev/null 2>&1 & echo $! > /root/pid; sleep 0.3`);
    expect(host.switch(2, { action: "dry-activate" }).stdout).toContain("would stop");
    expect(host.sweep(2, `plan --system=${host.toplevel(2)}`).status).toBe(1);
    const script = `timeout 1 ${COMMAND} activate ${host.toplevel(2)} switch`;
    expect(container.run(script)).toMatchObject({ status: 124, stdout: "" });
    expect(host.runs("bar")).toBe(true);
    container.must("pkill -P $(cat /root/pid)");
    expect(container.run(script).stdout).toContain("stopping orphaned MicroVMs: bar\n");
  });

  it("nobody but root can hold the lock", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.switch(2);
    const { status } = container.run(
      `setpriv --reuid microvm --regid kvm --clear-groups flock --nonblock ${LOCK} true`,
    );
    expect(status).not.toBe(0);
  });

  it("where the lock cannot be taken nothing is done, and it is said", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar");
    host.file("/run/microvm-sweep");
    const { status, stderr } = host.switch(2);
    container.must("rm /run/microvm-sweep");
    expect(status).toBe(1);
    expect(stderr).toMatch(/microvm-sweep: error: .*nothing is stopped or removed/);
    expect(host.runs("bar")).toBe(true);
  });

  it("a VM does not inherit the lock", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("bar");
    host.switch(2);
    // The next run would wait for ever.
    expect(host.switch(2)).toMatchObject({ status: 0, stdout: "" });
  });
});
