import { posix } from "node:path";
import { defineConfig } from "vitepress";

const REPOSITORY = "https://github.com/microvm-sweep/microvm-sweep";

/** The pages in the order in which a reader needs them, by what the reader wants. */
const SIDEBAR = [
  { text: "Learn", items: [{ text: "From nothing to a clean host", link: "/tutorial" }] },
  {
    text: "Do",
    items: [
      { text: "First switch", link: "/first-switch" },
      { text: "Fleets", link: "/fleets" },
      { text: "Service backend", link: "/service-backend" },
      { text: "Undo", link: "/undo" },
    ],
  },
  {
    text: "Look up",
    items: [
      { text: "Command line", link: "/command-line" },
      { text: "Manual pages", link: "/manual" },
      { text: "Policies", link: "/policies" },
      { text: "Module options", link: "/options" },
      { text: "Plan", link: "/plan" },
      { text: "Usage document", link: "/usage" },
      { text: "Diagnostics", link: "/diagnostics" },
    ],
  },
  {
    text: "Understand",
    items: [
      { text: "Why units stay behind", link: "/why" },
      { text: "Design", link: "/design" },
      { text: "Containers of NixOS", link: "/containers" },
    ],
  },
];

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
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    search: { provider: "local" },
    footer: { message: "MIT licensed" },
  },
});
