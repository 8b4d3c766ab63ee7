import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/model.ts";
import { renderReport } from "../../src/report/renderReport.ts";
import { dropIn, FLEET, plan, vm } from "./plans.ts";

/** The texts of all elements that a pattern matches, without their tags. */
function texts(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, text = ""]) => text.replace(/<[^>]*>/g, "").trim());
}

const headline = (...plans: readonly Plan[]) => texts(renderReport(plans), /<h1>(.*?)<\/h1>/g)[0];
const rowsOf = (html: string) => texts(html, /<th scope="row">(.*?)<\/th>/g);
const cardsOf = (html: string) => texts(html, /<span class="title">(.*?)<\/span>/g);

describe("the headline", () => {
  it("says what the next run stops, and on how many hosts it changes something", () => {
    expect(headline(...FLEET)).toBe("The next run stops 1 MicroVM and cleans up on 1 of 3 hosts");
  });

  it.each<[string, Partial<Plan>, string]>([
    ["nothing to do", {}, "The next run changes nothing on 1 host"],
    ["no stop", { roots: ["booted-x"] }, "The next run stops no MicroVM and cleans up on 1 host"],
    ["only a reload", { reload: true }, "The next run stops no MicroVM and cleans up on 1 host"],
  ])("%s", (_, changes, expected) => {
    expect(headline(plan("a", changes))).toBe(expected);
  });
});

describe("a host", () => {
  const stateOf = (changes: Partial<Plan>) =>
    texts(renderReport([plan("a", changes)]), /<span class="state">(.*?)<\/span>/g)[0];

  it.each<[string, Partial<Plan>]>([
    ["errors", { errors: ["e"], stop: ["x"], unseen: ["u"] }],
    ["changes", { state: ["x"], unseen: ["u"] }],
    ["incomplete", { unseen: ["u"] }],
    ["clean", { notes: ["n"] }],
  ])("is in the state %s", (state, changes) => {
    expect(stateOf(changes)).toBe(state);
  });

  it("lists unit files that belong to no MicroVM, once", () => {
    const template = "/etc/systemd/system/microvm@.service";
    const files = [dropIn("x"), dropIn("", { path: template, vm: null })];
    const html = renderReport([plan("a", { vms: [vm("x")], files })]);
    expect(texts(html, /<code>(\/etc.*?)<\/code>/g)).toEqual([dropIn("x").path, template]);
  });
});

it.each<[string, Partial<Plan>]>([
  ["stops it", { stop: ["x"] }],
  ["removes a file of it", { files: [dropIn("x")] }],
  ["resets a unit of it", { reset: ["microvm@x.service"] }],
  ["moves its state", { state: ["/var/lib/microvms/x"] }],
])("marks a MicroVM as changed where a run %s, and no other", (_, changes) => {
  const html = renderReport([plan("a", { vms: [vm("x"), vm("xx")], ...changes })]);
  const changed = [...html.matchAll(/<tr [^>]*data-name="(.*?)"[^>]* data-changes>/g)];
  expect(changed.map(([, name]) => name)).toEqual(["x"]);
});

it("shows first what asks most of a reader, and numbers in their order", () => {
  const html = renderReport(FLEET);
  expect(rowsOf(html)).toEqual(["bar", "old", "scratch", "router", "fw", "db"]);
  expect(cardsOf(html)).toEqual(["edge", "hyp-2", "hyp-10"]);
});

it("is the same whatever the order of the plans", () => {
  expect(renderReport([...FLEET].reverse())).toBe(renderReport(FLEET));
});

describe("a text from a host", () => {
  const HOSTILE = [
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    `"><b onclick='x'>`,
    "' autofocus onfocus=x '",
    "{{policy}}",
    "a\u202egnp.exe\u0000\u001b[31m",
  ];

  it.each(HOSTILE)("is text everywhere: %j", (text) => {
    const all = [text];
    const lists = { stop: all, remove: all, reset: all, roots: all, state: all };
    const hostile = plan(text, {
      ...lists,
      release: text,
      generation: text,
      vms: [vm(text, { evidence: text, happens: text })],
      files: [dropIn(text, { path: text, reason: text }), dropIn("", { path: text, vm: null })],
      notes: all,
      errors: all,
      unseen: all,
    });
    const harmless = JSON.parse(JSON.stringify(hostile).replaceAll(JSON.stringify(text), '"name"'));
    // Tags with their attributes, without the values of those.
    const tags = (html: string) =>
      html.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
    const html = renderReport([hostile]);
    expect(tags(html)).toEqual(tags(renderReport([harmless])));
    expect(html).not.toMatch(/[\u0000\u001b\u202e]/);
  });
});

describe("the page", () => {
  const html = renderReport(FLEET);

  it("names nothing outside", () => {
    expect(html).not.toMatch(/https?:|\/\/\w|url\(|@import|\bfetch\b|src=/);
  });

  it("allows its own style and script by their hashes, and nothing else", () => {
    const policy = /http-equiv="Content-Security-Policy" content="(.*?)"/.exec(html)?.[1];
    const hash = "'sha256-[A-Za-z0-9+/]{43}='";
    expect(policy).toMatch(
      new RegExp(
        `^default-src 'none'; style-src ${hash}; script-src ${hash}; base-uri 'none'; form-action 'none'$`,
      ),
    );
  });

  it("has style and script to the byte, and neither ends early", () => {
    for (const [file, tag] of [
      ["report.css", "style"],
      ["report.js", "script"],
    ] as const) {
      const text = readFileSync(new URL(`../../templates/${file}`, import.meta.url), "utf8");
      expect(html).toContain(`<${tag}>${text}</${tag}>`);
      expect(text.toLowerCase()).not.toContain(`</${tag}`);
    }
  });
});
