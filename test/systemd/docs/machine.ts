import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname } from "node:path";

const MOUNT = "/opt/machine";

/** A program of this machine inside a container: what systemd-nspawn mounts, and a script that starts it. */
export interface MachineProgram {
  readonly options: readonly string[];
  readonly script: string;
}

/**
 * Brings a program of this machine into a container with the libraries that it is linked with, which
 * need not be those of the container's Debian.
 */
export function machineProgram(name: string, path: string): MachineProgram {
  const { stdout } = spawnSync("ldd", [path], { encoding: "utf8" });
  const files = [...stdout.matchAll(/^\s(?:\S+ => )?(\/\S+) \(/gmu)].map(([, file = ""]) => file);
  const loader = files.find((file) => /\/ld[^/]*\.so/u.test(file));
  if (loader === undefined) throw new Error(`${path} is linked with nothing`);
  const directories = [...new Set(files.map((file) => dirname(realpathSync(file))))];
  const inside = `${MOUNT}/${name}`;
  const mounts = [
    [realpathSync(path), `${inside}/program`],
    [realpathSync(loader), `${inside}/loader`],
    ...directories.map((directory, index) => [directory, `${inside}/lib${index}`]),
  ];
  const libraries = directories.map((_, index) => `${inside}/lib${index}`).join(":");
  return {
    options: mounts.map(([from, to]) => `--bind-ro=${from}:${to}`),
    script: `#!/bin/sh\nexec ${inside}/loader --library-path ${libraries} ${inside}/program "$@"\n`,
  };
}
