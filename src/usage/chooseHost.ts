import { type Diagnostic, isError } from "../diagnostics/diagnostic.ts";
import { describeValue, didYouMean } from "../diagnostics/wording.ts";
import { type Fault, LIMITS, sortAndLimit } from "../json/fault.ts";
import { isGuest } from "./declared.ts";
import type { Host } from "./model.ts";
import type { ReadHost } from "./readHosts.ts";

/** The wanted host, and all diagnostics. The host is missing where one of them is an error. */
export interface ChosenHost {
  readonly host?: { readonly name: string; readonly host: Host };
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Takes one host of those that are read: the wanted one, or the only one that is not a guest. It reads
 * all of them, because an error elsewhere, or a second line of the name, makes the input doubtful. It
 * keeps their names and the host itself, so that memory does not grow with the MicroVMs of a fleet.
 *
 * @param file name of the input as the user gave it
 * @returns all diagnostics, sorted by place
 */
export async function chooseHost(
  hosts: AsyncIterable<ReadHost>,
  file: string,
  wanted?: string,
): Promise<ChosenHost> {
  const choice = new Choice(file, wanted);
  for await (const read of hosts) {
    choice.add(read);
    if (choice.diagnostics.length >= LIMITS.faults) break;
  }
  return choice.result();
}

class Choice {
  readonly diagnostics: Diagnostic[] = [];
  readonly #file: string;
  readonly #wanted: string | undefined;
  /** The line of each host. */
  readonly #lines = new Map<string, number>();
  readonly #candidates: string[] = [];
  #chosen: ReadHost | undefined;
  #last: ReadHost | undefined;
  /** Whether something had no readable name. The wanted host may be there. */
  #hasUnnamed = false;

  constructor(file: string, wanted: string | undefined) {
    this.#file = file;
    this.#wanted = wanted;
  }

  add(read: ReadHost): void {
    const { name, host, line, isEvaluationError } = read;
    this.#last = read;
    // Nix could not evaluate another host: that says nothing of the wanted one.
    const isOthers = isEvaluationError === true && name !== undefined && name !== this.#wanted;
    if (!isOthers || this.#wanted === undefined) this.diagnostics.push(...read.diagnostics);
    if (name === undefined) {
      this.#hasUnnamed = true;
      return;
    }
    const first = this.#lines.get(name);
    if (first !== undefined) this.diagnostics.push(secondLine(name, this.#file, first, line));
    this.#lines.set(name, first ?? line);
    if (host === undefined) return;
    if (this.#wanted === undefined ? isGuest(host) : name !== this.#wanted) return;
    this.#candidates.push(name);
    this.#chosen ??= read;
  }

  result(): ChosenHost {
    const { diagnostics } = this;
    diagnostics.push(...(diagnostics.some(isError) ? this.#unknown() : this.#choiceFaults()));
    const { name, host } = this.#chosen ?? {};
    const isChosen = name !== undefined && host !== undefined && !diagnostics.some(isError);
    const sorted = sortAndLimit(diagnostics, this.#file);
    return isChosen ? { host: { name, host }, diagnostics: sorted } : { diagnostics: sorted };
  }

  /** Reports that the input does not have the wanted host, where that is certain. */
  #unknown(): readonly Diagnostic[] {
    const [wanted, names] = [this.#wanted, [...this.#lines.keys()]];
    if (wanted === undefined || this.#hasUnnamed || this.#lines.has(wanted)) return [];
    const message = `the document has no host ${describeValue(wanted)}`;
    return this.#place({ code: "MS1201", ...HOSTS, message, hint: didYouMean(wanted, names) });
  }

  #choiceFaults(): readonly Diagnostic[] {
    const unknown = this.#unknown();
    if (unknown.length > 0) return unknown;
    if (this.#chosen === undefined) {
      const message = `all hosts of the document are MicroVMs: ${list([...this.#lines.keys()])}`;
      return this.#place({ code: "MS1202", ...HOSTS, message, hint: NAME_ONE });
    }
    if (this.#candidates.length > 1) {
      const message = `the document has several hosts: ${list(this.#candidates)}`;
      return this.#place({ code: "MS1203", ...HOSTS, message, hint: NAME_ONE });
    }
    return guestDiagnostics(this.#chosen);
  }

  /** Only a document has a place that is about all hosts. */
  #place(fault: Fault): readonly Diagnostic[] {
    const places = this.#last?.locate([fault]) ?? [];
    if (places[0]?.position !== undefined) return places;
    const { code, message, hint = "" } = fault;
    return [{ code, severity: "error", file: this.#file, pointer: "", message, hint }];
  }
}

const HOSTS = { pointer: "/hosts", at: "value" } as const;
const NAME_ONE = "name one with --host";

/**
 * Reports a wanted host that is itself a MicroVM. It is an error where it cannot run any, and a warning
 * where it has the host module as well.
 */
function guestDiagnostics({ name, host, at, locate }: ReadHost): readonly Diagnostic[] {
  if (host === undefined || !isGuest(host)) return [];
  const isHostToo = host.hostModule !== "absent";
  const fault = {
    code: "MS1204",
    severity: isHostToo ? "warning" : "error",
    pointer: `${at}/role`,
    at: "value",
    message: `${describeValue(name)} is itself a MicroVM${isHostToo ? "" : ", and runs none"}`,
    hint: "name the host that runs it",
  } as const;
  return locate([fault]);
}

/** Reports a host that two lines of an input have, at the second of them. */
export function secondLine(name: string, file: string, first: number, second: number): Diagnostic {
  const place = (line: number) => ({ pointer: "/host", position: { line, column: 1 } });
  return {
    code: "MS1207",
    severity: "error",
    file,
    ...place(second),
    message: `two lines have the host ${describeValue(name)}`,
    hint: "remove one of the two",
    related: [{ ...place(first), message: "the first one is here" }],
  };
}

/** Lists enough names in a message to recognise the document. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(describeValue);
  return names.length > shown.length ? `${shown.join(", ")}, …` : shown.join(", ");
}
