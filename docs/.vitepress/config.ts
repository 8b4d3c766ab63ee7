import { posix } from "node:path";
import { defineConfig } from "vitepress";

const REPOSITORY = "https://github.com/microvm-sweep/microvm-sweep";

const OPTION_PREFIX = "services.microvm-sweep.";

/** The side bar: what a user asks for, in that order. The design is for maintainers, and not in it. */
const SIDEBAR = Object.entries({
  "Something is left": {
    "The template stays": "template-stays",
    "A removed VM runs on": "remove-a-vm#on-a-host-with-old-vms",
    "Why units stay behind": "why",
  },
  "Set up": {
    Install: "install",
    Policy: "policies",
    "The service backend": "service-backend",
  },
  "One VM": {
    "Remove a VM": "remove-a-vm",
    "Remove a VM for good": "remove-for-good",
    "Rename a VM": "rename",
    Undo: "undo",
  },
  "Many hosts": {
    Fleets: "fleets",
    "colmena, deploy-rs, clan": "deploy",
    "One report of all plans": "plan#one-page-for-many-hosts",
  },
  Reference: {
    "Command line": "command-line",
    "Manual pages": "manual",
    "Module options": "options",
    "The plan": "plan",
    "The usage document": "usage",
    "Diagnostic codes": "diagnostics",
  },
}).map(([text, entries]) => ({
  text,
  items: Object.entries(entries).map(([item, page]) => ({ text: item, link: `/${page}` })),
}));

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
  // The start page has doors in place of a list.
  transformPageData: ({ relativePath, frontmatter }) =>
    relativePath === "index.md"
      ? { frontmatter: { ...frontmatter, pageClass: "start", aside: false } }
      : {},
  // Relative links between pages work from any address that the site is put at.
  base: process.env["SITE_BASE"] ?? "/",
  head: [["meta", { name: "referrer", content: "no-referrer" }]],
  markdown: {
    // The usual themes have comments and keywords that are hard to read (WCAG 2.1, 1.4.3).
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config(markdown) {
      // Every option of the live module begins with the same words. The outline leaves them out.
      markdown.core.ruler.push("option-names", (state) => {
        for (const { type, children } of state.tokens) {
          const [first] = children ?? [];
          if (type !== "inline" || !first?.content.startsWith(OPTION_PREFIX)) continue;
          const prefix = new state.Token("html_inline", "", 0);
          prefix.content = `<span class="ignore-header">${OPTION_PREFIX}</span>`;
          first.content = first.content.slice(OPTION_PREFIX.length);
          children?.unshift(prefix);
        }
      });
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
