import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SHOW = fileURLToPath(new URL("../../templates/microvm-sweep/show.bash", import.meta.url));
const show = (...words: string[]) =>
  spawnSync("bash", [SHOW, "--release=0.3.0", "--", ...words], { encoding: "utf8" });

/** What needs no host. */
describe("the part that shows", () => {
  it.each([
    [["explain"], "explain takes the name of one MicroVM; "],
    [["explain", "web", "db"], "explain takes the name of one MicroVM; "],
    [["plan", "web"], "plan takes no name: leave out web; "],
  ])("refuses %j", (words, message) => {
    const { status, stderr } = show(...words);
    expect(stderr).toContain(`microvm-sweep: error: ${message}`);
    expect(status).toBe(2);
  });

  it("does not say that there is nothing to do where it could not see what there is", () => {
    const { status, stdout } = show("plan", "--system=/nowhere");
    expect(stdout).toContain("error: /nowhere is not the toplevel of a NixOS generation");
    expect(stdout).not.toContain("nothing to do");
    expect(status).toBe(1);
  });
});
