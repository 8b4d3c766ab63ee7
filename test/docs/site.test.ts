import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "./browser.ts";
import { ROOT } from "./pages.ts";

const SITE = join(ROOT, "dist-docs");
const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Serves the site on this machine. */
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
  const file = join(SITE, path.endsWith("/") ? `${path}index.html` : path);
  const exists = existsSync(file);
  response.writeHead(exists ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "text/plain" });
  response.end(exists ? readFileSync(file) : "");
});

const PAGES = readdirSync(join(ROOT, "docs"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => (file === "README.md" ? "index.html" : file.replace(/\.md$/u, ".html")));

/**
 * In the page: texts whose contrast with what is behind them is below what WCAG 2.1 asks for (1.4.3), the
 * width that the page needs, and where its links lead.
 */
const INSPECT = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = color.map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(channels(getComputedStyle(e).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.querySelector(".vp-doc"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    const shown = walker.currentNode.data.trim() !== "" && element.getClientRects().length > 0;
    if (!shown || style.opacity === "0" || style.visibility === "hidden") continue;
    const below = behind(element);
    const values = [luminance(over(channels(style.color), below)), luminance(below)].sort((a, b) => b - a);
    const ratio = (values[0] + 0.05) / (values[1] + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) faint.add(walker.currentNode.data.trim() + " " + ratio.toFixed(2));
  }
  return {
    faint: [...faint],
    dark: document.documentElement.classList.contains("dark"),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    cut: [...document.querySelectorAll(".vp-doc table, .vp-doc [class*=language-] pre")]
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => box.textContent.slice(0, 80)),
    links: [...document.querySelectorAll("a[href]")].map((a) => a.href),
    ids: [...document.querySelectorAll("[id]")].map((e) => e.id),
  };
})()`;

/** In the page: colours change at once, and the layout is done. */
const SETTLE = `new Promise((resolve) => {
  const style = document.createElement("style");
  style.textContent = "* { transition: none !important }";
  document.head.append(style);
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)), 100);
})`;

interface Inspection {
  readonly faint: string[];
  readonly dark: boolean;
  readonly overflow: number;
  /** Tables and blocks of code that do not fit into the column. */
  readonly cut: string[];
  readonly links: string[];
  readonly ids: string[];
}

// The browser comes with `npm run setup`; without it, only the build is tested.
const BROWSER = spawnSync("chromium", ["--version"]).status === 0;
const requests = new Set<string>();
let browser: Browser;
let origin = "";

beforeAll(async () => {
  const own = existsSync(join(ROOT, "docs/node_modules"));
  const args = own ? ["--prefix", "docs", "run", "build"] : ["run", "docs"];
  const { status, stderr } = spawnSync("npm", args, { cwd: ROOT, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  if (!BROWSER) return;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await Browser.open();
  browser.on("Network.requestWillBeSent", ({ request }) => {
    requests.add((request as { url: string }).url);
  });
});

afterAll(async () => {
  await browser?.close();
  server.close();
});

async function show(width: number, scheme: string): Promise<Inspection> {
  const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 };
  await browser.send("Emulation.setDeviceMetricsOverride", metrics);
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  await browser.send("Emulation.setEmulatedMedia", { features });
  await browser.evaluate(SETTLE);
  return (await browser.evaluate(INSPECT)) as Inspection;
}

it("has every page of a user in its side bar, and not the design", () => {
  const html = readFileSync(join(SITE, "index.html"), "utf8");
  const links = [...html.matchAll(/<a class="VPLink link link" href="\/([^"#]+)(?:#[^"]*)?"/gu)];
  const pages = PAGES.filter((page) => !["index.html", "design.html"].includes(page));
  expect([...new Set(links.map(([, page]) => page))].sort()).toEqual(pages.sort());
});

it("has every page", () => {
  expect(PAGES.filter((page) => !existsSync(join(SITE, page)))).toEqual([]);
});

describe.runIf(BROWSER)("in a browser", () => {
  const links = new Map<string, string[]>();
  const ids = new Map<string, string[]>();

  it.each(PAGES)("%s can be read on a phone and a desk, light and dark", async (page) => {
    await browser.visit(`${origin}/${page}`);
    for (const width of [390, 1280]) {
      for (const scheme of ["light", "dark"]) {
        const { faint, dark, overflow, cut, ...rest } = await show(width, scheme);
        expect({ faint, dark, overflow }).toEqual({
          faint: [],
          dark: scheme === "dark",
          overflow: 0,
        });
        // A phone scrolls them.
        if (width === 1280) expect(cut).toEqual([]);
        links.set(page, rest.links);
        ids.set(page, rest.ids);
      }
    }
  });

  it("links to pages and headings that exist", () => {
    const broken = [...links].flatMap(([page, hrefs]) =>
      hrefs.filter((href) => {
        if (!href.startsWith(`${origin}/`)) return false;
        const { pathname, hash } = new URL(href);
        const target = pathname === "/" ? "index.html" : pathname.slice(1);
        const known = ids.get(target);
        const there =
          known !== undefined && (hash === "" || known.includes(decodeURIComponent(hash.slice(1))));
        return !there && `${page}: ${href}`;
      }),
    );
    expect(broken).toEqual([]);
  });

  it("asks nothing of any other machine", () => {
    expect(
      [...requests].filter((url) => !url.startsWith(origin) && !url.startsWith("data:")),
    ).toEqual([]);
    expect(requests.size).toBeGreaterThan(PAGES.length);
  });
});
