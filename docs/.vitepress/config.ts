import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { defineConfig } from "vitepress";

const REPOSITORY = "https://github.com/microvm-sweep/microvm-sweep";

const START_PAGE = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The side bar has the lists of the start page, each below its bold title. */
const SIDEBAR = [...START_PAGE.matchAll(/^\*\*(.+)\*\*\n\n((?:- .+\n)+)/gmu)].map(
  ([, text = "", list = ""]) => ({
    text,
    items: [...list.matchAll(/^- \[(.+?)\]\((.+?)\)/gmu)].map(([, item = "", link = ""]) => ({
      text: item,
      link: `/${link.replace(".md", "")}`,
    })),
  }),
);

/** A link from a page to a file outside docs/, such as an example, as a link into the repository. */
function repositoryLink(page: string, href: string): string | undefined {
  if (/^([a-z]+:|#|\/)/u.test(href)) return undefined;
  const target = posix.normalize(posix.join("docs", posix.dirname(page), href));
  return target.startsWith("docs/") ? undefined : `${REPOSITORY}/blob/main/${target}`;
}

export default defineConfig({
  title: "microvm-sweep",
  description: "Removes what removed MicroVMs leave behind on a NixOS host",
  lang: "en",
  outDir: "../dist-docs",
  rewrites: { "README.md": "index.md" },
  // Relative links between pages work from any address that the site is put at.
  base: process.env["SITE_BASE"] ?? "/",
  head: [["meta", { name: "referrer", content: "no-referrer" }]],
  markdown: {
    // The usual themes have comments and keywords that are hard to read (WCAG 2.1, 1.4.3).
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(markdown) {
      markdown.core.ruler.push("repository-links", ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.type === "link_open" && token.attrGet("href");
          const link = href && repositoryLink(env.relativePath ?? "", href);
          if (link) token.attrSet("href", link);
        }
      });
    },
  },
  themeConfig: {
    sidebar: SIDEBAR,
    outline: [2, 3],
    // The side bar names sections too: its order is not one to read the pages in.
    docFooter: { prev: false, next: false },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    search: { provider: "local" },
    footer: { message: "MIT licensed" },
  },
});
