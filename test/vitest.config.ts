import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Starts the tests on systemd first: each takes minutes, and one that starts last would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes("/test/systemd/");
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup/scratch.ts"],
    sequence: { sequencer: LongestFirst },
    // Much of a test on systemd is waiting, so there is more than one worker a core. Each may have a container and Nix.
    maxWorkers: Math.min(4, availableParallelism() + 1),
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
