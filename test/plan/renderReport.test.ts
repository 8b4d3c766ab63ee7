import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/plan/model.ts";
import { renderReport } from "../../src/plan/renderReport.ts";
import { dropIn, FLEET, NOW, plan, vm } from "./plans.ts";

const render = (plans: readonly Plan[]) => renderReport(plans, NOW);

/** The texts of all elements that a pattern matches, without their tags. */
function texts(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, text = ""]) => text.replace(/<[^>]*>/g, "").trim());
}

const headline = (...plans: readonly Plan[]) => texts(render(plans), /<h1>(.*?)<\/h1>/g)[0];
const rowsOf = (html: string) => texts(html, /<th scope="row">(.*?)<\/th>/g);
const cardsOf = (html: string) => texts(html, /<span class="title">(.*?)<\/span>/g);

describe("the headline", () => {
  it("says what the next run stops, and on how many hosts it changes something", () => {
    expect(headline(...FLEET)).toBe("The next run stops 1 MicroVM and cleans up on 1 of 3 hosts");
  });

  it.each<[string, Partial<Plan>, string]>([
    ["nothing to do", {}, "The next run changes nothing on 1 host"],
    [
      "no stop",
      { reset: ["microvm@x.service"] },
      "The next run stops no MicroVM and cleans up on 1 host",
    ],
    ["only a reload", { reload: true }, "The next run stops no MicroVM and cleans up on 1 host"],
  ])("%s", (_, changes, expected) => {
    expect(headline(plan("a", changes))).toBe(expected);
  });
});

describe("a host", () => {
  const stateOf = (changes: Partial<Plan>) =>
    texts(render([plan("a", changes)]), /<span class="state">(.*?)<\/span>/g)[0];

  it.each<[string, Partial<Plan>]>([
    ["errors", { errors: ["e"], stop: ["x"], unseen: ["u"] }],
    ["changes", { remove: ["x"], unseen: ["u"] }],
    ["incomplete", { unseen: ["u"] }],
    ["clean", { notes: ["n"] }],
  ])("is in the state %s", (state, changes) => {
    expect(stateOf(changes)).toBe(state);
  });

  it("lists unit files that belong to no MicroVM, once", () => {
    const template = "/etc/systemd/system/microvm@.service";
    const files = [dropIn("x"), dropIn("", { path: template, vm: null })];
    const html = render([plan("a", { vms: [vm("x")], files })]);
    expect(texts(html, /<code>(\/etc.*?)<\/code>/g)).toEqual([dropIn("x").path, template]);
  });
});

it.each<[string, Partial<Plan>]>([
  ["stops it", { stop: ["x"] }],
  ["removes a file of it", { files: [dropIn("x")] }],
  ["resets a unit of it", { reset: ["microvm@x.service"] }],
])("marks a MicroVM as changed where a run %s, and no other", (_, changes) => {
  const html = render([plan("a", { vms: [vm("x"), vm("xx")], ...changes })]);
  const changed = [...html.matchAll(/<tr [^>]*data-name="(.*?)"[^>]* data-changes>/g)];
  expect(changed.map(([, name]) => name)).toEqual(["x"]);
});

it("shows first what asks most of a reader, and numbers in their order", () => {
  const html = render(FLEET);
  expect(rowsOf(html)).toEqual(["bar", "old", "scratch", "router", "fw", "db"]);
  expect(cardsOf(html)).toEqual(["edge", "hyp-2", "hyp-10"]);
});

describe("the dates", () => {
  const ageOf = (made: string) =>
    texts(render([plan("a", { made })]), /<span class="age.*?">(.*?)<\/span>/g)[0];

  it.each([
    ["2026-11-28T22:11:15Z", "just now"],
    ["2026-11-28T22:12:00Z", "just now"],
    ["2026-11-28T22:10:00Z", "2 minutes ago"],
    ["2026-11-28T19:11:00Z", "3 hours ago"],
    ["2026-11-27T19:11:00Z", "27 hours ago"],
    ["2026-11-26T19:11:00Z", "2 days ago"],
    ["2026-12-01T00:00:00Z", "in the future: check the clocks"],
  ])("%s is %s", (made, age) => {
    expect(ageOf(made)).toBe(age);
  });

  it("stand at the head: that of the report, and the oldest plan", () => {
    const [made] = texts(render(FLEET), /<p class="made">(.*?)<\/p>/g);
    expect(made).toBe("Report of 2026-11-28 22:11 UTC, oldest plan 3 days ago, of hyp-10");
    const [one] = texts(render([plan("a")]), /<p class="made">(.*?)<\/p>/g);
    expect(one).toBe("Report of 2026-11-28 22:11 UTC, plan made 3 hours ago");
  });

  it("mark a plan that is older than a day", () => {
    const old = [...render(FLEET).matchAll(/<span class="age old">(.*?)</g)];
    expect(old.map(([, age]) => age)).toEqual(["3 days ago"]);
  });
});

describe("the problems", () => {
  const problemsOf = (html: string) =>
    texts(/<section class="problems".*?<\/section>/s.exec(html)?.[0] ?? "", /<li>(.*?)<\/li>/g);

  it("are where the number of errors leads, each with its host", () => {
    const html = render([...FLEET, plan("lab", { unseen: ["the roots"] })]);
    expect(html).toContain('<dt>error</dt><dd><a href="#problems">1</a></dd>');
    expect(problemsOf(html)).toEqual([
      "edge systemd does not answer, so nothing is stopped or removed",
      "lab the roots",
    ]);
  });

  it("are not there where there are none", () => {
    const html = render([plan("a")]);
    expect(html).not.toContain("#problems");
    expect(html).toContain("<dt>errors</dt><dd>0</dd>");
  });
});

it("is the same whatever the order of the plans", () => {
  expect(render([...FLEET].reverse())).toBe(render(FLEET));
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
    const lists = { stop: all, remove: all, reset: all };
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
    const html = render([hostile]);
    expect(tags(html)).toEqual(tags(render([harmless])));
    expect(html).not.toMatch(/[\u0000\u001b\u202e]/);
  });
});

describe("the page", () => {
  const html = render(FLEET);

  it("names nothing outside", () => {
    // A hash in the policy may have two slashes.
    expect(html.replaceAll(/'sha256-.*?'/g, "")).not.toMatch(
      /https?:|\/\/\w|url\(|@import|\bfetch\b|src=/,
    );
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
