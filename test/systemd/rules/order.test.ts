import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { COMMAND } from "../program.ts";
import { removeBar } from "./removeBar.ts";

onEverySystemd("order, cost and output", (scene) => {
  /** Traces a run: the lines of strace for these system calls, of all its processes. */
  function trace(calls: string, number: number): readonly string[] {
    const { host, container } = scene;
    container.must("rm -f /root/trace");
    const script = `/usr/bin/strace -f -qq -s 200 -e trace=${calls} -o /root/trace ${COMMAND} activate ${host.toplevel(number)} switch`;
    const { status, stderr } = container.run(script);
    expect([status, stderr.includes("error")]).toEqual([0, false]);
    return container.must("cat /root/trace").split("\n");
  }

  it("stop, unit files, one reload, reset-failed, roots, state", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar", "baz"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    for (const name of ["fw", "bar", "baz"]) host.state(name);
    host.units({
      "/run/systemd/system/microvm@bar.service.d/x.conf": "[Service]\nExecStopPost=/bin/false\n",
    });
    host.start("fw", "bar", "baz");
    host.dropIn("microvm@baz.service");
    host.link("/nix/var/nix/gcroots/microvm/booted-gone", "/var/lib/microvms/gone/booted");
    host.sweep(2, "plan", { policy: { state: "archive" } });
    const steps = [
      /execve\(.*systemctl.*"stop"/,
      /unlink.*(baz\.service\.d|50-CPUWeight)/,
      /execve\(.*systemctl.*"daemon-reload"/,
      /execve\(.*systemctl.*"reset-failed"/,
      /unlink.*booted-gone/,
      /rename.*microvms\/bar/,
    ];
    const lines = trace("execve,unlink,unlinkat,rename,renameat,renameat2", 2);
    const places = steps.map((step) => lines.findIndex((line) => step.test(line)));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    for (const command of ["stop", "daemon-reload", "reset-failed"]) {
      const call = RegExp(`execve\\(.*systemctl.*"${command}".* = 0$`);
      expect(lines.filter((line) => call.test(line))).toHaveLength(1);
    }
  });

  /** The processes that a run makes: clone calls of its shell and below. */
  function forks(number: number): number {
    const calls = trace("clone,clone3,fork,vfork", number);
    return calls.filter((call) => /(clone|clone3|fork|vfork)\(/.test(call)).length;
  }

  it("at most three processes where nothing is stale, whatever is declared", () => {
    const { host } = scene;
    const many = Array.from({ length: 60 }, (_, index) => `vm${index}`);
    for (const vms of [["fw"], many]) {
      host.reset();
      host.build(1, { vms });
      host.current(1);
      for (const name of vms.slice(0, 5)) host.state(name);
      host.switch(1);
      expect(forks(1)).toBeLessThanOrEqual(3);
    }
  });

  it("the number of processes does not grow with what is stale", () => {
    const { host } = scene;
    const count = (many: number): number => {
      host.reset();
      const vms = Array.from({ length: many }, (_, index) => `vm${index}`);
      host.build(1, { vms });
      host.build(2, { vms: [] });
      host.current(1);
      for (const name of vms) host.dropIn(`microvm@${name}.service`);
      host.start(...vms);
      host.sweep(2, "plan");
      return forks(2);
    };
    expect(count(8)).toBe(count(2));
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
      mount -t tmpfs none /var/lib/microvms/bar/${wild}`);
    const policy = { state: "archive" } as const;
    let all = "";
    for (const words of ["plan", "plan --json", "explain bar", "run"]) {
      const { stdout, stderr } = host.sweep(2, words, { policy });
      all += stdout + stderr;
    }
    all += host.sweep(2, "explain $'\\e[31m'").stderr;
    expect(all).toContain("bar");
    expect(all).toMatch(/^[\x20-\x7e\n]*$/);
    expect(all).not.toMatch(/^microvm-sweep: error: forged/m);
    const journal = container.run("journalctl -b --no-pager -o cat -t microvm-sweep").stdout;
    expect(journal).toMatch(/^[\x20-\x7e\n]*$/);
    container.must("rm -rf /run/systemd/system/microvm*; systemctl daemon-reload");
  });

  it("a name with letters of another language is shown as it is, or escaped", () => {
    const { host, container } = scene;
    removeBar(scene);
    host.current(2);
    container.must("ln -s /nowhere /nix/var/nix/gcroots/microvm/booted-Müller");
    const { status, stdout } = host.sweep(2, "run");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^removing dangling garbage collection roots: \S*booted-M\S*ller\S*\n$/);
  });
});
