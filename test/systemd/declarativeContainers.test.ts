import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requireContainer } from "../support/require.ts";
import { Container } from "./container.ts";
import { NixosHost } from "./nixosHost.ts";
import { SUITES } from "./root.ts";

/** A unit in the shape of NixOS's `container@NAME.service`, with a program that does nothing. */
const UNIT = (unit = "") => `[Unit]
${unit}
[Service]
ExecStart=/bin/sleep infinity
EnvironmentFile=-/etc/nixos-containers/%i.conf
KillMode=mixed
Delegate=true
Slice=machine.slice
Restart=on-failure
`;

const UNITS = "/etc/systemd/system";
const STATE = "/var/lib/nixos-containers";

/** The suite with chattr in its root: NixOS makes var/empty of a container immutable. */
const suite = SUITES.oldest;

describe.skipIf(requireContainer(suite))("what a removed container of NixOS leaves", () => {
  let container: Container;
  let host: NixosHost;

  beforeAll(async () => {
    container = await Container.boot(suite);
    host = new NixosHost(container);
    host.reset();
    for (const name of ["web", "stay"]) {
      host.file(`${STATE}/${name}/var/lib/db`, "data");
      host.link(`/etc/nixos-containers/${name}.conf`, `/etc/static/nixos-containers/${name}.conf`);
      container.must(`
        mkdir -p ${STATE}/${name}/var/empty /nix/var/nix/{profiles,gcroots}/per-container/${name}
        chattr +i ${STATE}/${name}/var/empty`);
    }
    host.units({
      [`${UNITS}/container@.service`]: UNIT(),
      [`${UNITS}/container@web.service`]: UNIT(),
      [`${UNITS}/container@stay.service`]: UNIT("X-StopOnRemoval=false"),
    });
    container.must(`
      systemctl start container@web container@stay
      systemctl set-property container@web.service CPUWeight=50`);
  });

  afterAll(() => {
    container?.run("chattr -R -i /var/lib/nixos-containers /var/lib/archive");
    container?.stop();
  });

  const left = (name: string) =>
    container
      .run(
        `ls -d ${STATE}/${name} /etc/nixos-containers/${name}.conf ${UNITS}.control/container@${name}.service.d \
          /nix/var/nix/{profiles,gcroots}/per-container/${name} 2> /dev/null`,
      )
      .stdout.split("\n")
      .filter(Boolean);

  it("is all but its unit, which NixOS stops, and its configuration", () => {
    // What switch-to-configuration does with a unit whose file goes, and the activation with /etc.
    container.must(`
      systemctl stop container@web.service
      rm ${UNITS}/container@web.service /etc/nixos-containers/web.conf
      systemctl reset-failed; systemctl daemon-reload`);
    expect(host.isActive("container@web.service")).toBe(false);
    expect(container.must("systemctl list-units --all --no-legend 'container@web*'")).toBe("");
    expect(left("web").sort()).toEqual([
      "/etc/systemd/system.control/container@web.service.d",
      "/nix/var/nix/gcroots/per-container/web",
      "/nix/var/nix/profiles/per-container/web",
      `${STATE}/web`,
    ]);
  });

  it("is an instance of the template where it was not to stop, then one without a unit", () => {
    const unit = "container@stay.service";
    container.must(`rm ${UNITS}/${unit}; systemctl daemon-reload`);
    expect(host.loaded(unit)).toBe("loaded active");
    container.must(`rm ${UNITS}/container@.service; systemctl daemon-reload`);
    expect(host.loaded(unit)).toBe("not-found active");
    container.must(`systemctl stop ${unit}`);
    expect(host.loaded(unit)).toBe("not-found inactive");
  });

  it("is nothing to the sweep, whatever the policy says", () => {
    host.build(1, { vms: ["fw"] });
    host.current(1);
    const files = () => container.must(`find ${STATE} /etc/systemd/system.control | sort`);
    const before = files();
    expect(before).toContain("container@web.service.d");
    const policy = { orphans: "stop-all", state: "archive" } as const;
    const { status, stdout, stderr } = host.sweep(1, "run", { policy });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(files()).toBe(before);
  });

  it("is a directory that rm empties but cannot remove, and that can be renamed", () => {
    const { status, stderr } = container.run(`rm -rf ${STATE}/web`);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `rm: cannot remove '${STATE}/web/var/empty': Operation not permitted\n`,
    });
    expect(container.must(`find ${STATE}/web`).trim().split("\n")).toEqual([
      `${STATE}/web`,
      `${STATE}/web/var`,
      `${STATE}/web/var/empty`,
    ]);
    container.must(`mkdir /var/lib/archive; mv ${STATE}/stay /var/lib/archive/`);
    container.must(`chattr -i ${STATE}/web/var/empty; rm -rf ${STATE}/web`);
  });
});
