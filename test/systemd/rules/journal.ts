import { expect, it } from "vitest";
import type { Tests } from "../onSystemd.ts";
import { program } from "../program.ts";
import { removeBar } from "./removeBar.ts";

type Entry = Readonly<Record<string, string>>;

const BAR = "microvm@bar.service";

export const journal: Tests = (scene) => {
  const id = /^message_id=(\w+)$/m.exec(program("act"))?.[1] ?? "";

  /** The entries of runs after the first `before`, as the documented command finds them. */
  function entries(before: number): readonly Entry[] {
    const lines = scene.container
      .run(`journalctl --sync; journalctl --output=json MESSAGE_ID=${id}`)
      .stdout.split("\n")
      .filter(Boolean);
    return lines.slice(before).map((line) => JSON.parse(line) as Entry);
  }

  it("has one entry of a run that did something, and its fields say what", () => {
    const { host } = scene;
    removeBar(scene);
    host.start("fw", "bar");
    const dropIns = host.dropIn(BAR);
    const before = entries(0).length;
    host.sweep(2, "plan");
    expect(host.switch(2, { action: "dry-activate" }).status).toBe(0);
    expect(entries(before)).toEqual([]);
    expect(host.switch(2).status).toBe(0);
    expect(entries(before)).toMatchObject([
      {
        MICROVM_SWEEP_STOPPED: "bar",
        MICROVM_SWEEP_REMOVED: dropIns,
        MICROVM_SWEEP_LEFT: "",
        MICROVM_SWEEP_GENERATION: host.toplevel(2),
        SYSLOG_IDENTIFIER: "microvm-sweep",
        PRIORITY: "6",
      },
    ]);
    // A second run finds nothing to do.
    host.sweep(2, "run");
    expect(entries(before)).toHaveLength(1);
  });

  it("has what was really done, and what was to be done and was not", () => {
    const { host, container } = scene;
    host.build(1, { vms: ["fw", "bar", "baz", "tied"] });
    host.build(2, { vms: ["fw"] });
    host.current(1);
    host.units({
      "/run/systemd/system/my-companion.service":
        "[Unit]\nRequires=microvm@tied.service\nAfter=microvm@tied.service\n[Service]\nExecStart=/bin/sleep infinity\n",
    });
    host.start("bar", "baz", "tied");
    container.must("systemctl start my-companion.service");
    const [, gone = ""] = ["bar", "baz", "tied"].map((vm) => host.dropIn(`microvm@${vm}.service`));
    container.must("systemctl daemon-reload");
    const before = entries(0).length;
    // systemctl says that it has stopped bar too, and has not.
    const path = host.standIn(
      "systemctl",
      '[[ $1 != stop ]] || exec $real stop --quiet "microvm*@baz.service"; exec $real "$@"',
    );
    expect(host.switch(2, { path }).status).toBe(1);
    const [entry] = entries(before);
    expect(entry).toMatchObject({ MICROVM_SWEEP_STOPPED: "baz", MICROVM_SWEEP_REMOVED: gone });
    expect(entry?.["MICROVM_SWEEP_LEFT"]?.split(" ").sort()).toEqual(["bar", "tied"]);
  });
};
