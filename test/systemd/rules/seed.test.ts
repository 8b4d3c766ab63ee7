import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { TEMPLATES } from "../units.ts";

const TEMPLATE = "/etc/systemd/system/microvm@.service";

onEverySystemd("the host module is gone", (scene) => {
  /** Templates as files in a writable /etc/systemd/system; the generation has none of them. */
  function seed(): void {
    const { host, container } = scene;
    host.build(1, { vms: [], templates: false });
    host.link("/run/current-system", host.toplevel(1));
    host.profile(1);
    for (const [name, text] of Object.entries(TEMPLATES))
      host.file(`/etc/systemd/system/${name}`, text);
    host.link("/etc/systemd/system/microvms.target", "/nix/store/gone/microvms.target");
    host.file("/etc/systemd/system/my-other@.service", "[Service]\nExecStart=/bin/true\n");
    container.must("systemctl daemon-reload; systemctl reset-failed");
  }

  it("the template is loaded before, could not be found after, without a reboot, with one reload", () => {
    const { host, container } = scene;
    seed();
    // Somebody asks for the unit, as `systemctl status` in issue 181 does.
    expect(host.loaded("microvm@firewall.service")).toBe("loaded inactive");
    const { status, stdout, stderr } = host.activate(1);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.match(/reloading systemd/g)).toHaveLength(1);
    for (const name of Object.keys(TEMPLATES))
      expect(host.exists(`/etc/systemd/system/${name}`)).toBe(false);
    expect(host.exists("/etc/systemd/system/microvms.target")).toBe(false);
    expect(container.run("systemctl status microvm@firewall.service").stderr).toContain(
      "could not be found",
    );
    expect(host.exists("/etc/systemd/system/my-other@.service")).toBe(true);
  });

  it("with an imperative VM at rest the template goes, and the report says how to get the VM back", () => {
    const { host } = scene;
    seed();
    host.imperative("imp");
    const dropIns = host.dropIn("microvm@imp.service");
    const { status, stdout, stderr } = host.switch(1);
    expect(status).toBe(0);
    expect(stdout).toContain(TEMPLATE);
    expect(host.exists(TEMPLATE)).toBe(false);
    expect(stderr).toMatch(/^microvm-sweep: .*\bimp\b/);
    expect(stderr).toMatch(/host module|microvm\.nixosModules\.host|microvm\.host/);
    expect(host.exists("/var/lib/microvms/imp/disk.img")).toBe(true);
    expect(host.exists(dropIns)).toBe(true);
    expect(host.exists("/nix/var/nix/gcroots/microvm/booted-imp")).toBe(true);
  });

  it("with an imperative VM that runs the templates stay, and the report says which VM holds them", () => {
    const { host } = scene;
    seed();
    host.imperative("imp");
    host.start("imp");
    const { status, stdout, stderr } = host.switch(1);
    expect(status).toBe(0);
    expect(stdout).not.toContain(TEMPLATE);
    for (const name of Object.keys(TEMPLATES))
      expect(host.exists(`/etc/systemd/system/${name}`)).toBe(true);
    expect(stderr).toMatch(/^microvm-sweep: .*\bimp\b/);
    expect(stderr).toContain("microvm@.service");
    expect(host.runs("imp")).toBe(true);
    expect(host.loaded("microvm@imp.service")).toBe("loaded active");
  });

  it.each(["kept", "lingering", "unknown"])("a %s VM holds the templates", (verdict) => {
    const { host } = scene;
    seed();
    if (verdict !== "unknown") host.state("who");
    if (verdict !== "kept") host.start("who");
    const policy = verdict === "kept" ? { keep: ["who"] } : {};
    const { stderr } = host.switch(1, { policy });
    expect(host.exists(TEMPLATE)).toBe(true);
    expect(stderr).toMatch(/\bwho\b/);
    expect(stderr).toContain("microvm@.service");
    expect(host.runs("who")).toBe(verdict !== "kept");
  });

  it("at boot an imperative VM that exists holds the templates", () => {
    const { host } = scene;
    seed();
    host.imperative("imp");
    host.activateAtBoot(1);
    expect(host.exists(TEMPLATE)).toBe(true);
  });

  it("reports an override of a template that this generation has, and leaves it", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw"] });
    host.link("/run/current-system", host.toplevel(1));
    host.file(TEMPLATE, TEMPLATES["microvm@.service"]);
    const { stdout, stderr } = host.switch(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(
      `left alone: ${TEMPLATE}, which is an override of a unit that the generation has`,
    );
    expect(host.exists(TEMPLATE)).toBe(true);
  });

  it("the switch that removes or disables the module stops its VMs and leaves an imperative one", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "bar"] });
    // `microvm.host.enable = false` gives the same: microvm.vms still has names, and declares none.
    host.build(2, { vms: ["fw", "bar"], templates: false });
    host.current(1);
    for (const name of ["fw", "bar"]) host.state(name);
    host.imperative("imp");
    host.start("fw", "bar", "imp");
    const { status, stdout } = host.switch(2);
    expect(status).toBe(0);
    expect(stdout).toContain("stopping orphaned MicroVMs: bar, fw\n");
    expect([host.runs("fw"), host.runs("bar"), host.runs("imp")]).toEqual([false, false, true]);
    expect([...host.shutDown()].sort()).toEqual(["bar", "fw"]);
  });
});
