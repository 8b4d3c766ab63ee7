import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseHost } from "../../src/usage/chooseHost.ts";
import { readHosts } from "../../src/usage/readHosts.ts";
import { document } from "./documents.ts";

const formats = ["json", "json-lines", "nix-eval-jobs"] as const;

function read(bytes: Uint8Array, format: (typeof formats)[number]) {
  return chooseHost(readHosts([bytes], { file: "u", format, release: "1" }), "u");
}

/** Every path to a value of a document, the document itself left out. */
function paths(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...path, key]))];
}

function changed(
  path: readonly string[],
  change: (parent: Record<string, unknown>, key: string) => void,
): string {
  const value = JSON.parse(document());
  const parent = path.slice(0, -1).reduce((node, key) => node[key], value);
  change(parent, path.at(-1) ?? "");
  return JSON.stringify(value);
}

const somewhere = fc.constantFrom(
  ...paths(JSON.parse(document())).filter((path) => path.length > 0),
);
const encode = (text: string) => new TextEncoder().encode(text);

describe("any input", () => {
  it("gives a host or a fault, and never throws", async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: "binary" }).map(encode),
      fc.json().map(encode),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...formats), async (input, format) => {
        const { host, diagnostics } = await read(input, format);
        expect(host !== undefined || diagnostics.length > 0).toBe(true);
        expect(
          host === undefined || diagnostics.every(({ severity }) => severity === "warning"),
        ).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("that is a document cut off gives one fault of its syntax", async () => {
    const text = document();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: text.length - 1 }), async (length) => {
        const { diagnostics } = await read(encode(text.slice(0, length)), "json");
        expect(diagnostics.map(({ code }) => code)).toEqual(["MS1003"]);
      }),
    );
  });
});

describe("a change to a document without a fault", () => {
  it("of a type is a fault at that place", async () => {
    await fc.assert(
      fc.asyncProperty(somewhere, async (path) => {
        const text = changed(path, (parent, key) => {
          parent[key] = { odd: 1 };
        });
        const { diagnostics } = await read(encode(text), "json");
        const pointers = diagnostics.map(({ pointer }) => pointer);
        expect(pointers.some((pointer) => pointer.startsWith(`/${path.join("/")}`))).toBe(true);
      }),
    );
  });

  it("that adds a key is a fault at that key", async () => {
    const objects = somewhere.filter(
      (path) => /^(hyp-01|db|fw)$/.test(path.at(-1) ?? "") && path.length > 1,
    );
    await fc.assert(
      fc.asyncProperty(objects, async (path) => {
        const text = changed([...path, "odd"], (parent, key) => {
          parent[key] = 1;
        });
        const { diagnostics } = await read(encode(text), "json");
        expect(diagnostics.map(({ code, pointer }) => [code, pointer])).toEqual([
          ["MS1102", `/${path.join("/")}/odd`],
        ]);
      }),
    );
  });
});
