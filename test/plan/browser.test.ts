import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { renderReport } from "../../src/plan/renderReport.ts";
import { Browser } from "../docs/browser.ts";
import { faintTexts } from "../support/contrast.ts";
import { requireTool } from "../support/require.ts";
import { dropIn, FLEET, NOW, plan, vm } from "./plans.ts";

/** A host on which everything is as long as it can be, and hostile. */
const LONGEST = plan(`host-${"x".repeat(64)}`, {
  generation: `/nix/store/${"g".repeat(240)}`,
  vms: [
    vm("n".repeat(219), { verdict: "unknown", evidence: "e".repeat(300) }),
    vm("</script><script>document.title='hacked'</script>", { verdict: "ghost" }),
    vm("'\"><img src='http://192.0.2.1/x' onerror='document.title=`hacked`'>", {
      verdict: "foreign",
    }),
  ],
  files: [dropIn("n".repeat(219)), dropIn("x", { path: `/${"p".repeat(300)}`, vm: null })],
  unseen: ["u".repeat(300)],
});

/** More rows than a browser lays out at once. */
const MANY = Array.from({ length: 20 }, (_host, number) =>
  plan(`hyp-${number}`, { vms: Array.from({ length: 30 }, (_vm, index) => vm(`vm-${index}`)) }),
);

const PAGES = { fleet: FLEET, longest: [LONGEST], nothing: [plan("empty")], many: MANY };

