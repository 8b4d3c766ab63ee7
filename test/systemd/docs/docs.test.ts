import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { blocksOf, PAGES } from "../../docs/pages.ts";
import { requireContainer, requireTool } from "../../support/require.ts";
import { SUITES } from "../root.ts";
import { DocumentedHost } from "./documentedHost.ts";
import { sceneOf } from "./scenes.ts";

const BLOCKS = PAGES.flatMap(blocksOf).flatMap((block) => {
  const scene = block.language === "sh host" ? sceneOf(block) : undefined;
  return scene === undefined ? [] : [[`${block.page}:${block.line}`, block.text, scene] as const];
});

// The suite with chattr in its root.
const suite = SUITES.oldest;

describe.skipIf(requireContainer(suite) ?? requireTool("git", "jq", "ldd"))(
  "the commands that need a host",
  () => {
    let docs: DocumentedHost;
    beforeAll(async () => {
      docs = await DocumentedHost.boot(suite);
    });
    afterAll(() => {
      docs?.container.run("chattr -R -i /var/lib/nixos-containers");
      docs?.container.stop();
    });
    beforeEach(() => docs.reset());

    it.each(BLOCKS)("at %s do what the page says", (_, text, scene) => {
      scene.prepare(docs);
      const shown = docs.shell(text);
      expect(shown.failed, shown.stderr).toEqual(scene.failed ?? []);
      scene.check(docs, shown);
    });
  },
);
