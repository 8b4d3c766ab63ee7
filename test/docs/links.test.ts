import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { PAGES, prose, ROOT } from "./pages.ts";

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...prose(page).matchAll(/^#+ (.*)$/gmu)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .replaceAll(/\[(.*?)\]\(.*?\)/gu, "$1")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** What is wrong with a link of a page; nothing where it leads somewhere. */
function brokenLink(page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return `${link}: no such file`;
  if (anchor !== undefined && !anchorsOf(target).has(anchor)) return `${link}: no such heading`;
  return undefined;
}

describe("the pages", () => {
  it.each(PAGES)("%s links to files and headings that exist", (page) => {
    const links = [...prose(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/gu)];
    const broken = links.map(([, link = ""]) => brokenLink(page, link)).filter(Boolean);
    expect(broken).toEqual([]);
  });
});