/** The keys that the tests press, as the protocol wants them. */
const KEYS: Readonly<Record<string, object>> = {
  Tab: { code: "Tab", windowsVirtualKeyCode: 9 },
  Enter: { code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  " ": { code: "Space", windowsVirtualKeyCode: 32, text: " " },
  Escape: { code: "Escape", windowsVirtualKeyCode: 27 },
  "/": { code: "Slash", windowsVirtualKeyCode: 191, text: "/" },
};

const requests = new Set<string>();
const directory = mkdtempSync(join(tmpdir(), "microvm-sweep-report-"));
let browser: Browser;

const skip = requireTool("chromium");

beforeAll(async () => {
  if (skip !== undefined) return;
  for (const [name, plans] of Object.entries(PAGES)) {
    writeFileSync(join(directory, `${name}.html`), renderReport(plans, NOW));
  }
  browser = await Browser.open();
  browser.on("Network.requestWillBeSent", ({ request }) => {
    requests.add((request as { url: string }).url);
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
});

const urlOf = (page: keyof typeof PAGES) => pathToFileURL(join(directory, `${page}.html`)).href;

async function open(url: string): Promise<void> {
  // A new address that differs in its hash alone loads nothing.
  await browser.visit("about:blank");
  await browser.visit(url);
}

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const { text = key, ...rest } = { ...KEYS[key] } as { text?: string };
    const typed = KEYS[key] === undefined || "text" in { ...KEYS[key] } ? { text } : {};
    await browser.send("Input.dispatchKeyEvent", { type: "keyDown", key, ...rest, ...typed });
    await browser.send("Input.dispatchKeyEvent", { type: "keyUp", key, ...rest });
  }
}

const type = (text: string) => press(...text);

/** Moves the focus with Tab until it is on an element that the selector matches. */
async function tabTo(selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    await press("Tab");
    const there = `document.activeElement.matches(${JSON.stringify(selector)})`;
    if (await browser.evaluate(there)) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
}

async function list(expression: string): Promise<string[]> {
  return (await browser.evaluate(`[...${expression}]`)) as string[];
}

const visible = (selector: string, value: string) =>
  list(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((e) => e.checkVisibility()).map((e) => ${value})`,
  );
const names = () => visible("tr[data-name]", "e.dataset.name");
const cards = () => visible(".card", "e.dataset.host");
const result = () => browser.evaluate("document.querySelector('output').value");

describe.skipIf(skip)("the report in a browser", () => {
  describe.each(Object.keys(PAGES) as (keyof typeof PAGES)[])("%s", (page) => {
    it.each([
      [390, "light"],
      [390, "dark"],
      [1280, "light"],
      [1280, "dark"],
    ] as const)("can be read at a width of %d, %s", async (width, scheme) => {
      const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 };
      await browser.send("Emulation.setDeviceMetricsOverride", metrics);
      const features = [{ name: "prefers-color-scheme", value: scheme }];
      await browser.send("Emulation.setEmulatedMedia", { features });
      await open(urlOf(page));
      await browser.evaluate(
        "for (const one of document.querySelectorAll('details')) one.open = true",
      );
      const overflow =
        "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      expect(await browser.evaluate(overflow)).toBe(0);
      const { faint, looked } = (await browser.evaluate(faintTexts("body"))) as {
        faint: string[];
        looked: number;
      };
      expect(faint).toEqual([]);
      expect(looked).toBeGreaterThan(20);
      const background = await browser.evaluate("getComputedStyle(document.body).backgroundColor");
      expect(background).toBe(scheme === "dark" ? "rgb(15, 18, 22)" : "rgb(246, 247, 249)");
    });
  });

  it("runs nothing that a host has put into a name", async () => {
    await open(urlOf("longest"));
    expect(await browser.evaluate("document.title")).toBe("MicroVM plan: 1 host, 3 MicroVMs");
    expect(await browser.evaluate("document.scripts.length + document.images.length")).toBe(1);
  });

  describe("the filter", () => {
    beforeEach(async () => {
      const metrics = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };
      await browser.send("Emulation.setDeviceMetricsOverride", metrics);
      await open(urlOf("fleet"));
    });

    it("shows everything at first", async () => {
      expect(await names()).toEqual(["bar", "old", "scratch", "router", "fw", "db"]);
      expect(await cards()).toEqual(["edge", "hyp-2", "hyp-10"]);
      expect(await result()).toBe("6 MicroVMs on 3 hosts");
    });

    it("searches for words in all that is said of a MicroVM, from the key / on", async () => {
      await press("/");
      await type("STOPPED drop");
      expect([await names(), await result()]).toEqual([[], "0 of 6 MicroVMs on 0 hosts"]);
      expect(await visible("#nothing", "e.id")).toEqual(["nothing"]);
      await press("Escape");
      expect((await names()).length).toBe(6);
      await type("system.control old");
      expect([await names(), await cards()]).toEqual([["old"], ["hyp-2"]]);
    });

    it("finds a host by what only its card says", async () => {
      await press("/");
      await type("does not answer");
      expect([await names(), await cards()]).toEqual([[], ["edge"]]);
    });

    it("chooses verdicts with Tab and Space, and counts what each would show", async () => {
      await press("/");
      await type("hyp-2");
      await tabTo("[value=orphan]");
      await press(" ");
      expect([await names(), await cards()]).toEqual([["bar"], ["hyp-2"]]);
      const counts = await list(
        "[...document.querySelectorAll('[data-count]')].map((e) => e.parentElement.textContent)",
      );
      expect(counts).toEqual(["orphan 1", "leftover 1", "imperative 0", "live 1"]);
      await tabTo("#clear");
      await press("Enter");
      await browser.evaluate("new Promise((resolve) => setTimeout(resolve, 50))");
      expect([await result(), await browser.evaluate("document.activeElement.name")]).toEqual([
        "6 MicroVMs on 3 hosts",
        "q",
      ]);
    });

    it("shows only what a run changes", async () => {
      await tabTo("[name=changes]");
      await press(" ");
      expect([await names(), await cards()]).toEqual([["bar", "old"], ["hyp-2"]]);
    });

    it("has the hosts in their order, and shows one", async () => {
      expect(
        await list("[...document.querySelector('[name=host]').options].map((e) => e.value)"),
      ).toEqual(["", "edge", "hyp-2", "hyp-10"]);
      await tabTo("[name=host]");
      await type("e");
      expect([await names(), await cards()]).toEqual([["router"], ["edge"]]);
    });

    it("is in the address, so that a reload shows the same", async () => {
      await press("/");
      await type("fw");
      await tabTo("[value=live]");
      await press(" ");
      const address = String(await browser.evaluate("location.href"));
      expect(address).toBe(`${urlOf("fleet")}#?q=fw&verdict=live`);
      await open(address);
      expect([await names(), await result()]).toEqual([["fw"], "1 of 6 MicroVMs on 1 host"]);
      expect(await browser.evaluate("document.querySelector('[value=live]').checked")).toBe(true);
    });
  });

  describe("the table", () => {
    beforeEach(() => open(urlOf("fleet")));

    const order = () =>
      list(
        "[...document.querySelectorAll('[aria-sort]')].map((e) => e.dataset.sort + ' ' + e.ariaSort)",
      );

    it("is sorted by verdict, and by Enter on the head of a column, up and down", async () => {
      expect(await order()).toEqual(["verdict ascending"]);
      await tabTo("[data-sort=host] button");
      await press("Enter");
      expect(await order()).toEqual(["host ascending"]);
      expect(await names()).toEqual(["router", "bar", "old", "fw", "scratch", "db"]);
      await press("Enter");
      expect(await order()).toEqual(["host descending"]);
      expect(await names()).toEqual(["scratch", "db", "bar", "old", "fw", "router"]);
    });

    it("has what runs first, where it is sorted by that", async () => {
      await tabTo("[data-sort=active] button");
      await press("Enter");
      expect((await names()).slice(-2)).toEqual(["old", "scratch"]);
      expect(await order()).toEqual(["active descending"]);
    });

    /** Sorts by a column, and counts what the document tells of it: a record for each move of rows. */
    const movesOf = (sort: string) =>
      browser.evaluate(`new Promise((resolve) => {
        const body = document.querySelector("tbody");
        new MutationObserver((moves) => resolve(moves.length)).observe(body, { childList: true });
        document.querySelector("[data-sort=${sort}] button").click();
        setTimeout(() => resolve(0), 1000);
      })`);

    it("moves all rows at once, because one after the other takes seconds where they are many", async () => {
      await open(urlOf("many"));
      expect(await movesOf("name")).toBeLessThanOrEqual(2);
      const sorted = await list(
        "[...document.querySelectorAll('tr[data-name]')].map((e) => e.dataset.name + ' ' + e.dataset.host)",
      );
      expect(sorted.length).toBe(600);
      expect([sorted[1], sorted[20], sorted.at(-1)]).toEqual([
        "vm-0 hyp-1",
        "vm-1 hyp-0",
        "vm-29 hyp-19",
      ]);
    });

    it.each([390, 1280])(
      "lays out of many rows only those that are seen, %d wide",
      async (width) => {
        const laidOut = "e.checkVisibility({ contentVisibilityAuto: true })";
        const count = (page: keyof typeof PAGES) =>
          open(urlOf(page))
            .then(() => browser.evaluate("new Promise((resolve) => setTimeout(resolve, 200))"))
            .then(() => list(`[...document.querySelectorAll("tbody th")].map((e) => ${laidOut})`));
        const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 };
        await browser.send("Emulation.setDeviceMetricsOverride", metrics);
        const many = await count("many");
        expect(many.length).toBe(600);
        expect(many.filter(Boolean).length).toBeLessThan(100);
        expect((await count("fleet")).filter(Boolean).length).toBe(6);
      },
    );

    it("keeps its sentence where there is nothing to sort", async () => {
      await open(urlOf("nothing"));
      await browser.evaluate("document.querySelector('[data-sort=host] button').click()");
      expect(await visible("tbody td", "e.textContent")).toEqual([
        "No host has a MicroVM, or anything left of one.",
      ]);
      expect(await visible("legend, .meanings", "e.textContent")).toEqual([]);
    });

    it("leads from a host to its card, and opens it", async () => {
      await tabTo("tr[data-name=bar] a");
      await press("Enter");
      expect(await visible(".card[open]", "e.dataset.host")).toEqual(["edge", "hyp-2"]);
      expect(await browser.evaluate("document.activeElement.parentElement.dataset.host")).toBe(
        "hyp-2",
      );
    });
  });

  it("ends the badges of a phone where their rows end", async () => {
    const metrics = { width: 390, height: 900, deviceScaleFactor: 1, mobile: true };
    await browser.send("Emulation.setDeviceMetricsOverride", metrics);
    await open(urlOf("fleet"));
    const end = (selector: string) =>
      visible(`tr[data-name] ${selector}`, "Math.round(e.getBoundingClientRect().right)");
    const badges = await end(".badge");
    expect(badges.length).toBe(6);
    expect(badges).toEqual(await end(".does"));
  });

  it("says what each verdict means to whoever has keys only, without a pointer", async () => {
    await open(urlOf("fleet"));
    expect(await visible(".meanings dd", "e.textContent")).toEqual([]);
    await tabTo(".meanings summary");
    await press("Enter");
    const meanings = await visible(".meanings dl div", "e.innerText.replace(/\\s+/g, ' ')");
    expect(meanings).toEqual([
      "orphan this switch removes it",
      "leftover removed earlier, and does not run",
      "imperative made by hand",
      "live declared",
    ]);
  });

  it.each([390, 1280])("says what everything is at a width of %d", async (width) => {
    const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 };
    await browser.send("Emulation.setDeviceMetricsOverride", metrics);
    await open(urlOf("fleet"));
    await browser.send("Accessibility.enable");
    const { nodes } = (await browser.send("Accessibility.getFullAXTree")) as {
      nodes: { ignored: boolean; role?: { value: string }; name?: { value: string } }[];
    };
    const seen = nodes.filter(({ ignored }) => !ignored);
    const withRole = (...roles: string[]) =>
      seen.filter(({ role }) => roles.includes(role?.value ?? ""));
    const nameless = withRole(
      "button",
      "searchbox",
      "combobox",
      "checkbox",
      "link",
      "table",
      "image",
    )
      .filter(({ name }) => (name?.value ?? "").trim() === "")
      .map(({ role }) => role?.value);
    expect(nameless).toEqual([]);
    expect(withRole("searchbox").map(({ name }) => name?.value)).toEqual(["Search"]);
    // A phone has cards for rows; they are a table still.
    expect(withRole("rowheader").map(({ name }) => name?.value)).toContain("bar");
    expect(withRole("cell").length).toBeGreaterThanOrEqual(6 * 4);
  });

  it("shows all without JavaScript, and no filter that does nothing", async () => {
    await browser.send("Emulation.setScriptExecutionDisabled", { value: true });
    await browser.visit(urlOf("fleet"));
    await browser.send("Emulation.setScriptExecutionDisabled", { value: false });
    expect((await names()).length).toBe(6);
    expect(await visible("form, thead button, #all", "e.id")).toEqual([]);
  });

  it("asks nothing of any machine", () => {
    expect([...requests].filter((url) => !url.startsWith("file:"))).toEqual([]);
    expect(requests.size).toBeGreaterThan(2);
  });
});
