import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { requireContainer } from "../support/require.ts";
import { Container } from "./container.ts";
import { NixosHost } from "./nixosHost.ts";
import { SUITES, type Suite } from "./root.ts";

/** What a test works with; there once the tests run. */
export interface Scene {
  readonly host: NixosHost;
  readonly container: Container;
}

/** Runs tests of the sweep on every systemd, each on a host that is reset before every test. */
export function onEverySystemd(title: string, tests: (scene: Scene) => void): void {
  for (const suite of Object.values(SUITES)) onSystemd(suite, title, tests);
}

/** Runs tests of the sweep on one systemd. */
export function onSystemd(suite: Suite, title: string, tests: (scene: Scene) => void): void {
  describe.skipIf(requireContainer(suite))(`systemd ${suite.systemd}: ${title}`, () => {
    let container: Container | undefined;
    let host: NixosHost | undefined;
    beforeAll(async () => {
      container = await Container.boot(suite);
      host = new NixosHost(container);
    });
    afterAll(() => container?.stop());
    beforeEach(() => host?.reset());
    tests({
      get host() {
        return there(host);
      },
      get container() {
        return there(container);
      },
    });
  });
}

function there<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error("the container is not booted yet");
  return thing;
}
