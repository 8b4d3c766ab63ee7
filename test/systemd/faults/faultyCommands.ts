import type { Container } from "../container.ts";

/** What goes wrong in a run. Calls are counted from 1 over all external commands of the snippet. */
export interface Fault {
  /** SIGKILL to the snippet at this call; `halfway` is after the first operand of the command. */
  readonly kill?: { readonly when: "before" | "halfway" | "after"; readonly call: number };
  /** Whether the kill takes the activation script around the snippet too. */
  readonly whole?: boolean;
  /** Commands that do nothing and return 1: an extended regular expression on the command line. */
  readonly fail?: string;
  /** Commands that run and return 1 all the same. */
  readonly failLate?: string;
  /** Commands that do their work for the first operand alone, and return 1. */
  readonly failHalfway?: string;
}

export const FAULTY = "/opt/faults";
const LOG = "/root/faults.log";

/**
 * Stands in the place of every command. Written with builtins alone, so that it calls nothing that
 * is itself replaced. A line "call N" is logged before the command, "done N" after it.
 */
const STAND_IN = `#!/bin/bash
name=\${0##*/} line="\${0##*/} $*" call=1
real=/opt/activation/$name
[[ $name == systemctl ]] && real=/usr/bin/systemctl
while read -r word _; do [[ $word == call ]] && ((call += 1)); done < ${LOG}
printf 'call %s %s\\n' "$call" "$line" >> ${LOG}
strike() {
  [[ $FAULT_KILL == "$1 $call" ]] || return
  # The outer one first, so that it does not see the snippet fail.
  kill -KILL $FAULT_ACTIVATION "$FAULT_SNIPPET"
  exit 1
}
halfway() {
  local options=()
  while (($# > 1)) && [[ $1 != -- ]]; do options+=("$1"); shift; done
  "$real" "\${options[@]}" -- "$2"
  printf 'done %s %s\n' "$call" "$line" >> ${LOG}
}
strike before
[[ -n $FAULT_FAIL && $line =~ $FAULT_FAIL ]] && exit 1
if [[ $FAULT_KILL == "halfway $call" || (-n $FAULT_FAIL_HALFWAY && $line =~ $FAULT_FAIL_HALFWAY) ]]; then
  halfway "$@"
  strike halfway
  exit 1
fi
"$real" "$@"
status=$?
printf 'done %s %s\n' "$call" "$line" >> ${LOG}
strike after
[[ -n $FAULT_FAIL_LATE && $line =~ $FAULT_FAIL_LATE ]] && exit 1
exit "$status"
`;

/** Puts a stand-in beside each command that an activation script can call, and one for systemctl. */
export function installFaultyCommands(container: Container): void {
  container.must(`
    mkdir -p ${FAULTY}
    cat > ${FAULTY}/stand-in <<'END'
${STAND_IN}END
    chmod +x ${FAULTY}/stand-in
    for tool in $(ls /opt/activation) systemctl; do ln -sfn stand-in ${FAULTY}/"$tool"; done`);
}

/** Makes the snippet call the stand-ins, with one fault; the script around it calls the real commands. */
export function withFault(script: string, fault: Fault): string {
  if (!script.startsWith("(\n")) throw new Error("the snippet is no subshell");
  const settings = {
    PATH: FAULTY,
    FAULT_KILL: fault.kill ? `${fault.kill.when} ${fault.kill.call}` : "",
    FAULT_FAIL: fault.fail ?? "",
    FAULT_FAIL_LATE: fault.failLate ?? "",
    FAULT_FAIL_HALFWAY: fault.failHalfway ?? "",
  };
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'`);
  // In a subshell, $$ is still the shell around it.
  lines.push(`export FAULT_SNIPPET=$BASHPID FAULT_ACTIVATION=${fault.whole ? "$$" : ""}`);
  return `(\n${lines.join("\n")}\n: >> ${LOG}\n${script.slice(2)}`;
}

/** Forgets the calls made so far. */
export function clearCalls(container: Container): void {
  container.must(`: > ${LOG}`);
}

/** The command lines that ran to their end since `clearCalls`, in order, over all runs. */
export function finishedCalls(container: Container): readonly string[] {
  return container
    .must(`cat ${LOG}`)
    .split("\n")
    .filter((line) => line.startsWith("done "))
    .map((line) => line.replace(/^done \d+ /, ""));
}
