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

/** Tests of one subject, for any systemd. */
export type Tests = (scene: Scene) => void;

/** Runs tests on every systemd, each on a host that is reset before it. */
export function onEverySystemd(title: string, tests: Tests): void {
  for (const suite of Object.values(SUITES)) onSystemd(suite, title, tests);
}

/** Runs tests on one systemd. */
export function onSystemd(suite: Suite, title: string, tests: Tests): void {
  allOnSystemd(suite, { [title]: tests });
}

/** Runs tests of several subjects on one systemd, all in one container. */
export function allOnSystemd(suite: Suite, subjects: Readonly<Record<string, Tests>>): void {
  describe.skipIf(requireContainer(suite))(`systemd ${suite.systemd}`, () => {
    let container: Container | undefined;
    let host: NixosHost | undefined;
    beforeAll(async () => {
      container = await Container.boot(suite);
      host = new NixosHost(container);
    });
    afterAll(() => container?.stop());
    beforeEach(() => host?.reset());
    const scene: Scene = {
      get host() {
        return there(host);
      },
      get container() {
        return there(container);
      },
    };
    for (const [subject, tests] of Object.entries(subjects)) describe(subject, () => tests(scene));
  });
}

function there<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error("the container is not booted yet");
  return thing;
}
