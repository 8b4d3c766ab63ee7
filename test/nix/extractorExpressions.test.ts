// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Nix has the same syntax
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentExpression, hostLineExpression } from "../../src/nix/extractorExpressions.ts";
import type { UsageDocument } from "../../src/usage/model.ts";
import { requireTool } from "../support/require.ts";
import { documentErrors, lineErrors } from "../usage/shapeErrors.ts";
import { evalFlake, evalNix } from "./evalNix.ts";

const MEMBERS = fileURLToPath(new URL("extractMembers.nix", import.meta.url));

/** Names that have to come through Nix's quoting as they are. */
const ODD_NAMES = [
  "hyp-01",
  "a b",
  'q"q',
  "${throw x}",
  "back\\slash",
  "line\nbreak",
  "''",
  "ü",
  "or",
];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "microvm-sweep-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe.skipIf(requireTool("nix-instantiate"))("documentExpression", () => {
  it("makes a document of all configurations", () => {
    const { status, stderr, value } = evalNix(`(${documentExpression()}) (import ${MEMBERS})`);
    expect(status, stderr).toBe(0);
    expect(documentErrors(value)).toEqual([]);
    const { hosts } = value as UsageDocument;
    const { nested } = hosts;
    expect(nested).toMatchObject({ role: "host", hostModule: "enabled" });
    expect(Object.keys(hosts)).toContain("stateDirPath");
  });

  it("makes one of a single configuration, whatever its name, and evaluates no other", () => {
    const names = join(directory, "names.json");
    writeFileSync(names, JSON.stringify(ODD_NAMES));
    const cases = ODD_NAMES.map((name, index) => {
      const member = `{ name = builtins.elemAt names ${index}; value = members.disabled; }`;
      const trap = '{ name = "trap"; value = throw "another host was evaluated"; }';
      const all = `builtins.listToAttrs [ ${member} ${trap} ]`;
      return `"${index}" = {
        document = (${documentExpression({ host: name })}) (${all});
        line = (${hostLineExpression(name)}) (${all});
      };`;
    });
    const { status, stderr, value } = evalNix(
      `let
        members = import ${MEMBERS};
        names = builtins.fromJSON (builtins.readFile ${names});
      in { ${cases.join("\n")} }`,
    );
    expect(status, stderr).toBe(0);
    const results = value as Record<string, { document: UsageDocument; line: unknown }>;
    ODD_NAMES.forEach((name, index) => {
      const { document, line } = results[index] ?? {};
      expect(Object.keys(document?.hosts ?? {})).toEqual([name]);
      expect(lineErrors(line)).toEqual([]);
      expect(line).toEqual({ schemaVersion: 1, host: name, ...document?.hosts[name] });
    });
  });

  it("fails where there is no such configuration", () => {
    const { status, stderr } = evalNix(`(${documentExpression({ host: "hpy" })}) { hyp = 1; }`);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/attribute 'hpy' missing/u);
  });

  it("names the configuration that fails, also where only a small value of it does", () => {
    const broken = "members.enabled // { config = members.enabled.config // { nixpkgs = 1; }; }";
    const { status, stderr } = evalNix(
      `let members = import ${MEMBERS}; in (${documentExpression()}) { good = members.enabled; hyp-02 = ${broken}; }`,
      "--show-trace",
    );
    expect(status).not.toBe(0);
    const place = "while extracting the microvm.nix usage of NixOS configuration";
    expect(stderr).toContain(`${place} 'hyp-02'`);
    expect(stderr).not.toContain(`${place} 'good'`);
  });
});

describe.skipIf(requireTool("nix"))("with flakes", () => {
  beforeAll(() => {
    writeFileSync(
      join(directory, "flake.nix"),
      `{
  outputs = { self }:
    let members = import ./members.nix;
    in {
      nixosConfigurations = {
        inherit (members) nested vms;
        "hyp 01" = members.enabled // {
          config = members.enabled.config // {
            microvm = members.enabled.config.microvm // { stateDir = ./state; };
          };
        };
        broken = throw "this host is broken";
      };
    };
}
`,
    );
    copyFileSync(MEMBERS, join(directory, "members.nix"));
  });

  it("reads one host in pure evaluation, where a path stays in the flake's source", () => {
    const expression = documentExpression({ host: "hyp 01" });
    const { status, stderr, value } = evalFlake(directory, expression);
    expect(status, stderr).toBe(0);
    expect(documentErrors(value)).toEqual([]);
    const { hosts } = value as UsageDocument;
    expect(hosts["hyp 01"]?.stateDir).toMatch(/^\/nix\/store\/[^/]+-source\/state$/u);
  });

  it("fails on the whole flake, with Nix's own words and the host's name", () => {
    const { status, stderr } = evalFlake(directory, documentExpression(), "--show-trace");
    expect(status).not.toBe(0);
    expect(stderr).toContain("this host is broken");
    expect(stderr).toContain("NixOS configuration 'broken'");
  });

  it("reads a line for JSON Lines", () => {
    const { status, stderr, value } = evalFlake(directory, hostLineExpression("nested"));
    expect(status, stderr).toBe(0);
    expect(lineErrors(value)).toEqual([]);
    expect(value).toMatchObject({ schemaVersion: 1, host: "nested", role: "host" });
  });
});
