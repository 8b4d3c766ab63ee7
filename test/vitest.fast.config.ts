import { defineConfig, mergeConfig } from "vitest/config";
import all from "./vitest.config.ts";

/** What runs on any Linux with Node, Nix and Bash in under a minute: `npm run test:fast` (test/README.md). */
export default mergeConfig(
  all,
  defineConfig({
    test: {
      exclude: [
        // systemd in a container, as root.
        "test/systemd/**",
        // Shells, a browser and other tools that `npm run setup` installs.
        "test/ecosystem/**",
        "test/plan/browser.test.ts",
        "test/docs/{blocks,scenes,site}.test.ts",
        // Many runs of Nix, or of the whole command.
        "test/flake/**",
        "test/fleet/**",
        "test/cli/{arguments,flake,streams}.test.ts",
      ],
    },
  }),
);
