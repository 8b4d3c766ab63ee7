import { readFileSync } from "node:fs";
import { DEFAULT_POLICY, type Policy, policyArguments } from "../../src/policy/policy.ts";
import { declared, type Generation } from "./generation.ts";

export const PROGRAM = "/root/microvm-sweep.bash";
/** The command that the page puts on the host's PATH. */
export const COMMAND = "/root/sweep-microvms";
/** A directory with what the page gives the program: coreutils, findutils, util-linux, systemctl. */
export const TOOLS = "/opt/sweep";

/** How the program is started. */
export interface Start {
  readonly policy?: Partial<Policy>;
  readonly backend?: "activation" | "service";
  /** The systemctl that the program is given; by default it takes that on its PATH. */
  readonly systemctl?: string;
  readonly path?: string;
  /** More variables of its environment, for the commands that stand in for others. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the program's text, for instance to make a step fail. */
  readonly change?: (program: string) => string;
}

/** The text of the program. */
export function program({ change = (text) => text }: Start = {}): string {
  return change(
    readFileSync(new URL("../../templates/microvm-sweep.bash", import.meta.url), "utf8"),
  );
}

/** The command as the page has it, for a host that is to become a generation. */
export function command(generation: Generation, start: Start): string {
  const { path = TOOLS, environment = {} } = start;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quote(value)}`);
  // The program takes the place of this script, so $$ is its process and $PPID what started it.
  if (variables.length > 0) variables.push("FAULT_SNIPPET=$$", "FAULT_ACTIVATION=$PPID");
  const words = programWords(generation, start).map(quote).join(" ");
  return `#!/bin/bash -p
exec env -i PATH=${path} ${variables.join(" ")} /bin/bash ${PROGRAM} ${words} -- "$@"
`.replace("exec env", "exec /usr/bin/env");
}

function programWords(generation: Generation, start: Start): readonly string[] {
  const { policy = {}, backend, systemctl } = start;
  const { autostart = [], fileSystems = [], stateDir } = generation;
  const release = /^release=(.*)$/m.exec(program())?.[1] ?? "";
  return [
    `--release=${release}`,
    "--host=hyp-01",
    ...declared(generation).map((name) => `--vm=${name}`),
    ...[...autostart].sort().map((name) => `--autostart=${name}`),
    ...(stateDir === undefined ? [] : [`--state-dir=${stateDir}`]),
    ...fileSystems.map((path) => `--file-system=${path}`),
    ...(backend === "service" ? ["--backend=service"] : []),
    ...(systemctl === undefined ? [] : [`--systemctl=${systemctl}`]),
    ...policyArguments({ ...DEFAULT_POLICY, ...policy }),
  ];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
