import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseFlakeReference } from "../../src/cli/options.ts";
import { EXIT, Failure } from "../../src/diagnostics/failure.ts";
import { requireNixVersion, runNix } from "../../src/nix/evaluateFlake.ts";
import { fakeNix } from "../cli/support/fakeNix.ts";
import { temporary } from "../cli/support/temporary.ts";

const path = process.env["PATH"] ?? "";
afterEach(() => {
  process.env["PATH"] = path;
});

function use(body: string, version?: string): void {
  const bin = fakeNix(temporary(), body, version).env.PATH.split(delimiter)[0] ?? "";
  process.env["PATH"] = [bin, path].join(delimiter);
}

describe("runNix", () => {
  it("gives standard output back and hands standard error on, byte for byte", async () => {
    use("printf '\\377out'; printf '\\376err' >&2");
    const errors: Uint8Array[] = [];
    const { succeeded, output } = await runNix(["eval"], (chunk) => errors.push(chunk));
    expect(succeeded).toBe(true);
    expect([...Buffer.concat(output)]).toEqual([0xff, ...Buffer.from("out")]);
    expect([...Buffer.concat(errors)]).toEqual([0xfe, ...Buffer.from("err")]);
  });

  it("says that a command line is too long for the system", async () => {
    use("exit 0");
    const failure = await runNix(["x".repeat(1 << 20)], () => {}).catch((error) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      exitCode: EXIT.command,
      diagnostics: [{ code: "MS3103", message: "nix cannot be run: its command line is too long" }],
    });
  });

  it("says that nix may not be run", async () => {
    use("exit 0");
    chmodSync(join(process.env["PATH"]?.split(delimiter)[0] ?? "", "nix"), 0o644);
    process.env["PATH"] = process.env["PATH"]?.split(delimiter)[0];
    const failure = await runNix(["eval"], () => {}).catch((error) => error);
    expect(failure).toMatchObject({
      diagnostics: [{ code: "MS3103", message: "nix cannot be run: permission denied" }],
    });
  });

  it("says how nix ended", async () => {
    use("exit 4");
    expect(await runNix(["eval"], () => {})).toMatchObject({
      succeeded: false,
      ending: "exit status 4",
    });
    use("kill -TERM $$");
    expect(await runNix(["eval"], () => {})).toMatchObject({
      succeeded: false,
      ending: "ended by SIGTERM",
    });
  });

  it("leaves no handler of signals behind", async () => {
    const before = process.listenerCount("SIGINT");
    use("exit 0");
    await runNix(["eval"], () => {});
    process.env["PATH"] = "/nonexistent";
    await expect(runNix(["eval"], () => {})).rejects.toBeInstanceOf(Failure);
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("gives nix nothing to read", async () => {
    use("cat");
    expect((await runNix(["eval"], () => {})).output).toEqual([]);
  });
});

describe("requireNixVersion", () => {
  it("names the version it refuses and the oldest it takes", async () => {
    use("", "nix (Nix) 2.7.0");
    await expect(requireNixVersion()).rejects.toThrow(
      "Nix 2.7.0 is too old: 2.8 or newer is needed",
    );
  });
});

describe("parseFlakeReference", () => {
  it.each([
    [".", { flake: "." }],
    [".#", { flake: "." }],
    [".#a", { flake: ".", fragment: "a" }],
    ["#a", { flake: "", fragment: "a" }],
    ["git+https://h/r?ref=x#a.b", { flake: "git+https://h/r?ref=x", fragment: "a.b" }],
    [".#a#b", { flake: ".", fragment: "a#b" }],
    [".#a%20b", { flake: ".", fragment: "a b" }],
    [".#100%", { flake: ".", fragment: "100%" }],
  ])("%s", (reference, parts) => {
    expect(parseFlakeReference(reference)).toEqual(parts);
  });
});
