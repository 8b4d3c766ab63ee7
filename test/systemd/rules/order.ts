import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { COMMAND } from "../program.ts";
import { removeBar } from "./removeBar.ts";

export const order: Tests = (scene) => {
  /** Traces a run: the lines of strace for these system calls, of all its processes. */
  function trace(calls: string, number: number): readonly string[] {
    const { host, container } = scene;
    container.must("rm -f /root/trace");
    const script = `/usr/bin/strace -f -qq -s 200 -e trace=${calls} -o /root/trace ${COMMAND} activate ${host.toplevel(number)} switch`;
    const { status, stderr } = container.run(script);
    expect([status, stderr.includes("error")]).toEqual([0, false]);
    return container.must("cat /root/trace").split("\n");
  }

  it("stop, unit files, one reload, reset-failed; one call of each", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar", "baz"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.units({
      "/run/systemd/system/microvm@bar.service.d/x.conf": "[Service]\nExecStopPost=/bin/false\n",
    });
    host.start("fw", "bar", "baz");
    host.dropIn("microvm@baz.service");
    host.profile(2);
    host.check(2, "switch");
    const steps = [
      /execve\(.*systemctl.*"stop"/,
      /execve\(.*"rm"/,
      /execve\(.*"mv"/,
      /execve\(.*systemctl.*"daemon-reload"/,
      /execve\(.*systemctl.*"reset-failed"/,
    ];
    const lines = trace("execve", 2);
    const places = steps.map((step) => lines.findIndex((line) => step.test(line)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    for (const command of ["stop", "show", "daemon-reload", "reset-failed"]) {
      const call = RegExp(`execve\\(.*systemctl.*"${command}".* = 0$`);
      expect(lines.filter((line) => call.test(line))).toHaveLength(1);
    }
  });

  /** The processes that a run makes: clone calls of its shell and below. */
  function forks(number: number): number {
    const calls = trace("clone,clone3,fork,vfork", number);
    return calls.filter((call) => /(clone|clone3|fork|vfork)\(/.test(call)).length;
  }

  it("the number of processes does not grow with what is declared, nor with what is stale", () => {
    const { host } = scene;
    const names = (many: number) => Array.from({ length: many }, (_, index) => `vm${index}`);
    const idle = (many: number): number => {
      host.reset();
      host.build(1, { vms: names(many) });
      host.current(1);
      host.check(1, "switch");
      host.activate(1);
      return forks(1);
    };
    const stale = (many: number): number => {
      host.reset();
      host.build(1, { vms: names(many) });
      host.build(2, { vms: [] });
      host.current(1);
      for (const name of names(many)) host.dropIn(`microvm@${name}.service`);
      host.start(...names(many));
      host.profile(2);
      host.check(2, "switch");
      return forks(2);
    };
    expect(idle(60)).toBe(idle(1));
    expect(stale(6)).toBe(stale(2));
  });

  it("no control character of a name reaches the terminal, in any command", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    const wild = String.raw`$'\e[31mred\a\r\nmicrovm-sweep: error: forged\xff'`;
    const dropIns = host.dropIn("microvm@bar.service");
    container.must(`
      cd /nix/var/nix/gcroots/microvm && ln -s /nowhere ${wild} && ln -s ${wild} booted-gone
      cd /var/lib/microvms && mkdir ${wild} && mkdir -p bar/${wild} && ln -s ${wild} toplevel
      mkdir -p ${dropIns}/${wild} /run/systemd/system/microvm@${wild}.service.d
      ln -s ${wild} /run/systemd/system/microvm-pci-devices@bar.service
      mkdir -p /run/systemd/system/microvms.target.wants; ln -s /${wild} /run/systemd/system/microvms.target.wants/my-${wild}.service
      mkdir -p /run/systemd/system/my-${wild}.service.wants; ln -s /nowhere /run/systemd/system/my-${wild}.service.wants/microvm@bar.service`);
    let all = "";
    for (const words of ["plan", "plan --json", "explain bar", "run"]) {
      const { stdout, stderr } = host.sweep(2, words);
      all += stdout + stderr;
    }
    all += host.sweep(2, "explain $'\\e[31m'").stderr;
    expect(all).toContain("bar");
    expect(all).toMatch(/^[\x20-\x7e\n]*$/);
    expect(all).not.toMatch(/^microvm-sweep: error: forged/m);
    container.must("rm -rf /run/systemd/system/{microvm,my-}*; systemctl daemon-reload");
  });

  it("nothing below a state directory, the store or the roots is opened or changed", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.imperative("imp");
    host.link("/nix/var/nix/gcroots/microvm/booted-gone", "/var/lib/microvms/gone/booted");
    host.start("fw", "bar", "imp");
    for (const name of ["bar", "imp", "gone"]) host.dropIn(`microvm@${name}.service`);
    host.profile(2);
    const tree = () =>
      container.must("find /nix /var/lib/microvms -printf '%p %i %y %l %m %U %s %C@\\n' | sort");
    host.check(2, "switch");
    const before = tree();
    const lines = trace("openat,open", 2);
    expect(tree()).toBe(before);
    // `find -P` opens the directory of a name that was found elsewhere, and nothing in it.
    expect(lines.filter((line) => /"\/var\/lib\/microvms\/[^"/]+\/|disk\.img/.test(line))).toEqual(
      [],
    );
    expect(host.runs("bar")).toBe(false);
  });

  it("a person without root sees the plan, and may not run it", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.start("bar", "who");
    const plan = host.sweep(2, `plan --system=${host.toplevel(2)}`).stdout;
    // Without root, systemd is reached by the bus, which Debian has as an alias in /etc/systemd/system.
    host.link("/run/systemd/system/dbus.service", "/usr/lib/systemd/system/dbus-broker.service");
    container.must("systemctl daemon-reload; systemctl restart dbus.socket");
    const as = (words: string) =>
      container.run(
        `chmod 755 /root; setpriv --reuid nobody --regid nogroup --clear-groups ${words}`,
      );
    const { status, stdout, stderr } = as(`${COMMAND} plan --system=${host.toplevel(2)}`);
    expect(status, stdout + stderr).toBe(0);
    expect([stdout.includes("orphan "), stdout.includes("unknown ")]).toEqual([true, true]);
    expect(plan).toMatch(/^orphan +bar +it is stopped/m);
    for (const words of ["run", `activate ${host.toplevel(2)} switch`]) {
      const refused = as(`${COMMAND} ${words}`);
      expect([refused.status, refused.stdout]).toEqual([2, ""]);
      expect(refused.stderr).toMatch(/^microvm-sweep: error: .* needs root\n$/);
    }
    expect(host.runs("bar")).toBe(true);
    container.must("rm /run/systemd/system/dbus.service");
  });
};
