import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { DEFAULT_POLICY, type Policy, policyArguments } from "../../src/policy/policy.ts";
import { declared, type Generation } from "./generation.ts";

/** The directory of the program on the host, as it lies beside a page. */
export const PROGRAM = "/root/microvm-sweep";
const TEMPLATES = new URL("../../templates/microvm-sweep/", import.meta.url);
/** The parts of the program: each is a file `PART.bash`. */
export const PARTS: readonly string[] = readdirSync(TEMPLATES).map((file) =>
  basename(file, ".bash"),
);
export type Part = string;
/** The command that the page puts on the host's PATH. */
export const COMMAND = "/root/sweep-microvms";
/** A directory with what the page gives the program: coreutils, findutils, util-linux, systemctl. */
export const TOOLS = "/opt/sweep";

/** What the page says of the policy, where it is not the default. */
export type HostPolicy = Partial<Policy>;

/** How the program is started. */
export interface Start {
  readonly policy?: HostPolicy;
  readonly backend?: "activation" | "service";
  readonly path?: string;
  /** More variables of its environment, for the commands that stand in for others. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the text of a part, for instance to make a step fail. */
  readonly change?: (program: string, part: string) => string;
}

/** The text of a part of the program. */
export function program(part: string, { change = (text) => text }: Start = {}): string {
  return change(readFileSync(new URL(`${part}.bash`, TEMPLATES), "utf8"), part);
}

/** The command as the page has it, for a host that is to become a generation. */
export function command(generation: Generation, start: Start): string {
  const { path = TOOLS, environment = {} } = start;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quote(value)}`);
  // What started this script.
  if (variables.length > 0) variables.push("FAULT_ACTIVATION=$PPID");
  const words = programWords(generation, start).map(quote).join(" ");
  return `#!/bin/bash -p
case "\${1-}" in
  activate | run) part=act ;;
  check) part=check ;;
  archive | delete) part=state ;;
  *) part=show ;;
esac
exec /usr/bin/env -i PATH=${path} ${variables.join(" ")} /bin/bash ${PROGRAM}/$part.bash ${words} -- "$@"
`;
}

function programWords(generation: Generation, start: Start): readonly string[] {
  const { policy = {}, backend } = start;
  const { autostart = [], stateDir } = generation;
  const release = /^release=(.*)$/m.exec(program("common"))?.[1] ?? "";
  return [
    `--release=${release}`,
    "--host=hyp-01",
    ...declared(generation).map((name) => `--vm=${name}`),
    ...[...autostart].sort().map((name) => `--autostart=${name}`),
    ...(stateDir === undefined ? [] : [`--state-dir=${stateDir}`]),
    ...(backend === "service" ? ["--backend=service"] : []),
    ...policyArguments({ ...DEFAULT_POLICY, ...policy }),
  ];
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
