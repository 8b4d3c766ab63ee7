import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { TEMPLATES, unitsOf } from "../units.ts";

const TEMPLATE = "/etc/systemd/system/microvm@.service";

export const seed: Tests = (scene) => {
  /** Templates as files in a writable /etc/systemd/system; the generation has none of them. */
  function layOut(): void {
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
    layOut();
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
    layOut();
    host.imperative("imp");
    const dropIns = host.dropIn("microvm@imp.service");
    const { status, stdout, stderr } = host.switch(1);
    expect(status).toBe(0);
    expect(stdout).toContain(TEMPLATE);
    expect(host.exists(TEMPLATE)).toBe(false);
    expect(stderr).toMatch(/^microvm-sweep: .*\bimp\b.*host module/);
    expect(host.exists(dropIns)).toBe(true);
    // Each time, whether a file goes or not.
    expect(host.switch(1)).toMatchObject({ stdout: "", stderr });
  });

  it("with an imperative VM that runs the templates stay, and the report says which VM holds them", () => {
    const { host } = scene;
    layOut();
    host.imperative("imp");
    host.start("imp");
    const { status, stdout, stderr } = host.switch(1);
    expect(status).toBe(0);
    expect(stdout).not.toContain(TEMPLATE);
    for (const name of Object.keys(TEMPLATES))
      expect(host.exists(`/etc/systemd/system/${name}`)).toBe(true);
    expect(stderr).toContain(`left alone: ${TEMPLATE}, which is a template unit for imp\n`);
    expect(host.loaded("microvm@imp.service")).toBe("loaded active");
  });

  it.each(["lingering", "unknown"])("a %s VM holds the templates", (verdict) => {
    const { host } = scene;
    layOut();
    if (verdict === "lingering") host.state("who");
    host.start("who");
    const { stderr } = host.switch(1);
    expect(host.exists(TEMPLATE)).toBe(true);
    expect(stderr).toContain(`left alone: ${TEMPLATE}, which is a template unit for who\n`);
    // systemd would have no ExecStop for it after this switch.
    expect(stderr).toContain("who; shut it down from inside");
    expect(host.runs("who")).toBe(true);
  });

  it("at boot an imperative VM that exists holds the templates", () => {
    const { host } = scene;
    layOut();
    host.imperative("imp");
    host.activateAtBoot(1);
    expect(host.exists(TEMPLATE)).toBe(true);
  });

  it("the switch that removes the module shuts its VMs down before the user microvm goes, and leaves an imperative one", () => {
    const { host, container } = scene;
    const vms = ["fw", "a.b", "at@sign"];
    host.build(1, { vms });
    // `microvm.host.enable = false` gives the same: microvm.vms still has names, and declares none.
    host.build(2, { vms, templates: false });
    host.current(1);
    for (const name of vms) host.state(name);
    host.imperative("imp");
    host.start(...vms, "imp");
    const { status, stdout, stderr } = host.activate(2);
    expect(status).toBe(0);
    const named = /^stopping orphaned MicroVMs: (.*)$/m.exec(stdout)?.[1]?.split(", ");
    expect(named?.sort()).toEqual(["a.b", "at@sign", "fw"]);
    expect(stderr).not.toContain("cleanly");
    expect(container.run("getent passwd microvm").status).not.toBe(0);
    // Each by its ExecStop, which systemd runs as microvm.
    expect([...host.shutDown()].sort()).toEqual(["a.b", "at@sign", "fw"]);
    for (const unit of vms.flatMap(unitsOf)) expect(host.isActive(unit)).toBe(false);
    expect(host.runs("imp")).toBe(true);
  });
};
