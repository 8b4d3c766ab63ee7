import { expect, it } from "vitest";
import { onEverySystemd } from "../onSystemd.ts";
import { program } from "../program.ts";
import { removeBar } from "./removeBar.ts";

type Entry = Readonly<Record<string, string>>;

onEverySystemd("the journal", (scene) => {
  const id = /^message_id=(\w+)$/m.exec(program())?.[1] ?? "";

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
    const dropIns = host.dropIn("microvm@bar.service");
    const before = entries(0).length;
    host.sweep(2, "plan");
    expect(entries(before)).toEqual([]);
    expect(host.switch(2, { action: "dry-activate" }).status).toBe(0);
    expect(entries(before)).toEqual([]);
    expect(host.switch(2).status).toBe(0);
    const found = entries(before);
    expect(found).toMatchObject([
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

  it("names what still runs although nothing declares it", () => {
    const { host } = scene;
    host.build(1, { vms: ["fw", "old"] });
    host.build(2, { vms: ["fw", "bar"] });
    host.build(3, { vms: ["fw"] });
    host.current(2);
    for (const name of ["fw", "old", "bar"]) host.state(name);
    host.start("fw", "old", "bar");
    const before = entries(0).length;
    host.switch(3);
    expect(entries(before)).toMatchObject([
      { MICROVM_SWEEP_STOPPED: "bar", MICROVM_SWEEP_LEFT: "old" },
    ]);
  });
});
